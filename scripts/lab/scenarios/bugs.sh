# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# Drivers with one deliberate bug each, scripts/debug/bugs: does the lab notice?
# Needs a debug kernel, and their modules (lab --bugs). Lockdep is silent after
# its first report, and after one of KASAN's, so it comes first.

# exercise MODULE: once through the life of a vif, whatever happens.
exercise()
{
	local what

	resources_before
	dmesg_baseline
	insmod "/lab/bugs/$1.ko" || return
	for what in create_loopback "flows dom0 front $HANDLE" remove_loopback; do
		$what >/dev/null 2>&1 || progress "$1: $what fails"
	done
	rmmod xen_netback
}

# log_has PATTERN...: lines of the log since the last look.
log_has()
{
	local pattern log

	log=$(dmesg | tail -n "+$(($(cat /run/dmesg.lines) + 1))")
	for pattern; do
		echo "$log" | grep -q "$pattern" && continue
		echo "the log has no '$pattern':"
		echo "$log"
		return 1
	done
}

# says PATTERN COMMAND...: a check of the lab fails, and for that reason.
says()
{
	local pattern=$1 output

	shift
	if output=$("$@" 2>&1); then
		echo "$* found nothing: $output"
		return 1
	fi
	echo "$output" | grep -q "$pattern" && return
	echo "$* has no '$pattern':"
	echo "$output"
	return 1
}

expect_reports
if ! on_debug_kernel; then
	ktap_not_ok "this is a debug kernel"
	return
fi
echo 0 >/proc/sys/kernel/panic_on_warn
# Here the waits end without success.
# shellcheck disable=SC2034 # for wait_until
SLOWNESS=1
unload_netback

check "lock-inversion: exercised" exercise lock-inversion
check "lock-inversion: lockdep reports it" \
	log_has "possible circular locking dependency" placement_mutex
check "sleep-in-tasklet: exercised" exercise sleep-in-tasklet
check "sleep-in-tasklet: the kernel reports it" \
	log_has "sleeping function called from invalid context" run_lane_tasklet
check "leaked-page: exercised" exercise leaked-page
check "leaked-page: its pool misses it" says "1 pages of pool" all_pages_back
check "leaked-grant: exercised" exercise leaked-grant
check "leaked-grant: Xen has it as mapped" says "^grants" nothing_leaked
check "leaked-memory: exercised" exercise leaked-memory
check "leaked-memory: kmemleak reports it" says "unreferenced object.*size 128" no_kmemleak
check "use-after-free: exercised" exercise use-after-free
check "use-after-free: KASAN reports it" \
	log_has "KASAN: use-after-free" xenvif_config_read
