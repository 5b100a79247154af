# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	test frontend --- vif0.8 --+
#	                           +--- up0, 200 Mbit/s --- up1 (namespace "far")
#	          dom0's pings ----+
#
# What a guest that sends 64 KiB packets without end may take of the host and of an
# uplink's other users: through the distribution's driver and ours, over a bridge,
# routed, and redirected by tc, from one queue and from eight, and over a promiscuous
# bridge. The uplink's queue counts packets, a thousand of them. Ours only: a receiver
# that takes nothing.
#
# in: check
# needs: front our-driver dom0
# takes: 185

readonly UP_MBIT=200
readonly FLOOD_BYTES=64840

# set_up TOPOLOGY: between the vif and the uplink. The MAC address to send to is in
# /run/flood.mac.
set_up()
{
	front_names
	uplink && uplink_slow $UP_MBIT 1000 && far_mac >/run/flood.mac || return
	case $1 in
	bridge | clones)
		/bin/ip addr flush dev "$TEST_VIF" &&
			bridged lab1 up0 "$TEST_VIF" &&
			has_address lab1 "$UPLINK_NEAR/24" || return
		# A bridge that also receives what it forwards: the uplink gets clones.
		[ "$1" = bridge ] || /bin/ip link set lab1 promisc on
		;;
	route)
		routed && has_address up0 "$UPLINK_NEAR/24" &&
			cat "/sys/class/net/$TEST_VIF/address" >/run/flood.mac
		;;
	redirect)
		has_address up0 "$UPLINK_NEAR/24" && redirected "$TEST_VIF" up0
		;;
	esac
}

# flood_frame DESTINATION: prints the headers of a TCP segment, as long as they are.
flood_frame()
{
	local head tail

	front_names
	head=4500$(printf '%04x' $((FLOOD_BYTES - 14)))000040004006
	tail=$(address_hex "10.$TEST_HANDLE.0.11")$(address_hex "$1")
	printf '%s%s0800' "$(address_hex "$(cat /run/flood.mac)")" \
		"$(address_hex "$(front_mac)")"
	printf '%s%s%s' "$head" "$(ip_checksum "${head}0000$tail")" "$tail"
	printf '40000009000000010000000050100400%04x0000' 0
}

# put_flood QUEUE DESTINATION: 64 KiB as one GSO packet of 16 slots, whose pages are
# the first two.
put_flood()
{
	local queue=$1 i=1 flags

	front_do "fill $queue 0 0 $(flood_frame "$2")" \
		"tx $queue 0 $((1 | MORE_DATA | EXTRA_INFO)) 0 0 $FLOOD_BYTES" \
		"extra $queue 1 0 a80501000000" || return
	while [ $i -le 15 ]; do
		flags=$((i < 15 ? MORE_DATA : 0))
		front_do "tx $queue $i $flags 1 0 4096" || return
		i=$((i + 1))
	done
	front_do "flood $queue 0"
}

# start_floods QUEUES DESTINATION
start_floods()
{
	local queue=0

	while [ $queue -lt "$1" ]; do
		put_flood $queue "$2" || return
		queue=$((queue + 1))
	done
}

end_floods()
{
	local queue=0

	while [ $queue -lt "$1" ]; do
		front_do "calm $queue" || return
		queue=$((queue + 1))
	done
	front_log >/dev/null
}

# Prints the bytes and packets that wait in the uplink's queue.
backlog()
{
	/sbin/tc -s qdisc show dev up0 | awk '/^qdisc pfifo/ { found = 1 }
		found && /backlog/ {
			bytes = $2
			sub(/b$/, "", bytes)
			if (sub(/K$/, "", bytes)) bytes *= 1024
			if (sub(/M$/, "", bytes)) bytes *= 1048576
			print int(bytes), int($3)
			exit
		}'
}

backlog_is()
{
	[ "$(backlog | awk '{ print $2 }')" -ge "$1" ]
}

# Prints the median round trip to the far end in microseconds: a ping that a busy
# CPU has delayed does not count. With -U ping asks for no time stamps of the kernel:
# the first socket that does has the kernel patch its code, in the middle of a flood.
round_trip()
{
	/usr/bin/ping -U -c 20 -i 0.1 -W 8 "$UPLINK_FAR" |
		sed -n 's/.* time=\([0-9.]*\) ms$/\1/p' | sort -n |
		awk '{ ms[NR] = $1 }
			END { print int(ms[int((NR + 1) / 2)] * 1000); exit NR < 15 }'
}

# Prints the bytes in flight of all queues, as the driver counts them.
in_flight()
{
	front_names
	cat "$VIF_DEBUG"/io_ring_q* |
		awk '/^inflight bytes/ { sum += $3 } END { print sum + 0 }'
}

# held_at_most BYTES: for half a second.
held_at_most()
{
	local now most=0 i

	for i in 1 2 3 4 5 6 7 8 9 10; do
		now=$(in_flight)
		[ "$now" -le "$most" ] || most=$now
		usleep 50000
	done
	progress "$most bytes in flight, bound $1"
	[ "$most" -gt 0 ] && [ "$most" -le "$1" ] && return
	echo "$most bytes in flight, expected 1 to $1"
	return 1
}

