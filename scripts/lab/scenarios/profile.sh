# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# For scripts/bench/profile: the scenario PROFILE (bench, packets or sparse), and
# for each driver where its functions are: comments "module ADDRESS NAME" below a
# comment "bench-load DRIVER". A module has other addresses each time it is
# loaded.

tell_modules()
{
	report "# bench-load $1"
	awk '$2 ~ /^[tT]$/ && $4 ~ /^\[(xen_netback|xen_netfront|bridge|pktgen)\]$/ {
			print "# module", $1, $3
		}' /proc/kallsyms | while read -r line; do
		report "$line"
	done
}

# shellcheck disable=SC1090 # one of three
. "/lab/scenarios/${PROFILE:-bench}.sh"
