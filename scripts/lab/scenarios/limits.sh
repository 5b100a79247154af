# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	test frontend, 1 or 8 queues --- vif0.8 (netback), all of it in dom0
#
# What the toolstack allows a vif and what a guest that takes nothing comes to:
# rates in both directions, in bytes and packets, shared by all queues, changed
# while packets flow; stalled queues and carriers.
#
# in: check
# needs: front our-driver
# takes: 90

readonly TEST_HANDLE=8
readonly NEAR=10.$TEST_HANDLE.0.1
readonly FAR=10.$TEST_HANDLE.0.11
readonly STATISTICS=/sys/class/net/vif0.$TEST_HANDLE/statistics
# Seconds for which a rate is measured, and by how many thousandths it may be off.
readonly MEASURED=5
readonly TOLERANCE=20

# ---- rates ---------------------------------------------------------------

# set_rate NODE VALUE, of the backend
set_rate()
{
	xenstore-write "backend/vif/0/$TEST_HANDLE/$1" "$2"
}

# set_rates NODE VALUE NODE VALUE
set_rates()
{
	set_rate "$1" "$2" && set_rate "$3" "$4"
}

no_rate()
{
	xenstore-rm "backend/vif/0/$TEST_HANDLE/$1"
}

# flood_queues COUNT BYTES: each sends packets of that size, without end.
flood_queues()
{
	local queue

	for queue in $(seq 0 $(($1 - 1))); do
		front_put "$queue" 1 1 "$(front_udp $NEAR 9 \
			"$(front_pattern 3 $(($2 - 42)))")" &&
			front_do "flood $queue 0" || return
	done
}

calm_queues()
{
	local queue

	for queue in $(seq 0 $(($1 - 1))); do
		front_do "calm $queue" || return
	done
	front_log
}

all_have_sent()
{
	ethtool -S vif0.$TEST_HANDLE | tr -d ' ' | awk -F: -v queues="$1" '
		/^queue_.*_guest_tx_packets/ { n += $2 > 20 }
		END { exit n != queues }' && return
	ethtool -S vif0.$TEST_HANDLE | grep guest_tx_packets
	return 1
}

# measured COUNTER: its growth in a second, over MEASURED seconds.
measured()
{
	local before after begin end

	read -r before <"$STATISTICS/$1"
	read -r begin _ </proc/uptime
	sleep $MEASURED
	read -r after <"$STATISTICS/$1"
	read -r end _ </proc/uptime
	awk -v before="$before" -v after="$after" -v begin="$begin" \
		-v end="$end" \
		'BEGIN { printf "%.0f", (after - before) / (end - begin) }'
}

# rate_is COUNTER RATE: in one of three measurements. When the machine stops the
# driver's CPU for longer than a bucket holds, what it would have given is lost,
# and what was saved before counts for the time after.
rate_is()
{
	local rate try

	for try in 1 2 3; do
		rate=$(measured "$1")
		progress "$1: $rate in a second, $2 allowed"
		[ $((rate * 1000)) -ge $(($2 * (1000 - TOLERANCE))) ] &&
			[ $((rate * 1000)) -le $(($2 * (1000 + TOLERANCE))) ] &&
			return
	done
	echo "$1: $rate in a second, expected $2, $try times"
	return 1
}

# exceeds COUNTER RATE
exceeds()
{
	local rate

	rate=$(measured "$1")
	[ "$rate" -gt $((2 * $2)) ] && return
	echo "$1: only $rate in a second"
	return 1
}

# A rate that is none: the kernel's log says so, with the vif and the text.
rate_refused()
{
	set_rate "$1" "$2"
	wait_until 5 "a refusal" logged "vif0.$TEST_HANDLE: $1=$2 refused"
}

# dom0 sends some 100,000 bytes a second, and the frontend takes what comes.
flood_far()
{
	front_do "take 0" || return
	for _ in 1 2 3; do
		/usr/bin/ping -U -q -f -s 1400 $FAR >/dev/null 2>&1 &
		echo $!
	done >/run/flood.pids
}

# A bucket holds the largest packet, or what comes in a period.
burst_is_over()
{
	wait_until 20 "66,000 bytes" has_got 66000
}

has_got()
{
	[ "$(cat $STATISTICS/tx_bytes)" -gt "$1" ]
}

stop_far()
{
	# shellcheck disable=SC2046 # a process each
	kill $(cat /run/flood.pids)
	front_do "calm 0"
}

# limited_vif QUEUES [KEY=VALUE...]
limited_vif()
{
	local queues=$1

	shift
	front_create $TEST_HANDLE "$@" && front_connect "$queues"
}

# ---- stalls --------------------------------------------------------------

carrier_is()
{
	[ "$(cat /sys/class/net/vif0.$TEST_HANDLE/carrier)" = "$1" ]
}

ping_far()
{
	/usr/bin/ping -U -q -c "$1" -i 0.1 -W 1 $FAR >/dev/null
}

