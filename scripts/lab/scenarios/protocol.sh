# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	test frontend --- vif0.8 (netback), all of it in dom0
#
# What a frontend may ask for beyond packets: hashes and queues by the control
# ring, multicast packets it wants, headroom for XDP, and what the toolstack
# may: an MTU, a frontend that has to copy. The kernel's tools see the vif as they
# see other devices.
#
# in: check
# needs: front our-driver
# takes: 60

readonly TEST_HANDLE=8
readonly NEAR=10.$TEST_HANDLE.0.1
readonly FAR=10.$TEST_HANDLE.0.11
readonly POSTED=200
readonly VIF_DEBUG=/sys/kernel/debug/xen-netback/vif0.$TEST_HANDLE

# Of netif.h: types of extra infos, status of a control message.
readonly EXTRA_MCAST_ADD=2
readonly EXTRA_MCAST_DEL=3
readonly EXTRA_HASH=4
readonly EXTRA_XDP=5
readonly SUCCESS=0
readonly NOT_SUPPORTED=1
readonly INVALID=2
readonly OVERFLOW=3

# The key of the flows that Microsoft has published hashes of ("Verifying the RSS
# Hash Calculation"), and the first of these flows, with and without ports.
readonly RSS_KEY=6d5a56da255b0ec24167253d43a38fb0d0ca2bcbae7b30b477cb2da38030f20c6a42b73bbeac01fa
readonly RSS_FROM=66.9.149.187
readonly RSS_TO=161.142.100.80
readonly RSS_FROM_PORT=2794
readonly RSS_TO_PORT=1766
# As extra infos have them: type, algorithm, the hash with its last byte first.
readonly RSS_ADDRESSES=0001c28f3e32
readonly RSS_PORTS=010178c1cc51

connect_posted()
{
	local queue

	front_connect "$@" || return
	for queue in $(seq 0 $(($1 - 1))); do
		front_do "post $queue $POSTED" || return
	done
}

# connected_anew [WORDS]
connected_anew()
{
	front_close && front_do free && connect_posted 1 "$@"
}

# ---- control ring --------------------------------------------------------

# tells STATUS DATA TYPE [WORDS...]: a message is answered so.
tells()
{
	local status=$1 data=$2

	shift 2
	front_log >/dev/null
	front_do "ctrl $*" || return
	front_log | grep -x "ctrl $1 $status $data" && return
	cat /run/front.log
	return 1
}

refuses_bad_messages()
{
	tells $NOT_SUPPORTED 0 1 && tells $NOT_SUPPORTED 0 2 15 &&
		tells $INVALID 0 7 2 && tells $SUCCESS 0 7 1 &&
		tells $INVALID 0 2 16 && tells $OVERFLOW 0 3 p0 41 &&
		tells $INVALID 0 3 0xfffff 40 && tells $INVALID 0 5 129 &&
		tells $SUCCESS 0 5 4 && tells $OVERFLOW 0 6 p0 129 0 &&
		tells $INVALID 0 6 p0 5 0 && tells $INVALID 0 6 p0 4 1 &&
		tells $INVALID 0 6 p0 0x20 0xfffffff0 &&
		tells $INVALID 0 6 0xfffff 4 0 &&
		tells $NOT_SUPPORTED 0 0 && tells $NOT_SUPPORTED 0 8 &&
		tells $NOT_SUPPORTED 0 65535
}

# A table with an entry for a queue that is not there changes nothing.
refuses_bad_table()
{
	front_do "cfill 1 0 01000000010000000100000002000000" &&
		tells $INVALID 0 6 p1 4 0 &&
		! grep -q '^mapping [0-3] [^0]' "$VIF_DEBUG/ctrl"
}

# Hashes by all there is; every hash belongs on queue 1.
sets_hash()
{
	front_do "cfill 0 0 $RSS_KEY" \
		"cfill 1 0 01000000010000000100000001000000" &&
		tells $SUCCESS 15 1 && tells $SUCCESS 128 4 &&
		tells $SUCCESS 0 2 15 && tells $SUCCESS 0 3 p0 40 &&
		tells $SUCCESS 0 6 p1 4 0
}

