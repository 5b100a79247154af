# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	g1 (netfront) --- vifs --- bridge (driver domain)
#
# The quotas that xenstored sets a driver domain, with the distribution's driver and with
# ours: each is set above what the domain uses without a vif.
#
# in: domain
# needs: driver-domain plain-kernel our-driver
# takes: 430

readonly STOCK=/lab/stock.ko

# Watches and nodes for so many vifs or more.
readonly WATCHES=24
readonly NODES=120
# Vifs are attached as long as that works, at most so many for one driver.
readonly MOST_VIFS=12
readonly VIFS_AT_ONCE=4

# allow NAME NUMBER: sets a quota of each unprivileged domain.
allow()
{
	tools xenstore_quota set "$1" "$2" >/dev/null
}

# note_quotas, restore_quotas: as they were before this scenario.
note_quotas()
{
	tools xenstore_quota >/run/quotas
}

restore_quotas()
{
	local name

	for name in watches nodes transactions; do
		allow $name "$(awk -v name=$name '$1 == name { print $3 }' \
			/run/quotas)" || return
	done
}

# allow_more NAME NUMBER: above what the domain uses now.
allow_more()
{
	local now

	now=$(quota_used "$1")
	[ -n "$now" ] && allow "$1" $((now + $2))
}

# fill NAME NUMBER: attaches vifs until the quota is used up. Prints how many are
# connected.
fill()
{
	allow_more "$1" "$2" && attach_all $MOST_VIFS
}

# fits DRIVER NAME NUMBER: the count of vifs goes to /run/fits.DRIVER.NAME.
fits()
{
	guest_without_vif || return
	fill "$2" "$3" >"/run/fits.$1.$2" || return
	progress "driver $1: $(cat "/run/fits.$1.$2") vifs with $3 more $2"
	restore_quotas &&
		[ "$(cat "/run/fits.$1.$2")" -gt 0 ] && attach $MOST_VIFS
}

# as_many NAME
as_many()
{
	[ "$(cat "/run/fits.ours.$1")" -ge "$(cat "/run/fits.stock.$1")" ]
}

# at_once: with a single transaction for the whole domain.
at_once()
{
	local status

	allow transactions 1 && start_guest g1 "$GUEST_NUMBER" $VIFS_AT_ONCE
	status=$?
	restore_quotas && return $status
}

# without_options: with a node less than a vif takes, it offers no control ring, as
# the log says. Nodes that the toolstack has made are its own.
without_options()
{
	local one

	guest_without_vif && attach 0 || return
	one=$(quota_used nodes)
	attach 1 || return
	one=$(($(quota_used nodes) - one))
	allow_more nodes $((one - 1)) && attach 2 && restore_quotas || return
	xenstore-exists "$(vif_path_of 2)/feature-sg" &&
		! xenstore-exists "$(vif_path_of 2)/feature-ctrl-ring" &&
		logged 'vif.*\.2: cannot write .* without options'
}

# few DRIVER NAME NUMBER
few()
{
	check "few-$2-$1" \
		"driver $1, few $2: vifs connect, and one more when there are enough" \
		fits "$@"
	destroy_guests
}

# under DRIVER MODULE
under()
{
	unload_netback
	check "load-$1" "driver $1: it loads" insmod "$2" || return
	few "$1" watches $WATCHES
	few "$1" nodes $NODES
	check "transactions-$1" \
		"driver $1, one transaction at a time: $VIFS_AT_ONCE vifs connect at once" \
		at_once
	destroy_guests
}

note_quotas
stop_daemon
run_scripts >/dev/null 2>&1 &
under stock $STOCK
under ours "$NETBACK"
check options-left-out "few nodes: a vif connects without options, as the log says" \
	without_options
destroy_guests
restore_quotas
for name in watches nodes; do
	check "as-many-$name" \
		"few $name: as many vifs as with the stock driver, or more" \
		as_many $name
done
kill $!
start_daemon
check_unloads
check_no_reports
