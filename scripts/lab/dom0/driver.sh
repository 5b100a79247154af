# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# The driver under test and the vifs it serves.

readonly NETBACK=/lab/xen-netback.ko
readonly DRIVER=/sys/bus/xen-backend/drivers/vif
readonly NETBACK_DEBUG=/sys/kernel/debug/xen-netback

# Checks whether the driver is part of the kernel. Then its parameters are those on
# the kernel's command line.
is_built_in()
{
	[ "$DRIVER_BUILT_IN" = 1 ]
}

# has_param NAME: checks whether the driver under test has that parameter.
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

# load_netback PARAMETER...: the given parameters override those of the run.
load_netback()
{
	# shellcheck disable=SC2086 # each parameter is a word
	netback_loaded || insmod "$NETBACK" $NETBACK_PARAMS "$@"
}

# The bus holds a reference until the last vif's remove() returns, which is some time
# after its net device is gone.
unload_netback()
{
	is_built_in || ! netback_loaded ||
		wait_until 10 "no vif uses the module" rmmod xen_netback
}

# reload_netback PARAMETER...: loads the driver again; no vif may exist.
reload_netback()
{
	unload_netback && load_netback "$@"
}

# load_stock PARAMETER...: the distribution's driver, for comparison; no vif may exist.
load_stock()
{
	unload_netback && insmod /lab/stock.ko "$@"
}

# live_update PARAMETER...: loads the driver again under running guests.
live_update()
{
	# shellcheck disable=SC2086 # each parameter is a word
	sh /lab/live-update "$NETBACK" $NETBACK_PARAMS "$@"
}

# live_update_options OPTION...
live_update_options()
{
	# shellcheck disable=SC2086 # each parameter is a word
	sh /lab/live-update "$@" "$NETBACK" $NETBACK_PARAMS
}

# Lists the devices of the xen-backend bus, such as vif-1-0.
all_vifs()
{
	find /sys/bus/xen-backend/devices -name 'vif-*' -exec basename {} \;
}

bound_vifs()
{
	[ -d $DRIVER ] || return 0
	find $DRIVER/ -name 'vif-*' -exec basename {} \;
}

# Converts vif-1-0 to the name vif1.0; vif_path() converts it to backend/vif/1/0.
vif_name()
{
	echo "$1" | sed 's/vif-\(.*\)-\(.*\)/vif\1.\2/'
}

vif_path()
{
	echo "$1" | sed 's,vif-\(.*\)-\(.*\),backend/vif/\1/\2,'
}

# has_queues VIF COUNT
has_queues()
{
	[ "$(find "/sys/class/net/$1/queues" -name 'tx-*' | wc -l)" -eq "$2" ] &&
		return
	echo "$1 does not have $2 queues"
	return 1
}

# table_column TABLE NAME: that column of a table in debugfs, without its name.
table_column()
{
	awk -v want="$2" 'NR == 1 {
			for (i = 1; i <= NF; i++)
				if ($i == want)
					column = i
			next
		}
		column { print $column }' "$NETBACK_DEBUG/$1"
}

# groups_of VIF: that serve its queues.
groups_of()
{
	cat "/sys/class/net/$1/netback/groups"
}

# put_on_group_0 VIF...: their first queues, which may leave again.
put_on_group_0()
{
	local vif

	for vif; do
		write "0 0" "/sys/class/net/$vif/netback/groups" &&
			write "0 auto" "/sys/class/net/$vif/netback/groups" ||
			return
	done
}

# are_parted VIF VIF
are_parted()
{
	[ "$(groups_of "$1")" != "$(groups_of "$2")" ]
}

set_balance()
{
	write "$1" /sys/module/xen_netback/parameters/balance
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

# Prints what the workers have done so far: time in runs, switches to threads.
work_done()
{
	local pid

	[ ! -e $NETBACK_DEBUG/groups ] || table_column groups busy_ns
	for pid in $(backend_pids); do
		grep ctxt_switches "/proc/$pid/status"
	done
}

# At first the guests sometimes ask for neighbours and routers. A period of SILENCE
# without any packet, and without work of any worker, is required.
nobody_wakes()
{
	local silent=0 seconds=0

	work_done >/run/before
	while [ $silent -lt $SILENCE ] && [ $seconds -lt $((18 * SILENCE)) ]; do
		sleep 1
		seconds=$((seconds + 1))
		silent=$((silent + 1))
		work_done >/run/after
		cmp -s /run/before /run/after || {
			silent=0
			diff /run/before /run/after >/run/woken
			mv /run/after /run/before
		}
	done
	[ $silent -lt $SILENCE ] || return 0
	echo "no $SILENCE s of $seconds s without a worker that ran, at last:"
	cat /run/woken
	return 1
}