shows_hash()
{
	grep -qx 'algorithm toeplitz' "$VIF_DEBUG/ctrl" &&
		grep -qx 'type ipv6+tcp' "$VIF_DEBUG/ctrl" &&
		grep -qx "key $RSS_KEY" "$VIF_DEBUG/ctrl" &&
		grep -qx 'mapping 3 1' "$VIF_DEBUG/ctrl" && return
	cat "$VIF_DEBUG/ctrl"
	return 1
}

address_rss()
{
	/bin/ip addr add $RSS_FROM/32 dev vif0.$TEST_HANDLE &&
		/bin/ip route add $RSS_TO/32 dev vif0.$TEST_HANDLE \
			src $RSS_FROM &&
		/bin/ip neigh replace $RSS_TO nud permanent \
			lladdr "$(front_mac)" dev vif0.$TEST_HANDLE
}

# came_with QUEUE TYPE HEX: an extra info came on it.
came_with()
{
	front_do "received $1 64" && front_log |
		grep -q "^extra $1 $2 0x0 $3"
}

# Sends with COMMAND until a packet has come so: hashed QUEUE HEX COMMAND...
hashed()
{
	local queue=$1 hex=$2

	shift 2
	"$@" >/dev/null 2>&1
	wait_until 10 "hash $hex on queue $queue" \
		came_with "$queue" $EXTRA_HASH "$hex" && return
	grep '^extra' "$FRONT_SAID" | tail -n 5
	return 1
}

ping_rss()
{
	/usr/bin/ping -U -q -c 1 -W 1 $RSS_TO
}

# From the one port that there is for a moment.
connect_rss()
{
	local range=/proc/sys/net/ipv4/ip_local_port_range ports

	ports=$(cat $range)
	echo "$RSS_FROM_PORT $RSS_FROM_PORT" >$range
	nc -w 1 $RSS_TO $RSS_TO_PORT </dev/null
	echo "$ports" >$range
}

# No hash is wanted any more, and none comes.
hash_ends()
{
	tells $SUCCESS 0 7 0 || return
	front_do "received 0" "received 1" && front_log >/dev/null
	ping_rss >/dev/null
	front_do "received 0 64" "received 1 64" && front_log >/run/hash.end
	grep -q '^rx' /run/hash.end && ! grep "^extra . $EXTRA_HASH" /run/hash.end
}

# sends_hash TYPE: a packet with a hash of its own goes through.
sends_hash()
{
	local before

	before=$(vif_counter rx_packets)
	front_put 0 5 1 "$(front_udp $NEAR 9 "$(front_pattern 1 100)")" \
		$EXTRA_HASH 0 "$1" &&
		front_statuses 0 2 "1 0" "1 1" &&
		wait_until 5 "a packet" dom0_got $((before + 1))
}

dom0_got()
{
	[ "$(vif_counter rx_packets)" = "$1" ]
}

# A full ring of messages, again and again, hinders nobody.
floods_ctrl()
{
	local i

	for i in $(seq 20); do
		front_do "ctrlput 7 1" "ctrlput 2 15" "ctrlput 5 64" || return
	done
	wait_until 10 "answers to all" answers_reach 60
}

answers_reach()
{
	front_do ctrlanswers && front_log >/dev/null
	[ "$(tail -n 200 "$FRONT_SAID" | grep -c '^ctrl [725] 0 0')" -ge "$1" ]
}

# Numbers of the requests in the order of their answers, good and bad ones.
answers_in_order()
{
	local frame id

	frame=$(front_udp $NEAR 9 "$(front_pattern 1 100)")
	front_do "fill 0 0 0 $frame" || return
	for id in $(seq 100 10 190); do
		front_do "tx 0 $id 0 0 0 $((${#frame} / 2))" \
			"tx 0 $((id + 1)) 0 g0xfffff 0 60" \
			"tx 0 $((id + 2)) 0 0 0 13" || return
		seq "$id" $((id + 2))
	done >/run/order.asked
	front_log >/dev/null
	front_do "push 0" "answers 0 30" || return
	front_log | awk '$1 == "tx" { print $3 }' >/run/order.came
	cmp /run/order.asked /run/order.came
}

