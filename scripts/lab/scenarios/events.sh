# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	test frontend --- vif0.8 (netback), all of it in dom0
#
# Tracepoints of a vif: states of both ends, dropped packets with the reason, failed
# copies, a rate that is reached, stalls, and a guest that breaks the rules.
#
# in: check world
# needs: front our-driver
# takes: 15

readonly PKTGEN=/proc/net/pktgen

states_are_traced()
{
	traced netbk_state "vif=$TEST_VIF end=back state=initwait" &&
		traced netbk_state "vif=$TEST_VIF end=front state=connected" &&
		traced netbk_state "vif=$TEST_VIF end=back state=connected"
}

# dropped DIR WHY [REASON]: the driver's own reason, and the kernel's. An answer may
# come before the packet is dropped.
dropped()
{
	wait_until 5 "a drop" traced netbk_drop \
		"vif=$TEST_VIF queue=0 dir=$1 why=$2" || return
	[ $# -lt 3 ] || traced kfree_skb ".*reason: $3"
}

# An Ethernet frame has at least 14 bytes.
sends_too_little()
{
	front_do "tx 0 9 0 0 0 13" && front_answers 0 1 -1 &&
		dropped tx request
}

# The guest leaves the checksum blank, but protocol 99 has none.
sends_odd_header()
{
	local frame

	frame=$(front_udp "$NEAR" 9 "$(front_pattern 1 100)" |
		sed 's/\(.\{46\}\)../\163/')
	front_do "fill 0 1 0 $frame" "tx 0 1 1 1 0 $((${#frame} / 2))" &&
		front_answers 0 1 0 && dropped tx header DEV_HDR
}

sends_no_grant()
{
	front_do "tx 0 2 0 g0xfffff 0 60" && front_answers 0 1 -1 &&
		dropped tx copy SKB_UCOPY_FAULT &&
		traced netbk_copy_failed "vif=$TEST_VIF queue=0 dir=tx status=-3"
}

# The frontend has not named the group.
gets_no_group()
{
	/usr/bin/ping -U -q -c 1 -w 1 -I "$TEST_VIF" 224.1.2.3 >/dev/null
	dropped rx multicast OTHERHOST
}

# The stack would not send it, but pktgen does. pktgen divides by the time that it
# took, so that must not be 0.
gets_no_giant()
{
	echo rem_device_all >$PKTGEN/kpktgend_0
	echo "add_device $TEST_VIF" >$PKTGEN/kpktgend_0
	for word in 'count 1000' 'delay 100000' 'pkt_size 70000' "dst $FAR" \
		"dst_mac $(front_mac)"; do
		echo "$word" >$PKTGEN/"$TEST_VIF" || return
	done
	echo start >$PKTGEN/pgctrl
	echo rem_device_all >$PKTGEN/kpktgend_0
	dropped rx size
}

reaches_its_rate()
{
	front_put 0 1 1 "$(front_udp "$NEAR" 9 "$(front_pattern 3 958)")" &&
		front_do "flood 0 0" && wait_until 20 "its rate" \
			traced netbk_limit "vif=$TEST_VIF dir=tx ns=[1-9][0-9]*" &&
		front_do "calm 0" && front_log
}

# ping_until_stalled 0|1: pings until the trace has that state.
ping_until_stalled()
{
	/usr/bin/ping -U -q -c 2 -i 0.1 -W 1 "$FAR" >/dev/null
	traced netbk_stall "vif=$TEST_VIF queue=0 stalled=$1"
}

stalls()
{
	wait_until 20 "a stall" ping_until_stalled 1 &&
		dropped rx timeout FULL_RING
}

goes_on()
{
	front_do "post 0 200" && wait_until 20 "the end of it" \
		ping_until_stalled 0
}

# The index is more than a ring away from any that the flood may have reached.
breaks_the_rules()
{
	front_do "prod 0 tx 2000000000" "notify 0 tx" && front_awaits 5 &&
		traced netbk_broken \
			"vif=$TEST_VIF reason=impossible number of Tx requests" &&
		traced netbk_state "vif=$TEST_VIF end=back state=closing"
}

reload_netback rx_drain_timeout_msecs=300 rx_stall_timeout_msecs=900
resources_before
check trace-on "tracepoints: they are switched on" trace_begin \
	xen_netback skb/kfree_skb
check module-loads "test frontend: the module loads" front_load
modprobe pktgen
check vif-created \
	"test frontend: a vif with a rate and with multicast control is created" \
	front_create "$TEST_HANDLE" \
	request-multicast-control=1 back/rate=50000,50000
check connect "test frontend: it connects" front_connect 1
check states "tracepoint netbk_state: it has the states of both ends" \
	states_are_traced
check drop-request \
	"tracepoint netbk_drop: a packet of 13 bytes is dropped for its request" \
	sends_too_little
check drop-header \
	"tracepoint netbk_drop: a blank checksum of protocol 99 is dropped for its header" \
	sends_odd_header
check drop-copy \
	"tracepoints netbk_drop, netbk_copy_failed: a grant never made is dropped with the status of Xen" \
	sends_no_grant
check drop-multicast \
	"tracepoint netbk_drop: a packet to a group not asked for is dropped for it" \
	gets_no_group
check drop-size \
	"tracepoint netbk_drop: a packet of 70,000 bytes is dropped for its size" \
	gets_no_giant
check limit "tracepoint netbk_limit: a flood of the guest reaches its rate" \
	reaches_its_rate
check stall \
	"tracepoints netbk_drop, netbk_stall: without Rx requests packets time out and the queue stalls" \
	stalls
check stall-ends \
	"tracepoint netbk_stall: the queue is not stalled after the guest has posted" \
	goes_on
check broken \
	"tracepoint netbk_broken: a frontend that breaks the rules is traced with the reason" \
	breaks_the_rules
check removed "test frontend: the vif is removed" front_remove
check module-unloads "test frontend: the module unloads" front_unload
rmmod pktgen
check trace-off "tracepoints: they are switched off" trace_end
xenstore-rm /local/domain/0/error/backend 2>/dev/null
check_nothing_leaked "after the events"
check_unloads
# Refusals are errors in the log, as they must be.
check_no_reports
