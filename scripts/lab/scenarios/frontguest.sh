# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	guest g1, test frontend --- vif1.1 (netback, dom0)
#
# The test frontend in a guest, where a domain's boundary lies between the ends:
# it takes a vif from netfront and gives it back closed.
#
# in: check
# needs: front-in-guest
# takes: 20

readonly GUEST_HANDLE=1

# The guest never made that grant.
refused_grant()
{
	front_do "tx 0 7 0 g0xffff 0 100" && front_answers 0 1 "$RSP_ERROR"
}

netfront_gets_it_back()
{
	front_leave && front_awaits 4
}

reload_netback
resources_before
front_ramdisk
check guest-starts "guest with two vifs: it starts" \
	start_guest g1 11 2 ramdisk="$FRONT_RAMDISK" || return
rm "$FRONT_RAMDISK"
start_echo

check taken "guest's second vif: the test frontend takes it from netfront" \
	front_enter g1 $GUEST_HANDLE
check connect "test frontend in a guest: both ends connect" \
	front_connect 1 split
check neighbour "test frontend in a guest: dom0 has its address" front_neighbour
check post "test frontend in a guest: it posts Rx requests" \
	front_do "post 0 100"
check packet-each-way \
	"test frontend in a guest: a packet each way arrives byte by byte" \
	echoed 1 0 30 2
check bad-grant \
	"guest Tx: a grant that was never made is answered with RSP_ERROR" \
	refused_grant
check after-bad-grant "guest Tx: a good packet arrives after a bad grant" \
	echoed 1 0 40 2
check rules-kept \
	"test frontend in a guest: the backend has broken no rule of the rings" \
	front_content
check close "test frontend in a guest: it closes" front_close
check close-frees \
	"test frontend in a guest: after closing no page of it is in use" \
	front_free 0
check given-back "guest's second vif: netfront connects it again" \
	netfront_gets_it_back
check other-vif "guest's first vif: it answers after all of that" \
	guest_reached g1
end_echo
destroy_guests
check_nothing_leaked "after the guest"
check_unloads
