# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	+-- network namespace front --+
#	| eth0 (netfront)             |--- vif0.9 (netback), all of it in dom0
#	+-----------------------------+
#
# Both ends of one vif are in dom0, without a guest and without a toolstack.

readonly HANDLE=9
readonly FRONT=/local/domain/0/device/vif/$HANDLE
readonly BACK=/local/domain/0/backend/vif/0/$HANDLE

# xenstore-write writes all its arguments in one transaction: an incomplete device
# would be probed at once and rejected.
create_loopback()
{
	# Load netfront before the device exists. Otherwise its init waits for
	# minutes for the device, which dom0 connects only after the init.
	modprobe xen-netfront
	xenstore-write \
		$BACK/frontend $FRONT $BACK/frontend-id 0 $BACK/online 1 \
		$BACK/state 1 $BACK/handle $HANDLE $BACK/bridge none \
		$BACK/mac 00:16:3e:00:00:09 $BACK/script /etc/xen/scripts/vif-lab \
		$BACK/hotplug-status connected \
		$FRONT/backend $BACK $FRONT/backend-id 0 $FRONT/state 1 \
		$FRONT/handle $HANDLE $FRONT/mac 00:16:3e:00:00:09 || return
	wait_until 10 "vif0.$HANDLE exists" [ -e /sys/class/net/vif0.$HANDLE ] &&
		wait_until 10 "both ends connected" loopback_connected &&
		address_loopback
}

loopback_connected()
{
	[ "$(xenstore-read $FRONT/state)" = 4 ] &&
		[ "$(xenstore-read $BACK/state)" = 4 ]
}

front()
{
	/bin/ip netns exec front "$@"
}

address_loopback()
{
	vif=vif0.$HANDLE XENBUS_PATH=backend/vif/0/$HANDLE vif-lab online
	/bin/ip netns add front
	/bin/ip link set eth0 netns front
	front /bin/ip link set lo up
	front /bin/ip addr add 10.$HANDLE.0.11/24 dev eth0
	front /bin/ip -6 addr add fd00:$HANDLE::11/64 dev eth0 nodad
	front /bin/ip link set eth0 up
	# front() is no use here: its shell would keep our output open.
	/bin/ip netns exec front probe serve 5000 >/dev/null 2>&1 &
	echo $! >/run/front.pid
	echo 11 >/run/front.number
	wait_until 10 "the frontend answers" answers_ping 10.$HANDLE.0.11 &&
		wait_until 10 "the frontend answers over IPv6" \
			answers_ping fd00:$HANDLE::11 &&
		wait_until 10 "the server listens" server_listens
}

# Checks that the server listens on port 5000. The kernel alone answers pings.
server_listens()
{
	front grep -q ':1388 .* 0A ' /proc/net/tcp6 &&
		front grep -q ':1388 ' /proc/net/udp6
}

# move_loopback GROUP: its first queue.
move_loopback()
{
	write "0 $1" "/sys/class/net/vif0.$HANDLE/netback/groups"
}

remove_loopback()
{
	kill "$(cat /run/front.pid)"
	echo "vif-$HANDLE" >/sys/bus/xen/drivers/vif/unbind
	/bin/ip netns del front
	wait_until 10 "netfront unloads" rmmod xen_netfront || return
	xenstore-rm $FRONT
	xenstore-rm $BACK
	xenstore-rm /local/domain/0/backend/vif/0
	wait_until 10 "vif0.$HANDLE gone" [ ! -e /sys/class/net/vif0.$HANDLE ]
}
