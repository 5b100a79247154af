# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# Functions for all scenarios: results and waiting are here, all else is in the files
# below. Tx and Rx are the guest's directions.
#
# Scenarios run in the driver's domain: dom0 or, with the lab's --driver-domain, a
# separate driver domain. There dom0 executes all calls of Xen's tools (remote.sh).

read -r COMMAND_LINE </proc/cmdline

in_driver_domain()
{
	case " $COMMAND_LINE " in
	*" lab.driver-domain "*) return 0 ;;
	esac
	return 1
}

for part in driver driverdom cpus guests loopback front frontvif fronts topology traffic resources watch trace compare toolstack; do
	# shellcheck disable=SC1090 # one of many
	. "/lab/$part.sh"
done
if in_driver_domain; then
	# shellcheck disable=SC1091 # there when it runs
	. /lab/remote.sh
fi

# ---- results -------------------------------------------------------------

result()
{
	report "$*"
	echo "lab: $*" >/dev/console
}

uptime_seconds()
{
	local uptime

	read -r uptime _ </proc/uptime
	echo "${uptime%.*}"
}

progress()
{
	result "# $*"
}

# A test is "SCENARIO/ID STATEMENT". The id has lower-case letters, digits and dashes,
# and is unique in its scenario; in a loop it ends with the variable part. The
# statement alone names the subject, the condition and the result, because it is all
# that a reader sees of a failed test.
#
# The host numbers the tests, because a run may need several boots. The count, one
# byte per test, lets the host check at the end that none is lost.
ktap_ok()
{
	echo >>/run/results.count
	result "ok - $SCENARIO/$*"
}

ktap_not_ok()
{
	echo >>/run/results.count
	result "not ok - ${SCENARIO:-boot}/$*"
}

end_results()
{
	result "# results $(wc -l </run/results.count)"
	result "# end"
	power_off
}

# check ID STATEMENT COMMAND...: reports the success of the command as a test. The
# output of the command explains a failure.
check()
{
	local id=$1 text=$2 output

	shift 2
	if output=$("$@" 2>&1); then
		ktap_ok "$id" "$text"
		return 0
	fi
	ktap_not_ok "$id" "$text"
	result "# failed: $*"
	printf '%s\n' "$output" | tail -n 200 | while IFS= read -r line; do
		result "#   $line"
	done
	return 1
}

# judge DRIVER ID STATEMENT COMMAND...: the command is a test of "ours". Of "stock"
# the results only tell the verdict, in a comment.
judge()
{
	local driver=$1 id=$2 text=$3

	shift 3
	if [ "$driver" = ours ]; then
		check "$id" "$text" "$@"
	elif "$@" >/run/judged 2>&1; then
		progress "stock driver: $id: PASS"
	else
		progress "stock driver: $id: FAIL: $(tail -n 1 /run/judged)"
	fi
}

# stock_first COMMAND [PARAMETER=VALUE...]: in a thorough run, calls the command with
# the word stock while the distribution's driver is loaded. What that driver logs is not
# ours to judge.
stock_first()
{
	local command=$1

	shift
	thorough || return 0
	check stock-loads "stock driver: it is loaded" load_stock "$@"
	"$command" stock
	new_log >/dev/null
}

# Ends the machine: nothing after it can be tested.
die()
{
	ktap_not_ok died "machine: $*"
	end_results
	sleep 60
}

# A run that may take its time: of "lab check all", or on a debug kernel, whose runs
# are rare.
thorough()
{
	[ "${THOROUGH:-0}" = 1 ] || on_debug_kernel
}

# ---- waiting -------------------------------------------------------------

# wait_until SECONDS WHAT COMMAND...: waits until the command succeeds, and names WHAT
# if it does not. On a debug kernel, which is slow to start a program, the limit and
# the time between two tries are SLOWNESS times as long.
wait_until()
{
	local limit=$(($1 * SLOWNESS)) what=$2 end now

	shift 2
	# Without a subshell, which costs as much as the wait between two tries.
	read -r now _ </proc/uptime
	end=$((${now%.*} + limit))
	until "$@" >/dev/null 2>&1; do
		read -r now _ </proc/uptime
		if [ "${now%.*}" -ge "$end" ]; then
			echo "not true within $limit s: $what"
			return 1
		fi
		usleep $((50000 * SLOWNESS))
	done
}
