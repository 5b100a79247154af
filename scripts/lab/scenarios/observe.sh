# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	test frontend --- vif0.8 (netback), all of it in dom0
#
# What the host sees of a vif with its own tools: ethtool, netlink, debugfs,
# /proc/interrupts and the bus in sysfs.
#
# in: check
# needs: front our-driver
# takes: 15

interrupts_are_named()
{
	grep -q "$TEST_VIF-ctrl$" /proc/interrupts &&
		grep -q "$TEST_VIF-q1" /proc/interrupts
}

# Counters of events, for an administrator who suspects a storm.
bus_counts_events()
{
	local bus=/sys/bus/xen-backend/devices/vif-0-$TEST_HANDLE/xenbus name

	[ "$(cat "$bus"/event_channels)" -ge 2 ] &&
		[ "$(cat "$bus"/events)" -gt 0 ] || return
	for name in spurious_events spurious_threshold jiffies_eoi_delayed; do
		[ -r "$bus/$name" ] || return
	done
}

tools_agree()
{
	local vif=$TEST_VIF

	ethtool -i "$vif" | grep -qx 'driver: vif' &&
		ethtool -i "$vif" | grep -qx "bus-info: vif-0-$TEST_HANDLE" &&
		ethtool -i "$vif" | grep -q '^version: [0-9]' &&
		[ "$(ethtool -g "$vif" | grep -c 256)" = 4 ] &&
		ethtool -l "$vif" | grep -q 'Combined:.*2' &&
		ethtool -T "$vif" | grep -q software-transmit &&
		ethtool -k "$vif" | grep -q 'tx-tcp-segmentation: off'
}

former_counters()
{
	local name

	for name in rx_gso_checksum_fixup tx_zerocopy_sent tx_zerocopy_success \
		tx_zerocopy_fail tx_frag_overflow; do
		ethtool -S "$TEST_VIF" | grep -q " $name: 0$" || return
	done
}

# The sums over the queues are those of the vif, and of the net device.
totals_agree()
{
	ethtool -S "$TEST_VIF" | tr -d ' ' | awk -F: \
		-v sent="$(front_counter rx_packets)" '
		/^queue_.*_guest_tx_packets/ { sum += $2 }
		/^guest_tx_packets/ { total = $2 }
		END { exit !(total && total == sum && total == sent) }'
}

has_qstats()
{
	local major minor

	IFS=. read -r major minor _ </proc/sys/kernel/osrelease
	[ "$major" -gt 6 ] || { [ "$major" = 6 ] && [ "$minor" -ge 10 ]; }
}

# qstat DIRECTION QUEUE NAME: one value of qstats, which counts from the host's side.
qstat()
{
	probe qstats "$TEST_VIF" |
		awk -v what="$*" '$1 " " $2 " " $3 == what { print $4 }'
}

qstats_agree()
{
	local queue sum=0

	for queue in 0 1; do
		[ "$(qstat rx $queue packets)" = "$(ethtool -S "$TEST_VIF" |
			sed -n "s/ *queue_${queue}_guest_tx_packets: //p")" ] &&
			[ "$(qstat tx $queue bytes)" = "$(ethtool -S "$TEST_VIF" |
				sed -n "s/ *queue_${queue}_guest_rx_bytes: //p")" ] &&
			[ -n "$(qstat tx $queue hw-drops)" ] || return
		sum=$((sum + $(qstat rx $queue packets)))
	done
	[ $sum -gt 0 ]
}

ring_is_shown()
{
	grep -qx 'rx size 256' "$VIF_DEBUG/io_ring_q0" &&
		grep -q '^tx req_prod [0-9]* req_cons [1-9]' "$VIF_DEBUG/io_ring_q0" &&
		grep -q '^queued packets' "$VIF_DEBUG/io_ring_q0"
}

# A packet on each queue.
sends_packets()
{
	local frame queue

	frame=$(front_udp "$NEAR" 9 "$(front_pattern 1 100)")
	for queue in 0 1; do
		front_put $queue 1 1 "$frame" && front_answers $queue 1 0 ||
			return
	done
	wait_until 5 "both have been counted" dom0_has_got 2
}

reload_netback
resources_before
check module-loads "test frontend: the module loads" front_load
check vif-created "test frontend: a vif is created" \
	front_create "$TEST_HANDLE" || return
check connect "two queues and a control ring: both ends connect" \
	connect_posted 2 ctrl
check packets "guest Tx: a packet on each queue arrives" sends_packets
check ethtool \
	"ethtool: it shows driver, rings, channels and what was negotiated" \
	tools_agree
check former-counters "ethtool -S: the former driver's counters are there" \
	former_counters
check totals "ethtool -S: sums of the queues are those of the vif" totals_agree
! has_qstats ||
	check qstats "netlink: it has the counters of each queue" qstats_agree
check ring-shown "file io_ring_q0 in debugfs: it shows the rings" ring_is_shown
check ring-kick "file io_ring_q0 in debugfs: it takes the word kick" \
	write kick "$VIF_DEBUG/io_ring_q0"
check ring-bad-word "file io_ring_q0 in debugfs: it refuses any other word" \
	refused 'io_ring_q0: invalid value "kill", only "kick" is accepted' \
	write kill "$VIF_DEBUG/io_ring_q0"
check interrupts "/proc/interrupts: they are named after vif and queue" \
	interrupts_are_named
check bus-events "the bus in sysfs: it counts events of the vif" \
	bus_counts_events
check removed "observed vif: it is removed" front_remove
check module-unloads "test frontend: the module unloads" front_unload
xenstore-rm /local/domain/0/error/backend 2>/dev/null
check_nothing_leaked "after what was observed"
check_unloads
# Refusals are errors in the log, as they must be.
check_no_reports