in_vain()
{
	! ping_far 20
}

# Pings go on until the carrier is so.
carrier_becomes()
{
	wait_until 20 "carrier $1" ping_and_look "$1"
}

ping_and_look()
{
	ping_far 2
	carrier_is "$1"
}

# A ping comes on queue $1.
comes_on()
{
	front_do "received $1" && front_log >/dev/null
	ping_far 3
	front_do "received $1 64" && front_log | grep -q "^rx $1 "
}

stalled_are()
{
	local queue

	for queue in 0 1; do
		grep "^waits" "/sys/kernel/debug/xen-netback/vif0.$TEST_HANDLE/io_ring_q$queue"
	done | awk '{ printf "%s", $NF } END { print "" }' >/run/stalled
	[ "$(cat /run/stalled)" = "$1" ]
}

# Of many flows some would go to queue 0, which takes nothing.
send_flows()
{
	local host

	for host in $(seq 101 116); do
		/bin/ip neigh replace "10.$TEST_HANDLE.0.$host" nud permanent \
			lladdr "$(front_mac)" dev "vif0.$TEST_HANDLE"
		/usr/bin/ping -U -q -c 2 -i 0.2 -W 1 \
			"10.$TEST_HANDLE.0.$host" >/dev/null &
	done
	wait
}

one_stalls()
{
	send_flows
	stalled_are 10
}

tiny_ring()
{
	for _ in 1 2 3; do
		front_do "post 0 4" && ping_far 4
		front_do "received 0 64" && front_log >/run/tiny.log
		[ "$(grep -c '^rx 0' /run/tiny.log)" = 4 ] || return
	done
}

# limits_of QUEUES
limits_of()
{
	local text="$1 queues"

	check "$text: a vif with a rate" limited_vif "$1" back/rate=50000,50000
	check "$text: they send" flood_queues "$1" 1000
	check "$text: 1,000,000 bytes a second pass, within 2 %" \
		rate_is rx_bytes 1000000
	check "$text: the rate is changed" set_rate rate 25000,100000
	check "$text: a quarter passes" rate_is rx_bytes 250000
	check "$text: a rate that is none is refused by name" \
		rate_refused rate fast
	check "$text: and changes nothing" rate_is rx_bytes 250000
	check "$text: packets have a rate" set_rate rate/packets 100,1000000
	check "$text: 100 packets a second pass" rate_is rx_packets 100
	check "$text: there is no rate" no_rate rate
	check "$text: more passes" exceeds rx_bytes 1000000
	check "$text: all queues have got something" all_have_sent "$1"
	check "$text: they end" calm_queues "$1"
	check "$text: device removed" front_remove
}

driver_has_groups || return 0
reload_netback rx_drain_timeout_msecs=300 rx_stall_timeout_msecs=900 \
	max_queues=8
resources_before
check "the test frontend loads" front_load
limits_of 1
limits_of 8

check "a vif with a rate to it" limited_vif 1 back/rate/rx=1000,50000
check "dom0 sends" flood_far
check "what it may get after a while of silence comes first" burst_is_over
check "20,000 bytes a second come, within 2 %" rate_is tx_bytes 20000
check "bytes have no rate, but packets have" \
	set_rates rate/rx 0,50000 rate/rx-packets 40,1000000
check "40 packets a second come" rate_is tx_packets 40
check "there is no rate any more" no_rate rate
check "more comes" exceeds tx_bytes 20000
check "dom0 ends" stop_far
check "the vif goes" front_remove

check "a vif of two queues" limited_vif 2
check "one of them posts" front_do "post 1 200"
check "the other one stalls, alone" wait_until 20 "a stalled queue" one_stalls
check "the carrier stays" carrier_is 1
check "all pings come on the one that takes them" comes_on 1
check "the other one posts, too" front_do "post 0 200"
check "it is not stalled any more" wait_until 10 "none stalled" stalled_are 00
check "the vif goes, too" front_remove

check "a vif that posts one request and wants headroom" \
	limited_vif 1 xdp-headroom=256
check "it does so" front_do "post 0 1"
check "each packet needs two: the carrier goes" carrier_becomes 0
check "which the log tells" logged "vif0.$TEST_HANDLE: Guest Rx stalled"
check "it posts another one" front_do "post 0 1"
check "the carrier comes back" wait_until 10 "carrier" carrier_is 1
check "it posts more" front_do "post 0 20"
check "and packets come" comes_on 0
check "the vif goes as well" front_remove

check "a vif without feature-rx-notify" limited_vif 1 feature-rx-notify=0
check "posts nothing for some seconds" in_vain
check "and keeps its carrier" carrier_is 1
check "a ring of four requests works" tiny_ring
check "the last vif goes" front_remove
check "the test frontend unloads" front_unload
check_nothing_leaked "after limits"
check_unloads
# The refusals are errors in the log, as they must be.
check_no_reports
