# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	g1 --- 4 vifs of 1 queue --- dom0, an address on each
#
# With 2 groups each serves 2 of the queues, in both worker modes; threads
# exist in thread mode only and there are as many as groups; both groups move
# packets. Weights of vifs can be read and set, and a live update keeps them. Bad
# values of groups=, of cpus= and of weights are refused with a message that names
# them.
#
# in: check
# modes: both
# takes: 60

column_is()
{
	local values

	values=$(table_column groups "$1" | tr '\n' ' ')
	[ "$values" = "$2 " ] && return
	echo "$1 is '$values', expected '$2'"
	cat "$NETBACK_DEBUG/groups"
	return 1
}

threads_are()
{
	local count

	count=$(backend_threads | grep -c 'netback/')
	[ "$count" -eq "$1" ] && return
	echo "$count threads netback/N, expected $1"
	backend_threads
	return 1
}

both_moved()
{
	local column idle

	for column in tx_packets rx_packets tx_copies; do
		idle=$(table_column groups $column | grep -c '^0$')
		[ "$idle" -eq 0 ] || {
			echo "a group has no $column"
			cat "$NETBACK_DEBUG/groups"
			return 1
		}
	done
	[ "$(table_column groups group | wc -l)" -eq 2 ]
}

# A debug kernel takes several times as long: one way for each vif.
four_vifs()
{
	local handle

	if on_debug_kernel; then
		flows dom0 g1 0 && flows dom0 g1 1 &&
			flows g1 dom0 2 && flows g1 dom0 3
		return
	fi
	for handle in 0 1 2 3; do
		flows dom0 g1 $handle && flows g1 dom0 $handle || return
	done
}

weight_file()
{
	echo "/sys/class/net/vif$(guest_id g1).0/netback/weight"
}

weight_is()
{
	local weight

	weight=$(cat "$(weight_file)") && [ "$weight" = "$1" ] && return
	echo "the weight is $weight, expected $1"
	return 1
}

set_weight()
{
	weight_is "$1" && echo "$2" >"$(weight_file)" && weight_is "$2"
}

weight_refused()
{
	refused "vif.*weight: invalid value \"$1\" (valid: 10-1000)" \
		write "$1" "$(weight_file)" &&
		weight_is "$2"
}

groups_in_mode()
{
	local name=$1 mode="netback_kthread=$3" text="groups=2, $1"

	check "load-$name" "$text: the driver is swapped below a guest" \
		live_update groups=2 "$mode"
	check "queues-spread-$name" "$text: each group serves 2 of 4 queues" \
		column_is queues "2 2"
	check "threads-$name" "$text: there are $2 threads for 4 vifs" \
		threads_are "$2"
	check "traffic-$name" "$text: verified traffic passes on every vif" \
		four_vifs
	check "all-work-$name" "$text: both groups have moved packets" both_moved
}

reload_netback
check guest-starts "guest with 4 vifs: it starts" \
	start_guest g1 11 4 netfront=max_queues=1 || return
if driver_has_groups; then
	groups_in_mode tasklets 0 0
	check weight-set \
		"weight of a vif: 100 at first, becomes 250 when written" \
		set_weight 100 250
	groups_in_mode threads 2 1
	check weight-kept "weight of a vif: a live update keeps 250" \
		weight_is 250
else
	check traffic-stock "4 vifs: verified traffic passes on every vif" four_vifs
fi
check_quiet_log
driver_has_groups || return
for value in 9 1001 x; do
	check "weight-refused-$value" \
		"weight of a vif: $value is refused by name" \
		weight_refused "$value" 250
done
destroy_guests
check_unloads
number=0
for value in -1 x 100000; do
	number=$((number + 1))
	check "groups-refused-$number" \
		"parameter groups: $value is refused by name" \
		refused "groups: invalid value \"$value\" (valid: 0-256)" \
		insmod "$NETBACK" "groups=$value"
done
number=0
for value in 9999 x "0;" "0;9999"; do
	number=$((number + 1))
	check "cpus-refused-$number" "parameter cpus: $value is refused by name" \
		refused "cpus: list [12] of \"$value\" contains no CPU of this machine" \
		insmod "$NETBACK" "cpus=$value"
done
# Refusals are errors in the log, as they must be.
check_no_reports
