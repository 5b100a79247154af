# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	test frontend --- vif0.8 --+             +--- vif0.9 --- test frontend
#	                           +-- (dom0) ---+
#	                                         +--- up0 (as many queues)
#
# Flows from a frontend with fewer or more queues than the receiver has: they spread
# over all queues of the receiver, and each flow stays in order on one of them: over a
# bridge, routed, and redirected by tc, to a vif and to the queues of an uplink. Comments
# "spread DRIVER PATH FROM TO PACKETS..." have the packets of each queue. A thorough run
# tells what the distribution's driver does, too.
#
# in: check
# needs: front our-driver dom0
# takes: 90

readonly RECEIVER=$((TEST_HANDLE + 1))
# Of each flow so many packets; all of them fit one ring.
readonly FLOWS=64
readonly ROUNDS=3
readonly PACKETS=$((FLOWS * ROUNDS))
# The payload of packet I of flow F: a mark, F, I and padding. The mark begins at this
# digit of the frame.
readonly MARK=feed1234
readonly MARK_DIGIT=85

# frames_of TEMPLATE QUEUES QUEUE ROUND: prints the commands that put a packet of each
# flow on the queue that is the queue's. Flows differ in their ports.
frames_of()
{
	awk -v template="$1" -v queues="$2" -v queue="$3" -v round="$4" \
		-v flows=$FLOWS -v mark=$MARK 'BEGIN {
		id = round * flows / queues
		for (flow = queue; flow < flows; flow += queues) {
			printf "fill %d %d 0 %s%04x%s%s%04x%04x%020d\n",
				queue, id, substr(template, 1, 72), 5000 + flow,
				substr(template, 77, 8), mark, flow, round, 0
			printf "tx %d %d 0 %d 0 %d\n", queue, id, id, 60
			id++
		}
	}'
}

# send_flows QUEUES MAC: from the frontend in use.
send_flows()
{
	local queue round template

	template=$(front_udp "10.$RECEIVER.0.11" 5000 "$(front_pattern 0 18)" "$2")
	for queue in $(seq 0 $(($1 - 1))); do
		for round in $(seq 0 $((ROUNDS - 1))); do
			front_do "$(frames_of "$template" "$1" "$queue" "$round")" ||
				return
		done
	done
	for queue in $(seq 0 $(($1 - 1))); do
		front_do "push $queue" "answers $queue $((PACKETS / $1))" || return
	done
	front_log >/dev/null
}

# take_flows QUEUES: adds to /run/flows what has come.
take_flows()
{
	local queue commands=''

	front_use $RECEIVER
	for queue in $(seq 0 $(($1 - 1))); do
		commands="$commands
received $queue 52"
	done
	front_do "$commands" && front_log >>/run/flows
}

marked()
{
	awk -v digit=$MARK_DIGIT -v mark=$MARK '$1 == "rx" &&
		substr($7, digit, 8) == mark { print $2, substr($7, digit + 8, 4),
			substr($7, digit + 12, 4) }' /run/flows
}

all_came()
{
	take_flows "$1" && [ "$(marked | wc -l)" -ge $PACKETS ]
}

# Posts what was used up.
post_again()
{
	local queue

	awk '$1 == "rx" { used[$2]++ }
		END { for (queue in used) print queue, used[queue] }' /run/flows |
		while read -r queue used; do
			front_do "post $queue $used"
		done
}

# in_order: each flow came on one queue, from its first packet to its last.
in_order()
{
	marked | awk '{
			if ($2 in queue && queue[$2] != $1 ||
			    $3 != sprintf("%04x", came[$2]++)) {
				print "flow", $2, "packet", $3, "on queue", $1
				bad = 1
			}
			queue[$2] = $1
		}
		END { exit bad }'
}

# spread_over QUEUES: no queue is without its flows, by the numbers in /run/spread.
spread_over()
{
	awk -v queues="$1" -v least=$ROUNDS '{ for (i = 1; i <= NF; i++)
			if ($i >= least) used++ }
		END { exit used != queues }' /run/spread && return
	echo "packets of each queue: $(cat /run/spread)"
	return 1
}

