# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	dom0 --- vif0.1 (netback) --- test frontend, all of it in dom0
#
# For scripts/bench: datagrams that a small frontend returns to their sender, with 1,
# 32 and 800 under way. The frontend has one queue with one event channel and without
# scatter-gather, and posts its requests again as they are answered; it does not ask
# for events of Rx requests (feature-rx-notify). The distribution's driver and ours in
# both modes, in turn. The results are comments "echo DRIVER SIZE-WINDOW PACKETS
# MICROSECONDS LOST SWITCHES": SIZE is that of the frame.
#
# in: bench
# needs: front our-driver

readonly PORT=7
readonly UNDER_WAY="${BENCH_UNDER_WAY:-1 32 800}"
readonly SIZES="${BENCH_SIZES:-60 1514}"
# Answers in a window.
readonly ANSWERS=${BENCH_ANSWERS:-3000}

switches()
{
	awk '$1 == "ctxt" { print $2 }' /proc/stat
}

# turn DRIVER SIZE WINDOW: a frame is 42 bytes longer than its datagram.
turn()
{
	local before answers

	before=$(switches)
	answers=$(probe turn $PORT "$ANSWERS" "$3" $(($2 - 42)) 10.1.0.11) || return
	result "# echo $1 $2-$3 $ANSWERS $answers $(($(switches) - before))"
}

small_frontend()
{
	front_create 1 feature-sg=0 feature-rx-notify=0 && front_connect 1 &&
		front_do "echo 0"
}

no_error()
{
	front_log >/dev/null
	front_do "calm 0" && front_log | grep "^echo 0 .* refused 0"
}

# under DRIVER MODULE PARAMETER...
under()
{
	local driver=$1 id=$1-$ROUND text="driver $1, round $ROUND" size window

	shift
	unload_netback
	check "load-$id" "$text: it loads" insmod "$@" &&
		check "connect-$id" "$text: the frontend connects" \
			small_frontend || return
	tell_modules "$driver"
	for size in $SIZES; do
		for window in $UNDER_WAY; do
			check "turn-$size-$window-$id" \
				"$text: $ANSWERS answers of $size bytes come back, with $window under way" \
				turn "$driver" "$size" "$window"
		done
	done
	check "calm-$id" "$text: the frontend ends, and has had no error" no_error
	check "removed-$id" "$text: the vif is removed" front_remove
}

check module-loads "test frontend: the module loads" front_load
check cpus-pinned "domains: their CPUs are pinned" place_domains
each_driver under
