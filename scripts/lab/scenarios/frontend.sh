# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	test frontend --- vif0.8 (netback), all of it in dom0
#
# What any netback does for a frontend that keeps to the rules or just exceeds them.
# The distribution's driver passes as well, which shows that the test frontend is
# right; see dom0/front.sh.
#
# in: check quick world
# needs: front
# takes: 36

# Each queue sends a datagram.
echoed_each()
{
	local queue

	for queue in $(seq 0 $(($1 - 1))); do
		echoed "$1" "$queue" $((17 + queue)) 1 || return
	done
}

# refused_packet SLOTS: all of its slots are answered with an error, and the packet
# does not arrive.
refused_packet()
{
	local before

	before=$(front_counter rx_packets)
	front_put 0 100 "$1" \
		"$(front_udp "$NEAR" "$ECHO_PORT" "$(front_pattern 1 700)")" &&
		front_answers 0 "$1" "$RSP_ERROR" || return
	[ "$(front_counter rx_packets)" = "$before" ]
}

# in_order COUNT: pings of dom0 come in order, each in the slot of its request.
in_order()
{
	front_do "received 0" && front_log >/dev/null
	/usr/bin/ping -U -q -c "$1" -i 0.01 -W 1 -s 100 "$FAR" >/dev/null
	front_do "received 0 64 $1" || return
	front_log | ping_sequence >/run/came
	seq "$1" >/run/sent
	cmp /run/sent /run/came && front_content && return
	paste /run/sent /run/came
	return 1
}

# The numbers of the ICMP echo requests over IPv4 in the log's frames.
ping_sequence()
{
	local number

	awk '$1 == "rx" && substr($7, 25, 4) == "0800" &&
		substr($7, 47, 2) == "01" && substr($7, 69, 2) == "08" {
			print "0x" substr($7, 81, 4)
		}' | while read -r number; do
		echo $((number))
	done
}

# flood_answered TIMES: all packets are sent that often.
flood_answered()
{
	local before all=$(($1 * STRANGE))

	before=$(front_counter rx_packets)
	front_log >/dev/null
	put_strange && front_do "flood 0 $1" &&
		wait_until 20 "the flood is over" flood_over &&
		front_refuses "push 0" && front_do "calm 0" || return
	front_log
	grep -qx "flood 0 sent $1 ok $all error 0 dropped 0 null 0" \
		/run/front.log && wait_until 5 "dom0 has got all" \
		dom0_has_got $((before + all))
}

# taken COUNT: more packets may come, as dom0 asks for its neighbours.
taken()
{
	front_do "take 0" && front_refuses "post 0 1" || return
	/usr/bin/ping -U -q -c "$1" -i 0.01 -W 1 "$FAR" >/dev/null
	front_log >/dev/null
	front_do "calm 0" && front_log | awk -v least="$1" '
		/^take 0 packets/ && $4 >= least && $6 >= 98 * $4 / 2 &&
			$8 == 0 { good = 1 }
		{ print }
		END { exit !good }'
}

# Type 0xffff is unknown and will stay so.
unknown_message()
{
	front_log >/dev/null
	front_do "ctrl 0xffff 1 2 3" && front_log | grep -x "ctrl 65535 1 0"
}

# The index covers one request that was never put: the new ring has zeros there, too
# short for a packet.
judge_sees()
{
	connect_posted 1 && front_do "prod 0 tx 1" "notify 0 tx" "answers 0 1" &&
		front_log | grep -x "wrong tx 0 id 0 status $RSP_ERROR"
}

close_and_free()
{
	front_close && front_free 0
}

# A command outside its limits is refused and puts nothing on a ring.
refuses_nonsense()
{
	front_refuses "nonsense" "rings 0" "rings 17" "rings 1 both" \
		"tx 1 0 0 0 0 0" "tx 0 65536 0 0 0 0" "tx 0 0 0 256 0 0" \
		"fill 0 0 4095 0011" "fill 0 0 4097 00" "fill 0 0 0 0" \
		"fill 0 0 0 0g" "raw 0 00112233445566778899aabbcc" \
		"post 0 257" "state 9" "ctrl 1" "flood 0 1" "received 0 4097"
}

reload_netback
resources_before
check module-loads "test frontend: the module loads" front_load
check vif-created \
	"test frontend: nodes in xenstore make a vif in state InitWait" \
	front_create "$TEST_HANDLE" || return
start_echo

for queues in 1 2; do
	for channels in common split; do
		text="$queues queues, $channels channels"
		check "connect-$queues-$channels" "$text: both ends connect" \
			connect_posted "$queues" ${channels#common}
		check "packet-each-way-$queues-$channels" \
			"$text: a packet each way on each queue arrives byte by byte" \
			echoed_each "$queues"
		check "close-frees-$queues-$channels" \
			"$text: after closing no page of the frontend is in use" \
			close_and_free
	done
done

check reconnect \
	"one queue: the frontend connects after earlier connections were closed" \
	connect_posted 1
check bad-commands "test frontend: commands out of their limits are refused" \
	refuses_nonsense
check rx-order \
	"guest Rx: 50 pings come in order, each in the slot of its request" \
	in_order 50
check tx-18-slots "guest Tx: a packet with 18 slots beyond the first arrives" \
	echoed 1 0 20 19
check tx-extra \
	"guest Tx: an extra info is answered with RSP_NULL, its packet arrives" \
	echoed 1 0 50 1 4 0 000100000001
check tx-two-extras \
	"guest Tx: two extra infos before more slots are answered with RSP_NULL" \
	echoed 1 0 60 3 4 1 000100000001 5 0 000000000000
check tx-19-slots \
	"guest Tx: 19 slots beyond the first are all answered with RSP_ERROR" \
	refused_packet 20
check tx-after-19-slots \
	"guest Tx: a good packet arrives after one of 20 slots was refused" \
	echoed 1 0 70 1
check tx-20-slots \
	"guest Tx: 20 slots beyond the first are all answered with RSP_ERROR" \
	refused_packet 21
check tx-after-20-slots \
	"guest Tx: a good packet arrives after one of 21 slots was refused" \
	echoed 1 0 80 1
check tx-flood \
	"guest Tx: every packet of a flood is answered once and arrives" \
	flood_answered 500
check rx-flood "guest Rx: a frontend that takes without end gets 200 pings" \
	taken 200
rings=2
if front_offered feature-ctrl-ring; then
	rings=3
	check close-for-ctrl \
		"one queue: after closing no page is in use, before a control ring" \
		close_and_free
	check ctrl-connect "one queue and a control ring: both ends connect" \
		front_connect 1 ctrl
	check ctrl-unknown \
		"control ring: an unknown message is answered NOT_SUPPORTED" \
		unknown_message
fi
check rules-kept "all rings: the backend has broken no rule so far" \
	front_content
check rings-in-use \
	"connected frontend: exactly the pages of its rings are in use" \
	front_free "$rings"
check removed "connected vif: it is removed" front_remove
check second-vif "test frontend: another vif is created" \
	front_create "$TEST_HANDLE"
check stray-answer \
	"test frontend: an answer without a request is reported as wrong" \
	judge_sees
check stray-request \
	"vif with a request that was never put: it closes, no page in use" \
	close_and_free
check vanish-in-flood \
	"frontend that sends and takes without end: its vif vanishes" \
	vanish_in_floods
end_echo
check module-unloads "test frontend: the module unloads" front_unload
check_nothing_leaked "after the frontend"
check_unloads
# The distribution's driver warns of a queue that the vif has no longer.
if driver_has_groups; then
	check_quiet_log
fi