# to_vif DRIVER PATH FROM TO
to_vif()
{
	local vif0=/sys/class/net/$TEST_VIF vif1=vif0.$RECEIVER mac

	front_use $RECEIVER
	mac=$(front_mac)
	take_flows "$4"
	post_again
	: >/run/flows
	case $2 in
	bridge) bridged lab1 "$TEST_VIF" $vif1 ;;
	route) routed && mac=$(cat "$vif0/address") ;;
	redirect) redirected "$TEST_VIF" $vif1 ;;
	esac || return
	front_use "$TEST_HANDLE"
	send_flows "$3" "$mac" || return
	if ! wait_until 10 "all packets" all_came "$4"; then
		echo "$(marked | wc -l) of $PACKETS packets came"
		return 1
	fi
	marked | awk -v queues="$4" '{ count[$1]++ }
		END { for (i = 0; i < queues; i++)
			printf "%d ", count[i] }' >/run/spread
	progress "spread $* $(cat /run/spread)"
	spread_over "$4" && in_order
}

uplink_got()
{
	uplink_sent | tr '\n' ' ' >/run/spread
	[ "$(awk '{ for (i = 1; i <= NF; i++) sum += $i
		print sum }' /run/spread)" -ge $PACKETS ]
}

# to_uplink DRIVER PATH FROM TO
to_uplink()
{
	uplink "$4" && redirected "$TEST_VIF" up0 || return
	front_use "$TEST_HANDLE"
	send_flows "$3" "$(far_mac)" && wait_until 10 "all packets" uplink_got ||
		return
	progress "spread $* $(cat /run/spread)"
	spread_over "$4"
}

# spreads DRIVER PATH FROM TO
spreads()
{
	local status

	case $2 in
	uplink) to_uplink "$@" ;;
	*) to_vif "$@" ;;
	esac
	status=$?
	topology_down
	return $status
}

# both_connect FROM TO
both_connect()
{
	: >/run/flows
	front_use "$TEST_HANDLE" && front_connect "$1" &&
		front_use $RECEIVER && connect_posted "$2"
}

# both_close: connections of another number of queues can follow.
both_close()
{
	local handle

	for handle in "$TEST_HANDLE" $RECEIVER; do
		front_use "$handle" && front_close && front_free 0 || return
	done
}

both_gone()
{
	local handle

	for handle in "$TEST_HANDLE" $RECEIVER; do
		front_use "$handle" && front_remove || return
	done
}

# from_to DRIVER FROM TO
from_to()
{
	local driver=$1 from=$2 to=$3 way

	check "connect-$driver-$from-$to" \
		"driver $driver: frontends with $from and $to queues connect" \
		both_connect "$from" "$to" || return
	for way in bridge route redirect uplink; do
		judge "$driver" "$way-$from-$to" \
			"flows from $from queues, $way: they spread over $to queues, each in order" \
			spreads "$driver" $way "$from" "$to"
	done
	check "close-$driver-$from-$to" \
		"driver $driver: frontends with $from and $to queues close" both_close
}

# uneven DRIVER
uneven()
{
	check "vifs-$1" "driver $1: two vifs are created" \
		eval "front_create $TEST_HANDLE && front_create $RECEIVER" || return
	from_to "$1" 1 8
	from_to "$1" 2 8
	from_to "$1" 8 2
	check "removed-$1" "driver $1: the vifs are removed" both_gone
}

check topology "dom0: it has queueing disciplines and actions of tc" load_topology
check front-loads "test frontend: the module loads" front_load
stock_first uneven max_queues=8
check ours-loads "our driver: it is loaded" reload_netback max_queues=8
resources_before
uneven ours
check_nothing_leaked "after uneven queues"
check front-unloads "test frontend: the module unloads" front_unload
check_unloads
check_quiet_log
