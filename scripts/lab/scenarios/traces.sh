# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	front end --- vif0.9, both in dom0
#
# Tracepoints of groups with the figures of the traffic, and histograms of runs and of
# service gaps.
#
# in: check
# needs: dom0 our-driver
# takes: 20

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

# sum_of TABLE COLUMN
sum_of()
{
	table_column "$1" "$2" | awk '{ sum += $1 } END { print sum + 0 }'
}

# The histogram has each batch of the other table once, if no copy fails.
batches_agree()
{
	[ $(($(sum_of groups tx_batches) + $(sum_of groups rx_batches))) = \
		"$(sum_of batches runs)" ]
}

batches_counted()
{
	[ "$(sum_of batches runs)" -gt 0 ] &&
		wait_until 5 "both tables count as many" batches_agree
}

# gaps_grow yes|no: traffic adds visits to the histogram.
gaps_grow()
{
	local before after

	before=$(sum_of gaps visits)
	flows dom0 front "$HANDLE" || return
	after=$(sum_of gaps visits)
	case $1 in
	yes) [ "$after" -gt "$before" ] && return ;;
	no) [ "$after" -eq "$before" ] && return ;;
	esac
	echo "$before visits before, $after after"
	return 1
}

# On an idle machine no gap is as long as ten seconds.
gaps_are_sane()
{
	table_column gaps ns | awk '{ print } $1 > 10000000000 { bad = 1 }
		END { exit bad || !NR }'
}

reload_netback groups=2
check trace-on "tracepoints: they are switched on" trace_begin xen_netback
check connect "vif under trace: both ends connect" create_loopback
check flows-to-front "vif under trace: verified traffic reaches the front end" \
	flows dom0 front "$HANDLE"
check flows-from-front \
	"vif under trace: verified traffic from the front end arrives" \
	front flows 1 "$HANDLE"
check moved "vif under trace: its queue is moved to group 1" move_loopback 1
check moved-back "vif under trace: its queue is moved back to group 0" move_loopback 0
check runs "tracepoint netbk_run: it has runs of both directions" runs_traced
check serves "tracepoint netbk_serve: it has visits to queues, with their gap" \
	traced netbk_serve \
	"vif=vif0.$HANDLE queue=0 group=[01] dir=[tr]x gap=[0-9]+"
check moves "tracepoint netbk_move: it has both moves" moves_traced
check batches "file batches: its sum is that of the batches in file groups" \
	batches_counted
check gaps-sane "file gaps: gaps were measured under trace, none of 10 s" \
	gaps_are_sane
check removed "vif under trace: it is removed" remove_loopback
check trace-off "tracepoints: they are switched off" trace_end

check gaps-connect "parameter gaps: both ends of another vif connect" \
	create_loopback
check gaps-off "parameter gaps 0: no gap is measured" gaps_grow no
check gaps-switched-on "parameter gaps: 1 is written" write 1 "$GAPS"
check gaps-on "parameter gaps 1: gaps are measured" gaps_grow yes
check gaps-refused "parameter gaps: 2 is refused by name" \
	refused 'gaps: invalid value "2" (valid: 0-1)' write 2 "$GAPS"
check gaps-switched-off "parameter gaps: 0 is written" write 0 "$GAPS"
check gaps-off-again "parameter gaps 0 again: no gap is measured" gaps_grow no
check gaps-removed "parameter gaps: the vif is removed" remove_loopback

check_unloads
# A refusal is an error in the log, as it must be.
check_no_reports
