# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# The KUnit suites that are linked into a module built for tests run when it is
# loaded. Each of their cases is a test here.
#
# in: check-debug matrix
# needs: our-driver

readonly KUNIT=/sys/kernel/debug/kunit
readonly SUITES="txparse mcast bucket limit hash ctrl copy rx drain stall tx share fair histogram lane run gap group placement balance load pace tx-inflight tx-offload queue-event xenbus state"

# Cases are named by sentences: "GSO over IPv4" of suite tx is tx-gso-over-ipv4.
as_id()
{
	echo "$*" | tr '[:upper:]' '[:lower:]' | sed 's/[^a-z0-9]\+/-/g; s/-$//'
}

# has_cases RESULTS: there is a line for each case.
has_cases()
{
	grep -qE '^    (not )?ok [0-9]+ ' "$1"
}

# A suite that is built in has run at boot, when the kernel keeps its verdict but
# no line for each case: it runs once more.
run_again()
{
	has_cases "$1/results" || [ ! -e "$1/run" ] || echo 1 >"$1/run"
}

# A case is a line with four spaces in front; lines with more are its parameters.
report_suite()
{
	local results=$KUNIT/xen-netback-$1/results line

	run_again "${results%/*}"
	if ! has_cases "$results"; then
		ktap_not_ok "suite-$1" "suite $1: it has run, with a line for each case"
		return
	fi
	grep -E '^    (not )?ok [0-9]+ ' "$results" | while read -r line; do
		case $line in
		ok*"# SKIP"*) report_case ktap_not_ok "$1" "${line#ok * }" ;;
		ok*) report_case ktap_ok "$1" "${line#ok * }" ;;
		*) report_case ktap_not_ok "$1" "${line#not ok * }" ;;
		esac
	done
	grep -qE '^ok' "$results" && return
	ktap_not_ok "suite-$1" "suite $1: all of its cases pass"
	grep -E '^ +# ' "$results" | while read -r line; do
		result "# $line"
	done
}

# report_case FUNCTION SUITE NAME
report_case()
{
	"$1" "case-$(as_id "$2" "$3")" "suite $2: $3"
}

none_left_out()
{
	local suite

	for suite in "$KUNIT"/xen-netback-*; do
		suite=${suite##*/xen-netback-}
		case " $SUITES " in
		*" $suite "*) ;;
		*) echo "nobody asks for suite $suite" && return 1 ;;
		esac
	done
}

reload_netback
for suite in $SUITES; do
	report_suite "$suite"
done
check none-left-out "all suites: the lab asks for each of them" none_left_out
check_unloads
check_quiet_log
