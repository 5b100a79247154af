# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# Topologies of a host, of small parts: a scenario joins those that it needs with &&.
# Each part notes how it is undone, and topology_down does so, the last one first.
# Ports are net devices of dom0. The uplink is a veth, whose other end is up1 in the
# namespace "far":
#
#	vif --- (bridge, route, tc) --- up0 --- up1 (far)
#
# The world has no program for nftables. Conntrack runs without a ruleset, and tc's
# action ct is firewall and NAT.

readonly UPLINK_NEAR=10.99.0.1
readonly UPLINK_FAR=10.99.0.2
readonly TOPOLOGY_UNDO=/run/topology.undo

# load_topology: the modules of all parts, and what patches the kernel's code when it
# is used first: a patched instruction that another CPU is about to execute is more
# than QEMU emulates well. No packets may pass yet.
load_topology()
{
	local module

	for module in sch_tbf sch_ingress cls_matchall act_mirred 8021q; do
		modprobe $module || return
	done
	/sbin/tc qdisc show dev lo | grep -q clsact ||
		/sbin/tc qdisc add dev lo clsact
}

# undo COMMAND...: for topology_down. It is noted before the part is made, so that a
# part that is half made goes as well.
undo()
{
	echo "$*" >>$TOPOLOGY_UNDO
}

topology_down()
{
	local line

	[ -e $TOPOLOGY_UNDO ] || return 0
	tac $TOPOLOGY_UNDO | while read -r line; do
		eval "$line" >/dev/null 2>&1
	done
	rm $TOPOLOGY_UNDO
}

# then_down COMMAND: undoes the parts that the command joined.
then_down()
{
	local status

	"$@"
	status=$?
	topology_down
	return $status
}

in_far()
{
	/bin/ip netns exec far "$@"
}

far_mac()
{
	in_far cat /sys/class/net/up1/address
}

# uplink [QUEUES [MTU]]: has the address UPLINK_FAR at its other end, whence all goes
# to UPLINK_NEAR. The mq discipline counts packets by queue.
uplink()
{
	local queues=${1:-1} mtu=${2:-1500}

	mkdir -p /run/netns
	undo /bin/ip netns del far
	undo /bin/ip link del up0
	/bin/ip netns add far &&
		/bin/ip link add up0 mtu "$mtu" numtxqueues "$queues" \
			numrxqueues "$queues" type veth peer name up1 \
			mtu "$mtu" numtxqueues "$queues" \
			numrxqueues "$queues" netns far &&
		in_far /bin/ip addr add $UPLINK_FAR/24 dev up1 &&
		in_far /bin/ip link set up1 up &&
		in_far /bin/ip route add default via $UPLINK_NEAR || return
	[ "$queues" = 1 ] || /sbin/tc qdisc add dev up0 root handle 1: mq || return
	/bin/ip link set up0 up
}

# uplink_slow MBIT PACKETS: a queue of that many packets in front of that rate.
uplink_slow()
{
	/sbin/tc qdisc add dev up0 root handle 1: tbf rate "$1mbit" burst 128k \
		limit 100m &&
		/sbin/tc qdisc add dev up0 parent 1:1 handle 10: pfifo limit "$2"
}

# uplink_sent: prints the packets that each queue of the uplink has sent.
uplink_sent()
{
	/sbin/tc -s class show dev up0 | awk '/^class mq/ { split($3, id, ":") }
		$1 == "Sent" { print id[2], $4 }' | sort -n | awk '{ print $2 }'
}

# bridged BRIDGE PORT...
bridged()
{
	local bridge=$1 port

	shift
	undo "/bin/ip link del $bridge"
	/bin/ip link add "$bridge" type bridge forward_delay 0 mcast_snooping 0 ||
		return
	for port; do
		/bin/ip link set "$port" master "$bridge" || return
	done
	/bin/ip link set "$bridge" up
}

# vlans_filtered BRIDGE: no port has a VLAN until it is a member of one.
vlans_filtered()
{
	/bin/ip link set "$1" type bridge vlan_filtering 1 vlan_default_pvid 0
}

