# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Turns the results that dom0 sends into one KTAP file.

# interrupted_scenario FILE: prints the scenario that had not ended when the results
# in FILE end, if there is one.
interrupted_scenario()
{
	awk '$1 == "#" && $2 == "scenario" {
			running = $4 == "start" ? $3 : ""
		}
		END { print running }' "$1"
}

# started_scenarios FILE: lists the scenarios that started, interrupted or not.
started_scenarios()
{
	awk '$1 == "#" && $2 == "scenario" && $4 == "start" { print $3 }' "$1"
}

# all_arrived FILE: checks that no result is lost. At its end the machine reports how
# many it has sent.
all_arrived()
{
	tr -d '\r' <"$1" | awk '
		/^(not )?ok / { seen++ }
		$1 == "#" && $2 == "results" { sent = $3 }
		$0 == "# end" { ended = 1 }
		END { exit !(ended && sent == seen) }'
}

# scenario_times FILE: prints the seconds that each scenario took by the clock of its
# machine, as comments "time SCENARIO SECONDS". An interrupted one has none.
scenario_times()
{
	awk '$1 == "#" && $2 == "scenario" {
			if ($4 == "start")
				begin = $5
			else
				print "# time", $3, $5 - begin
		}' "$1"
}

# run_scenarios NAME...: boots until every scenario has run. Scenarios with bpftrace
# have boots of their own, because its image costs each boot time and memory. Writes
# $OUT/results.ktap.
run_scenarios()
{
	local scenario small=() large=() all=$WORK/all.results boots=0

	for scenario; do
		if needed bpftrace "$scenario"; then
			large+=("$scenario")
		else
			small+=("$scenario")
		fi
	done
	: >"$all"
	boot_until_done "${small[@]}"
	boot_until_done "${large[@]}"
	bad_ids "$all" >"$WORK/bad-ids"
	tee -a "$all" <"$WORK/bad-ids"
	write_ktap "$all" >"$OUT/results.ktap"
	summarise "$OUT/results.ktap"
}

# A test is found by its id: each has one, of its own.
bad_ids()
{
	awk '/^(not )?ok / {
			sub(/^(not )?ok - /, "")
			if ($1 !~ /^[a-z0-9]+\/[a-z0-9][a-z0-9-]*$/ || NF < 2)
				print "not ok - lab/id-" ++bad, "test without an id or a statement:", $0
			else if ($1 in seen)
				print "not ok - lab/id-" ++bad, "id that another test has:", $0
			seen[$1]
		}' "$1"
}

# After a crash the scenarios behind it get another boot. Appends to the results
# of the boots before it.
boot_until_done()
{
	local pending=("$@") hit started seconds

	while ((${#pending[@]})); do
		boots=$((boots + 1))
		seconds=$SECONDS
		# shellcheck disable=SC2034 # for those who build the boot's files
		BOOTED=("${pending[@]}")
		boot "boot$boots" LAB_MODE=run "SCENARIOS='${pending[*]}'"
		{
			tr -d '\r' <"$RESULTS"
			scenario_times "$RESULTS"
			echo "# time boot$boots $((SECONDS - seconds))"
		} >>"$all"
		hit=$(interrupted_scenario "$RESULTS")
		if [[ -n $hit ]]; then
			echo "not ok - $hit/alive scenario $hit: the machine crashed or hung during it, see $(basename "$CONSOLE")" |
				tee -a "$all"
		elif ! all_arrived "$RESULTS"; then
			echo "not ok - boot$boots/ends machine: it did not reach its end, or results were lost, see $(basename "$CONSOLE")" |
				tee -a "$all"
		fi
		started=$(started_scenarios "$RESULTS" | wc -l)
		if ((started == 0)); then
			echo "not ok - boot$boots/starts machine: no scenario started, see $(basename "$CONSOLE")" |
				tee -a "$all"
			break
		fi
		pending=("${pending[@]:started}")
	done
}

# write_ktap FILE: prints the results with numbers and with the plan first. If BESIDE
# names another run, its result of the same test follows each line.
write_ktap()
{
	echo "KTAP version 1"
	echo "1..$(grep -cE '^(not )?ok ' "$1")"
	awk -v beside="$BESIDE" '
		function name_of(line) {
			sub(/^(not )?ok [-0-9]+ /, "", line)
			sub(/ # stock: .*/, "", line)
			return line
		}
		function id_of(line) {
			sub(/ .*/, "", line)
			return line
		}
		BEGIN {
			while (beside != "" && (getline line < beside) > 0)
				if (line ~ /^ok /)
					other[id_of(name_of(line))] = "ok"
				else if (line ~ /^not ok /)
					other[id_of(name_of(line))] = "not ok"
		}
		/^(not )?ok / {
			name = name_of($0)
			tail = ""
			if (beside != "")
				tail = " # stock: " (id_of(name) in other ? other[id_of(name)] : "-")
			count++
			print (/^ok/ ? "ok" : "not ok"), count, name tail
			next
		}
		/^#/ && !/^# end/' "$1"
}

summarise()
{
	local passed failed seconds what

	sed -n 's/^# time \([^ ]*\) \(.*\)/\2 \1/p' "$1" | sort -rn |
		while read -r seconds what; do
			printf '%5s s  %s\n' "$seconds" "$what"
		done
	passed=$(grep -c '^ok ' "$1")
	failed=$(grep -c '^not ok ' "$1")
	echo "$passed passed, $failed failed: $1"
	((passed > 0 && failed == 0))
}
