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
	check "$driver loaded" insmod "$@" &&
		check "$driver: $FRONTS frontends" fronts_up "$FRONTS" || return
	tell_modules "$driver"
	check "$driver: on the first CPU" eval \
		'pin_backend && pin_irqs "vif0\\.[0-9]*-q" 1'
	check "$driver: 60 bytes" share "$driver" equal-60 60
	check "$driver: mixed sizes" share "$driver" equal-mixed 60 1514 200 600
	[ "$driver" = stock ] || {
		check "$driver: weights" set_weights
		check "$driver: 60 bytes by weight" \
			share "$driver" weights-60 60
		check "$driver: mixed sizes by weight" \
			share "$driver" weights-mixed 60 1514 200 600
	}
	check "$driver: they go" fronts_gone "$FRONTS"
}

driver_has_groups || die "the bench wants our module"
check "the test frontend loads" front_load
check "CPUs are pinned" place_domains
each_driver under
