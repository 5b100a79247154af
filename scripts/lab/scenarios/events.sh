# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	test frontend --- vif0.8 (netback), all of it in dom0
#
# What tracepoints tell of a vif: states of both ends, packets that are dropped,
# with the reason, copies that fail, a rate that is reached, stalls, and what a
# guest did that ended its service.
#
# in: check short
# needs: front our-driver
# takes: 15

readonly TEST_HANDLE=8
readonly VIF=vif0.$TEST_HANDLE
readonly NEAR=10.$TEST_HANDLE.0.1
readonly FAR=10.$TEST_HANDLE.0.11
readonly PKTGEN=/proc/net/pktgen

states_are_traced()
{
	traced netbk_state "vif=$VIF end=back state=initwait" &&
		traced netbk_state "vif=$VIF end=front state=connected" &&
		traced netbk_state "vif=$VIF end=back state=connected"
}

# dropped DIR WHY [REASON]: by the driver's own words, and by the kernel's. An
# answer may come before the packet is dropped.
dropped()
{
	wait_until 5 "a drop" traced netbk_drop \
		"vif=$VIF queue=0 dir=$1 why=$2" || return
	[ $# -lt 3 ] || traced kfree_skb ".*reason: $3"
}

# An Ethernet frame is 14 bytes.
sends_too_little()
{
	front_do "tx 0 9 0 0 0 13" && front_answers 0 1 -1 &&
		dropped tx request
}

# A checksum is to be filled in, and the protocol, 99, has none.
sends_odd_header()
{
	local frame

	frame=$(front_udp $NEAR 9 "$(front_pattern 1 100)" |
		sed 's/\(.\{46\}\)../\163/')
	front_do "fill 0 1 0 $frame" "tx 0 1 1 1 0 $((${#frame} / 2))" &&
		front_answers 0 1 0 && dropped tx header DEV_HDR
}

sends_no_grant()
{
	front_do "tx 0 2 0 g0xfffff 0 60" && front_answers 0 1 -1 &&
		dropped tx copy SKB_UCOPY_FAULT &&
		traced netbk_copy_failed "vif=$VIF queue=0 dir=tx status=-3"
}

# To a group that it has not named.
gets_no_group()
{
	/usr/bin/ping -U -q -c 1 -w 1 -I $VIF 224.1.2.3 >/dev/null
	dropped rx multicast OTHERHOST
}

# The stack would not send it, pktgen does: so that it takes some time, by which
# pktgen divides.
gets_no_giant()
{
	echo rem_device_all >$PKTGEN/kpktgend_0
	echo "add_device $VIF" >$PKTGEN/kpktgend_0
	for word in 'count 1000' 'delay 100000' 'pkt_size 3000' "dst $FAR" \
		"dst_mac $(front_mac)"; do
		echo "$word" >$PKTGEN/$VIF || return
	done
	echo start >$PKTGEN/pgctrl
	echo rem_device_all >$PKTGEN/kpktgend_0
	dropped rx size
}

reaches_its_rate()
{
	front_put 0 1 1 "$(front_udp $NEAR 9 "$(front_pattern 3 958)")" &&
		front_do "flood 0 0" && wait_until 20 "its rate" \
			traced netbk_limit "vif=$VIF dir=tx ns=[1-9][0-9]*" &&
		front_do "calm 0" && front_log
}

# Pings go on until the trace has it so.
ping_until_stalled()
{
	/usr/bin/ping -U -q -c 2 -i 0.1 -W 1 $FAR >/dev/null
	traced netbk_stall "vif=$VIF queue=0 stalled=$1"
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

# More than a ring away from wherever the flood has brought the index.
breaks_the_rules()
{
	front_do "prod 0 tx 2000000000" "notify 0 tx" && front_awaits 5 &&
		traced netbk_broken \
			"vif=$VIF reason=impossible number of Tx requests" &&
		traced netbk_state "vif=$VIF end=back state=closing"
}

driver_has_groups || return 0
reload_netback rx_drain_timeout_msecs=300 rx_stall_timeout_msecs=900
resources_before
check "tracepoints are switched on" trace_begin \
	xen_netback skb/kfree_skb
check "the test frontend loads" front_load
modprobe pktgen
check "a vif with a rate that names its groups" front_create $TEST_HANDLE \
	request-multicast-control=1 back/rate=50000,50000
check "it connects" front_connect 1
check "states of both ends are traced" states_are_traced
check "a packet without a header is dropped as such a request" sends_too_little
check "one whose checksum nobody can fill in for its header" sends_odd_header
check "one that was never granted for its copy, with Xen's status" sends_no_grant
check "one for others for its multicast address" gets_no_group
check "one that is too large for its size" gets_no_giant
check "it floods, and its rate is traced" reaches_its_rate
check "it takes nothing: packets wait too long, and it stalls" stalls
check "it posts, and is not stalled any more" goes_on
check "it breaks the rules: that is traced with the reason" breaks_the_rules
check "the vif goes" front_remove
check "the test frontend unloads" front_unload
rmmod pktgen
check "tracepoints are switched off" trace_end
xenstore-rm /local/domain/0/error/backend 2>/dev/null
check_nothing_leaked "after the events"
check_unloads
# Refusals are errors in the log, as they must be.
check_no_reports
