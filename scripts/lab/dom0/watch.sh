# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# What a kernel says of itself: its log and, on a debug kernel, kmemleak and
# lockdep.

readonly KMEMLEAK=/sys/kernel/debug/kmemleak

dmesg_baseline()
{
	dmesg | wc -l >/run/dmesg.lines
}

new_log()
{
	dmesg -r | tail -n "+$(($(cat /run/dmesg.lines) + 1))"
}

# KCSAN reports races anywhere in the kernel, between two lines of equals signs.
# Those that have nothing to do with the driver are left out.
without_foreign_races()
{
	awk '/={60}/ {
			inside = !inside
			block = block $0 "\n"
			if (inside)
				next
			if (block !~ /BUG: KCSAN/ || block ~ /\[xen_netback\]/)
				printf "%s", block
			block = ""
			next
		}
		inside { block = block $0 "\n"; next }
		{ print }
		END { printf "%s", block }'
}

# No line at warning level or worse since the baseline but the allowed. A
# report of a debug kernel comes whole, to be read without the machine.
quiet_log()
{
	local bad

	grep -v '^#' /lab/dmesg.allow | grep . >/run/dmesg.allow
	bad=$(new_log | without_foreign_races | grep '^<[0-4]>' |
		grep -Ev -f /run/dmesg.allow)
	dmesg_baseline
	[ -z "$bad" ] && return
	echo "$bad"
	return 1
}

check_quiet_log()
{
	check "nothing at warning level in the kernel's log" quiet_log
}

on_debug_kernel()
{
	[ -e $KMEMLEAK ] || [ -e /sys/kernel/debug/kcsan ]
}

# kmemleak believes in a leak when two scans find it and it is 5 s old.
no_kmemleak()
{
	local leaks

	echo scan >$KMEMLEAK
	sleep 6
	echo scan >$KMEMLEAK
	leaks=$(cat $KMEMLEAK)
	echo clear >$KMEMLEAK
	[ -z "$leaks" ] && return
	echo "$leaks"
	return 1
}

# lockdep and KASAN are silent after the first report of lockdep's.
lockdep_watches()
{
	grep -q '^ *debug_locks: *1$' /proc/lockdep_stats && return
	echo "lockdep has been switched off:"
	grep debug_locks /proc/lockdep_stats
	return 1
}

no_guest_complains()
{
	! guest_complaints
}

# For a scenario that provokes reports: it sees to them itself.
expect_reports()
{
	touch /run/reports-expected
}

check_debug_kernel()
{
	on_debug_kernel || return 0
	[ ! -e /run/reports-expected ] || return 0
	check "no report in the kernel's log" quiet_log
	[ ! -e /proc/lockdep_stats ] ||
		check "lockdep was on to the end" lockdep_watches
	check "no report in a guest's log" no_guest_complains
}

# Once, at the end of all scenarios: a scan takes long.
check_leaked_memory()
{
	[ -e $KMEMLEAK ] || return 0
	[ ! -e /run/reports-expected ] || return 0
	# shellcheck disable=SC2034 # for the results
	SCENARIO=end
	check "kmemleak finds nothing after all scenarios" no_kmemleak
}
