# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	test frontends --- vif0.1 to vif0.N (netback), all of it in dom0
#
# Several test frontends at a time, as a load that costs little beside what it
# costs the driver: a thread each sends the same packets again and again. dom0
# drops them, as they are addressed to another. See front.sh.

# fronts_up COUNT [KEY=VALUE...]
fronts_up()
{
	local handle count=$1

	shift
	for handle in $(seq "$count"); do
		front_create "$handle" "$@" && front_connect 1 || return
	done
}

fronts_gone()
{
	local handle

	for handle in $(seq "$1"); do
		front_use "$handle" && front_remove || return
	done
}

# front_strange ID BYTES: puts a frame of that size, in a page of its own.
front_strange()
{
	front_put 0 "$1" 1 "$(front_udp 10.0.0.1 9 \
		"$(front_pattern "$1" $(($2 - 42)))" 00:16:3e:00:00:99)"
}

# fronts_flood COUNT BYTES...: each with a packet of each size by turns. All of
# them are ready before the first begins, or they would have to wait for it.
fronts_flood()
{
	local handle count=$1 size id

	shift
	for handle in $(seq "$count"); do
		front_use "$handle"
		id=0
		for size; do
			front_strange "$id" "$size" || return
			id=$((id + 1))
		done
	done
	for handle in $(seq "$count"); do
		write "flood 0 0" "$FRONT_DEBUGFS/vif-$handle/do" || return
	done
}

fronts_calm()
{
	local handle

	for handle in $(seq "$1"); do
		front_use "$handle" && front_do "calm 0" || return
	done
}

# Their threads, a number each.
flood_pids()
{
	grep -l '^front-flood' /proc/[0-9]*/comm | sed 's,/proc/\(.*\)/comm,\1,'
}

# pin_floods MASK
pin_floods()
{
	local pid

	for pid in $(flood_pids); do
		taskset -p "$1" "$pid" >/dev/null || return
	done
}
