# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# What a kernel says of itself: its log and, on a debug kernel, kmemleak and
# lockdep.

readonly KMEMLEAK=/sys/kernel/debug/kmemleak
readonly KCSAN=/sys/kernel/debug/kcsan

# logged PATTERN: does dom0's log have it?
logged()
{
	dmesg | grep -q -e "$1"
}

dmesg_baseline()
{
	dmesg | wc -l >/run/dmesg.lines
}

# What the log has got since the last look, which this one replaces: between a
# look and a new baseline nothing may be lost.
new_log()
{
	local before

	before=$(cat /run/dmesg.lines)
	dmesg -r >/run/dmesg.now
	wc -l </run/dmesg.now >/run/dmesg.lines
	[ "$(cat /run/dmesg.lines)" -ge "$before" ] ||
		echo "<3>the log has lost lines"
	tail -n "+$((before + 1))" /run/dmesg.now
}

# KCSAN reports races anywhere in the kernel, between two lines of equals signs.
# Those that have nothing to do with the driver are left out.
without_foreign_races()
{
	awk 'inside {
			block = block $0 "\n"
			if (!/={60}/)
				next
			if (block ~ /\[xen_netback\]/)
				printf "%s", block
			inside = 0
			block = ""
			next
		}
		/BUG: KCSAN/ && block ~ /={60}/ {
			inside = 1
			block = block $0 "\n"
			next
		}
		{
			printf "%s", block
			block = $0 "\n"
		}
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
	[ -z "$bad" ] && return
	echo "$bad"
	return 1
}

# What is a report of the kernel's, whatever else its log may say.
readonly REPORTS='BUG:|WARNING:|KASAN|UBSAN|[^m]possible |suspicious |INFO: task|Oops|Kernel panic|detected stall'

# Errors that the driver tells of are in order, reports are not.
no_reports()
{
	local reports

	reports=$(new_log | without_foreign_races | grep -A 60 -E "$REPORTS")
	[ -z "$reports" ] && return
	echo "$reports"
	return 1
}

# write WORDS FILE, as a command that can fail.
write()
{
	echo "$1" >"$2"
}

# refused PATTERN COMMAND...: it fails, and a new line of the log matches.
refused()
{
	local pattern=$1 lines

	shift
	lines=$(dmesg | wc -l)
	if "$@" 2>/dev/null; then
		echo "taken: $*"
		return 1
	fi
	dmesg | tail -n "+$((lines + 1))" | grep -q -e "$pattern" && return
	echo "no line of the log has '$pattern':"
	dmesg | tail -n "+$((lines + 1))"
	return 1
}

check_no_reports()
{
	check "no report in the kernel's log, errors aside" no_reports
}

check_quiet_log()
{
	check "nothing at warning level in the kernel's log" quiet_log
}

on_debug_kernel()
{
	[ -e $KMEMLEAK ] || [ -e $KCSAN ]
}

# Refused when kmemleak has given up for want of memory.
scan_memory()
{
	echo scan >$KMEMLEAK && return
	echo "kmemleak has switched itself off"
	return 1
}

# kmemleak believes in a leak when two scans find it and it is 5 s old.
no_kmemleak()
{
	local leaks

	scan_memory && sleep 6 && scan_memory || return
	leaks=$(cat $KMEMLEAK)
	echo clear >$KMEMLEAK
	[ -z "$leaks" ] && return
	echo "$leaks"
	return 1
}

# lockdep is silent after its first report, and after one of KASAN's.
lockdep_watches()
{
	grep -q '^ *debug_locks: *1$' /proc/lockdep_stats && return
	echo "lockdep has been switched off:"
	grep debug_locks /proc/lockdep_stats
	return 1
}

# Built in it may still be off.
kcsan_watches()
{
	awk '$1 == "enabled:" { enabled = $2 }
		$1 == "setup_watchpoints:" { watchpoints = $2 }
		END { exit !(enabled && watchpoints) }' "$KCSAN" && return
	cat "$KCSAN"
	return 1
}

no_guest_complains()
{
	guest_complaints
	[ $? -eq 1 ]
}

# For a scenario that provokes reports: it sees to them itself.
expect_reports()
{
	touch /run/reports-expected
}

check_debug_kernel()
{
	[ ! -e /run/reports-expected ] || return 0
	[ -z "$GUEST_WORDS" ] ||
		check "no report in a guest's log" no_guest_complains
	on_debug_kernel || return 0
	check "no report in the kernel's log" quiet_log
	[ ! -e /proc/lockdep_stats ] ||
		check "lockdep was on to the end" lockdep_watches
	[ ! -e "$KCSAN" ] ||
		check "KCSAN has watched" kcsan_watches
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
