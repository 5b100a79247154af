# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	netfront (front) --- vif0.9 --- dom0 --- up0 --- up1 (far)
#	test frontend --- vif0.8 --- dom0
#	g1 (router) --- two vifs --- two bridges of dom0
#
# What people's hosts do with vifs: a bridge with VLANs, routes with proxy ARP, a
# firewall, masquerading, conntrack of bridged fragments, a tap beside the vif, frontends
# with few requests, and a guest that routes. A thorough run tells what the
# distribution's driver does, too.
#
# in: check
# needs: front our-driver dom0 plain-kernel
# takes: 100

# ---- a guest and the uplink ----------------------------------------------

in_front()
{
	/bin/ip -n front "$@"
}

# serve_far: until topology_down.
serve_far()
{
	# in_far() is no use here: its shell would keep our output open.
	/bin/ip netns exec far probe serve 5000 >/dev/null 2>&1 &
	undo "kill $!"
	wait_until 10 "the far end serves" in_far grep -q ':1388 .* 0A ' /proc/net/tcp6
}

# far_answers, far_is_silent: to the guest.
far_answers()
{
	wait_until 10 "the far end answers" \
		front /usr/bin/ping -U -q -c 1 -W 1 "$UPLINK_FAR"
}

far_is_silent()
{
	! front /usr/bin/ping -U -q -c 3 -i 0.1 -W 1 "$UPLINK_FAR" >/dev/null
}

# streams_pass ADDRESS: of the guest for the far end.
streams_pass()
{
	front stream 2 "$UPLINK_FAR" && in_far stream 2 "$1"
}

# new_uplink: the guest knows no neighbour of an earlier one.
new_uplink()
{
	in_front neigh flush dev eth0
	uplink
}

# Both in one subnet: 10.99.0.11 is the guest.
on_bridge()
{
	new_uplink && bridged lab1 up0 vif0."$HANDLE" && serve_far || return
	undo "/bin/ip -n front addr del 10.99.0.11/24 dev eth0"
	in_front addr add 10.99.0.11/24 dev eth0
}

vlan_bridge()
{
	on_bridge && vlans_filtered lab1 && in_vlan up0 10 pvid untagged &&
		in_vlan vif0."$HANDLE" 20 pvid untagged && far_is_silent &&
		/sbin/bridge vlan del dev vif0."$HANDLE" vid 20 &&
		in_vlan vif0."$HANDLE" 10 pvid untagged && far_answers &&
		streams_pass 10.99.0.11
}

tap_beside()
{
	on_bridge && tap tap0 && /bin/ip link set tap0 master lab1 && far_answers &&
		streams_pass 10.99.0.11
}

routed_uplink()
{
	new_uplink && has_address up0 "$UPLINK_NEAR/24" && routed
}

# proxy_arp: the guest takes the far end for a neighbour.
proxy_arp()
{
	routed_uplink && arp_proxied vif0."$HANDLE" && serve_far || return
	undo "/bin/ip -n front route del $UPLINK_FAR"
	in_front route add "$UPLINK_FAR" dev eth0 && far_answers &&
		streams_pass "10.$HANDLE.0.11"
}

# on_route: between the guest and the far end.
on_route()
{
	routed_uplink && serve_far || return
	undo "/bin/ip -n front route del default"
	in_front route add default via "10.$HANDLE.0.1"
}

far_reaches_guest()
{
	in_far /usr/bin/ping -U -q -c 3 -i 0.1 -W 1 "10.$HANDLE.0.11"
}

firewall()
{
	on_route && wait_until 10 "the guest answers" far_reaches_guest &&
		firewalled vif0."$HANDLE" up0 && far_answers &&
		front stream 2 "$UPLINK_FAR" && ! far_reaches_guest
}

# masquerade: the far end knows no route to the guest.
masquerade()
{
	on_route && in_far /bin/ip route del default && far_is_silent &&
		masqueraded up0 "$UPLINK_NEAR" && far_answers &&
		front stream 2 "$UPLINK_FAR"
}

# fragments: pings of 8000 and 60000 bytes, and datagrams up to the longest.
fragments()
{
	local size

	conntracked && on_bridge && far_answers || return
	for size in 8000 60000; do
		front /usr/bin/ping -U -q -c 5 -i 0.1 -W 2 -s $size "$UPLINK_FAR" ||
			return
	done
	front probe send udp "$UPLINK_FAR" 5000 &&
		in_far probe send udp 10.99.0.11 5000 || return
	[ "$(cat /proc/sys/net/netfilter/nf_conntrack_count)" -gt 0 ] && return
	echo "nothing was tracked"
	return 1
}