# What the bus counts of interrupts, for whoever suspects a storm.
bus_counts_events()
{
	local bus=/sys/bus/xen-backend/devices/vif-0-$TEST_HANDLE/xenbus name

	[ "$(cat $bus/event_channels)" -ge 2 ] &&
		[ "$(cat $bus/events)" -gt 0 ] || return
	for name in spurious_events spurious_threshold jiffies_eoi_delayed; do
		[ -r "$bus/$name" ] || return
	done
}

# Asked while no backend is there, answered by the one that comes.
answers_what_was_left()
{
	echo "vif-0-$TEST_HANDLE" >"$DRIVER/unbind" &&
		front_do "ctrlput 7 1" "ctrlput 2 15" &&
		bind_vif "vif-0-$TEST_HANDLE" && front_awaits 4 &&
		front_neighbour && wait_until 10 "two answers" left_answers
}

left_answers()
{
	front_do ctrlanswers && front_log >/dev/null
	[ "$(tail -n 50 "$FRONT_SAID" | grep -c '^ctrl [72] 0 0')" -ge 2 ]
}

# ---- multicast -----------------------------------------------------------

vif_counter()
{
	cat "/sys/class/net/vif0.$TEST_HANDLE/statistics/$1"
}

group_mac()
{
	echo "$1" | awk -F. '{ printf "01005e%02x%02x%02x", $2 % 128, $3, $4 }'
}

# names add|del GROUP STATUS
names()
{
	local type=$EXTRA_MCAST_ADD

	[ "$1" = add ] || type=$EXTRA_MCAST_DEL
	front_do "tx 0 9 $EXTRA_INFO 0 0 0" \
		"extra 0 $type 0 $(group_mac "$2")" &&
		front_statuses 0 2 "1 $3" "1 1"
}

ping_group()
{
	/usr/bin/ping -U -q -c 2 -i 0.1 -w 1 -I vif0.$TEST_HANDLE "$1"
}

# group_comes yes|no GROUP: its packets come to the frontend or not.
group_comes()
{
	local hex dropped

	hex=$(address_hex "$2")
	dropped=$(vif_counter tx_dropped)
	front_do "received 0" && front_log >/dev/null
	ping_group "$2" >/dev/null
	front_do "received 0 64" && front_log >/run/group.log
	case $1 in
	yes) grep -q "^rx 0 .*01005e.*$hex" /run/group.log && return ;;
	no) ! grep -q "^rx 0 .*01005e.*$hex" /run/group.log &&
		[ "$(vif_counter tx_dropped)" -gt "$dropped" ] && return ;;
	esac
	cat /run/group.log
	return 1
}

request_multicast()
{
	xenstore-write "/local/domain/0/device/vif/$TEST_HANDLE/request-multicast-control" "$1"
}

# The node is watched: what it says holds a moment later.
follows_request()
{
	request_multicast 0 &&
		wait_until 10 "all groups come" group_comes yes 224.7.7.7 &&
		request_multicast 1 &&
		wait_until 10 "only some come" group_comes no 224.7.7.7
}

# names_many COUNT: 224.9.9.1 and those behind it, in one batch.
names_many()
{
	local i

	for i in $(seq "$1"); do
		front_do "tx 0 $i $EXTRA_INFO 0 0 0" \
			"extra 0 $EXTRA_MCAST_ADD 0 $(group_mac "224.9.9.$i")" ||
			return
	done
	front_statuses 0 $((2 * $1)) "$1 0" "$1 1"
}

fills_list()
{
	names_many 64 && names add 224.9.9.65 -1 && names add 224.9.9.1 0 &&
		group_comes no 224.9.9.65 && group_comes yes 224.9.9.64 &&
		names del 224.9.9.1 0 && names add 224.9.9.65 0 &&
		group_comes yes 224.9.9.65
}

# As live-update does, under a frontend that does not notice.
rebound()
{
	echo "vif-0-$TEST_HANDLE" >"$DRIVER/unbind" &&
		bind_vif "vif-0-$TEST_HANDLE" && front_awaits 4 &&
		front_neighbour
}

answers_arp()
{
	local payload

	payload=$(front_arp $NEAR)
	front_put 0 3 1 "$payload" && front_answers 0 1 0 &&
		wait_until 5 "an answer" front_came 08060001080006040002 0
}

