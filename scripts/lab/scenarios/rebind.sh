# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	g1 --- vif --- bridge (dom0)
#
# The driver goes away and comes back below a guest with traffic on: the module
# swapped (live update), one vif unbound and bound. The TCP connections
# that were there before must go on, and what people have set on the vif's net device
# is there again.
#
# in: check world
# takes: 85

rebind_vif()
{
	local vif

	vif=vif-$(guest_id g1)-0
	echo "$vif" >"$DRIVER/unbind" &&
		wait_until 10 "interface gone" \
			[ ! -e "/sys/class/net/$(vif_name "$vif")" ] &&
		bind_vif "$vif"
}

# The connections set up in the beginning still carry data both ways.
connections_go_on()
{
	traffic_goes_on g1 60 && kill -0 "$(cat /run/traffic.g1.pid)"
}

unload_refused()
{
	! rmmod xen_netback || return
	netback_loaded && connections_go_on
}

# Settings of each kind that live-update keeps, none of which stops the traffic.
set_things()
{
	local vif module

	vif=vif$(guest_id g1).0
	for module in sch_ingress cls_matchall; do
		modprobe $module || return
	done
	# The script's names of devices have room for the longest process number. Debug
	# kernels have shorter ones, and cannot be told the next one.
	echo 4194304 2>/dev/null >/proc/sys/kernel/pid_max
	[ ! -e /proc/sys/kernel/ns_last_pid ] ||
		echo $(($(cat /proc/sys/kernel/pid_max) * 9 / 10)) \
			>/proc/sys/kernel/ns_last_pid || return
	/bin/ip link set "$BRIDGE" type bridge mcast_snooping 1 &&
		/bin/ip link property add dev "$vif" altname uplink-of-g1 &&
		/bin/ip link set dev "$vif" group 7 alias "a guest" &&
		/sbin/ethtool -K "$vif" gro off tx off \
			>/dev/null &&
		echo 1 >"/proc/sys/net/ipv4/conf/$vif/proxy_arp" &&
		echo 2 >"/proc/sys/net/ipv4/conf/$vif/rp_filter" &&
		echo 1 >"/proc/sys/net/ipv6/conf/$vif/disable_ipv6" &&
		echo 1 >"/sys/class/net/$vif/brport/isolated" &&
		echo 0 >"/sys/class/net/$vif/brport/learning" &&
		/sbin/bridge link set dev "$vif" vlan_tunnel on &&
		/sbin/bridge vlan add dev "$vif" vid 10 pvid untagged &&
		/sbin/bridge vlan add dev "$vif" vid 20 &&
		/sbin/bridge vlan del dev "$vif" vid 1 &&
		/sbin/bridge fdb replace "$(guest_mac "$(guest_id g1)" 0)" \
			dev "$vif" master static &&
		/sbin/bridge mdb add dev "$BRIDGE" port "$vif" grp 239.1.2.3 \
			permanent &&
		/bin/ip neigh replace 192.0.2.7 lladdr 02:00:00:00:00:07 \
			nud permanent dev "$vif" &&
		/bin/ip neigh replace proxy 192.0.2.8 dev "$vif" &&
		/sbin/tc qdisc replace dev "$vif" root handle 7: pfifo limit 321
}

# Prints all that can be set, by the tools that people use.
things()
{
	local vif

	vif=vif$(guest_id g1).0
	/bin/ip -d link show dev "$vif" | grep -oE 'altname .*|alias .*|group [^ ]*'
	/sbin/ethtool -k "$vif"
	grep -s . /proc/sys/net/ipv?/conf/"$vif"/* /sys/class/net/"$vif"/brport/isolated \
		/sys/class/net/"$vif"/brport/learning
	/sbin/bridge -d link show dev "$vif" | grep -oE "(vlan_tunnel|locked) [a-z]*"
	/sbin/bridge vlan show dev "$vif"
	/sbin/bridge fdb show dev "$vif" | grep static | sort
	/sbin/bridge mdb show | grep -w "$vif" | grep permanent
	/bin/ip neigh show nud permanent dev "$vif"
	/bin/ip neigh show proxy dev "$vif"
	/sbin/tc qdisc show dev "$vif"
}

same_things()
{
	things >/run/things.after
	diff /run/things.before /run/things.after
}

# "bridge monitor" has written a line for each change of a port: no line of one that
# forwards says that it is not isolated.
never_open()
{
	kill "$1"
	grep -q 'isolated on' /run/ports || {
		echo "no report of an isolated port among $(wc -l </run/ports) lines"
		return 1
	}
	! grep "vif$(guest_id g1).0" /run/ports | grep 'state forwarding' |
		grep 'isolated off'
}

dry_run_changes_nothing()
{
	local before

	before=$(cat "/sys/class/net/vif$(guest_id g1).0/ifindex")
	live_update_options --dry-run >/run/dry 2>&1 || return
	[ "$before" = "$(cat "/sys/class/net/vif$(guest_id g1).0/ifindex")" ] ||
		return
	for kind in vlans forwarding groups neighbours names qdiscs; do
		grep -q "keeps $kind: ." /run/dry || {
			echo "it does not say that it keeps $kind"
			return 1
		}
	done
}

# A filter cannot be read and set again.
filter_refused()
{
	local vif status

	vif=vif$(guest_id g1).0
	/sbin/tc qdisc add dev "$vif" clsact &&
		/sbin/tc filter add dev "$vif" egress matchall classid 7:1 ||
		return
	live_update_options 2>/run/refused
	status=$?
	[ -e "$DRIVER/vif-$(guest_id g1)-0" ] && /sbin/tc qdisc del dev "$vif" clsact ||
		return
	[ $status -eq 1 ] && grep -q "$vif would lose filters of tc: .*--lose tc" \
		/run/refused
}

reload_netback
check guest-starts "guest: it starts" start_guests 1 || return
resources_before
check settings "vif: each kind of setting is made" set_things
check dry-run "live-update --dry-run: it names what it keeps, and changes nothing" \
	dry_run_changes_nothing
check filter-refused \
	"live-update: filters of tc are refused, and the message names --lose" \
	filter_refused
check traffic-starts "guest: TCP both ways begins" start_traffic g1
check traffic "guest: TCP flows both ways" connections_go_on
check rmmod-refused \
	"rmmod with a vif bound: it is refused, and traffic goes on" \
	unload_refused
things >/run/things.before
/sbin/bridge -d monitor link >/run/ports 2>/dev/null &
monitor=$!
check live-update "driver: it is swapped under traffic" live_update
check live-update-traffic "driver swapped: the same TCP connections go on" \
	connections_go_on
check settings-kept "driver swapped: the vif has all its settings" same_things
/bin/ip link set "$BRIDGE" type bridge mcast_snooping 0
check isolated-first \
	"driver swapped: the port did not forward before it was isolated" \
	never_open $monitor
check rebind "vif: it is unbound and bound under traffic" rebind_vif
check rebind-traffic "vif bound again: the same TCP connections go on" \
	connections_go_on
stop_traffic g1
check flows-to-guest \
	"guest after rebind and live update: verified traffic reaches it" \
	flows dom0 g1
check flows-from-guest \
	"guest after rebind and live update: verified traffic from it arrives" \
	flows g1 dom0
# Groups keep pages for the next stream; a fresh driver has none, as at the start.
check live-update-again "driver: it is swapped once more, without traffic" \
	live_update
check_nothing_leaked "after rebind and live update"
check_quiet_log
