# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	test frontend --- vif0.8 (netback), all of it in dom0
#
# A vif that sends and takes without end vanishes many times, as that of a destroyed
# guest: teardown meets packets in every state.
#
# in: check
# needs: front
# takes: 40

ROUNDS=10
! thorough || ROUNDS=20
! on_debug_kernel || ROUNDS=8

one_round()
{
	front_create "$TEST_HANDLE" && vanish_in_floods
}

reload_netback
resources_before
check module-loads "test frontend: the module loads" front_load
for round in $(seq $ROUNDS); do
	check "vanish-$round" \
		"frontend that sends and takes without end, round $round: its vif vanishes" \
		one_round || return
done
check module-unloads "test frontend: the module unloads" front_unload
# Groups keep pages for the next stream; a fresh driver has none, as at the start.
check reload "driver without vifs: it is loaded again" reload_netback
check_nothing_leaked "after $ROUNDS vifs that vanished"
check_unloads
# The distribution's driver warns of a queue that the vif has no longer.
! driver_has_groups || check_quiet_log
