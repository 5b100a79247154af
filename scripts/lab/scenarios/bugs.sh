# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# The lab notices drivers with one deliberate bug each, scripts/lab/debug/bugs. Their
# modules come from lab --bugs. Lockdep reports nothing after its first report, or
# after one of KASAN's, so its bug comes first.
#
# in: check-debug
# needs: dom0

# exercise MODULE: goes once through the life of a vif; errors do not stop it.
exercise()
{
	local what

	resources_before
	dmesg_baseline
	echo clear >"$KMEMLEAK"
	insmod "/lab/bugs/$1.ko" || return
	for what in create_loopback "flows dom0 front $HANDLE" remove_loopback; do
		$what >/dev/null 2>&1 || progress "$1: $what fails"
	done
}

# caught BUG PATTERN CHECK: the check of the lab fails and prints the pattern.
caught()
{
	local output

	if output=$($3 2>&1); then
		echo "$3 is content: $output"
		return 1
	fi
	echo "$output" | grep -q "$2" && return
	echo "$3 has no '$2':"
	echo "$output"
	return 1
}

# bug NAME PATTERN CHECK WORDS: the module is unloaded before the check, except for
# kmemleak, which could not name the functions of an unloaded module.
bug()
{
	check "exercised-$1" \
		"driver with the bug $1: it goes once through the life of a vif" \
		exercise "$1"
	[ "$3" = no_kmemleak ] || rmmod xen_netback
	check "caught-$1" "driver with the bug $1: $4" caught "$@"
	! netback_loaded || rmmod xen_netback
}

expect_reports
if [ ! -e "$KMEMLEAK" ]; then
	ktap_not_ok debug-kernel "kernel: it has KASAN, lockdep and kmemleak"
	return
fi
echo 0 >/proc/sys/kernel/panic_on_warn
# The waits of this scenario end without success.
# shellcheck disable=SC2034 # for wait_until
SLOWNESS=1
unload_netback

bug lock-inversion "possible circular locking dependency" quiet_log \
	"lockdep reports it"
check lockdep-off-noticed \
	"driver with the bug lock-inversion: the lab notices that lockdep is off afterwards" \
	caught lock-inversion "switched off" lockdep_watches
bug sleep-in-tasklet "sleeping function called from invalid context" quiet_log \
	"the kernel reports it"
bug bad-shift "UBSAN: shift-out-of-bounds" quiet_log "UBSAN reports it"
bug leaked-page "1 pages of pool" "all_pages_back 10" "its pool misses it"
bug leaked-grant "^grants" nothing_leaked "Xen has it as mapped"
bug leaked-memory xenvif_queue_init no_kmemleak "kmemleak reports it"
bug use-after-free "KASAN: use-after-free" quiet_log "KASAN reports it"
