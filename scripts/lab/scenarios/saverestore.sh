# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	g1 --- vif --- bridge (dom0)
#
# xl pause and unpause, save and restore of a guest, and traffic after each.
#
# in: check
# takes: 40

# A pause this long lets the waiting packets reach their limits.
readonly PAUSE_SECONDS=3
readonly SAVED=/tmp/g1.save

pause_unpause()
{
	xl pause g1 || return
	/usr/bin/ping -U -q -f -c 2000 -W 1 -w $PAUSE_SECONDS 10.0.0.11
	xl unpause g1
}

save_guest()
{
	xl save g1 $SAVED >/run/save.log 2>&1 || {
		tail -n 5 /run/save.log
		return 1
	}
	wait_until 15 "saved guest gone" no_guest_left
}

restore_guest()
{
	xl restore -e $SAVED >/run/save.log 2>&1 || {
		tail -n 5 /run/save.log
		return 1
	}
	remove_file $SAVED
	note_guest_id g1
	guest g1 true 60 &&
		wait_until 30 "vif connected" vifs_connected "$(guest_id g1)" &&
		guest_reached g1
}

both_ways()
{
	check "flows-to-guest-$1" "guest after $1: verified traffic reaches it" \
		flows dom0 g1
	check "flows-from-guest-$1" \
		"guest after $1: verified traffic from it arrives" flows g1 dom0
}

reload_netback
resources_before
check guest-starts "guest: it starts" start_guests 1 || return
check pause "guest: it is paused and unpaused with packets on their way" \
	pause_unpause
both_ways unpause
check saved "guest: it is saved" save_guest
check restored "saved guest: it is restored, its vif connects, and it answers" \
	restore_guest
both_ways restore
destroy_guests
# Groups keep pages for the next stream; a fresh driver has none, as at the start.
check reload "driver without guests: it is loaded again" reload_netback
check_nothing_leaked "after save and restore"
check_quiet_log
