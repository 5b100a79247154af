# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	g1, g2 --- 2 vifs of 1 queue each --- dom0
#
# The queue of g1's first vif goes back and forth between two groups, as fast as
# it can, while every byte of what crosses it is verified and every datagram has
# to come in order, in both worker modes; MOVES moves for each kind of traffic,
# 200 if it is not set. Two queues that flood one group are parted by the driver,
# and flood on. Moves to where nothing is are refused.
#
# in: check
# needs: our-driver
# modes: both
# takes: 100

MOVES=${MOVES:-200}

groups_file()
{
	echo "/sys/class/net/vif$(guest_id g1).0/netback/groups"
}

# Moves the queue until /run/moves.stop is there; the count is then in /run/moves.
move_about()
{
	local file moves=0

	file=$(groups_file)
	while [ ! -e /run/moves.stop ]; do
		echo "0 $((moves % 2))" >"$file" || break
		moves=$((moves + 1))
		[ $moves -ne "$MOVES" ] || : >/run/moves.enough
	done
	echo $moves >/run/moves.new
	mv /run/moves.new /run/moves
}

# while_moving COMMAND...: again and again, until there were $MOVES moves.
while_moving()
{
	local status=0 rounds=0

	rm -f /run/moves /run/moves.stop /run/moves.enough
	move_about &
	while [ $status = 0 ] && [ ! -e /run/moves ]; do
		"$@" || status=1
		rounds=$((rounds + 1))
		[ ! -e /run/moves.enough ] || break
	done
	: >/run/moves.stop
	wait_until 30 "the last move" test -e /run/moves || return
	progress "$(cat /run/moves) moves in $rounds rounds of: $*"
	[ "$(cat /run/moves)" -ge "$MOVES" ] && return $status
	echo "only $(cat /run/moves) moves"
	return 1
}

group_is()
{
	local group

	group=$(cat "$(groups_file)") && [ "$group" = "$1" ] && return
	echo "the queue is on group $group, expected $1"
	return 1
}

moved_to()
{
	echo "0 $1" >"$(groups_file)" && group_is "$1"
}

set_balance()
{
	echo "$1" >/sys/module/xen_netback/parameters/balance
}

second_vif()
{
	echo "/sys/class/net/vif$(guest_id "$1").1"
}

are_parted()
{
	case $(cat "$(second_vif g1)/netback/groups" \
		"$(second_vif g2)/netback/groups" | tr '\n' ' ') in
	"0 1 " | "1 0 ") ;;
	*) return 1 ;;
	esac
}

both_on_group_0()
{
	local name

	for name in g1 g2; do
		echo "0 0" >"$(second_vif $name)/netback/groups" &&
			echo "0 auto" >"$(second_vif $name)/netback/groups" ||
			return
	done
	! are_parted
}

packets_of()
{
	cat "$(second_vif "$1")/statistics/rx_packets"
}

# packets_since G1 G2: each has sent a thousand more.
packets_since()
{
	[ "$(packets_of g1)" -gt $(($1 + 1000)) ] &&
		[ "$(packets_of g2)" -gt $(($2 + 1000)) ]
}

both_send()
{
	wait_until 30 "a thousand packets of each guest" \
		packets_since "$(packets_of g1)" "$(packets_of g2)"
}

# hot_queues_part: with a mind of their own as soon as they may; both floods go
# on, and the queues stay.
hot_queues_part()
{
	local status=0 began

	set_balance 0 && both_on_group_0 && flood g1 60 60 &&
		flood g2 60 60 && both_send && ! are_parted || status=1
	read -r began _ </proc/uptime
	set_balance 1 &&
		wait_until 20 "the queues are on two groups" are_parted ||
		status=1
	progress "parted from $began to $(cut -d' ' -f1 /proc/uptime) s"
	both_send && are_parted || status=1
	[ $status = 0 ] || cat /sys/kernel/debug/xen-netback/groups
	stop_flood g1
	stop_flood g2
	return $status
}

# As a guest would do to get away.
pinned_back()
{
	local vif

	vif=vif$(guest_id g1).0
	moved_to "$1" && ip link set "$vif" down && group_is -1 &&
		ip link set "$vif" up && group_is "$1"
}

moves_in_mode()
{
	local mode="netback_kthread=$1"

	check "$mode: driver swapped" live_update groups=2 max_queues=1 "$mode"
	check "$mode: the queue moves to group 1" moved_to 1
	check "$mode: verified traffic to the guest, moving" \
		while_moving flows dom0 g1
	check "$mode: verified traffic from the guest, moving" \
		while_moving flows g1 dom0
	check "$mode: 64 MiB to the guest, moving" \
		while_moving big_stream dom0 g1
	check "$mode: 64 MiB from the guest, moving" \
		while_moving big_stream g1 dom0
	check "$mode: two queues that keep a group busy are parted" \
		hot_queues_part
}

driver_has_groups || return 0
reload_netback groups=2 max_queues=1
resources_before
check "guest" start_guest g1 11 2 || return
check "another guest" start_guest g2 12 2 || return
moves_in_mode 1
moves_in_mode 0
check "a queue that was put on group 0 comes back to it" pinned_back 0
check "and one on group 1 likewise" pinned_back 1
check "verified traffic afterwards" flows dom0 g1
check_quiet_log
for words in "0 2" "1 0" "0 x" ""; do
	check "'$words' refused by name" \
		refused "vif.*groups wants" write "$words" "$(groups_file)"
done
destroy_guests
# Groups keep pages for the next stream: new ones, as at the beginning.
check "new groups" reload_netback groups=2 max_queues=1
check_nothing_leaked "after moves"
check_unloads
# The refusals are errors in the log, as they must be.
check_no_reports
