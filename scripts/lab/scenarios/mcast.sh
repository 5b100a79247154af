# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	test frontend --- vif0.8 (netback), all of it in dom0
#
# Multicast: a frontend that has asked for multicast control gets the groups that it
# has named, and no others.
#
# in: check
# needs: front our-driver
# takes: 25

# Of netif.h: types of extra infos.
readonly EXTRA_MCAST_ADD=2
readonly EXTRA_MCAST_DEL=3

group_mac()
{
	echo "$1" | awk -F. '{ printf "01005e%02x%02x%02x", $2 % 128, $3, $4 }'
}

# names add|del GROUP STATUS
names()
{
	local type=$EXTRA_MCAST_ADD

	[ "$1" = add ] || type=$EXTRA_MCAST_DEL
	front_do "tx 0 9 $EXTRA_INFO 0 0 0" \
		"extra 0 $type 0 $(group_mac "$2")" &&
		front_statuses 0 2 "1 $3" "1 1"
}

ping_group()
{
	/usr/bin/ping -U -q -c 2 -i 0.1 -w 1 -I "$TEST_VIF" "$1"
}

# group_comes yes|no GROUP: its packets come to the frontend or not.
group_comes()
{
	local hex dropped

	hex=$(address_hex "$2")
	dropped=$(front_counter tx_dropped)
	front_do "received 0" && front_log >/dev/null
	ping_group "$2" >/dev/null
	front_do "received 0 64" && front_log >/run/group.log
	case $1 in
	yes) grep -q "^rx 0 .*01005e.*$hex" /run/group.log && return ;;
	no) ! grep -q "^rx 0 .*01005e.*$hex" /run/group.log &&
		[ "$(front_counter tx_dropped)" -gt "$dropped" ] && return ;;
	esac
	cat /run/group.log
	return 1
}

request_multicast()
{
	xenstore-write "/local/domain/0/device/vif/$TEST_HANDLE/request-multicast-control" "$1"
}

# The driver watches the node, so a change takes effect a moment later.
follows_request()
{
	request_multicast 0 &&
		wait_until 10 "all groups come" group_comes yes 224.7.7.7 &&
		request_multicast 1 &&
		wait_until 10 "only some come" group_comes no 224.7.7.7
}

# names_many COUNT: the groups from 224.9.9.1 on, in one batch.
names_many()
{
	local i

	for i in $(seq "$1"); do
		front_do "tx 0 $i $EXTRA_INFO 0 0 0" \
			"extra 0 $EXTRA_MCAST_ADD 0 $(group_mac "224.9.9.$i")" ||
			return
	done
	front_statuses 0 $((2 * $1)) "$1 0" "$1 1"
}

fills_list()
{
	names_many 64 && names add 224.9.9.65 -1 && names add 224.9.9.1 0 &&
		group_comes no 224.9.9.65 && group_comes yes 224.9.9.64 &&
		names del 224.9.9.1 0 && names add 224.9.9.65 0 &&
		group_comes yes 224.9.9.65
}

# As live-update does; the frontend stays connected.
rebound()
{
	echo "vif-0-$TEST_HANDLE" >"$DRIVER/unbind" &&
		bind_vif "vif-0-$TEST_HANDLE" && front_awaits 4 &&
		front_neighbour
}

answers_arp()
{
	local payload

	payload=$(front_arp "$NEAR")
	front_put 0 3 1 "$payload" && front_answers 0 1 0 &&
		wait_until 5 "an answer" front_came 08060001080006040002 0
}

broadcast_comes()
{
	front_do "received 0" && front_log >/dev/null
	/usr/bin/ping -U -q -b -c 1 -W 1 -I "$TEST_VIF" 10."$TEST_HANDLE".0.255 >/dev/null
	wait_until 5 "a broadcast" front_came ffffffffffff 0
}

reload_netback
resources_before
check module-loads "test frontend: the module loads" front_load
check vif-created "test frontend: a vif with multicast control is created" \
	front_create "$TEST_HANDLE" request-multicast-control=1 || return
check connect "multicast control: both ends connect" connect_posted 1
check not-named "multicast control: packets to a group not named do not come" \
	group_comes no 224.1.2.3
check broadcast "multicast control: broadcasts come" broadcast_comes
check unicast "multicast control: packets to the vif's own address come" \
	answers_arp
check add "multicast control: MCAST_ADD of a group is answered OKAY" \
	names add 224.1.2.3 0
check named "multicast control: packets to a named group come" \
	group_comes yes 224.1.2.3
check add-again "multicast control: MCAST_ADD of the same group is answered OKAY" \
	names add 224.1.2.3 0
check del "multicast control: MCAST_DEL of the group is answered OKAY" \
	names del 224.1.2.3 0
check deleted "multicast control: a group named twice and deleted once does not come" \
	group_comes no 224.1.2.3
check request-changes \
	"request-multicast-control: 0 lets all groups come, 1 those named" \
	follows_request
check list-full "multicast control: the list takes 64 groups, a 65th is refused" \
	fills_list
check reconnect "multicast control: it closes and connects again" reconnected
check list-empty "multicast control: the list is empty after it" \
	group_comes no 224.9.9.64
check add-before-rebind "multicast control: it names a group" \
	names add 224.5.5.6 0
check rebind "multicast control: the driver leaves the vif and takes it again" \
	rebound
check all-after-rebind \
	"multicast control: all groups come after that, as the names are lost" \
	group_comes yes 224.5.5.5
check removed "vif with multicast control: it is removed" front_remove
check module-unloads "test frontend: the module unloads" front_unload
xenstore-rm /local/domain/0/error/backend 2>/dev/null
check_nothing_leaked "after multicast"
check_unloads
# Refusals are errors in the log, as they must be.
check_no_reports
