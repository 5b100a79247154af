# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	g1, the victim, and g2 --- 2 vifs each --- dom0
#
# For scripts/bench: datagrams of 60 bytes from dom0 to g1 and their answers,
# while g2 does nothing, floods, has a TCP stream, or sends nothing but requests
# that carry no packet or are refused (the test frontend, dom0/front.sh), or only
# computes, as a control; and what each of two streams gets, through the
# distribution's driver and ours in both modes. The victim is served by dom0's
# first CPU, and so is g2 ("beside"), or by the third ("apart", for comparison):
# what tasklets send to them is done where it comes from. Who asks has the second
# CPU, who receives a stream one of the next two, guests one each. The results are
# comments "answers DRIVER CASE PACKETS MEDIAN P99 LONGEST LOST", in ns, and "share
# DRIVER CASE VIF WEIGHT PACKETS BYTES".
#
# in: bench
# needs: front-in-guest our-driver

readonly PORT=7
readonly ROUNDS=${BENCH_ASK_ROUNDS:-1000}

# dom0 keeps four CPUs: two on one of the machine's would have to take turns.
place_neighbours()
{
	xl vcpu-set Domain-0 4 &&
		wait_until 30 "dom0 has four CPUs" online_are 0-3 &&
		victim_first && tell_placement
}

# pin_all CPU...: dom0's four, then g1's and g2's, to these of the machine
pin_all()
{
	local cpu

	for cpu in 0 1 2 3; do
		xl vcpu-pin Domain-0 "$cpu" "$1" || return
		shift
	done
	xl vcpu-pin g1 all "$1" && xl vcpu-pin g2 all "$2"
}

# Under -icount the machine's CPUs take turns, the first one first, and one may
# be left out when that before it was busy. So the victim's and the one of who
# asks come first, then those that serve, the neighbour's last.
victim_first()
{
	pin_all 2 1 3 4 0 5
}

# Those of two equals come last, side by side.
equals_last()
{
	pin_all 0 1 2 3 4 5
}

# serve_neighbour WHERE: g2's vifs, which may have connected since. Threads of
# groups have the CPUs that cpus= says.
serve_neighbour()
{
	local vif

	[ -e /sys/kernel/debug/xen-netback/groups ] || pin_backend || return
	[ "$1" = apart ] || return 0
	for vif in "vif$(guest_id g2).0" "vif$(guest_id g2).1"; do
		serve_apart "$vif" || return
	done
}

serve_apart()
{
	if [ -e "/sys/class/net/$1/netback/groups" ]; then
		echo "0 1" >"/sys/class/net/$1/netback/groups"
		return
	fi
	grep -l "^$1-" /proc/[0-9]*/comm | while read -r comm; do
		taskset -p 4 "$(basename "${comm%/comm}")" >/dev/null || return
	done
}

# ask DRIVER CASE
ask()
{
	local times

	times=$(taskset 2 probe ask $PORT "$ROUNDS" 10.0.0.11) || return
	result "# answers $1 $2 $((2 * ROUNDS)) $times"
}

# What loading a driver leaves to be done is done by then.
warm_up()
{
	taskset 2 probe ask $PORT "$ROUNDS" 10.0.0.11 >/dev/null
}

# streams_from GUEST...: TCP to dom0 until streams_end
streams_from()
{
	local name mask

	: >/run/streams
	for name; do
		mask=4
		[ "$name" = g1 ] || mask=8
		taskset $mask iperf3 -c "10.0.0.$(end_id "$name")" -R -t 1000 \
			>/dev/null 2>&1 &
		echo $! >>/run/streams
	done
	# shellcheck disable=SC2046 # a word each
	note_bytes $(for name; do echo "vif$(guest_id "$name").0"; done)
	wait_until 60 "streams of $*" all_flow 2000000
}

streams_end()
{
	xargs kill </run/streams && wait
}

with_flood()
{
	local status

	flood g2 60 60 && note_bytes "vif$(guest_id g2).1" &&
		wait_until 60 "the flood" all_flow 100000 &&
		ask "$1" "$2-flood"
	status=$?
	stop_flood g2 && return $status
}

# Any of them was answered often enough.
requests_flow()
{
	front_log >/dev/null
	front_do events && front_log |
		awk '/^events 0 tx/ && $4 > 100 { found = 1 } END { exit !found }'
}

