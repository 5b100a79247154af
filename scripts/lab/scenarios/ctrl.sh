# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	test frontend --- vif0.8 (netback), all of it in dom0
#
# The control ring: hashes, their keys and tables, by which a frontend chooses the
# queue of each packet, messages that make no sense, and hashes that the frontend
# sends along with packets.
#
# in: check
# needs: front our-driver
# takes: 25

# Of netif.h: types of extra infos, status of a control message.
readonly EXTRA_HASH=4
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

# tells STATUS DATA TYPE [WORDS...]: a message is answered with status and data.
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

# A table with an entry for a missing queue changes nothing.
refuses_bad_table()
{
	front_do "cfill 1 0 01000000010000000100000002000000" &&
		tells $INVALID 0 6 p1 4 0 &&
		! grep -q '^mapping [0-3] [^0]' "$VIF_DEBUG/ctrl"
}

# All types of hashes, and a table that maps every hash to queue 1.
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
	/bin/ip addr add $RSS_FROM/32 dev "$TEST_VIF" &&
		/bin/ip route add $RSS_TO/32 dev "$TEST_VIF" \
			src $RSS_FROM &&
		/bin/ip neigh replace $RSS_TO nud permanent \
			lladdr "$(front_mac)" dev "$TEST_VIF"
}

# came_with QUEUE TYPE HEX: such an extra info came on that queue.
came_with()
{
	front_do "received $1 64" && front_log |
		grep -q "^extra $1 $2 0x0 $3"
}

# hashed QUEUE HEX COMMAND...: the packet that the command sends comes on that queue
# with that hash.
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

# For a moment dom0 has one port to connect from.
connect_rss()
{
	local range=/proc/sys/net/ipv4/ip_local_port_range ports

	ports=$(cat $range)
	echo "$RSS_FROM_PORT $RSS_FROM_PORT" >$range
	nc -w 1 $RSS_TO $RSS_TO_PORT </dev/null
	echo "$ports" >$range
}

# The frontend wants no hash, and none comes.
hash_ends()
{
	tells $SUCCESS 0 7 0 || return
	front_do "received 0" "received 1" && front_log >/dev/null
	ping_rss >/dev/null
	front_do "received 0 64" "received 1 64" && front_log >/run/hash.end
	grep -q '^rx' /run/hash.end && ! grep "^extra . $EXTRA_HASH" /run/hash.end
}

# sends_hash HEX: a packet with that extra info for a hash arrives.
sends_hash()
{
	local before

	before=$(front_counter rx_packets)
	front_put 0 5 1 "$(front_udp "$NEAR" 9 "$(front_pattern 1 100)")" \
		$EXTRA_HASH 0 "$1" &&
		front_statuses 0 2 "1 0" "1 1" &&
		wait_until 5 "a packet" dom0_got_exactly $((before + 1))
}

dom0_got_exactly()
{
	[ "$(front_counter rx_packets)" = "$1" ]
}

# A full ring of messages is put several times, and all are answered.
floods_ctrl()
{
	for _ in $(seq 20); do
		front_do "ctrlput 7 1" "ctrlput 2 15" "ctrlput 5 64" || return
	done
	wait_until 10 "answers to all" answers_reach 60
}

answers_reach()
{
	front_do ctrlanswers && front_log >/dev/null
	[ "$(tail -n 200 "$FRONT_SAID" | grep -c '^ctrl [725] 0 0')" -ge "$1" ]
}

# The messages are put while no driver has the vif, and answered when one has it.
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