# measure DRIVER TOPOLOGY QUEUES: a host that is busy with other work delays pings, and
# never hastens them, so that ours have three attempts.
measure()
{
	local rtt

	wait_until 20 "the uplink's queue is in use" backlog_is 4 || return
	for _ in 1 2 3; do
		if ! rtt=$(round_trip); then
			# Its backlog has no bound but over a bridge.
			[ "$1" = stock ] && [ "$2" != bridge ] || return
			progress "$1, $2, $3 queues: most pings are lost, backlog $(backlog)"
			return 0
		fi
		progress "$1, $2, $3 queues: round trip $rtt us, backlog (bytes, packets) $(backlog)"
		# Lines are "TOPOLOGY QUEUES MICROSECONDS", the last one counts.
		echo "$2 $3 $rtt" >>"/run/bounds.$1"
		[ "$1" = stock ] || polite "$2" "$3" >/dev/null || continue
		break
	done
}

# polite TOPOLOGY QUEUES: our round trips are at most those of the stock driver over
# a bridge, or twice as long when routed. Both have 7 to 9 packets before a ping,
# each of which takes the uplink 2.6 ms, so that 6 ms are within the measure.
polite()
{
	local ours stock factor=1

	[ "$1" != route ] || factor=2
	ours=$(awk -v queues="$2" -v topology="$1" '
		$1 == topology && $2 == queues { us = $3 }
		END { print us }' /run/bounds.ours)
	stock=$(awk -v queues="$2" '
		$1 == "bridge" && $2 == queues { print $3 }' /run/bounds.stock)
	[ -n "$ours" ] && [ -n "$stock" ] &&
		[ "$ours" -le $((factor * stock + 6000)) ] && return
	echo "round trip $ours us, the stock driver's over a bridge $stock us"
	return 1
}

# flood_through DRIVER TOPOLOGY QUEUES
flood_through()
{
	local status

	front_create "$TEST_HANDLE" feature-gso-tcpv4=1 && front_connect "$3" &&
		set_up "$2" && start_floods "$3" "$UPLINK_FAR" &&
		measure "$1" "$2" "$3" && { [ "$1" = stock ] || held_at_most \
			$((($3 > 4 ? 4 : $3) * 524288 + $3 * 73728)); }
	status=$?
	# What was not set up cannot be taken down.
	end_floods "$3" >/dev/null 2>&1
	topology_down
	front_remove && return $status
}

# flood_from DRIVER TOPOLOGY QUEUES
flood_from()
{
	check "flood-$1-$2-$3" \
		"driver $1, flood of 64 KiB from $3 queues, $2: a neighbour's pings are timed" \
		flood_through "$@"
}

# Prints what the driver shows of the receiver's queue.
receiver_queue()
{
	cat "$NETBACK_DEBUG/vif0.$((TEST_HANDLE + 1))/io_ring_q0"
}

receiver_is_late()
{
	receiver_queue | grep -q "^waits .* late 1 "
}

# 2 MiB of memory, and one packet.
receiver_holds_little()
{
	receiver_queue | awk '/^queued packets/ {
		print "for the receiver wait:", $0
		exit !($3 > 0 && $5 <= 2097152 + 73728)
	}'
}

# The driver takes packets of the sender in each fifth of a second.
sender_is_served()
{
	local counter=/sys/class/net/$TEST_VIF/statistics/rx_packets before now

	read -r before <"$counter"
	for _ in 1 2 3 4 5 6 7 8; do
		usleep $((200000 * SLOWNESS))
		read -r now <"$counter"
		if [ "$now" -le "$before" ]; then
			echo "no packet was taken from the sender in 200 ms"
			return 1
		fi
		before=$now
	done
}

# A receiver that posts no requests, on the same bridge.
flood_idle_receiver()
{
	local status mac

	front_create $((TEST_HANDLE + 1)) && front_connect 1 && front_names &&
		mac=$(front_mac) &&
		front_create "$TEST_HANDLE" feature-gso-tcpv4=1 &&
		front_connect 1 && set_up bridge &&
		/bin/ip link set "vif0.$((TEST_HANDLE + 1))" master lab1 &&
		echo "$mac" >/run/flood.mac && start_floods 1 "$UPLINK_FAR" &&
		wait_until 20 "the receiver is late" receiver_is_late &&
		sender_is_served && receiver_holds_little
	status=$?
	end_floods 1 >/dev/null 2>&1
	topology_down
	front_remove && front_use $((TEST_HANDLE + 1)) && front_remove &&
		return $status
}

check schedulers "dom0: it has queueing disciplines and actions of tc" load_topology
check stock-loads "stock driver: it is loaded" load_stock max_queues=8
check front-loads "test frontend: the module loads" front_load
flood_from stock bridge 1
flood_from stock bridge 8
! thorough || flood_from stock route 1
! thorough || flood_from stock clones 1
# What that driver logs of floods is not ours to judge.
new_log >/dev/null
check ours-loads "our driver: it is loaded" reload_netback max_queues=8
resources_before
for topology in bridge redirect route; do
	for queues in 1 8; do
		flood_from ours $topology $queues
		check "polite-$topology-$queues" \
			"flood from $queues queues, $topology: pings return as soon as with the stock driver" \
			polite $topology $queues
	done
done
check idle-receiver \
	"receiver that posts nothing: its sender is served all the time, and it holds 2 MiB" \
	flood_idle_receiver
flood_from ours clones 1
check polite-clones-1 \
	"flood from one queue, promiscuous bridge: pings return as soon as with the stock driver" \
	polite clones 1
check_nothing_leaked "after floods of an uplink"
check front-unloads "test frontend: the module unloads" front_unload
check_unloads
check_quiet_log
