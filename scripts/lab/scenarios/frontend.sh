# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	test frontend --- vif0.8 (netback), all of it in dom0
#
# What any netback does for a frontend that keeps to the rules, and for one that
# just does not; so also that the test frontend itself is right, see
# dom0/front.sh.
#
# in: check quick short
# needs: front
# takes: 36

readonly TEST_HANDLE=8
readonly ECHO_PORT=7
readonly NEAR=10.$TEST_HANDLE.0.1
readonly FAR=10.$TEST_HANDLE.0.11
# In each direction, a queue.
readonly POSTED=200

# XEN_NETIF_RSP_ of netif.h.
readonly OKAY=0
readonly ERROR=-1
readonly NULL=1

# connect_posted QUEUES [split]
connect_posted()
{
	front_connect "$@" && post_all "$1"
}

post_all()
{
	local queue

	for queue in $(seq 0 $(($1 - 1))); do
		front_do "post $queue $POSTED" || return
	done
}

# echoed QUEUES QUEUE ID SLOTS [EXTRA...]: a datagram of 700 bytes is sent on
# one queue, dom0 answers it and the answer comes by any of them.
echoed()
{
	local queues=$1 queue=$2 id=$3 slots=$4 payload infos

	shift 4
	infos=$(($# / 3))
	payload=$(front_pattern "$id" 700)
	front_put "$queue" "$id" "$slots" \
		"$(front_udp "$NEAR" "$ECHO_PORT" "$payload")" "$@" &&
		front_statuses "$queue" $((slots + infos)) \
			"$slots $OKAY" "$infos $NULL" || return
	# shellcheck disable=SC2046 # a queue each
	wait_until 10 "the answer" front_came "$payload" \
		$(seq 0 $((queues - 1))) && return
	tail -n 20 "$FRONT_SAID"
	return 1
}

# Each queue sends one.
echoed_each()
{
	local queue

	for queue in $(seq 0 $(($1 - 1))); do
		echoed "$1" "$queue" $((17 + queue)) 1 || return
	done
}

# refused_packet SLOTS: all its slots are answered with an error, and it does
# not arrive.
refused_packet()
{
	local before

	before=$(received_by_dom0)
	front_put 0 100 "$1" \
		"$(front_udp "$NEAR" "$ECHO_PORT" "$(front_pattern 1 700)")" &&
		front_answers 0 "$1" $ERROR || return
	[ "$(received_by_dom0)" = "$before" ]
}

received_by_dom0()
{
	cat "/sys/class/net/vif0.$TEST_HANDLE/statistics/rx_packets"
}

# dom0 sends so many pings; they come in order, each in its request's slot.
in_order()
{
	front_do "received 0" && front_log >/dev/null
	/usr/bin/ping -U -q -c "$1" -i 0.01 -W 1 -s 100 $FAR >/dev/null
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

# Datagrams that dom0 drops, for their address is another's. A few, each in a
# page of its own: Xen lets no page be mapped more than 255 times at once.
readonly STRANGE=4

put_strange()
{
	local frame id

	frame=$(front_udp "$NEAR" "$ECHO_PORT" "$(front_pattern 1 700)" \
		00:16:3e:00:00:99)
	for id in $(seq $STRANGE); do
		front_put 0 "$id" 1 "$frame" || return
	done
}

# So many times all of them.
flood_answered()
{
	local before all=$(($1 * STRANGE))

	before=$(received_by_dom0)
	front_log >/dev/null
	put_strange && front_do "flood 0 $1" &&
		wait_until 20 "the flood is over" flood_over &&
		front_refuses "push 0" && front_do "calm 0" || return
	front_log
	grep -qx "flood 0 sent $1 ok $all error 0 dropped 0 null 0" \
		/run/front.log && wait_until 5 "dom0 has got all" \
		dom0_has_got $((before + all))
}

flood_over()
{
	front_log | grep -qx "flood 0 done"
}

# More than that may come: dom0 speaks to its neighbours.
taken()
{
	front_do "take 0" && front_refuses "post 0 1" || return
	/usr/bin/ping -U -q -c "$1" -i 0.01 -W 1 $FAR >/dev/null
	front_log >/dev/null
	front_do "calm 0" && front_log | awk -v least="$1" '
		/^take 0 packets/ && $4 >= least && $6 >= 98 * $4 / 2 &&
			$8 == 0 { good = 1 }
		{ print }
		END { exit !good }'
}

# A type that nobody knows, and is not to be known.
unknown_message()
{
	front_log >/dev/null
	front_do "ctrl 0xffff 1 2 3" && front_log | grep -x "ctrl 65535 1 0"
}

# One request is shown that was never put: what the new ring has there is too
# short for a packet.
judge_sees()
{
	connect_posted 1 && front_do "prod 0 tx 1" "notify 0 tx" "answers 0 1" &&
		front_log | grep -x "wrong tx 0 id 0 status $ERROR"
}

removed_in_floods()
{
	local status

	connect_posted 1 && put_strange &&
		front_do "flood 0 0" "take 0" || return
	/usr/bin/ping -U -q -f -w 20 $FAR >/dev/null 2>&1 &
	wait_until 10 "it sends" dom0_has_got $(($(received_by_dom0) + 1000)) &&
		front_vanish
	status=$?
	kill $!
	return $status
}

dom0_has_got()
{
	[ "$(received_by_dom0)" -ge "$1" ]
}

close_and_free()
{
	front_close && front_free 0
}

# An answer that was not asked for, were there one, would be seen.
refuses_nonsense()
{
	front_refuses "nonsense" "rings 0" "rings 17" "rings 1 both" \
		"tx 1 0 0 0 0 0" "tx 0 65536 0 0 0 0" "tx 0 0 0 256 0 0" \
		"fill 0 0 4095 0011" "fill 0 0 4097 00" "fill 0 0 0 0" \
		"fill 0 0 0 0g" "raw 0 00112233445566778899aabbcc" \
		"post 0 257" "state 9" "ctrl 1" "flood 0 1" "received 0 4097"
}

end_echo()
{
	kill "$(cat /run/echo.pid)"
	rm /run/echo.pid
}

reload_netback
resources_before
check "the test frontend loads" front_load
check "a vif for it" front_create $TEST_HANDLE || return
probe echo $ECHO_PORT >/dev/null 2>&1 &
echo $! >/run/echo.pid

for queues in 1 2; do
	for channels in common split; do
		text="$queues queues, $channels channels"
		check "$text: both ends connect" \
			connect_posted "$queues" ${channels#common}
		check "$text: a packet each way on each, every byte compared" \
			echoed_each "$queues"
		check "$text: closed, no page of the frontend is in use" \
			close_and_free
	done
done

check "connected once more" connect_posted 1
check "commands out of their limits are refused" refuses_nonsense
check "pings come in their order, each in its request's slot" in_order 50
check "18 slots beyond the first make a packet" echoed 1 0 20 19
check "an extra info is answered with RSP_NULL" \
	echoed 1 0 50 1 4 0 000100000001
check "and so are two of them, before more slots" \
	echoed 1 0 60 3 4 1 000100000001 5 0 000000000000
check "19 slots beyond the first are answered with an error" refused_packet 20
check "the ring goes on" echoed 1 0 70 1
check "20 slots beyond the first are answered with an error" refused_packet 21
check "the ring goes on after these, too" echoed 1 0 80 1
check "a flood is answered, a packet an answer" flood_answered 500
check "200 pings are taken" taken 200
rings=2
if front_offered feature-ctrl-ring; then
	rings=3
	check "closed for a control ring" close_and_free
	check "connected with one" front_connect 1 ctrl
	check "an unknown message is answered as not supported" unknown_message
fi
check "the backend has broken no rule of the rings" front_content
check "freed below the backend, its rings are seen to be in use" \
	front_free "$rings"
check "device removed" front_remove
check "another one" front_create $TEST_HANDLE
check "an answer that has no request is called wrong" judge_sees
check "the vif survives that" close_and_free
check "removed while it sends and takes without end" removed_in_floods
end_echo
check "the test frontend unloads" front_unload
check_nothing_leaked "after the frontend"
check_unloads
# The distribution's warns of a queue that the vif has no longer.
if driver_has_groups; then
	check_quiet_log
fi
