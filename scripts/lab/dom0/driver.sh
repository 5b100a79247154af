# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# The driver under test and the vifs it serves.

readonly NETBACK=/lab/xen-netback.ko
readonly DRIVER=/sys/bus/xen-backend/drivers/vif

# The driver is part of the kernel, so that it can't be loaded with other
# parameters than the kernel was booted with.
is_built_in()
{
	[ "$DRIVER_BUILT_IN" = 1 ]
}

# Does the module under test know the parameter $1?
has_param()
{
	if is_built_in; then
		[ -e "/sys/module/xen_netback/parameters/$1" ]
	else
		strings "$NETBACK" | grep -qE "^parm(type)?=$1:"
	fi
}

driver_has_groups()
{
	has_param groups
}

netback_loaded()
{
	is_built_in || grep -q '^xen_netback ' /proc/modules
}

# The run's own parameters come first, those given here overrule them.
load_netback()
{
	# shellcheck disable=SC2086 # one parameter a word
	netback_loaded || insmod "$NETBACK" $NETBACK_PARAMS "$@"
}

# The bus has a reference until the last vif's remove() has returned, when its net
# device is gone for a while.
unload_netback()
{
	is_built_in || ! netback_loaded ||
		wait_until 10 "no vif uses the module" rmmod xen_netback
}

# Fresh driver with the parameters given; no vif may exist.
reload_netback()
{
	unload_netback && load_netback "$@"
}

# Loads the driver with other parameters below running guests.
live_update()
{
	# shellcheck disable=SC2086 # one parameter a word
	sh /lab/live-update "$NETBACK" $NETBACK_PARAMS "$@"
}

# Devices of the xen-backend bus, such as vif-1-0.
all_vifs()
{
	find /sys/bus/xen-backend/devices -name 'vif-*' -exec basename {} \;
}

bound_vifs()
{
	[ -d $DRIVER ] || return 0
	find $DRIVER/ -name 'vif-*' -exec basename {} \;
}

# vif-1-0 to vif1.0, and to backend/vif/1/0.
vif_name()
{
	echo "$1" | sed 's/vif-\(.*\)-\(.*\)/vif\1.\2/'
}

vif_path()
{
	echo "$1" | sed 's,vif-\(.*\)-\(.*\),backend/vif/\1/\2,'
}

bind_vif()
{
	local name path

	name=$(vif_name "$1")
	path=$(vif_path "$1")
	echo "$1" >$DRIVER/bind || return
	wait_until 10 "$name exists" [ -e "/sys/class/net/$name" ] || return
	vif=$name XENBUS_PATH=$path vif-lab online
}

# ---- silence -------------------------------------------------------------

readonly SILENCE=10	# seconds

# What the workers have done so far: time in runs, switches to threads.
work_done()
{
	local pid

	[ ! -e /sys/kernel/debug/xen-netback/groups ] ||
		awk '{ print $14 }' /sys/kernel/debug/xen-netback/groups
	for pid in $(backend_pids); do
		grep ctxt_switches "/proc/$pid/status"
	done
}

# Neighbours and routers are asked for now and then, at first: there has to be one
# such time in which nothing is sent and nobody wakes.
nobody_wakes()
{
	local before after try

	for try in $(seq 18); do
		before=$(work_done)
		sleep $SILENCE
		after=$(work_done)
		[ "$before" != "$after" ] || return 0
	done
	echo "somebody did in each of $try times $SILENCE s:"
	echo "$before" >/run/before
	echo "$after" | diff /run/before -
	return 1
}