# with_requests DRIVER WHERE CASE COMMAND...: what the commands put is sent again
# and again on g2's second vif.
with_requests()
{
	local driver=$1 where=$2 case=$3 status

	shift 3
	front_enter g2 1 && front_connect 1 split &&
		serve_neighbour "$where" && front_do "$@" "$@" &&
		front_do "$@" "$@" && front_do "flood 0 0" &&
		wait_until 60 "the requests" requests_flow &&
		ask "$driver" "$where-$case"
	status=$?
	front_do "calm 0" && front_log
	front_close && front_do free
	front_leave && wait_until 30 "netfront has the vif" \
		vifs_connected "$(guest_id g2)" && guest g2 netup &&
		serve_neighbour "$where" && return $status
}

# Its CPU is busy, and no packet comes of it: under -icount all CPUs share one
# count of instructions, and each of them is the slower the more are busy.
with_spin()
{
	local status

	guest g2 "while :; do :; done >/dev/null 2>&1 & echo \$! >/tmp/spin" &&
		ask "$1" "$2-spin"
	status=$?
	guest g2 "kill \$(cat /tmp/spin)" && return $status
}

with_stream()
{
	local status

	streams_from g2 && ask "$1" "$2-stream"
	status=$?
	streams_end
	return $status
}

two_streams()
{
	local status

	equals_last && streams_from g1 g2 && share_streams "$1"
	status=$?
	streams_end
	victim_first && return $status
}

# share_streams DRIVER: what each gets in a second
share_streams()
{
	local files='' name sums packets bytes

	for name in g1 g2; do
		name=/sys/class/net/vif$(guest_id $name).0/statistics
		files="$files $name/rx_packets $name/rx_bytes"
	done
	# shellcheck disable=SC2086 # one file a word
	sums=$(taskset 2 probe window 1000000 $files) &&
		[ "$(echo "$sums" | wc -l)" -eq 4 ] || return
	name=g1
	echo "$sums" | paste - - | while read -r packets bytes; do
		result "# share $1 two-streams $name 100 $packets $bytes"
		name=g2
	done
}

# where_served WHERE DRIVER MODULE PARAMETER...
where_served()
{
	# shellcheck disable=SC2153 # not ROUNDS
	local where=$1 driver=$2 module=$3 id=$1-$2-$ROUND
	local text="driver $2, $1, round $ROUND"

	shift 3
	case $driver-$where in
	stock-*) ;;
	*-apart) set -- "$@" groups=2 "cpus=0;2" balance=0 ;;
	*-beside) set -- "$@" groups=1 cpus=0 ;;
	esac
	check "load-$id" "$text: it is swapped below the guests" \
		sh /lab/live-update "$module" "$@" &&
		check "placed-$id" "$text: what serves each guest has its CPU" \
			serve_neighbour "$where" &&
		check "answer-$id" "$text: both guests answer" wait_until 60 \
			"both answer" eval 'guest_reached g1 && guest_reached g2' ||
		return
	tell_modules "$driver"
	check "quiet-$id" "$text: what loading left to do is done" warm_up
	check "idle-$id" "$text: answers are timed beside an idle neighbour" \
		ask "$driver" "$where-idle"
	check "spin-$id" "$text: answers are timed beside one that computes" \
		with_spin "$driver" "$where"
	check "flood-$id" "$text: answers are timed beside one that floods" \
		with_flood "$driver" "$where"
	check "stream-$id" "$text: answers are timed beside one with a stream" \
		with_stream "$driver" "$where"
	check "pseudo-$id" \
		"$text: answers are timed beside one that sends multicast requests" \
		with_requests "$driver" "$where" pseudo \
		"tx 0 9 $EXTRA_INFO 0 0 0" "extra 0 2 0 01005e010203"
	check "refused-$id" \
		"$text: answers are timed beside one that sends 13 bytes as a packet" \
		with_requests "$driver" "$where" refused "tx 0 9 0 0 0 13"
}

# under DRIVER MODULE PARAMETER...
under()
{
	where_served apart "$@"
	where_served beside "$@"
	check "two-streams-$1-$ROUND" \
		"driver $1, round $ROUND: what each of two streams gets is counted" \
		two_streams "$1"
}

reload_netback max_queues=1
check victim-starts "guest g1, the victim: it starts" \
	start_guest g1 11 2 vcpus=1 || return
front_ramdisk
check neighbour-starts "guest g2, the neighbour: it starts" \
	start_guest g2 12 2 vcpus=1 ramdisk="$FRONT_RAMDISK" ||
	return
check cpus-pinned "domains: their CPUs are pinned" place_neighbours
guest g1 "probe echo $PORT >/dev/null 2>&1 &"
# The distribution's driver has a line for each refused request, and the console
# takes its time.
dmesg -n 1
each_driver under
