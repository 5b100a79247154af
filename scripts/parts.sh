# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Runs the parts of a test script: KTAP as it happens, then a table of times, which
# is also kept, and one line of totals at the end. The script defines usage(),
# all_parts, output (a folder for logs), a function part_NAME for each part and, if it
# wants, prepare() to be called with the parts' names before the first.

passed=0
failed=0
skipped=0

# A make that calls a script has its flags in the environment, which would reach
# every make that a test starts.
clean_make()
{
	env -u MAKEFLAGS make "$@"
}

complete()
{
	local file=$1/results.ktap

	[ -s "$file" ] && awk '
		/^1\.\./ { split($0, plan, /\.\./) }
		/^(not )?ok / { seen++ }
		END { exit !(plan[2] > 0 && seen == plan[2]) }' "$file"
}

fail_part()
{
	echo "  not ok $1: $2"
	failed=$((failed + 1))
	verdict="not ok"
}

# part_times PART SECONDS: of the part, and of what it says it did in comments
# "time NAME SECONDS", the longest first.
part_times()
{
	printf '%6s s  %s\n' "$2" "$1"
	sed -n 's/^# time \([^ ]*\) \([0-9]*\)$/\2 \1/p' "$results" | sort -rn |
		while read -r seconds name; do
			printf '%13s s  %s\n' "$seconds" "$name"
		done
}

# Runs a part as one subtest, counts its results, and makes a failed test of
# its own out of a part that stops early or contradicts itself.
run_part()
{
	local part=$1 number=$2 planned='' seen=0 bad=0 line status begin=$SECONDS
	# shellcheck disable=SC2154 # the script's
	local results=$output/${1//\//-}.part

	echo "# Subtest: $part"
	"part_${part//[-.\/]/_}" 2> >(sed -u 's/^/# /') | tee "$results" |
		sed -u 's/^/  /'
	status=${PIPESTATUS[0]}

	while IFS= read -r line; do
		case $line in
		1..*)	planned=${line#1..} ;;
		"ok "*"# SKIP"*)
			skipped=$((skipped + 1)); seen=$((seen + 1)) ;;
		"ok "*)	passed=$((passed + 1)); seen=$((seen + 1)) ;;
		"not ok "*)
			failed=$((failed + 1)); seen=$((seen + 1))
			bad=$((bad + 1)) ;;
		esac
	done <"$results"

	verdict="ok"
	[ "$bad" -eq 0 ] || verdict="not ok"
	if [ -z "$planned" ]; then
		fail_part "$part" "ended with status $status before any test"
	elif [ "$seen" -ne "$planned" ]; then
		fail_part "$part" "planned $planned tests, reported $seen"
	elif [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then
		fail_part "$part" "ended with status $status, no test failed"
	fi
	echo "$verdict $number $part"
	part_times "$part" $((SECONDS - begin)) >>"$output/times"
}

run_parts()
{
	local part number=0 totals

	case ${1-} in
	-h|--help)	usage; exit 0 ;;
	esac
	for part in "$@"; do
		declare -F "part_${part//[-.\/]/_}" >/dev/null || {
			echo "${0##*/}: no part $part" >&2
			usage >&2
			exit 2
		}
	done
	# shellcheck disable=SC2154 # the script's
	[ $# -gt 0 ] || set -- "${all_parts[@]}"

	mkdir -p "$output"
	if declare -F prepare >/dev/null && ! prepare "$@"; then
		echo "not ok nothing could be tested"
		echo "0 passed, 1 failed"
		return 1
	fi
	: >"$output/times"
	echo "KTAP version 1"
	echo "1..$#"
	for part in "$@"; do
		number=$((number + 1))
		run_part "$part" "$number"
	done

	totals="$passed passed, $failed failed"
	[ "$skipped" -eq 0 ] || totals+=", $skipped skipped"
	echo "# Seconds of each part:"
	sed 's/^/#/' "$output/times"
	echo "# took $SECONDS s"
	echo "$totals"
	[ "$failed" -eq 0 ]
}