# Each kind of message that makes no sense, and the status that it has to get.
bad_messages()
{
	check flags-before-algorithm \
		"ctrl ring: GET_HASH_FLAGS without an algorithm returns NOT_SUPPORTED" \
		tells $NOT_SUPPORTED 0 1
	check set-flags-before-algorithm \
		"ctrl ring: SET_HASH_FLAGS without an algorithm returns NOT_SUPPORTED" \
		tells $NOT_SUPPORTED 0 2 15
	check unknown-algorithm \
		"ctrl ring: SET_HASH_ALGORITHM 2 returns INVALID_PARAMETER" \
		tells $INVALID 0 7 2
	check algorithm \
		"ctrl ring: SET_HASH_ALGORITHM 1 (Toeplitz) returns SUCCESS" \
		tells $SUCCESS 0 7 1
	check unknown-flags \
		"ctrl ring: SET_HASH_FLAGS with an unknown flag returns INVALID_PARAMETER" \
		tells $INVALID 0 2 16
	check key-overflow \
		"ctrl ring: SET_HASH_KEY longer than 40 bytes returns BUFFER_OVERFLOW" \
		tells $OVERFLOW 0 3 p0 41
	check key-bad-grant \
		"ctrl ring: SET_HASH_KEY with a bad grant returns INVALID_PARAMETER" \
		tells $INVALID 0 3 0xfffff 40
	check size-too-large \
		"ctrl ring: SET_HASH_MAPPING_SIZE of 129 returns INVALID_PARAMETER" \
		tells $INVALID 0 5 129
	check size \
		"ctrl ring: SET_HASH_MAPPING_SIZE of 4 returns SUCCESS" \
		tells $SUCCESS 0 5 4
	check mapping-overflow \
		"ctrl ring: SET_HASH_MAPPING of 129 entries returns BUFFER_OVERFLOW" \
		tells $OVERFLOW 0 6 p0 129 0
	check mapping-too-many \
		"ctrl ring: SET_HASH_MAPPING of more entries than its size returns INVALID_PARAMETER" \
		tells $INVALID 0 6 p0 5 0
	check mapping-beyond-end \
		"ctrl ring: SET_HASH_MAPPING beyond its size returns INVALID_PARAMETER" \
		tells $INVALID 0 6 p0 4 1
	check mapping-offset-wraps \
		"ctrl ring: SET_HASH_MAPPING with an offset that wraps returns INVALID_PARAMETER" \
		tells $INVALID 0 6 p0 0x20 0xfffffff0
	check mapping-bad-grant \
		"ctrl ring: SET_HASH_MAPPING with a bad grant returns INVALID_PARAMETER" \
		tells $INVALID 0 6 0xfffff 4 0
	check type-0 \
		"ctrl ring: a message of type 0 returns NOT_SUPPORTED" \
		tells $NOT_SUPPORTED 0 0
	check type-8 \
		"ctrl ring: a message of type 8 returns NOT_SUPPORTED" \
		tells $NOT_SUPPORTED 0 8
	check type-65535 \
		"ctrl ring: a message of type 65535 returns NOT_SUPPORTED" \
		tells $NOT_SUPPORTED 0 65535
}

reload_netback
resources_before
check module-loads "test frontend: the module loads" front_load
check vif-created "test frontend: a vif is created" \
	front_create "$TEST_HANDLE" || return
check connect "two queues and a control ring: both ends connect" \
	connect_posted 2 ctrl
bad_messages
check mapping-no-such-queue \
	"ctrl ring: SET_HASH_MAPPING to a queue that does not exist changes nothing" \
	refuses_bad_table
check hash-set "ctrl ring: key, table and all hash types are set" sets_hash
check hash-shown "file ctrl in debugfs: it has algorithm, types, key and table" \
	shows_hash
check rss-addresses "dom0: it has the addresses of a published flow" address_rss
check rss-ping \
	"published flow: its pings have the published hash and come on the queue of the table" \
	hashed 1 $RSS_ADDRESSES ping_rss
check rss-tcp \
	"published flow: its TCP has the hash of ports and comes on the queue of the table" \
	hashed 1 $RSS_PORTS connect_rss
check hash-ends "ctrl ring: with algorithm NONE packets come without a hash" \
	hash_ends
check tx-hash "guest Tx: a packet with a hash arrives" sends_hash 000178563412
check tx-hash-bad-type "guest Tx: a packet with a hash of no type arrives" \
	sends_hash ff0178563412
check many-messages "ctrl ring: 60 messages one after the other are answered" \
	floods_ctrl
check rules-kept "all rings: the backend has broken no rule so far" front_content
check left-messages \
	"ctrl ring: messages put while no driver has the vif are answered later" \
	answers_what_was_left
check removed "vif with a control ring: it is removed" front_remove
check module-unloads "test frontend: the module unloads" front_unload
xenstore-rm /local/domain/0/error/backend 2>/dev/null
check_nothing_leaked "after the control ring"
check_unloads
# Refusals are errors in the log, as they must be.
check_no_reports
