# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	g1 --- vif --+
#	             bridge (dom0)
#	g2 --- vif --+
#
# Every kind of traffic on the three paths, in cells of {1, 2 queues} x {tasklets,
# threads} x {1 group, one per CPU}, each with links of {MTU 1500, 9000} x {offload
# off, on}. A thorough run has all of them. Another has four cells with two links
# each, so that any two of these five factors occur in all combinations: the cells of
# a queue and a mode have the number of groups that follows from the two, and two
# links each that differ in both factors, by turns. A run with a worker mode of its
# own, or of a driver without groups, has the cells that this leaves.
#
# Between the cells of one number of queues the driver is swapped below the running
# guests; a frontend keeps its number over that, so for another one the vifs are
# detached and attached again. The 64 MiB stream goes one way a cell, the next in
# turn: every path sees it in a whole run.
#
# in: check
# takes: 120

matrix_cells()
{
	local queues kthread groups

	for queues in 1 2; do
		driver_has_groups || echo "max_queues=$queues"
		driver_has_groups && for kthread in $(worker_modes); do
			for groups in $(numbers_of_groups $queues "$kthread"); do
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

# A debug kernel has no time for all combinations.
all_combinations()
{
	thorough && ! on_debug_kernel
}

# numbers_of_groups QUEUES MODE: 0 is one per CPU.
numbers_of_groups()
{
	if all_combinations; then
		echo 1 0
	else
		echo $((($1 + $2) % 2))
	fi
}

# links CELL: MTU and offload, a line each.
links()
{
	local mtu offload turn=$1

	for mtu in 1500 9000; do
		for offload in off on; do
			turn=$((turn + 1))
			all_combinations || [ $((turn % 2)) -eq 1 ] || continue
			echo "$mtu $offload"
		done
		turn=$((turn + 1))
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

# bridged_vifs_have QUEUES
bridged_vifs_have()
{
	local vif

	for vif in $(bound_vifs); do
		has_queues "$(vif_name "$vif")" "$1" || return
	done
}

# all_paths ID TEXT: "dom0" is the domain that the driver runs in, also where that is
# another one.
all_paths()
{
	check "to-guest-$1" "$2: verified traffic from dom0 reaches a guest" \
		flows dom0 g1
	check "from-guest-$1" "$2: verified traffic from a guest reaches dom0" \
		flows g1 dom0
	check "between-guests-$1" "$2: verified traffic passes between guests" \
		flows g1 g2
}

# long_stream ID TEXT NUMBER: the number of the cell chooses the path.
long_stream()
{
	case $(($3 % 3)) in
	0) check "long-to-guest-$1" \
		"$2: 64 MiB from dom0 reach a guest, sha256 compared" \
		big_stream dom0 g2 ;;
	1) check "long-from-guest-$1" \
		"$2: 64 MiB from a guest reach dom0, sha256 compared" \
		big_stream g2 dom0 ;;
	2) check "long-between-guests-$1" \
		"$2: 64 MiB pass between guests, sha256 compared" \
		big_stream g2 g1 ;;
	esac
}

# cell_id PARAMETER...: q1-k0-g1 of max_queues=1 netback_kthread=0 groups=1
cell_id()
{
	echo "$*" | sed 's/max_queues=/q/; s/ netback_kthread=/-k/; s/ groups=/-g/'
}

# run_cell NUMBER PARAMETER...
run_cell()
{
	local number=$1 cell text link mtu offload queues

	shift
	cell=$(cell_id "$@")
	text=$*
	queues=${1#*=}
	check "enter-$cell" "$text: the driver is loaded and the guests answer" \
		enter_cell "$queues" "$@" || return
	check "queues-$cell" "$text: each vif has that many queues" \
		bridged_vifs_have "$queues"
	snapshot_counters /run/counters.before g1 g2
	for link in $(links "$number" | tr ' ' ,); do
		mtu=${link%,*}
		offload=${link#*,}
		check "configure-$cell-$mtu-$offload" \
			"$text, MTU $mtu, offload $offload: all interfaces take it" \
			configure "$mtu" "$offload"
		all_paths "$cell-$mtu-$offload" \
			"$text, MTU $mtu, offload $offload"
	done
	long_stream "$cell" "$text" "$number"
	configure 1500 on
	snapshot_counters /run/counters.after g1 g2
	check "nothing-lost-$cell" \
		"$text: no packet was lost and no checksum was bad" \
		compare_counters /run/counters.before /run/counters.after
}

enter_cell()
{
	local queues=$1

	shift
	if [ -z "$(guest_names)" ]; then
		reload_netback "$@" && start_guests 2
	elif bridged_vifs_have "$queues"; then
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
