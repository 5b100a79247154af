# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	g1, g2, g3, g4 --- vif each --- dom0, which drops what comes
#
# For scripts/bench: pktgen in four guests, on a CPU each, floods through the
# distribution's driver and ours in both modes, with one group, which has the
# first CPU. The results are comments "share DRIVER CASE VIF WEIGHT PACKETS
# BYTES", in a window.

readonly SHARERS="g1 g2 g3 g4"
readonly WINDOW_US=${BENCH_WINDOW_US:-1000000}

# Those that are flooded, a word each; a guest's first vif is on the bridge.
sharing_vifs()
{
	local name

	for name in $SHARERS; do
		echo "vif$(guest_id "$name").1"
	done
}

place_sharers()
{
	local name

	xl vcpu-pin Domain-0 all 0 || return
	for name in $SHARERS; do
		xl vcpu-pin "$name" all "${name#g}" || return
	done
	tell_placement
}

# share DRIVER CASE LEAST MOST: packets of sizes in between
share()
{
	local name status

	for name in $SHARERS; do
		flood "$name" "$3" "$4" || return
	done
	# shellcheck disable=SC2046 # a word each
	note_bytes $(sharing_vifs)
	wait_until 60 "all vifs send" all_flow 10000 &&
		watch_shares "$1" "$2"
	status=$?
	for name in $SHARERS; do
		stop_flood "$name" || status=1
	done
	return $status
}

# watch_shares DRIVER CASE
watch_shares()
{
	local files='' vif sums packets bytes

	for vif in $(sharing_vifs); do
		vif=/sys/class/net/$vif/statistics
		files="$files $vif/rx_packets $vif/rx_bytes"
	done
	# shellcheck disable=SC2086 # one file a word
	sums=$(probe window "$WINDOW_US" $files) &&
		[ "$(echo "$sums" | wc -l)" -eq 8 ] || return
	sharing_vifs >/run/sharing
	echo "$sums" | paste - - | paste /run/sharing - |
		while read -r vif packets bytes; do
			result "# share $1 $2 $vif 100 $packets $bytes"
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
	check "$driver: 60 bytes" share "$driver" equal-60 60 60
	check "$driver: mixed sizes" share "$driver" equal-mixed 60 1514
}

driver_has_groups || die "the bench wants our module"
reload_netback max_queues=1
for name in $SHARERS; do
	check "guest $name" start_guest "$name" "1${name#g}" 2 vcpus=1 || return
done
check "CPUs are pinned" place_sharers
each_driver under
