# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# What a back end holds, counted before and after a scenario. A grant that
# dom0 still maps keeps a destroyed domain as a zombie in xl's list.

# Free memory moves by itself by some megabytes, and caches grow once.
readonly MEMORY_TOLERANCE_KB=16384

# snapshot_resources FILE
snapshot_resources()
{
	{
		echo "domains $(xl list | awk 'NR > 1' | wc -l)"
		echo "interrupts $(grep -c ' vif' /proc/interrupts)"
		echo "event-channels $(interdomain_channels)"
		echo "threads $(backend_threads | wc -l)"
		echo "backend-nodes $(xenstore-ls /local/domain/0/backend/vif \
			2>/dev/null | grep -vc '^[^ =]* = ""')"
		echo "interfaces $(find /sys/class/net -name 'vif*' | wc -l)"
		echo "memory-kb $(free_memory_kb)"
	} >"$1"
}

# Ports of dom0 connected to another domain, as Xen itself counts them.
interdomain_channels()
{
	xl dmesg -c >/dev/null
	xl debug-keys e
	xl dmesg | awk '/information for domain/ { dom0 = / 0:/ }
		dom0 && /s=3/' | wc -l
}

backend_threads()
{
	# shellcheck disable=SC2009 # busybox's pgrep knows less of them
	ps -o comm | grep -E '^\[?(vif[0-9]|netback|xen-netback)'
}

free_memory_kb()
{
	echo 3 >/proc/sys/vm/drop_caches
	awk '/^MemAvailable/ { print $2 }' /proc/meminfo
}

# Two snapshots are equal, but for the noise of memory.
compare_resources()
{
	local changed

	changed=$(awk -v tolerance=$MEMORY_TOLERANCE_KB '
		NR == FNR { before[$1] = $2; next }
		$1 == "memory-kb" && $2 >= before[$1] - tolerance { next }
		$2 != before[$1] { print $1, before[$1], "->", $2 }' "$1" "$2")
	[ -z "$changed" ] && return
	echo "$changed"
	backend_threads
	return 1
}

# After teardown some work is deferred: the state is polled.
same_resources()
{
	snapshot_resources /run/resources.now
	compare_resources /run/resources.before /run/resources.now
}

nothing_leaked()
{
	wait_until 15 "resources as before" same_resources && return
	same_resources
}

# Begin and end of a scenario that must leave dom0 as it found it.
resources_before()
{
	snapshot_resources /run/resources.before
}

check_nothing_leaked()
{
	check "$1: no grant, event channel, thread, node or memory leaked" \
		nothing_leaked
}

dmesg_baseline()
{
	dmesg | wc -l >/run/dmesg.lines
}

# No line at warning level or worse since the baseline but the allowed.
quiet_log()
{
	local bad

	grep -v '^#' /lab/dmesg.allow | grep . >/run/dmesg.allow
	bad=$(dmesg -r | tail -n "+$(($(cat /run/dmesg.lines) + 1))" |
		grep '^<[0-4]>' | grep -Ev -f /run/dmesg.allow)
	dmesg_baseline
	[ -z "$bad" ] && return
	echo "$bad"
	return 1
}

check_quiet_log()
{
	check "nothing at warning level in dom0's log" quiet_log
}