broadcast_comes()
{
	front_do "received 0" && front_log >/dev/null
	/usr/bin/ping -U -q -b -c 1 -W 1 -I vif0.$TEST_HANDLE 10.$TEST_HANDLE.0.255 >/dev/null
	wait_until 5 "a broadcast" front_came ffffffffffff 0
}

# ---- headroom ------------------------------------------------------------

# headroom BYTES: while connected, as netfront does it.
headroom()
{
	xenstore-write "/local/domain/0/device/vif/$TEST_HANDLE/xdp-headroom" "$1"
	front_do "state 7" && front_awaits 8 && front_do "state 4" &&
		front_awaits 4
}

# lies_at BYTES HEX: pings come with so much room in front, and say so.
lies_at()
{
	front_do "received 0" && front_log >/dev/null
	/usr/bin/ping -U -q -c 1 -W 1 -s 1000 $FAR >/dev/null
	front_do "received 0 64" && front_log >/run/room.log
	grep -q "^rx 0 [0-9]* $1 0x[0-9a-f]* [0-9]* $(address_hex "$(front_mac)")" \
		/run/room.log || {
		cat /run/room.log
		return 1
	}
	front_content || return
	if [ "$1" = 0 ]; then
		! grep "^extra 0 $EXTRA_XDP" /run/room.log
	else
		grep -q "^extra 0 $EXTRA_XDP 0x0 $2" /run/room.log
	fi
}

# 1042 bytes of a ping come in as many pieces as the first page leaves.
sums_to()
{
	awk -v most="$1" '$1 == "rx" && length($7) { n++; sum += $6 }
		END { exit !(sum >= 1042 && n >= most) }' /run/room.log
}

# ---- the toolstack's, and tools ------------------------------------------

mtu_is()
{
	[ "$(cat /sys/class/net/vif0.$TEST_HANDLE/mtu)" = "$1" ]
}

refused_without_copy()
{
	front_create $TEST_HANDLE request-rx-copy=0 && front_do "state 1" &&
		front_awaits 2 && front_do "rings 1" "state 4" &&
		front_awaits 5 && xenstore-read "error/backend/vif/0/$TEST_HANDLE/error" |
		grep -q request-rx-copy
}

# fatal_is_told REASON COMMAND...: the toolstack finds the reason and a state
# that is not Connected.
fatal_is_told()
{
	local reason=$1

	shift
	front_do "$@" && front_awaits 5 &&
		xenstore-read "error/backend/vif/0/$TEST_HANDLE/error" |
		grep -q "$reason"
}

gathers()
{
	xenstore-write "/local/domain/0/device/vif/$TEST_HANDLE/feature-sg" 1
}

connect_without_mac()
{
	xenstore-rm "backend/vif/0/$TEST_HANDLE/mac" && connect_posted 1
}

# Windows' frontends close before they connect.
closes_first()
{
	front_close && connect_posted 1
}

# From Connected at once, as when Qubes takes a network away.
closes_at_once()
{
	front_do "state 6" && front_awaits 6 && front_do free
}

# Some say Initialised while they are at it.
initialised_first()
{
	front_do "state 1" && front_awaits 2 && front_do "rings 1" "state 3" &&
		front_backend_is 2 && front_do "state 4" && front_awaits 4
}

interrupts_are_named()
{
	grep -q "vif0.$TEST_HANDLE-ctrl$" /proc/interrupts &&
		grep -q "vif0.$TEST_HANDLE-q1" /proc/interrupts
}

# offers KEY VALUE
offers()
{
	[ "$(xenstore-read "backend/vif/0/$TEST_HANDLE/$1")" = "$2" ]
}

offload_is()
{
	ethtool -k vif0.$TEST_HANDLE | grep -q "^\s*$1: $2"
}

# The packet that would go there shows it.
rx_index_is_told()
{
	front_do "prod 0 rx 1000" "notify 0 rx" || return
	/usr/bin/ping -U -q -c 1 -W 1 $FAR >/dev/null
	fatal_is_told "impossible number of Rx requests"
}

# A state that no frontend can be in: it is out until it begins anew.
odd_state_is_told()
{
	fatal_is_told "saw state 2 at frontend" "state 2" &&
		front_do "state 4" && front_backend_is 5
}

