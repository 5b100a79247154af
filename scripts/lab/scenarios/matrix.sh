# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	g1 --- vif --+
#	             bridge (dom0)
#	g2 --- vif --+
#
# Every kind of traffic on the three paths, in each cell of
# {1, 2 queues} x {tasklets, threads} x {1 group, one per CPU}. A driver
# without groups has the cells {1, 2 queues} only. Between the cells of one
# number of queues the driver is swapped below the running guests; a frontend
# keeps its number over that, so for another one the vifs are detached and
# attached again. The 64 MiB stream goes one way a cell, the next in turn:
# every path sees it in a whole run. A run with a worker mode of its own has the
# cells of that mode. On a debug kernel there is one cell for each number of
# queues, and each has every other combination of MTU and offload.
#
# in: check
# takes: 120

matrix_cells()
{
	local queues kthread groups

	for queues in 1 2; do
		driver_has_groups || echo "max_queues=$queues"
		driver_has_groups && for kthread in $(worker_modes); do
			for groups in $(numbers_of_groups $queues); do
				echo "max_queues=$queues" \
					"netback_kthread=$kthread" \
					"groups=$groups"
			done
		done
	done
}

worker_modes()
{
	case $NETBACK_PARAMS in
	*netback_kthread=*) echo "$NETBACK_PARAMS" |
		sed 's/.*netback_kthread=\([01]\).*/\1/' ;;
	*) echo 0 1 ;;
	esac
}

# numbers_of_groups QUEUES: 0 is one per CPU.
numbers_of_groups()
{
	if on_debug_kernel; then
		echo $(($1 % 2))
	else
		echo 1 0
	fi
}

# links CELL: MTU and offload, a line each.
links()
{
	local turn=0 mtu offload

	for mtu in 1500 9000; do
		for offload in off on; do
			[ $(((turn + mtu / 9000 + $1) % 2)) -eq 1 ] &&
				on_debug_kernel || echo "$mtu $offload"
			turn=$((turn + 1))
		done
	done
}

# configure MTU on|off: the MTU of all interfaces; checksum offload and TSO of
# the guests, in the order that ethtool accepts.
configure()
{
	local vif name

	echo "$1" >/run/mtu
	for vif in $(bound_vifs); do
		/bin/ip link set "$(vif_name "$vif")" mtu "$1" || return
	done
	/bin/ip link set "$BRIDGE" mtu "$1" || return
	for name in g1 g2; do
		guest $name "/bin/ip link set eth0 mtu $1 &&
			ethtool -K eth0 tx $2 && ethtool -K eth0 tso $2" ||
			return
	done
}

has_queues()
{
	local vif

	for vif in $(bound_vifs); do
		[ "$(find "/sys/class/net/$(vif_name "$vif")/queues" \
			-name 'tx-*' | wc -l)" -eq "$1" ] || {
			echo "$vif has not $1 queues"
			return 1
		}
	done
}

# "dom0" is the domain that the driver runs in, also where that is another one.
all_paths()
{
	check "$1, dom0 to guest" flows dom0 g1
	check "$1, guest to dom0" flows g1 dom0
	check "$1, guest to guest" flows g1 g2
}

# Which path the long stream takes is a matter of the cell's number.
long_stream()
{
	case $(($2 % 3)) in
	0) check "$1, 64 MiB dom0 to guest, sha256" big_stream dom0 g2 ;;
	1) check "$1, 64 MiB guest to dom0, sha256" big_stream g2 dom0 ;;
	2) check "$1, 64 MiB guest to guest, sha256" big_stream g2 g1 ;;
	esac
}

# run_cell NUMBER PARAMETER...
run_cell()
{
	local number=$1 name link mtu offload queues

	shift
	name=$*
	queues=${1#*=}
	check "$name: driver loaded, guests on the network" \
		enter_cell "$queues" "$@" || return
	check "$name: queues in use" has_queues "$queues"
	snapshot_counters /run/counters.before g1 g2
	for link in $(links "$number" | tr ' ' ,); do
		mtu=${link%,*}
		offload=${link#*,}
		check "$name: MTU $mtu, offload $offload" \
			configure "$mtu" "$offload"
		all_paths "$name, MTU $mtu, offload $offload"
	done
	long_stream "$name" "$number"
	configure 1500 on
	snapshot_counters /run/counters.after g1 g2
	check "$name: nothing lost, no bad checksum" \
		compare_counters /run/counters.before /run/counters.after
}

enter_cell()
{
	local queues=$1

	shift
	if [ -z "$(guest_names)" ]; then
		reload_netback "$@" && start_guests 2
	elif has_queues "$queues"; then
		live_update "$@"
	else
		detach_vif g1 && detach_vif g2 && reload_netback "$@" &&
			attach_vif g1 && attach_vif g2
	fi && guest_reached g1 && guest_reached g2
}

matrix_cells | {
	number=0
	while read -r cell; do
		# shellcheck disable=SC2086 # one parameter a word
		run_cell $number $cell </dev/null
		number=$((number + 1))
	done
}
check_quiet_log
