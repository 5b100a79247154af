# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	24 test frontends --- vif0.1 to vif0.24 (netback), all of it in dom0
#	64 in a thorough run, 8 on a debug kernel
#
# That many vifs without traffic wake no worker and have no threads of their own.
#
# in: check
# needs: front our-driver
# takes: 40

FRONTS=24
! thorough || FRONTS=64
! on_debug_kernel || FRONTS=8

threads()
{
	backend_pids | wc -l
}

as_many_threads_as_groups()
{
	local groups

	groups=$(($(wc -l <"$NETBACK_DEBUG/groups") - 1))
	[ "$(threads)" = $groups ] && [ $groups -gt 0 ] && return
	echo "$(threads) threads, $groups groups"
	return 1
}

reload_netback groups=2 netback_kthread=1
resources_before
check module-loads "test frontend: the module loads" front_load
check connect "$FRONTS test frontends: all connect" fronts_up $FRONTS
check threads \
	"$FRONTS idle vifs: there is a thread for each group, none for each vif" \
	as_many_threads_as_groups
check no-wakeup "$FRONTS idle vifs: no worker wakes for $SILENCE s" nobody_wakes
check removed "$FRONTS idle vifs: they are removed" fronts_gone $FRONTS
check module-unloads "test frontend: the module unloads" front_unload
check_nothing_leaked "after $FRONTS vifs"
check_unloads
check_quiet_log
