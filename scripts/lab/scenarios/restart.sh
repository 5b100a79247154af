# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	g1 (netfront) --- vifs --- bridge (driver domain)
#
# The driver domain is destroyed while a guest sends, and started again: the guest lives,
# and its next vif works. The second part runs in the new driver domain.
#
# in: domain
# needs: driver-domain
# takes: 150

# resumed: knows the guest again.
resumed()
{
	echo "$GUEST_NUMBER" >/run/g1.number
	note_guest_id g1 && guest g1 true
}

# The old vif has no backend that follows: xl removes its nodes after a while.
detach_old()
{
	xl network-detach g1 0
	wait_until 30 "the old vif gone in the guest" guest g1 "! ls /sys/class/net/eth0"
}

if [ "$RESUMED" = 0 ]; then
	reload_netback
	check guest-starts "guest: it starts" start_guest g1 "$GUEST_NUMBER" 1 || return
	check sends "guest: it sends without end" guest g1 \
		"/usr/bin/ping -U -q -f 10.0.0.1 >/dev/null 2>&1 &"
	restart_backend
	return
fi
check restarted "driver domain destroyed under a guest that sends: a new one starts" \
	reload_netback
check guest-lives "driver domain destroyed under a guest that sends: the guest lives" \
	resumed || return
check old-vif-goes "guest of the former driver domain: its vif is detached" detach_old
check next-vif "guest of the former driver domain: a new vif is attached" attach_vif g1
check flows-to-guest "new vif: verified traffic reaches the guest" flows dom0 g1
check flows-from-guest "new vif: verified traffic from the guest arrives" flows g1 dom0
destroy_guests
check_unloads
check_no_reports
