# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	g1 --- 32 vifs --- dom0, an address on each but the bridge on the first
#
# For scripts/bench: a datagram of 60 bytes from dom0 and its answer, through the
# distribution's driver and ours in both modes, one after the other below the
# same guest. The results are comments "answers DRIVER CASE PACKETS MEDIAN P99
# LONGEST LOST": packets on the vifs, and ns to an answer.
#
# in: bench
# needs: our-driver

readonly VIFS=${BENCH_VIFS:-32}
readonly PORT=7

# ask DRIVER CASE ROUNDS ADDRESS...
ask()
{
	local driver=$1 case=$2 rounds=$3 times

	shift 3
	times=$(probe ask $PORT "$rounds" "$@") || return
	result "# answers $driver $case $((2 * rounds * $#)) $times"
}

ask_beside_stream()
{
	local status

	iperf3 -c 10.0.0.11 -t 1000 >/dev/null 2>&1 &
	ask "$1" loaded 500 10.0.0.11
	status=$?
	kill $!
	wait $!
	return $status
}

under()
{
	local driver=$1 module=$2

	shift 2
	check "load-$driver-$ROUND" \
		"driver $driver, round $ROUND: it is swapped below the guest" \
		sh /lab/live-update "$module" "$@" &&
		check "answer-$driver-$ROUND" \
			"driver $driver, round $ROUND: the guest answers on all vifs" \
			wait_until 60 \
			"all vifs answer" all_answer || return
	tell_modules "$driver"
	check "one-$driver-$ROUND" \
		"driver $driver, round $ROUND: answers on one vif are timed" \
		ask "$driver" one 1000 10.0.0.11
	check "loaded-$driver-$ROUND" \
		"driver $driver, round $ROUND: answers beside a stream are timed" \
		ask_beside_stream "$driver"
	# shellcheck disable=SC2046 # a word each
	check "all-$driver-$ROUND" \
		"driver $driver, round $ROUND: answers on all vifs are timed" \
		ask "$driver" "all-$VIFS" 100 $(addresses "$VIFS")
}

reload_netback max_queues=1
check guest-starts "guest with $VIFS vifs: it starts" \
	start_guest g1 11 "$VIFS" memory=320 || return
check cpus-pinned "domains: their CPUs are pinned" place_domains
guest g1 "probe echo $PORT >/dev/null 2>&1 &"
each_driver under
