# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	g1, g2 --- 2 vifs of 1 queue each --- dom0
#
# The queue of g1's first vif goes back and forth between two groups, as fast as
# it can, while every byte of what crosses it is verified and every datagram has
# to come in order, in both worker modes: 200 moves with one kind of traffic in each
# mode and 50 with the others, 200 with all of them in a thorough run; or MOVES, if it
# is set. The driver parts two queues that flood one group, and both flood on. Moves of
# a queue or to a group that does not exist are refused.
#
# in: check
# needs: our-driver
# modes: both
# takes: 100

# moves_with KIND: of traffic, many or few.
moves_with()
{
	if [ "$1" = many ] || thorough; then
		echo "${MOVES:-200}"
	else
		echo "${MOVES:-50}"
	fi
}

groups_file()
{
	echo "/sys/class/net/vif$(guest_id g1).0/netback/groups"
}

# move_about COUNT: moves the queue until /run/moves.stop is there; how often is then
# in /run/moves.
move_about()
{
	local file moves=0

	file=$(groups_file)
	while [ ! -e /run/moves.stop ]; do
		echo "0 $((moves % 2))" >"$file" || break
		moves=$((moves + 1))
		[ $moves -ne "$1" ] || : >/run/moves.enough
	done
	echo $moves >/run/moves.new
	mv /run/moves.new /run/moves
}

# while_moving many|few COMMAND...: again and again, until there were so many moves.
while_moving()
{
	local status=0 rounds=0 least

	least=$(moves_with "$1")
	shift
	rm -f /run/moves /run/moves.stop /run/moves.enough
	move_about "$least" &
	while [ $status = 0 ] && [ ! -e /run/moves ]; do
		"$@" || status=1
		rounds=$((rounds + 1))
		[ ! -e /run/moves.enough ] || break
	done
	: >/run/moves.stop
	wait_until 30 "the last move" test -e /run/moves || return
	progress "$(cat /run/moves) moves in $rounds rounds of: $*"
	[ "$(cat /run/moves)" -ge "$least" ] && return $status
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

second_vif()
{
	echo "vif$(guest_id "$1").1"
}

both_parted()
{
	are_parted "$(second_vif g1)" "$(second_vif g2)"
}

packets_of()
{
	cat "/sys/class/net/$(second_vif "$1")/statistics/rx_packets"
}

# packets_since G1 G2: each guest has sent a thousand packets more than these.
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

# hot_queues_part: once balancing is on, the queues get a group each; both floods go
# on, and the queues stay there.
hot_queues_part()
{
	local status=0 began

	set_balance 0 &&
		put_on_group_0 "$(second_vif g1)" "$(second_vif g2)" &&
		flood g1 60 60 && flood g2 60 60 && both_send &&
		! both_parted || status=1
	read -r began _ </proc/uptime
	set_balance 1 &&
		wait_until 20 "the queues are on two groups" both_parted ||
		status=1
	progress "parted from $began to $(cut -d' ' -f1 /proc/uptime) s"
	both_send && both_parted || status=1
	[ $status = 0 ] || cat "$NETBACK_DEBUG/groups"
	stop_flood g1
	stop_flood g2
	return $status
}

# A guest could try the same to leave its group.
pinned_back()
{
	local vif

	vif=vif$(guest_id g1).0
	moved_to "$1" && ip link set "$vif" down && group_is "$1" &&
		ip link set "$vif" up && group_is "$1"
}

moves_in_mode()
{
	local name=$1 mode="netback_kthread=$2" text="moves with $1" to=many from=few

	# Each direction has many moves in one of the modes.
	[ "$1" = tasklets ] || { to=few && from=many; }

	check "load-$name" "$text: the driver is swapped below two guests" \
		live_update groups=2 max_queues=1 "$mode"
	check "by-hand-$name" "$text: a queue moves to group 1 by hand" moved_to 1
	check "flows-to-guest-$name" \
		"$text: verified traffic to a guest passes while its queue moves" \
		while_moving $to flows dom0 g1
	check "flows-from-guest-$name" \
		"$text: verified traffic from a guest passes while its queue moves" \
		while_moving $from flows g1 dom0
	check "stream-to-guest-$name" \
		"$text: 64 MiB to a guest pass while its queue moves" \
		while_moving few big_stream dom0 g1
	check "stream-from-guest-$name" \
		"$text: 64 MiB from a guest pass while its queue moves" \
		while_moving few big_stream g1 dom0
	check "hot-queues-part-$name" \
		"$text: two queues that keep one group busy are parted by the driver" \
		hot_queues_part
}

reload_netback groups=2 max_queues=1
resources_before
check guest-starts "first guest with 2 vifs: it starts" \
	start_guest g1 11 2 || return
check other-guest-starts "second guest with 2 vifs: it starts" \
	start_guest g2 12 2 || return
moves_in_mode threads 1
moves_in_mode tasklets 0
check put-on-0-kept \
	"queue put on group 0 by hand: it is there after the vif was down" \
	pinned_back 0
check put-on-1-kept \
	"queue put on group 1 by hand: it is there after the vif was down" \
	pinned_back 1
check traffic-afterwards \
	"guest whose queue was moved: verified traffic reaches it" flows dom0 g1
check_quiet_log
number=0
for words in "0 2" "1 0" "0 x" ""; do
	number=$((number + 1))
	check "refused-$number" \
		"file groups of a vif: '$words' is refused by name" \
		refused "vif.*groups: invalid value \"$words\", expected" \
		write "$words" "$(groups_file)"
done
destroy_guests
# Groups keep pages for the next stream; a fresh driver has none, as at the start.
check reload "driver without guests: it is loaded again" \
	reload_netback groups=2 max_queues=1
check_nothing_leaked "after moves"
check_unloads
# Refusals are errors in the log, as they must be.
check_no_reports
