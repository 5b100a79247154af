# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	g1 (netfront), test frontend --- vifs --- dom0
#
# The same guest and the same script over the distribution's driver and ours:
# what xenstore, the kernel and its tools then have of the vifs is compared line
# by line. Each difference is one of those below, with its reason.
#
# in: check
# needs: front our-driver plain-kernel
# takes: 30

readonly STOCK=/lab/stock.ko

# "stock LINE" or "ours LINE", as they are found.
expected()
{
	sed '/^#/d; /^$/d; s/^	*//' <<-END
	# Bytes of a packet from a guest include the Ethernet header, as those of
	# other Ethernet devices do (rtnl_link_stats64): 5 * 14 bytes more.
	stock counter rx_bytes 3640
	ours counter rx_bytes 3710
	# Bad packets from a guest count as receive errors.
	stock counter rx_errors 0
	ours counter rx_errors 3
	# Groups have tables, and the control ring always has its file.
	ours debugfs batches
	ours debugfs gaps
	ours debugfs groups
	ours debugfs queues
	ours debugfs vifD.0/ctrl
	END
	# Each queue has counters of its own, as ethtool's users expect.
	for name in guest_tx guest_rx queue_0_guest_tx queue_0_guest_rx \
		queue_1_guest_tx queue_1_guest_rx; do
		for what in packets bytes errors dropped; do
			echo "ours statistic ${name}_$what"
		done
	done
}

# Numbers that differ from run to run become N, the guest's D.
normalised()
{
	sed "s/\bvif$(guest_id g1)\./vifD./g; s/vif-$(guest_id g1)-/vif-D-/g
		s,/$(guest_id g1)/,/D/,g; s/^$(guest_id g1)\$/D/
		s/\(ring-ref\|event-channel[a-z-]*\) = \"[0-9]*\"/\1 = \"N\"/
		s/frontend-id = \"[0-9]*\"/frontend-id = \"D\"/
		s/\bifindex [0-9]*/ifindex N/g"
}

# tree NAME PATH: of xenstore, with full paths, so that lines can be sorted.
tree()
{
	xenstore-ls -f "$2" | sed "s,^$2,xenstore $1,"
}

features()
{
	ethtool -k "$1" | sed -n "s/^\t*\([a-z0-9-]*: [a-z]*\).*/feature \1/p"
}

statistics()
{
	ethtool -S "$1" | sed -n 's/^ *\([a-z0-9_]*\): .*/statistic \1/p'
}

interrupts()
{
	sed -n 's/.* \(vif[^ ]*\|xen-netback-ctrl\)$/interrupt \1/p' /proc/interrupts
}

# States that a device went through, one after the other.
link_states()
{
	grep -o " $1[@:].* state [A-Z]*" /run/links |
		sed 's/.*state /link state /' | uniq | awk '{ print $0, NR }'
}

driver_info()
{
	ethtool -i "$1" | grep -E '^(driver|bus-info)' | sed 's/^/info /'
	sed "s/^/address /" "/sys/class/net/$1/address"
	sed "s/^/mtu /" "/sys/class/net/$1/mtu"
	find "/sys/class/net/$1/queues/" -mindepth 1 -maxdepth 1 \
		-exec basename {} \; | sed 's/^/queue /'
	find "/sys/kernel/debug/xen-netback/" -mindepth 1 |
		sed 's,.*xen-netback/,debugfs ,'
	grep -E '^(script|vif)=' "/sys/bus/xen-backend/devices/$(echo "$1" |
		sed 's/vif\(.*\)\.\(.*\)/vif-\1-\2/')/uevent" | sed 's/^/uevent /'
}

# What the guest shows of its vif, and the host.
describe_guest()
{
	local id vif

	id=$(guest_id g1)
	vif=vif$id.0
	tree backend "/local/domain/0/backend/vif/$id/0"
	tree frontend "/local/domain/$id/device/vif/0"
	features "$vif"
	statistics "$vif"
	interrupts
	driver_info "$vif"
	link_states "$vif"
	guest g1 "ethtool -k eth0" |
		sed -n "s/^\t*\([a-z0-9-]*: [a-z]*\).*/guest's \1/p"
}

# Sends three bad packets and five good ones. An answer may come before its packet is
# counted.
count_packets()
{
	local vif=$TEST_VIF name id frame

	front_load && front_create "$TEST_HANDLE" && front_connect 1 || return
	frame=$(front_udp 10."$TEST_HANDLE".0.1 9 "$(front_pattern 1 700)")
	front_do "tx 0 6 0 0 0 13" && front_answers 0 1 -1 || return
	front_do "tx 0 7 0 g0xffff 0 100" && front_answers 0 1 -1 || return
	front_put 0 100 20 "$frame" && front_answers 0 20 -1 || return
	for id in 1 2 3 4 5; do
		front_put 0 $id $id "$frame" && front_answers 0 $id 0 || return
	done
	wait_until 5 "the last is counted" five_have_come "$vif"
	for name in rx_packets rx_bytes rx_errors tx_errors; do
		echo "counter $name $(cat "/sys/class/net/$vif/statistics/$name")"
	done
	front_remove && front_unload
}

five_have_come()
{
	[ "$(cat "/sys/class/net/$1/statistics/rx_packets")" -ge 5 ]
}

# The lines of the log that people grep.
log_lines()
{
	dmesg | sed -n 's/^\[[^]]*\] /log /p' | grep 'Guest Rx' | sort -u
}

# with DRIVER MODULE
with()
{
	local status=0

	unload_netback
	dmesg -c >/dev/null
	check "load-$1" "driver $1: it loads" insmod "$2" || return
	/bin/ip -o monitor link >/run/links &
	echo $! >/run/monitor.pid
	check "guest-$1" "driver $1: a guest starts" \
		start_guest g1 11 1 || status=1
	check "flows-to-guest-$1" \
		"driver $1: verified traffic reaches the guest" flows dom0 g1
	check "flows-from-guest-$1" \
		"driver $1: verified traffic from the guest arrives" \
		flows g1 dom0
	{ describe_guest; log_lines; } | normalised >"/run/$1.found"
	destroy_guests
	kill "$(cat /run/monitor.pid)"
	check "count-packets-$1" \
		"driver $1: five good packets and three bad ones are answered" \
		eval "count_packets >/run/counters" ||
		cat /run/counters
	cat /run/counters >>"/run/$1.found"
	sort -u -o "/run/$1.found" "/run/$1.found"
	return $status
}

# Two empty descriptions would not differ either, so lines of each kind are needed.
is_complete()
{
	local word

	for word in 'xenstore backend' 'xenstore frontend' feature statistic \
		interrupt info address mtu queue debugfs uevent 'link state' \
		"guest's" counter; do
		grep -q "^$word" "/run/$1.found" && continue
		echo "no line of '$word' among:"
		cat "/run/$1.found"
		return 1
	done
}

differences()
{
	grep -vxFf /run/ours.found /run/stock.found | sed 's/^/stock /'
	grep -vxFf /run/stock.found /run/ours.found | sed 's/^/ours /'
}

as_expected()
{
	expected | sort >/run/expected
	differences | sort >/run/differences
	diff -U 0 /run/expected /run/differences
}

with stock $STOCK
with ours "$NETBACK"
check complete-stock \
	"driver stock: the description of its vif has lines of every kind" \
	is_complete stock
check complete-ours \
	"driver ours: the description of its vif has lines of every kind" \
	is_complete ours
check only-listed \
	"stock and ours: their vifs differ in what is listed, and in nothing else" \
	as_expected
check_unloads
check_no_reports
