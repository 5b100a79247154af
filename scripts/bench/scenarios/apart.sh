# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	2 test frontends --- vif0.1, vif0.3 on group 0; group 1 idles
#
# For scripts/bench: how long two queues that flood one group stay together. Group
# 0 has the first CPU, the frontends the second, where group 1 is. The results are
# comments "apart DRIVER MICROSECONDS": from when both frontends are told to send to
# the move of a queue, by the kernel's trace.
#
# in: bench
# needs: front our-driver

readonly TRIES=10

# Frontends 1 and 3 come to one group, as they are placed by turns; 2 goes.
both_on_group_0()
{
	fronts_up 3 && front_use 2 && front_remove &&
		[ "$(groups_of vif0.1)" = 0 ] && [ "$(groups_of vif0.3)" = 0 ]
}

# A queue that has moved stays for a second, of which nothing shows the end.
rested()
{
	sleep 1
}

floods_begin()
{
	front_use 1 && front_strange 0 60 && front_use 3 &&
		front_strange 0 60 &&
		write "flood 0 0" "$FRONT_DEBUGFS/vif-1/do" &&
		write begin "$INSTANCE/trace_marker" &&
		write "flood 0 0" "$FRONT_DEBUGFS/vif-3/do" && pin_floods 2
}

# part DRIVER
part()
{
	local status=0

	put_on_group_0 vif0.1 vif0.3 && rested || return
	echo >"$INSTANCE/trace"
	floods_begin || return
	wait_until 20 "the queues are on two groups" \
		are_parted vif0.1 vif0.3 || status=1
	fronts_calm_both
	[ $status = 0 ] || return
	awk -v driver="$1" '
		{ for (i = 1; i <= NF; i++) if ($i ~ /^[0-9]+\.[0-9]+:$/) { t = $i + 0; break } }
		/ begin$/ { begun = t }
		/ netbk_move: / && begun && !moved { moved = t }
		END {
			if (!moved)
				exit 1
			printf "# apart %s %d\n", driver, (moved - begun) * 1000000
		}' "$INSTANCE/trace" >/run/apart || return
	result "$(cat /run/apart)"
}

fronts_calm_both()
{
	front_use 1 && front_do "calm 0" && front_use 3 && front_do "calm 0"
}

# under MODE PARAMETER...
under()
{
	local mode=$1 try

	shift
	reload_netback groups=2 max_queues=1 "$@"
	# All others would fill the buffer.
	check "trace-$mode" "driver $mode: moves are traced" \
		trace_begin xen_netback/netbk_move
	check "both-on-group-0-$mode" \
		"driver $mode: two queues are on one group" \
		both_on_group_0 || return
	for try in $(seq $TRIES); do
		check "parted-$mode-$try" \
			"driver $mode, try $try: two queues that flood a group are parted" \
			part "$mode"
	done
	check "removed-$mode" "driver $mode: the vifs are removed" \
		eval 'front_use 1 && front_remove && front_use 3 && front_remove'
	check "trace-off-$mode" "driver $mode: tracepoints are switched off" \
		trace_end
}

check module-loads "test frontend: the module loads" front_load
check cpus-pinned "domains: their CPUs are pinned" place_domains
under tasklet
under kthread netback_kthread=1
