# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	front end --- vif0.9, both in dom0
#
# What an administrator sees of groups: tracepoints with the traffic's figures in
# them, histograms of runs and of service gaps, and the scripts for bpftrace; not
# the latter on a debug kernel, which has no BTF for them.
#
# in: check
# needs: dom0 our-driver
# takes: 20

readonly NETBACK_DEBUG=/sys/kernel/debug/xen-netback
readonly GAPS=/sys/module/xen_netback/parameters/gaps

runs_traced()
{
	traced netbk_run "group=[01] dir=tx packets=[1-9][0-9]* ns=[0-9]+" &&
		traced netbk_run "group=[01] dir=rx packets=[1-9][0-9]* ns=[0-9]+"
}

moves_traced()
{
	local what="vif=vif0.$HANDLE queue=0"

	traced netbk_move "$what from=0 to=1 by_hand=1" &&
		traced netbk_move "$what from=1 to=0 by_hand=1"
}

# sum_of TABLE COLUMN: of debugfs
sum_of()
{
	awk -v column="$2" 'NR > 1 { sum += $column } END { print sum + 0 }' \
		"$NETBACK_DEBUG/$1"
}

# The histogram counts each batch of the other table once, when no copy fails.
batches_agree()
{
	[ $(($(sum_of groups 6) + $(sum_of groups 10))) = "$(sum_of batches 4)" ]
}

batches_counted()
{
	[ "$(sum_of batches 4)" -gt 0 ] &&
		wait_until 5 "both tables count as many" batches_agree
}

# gaps_grow yes|no: visits are counted while there is traffic
gaps_grow()
{
	local before after

	before=$(sum_of gaps 4)
	flows dom0 front "$HANDLE" || return
	after=$(sum_of gaps 4)
	case $1 in
	yes) [ "$after" -gt "$before" ] && return ;;
	no) [ "$after" -eq "$before" ] && return ;;
	esac
	echo "$before visits before, $after after"
	return 1
}

# No gap of a machine with so little to do is ten seconds.
gaps_are_sane()
{
	awk 'NR > 1 { print } NR > 1 && $3 > 10000000000 { bad = 1 }
		END { exit bad || NR < 2 }' $NETBACK_DEBUG/gaps
}

gone()
{
	! kill -0 "$(cat "/run/$1.pid")" 2>/dev/null
}

# attached SCRIPT, or at its end: its output says that its probes are in place.
attached()
{
	grep -q Attaching "/run/$1.out" || gone "$1"
}

# start_script SCRIPT, in the background
start_script()
{
	bpftrace "/lab/bpf/$1" >"/run/$1.out" 2>&1 &
	echo $! >"/run/$1.pid"
	wait_until 120 "$1 is attached" attached "$1" && ! gone "$1" && return
	cat "/run/$1.out"
	return 1
}

# script_shows SCRIPT PATTERN, after its end
script_shows()
{
	kill -INT "$(cat "/run/$1.pid")"
	wait_until 60 "$1 ends" gone "$1" || return
	grep -qE "$2" "/run/$1.out" && return
	echo "nothing like '$2' in:"
	cat "/run/$1.out"
	return 1
}

put_on()
{
	write "0 $1" "/sys/class/net/vif0.$HANDLE/netback/groups"
}

# They are there before the vif is, as the tracepoints above.
scripts_for_bpftrace()
{
	local script

	for script in gaps runs moves; do
		check "netback-$script.bt attaches" start_script "netback-$script.bt"
	done
	check "both ends connect for the scripts" create_loopback
	check "verified traffic" flows dom0 front "$HANDLE"
	check "the queue is moved once more" put_on 1
	check "device removed at last" remove_loopback
	check "netback-gaps.bt shows gaps of the vif" \
		script_shows netback-gaps.bt "longest_ns\[vif0.$HANDLE, 0, rx\]: [1-9]"
	check "netback-runs.bt shows runs of the group" \
		script_shows netback-runs.bt "@packets\[[01], rx\]"
	check "and how busy it was" \
		grep -qE "^@busy\[[01]\]: [1-9]" /run/netback-runs.bt.out
	check "netback-moves.bt shows the move" \
		script_shows netback-moves.bt "vif0.$HANDLE +0 +0 +1 by hand"
}

driver_has_groups || return 0
reload_netback groups=2
check "tracepoints are switched on" trace_begin xen_netback
check "both ends connect" create_loopback
check "verified traffic to the front end" flows dom0 front "$HANDLE"
check "verified traffic from the front end" front flows 1 "$HANDLE"
check "the queue is moved" put_on 1
check "and back" put_on 0
check "runs of both directions are traced" runs_traced
check "visits to queues are traced, with their gap" traced netbk_serve \
	"vif=vif0.$HANDLE queue=0 group=[01] dir=[tr]x gap=[0-9]+"
check "moves are traced" moves_traced
check "the histogram of batches counts each" batches_counted
check "service gaps were measured meanwhile" gaps_are_sane
check "device removed" remove_loopback
check "tracepoints are switched off" trace_end

check "both ends connect once more" create_loopback
check "no gap is measured now" gaps_grow no
check "gaps are switched on" write 1 "$GAPS"
check "now they are measured" gaps_grow yes
check "gaps=2 refused by name" refused "gaps=2 refused" write 2 "$GAPS"
check "gaps are switched off" write 0 "$GAPS"
check "and not measured any more" gaps_grow no
check "device removed once more" remove_loopback

on_debug_kernel || scripts_for_bpftrace
check_unloads
# A refusal is an error in the log, as it must be.
check_no_reports
