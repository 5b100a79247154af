# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	N test frontends --- vif0.1 to vif0.N (netback), all of it in dom0
#
# For scripts/bench: what packets cost when 1, 2, 4 ... CPUs are at work, each of
# them for a vif of its own: its frontend, its events and what serves it are on
# one CPU. As many groups, or pairs of the other driver's threads, as vifs. The
# results are comments "packets DRIVER busy-N PACKETS PACKETS SWITCHES", and
# "speed DRIVER N PACKETS MICROSECONDS", both in a window.
#
# in: bench
# needs: front our-driver

readonly WINDOW_US=${BENCH_WINDOW_US:-200000}

numbers()
{
	local number=1

	while [ $number -le "$(nproc)" ]; do
		echo $number
		number=$((2 * number))
	done
}

# vif0.N and its frontend have the CPU N - 1, and so have the threads that serve
# it; with groups these are bound already.
place_vif()
{
	local mask

	mask=$(printf %x $((1 << ($1 - 1))))
	pin_irqs "vif0\\.$1-q" "$mask" && pin_irqs "vif-$1-q" "$mask" || return
	grep -l "^vif0\.$1-q" /proc/[0-9]*/comm | while read -r comm; do
		taskset -p "$mask" "$(basename "${comm%/comm}")" >/dev/null ||
			return
	done
}

# The thread of each frontend to its CPU: they were begun in this order.
pin_each_flood()
{
	local pid mask=1

	for pid in $(flood_pids | sort -n); do
		taskset -p "$(printf %x $mask)" "$pid" >/dev/null || return
		mask=$((2 * mask))
	done
}

# floods_run COUNT
floods_run()
{
	fronts_flood "$1" 60 60 60 60 && pin_each_flood || return
	# shellcheck disable=SC2046 # a word each
	note_bytes $(seq -f 'vif0.%.0f' "$1")
	wait_until 60 "all vifs send" all_flow 50000
}

switches()
{
	awk '$1 == "ctxt" { print $2 }' /proc/stat
}

# measure DRIVER COUNT
measure()
{
	local files='' handle sum before

	for handle in $(seq "$2"); do
		files="$files /sys/class/net/vif0.$handle/statistics/rx_packets"
	done
	before=$(switches)
	# shellcheck disable=SC2086 # one file a word
	sum=$(probe window "$WINDOW_US" $files |
		awk '{ sum += $1 } END { print sum }') && [ "$sum" -gt 0 ] || return
	result "# packets $1 busy-$2 $sum $sum $(($(switches) - before))"
	result "# speed $1 $2 $sum $WINDOW_US"
}

# busy DRIVER COUNT MODULE PARAMETER...
busy()
{
	local driver=$1 count=$2 handle id=$1-$2-$ROUND
	local text="driver $1, $2 CPUs, round $ROUND"

	shift 2
	unload_netback
	[ "$driver" = stock ] || set -- "$@" groups="$count" balance=0
	[ "$driver" != kthread ] || set -- "$@" bind=1
	check "load-$id" "$text: it loads" insmod "$@" &&
		check "connect-$id" "$text: the frontends connect" \
			fronts_up "$count" || return
	tell_modules "$driver"
	for handle in $(seq "$count"); do
		check "placed-$id-$handle" "$text: vif0.$handle has its CPU" \
			place_vif "$handle"
	done
	check "flood-$id" "$text: the frontends flood" floods_run "$count" &&
		check "counted-$id" "$text: packets are counted" \
			measure "$driver" "$count"
	check "calm-$id" "$text: the frontends calm down" fronts_calm "$count"
	check "removed-$id" "$text: the vifs are removed" fronts_gone "$count"
}

# under DRIVER MODULE PARAMETER...
under()
{
	local driver=$1 number

	shift
	for number in $(numbers); do
		busy "$driver" "$number" "$@"
	done
}

check module-loads "test frontend: the module loads" front_load
check cpus-pinned "domains: their CPUs are pinned" place_domains
each_driver under
