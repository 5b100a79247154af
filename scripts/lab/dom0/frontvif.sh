# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	test frontend --- vif0.8 (netback), all of it in dom0
#
# What more than one scenario does with a vif of the test frontend; most of them have
# just this one. See front.sh.

readonly TEST_HANDLE=8
readonly TEST_VIF=vif0.$TEST_HANDLE
# shellcheck disable=SC2034 # for the scenarios
readonly VIF_DEBUG=$NETBACK_DEBUG/$TEST_VIF
# Its two ends.
readonly NEAR=10.$TEST_HANDLE.0.1
readonly FAR=10.$TEST_HANDLE.0.11
# Of dom0's server that sends each datagram back.
readonly ECHO_PORT=7
# Rx requests of a queue, where there are to be enough.
readonly POSTED=200

# connect_posted QUEUES [split] [ctrl]
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

# reconnected [split] [ctrl]: after whatever was before, with one queue.
reconnected()
{
	front_close && front_free 0 && connect_posted 1 "$@"
}

start_echo()
{
	probe echo $ECHO_PORT >/dev/null 2>&1 &
	echo $! >/run/echo.pid
}

end_echo()
{
	kill "$(cat /run/echo.pid)"
	rm /run/echo.pid
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
		"$(front_udp "$(front_near)" "$ECHO_PORT" "$payload")" "$@" &&
		front_statuses "$queue" $((slots + infos)) \
			"$slots $RSP_OKAY" "$infos $RSP_NULL" || return
	# shellcheck disable=SC2046 # a queue each
	wait_until 10 "the answer" front_came "$payload" \
		$(seq 0 $((queues - 1))) && return
	tail -n 20 "$FRONT_SAID"
	return 1
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

flood_over()
{
	front_log | grep -qx "flood 0 done"
}

# dom0_has_got COUNT packets or more from the guest.
dom0_has_got()
{
	[ "$(front_counter rx_packets)" -ge "$1" ]
}

# While the frontend sends and takes without end.
vanish_in_floods()
{
	local status

	connect_posted 1 && put_strange &&
		front_do "flood 0 0" "take 0" || return
	/usr/bin/ping -U -q -f -w 20 $FAR >/dev/null 2>&1 &
	wait_until 10 "it sends" \
		dom0_has_got $(($(front_counter rx_packets) + 1000)) &&
		front_vanish
	status=$?
	kill $!
	return $status
}
