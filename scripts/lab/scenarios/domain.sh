# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	g1 (netfront) --- vifs --- bridge (driver domain)
#
# What a driver domain meets: vifs that come and go often, or go while they are probed,
# and frontends that it may not read.
#
# in: domain
# needs: driver-domain
# takes: 230

CYCLES=30
! thorough || on_debug_kernel || CYCLES=200
readonly CYCLES
readonly PROBES=60

nodes_are()
{
	[ "$(quota_used nodes)" = "$1" ] && [ "$(quota_used watches)" = "$2" ]
}

# repeated FUNCTION COUNT: dom0 does it, and then the domain uses as many nodes and
# watches as after the first time, and has one vif.
repeated()
{
	local nodes watches

	tools "$1" "$(own_id)" "$(guest_id g1)" 1 && wait_until 10 "one vif" one_vif ||
		return
	nodes=$(quota_used nodes)
	watches=$(quota_used watches)
	tools "$1" "$(own_id)" "$(guest_id g1)" "$2" || return
	wait_until 20 "one vif, $nodes nodes and $watches watches" eval \
		"one_vif && nodes_are $nodes $watches" && return
	all_vifs
	echo "$(quota_used nodes) nodes and $(quota_used watches) watches"
	xenstore-ls -f error
	xenstore-ls -f backend
	return 1
}

one_vif()
{
	[ "$(all_vifs | wc -l)" = 1 ]
}

front_of()
{
	echo "/local/domain/$(guest_id g1)/device/vif/$1"
}

unreadable()
{
	attach 1 && tools xenstore-chmod -r "$(front_of 1)" "n$(guest_id g1)" &&
		detach 1
}

frontless()
{
	attach 1 && tools xenstore-rm "$(front_of 1)" && detach 1
}

stop_daemon
run_scripts >/dev/null 2>&1 &
readonly SCRIPTS=$!
reload_netback
resources_before
# netfront of Linux 6.12 loses 2 MiB with each vif of 2 queues, whatever the backend.
check guest-starts "guest: it starts" \
	start_guest g1 "$GUEST_NUMBER" 1 memory=$((128 + 3 * CYCLES)) || return
check connect-and-close \
	"vif that is made and removed $CYCLES times: no node and no watch is left" \
	repeated connect_and_close $CYCLES
check vanish-in-probe \
	"$PROBES vifs removed up to 60 ms after they are made: none is left" \
	repeated vanish_in_probe $PROBES
kill $SCRIPTS
start_daemon
check unreadable \
	"frontend that the domain may not read: its vif is detached" unreadable
check frontless "frontend whose directory is gone: its vif is detached" frontless
check next-works "after all of these: a vif is attached and detached" \
	eval "attach 1 && detach 1"
check answers "after all of these: the guest answers" guest_reached g1
destroy_guests
check_nothing_leaked "after the guest"
check_unloads
check_no_reports
