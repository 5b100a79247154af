# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# Checks of the kernel's log and, on a debug kernel, of kmemleak, lockdep and KCSAN.

readonly KMEMLEAK=/sys/kernel/debug/kmemleak
readonly KCSAN=/sys/kernel/debug/kcsan

# logged PATTERN: checks that a line of the kernel's log matches.
logged()
{
	dmesg | grep -q -e "$1"
}

dmesg_baseline()
{
	dmesg | wc -l >/run/dmesg.lines
}

# Prints the log since the last call, and moves the baseline in the same step: no
# line may be lost in between.
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

# Removes KCSAN's reports that do not involve the driver: it reports races anywhere in
# the kernel. A report is between two lines of equals signs.
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

# Removes a warning of Linux 7.3's netfront, which runs in dom0 for a loopback vif: as
# it disconnects, it takes a reference to the page of each packet that it has not
# collected, and the kernel allows none to a page of the slab allocator. A report
# without an end is not removed.
without_frontend_warning()
{
	awk '/WARNING: .* at xennet_disconnect_backend\+/ { inside = 1 }
		!inside {
			print
			next
		}
		{ block = block $0 "\n" }
		/---\[ end trace / {
			inside = 0
			block = ""
		}
		END { printf "%s", block }'
}

# Checks that the log since the baseline has only allowed lines at warning level or
# worse. Prints the others, with the whole report of a debug kernel.
quiet_log()
{
	local bad

	grep -v '^#' /lab/dmesg.allow | grep . >/run/dmesg.allow
	# A debug kernel takes more than the 10 s after which the driver says so, to start
	# the programs that set a vif again.
	! on_debug_kernel ||
		echo "waiting for the hotplug script: hotplug-status is \"\"" \
			>>/run/dmesg.allow
	bad=$(new_log | without_foreign_races | without_frontend_warning |
		grep '^<[0-4]>' |
		grep -Ev -f /run/dmesg.allow)
	[ -z "$bad" ] && return
	echo "$bad"
	return 1
}

# Lines that begin a report of the kernel.
readonly REPORTS='BUG:|WARNING:|KASAN|UBSAN|[^m]possible |suspicious |INFO: task|Oops|Kernel panic|detected stall'

# Checks that the log has no report since the baseline. Errors that the driver logs are
# allowed.
no_reports()
{
	local reports

	reports=$(new_log | without_foreign_races | without_frontend_warning |
		grep -A 60 -E "$REPORTS")
	[ -z "$reports" ] && return
	echo "$reports"
	return 1
}

# write WORDS FILE: a command that fails if the write fails.
write()
{
	echo "$1" >"$2"
}

# refused PATTERN COMMAND...: checks that the command fails, and that a new line of
# the log matches.
refused()
{
	local pattern=$1 lines

	shift
	lines=$(dmesg | wc -l)
	if "$@" 2>/dev/null; then
		echo "accepted, but should be rejected: $*"
		return 1
	fi
	dmesg | tail -n "+$((lines + 1))" | grep -q -e "$pattern" && return
	echo "no new line of the log matches '$pattern':"
	dmesg | tail -n "+$((lines + 1))"
	return 1
}

check_no_reports()
{
	check no-reports "kernel's log: no report in it, errors aside" no_reports
}

check_quiet_log()
{
	check quiet-log "kernel's log: nothing at warning level or above" quiet_log
}

on_debug_kernel()
{
	[ -e $KMEMLEAK ] || [ -e $KCSAN ]
}

# The scan is rejected if kmemleak has run out of memory and disabled itself.
scan_memory()
{
	echo scan >$KMEMLEAK && return
	echo "kmemleak has switched itself off"
	return 1
}

# kmemleak reports a leak after two scans have found it and it is 5 s old.
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

# lockdep switches itself off after its first report, and after a report of KASAN.
lockdep_watches()
{
	grep -q '^ *debug_locks: *1$' /proc/lockdep_stats && return
	echo "lockdep has been switched off:"
	grep debug_locks /proc/lockdep_stats
	return 1
}

# KCSAN may be built in and still be off.
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

# A scenario calls this if it provokes reports and checks them itself.
expect_reports()
{
	touch /run/reports-expected
}

check_debug_kernel()
{
	[ ! -e /run/reports-expected ] || return 0
	[ -z "$GUEST_WORDS" ] ||
		check guest-log "guests' logs: no report in them" no_guest_complains
	on_debug_kernel || return 0
	check debug-log "debug kernel's log: nothing at warning level or above" \
		quiet_log
	[ ! -e /proc/lockdep_stats ] ||
		check lockdep "lockdep: it was on to the end of the scenario" \
			lockdep_watches
	[ ! -e "$KCSAN" ] ||
		check kcsan "KCSAN: it was on to the end of the scenario" \
			kcsan_watches
}

# Runs once, after all scenarios, because a scan takes long.
check_leaked_memory()
{
	[ -e $KMEMLEAK ] || return 0
	[ ! -e /run/reports-expected ] || return 0
	# shellcheck disable=SC2034 # used by check()
	SCENARIO=end
	check kmemleak "kmemleak: it finds nothing after all scenarios" no_kmemleak
}