# in_vlan PORT ID [untagged pvid]
in_vlan()
{
	local port=$1 id=$2

	shift 2
	/sbin/bridge vlan add dev "$port" vid "$id" "$@"
}

# has_address DEVICE ADDRESS/BITS
has_address()
{
	undo "/bin/ip addr del $2 dev $1"
	/bin/ip addr add "$2" dev "$1"
}

routed()
{
	undo "echo 0 >/proc/sys/net/ipv4/ip_forward"
	echo 1 >/proc/sys/net/ipv4/ip_forward
}

# arp_proxied PORT...: dom0 answers for all that it has a route to.
arp_proxied()
{
	local port

	for port; do
		undo "echo 0 >/proc/sys/net/ipv4/conf/$port/proxy_arp"
		echo 1 >"/proc/sys/net/ipv4/conf/$port/proxy_arp" || return
	done
}

# hooked PORT: a place for tc's filters. Several parts may want it of one port.
hooked()
{
	! /sbin/tc qdisc show dev "$1" | grep -q clsact || return 0
	undo "/sbin/tc qdisc del dev $1 clsact"
	/sbin/tc qdisc add dev "$1" clsact
}

# redirected PORT TO: all that comes in by PORT goes out by TO.
redirected()
{
	hooked "$1" && /sbin/tc filter add dev "$1" ingress matchall \
		action mirred egress redirect dev "$2"
}

# mirrored PORT TO
mirrored()
{
	hooked "$1" && /sbin/tc filter add dev "$1" ingress matchall \
		action mirred egress mirror dev "$2"
}

# firewalled INSIDE OUTSIDE: connections over IPv4 begin from the port INSIDE only.
firewalled()
{
	modprobe act_ct && hooked "$1" && hooked "$2" &&
		ct_filter "$1" 0 ct_state -trk action ct action goto chain 1 &&
		ct_filter "$1" 1 ct_state +trk+new action ct commit &&
		ct_filter "$1" 1 ct_state +trk+est action pass &&
		ct_filter "$2" 0 ct_state -trk action ct action goto chain 1 &&
		ct_filter "$2" 1 ct_state +trk+new action drop &&
		ct_filter "$2" 1 ct_state +trk+est action pass
}

# ct_filter PORT CHAIN MATCH...: of packets that come in.
ct_filter()
{
	local port=$1 chain=$2

	shift 2
	/sbin/tc filter add dev "$port" ingress protocol ip chain "$chain" flower "$@"
}

# masqueraded PORT ADDRESS: what leaves by PORT has that source.
masqueraded()
{
	modprobe act_ct && hooked "$1" &&
		/sbin/tc filter add dev "$1" egress protocol ip flower \
			ct_state -trk action ct commit nat src addr "$2" \
			pipe action pass &&
		ct_filter "$1" 0 ct_state -trk action ct nat pipe action pass
}

# conntracked: all packets are tracked, those that a bridge forwards as well: fragments
# are joined for it.
conntracked()
{
	local module

	# Only as it is loaded does conntrack take a parameter. modprobe -r would take
	# the bridge with br_netfilter.
	for module in act_ct nf_nat nf_flow_table nf_conntrack; do
		! grep -q "^$module " /proc/modules || rmmod $module || return
	done
	undo "rmmod nf_conntrack"
	undo "rmmod br_netfilter"
	modprobe nf_conntrack enable_hooks=1 && modprobe br_netfilter
}

# tap NAME: a port of which no program takes packets.
tap()
{
	undo "/bin/ip tuntap del dev $1 mode tap"
	/bin/ip tuntap add dev "$1" mode tap && /bin/ip link set "$1" up
}

# tagged NAMESPACE DEVICE NAME ID [PROTOCOL]: a VLAN device on top of a device, with
# which it goes. An empty name stands for dom0's own namespace.
tagged()
{
	/bin/ip ${1:+-n "$1"} link add link "$2" name "$3" mtu 1500 type vlan \
		protocol "${5:-802.1Q}" id "$4" &&
		/bin/ip ${1:+-n "$1"} link set "$3" up
}
