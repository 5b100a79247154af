# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	front end --- vif0.9, both in dom0
#
# The scripts for bpftrace show what they are for. bpftrace is linked to LLVM, 200 MB
# of an initramfs: it has a boot of its own.
#
# in: all
# needs: dom0 our-driver bpftrace
# takes: 60

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

reload_netback groups=2
# They are there before the vif is.
for script in gaps runs moves; do
	check "attach-$script" "netback-$script.bt: it attaches" \
		start_script "netback-$script.bt"
done
check connect "scripts for bpftrace: both ends of a vif connect" create_loopback
check flows "scripts for bpftrace: verified traffic reaches the front end" \
	flows dom0 front "$HANDLE"
check move "scripts for bpftrace: the queue is moved" move_loopback 1
check removed "scripts for bpftrace: the vif is removed" remove_loopback
check gaps "netback-gaps.bt: it shows gaps of the vif" \
	script_shows netback-gaps.bt "longest_ns\[vif0.$HANDLE, 0, rx\]: [1-9]"
check runs "netback-runs.bt: it shows runs of the group" \
	script_shows netback-runs.bt "@packets\[[01], rx\]"
check busy "netback-runs.bt: it shows how busy the group was" \
	grep -qE "^@busy\[[01]\]: [1-9]" /run/netback-runs.bt.out
check moves "netback-moves.bt: it shows the move" \
	script_shows netback-moves.bt "vif0.$HANDLE +0 +0 +1 by hand"
check_unloads
check_no_reports
