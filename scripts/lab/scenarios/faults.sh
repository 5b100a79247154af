# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	g1 --- vif --- bridge (dom0)
#
# On a debug kernel: memory is short, on purpose and for the driver alone. Vifs
# come and go while allocations fail in the thread that connects them; packets
# pass while they fail in the group's thread. A vif may then not come up and a
# packet may be lost, but nothing leaks, and all is well when memory is back.

readonly FAULTS="/sys/kernel/debug/failslab /sys/kernel/debug/fail_page_alloc"
readonly MANY=1000000

# inject PERCENT COMM: that part of the allocations of the threads of that name
# fail.
inject()
{
	local dir comm

	for dir in $FAULTS; do
		echo 0 >"$dir/verbose"
		echo N >"$dir/ignore-gfp-wait"
		echo Y >"$dir/task-filter"
		echo $MANY >"$dir/times"
		echo "$1" >"$dir/probability"
	done
	echo 0 >/sys/kernel/debug/fail_page_alloc/min-order
	grep -l "^$2" /proc/[0-9]*/comm | while read -r comm; do
		echo 1 >"${comm%comm}make-it-fail"
	done
}

# Says how many failed; none would prove nothing.
end_injection()
{
	local dir comm failed=0

	for dir in $FAULTS; do
		echo 0 >"$dir/probability"
		failed=$((failed + MANY - $(cat "$dir/times")))
	done
	for comm in /proc/[0-9]*/make-it-fail; do
		echo 0 >"$comm" 2>/dev/null
	done
	progress "$failed allocations failed"
	[ $failed -gt 0 ]
}

# A vif attached and detached, with what success memory allows.
one_vif()
{
	# shellcheck disable=SC2046 # xl takes each part as a word
	xl network-attach g1 $(vif_spec 11 1 "$BRIDGE" | tr ',' ' ') \
		>/run/attach.log 2>&1
	xl network-detach g1 1 >/run/attach.log 2>&1
	wait_until 20 "vif gone" [ ! -e "/sys/class/net/vif$(guest_id g1).1" ]
}

if [ ! -e /sys/kernel/debug/failslab ]; then
	ktap_not_ok "this kernel can make allocations fail"
	return
fi
reload_netback netback_kthread=1 groups=1
check "guest starts" start_guests 1 || return
resources_before
for round in $(seq 6); do
	inject 5 xenwatch
	check "round $round: a vif comes and goes while memory is short" one_vif
	check "round $round: allocations failed" end_injection
done
inject 5 netback/
check "TCP from the guest gets through while memory is short" \
	at g1 "stream 2 10.0.0.1"
check "TCP to the guest gets through while memory is short" \
	at dom0 "stream 2 10.0.0.11"
check "allocations failed under traffic" end_injection
check_no_reports
check "verified traffic to the guest" flows dom0 g1
check "verified traffic from the guest" flows g1 dom0
check_nothing_leaked "after memory was short"
destroy_guests
check_unloads
