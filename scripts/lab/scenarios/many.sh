# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	g1 --- 16 vifs of 2 queues, or MANY_VIFS --- dom0, an address on each
#
# All of them carry traffic; without traffic they wake no worker.
#
# in: all
# takes: 40

readonly VIFS=${MANY_VIFS:-16}

count_vifs()
{
	local count

	count=$(find /sys/class/net -name 'vif*' | wc -l)
	[ "$count" -eq "$1" ] && return
	echo "$count vifs, expected $1"
	return 1
}

two_queues_each()
{
	local count

	count=$(find /sys/class/net/vif*/queues/ -name 'tx-*' | wc -l)
	[ "$count" -eq $((2 * VIFS)) ] && return
	echo "$count queues, expected $((2 * VIFS))"
	return 1
}

detach_all()
{
	local handle

	for handle in $(seq 0 $((VIFS - 1))); do
		xl network-detach g1 "$handle" &
	done
	wait
	wait_until 30 "vifs gone" count_vifs 0
}

reload_netback max_queues=2
resources_before
check guest-starts "guest with $VIFS vifs: it starts" \
	start_guest g1 11 "$VIFS" \
	memory=$((128 + 10 * VIFS)) || return
check vifs "guest with $VIFS vifs: all of them are there" count_vifs "$VIFS"
check queues "guest with $VIFS vifs: each has 2 queues" two_queues_each
check ping "guest with $VIFS vifs: it gets an answer on each of them" \
	ping_each g1 dom0 0 $((VIFS - 1))
check flows "guest with $VIFS vifs: verified traffic passes on the last one" \
	flows g1 dom0 $((VIFS - 1))
check no-wakeup "$VIFS idle vifs: no worker wakes for $SILENCE s" nobody_wakes
check detached "$VIFS vifs detached at a time: all of them go" detach_all
destroy_guests
check_nothing_leaked "after $VIFS vifs"
check_quiet_log
