# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	g1 --- vif --- bridge (dom0)
#
# What is done for a guest that sends TCP in segments, and for one with an XDP
# program. netfront asks for headroom when a program is attached and for none when it is
# gone, both while it is connected. The program passes packets, drops them or
# sends them back.
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

# attached VERDICT: in place of what was there. netfront asks for headroom before
# it has the program.
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

# No answer, and none that came before the program: some are lost.
nothing_answers()
{
	! /usr/bin/ping -U -q -c 5 -i 0.1 -W 1 $GUEST >/dev/null
}

# comes_back COUNT: packets are what was sent, and nothing answers
comes_back()
{
	local before

	before=$(from_guest)
	nothing_answers && [ $(($(from_guest) - before)) -ge 5 ]
}

# ---- segments ------------------------------------------------------------

# Packets of TCP that have come to dom0, after they were joined.
tcp_received()
{
	awk '$1 == "Tcp:" { segments = $11 } END { print segments }' /proc/net/snmp
}

# segments_come yes|no: of three streams of the guest one comes joined, or as it was
# sent. How many segments there are to join depends on how fast the guest is, beside
# what else its machine does.
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
check "guest starts" start_guests 1 || return
check "it answers" wait_until 10 "an answer" answers_ping $GUEST
check "it sends TCP in segments" \
	guest g1 "ethtool -K eth0 tso off && ethtool -K eth0 gso off"
check "they come joined" segments_come yes
check "ethtool ends that" set_gro off
check "they come one by one" segments_come no
check "and begins it again" set_gro on
check "they come joined again" segments_come yes
check "every byte is right" flows g1 dom0
check "it sends large packets" \
	guest g1 "ethtool -K eth0 gso on && ethtool -K eth0 tso on"
check "a program that passes packets gets headroom" attached pass
check "every byte of what it passes is right" flows dom0 g1
check "and of what the guest sends" flows g1 dom0
check "TCP passes" at dom0 "stream 2 $GUEST"
check "without it there is no headroom" detached
check "every byte is right again" flows dom0 g1
check "a program that drops packets" attached drop
check "drops them" nothing_answers
check "and is gone" detached
check "a program that sends packets back" attached tx
check "sends them back" comes_back
check "and is gone, too" detached
check "the guest answers" wait_until 10 "an answer" answers_ping $GUEST
destroy_guests
check_nothing_leaked "after offloads"
check_unloads
# The bridge warns of packets that come back, as it should.
check_no_reports
