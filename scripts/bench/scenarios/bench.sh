# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	g1 --- vif --+
#	             bridge (dom0)
#	g2 --- vif --+
#
# For scripts/bench: TCP on each path, through the distribution's driver and
# through ours in both modes, one after the other below the same guests. A window
# of the counter is open for a while in the midst of it. The results are those of
# window.
#
# in: bench
# needs: our-driver

readonly WINDOW_US=${BENCH_WINDOW_US:-500000}

# stream DRIVER PATH CROSSED END COMMAND: how it begins and ends is not counted.
stream()
{
	local driver=$1 path=$2 crossed=$3 end=$4 command=$5 status

	# shellcheck disable=SC2046 # a word each
	case $path in
	guest-to-guest) note_bytes $(vif_of g1) $(vif_of g2) ;;
	*) note_bytes $(vif_of g1) ;;
	esac
	in_background "$end" "$command" || return
	wait_until 60 "the stream flows" all_flow 20000000 &&
		window "$driver" "$path" "$WINDOW_US" "$crossed"
	status=$?
	end_background "$end"
	return $status
}

vif_of()
{
	echo "vif$(guest_id "$1").0"
}

# A program that runs until it is ended, its output thrown away.
in_background()
{
	at "$1" "$2 >/dev/null 2>&1 & echo \$! >/run/background"
}

end_background()
{
	at "$1" "kill -9 \$(cat /run/background)"
}

measure_driver()
{
	local iperf="iperf3 -c 10.0.0.11 -t 1000"

	check "to-guest-$1-$ROUND" \
		"driver $1, round $ROUND: a stream from dom0 to a guest is counted" \
		stream "$1" dom0-to-guest 1 dom0 "$iperf"
	check "from-guest-$1-$ROUND" \
		"driver $1, round $ROUND: a stream from a guest to dom0 is counted" \
		stream "$1" guest-to-dom0 1 dom0 "$iperf -R"
	check "between-guests-$1-$ROUND" \
		"driver $1, round $ROUND: a stream between guests is counted" \
		stream "$1" guest-to-guest 2 g2 "$iperf"
}

# under DRIVER MODULE PARAMETER...: the driver below the running guests
under()
{
	local driver=$1 module=$2

	shift 2
	check "load-$driver-$ROUND" \
		"driver $driver, round $ROUND: it is swapped below the guests" \
		sh /lab/live-update "$module" "$@" &&
		check "answer-$driver-$ROUND" \
			"driver $driver, round $ROUND: both guests answer" \
			wait_until 30 "g1 and g2 answer" \
			both_answer || return
	tell_modules "$driver"
	measure_driver "$driver"
}

both_answer()
{
	answers_ping 10.0.0.11 && answers_ping 10.0.0.12
}

reload_netback max_queues=1
check guests-start "two guests: they start" start_guests 2 || return
check cpus-pinned "domains: their CPUs are pinned" place_domains
at g1 "iperf3 -s -D"
each_driver under
