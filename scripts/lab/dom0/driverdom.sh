# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# What the scenarios of a driver domain share: quotas, vifs of one guest that come and
# go, and hotplug scripts without xl's daemon.

# The number of guest g1 in its addresses.
readonly GUEST_NUMBER=11

# quota_used NAME: prints how much of a quota this domain uses.
quota_used()
{
	tools xenstore_quota "$(own_id)" | awk -v name="$1" '$1 == name { print $3 }'
}

# xl's daemon runs the hotplug scripts of a driver domain.
start_daemon()
{
	/usr/sbin/xl devd
}

stop_daemon()
{
	# shellcheck disable=SC2046 # a word each
	kill $(pidof xl)
	wait_until 10 "xl's daemon has ended" eval "! pidof xl"
}

# Runs the hotplug script of each new net device, as a udev rule does. xl's daemon does
# not survive a quota.
run_scripts()
{
	local name device

	while :; do
		for name in $(all_vifs); do
			device=/sys/class/net/$(vif_name "$name")
			[ -e "$device" ] || continue
			! cmp -s "$device/ifindex" "/run/script.$name" || continue
			cat "$device/ifindex" >"/run/script.$name"
			XENBUS_PATH=$(vif_path "$name") vif=${device##*/} \
				vif-lab online
		done
		usleep 100000
	done
}

vif_path_of()
{
	echo "backend/vif/$(guest_id g1)/$1"
}

is_connected()
{
	[ "$(xenstore-read "$(vif_path_of "$1")/state" 2>/dev/null)" = 4 ]
}

# attach HANDLE: a vif that is on no bridge.
attach()
{
	# shellcheck disable=SC2046 # xl takes each part as a word
	xl network-attach g1 "devid=$1" \
		$(vif_spec $GUEST_NUMBER "$1" none | tr ',' ' ') &&
		wait_until 10 "vif $1 connected" is_connected "$1" && return
	xenstore-ls "$(vif_path_of "$1")"
	return 1
}

# attach_all MOST: attaches vifs as long as that works. Prints how many are connected.
attach_all()
{
	local handle=0

	while [ $handle -lt "$1" ] && attach $handle >/run/attach.log 2>&1; do
		handle=$((handle + 1))
	done
	echo $handle
}

guest_without_vif()
{
	create_guest g1 "$GUEST_NUMBER" 0 && wait_guest g1
}

detach()
{
	xl network-detach g1 "$1" && wait_until 20 "vif $1 gone" \
		[ ! -e "/sys/class/net/vif$(guest_id g1).$1" ]
}
