# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# Counts the backend's resources before and after a scenario. A grant that is still
# mapped also keeps a destroyed domain as a zombie in xl's list.

# Free memory varies by some megabytes, and caches grow once.
readonly MEMORY_TOLERANCE_KB=16384

# snapshot_resources FILE: writes the present counts to FILE.
snapshot_resources()
{
	{
		echo "domains $(xl list | awk 'NR > 1' | wc -l)"
		echo "interrupts $(grep -c ' vif' /proc/interrupts)"
		echo "event-channels $(interdomain_channels "$(own_id)")"
		echo "grants $(grants_mapped "$(own_id)")"
		echo "threads $(backend_threads | wc -l)"
		echo "backend-nodes $(xenstore-ls backend/vif \
			2>/dev/null | grep -vc '^[^ =]* = ""')"
		echo "interfaces $(find /sys/class/net -name 'vif*' | wc -l)"
		echo "memory-kb $(free_memory_kb)"
	} >"$1"
}

own_id()
{
	xenstore-read domid
}

backend_threads()
{
	# shellcheck disable=SC2009 # busybox's pgrep cannot do it
	ps -o comm | grep -E '^\[?(vif[0-9]|netback|xen-netback)'
}

free_memory_kb()
{
	echo 3 >/proc/sys/vm/drop_caches
	awk '/^MemAvailable/ { print $2 }' /proc/meminfo
}

# compare_resources BEFORE AFTER: checks that two snapshots are equal, except for the
# noise of memory.
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

# Some work is deferred after teardown, so the state is polled.
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

# These begin and end a scenario that must leave no resources in use.
resources_before()
{
	watch_pools
	snapshot_resources /run/resources.before
}

check_nothing_leaked()
{
	check nothing-leaked \
		"$1: no grant, event channel, thread, node or memory is leaked" \
		nothing_leaked
}

# A destroyed page pool reports the number of its missing pages, once a second until
# all are back.
readonly POOL_EVENT=page_pool/page_pool_release
readonly TRACING=/sys/kernel/debug/tracing

watch_pools()
{
	echo >$TRACING/trace
	echo 1 >$TRACING/events/$POOL_EVENT/enable
}

# Checks that each destroyed pool has reported no missing page at last.
pools_empty()
{
	awk '/page_pool_release:/ {
			for (i = 1; i <= NF; i++) {
				split($i, word, "=")
				if (word[1] == "page_pool")
					pool = word[2]
				if (word[1] == "inflight")
					missing[pool] = word[2]
			}
		}
		END {
			for (pool in missing) {
				pools++
				if (missing[pool] == 0)
					continue
				print missing[pool], "pages of pool", pool, "missing"
				bad = 1
			}
			print pools + 0, "pools destroyed"
			exit bad || !pools
		}' $TRACING/trace
}

# The distribution's driver has no pools.
check_unloads()
{
	! is_built_in || return 0
	driver_has_groups && watch_pools
	check unloads "driver without vifs: its module unloads" unload_netback
	free_deferred
	driver_has_groups || return 0
	check pages-back "driver unloaded: all pages are back in its page pools" \
		all_pages_back
}

# Data that TCP has read waits for the CPU that received it to poll a device, which it
# does for each packet that it sends to itself.
free_deferred()
{
	local cpu

	for cpu in $(seq 0 $(($(nproc) - 1))); do
		taskset $((1 << cpu)) /usr/bin/ping -U -q -c 1 -W 1 127.0.0.1 \
			>/dev/null
	done
}

# If the sender of a datagram is destroyed, the fragments that have arrived keep their
# pages for this time in seconds.
readonly LIFE_OF_FRAGMENTS=2

# all_pages_back [SECONDS]: waits until no page of a destroyed pool is missing.
all_pages_back()
{
	wait_until "${1:-$((LIFE_OF_FRAGMENTS + 10))}" "page pools empty" \
		pools_empty && return
	pools_empty
	echo "fragments that wait for others: $(grep '^FRAG' /proc/net/sockstat)"
	return 1
}