tools_agree()
{
	local vif=vif0.$TEST_HANDLE

	ethtool -i $vif | grep -qx 'driver: vif' &&
		ethtool -i $vif | grep -qx "bus-info: vif-0-$TEST_HANDLE" &&
		ethtool -i $vif | grep -q '^version: [0-9]' &&
		[ "$(ethtool -g $vif | grep -c 256)" = 4 ] &&
		ethtool -l $vif | grep -q 'Combined:.*2' &&
		ethtool -T $vif | grep -q software-transmit &&
		ethtool -k $vif | grep -q 'tx-tcp-segmentation: off'
}

former_counters()
{
	local name

	for name in rx_gso_checksum_fixup tx_zerocopy_sent tx_zerocopy_success \
		tx_zerocopy_fail tx_frag_overflow; do
		ethtool -S vif0.$TEST_HANDLE | grep -q " $name: 0$" || return
	done
}

# Sums of the queues are the vif's, which are the net device's.
totals_agree()
{
	ethtool -S vif0.$TEST_HANDLE | tr -d ' ' | awk -F: \
		-v sent="$(vif_counter rx_packets)" '
		/^queue_.*_guest_tx_packets/ { sum += $2 }
		/^guest_tx_packets/ { total = $2 }
		END { exit !(total && total == sum && total == sent) }'
}

has_qstats()
{
	local major minor

	IFS=. read -r major minor _ </proc/sys/kernel/osrelease
	[ "$major" -gt 6 ] || { [ "$major" = 6 ] && [ "$minor" -ge 10 ]; }
}

# One line of qstats, which counts from the host's side.
qstat()
{
	probe qstats vif0.$TEST_HANDLE |
		awk -v what="$*" '$1 " " $2 " " $3 == what { print $4 }'
}

qstats_agree()
{
	local queue sum=0

	for queue in 0 1; do
		[ "$(qstat rx $queue packets)" = "$(ethtool -S vif0.$TEST_HANDLE |
			sed -n "s/ *queue_${queue}_guest_tx_packets: //p")" ] &&
			[ "$(qstat tx $queue bytes)" = "$(ethtool -S vif0.$TEST_HANDLE |
				sed -n "s/ *queue_${queue}_guest_rx_bytes: //p")" ] &&
			[ -n "$(qstat tx $queue hw-drops)" ] || return
		sum=$((sum + $(qstat rx $queue packets)))
	done
	[ $sum -gt 0 ]
}

ring_is_shown()
{
	grep -qx 'rx size 256' "$VIF_DEBUG/io_ring_q0" &&
		grep -q '^tx req_prod [0-9]* req_cons [1-9]' "$VIF_DEBUG/io_ring_q0" &&
		grep -q '^queued packets' "$VIF_DEBUG/io_ring_q0"
}

driver_has_groups || return 0
reload_netback
resources_before
check "the test frontend loads" front_load
check "a vif for it" front_create $TEST_HANDLE || return

check "a frontend with a control ring connects" connect_posted 2 ctrl
check "messages that make no sense are refused, each by its status" \
	refuses_bad_messages
check "so is a table with a queue that is not there" refuses_bad_table
check "a key, a table and all types of hashes are set" sets_hash
check "debugfs shows them" shows_hash
check "addresses for a published flow" address_rss
check "its packets have the published hash and come where the table says" \
	hashed 1 $RSS_ADDRESSES ping_rss
check "so do those of TCP, by addresses and ports" \
	hashed 1 $RSS_PORTS connect_rss
check "without the algorithm no hash comes" hash_ends
check "a hash of the frontend's is taken along" sends_hash 000178563412
check "one of a type that does not exist is ignored" sends_hash ff0178563412
check "a hundred messages hinder nobody" floods_ctrl
check "the backend has broken no rule of the rings" front_content
check "ethtool shows driver, rings, channels and what was negotiated" \
	tools_agree
check "the former driver's counters are there" former_counters
check "counters of vif and queues agree" totals_agree
! has_qstats || check "netlink has the counters of each queue" qstats_agree
check "debugfs shows a ring" ring_is_shown
check "which can be kicked" write kick "$VIF_DEBUG/io_ring_q0"
check "interrupts are named after vif and queue" interrupts_are_named
check "it takes no other word" \
	refused "io_ring_q0 wants" write kill "$VIF_DEBUG/io_ring_q0"
