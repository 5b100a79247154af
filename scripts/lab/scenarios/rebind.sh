# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	g1 --- vif --- bridge (dom0)
#
# The driver goes away and comes back below a guest with traffic on: one vif
# unbound and bound, the module swapped (live update). The TCP connections
# that were there before must go on.
#
# in: check short
# takes: 70

rebind_vif()
{
	local vif

	vif=vif-$(guest_id g1)-0
	echo "$vif" >"$DRIVER/unbind" &&
		wait_until 10 "interface gone" \
			[ ! -e "/sys/class/net/$(vif_name "$vif")" ] &&
		bind_vif "$vif"
}

guest_packets()
{
	cat "/sys/class/net/vif$(guest_id g1).0/statistics/$1_packets"
}

moved_since()
{
	[ "$(guest_packets rx)" -gt $(($1 + 500)) ] &&
		[ "$(guest_packets tx)" -gt $(($2 + 500)) ]
}

# The connections set up in the beginning still carry data both ways.
traffic_goes_on()
{
	wait_until 60 "both directions move" \
		moved_since "$(guest_packets rx)" "$(guest_packets tx)" ||
		return
	kill -0 "$(cat /run/traffic.g1.pid)"
}

unload_refused()
{
	! rmmod xen_netback || return
	netback_loaded && traffic_goes_on
}

reload_netback
check "guest starts" start_guests 1 || return
resources_before
check "traffic runs" start_traffic g1
check "traffic both ways" traffic_goes_on
check "rmmod with a vif bound refused, traffic goes on" unload_refused
check "vif unbound and bound under traffic" rebind_vif
check "the same connections go on after rebind" traffic_goes_on
check "live update under traffic" live_update
check "the same connections go on after live update" traffic_goes_on
stop_traffic g1
check "verified traffic to the guest" flows dom0 g1
check "verified traffic from the guest" flows g1 dom0
# Groups keep pages for the next stream: new ones, as at the beginning.
check "another live update" live_update
check_nothing_leaked "after rebind and live update"
check_quiet_log
