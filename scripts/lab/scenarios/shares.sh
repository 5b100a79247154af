# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	g1, g2, g3 --- vif each --- dom0, which drops what comes
#
# For scripts/bench: pktgen in three guests, each of which alone could keep the
# backend busy, through the distribution's driver and ours in both modes, with
# one group. The guests have the second CPU, the backend the first. The results
# are comments "share DRIVER CASE GUEST WEIGHT PACKETS BYTES", in a window.

readonly SHARERS="g1 g2 g3"
readonly WINDOW_US=${BENCH_WINDOW_US:-500000}

# The first vif is on the bridge; this one is not.
vif_of()
{
	echo "vif$(guest_id "$1").1"
}

# Guests on the second CPU, and nothing else that is busy.
place_sharers()
{
	local name

	for name in $SHARERS; do
		xl vcpu-pin "$name" all 1 || return
	done
	xl vcpu-pin Domain-0 0 0 && xl vcpu-pin Domain-0 1 1 || return
	tell_placement
}

pin_backend()
{
	local thread

	for thread in $(backend_pids); do
		taskset -p 1 "$thread" >/dev/null || return
	done
}

stop_all()
{
	local name

	for name in $SHARERS; do
		stop_flood "$name" || return
	done
}

# share DRIVER CASE GUEST:LEAST:MOST:WEIGHT...
share()
{
	local driver=$1 case=$2 word name least most weight vif status

	shift 2
	for word; do
		IFS=: read -r name least most weight <<-END
			$word
		END
		vif=/sys/class/net/$(vif_of "$name")
		[ ! -e "$vif/netback/weight" ] ||
			echo "$weight" >"$vif/netback/weight" || return
		flood "$name" "$least" "$most" || return
	done
	# shellcheck disable=SC2046 # a word each
	note_bytes $(for name in $SHARERS; do vif_of "$name"; done)
	wait_until 60 "all guests send" all_flow 100000 &&
		watch_shares "$driver" "$case" "$@"
	status=$?
	stop_all && return $status
}

# watch_shares DRIVER CASE GUEST:LEAST:MOST:WEIGHT...
watch_shares()
{
	local driver=$1 case=$2 files='' word vif sums

	shift 2
	for word; do
		vif=/sys/class/net/$(vif_of "${word%%:*}")/statistics
		files="$files $vif/rx_packets $vif/rx_bytes"
	done
	# shellcheck disable=SC2086 # one file a word
	sums=$(probe window "$WINDOW_US" $files) || return
	echo "$sums" | paste - - | while read -r packets bytes; do
		result "# share $driver $case ${1%%:*} ${1##*:} $packets $bytes"
		shift
	done
}

# under DRIVER MODULE PARAMETER...
under()
{
	local driver=$1 module=$2

	shift 2
	[ "$driver" = stock ] || set -- "$@" groups=1
	check "$driver loaded" sh /lab/live-update "$module" "$@" &&
		check "$driver: threads are pinned" pin_backend || return
	tell_modules "$driver"
	check "$driver: equal guests, 60 bytes" share "$driver" equal-60 \
		g1:60:60:100 g2:60:60:100 g3:60:60:100
	check "$driver: equal guests, mixed sizes" share "$driver" equal-mixed \
		g1:60:1514:100 g2:60:1514:100 g3:60:1514:100
	check "$driver: sizes of their own" share "$driver" sizes \
		g1:60:60:100 g2:600:600:100 g3:1514:1514:100
	[ "$driver" = stock ] ||
		check "$driver: weights" share "$driver" weights \
			g1:60:60:100 g2:60:60:200 g3:60:60:400
}

driver_has_groups || die "the bench wants our module"
reload_netback max_queues=1
for name in $SHARERS; do
	check "guest $name" start_guest "$name" "1${name#g}" 2 vcpus=1 || return
done
check "CPUs are pinned" place_sharers
each_driver under
