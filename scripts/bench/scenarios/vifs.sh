# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	g1 --- 64 vifs --- dom0, an address on each but the bridge on the first
#
# For scripts/bench: what a vif costs that has nothing to do, and TCP on 1, 4, 16
# and 64 vifs at a time, through the distribution's driver and ours in both
# modes. The results are comments "idle DRIVER VIFS KIB THREADS" and those of
# window.
#
# in: bench
# needs: our-driver

readonly VIFS=${BENCH_VIFS:-64}
readonly WINDOW_US=500000
readonly PORT=7
# The guest's other server has the usual one on every address.
readonly IPERF=5202

# ---- idle ----------------------------------------------------------------

free_kib()
{
	awk '$1 == "MemFree:" { print $2 }' /proc/meminfo
}

# Some memory comes back a while after it was given up.
settled()
{
	local before=$free

	echo 3 >/proc/sys/vm/drop_caches
	free=$(free_kib)
	[ "$free" -le $((before + 64)) ]
}

settled_free_kib()
{
	local free=0

	wait_until 20 "memory given up is free" settled >&2 || return
	echo "$free"
}

unbind_all()
{
	local vif

	for vif in $(bound_vifs); do
		# shellcheck disable=SC2153 # a constant of the lab
		echo "$vif" >"$DRIVER/unbind" || return
	done
	[ -z "$(bound_vifs)" ]
}

bind_all()
{
	local vif

	for vif in $(all_vifs); do
		bind_vif "$vif" || return
	done
	wait_until 60 "all vifs answer" all_answer
}

# measure_idle DRIVER: memory is what comes free with the vifs.
measure_idle()
{
	local with without with_threads

	with=$(settled_free_kib) || return
	with_threads=$(backend_pids | wc -l)
	unbind_all && without=$(settled_free_kib) || return
	result "# idle $1 $VIFS $((without - with))" \
		"$((with_threads - $(backend_pids | wc -l)))"
	bind_all
}

# ---- load ----------------------------------------------------------------

# The first so many.
vifs_of_guest()
{
	local handle

	for handle in $(seq 0 $(($1 - 1))); do
		echo "vif$(guest_id g1).$handle"
	done
}

# load DRIVER CASE VIFS OPTION...: streams on that many vifs at a time; how they
# begin and end is not counted.
load()
{
	local driver=$1 case=$2 number=$3 pids='' address status

	shift 3
	# shellcheck disable=SC2046 # a word each
	note_bytes $(vifs_of_guest "$number")
	for address in $(addresses "$number"); do
		iperf3 -i 0 -c "$address" -p $IPERF -t 1000 "$@" \
			>/dev/null 2>&1 &
		pids="$pids $!"
	done
	wait_until 60 "all streams flow" all_flow 1000000 &&
		window "$driver" "$case-$number" $WINDOW_US 1
	status=$?
	# shellcheck disable=SC2086 # one process a word
	kill -9 $pids
	wait
	return $status
}

# under DRIVER MODULE PARAMETER...
under()
{
	local driver=$1 module=$2 number

	shift 2
	check "load-$driver-$ROUND" \
		"driver $driver, round $ROUND: it is swapped below the guest" \
		sh /lab/live-update "$module" "$@" &&
		check "answer-$driver-$ROUND" \
			"driver $driver, round $ROUND: the guest answers on all vifs" \
			wait_until 60 \
			"all vifs answer" all_answer || return
	check "idle-$driver-$ROUND" \
		"driver $driver, round $ROUND: what $VIFS idle vifs take is counted" \
		measure_idle "$driver"
	for number in 1 4 16 $VIFS; do
		check "to-guest-$number-$driver-$ROUND" \
			"driver $driver, round $ROUND: streams to the guest on $number vifs are counted" \
			load "$driver" to-guest "$number"
		check "from-guest-$number-$driver-$ROUND" \
			"driver $driver, round $ROUND: streams from the guest on $number vifs are counted" \
			load "$driver" from-guest "$number" -R
	done
}

reload_netback max_queues=1
check guest-starts "guest with $VIFS vifs: it starts" \
	start_guest g1 11 "$VIFS" memory=$((128 + 10 * VIFS)) || return
check cpus-pinned "domains: their CPUs are pinned" place_domains
guest g1 "probe echo $PORT >/dev/null 2>&1 &
	for h in \$(seq 0 $((VIFS - 1))); do
		iperf3 -s -D -B 10.\$h.0.11 -p $IPERF
	done"
each_driver under
