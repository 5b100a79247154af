# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	g1, PVH --- vif --- dom0
#
# A PVH guest, with one queue and with two: its page numbers are not the machine's.
# Not part of "make check": QEMU's emulation of SVM loses state under load, with any
# driver.
#
# needs: pvh-guest

# pvh_guest QUEUES
pvh_guest()
{
	start_guest g1 11 1 type=pvh vcpus=2 memory=256 \
		netfront="max_queues=$1"
}

# Xen lists the guest as PVH.
is_pvh()
{
	xl list -l g1 | grep -q '"type": "pvh"'
}

reload_netback max_queues=2
resources_before
for queues in 1 2; do
	check "guest-$queues" "PVH guest, $queues queues: it starts" \
		pvh_guest $queues || return
	check "type-$queues" "PVH guest, $queues queues: Xen has it as PVH" is_pvh
	check "queues-$queues" "PVH guest, $queues queues: its vif has as many" \
		has_queues "vif$(guest_id g1).0" $queues
	check "answers-$queues" "PVH guest, $queues queues: it answers" \
		guest_reached g1
	check "flows-to-guest-$queues" \
		"PVH guest, $queues queues: verified traffic reaches it" \
		flows dom0 g1
	check "flows-from-guest-$queues" \
		"PVH guest, $queues queues: verified traffic from it arrives" \
		flows g1 dom0
	check "reattached-$queues" \
		"PVH guest, $queues queues: its vif goes and comes back" \
		eval "detach_vif g1 && attach_vif g1"
	check "answers-reattached-$queues" \
		"PVH guest, $queues queues: it answers with its new vif" \
		guest_reached g1
	destroy_guests
done
check_nothing_leaked "after PVH guests"
check_unloads
check_quiet_log
