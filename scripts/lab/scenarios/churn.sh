# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	flood1, flood2 --- vifs --- bridge (dom0)
#
# Guests are started and destroyed in mid-traffic, 2 at a time. They send as soon as
# they are up, and nothing warns them of their end. The scenario vanish does the same
# to a frontend in dom0, where a round takes a second and not half a minute.
#
# in: check
# takes: 60

# A round takes several times as long on a debug kernel. The distribution's driver
# is a comparison and needs no more rounds.
ROUNDS=1
! thorough || ROUNDS=2
! thorough || on_debug_kernel || ! driver_has_groups || ROUNDS=6
readonly GUESTS_AT_ONCE=2

create_flooders()
{
	local number

	for number in $(seq $GUESTS_AT_ONCE); do
		create_guest "flood$number" $((20 + number)) 1 memory=128 \
			vcpus=1 extra=lab.flood || return
	done
}

# all_flood COUNT: each guest has sent that many packets.
all_flood()
{
	local vif

	for vif in /sys/class/net/vif*; do
		[ "$(cat "$vif/statistics/rx_packets")" -ge "$1" ] || return
	done
}

one_round()
{
	create_flooders &&
		wait_until 180 "all guests send" all_flood 200 &&
		destroy_guests
}

reload_netback
resources_before
for round in $(seq $ROUNDS); do
	check "guests-destroyed-$round" \
		"$GUESTS_AT_ONCE flooding guests, round $round: they are destroyed in mid-traffic" \
		one_round || return
done
# Groups keep pages for the next stream; a fresh driver has none, as at the start.
check reload "driver without guests: it is loaded again" reload_netback
check_nothing_leaked "after $((ROUNDS * GUESTS_AT_ONCE)) guests"
check_unloads
check_quiet_log
