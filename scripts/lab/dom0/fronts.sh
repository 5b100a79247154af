# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	test frontends --- vif0.1 to vif0.N (netback), all of it in dom0
#
# Several test frontends as a load: each has a thread that sends the same packets
# repeatedly, which costs little compared with the driver's work. dom0 drops the
# packets, because they are addressed to another host. See front.sh.

# fronts_up COUNT [KEY=VALUE...]: creates and connects frontends 1 to COUNT.
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

# front_strange ID BYTES: puts a frame of that size to another host, in page ID.
front_strange()
{
	front_put 0 "$1" 1 "$(front_udp 10.0.0.1 9 \
		"$(front_pattern "$1" $(($2 - 42)))" 00:16:3e:00:00:99)"
}

# fronts_flood COUNT BYTES...: each frontend sends packets of these sizes in turn. All
# of them are prepared before the first one starts: its load would delay the others.
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

# Prints the process IDs of the frontends' threads, one per line.
flood_pids()
{
	grep -l '^front-flood' /proc/[0-9]*/comm | sed 's,/proc/\(.*\)/comm,\1,'
}

# pin_floods MASK: pins the threads of all frontends.
pin_floods()
{
	local pid

	for pid in $(flood_pids); do
		taskset -p "$1" "$pid" >/dev/null || return
	done
}
