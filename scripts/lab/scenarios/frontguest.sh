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
readonly ECHO_PORT=7

echoed()
{
	local payload

	payload=$(front_pattern "$1" 300)
	front_put 0 "$1" 2 \
		"$(front_udp 10.$GUEST_HANDLE.0.1 $ECHO_PORT "$payload")" &&
		front_answers 0 2 0 &&
		wait_until 10 "the answer" front_came "$payload" 0
}

# A request with a grant that the guest never made.
refused_grant()
{
	front_do "tx 0 7 0 g0xffff 0 100" && front_answers 0 1 -1
}

netfront_gets_it_back()
{
	front_leave && front_awaits 4
}

reload_netback
resources_before
front_ramdisk
check "guest with two vifs" start_guest g1 11 2 ramdisk="$FRONT_RAMDISK" || return
rm "$FRONT_RAMDISK"
probe echo $ECHO_PORT >/dev/null 2>&1 &
echo $! >/run/echo.pid

check "the test frontend takes one of them" front_enter g1 $GUEST_HANDLE
check "it connects" front_connect 1 split
check "dom0 knows where it is" front_neighbour
check "it posts" front_do "post 0 100"
check "a packet each way, every byte compared" echoed 30
check "a grant that was never made is answered with an error" refused_grant
check "the ring goes on" echoed 40
check "the backend has broken no rule of the rings" front_content
check "closed" front_close
check "no page of the frontend is in use" front_free 0
check "netfront gets the vif back" netfront_gets_it_back
check "the other vif was not disturbed" guest_reached g1
kill "$(cat /run/echo.pid)"
destroy_guests
check_nothing_leaked "after the guest"
check_unloads