check "answers come in the order of the requests, good and bad" \
	answers_in_order
check "the bus counts its events" bus_counts_events
check "messages left by a former backend are answered" answers_what_was_left
check "device removed" front_remove

check "a vif that wants to choose its groups" front_create $TEST_HANDLE \
	request-multicast-control=1
check "it connects" connect_posted 1
check "a group it has not named is kept from it" group_comes no 224.1.2.3
check "broadcasts are not" broadcast_comes
check "nor are packets to it" answers_arp
check "it names the group" names add 224.1.2.3 0
check "and gets it" group_comes yes 224.1.2.3
check "it names it twice" names add 224.1.2.3 0
check "takes it back once" names del 224.1.2.3 0
check "and gets it no more" group_comes no 224.1.2.3
check "it changes its mind, and back" follows_request
check "the list takes 64, a 65th is refused" fills_list
check "closed and connected anew" connected_anew
check "the list is empty" group_comes no 224.9.9.64
check "it names a group" names add 224.5.5.6 0
check "the driver leaves the vif and comes back" rebound
check "as nobody knows what groups it named, it gets all" \
	group_comes yes 224.5.5.5
check "device removed again" front_remove

check "a vif that wants headroom" front_create $TEST_HANDLE xdp-headroom=256
check "it connects, too" connect_posted 1
check "packets come behind 256 bytes" lies_at 256 0001
check "it wants none" headroom 0
check "packets come without" lies_at 0
check "it wants more than a page" headroom 32767
check "it gets what leaves an Ethernet header" lies_at 4082 f20f
check "the rest of the packet is in the next page" sums_to 2
check "device removed once more" front_remove

check "a vif that closes first, without checksums" \
	front_create $TEST_HANDLE feature-no-csum-offload=1
check "connects all the same" closes_first
check "has no checksum offload to it" offload_is tx-checksum-ipv4 off
check "and goes away" front_remove
check "a vif with an MTU of the toolstack's" \
	front_create $TEST_HANDLE back/mtu=1400
check "has it" mtu_is 1400
check "and goes" front_vanish
check "one with an MTU for jumbo frames, without scatter-gather" \
	front_create $TEST_HANDLE back/mtu=9000 feature-sg=0
check "it connects, with an MTU of a page's" eval 'connect_posted 1 && mtu_is 1500'
check "with scatter-gather it has what the toolstack said" eval \
	'gathers && connected_anew && mtu_is 9000'
check "and goes as it should" front_remove
check "one with a bad MTU" front_create $TEST_HANDLE back/mtu=70000
check "has the usual one" mtu_is 1500
check "and connects without a mac" connect_without_mac
check "an impossible ring is told to the toolstack" fatal_is_told \
	"impossible number of Tx requests" "prod 0 tx 1000" "notify 0 tx"
check "after which it can connect again" connected_anew
check "so is a state that makes no sense" odd_state_is_told
check "after which it can, too" connected_anew ctrl
check "so is an impossible control ring" fatal_is_told \
	"impossible number of control requests" "prod ctrl 1000" "notify ctrl"
check "after which it can once more" connected_anew
check "an impossible index for guest Rx is told as well" rx_index_is_told
check "and forgiven as well" connected_anew
check "a frontend that closes at once" closes_at_once
check "says Initialised on its way" initialised_first
check "closes, says that it closes once more, and connects" connected_anew
check "and goes, too" front_remove
check "a frontend that does not ask for copies is refused" refused_without_copy
check "and goes as well" front_vanish
check "the driver with other parameters" reload_netback \
	separate_tx_rx_irq=0 provides_xdp_headroom=0 hash_cache_size=7
check "a vif that wants headroom once more" \
	front_create $TEST_HANDLE xdp-headroom=256
check "it is offered none" offers feature-xdp-headroom 0
check "nor an event channel for each direction" \
	offers feature-split-event-channels 0
check "it connects with one" connect_posted 1
check "packets come without headroom" lies_at 0
check "and that is that" front_remove
check "the test frontend unloads" front_unload
xenstore-rm /local/domain/0/error/backend 2>/dev/null
check_nothing_leaked "after the protocol"
check_unloads
# Refusals are errors in the log, as they must be.
check_no_reports
