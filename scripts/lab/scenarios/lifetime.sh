# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	netfront (front) --- vif0.9 --- bridge --- bond0 (up0, up1) --- bridge (far)
#	test frontend --- vif0.8 --- bridge --- up0 --- up1 (far)
#
# What happens to a vif in its life: events for hotplug scripts as it comes and goes,
# frontends that lower its MTU, and an uplink that fails. A thorough run tells what the
# distribution's driver does, too.
#
# in: check
# needs: front our-driver plain-kernel
# takes: 65

readonly TOLD=/run/told
readonly TIMES=10

# ---- events --------------------------------------------------------------

# listen: writes each event of the kernel about vif0.8 to $TOLD, until topology_down.
# The hook runs as soon as an event comes, as udev and its rules do.
listen()
{
	cat >/run/hook <<-'END'
		#!/bin/sh
		case $DEVPATH in
		*/vif-0-8) name=xenbus ;;
		*/net/vif0.8) name=net ;;
		*) exit 0 ;;
		esac
		[ -e "/sys/class/net/$vif" ] && there=there || there=gone
		echo "$ACTION $name vif=$vif script=$script path=$XENBUS_PATH $there" >>/run/told
	END
	chmod +x /run/hook
	: >$TOLD
	busybox uevent /run/hook >/dev/null 2>&1 &
	undo "kill $!"
	# The listener is ready once it has told a first event.
	wait_until 10 "events are told" hears_itself && : >$TOLD
}

hears_itself()
{
	echo add >"/sys/class/net/$TEST_VIF/uevent"
	usleep 100000
	[ -s $TOLD ]
}

# told EVENT...: checks that these came, in this order, among others.
told()
{
	local event line=0 at

	for event; do
		at=$(sed -n "$((line + 1)),\$p" $TOLD | grep -nm 1 "^$event" |
			cut -d : -f 1)
		[ -n "$at" ] || {
			echo "no \"$event\" after line $line of:"
			cat $TOLD
			return 1
		}
		line=$((line + at))
	done
}

readonly OF_VIF="vif=$TEST_VIF script=/etc/xen/scripts/vif-lab path=backend/vif/0/8"

events_in_order()
{
	for _ in $(seq $TIMES); do
		: >$TOLD
		front_vanish && wait_until 10 "the removal is told" \
			told "remove net" || return
		front_create "$TEST_HANDLE" && wait_until 10 "the creation is told" \
			told "offline xenbus $OF_VIF" "remove net" \
			"add net" "online xenbus $OF_VIF there" || return
	done
}

hotplug_events()
{
	listen && events_in_order
}

# ---- MTU -----------------------------------------------------------------

mtu_is()
{
	local device

	for device in "$TEST_VIF" lab1; do
		[ "$(cat "/sys/class/net/$device/mtu")" = "$1" ] || return
	done
}

# with_sg 0|1: the frontend connects again.
with_sg()
{
	# shellcheck disable=SC2154 # front_names sets front_node
	front_names && front_close && front_do free &&
		xenstore-write "$front_node/feature-sg" "$1" && front_connect 1
}

# mtu_returns: what the administrator has set is there again after a boot loader
# without scatter-gather, and the bridge follows.
mtu_returns()
{
	uplink 1 9000 && /bin/ip link set "$TEST_VIF" mtu 9000 &&
		bridged lab1 up0 "$TEST_VIF" && mtu_is 9000 || return
	with_sg 0 && wait_until 3 "an MTU of 1500" mtu_is 1500 &&
		with_sg 1 && wait_until 3 "an MTU of 9000" mtu_is 9000 &&
		! /bin/ip link set "$TEST_VIF" mtu 67 2>/dev/null && mtu_is 9000
}

# ---- an uplink that fails ------------------------------------------------

# bonded: two links to a switch, of which the second one waits.
bonded()
{
	local number

	mkdir -p /run/netns
	undo /bin/ip netns del far
	undo /bin/ip link del bond0
	modprobe bonding max_bonds=0 && /bin/ip netns add far &&
		/bin/ip link add bond0 type bond mode active-backup miimon 50 &&
		in_far /bin/ip link add switch type bridge forward_delay 0 \
			mcast_snooping 0 || return
	for number in 0 1; do
		/bin/ip link add up$number type veth peer name far$number \
			netns far &&
			/bin/ip link set up$number master bond0 &&
			in_far /bin/ip link set far$number master switch up || return
	done
	in_far /bin/ip addr add "$UPLINK_FAR/24" dev switch &&
		in_far /bin/ip link set switch up && /bin/ip link set bond0 up
}

active_is()
{
	[ "$(cat /sys/class/net/bond0/bonding/active_slave)" = "$1" ]
}

# bond_fails_over: the guest asks ten times a second, and misses at most two seconds.
bond_fails_over()
{
	undo "/bin/ip -n front addr del 10.99.0.11/24 dev eth0"
	bonded && bridged lab1 bond0 vif0."$HANDLE" &&
		/bin/ip -n front addr add 10.99.0.11/24 dev eth0 &&
		wait_until 10 "the first link is in use" active_is up0 &&
		wait_until 10 "the far end answers" \
			front /usr/bin/ping -U -q -c 1 -W 1 "$UPLINK_FAR" || return
	front /usr/bin/ping -U -q -i 0.1 -c 50 -W 1 "$UPLINK_FAR" >/run/ping.log &
	usleep 1000000
	in_far /bin/ip link set far0 down
	wait $!
	active_is up1 && awk '/packets transmitted/ {
		print; exit !($1 == 50 && $4 >= 30) }' /run/ping.log
}

# ---- both drivers --------------------------------------------------------

# lifetime DRIVER
lifetime()
{
	check "front-loads-$1" "driver $1: the test frontend loads" front_load &&
		check "front-created-$1" "driver $1: its vif is created" \
			front_create "$TEST_HANDLE" || return
	judge "$1" hotplug-events \
		"vif that goes and comes $TIMES times: offline before it goes, online when it is there" \
		then_down hotplug_events
	judge "$1" mtu-returns \
		"MTU of 9000: it returns to vif and bridge after a frontend without scatter-gather" \
		then_down mtu_returns
	check "front-gone-$1" "driver $1: the vif is removed" front_remove
	check "front-unloads-$1" "driver $1: the test frontend unloads" front_unload
	check "netfront-$1" "driver $1: a vif of netfront connects" \
		create_loopback || return
	judge "$1" bond-failover \
		"bond: the guest reaches the far end by the other link within 2 s" \
		then_down bond_fails_over
	check "netfront-gone-$1" "driver $1: netfront's vif is removed" \
		remove_loopback
}

check topology "dom0: it has what bridges and bonds need" load_topology
stock_first lifetime
check ours-loads "our driver: it is loaded" reload_netback
resources_before
lifetime ours
check_nothing_leaked "after a life of vifs"
check_unloads
check_quiet_log
