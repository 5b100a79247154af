# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# For scripts/bench/profile and shared: the scenario PROFILE (bench, packets,
# sparse, echo or scaling), and for each driver where functions of modules are: comments
# "module ADDRESS NAME [MODULE]" below a comment "bench-load DRIVER". A module has
# other addresses each time it is loaded.
#
# in: bench
# needs: our-driver

# A line takes its time on the serial port.
case ${PROFILE:-bench} in
scaling | echo) readonly MODULES='xen_netback|xen_netback_front' ;;
*) readonly MODULES='xen_netback|xen_netfront|bridge|pktgen' ;;
esac

tell_modules()
{
	report "# bench-load $1"
	awk -v modules="^\\\\[($MODULES)\\\\]\$" '
		$2 ~ /^[tT]$/ && $4 ~ modules { print "# module", $1, $3, $4 }
		' /proc/kallsyms | while read -r line; do
		report "$line"
	done
}

# shellcheck disable=SC1090 # one of five
. "/lab/scenarios/${PROFILE:-bench}.sh"
