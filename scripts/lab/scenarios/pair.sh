# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	g1 --- vif --+
#	             bridge (dom0)
#	g2 --- vif --+
#
# The test of any pair of kernels, for scripts/matrix: two guests of two queues
# each, verified traffic on every path, through the distribution's driver and
# ours in both worker modes; then the driver is swapped below running guests. A
# driver that is part of the kernel is tested in the mode that it was booted in.
#
# in: matrix

# parameters_are NAME=VALUE...
parameters_are()
{
	local parameter now

	for parameter; do
		now=$(cat "/sys/module/xen_netback/parameters/${parameter%%=*}")
		case $now in
		Y) now=1 ;;
		N) now=0 ;;
		esac
		[ "$now" = "${parameter#*=}" ] || {
			echo "$parameter was asked for, it is $now"
			return 1
		}
	done
}

flows_everywhere()
{
	local from to

	for from in g1 g2 dom0; do
		for to in g1 g2 dom0; do
			[ "$from" != "$to" ] || continue
			flows "$from" "$to" || return
		done
	done
}

both_have_queues()
{
	local count

	count=$(find /sys/class/net/vif*/queues/ -name 'tx-*' | wc -l)
	[ "$count" -eq 4 ] && return
	echo "$count queues of two guests, expected 4"
	return 1
}

# serve_pair DRIVER: which is loaded.
serve_pair()
{
	check "guests-$1" "driver $1: two guests start on a bridge" \
		start_guests 2 || {
		destroy_guests
		return
	}
	check "queues-$1" "driver $1: each guest has two queues" both_have_queues
	check "flows-$1" "driver $1: verified traffic passes on every path" \
		flows_everywhere
}

# with_module DRIVER MODULE PARAMETER...
with_module()
{
	local driver=$1 module=$2

	shift 2
	check "load-$driver" "driver $driver: the module loads" \
		load_module "$module" "$@"
	serve_pair "$driver"
	[ "$driver" = stock ] ||
		check "parameters-$driver" \
			"driver $driver: parameters are as given" \
			parameters_are "$@"
}

load_module()
{
	unload_netback && insmod "$@"
}

end_pair()
{
	destroy_guests
	check "unload-$1" "driver $1: the module unloads" unload_netback
	check "quiet-log-$1" "driver $1: nothing at warning level is in the log" \
		quiet_log
}

if is_built_in; then
	# shellcheck disable=SC2086 # one parameter a word
	check parameters-builtin \
		"driver builtin: parameters are as given on the command line" \
		parameters_are $NETBACK_PARAMS
	serve_pair "built in"
	check quiet-log-builtin \
		"driver builtin: nothing at warning level is in the log" \
		quiet_log
	return
fi
with_module stock /lab/stock.ko max_queues=2
end_pair stock
with_module tasklets "$NETBACK" max_queues=2 netback_kthread=0 groups=2
end_pair tasklets
with_module threads "$NETBACK" max_queues=2 netback_kthread=1 groups=2
check threads-swapped \
	"driver threads: it is swapped for tasklets below the guests" \
	live_update \
	max_queues=2 netback_kthread=0
check threads-swapped-flows \
	"driver threads, swapped for tasklets: verified traffic passes on every path" \
	flows_everywhere
end_pair threads