netfront_hosts()
{
	check "netfront-$1" "driver $1: a vif of netfront connects" \
		create_loopback || return
	judge "$1" vlan-bridge \
		"bridge with VLANs: the guest reaches its own VLAN and no other" \
		then_down vlan_bridge
	judge "$1" tap-port "bridge with a tap: streams of the guest pass" \
		then_down tap_beside
	judge "$1" proxy-arp "routed vif with proxy ARP: streams of the guest pass" \
		then_down proxy_arp
	judge "$1" firewall \
		"firewall: the guest's connections pass, others are dropped" \
		then_down firewall
	judge "$1" masquerade "masquerading: the guest's streams pass" \
		then_down masquerade
	judge "$1" fragments \
		"conntrack on a bridge: fragmented pings and datagrams pass each way" \
		then_down fragments
	check "netfront-gone-$1" "driver $1: netfront's vif is removed" \
		remove_loopback
}

# ---- few requests --------------------------------------------------------

readonly PINGS=8

# take_some: adds the full-size packets that have come to $came, and posts as many
# requests as were used.
take_some()
{
	local used

	# It fails if nothing comes.
	front_do "received 0 0 1" >/dev/null
	front_log >/run/few.log
	used=$(grep -c '^rx 0' /run/few.log)
	came=$((came + $(grep -c '^rx 0 .* 1514 ' /run/few.log)))
	[ "$used" = 0 ] || front_do "post 0 $used"
}

# all_come COUNT: full-size pings, in the requests that stand there. What dom0 sends by
# itself takes some of them, and a ping waits then.
all_come()
{
	local came=0 round=0

	front_connect 1 && front_do "post 0 $1" && front_log >/dev/null || return
	while [ "$came" -lt $PINGS ] && [ $round -lt $((3 * PINGS)) ]; do
		round=$((round + 1))
		[ $round -gt $PINGS ] ||
			/usr/bin/ping -U -q -c 1 -W 0.1 -s 1472 "$FAR" >/dev/null
		take_some || return
	done
	[ "$came" -eq $PINGS ] && return
	echo "$came of $PINGS packets came"
	return 1
}

few_requests()
{
	local count

	check "front-loads-$1" "driver $1: the test frontend loads" front_load || return
	for count in 1 2 4; do
		check "front-$1-$count" "driver $1: a vif for $count requests is created" \
			front_create "$TEST_HANDLE" || return
		judge "$1" "posted-$count" \
			"frontend with $count requests: packets of 1500 bytes come" \
			all_come $count
		check "front-gone-$1-$count" \
			"driver $1: the vif with $count requests is removed" front_remove
	done
	check "front-unloads-$1" "driver $1: the test frontend unloads" front_unload
}

# ---- a guest that routes -------------------------------------------------

# guest_routes: from its first vif, on the lab's bridge, to its second.
guest_routes()
{
	local vif

	vif=vif$(guest_id g1).1
	undo "/bin/ip route del $UPLINK_FAR"
	uplink && /bin/ip addr flush dev "$vif" && bridged lab1 up0 "$vif" &&
		serve_far &&
		guest g1 "echo 1 >/proc/sys/net/ipv4/ip_forward
			/bin/ip addr add ${UPLINK_NEAR}/24 dev eth1" &&
		/bin/ip route add "$UPLINK_FAR" via 10.0.0.11 &&
		wait_until 10 "the far end answers" answers_ping "$UPLINK_FAR" &&
		stream 2 "$UPLINK_FAR" && in_far stream 2 10.0.0.1 &&
		guest g1 "for dev in eth0 eth1; do ethtool -S \$dev; done" |
		awk '/rx_gso_checksum_fixup/ { print; seen++; sum += $2 }
			END { exit !seen || sum }'
}

router()
{
	check "router-$1" "driver $1: a guest with two vifs starts" \
		start_guest g1 11 2 &&
		judge "$1" guest-router \
			"guest that routes: streams pass each way, no checksum needs mending" \
			then_down guest_routes
	destroy_guests
}

# hosts DRIVER
hosts()
{
	netfront_hosts "$1"
	few_requests "$1"
	router "$1"
}

# The lab's own kernels have no conntrack. That of older ones wants an algorithm that
# busybox's modprobe does not know of.
load_hosts()
{
	modprobe crc32c_generic 2>/dev/null
	load_topology && modprobe cls_flower && modprobe act_gact && modprobe tun
}

check topology "dom0: it has queueing disciplines, actions of tc and taps" load_hosts
stock_first hosts
check ours-loads "our driver: it is loaded" reload_netback
resources_before
hosts ours
check_nothing_leaked "after the hosts of others"
check_unloads
check_quiet_log
