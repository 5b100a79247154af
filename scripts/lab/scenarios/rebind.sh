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

reload_netback
check guest-starts "guest: it starts" start_guests 1 || return
resources_before
check traffic-starts "guest: TCP both ways begins" start_traffic g1
check traffic "guest: TCP flows both ways" connections_go_on
check rmmod-refused \
	"rmmod with a vif bound: it is refused, and traffic goes on" \
	unload_refused
check rebind "vif: it is unbound and bound under traffic" rebind_vif
check rebind-traffic "vif bound again: the same TCP connections go on" \
	connections_go_on
check live-update "driver: it is swapped under traffic" live_update
check live-update-traffic "driver swapped: the same TCP connections go on" \
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
