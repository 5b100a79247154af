# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	g1, g2 --- 2 vifs each --- dom0, which drops what comes
#
# For scripts/bench: two guests flood one of two groups, and the driver is told
# to balance. How long until it has parted them, by the clock of the kernel's
# trace, with ours in both modes; guests and groups have a CPU each. The results
# are comments "parted DRIVER MICROSECONDS".

readonly INSTANCE=/sys/kernel/debug/tracing/instances/netback
readonly BALANCE=/sys/module/xen_netback/parameters/balance

place_all()
{
	local cpu

	for cpu in $(seq 0 3); do
		xl vcpu-pin Domain-0 "$cpu" $((cpu % 2)) || return
	done
	xl vcpu-pin g1 all 2 && xl vcpu-pin g2 all 3 && tell_placement
}

put_on_group_0()
{
	local name

	for name; do
		name=/sys/class/net/vif$(guest_id "$name").1/netback/groups
		echo "0 0" >"$name" && echo "0 auto" >"$name" || return
	done
}

moved_by_load()
{
	grep -q "netbk_move.*by_hand=0" "$INSTANCE/trace"
}

# Microseconds from the mark to the first move, in both of which trace lines the
# time is the word before the event's name.
time_to_move()
{
	awk '{ for (i = 2; i < NF; i++)
			if ($i == "tracing_mark_write:")
				mark = $(i - 1) + 0
			else if ($i == "netbk_move:" && /by_hand=0/ && !moved)
				moved = $(i - 1) + 0
		}
		END {
			if (!mark || !moved)
				exit 1
			printf "%d\n", (moved - mark) * 1000000
		}' "$INSTANCE/trace"
}

# part DRIVER, with both floods under way
part()
{
	local time

	echo >"$INSTANCE/trace"
	echo balance >"$INSTANCE/trace_marker" && echo 1 >"$BALANCE" &&
		wait_until 60 "a queue moves" moved_by_load &&
		time=$(time_to_move) || return
	result "# parted $1 $time"
}

flood_and_part()
{
	local name status

	echo 0 >"$BALANCE"
	put_on_group_0 g1 g2 || return
	for name in g1 g2; do
		flood "$name" 60 60 || return
	done
	# shellcheck disable=SC2046 # a word each
	note_bytes $(for name in g1 g2; do echo "vif$(guest_id "$name").1"; done)
	wait_until 60 "both floods" all_flow 100000 && part "$1"
	status=$?
	for name in g1 g2; do
		stop_flood "$name" || status=1
	done
	return $status
}

# under DRIVER MODULE PARAMETER...
under()
{
	local driver=$1 module=$2

	shift 2
	[ "$driver" != stock ] || return 0
	check "$driver loaded" sh /lab/live-update "$module" "$@" groups=2 ||
		return
	mkdir "$INSTANCE"
	echo 1 >"$INSTANCE/events/xen_netback/netbk_move/enable"
	check "$driver: two floods are parted" flood_and_part "$driver"
	rmdir "$INSTANCE"
}

driver_has_groups || die "the bench wants our module"
reload_netback max_queues=1
check "guest" start_guest g1 11 2 vcpus=1 || return
check "another guest" start_guest g2 12 2 vcpus=1 || return
check "CPUs are pinned" place_all
each_driver under
