# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	g1, PVH --- vif --- dom0
#
# A guest whose frontend is of another kind than PV: its pages are not the
# machine's. With one queue and with two. Not among those of "make check": QEMU's
# emulation of SVM loses state under load, be the driver whose it may.
#
# needs: pvh-guest

# pvh_guest QUEUES
pvh_guest()
{
	start_guest g1 11 1 type=pvh vcpus=2 memory=256 \
		netfront="max_queues=$1"
}

has_queues()
{
	[ "$(find "/sys/class/net/vif$(guest_id g1).0/queues" -name 'tx-*' |
		wc -l)" -eq "$1" ]
}

# Xen knows what it is.
is_pvh()
{
	xl list -l g1 | grep -q '"type": "pvh"'
}

reload_netback max_queues=2
resources_before
for queues in 1 2; do
	check "a PVH guest, $queues queues" pvh_guest $queues || return
	check "it is one" is_pvh
	check "it has them" has_queues $queues
	check "it answers" guest_reached g1
	check "verified traffic to it" flows dom0 g1
	check "verified traffic from it" flows g1 dom0
	check "its vif goes, and comes back" eval "detach_vif g1 && attach_vif g1"
	check "it answers again" guest_reached g1
	destroy_guests
done
check_nothing_leaked "after PVH guests"
check_unloads
check_quiet_log
