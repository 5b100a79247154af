# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	g1 --- vif --+
#	             bridge (dom0)
#	g2 --- vif --+
#
# For scripts/bench: how many packets a run of a lane moves, while TCP takes each
# path. The kernel counts what the functions return; nothing else is measured
# meanwhile, for that costs as much as a packet. The distribution's driver has
# such a function for guest Tx only. The results are comments "batch DRIVER PATH
# LANE PACKETS RUNS".
#
# in: bench
# needs: our-driver

readonly MIB=${BENCH_MIB:-100}
readonly TRACE=/sys/kernel/debug/tracing

# lanes DRIVER: name and function
lanes()
{
	if [ "$1" = stock ]; then
		echo tx xenvif_tx_action
	else
		echo tx netbk_tx_round
		echo rx netbk_rx_round
	fi
}

# count_returns DRIVER
count_returns()
{
	lanes "$1" | while read -r lane function; do
		echo "r:netback/$lane $function packets=\$retval:s32" \
			>>$TRACE/kprobe_events || return
		echo hist:keys=packets >$TRACE/events/netback/"$lane"/trigger ||
			return
	done
}

# A trigger goes before its probe, and that before the module it is in.
forget_returns()
{
	lanes "$1" | while read -r lane _; do
		echo '!hist:keys=packets' \
			>$TRACE/events/netback/"$lane"/trigger
		echo "-:netback/$lane" >>$TRACE/kprobe_events
	done
}

# tell DRIVER PATH
tell()
{
	lanes "$1" | while read -r lane _; do
		sed -n 's/.*packets: *\([0-9][0-9]*\).*hitcount: *\([0-9][0-9]*\).*/\1 \2/p' \
			$TRACE/events/netback/"$lane"/hist |
			while read -r packets runs; do
				result "# batch $1 $2 $lane $packets $runs"
			done
	done
}

# batches DRIVER PATH END COMMAND
batches()
{
	local status

	count_returns "$1" || return
	at "$3" "$4 >/dev/null" 300
	status=$?
	tell "$1" "$2"
	forget_returns "$1"
	return $status
}

# under DRIVER MODULE PARAMETER...
under()
{
	local driver=$1 module=$2 address=10.0.0.11

	shift 2
	check "load-$driver-$ROUND" \
		"driver $driver, round $ROUND: it is swapped below the guests" \
		sh /lab/live-update "$module" "$@" &&
		check "g1-answers-$driver-$ROUND" \
			"driver $driver, round $ROUND: g1 answers" \
			guest_reached g1 &&
		check "g2-answers-$driver-$ROUND" \
			"driver $driver, round $ROUND: g2 answers" \
			guest_reached g2 || return
	check "to-guest-$driver-$ROUND" \
		"driver $driver, round $ROUND: batches from dom0 to a guest are counted" \
		batches "$driver" \
		dom0-to-guest dom0 "iperf3 -c $address -n ${MIB}M"
	check "from-guest-$driver-$ROUND" \
		"driver $driver, round $ROUND: batches from a guest to dom0 are counted" \
		batches "$driver" \
		guest-to-dom0 dom0 "iperf3 -R -c $address -n ${MIB}M"
	check "between-guests-$driver-$ROUND" \
		"driver $driver, round $ROUND: batches between guests are counted" \
		batches "$driver" \
		guest-to-guest g2 "iperf3 -c $address -n ${MIB}M"
}

reload_netback max_queues=1
check guests-start "two guests: they start" start_guests 2 || return
check cpus-pinned "domains: their CPUs are pinned" place_domains
at g1 "iperf3 -s -D"
each_driver under
