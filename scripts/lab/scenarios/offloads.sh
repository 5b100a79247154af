# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	g1 --- vif --- bridge (dom0)
#
# dom0 joins the TCP segments of a guest that sends without TSO, and gives headroom to
# one with an XDP program: netfront asks for it when a program is attached, and for
# none when the program is gone, while it is connected. The program passes packets,
# drops them or sends them back.
#
# in: check
# needs: dom0 our-driver plain-kernel
# takes: 40

readonly GUEST=10.0.0.11

from_guest()
{
	cat "/sys/class/net/vif$(guest_id g1).0/statistics/rx_packets"
}

# ---- XDP -----------------------------------------------------------------

headroom_is()
{
	[ "$(xenstore-read "/local/domain/$(guest_id g1)/device/vif/0/xdp-headroom")" = "$1" ] &&
		vifs_connected "$(guest_id g1)"
}

# attached VERDICT: attaches the program of that verdict. netfront asks for headroom
# before it has the program.
attached()
{
	guest g1 "probe xdp eth0 $1 >/tmp/xdp.log 2>&1 & echo \$! >/tmp/xdp.pid" &&
		wait_until 20 "headroom" headroom_is 256 &&
		wait_until 20 "the program" guest g1 "grep -q attached /tmp/xdp.log" &&
		return
	guest g1 "cat /tmp/xdp.log"
	return 1
}

detached()
{
	guest g1 "kill \$(cat /tmp/xdp.pid) || {
		cat /tmp/xdp.log
		dmesg | tail -n 20
		false
	}" && wait_until 20 "no headroom" headroom_is 0
}

# No ping is answered; packets lost while the program is attached do no harm.
nothing_answers()
{
	! /usr/bin/ping -U -q -c 5 -i 0.1 -W 1 $GUEST >/dev/null
}

# comes_back: dom0 gets the packets that it sent, and no answer.
comes_back()
{
	local before

	before=$(from_guest)
	nothing_answers && [ $(($(from_guest) - before)) -ge 5 ]
}

# ---- segments ------------------------------------------------------------

# TCP segments that dom0's stack has received, joined ones counted once.
tcp_received()
{
	awk '$1 == "Tcp:" { segments = $11 } END { print segments }' /proc/net/snmp
}

# segments_come yes|no: one of three streams of the guest comes joined, or as it was
# sent. How many segments can be joined depends on how fast the guest is and what else
# its machine does.
segments_come()
{
	local try

	for try in 1 2 3; do
		stream_comes "$1" && return
	done
	echo "in each of $try streams"
	return 1
}

stream_comes()
{
	local sent came

	sent=$(from_guest)
	came=$(tcp_received)
	at g1 "stream 2 10.0.0.1" || return
	sent=$(($(from_guest) - sent))
	came=$(($(tcp_received) - came))
	echo "$sent packets sent, $came came"
	case $1 in
	yes) [ $((came * 2)) -lt $sent ] ;;
	no) [ $((came * 10)) -gt $((sent * 9)) ] ;;
	esac
}

set_gro()
{
	ethtool -K "vif$(guest_id g1).0" gro "$1"
}

reload_netback
resources_before
check guest-starts "guest: it starts" start_guests 1 || return
check answers "guest: it answers a ping" \
	wait_until 10 "an answer" answers_ping $GUEST
check segments-on "guest without TSO and GSO: it sends TCP in segments" \
	guest g1 "ethtool -K eth0 tso off && ethtool -K eth0 gso off"
check gro-joins "guest that sends segments: dom0 gets them joined" \
	segments_come yes
check gro-off "vif: ethtool switches GRO off" set_gro off
check gro-off-single \
	"guest that sends segments, GRO off: dom0 gets them one by one" \
	segments_come no
check gro-on "vif: ethtool switches GRO on again" set_gro on
check gro-on-joins \
	"guest that sends segments, GRO on again: dom0 gets them joined" \
	segments_come yes
check gro-flows "guest that sends segments: verified traffic from it arrives" \
	flows g1 dom0
check segments-off "guest with TSO and GSO again: it sends large packets" \
	guest g1 "ethtool -K eth0 gso on && ethtool -K eth0 tso on"
check xdp-pass \
	"XDP program that passes packets: the guest asks for headroom and gets it" \
	attached pass
check xdp-pass-to-guest \
	"XDP program that passes packets: verified traffic reaches the guest" \
	flows dom0 g1
check xdp-pass-from-guest \
	"XDP program that passes packets: verified traffic from the guest arrives" \
	flows g1 dom0
check xdp-pass-tcp "XDP program that passes packets: TCP passes" \
	at dom0 "stream 2 $GUEST"
check xdp-pass-ends \
	"XDP program that passes packets: without it there is no headroom" \
	detached
check xdp-none-to-guest \
	"guest after an XDP program: verified traffic reaches it" flows dom0 g1
check xdp-drop "XDP program that drops packets: it is attached" attached drop
check xdp-drop-drops "XDP program that drops packets: no ping is answered" \
	nothing_answers
check xdp-drop-ends \
	"XDP program that drops packets: without it there is no headroom" \
	detached
check xdp-tx "XDP program that sends packets back: it is attached" attached tx
check xdp-tx-comes-back \
	"XDP program that sends packets back: dom0 gets its pings back" \
	comes_back
check xdp-tx-ends \
	"XDP program that sends packets back: without it there is no headroom" \
	detached
check xdp-none-answers "guest after three XDP programs: it answers a ping" \
	wait_until 10 "an answer" answers_ping $GUEST
destroy_guests
check_nothing_leaked "after offloads"
check_unloads
# The bridge warns of packets that come back, as it should.
check_no_reports
