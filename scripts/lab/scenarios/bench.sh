# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	g1 --- vif --+
#	             bridge (dom0)
#	g2 --- vif --+
#
# For scripts/bench: TCP on each path, through the distribution's driver and
# through ours in both modes, one after the other below the same guests. A window
# of the counter is open while iperf3 runs. The results are comments "bench
# DRIVER PATH MIB FROM-GUESTS TO-GUESTS": packets in the window.

readonly MIB=${BENCH_MIB:-100}

packets()
{
	cat /sys/class/net/vif*/statistics/"$1"_packets |
		awk '{ sum += $1 } END { print sum }'
}

# window DRIVER PATH END COMMAND: the marks are made where iperf3 runs, so
# that the way there is not counted.
window()
{
	local from to

	from=$(packets rx)
	to=$(packets tx)
	at "$3" "probe mark 0; $4 >/dev/null; status=\$?; probe mark 1
		exit \$status" 300 || return
	result "# bench $1 $2 $MIB $(($(packets rx) - from)) $(($(packets tx) - to))"
}

measure_driver()
{
	local address=10.0.0.11

	check "$1: dom0 to guest" window "$1" dom0-to-guest dom0 \
		"iperf3 -c $address -n ${MIB}M"
	check "$1: guest to dom0" window "$1" guest-to-dom0 dom0 \
		"iperf3 -R -c $address -n ${MIB}M"
	check "$1: guest to guest" window "$1" guest-to-guest g2 \
		"iperf3 -c $address -n ${MIB}M"
}

# under DRIVER MODULE PARAMETER...: the driver below the running guests
under()
{
	local driver=$1 module=$2

	shift 2
	check "$driver loaded" sh /lab/live-update "$module" "$@" &&
		check "$driver: guests answer" wait_until 30 "g1 and g2 answer" \
			both_answer || return
	tell_modules "$driver"
	# The first stream finds caches cold and windows small.
	at dom0 "iperf3 -c 10.0.0.11 -n 10M" >/dev/null
	at g2 "iperf3 -c 10.0.0.11 -n 10M" >/dev/null
	measure_driver "$driver"
}

both_answer()
{
	answers_ping 10.0.0.11 && answers_ping 10.0.0.12
}

driver_has_groups || die "the bench wants our module"
reload_netback max_queues=1
check "guests start" start_guests 2 || return
at g1 "iperf3 -s -D"
each_driver under
