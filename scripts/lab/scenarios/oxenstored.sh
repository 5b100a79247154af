# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	g1 (netfront) --- vifs (driver domain)
#
# The quotas of the xenstored written in OCaml, with the distribution's driver and with
# ours: how many vifs of a driver domain connect. They hold from its start: see
# start_xenstored() in dom0/init.
#
# in: oxenstored
# needs: driver-domain plain-kernel our-driver oxenstored
# takes: 200

# Vifs are attached as long as that works, at most so many for one driver.
readonly MOST_VIFS=12

# fits DRIVER: the count of vifs goes to /run/fits.DRIVER.
fits()
{
	guest_without_vif && attach_all $MOST_VIFS >"/run/fits.$1" || return
	progress "driver $1: $(cat "/run/fits.$1") vifs, with quotas of ${OXENSTORED_NODES:-4000} nodes, ${OXENSTORED_WATCHES:-4000} watches"
	[ "$(cat "/run/fits.$1")" -gt 0 ]
}

# under DRIVER MODULE
under()
{
	unload_netback
	check "load-$1" "driver $1: it loads" insmod "$2" || return
	check "vifs-$1" "driver $1, quotas of oxenstored: vifs connect" fits "$1"
	destroy_guests
}

as_many()
{
	[ "$(cat /run/fits.ours)" -ge "$(cat /run/fits.stock)" ]
}

stop_daemon
run_scripts >/dev/null 2>&1 &
under stock /lab/stock.ko
under ours "$NETBACK"
check as-many "quotas of oxenstored: as many vifs as with the stock driver, or more" \
	as_many
kill $!
start_daemon
check_unloads
check_no_reports
