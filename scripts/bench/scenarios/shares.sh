# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	32 test frontends --- vif0.1 to vif0.32 (netback), all of it in dom0
#
# For scripts/bench: what vifs that all flood one group get of it, through the
# distribution's driver and ours in both modes: packets of one size, of mixed
# sizes, and with weights. The driver has the first CPU, the frontends the others.
# The results are comments "share DRIVER CASE VIF WEIGHT PACKETS BYTES", in a
# window.
#
# in: bench
# needs: front our-driver

readonly FRONTS=${BENCH_VIFS:-32}
readonly WINDOW_US=${BENCH_WINDOW_US:-1000000}

weight_of()
{
	cat "/sys/class/net/vif0.$1/netback/weight" 2>/dev/null || echo 100
}

# A third of them each: 1 to 2 to 4.
set_weights()
{
	local handle

	for handle in $(seq "$FRONTS"); do
		echo $((50 << (handle % 3))) \
			>"/sys/class/net/vif0.$handle/netback/weight" || return
	done
}

all_vifs_by_handle()
{
	seq -f 'vif0.%.0f' "$FRONTS"
}

# share DRIVER CASE BYTES...
share()
{
	local driver=$1 case=$2 status

	shift 2
	fronts_flood "$FRONTS" "$@" &&
		pin_floods "$(printf %x $(((1 << $(nproc)) - 2)))" || return
	# shellcheck disable=SC2046 # a word each
	note_bytes $(all_vifs_by_handle)
	wait_until 120 "all vifs send" all_flow 20000 &&
		watch_shares "$driver" "$case"
	status=$?
	fronts_calm "$FRONTS" && return $status
}

# watch_shares DRIVER CASE
watch_shares()
{
	local files='' handle sums

	for handle in $(seq "$FRONTS"); do
		files="$files /sys/class/net/vif0.$handle/statistics/rx_packets"
		files="$files /sys/class/net/vif0.$handle/statistics/rx_bytes"
	done
	# shellcheck disable=SC2086 # one file a word
	sums=$(probe window "$WINDOW_US" $files) &&
		[ "$(echo "$sums" | wc -l)" -eq $((2 * FRONTS)) ] || return
	handle=1
	echo "$sums" | paste - - | while read -r packets bytes; do
		result "# share $1 $2 vif0.$handle $(weight_of $handle)" \
			"$packets $bytes"
		handle=$((handle + 1))
	done
}

# under DRIVER MODULE PARAMETER...
under()
{
	local driver=$1

	shift
	unload_netback
	[ "$driver" = stock ] || set -- "$@" groups=1
	check "load-$driver-$ROUND" "driver $driver, round $ROUND: it loads" \
		insmod "$@" &&
		check "connect-$driver-$ROUND" \
			"driver $driver, round $ROUND: $FRONTS frontends connect" \
			fronts_up "$FRONTS" || return
	tell_modules "$driver"
	check "placed-$driver-$ROUND" \
		"driver $driver, round $ROUND: it is on the first CPU" eval \
		'pin_backend && pin_irqs "vif0\\.[0-9]*-q" 1'
	check "equal-60-$driver-$ROUND" \
		"driver $driver, round $ROUND: shares of 60 bytes are counted" \
		share "$driver" equal-60 60
	check "equal-mixed-$driver-$ROUND" \
		"driver $driver, round $ROUND: shares of mixed sizes are counted" \
		share "$driver" equal-mixed 60 1514 200 600
	[ "$driver" = stock ] || {
		check "weights-$driver-$ROUND" \
			"driver $driver, round $ROUND: weights are set" \
			set_weights
		check "weights-60-$driver-$ROUND" \
			"driver $driver, round $ROUND: shares of 60 bytes by weight are counted" \
			share "$driver" weights-60 60
		check "weights-mixed-$driver-$ROUND" \
			"driver $driver, round $ROUND: shares of mixed sizes by weight are counted" \
			share "$driver" weights-mixed 60 1514 200 600
	}
	check "removed-$driver-$ROUND" \
		"driver $driver, round $ROUND: the vifs are removed" \
		fronts_gone "$FRONTS"
}

check module-loads "test frontend: the module loads" front_load
check cpus-pinned "domains: their CPUs are pinned" place_domains
each_driver under
