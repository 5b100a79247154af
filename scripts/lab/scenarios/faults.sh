# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	g1 --- vif --- bridge (dom0)
#	test frontend --- vif0.8 (netback), in dom0
#
# On a debug kernel, memory is made short for the driver alone. Vifs come and go while
# allocations fail in the thread that connects them; packets pass while they fail in
# the group's thread. A vif may then not come up and a packet may be lost, but nothing
# leaks, and all works once memory is back.
#
# in: check-debug
# needs: front

readonly FAULTS="/sys/kernel/debug/failslab /sys/kernel/debug/fail_page_alloc"
readonly MANY=1000000

# inject PERCENT COMM: makes that part of the allocations of threads of that name
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

# Reports how many failed; none would prove nothing.
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

# Attaches and detaches a vif; the attachment may fail.
one_vif()
{
	# shellcheck disable=SC2046 # xl takes each part as a word
	xl network-attach g1 $(vif_spec 11 1 "$BRIDGE" | tr ',' ' ') \
		>/run/attach.log 2>&1
	xl network-detach g1 1 >/run/attach.log 2>&1
	wait_until 20 "vif gone" [ ! -e "/sys/class/net/vif$(guest_id g1).1" ]
}

# packets_dropped: the frontend floods, and the answers say which packets were lost
# through no fault of its own.
packets_dropped()
{
	local frame

	frame=$(front_udp "$NEAR" 9 "$(front_pattern 3 1000)")
	front_put 0 1 1 "$frame" && front_do "flood 0 20000" &&
		wait_until 60 "the flood is over" flood_over &&
		front_do "calm 0" && front_log &&
		grep -q "^flood 0 sent 20000 .* error 0 dropped [1-9]" \
			/run/front.log && [ "$(cat \
			/sys/class/net/"$TEST_VIF"/statistics/rx_dropped)" -gt 0 ]
}

if [ ! -e /sys/kernel/debug/failslab ]; then
	ktap_not_ok can-fail "kernel: it can make allocations fail"
	return
fi
reload_netback netback_kthread=1 groups=1
check guest-starts "guest for allocations that fail: it starts" \
	start_guests 1 || return
resources_before
for round in $(seq 6); do
	inject 5 xenwatch
	check "vif-comes-and-goes-$round" \
		"xenwatch short of memory, round $round: a vif comes or does not, and goes" \
		one_vif
	check "vif-failed-$round" \
		"xenwatch short of memory, round $round: allocations failed" \
		end_injection
done
inject 5 netback/
check stream-from-guest \
	"group short of memory: TCP from the guest gets through" \
	at g1 "stream 2 10.0.0.1"
check stream-to-guest "group short of memory: TCP to the guest gets through" \
	at dom0 "stream 2 10.0.0.11"
check stream-failed "group short of memory, TCP: allocations failed" \
	end_injection
check module-loads "test frontend: the module loads" front_load
check vif-created "test frontend: a vif is created" front_create "$TEST_HANDLE"
check connect "test frontend: it connects" front_connect 1
inject 5 netback/
check packets-dropped \
	"group short of memory: lost packets are answered RSP_DROPPED and counted" \
	packets_dropped
check packets-failed "group short of memory, a flood: allocations failed" \
	end_injection
check removed "test frontend: the vif is removed" front_remove
check module-unloads "test frontend: the module unloads" front_unload
check_no_reports
check flows-to-guest "memory enough again: verified traffic reaches the guest" \
	flows dom0 g1
check flows-from-guest \
	"memory enough again: verified traffic from the guest arrives" \
	flows g1 dom0
check_nothing_leaked "after memory was short"
destroy_guests
check_unloads
