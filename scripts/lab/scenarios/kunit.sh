# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# The KUnit suites that are linked into a module built for tests run when it is
# loaded. Each of their cases is a test here.

readonly KUNIT=/sys/kernel/debug/kunit

# "ok 3 what is proven", with spaces in front and perhaps a directive behind.
report_cases()
{
	local suite=$1 line

	grep -E '^ +(not )?ok [0-9]+ ' "$KUNIT/$suite/results" |
		while read -r line; do
			case $line in
			ok*"# SKIP"*) ktap_not_ok "$suite: ${line#ok * }" ;;
			ok*) ktap_ok "$suite: ${line#ok * }" ;;
			*) ktap_not_ok "$suite: ${line#not ok * }" ;;
			esac
		done
	grep -q '^not ok' "$KUNIT/$suite/results" || return 0
	grep -E '^ +# ' "$KUNIT/$suite/results" | while read -r line; do
		result "# $line"
	done
}

some_suites()
{
	ls $KUNIT/xen-netback-*
}

reload_netback
check "the module has suites" some_suites || return
for suite in "$KUNIT"/xen-netback-*; do
	report_cases "${suite##*/}"
done
check_unloads
check_quiet_log
