# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	test frontend, 1 or 8 queues --- vif0.8 (netback), all of it in dom0
#
# Rates that the toolstack sets, in both directions, in bytes and packets, shared by
# all queues, changed while packets flow; stalled queues and carriers of guests that
# take no packets.
#
# in: check
# needs: front our-driver
# takes: 90

readonly STATISTICS=/sys/class/net/$TEST_VIF/statistics
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

# flood_queues COUNT BYTES: each queue sends packets of that size without end.
flood_queues()
{
	local queue

	for queue in $(seq 0 $(($1 - 1))); do
		front_put "$queue" 1 1 "$(front_udp "$NEAR" 9 \
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
	ethtool -S "$TEST_VIF" | tr -d ' ' | awk -F: -v queues="$1" '
		/^queue_.*_guest_tx_packets/ { n += $2 > 20 }
		END { exit n != queues }' && return
	ethtool -S "$TEST_VIF" | grep guest_tx_packets
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
# driver's CPU for longer than the bucket can save, the rate is missed, and what the
# bucket saved before counts for the time after.
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

# rate_refused NODE VALUE: the log names the vif and the value.
rate_refused()
{
	set_rate "$1" "$2"
	wait_until 5 "a refusal" logged \
		"$TEST_VIF: $1: invalid value \"$2\", expected \"<amount>,<usec>\""
}

# dom0 sends about 100,000 bytes a second, and the frontend takes all that comes.
flood_far()
{
	front_do "take 0" || return
	for _ in 1 2 3; do
		/usr/bin/ping -U -q -f -s 1400 "$FAR" >/dev/null 2>&1 &
		echo $!
	done >/run/flood.pids
}

# A bucket holds the largest packet, or the amount of a period.
burst_is_over()
{
	wait_until 20 "66,000 bytes" has_got 66000
}

has_got()
{
	[ "$(cat "$STATISTICS"/tx_bytes)" -gt "$1" ]
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
	front_create "$TEST_HANDLE" "$@" && front_connect "$queues"
}

# ---- stalls --------------------------------------------------------------

carrier_is()
{
	[ "$(cat /sys/class/net/"$TEST_VIF"/carrier)" = "$1" ]
}

ping_far()
{
	/usr/bin/ping -U -q -c "$1" -i 0.1 -W 1 "$FAR" >/dev/null
}

in_vain()
{
	! ping_far 20
}

# carrier_becomes 0|1: while pings are sent.
carrier_becomes()
{
	wait_until 20 "carrier $1" ping_and_look "$1"
}

ping_and_look()
{
	ping_far 2
	carrier_is "$1"
}

# comes_on QUEUE: a ping comes on it.
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
		grep "^waits" "$VIF_DEBUG/io_ring_q$queue"
	done | awk '{ printf "%s", $NF } END { print "" }' >/run/stalled
	[ "$(cat /run/stalled)" = "$1" ]
}

# Some of these flows go to queue 0 at first, which takes nothing.
send_flows()
{
	local host

	for host in $(seq 101 116); do
		/bin/ip neigh replace "10.$TEST_HANDLE.0.$host" nud permanent \
			lladdr "$(front_mac)" dev "$TEST_VIF"
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

# Packets wait, of which the guest takes one now and then, sooner than they expire.
expire_all_the_same()
{
	local dropped before

	read -r before <"$STATISTICS/tx_dropped"
	/usr/bin/ping -U -q -c 40 -l 40 -W 1 "$FAR" >/dev/null &
	for _ in 1 2 3 4 5 6 7 8; do
		front_do "post 0 1" || return
		usleep 200000
	done
	awk '/^queued packets/ { print > "/run/waiting"; exit $3 != 0 }' \
		"$VIF_DEBUG/io_ring_q0" || { cat /run/waiting; return 1; }
	read -r dropped <"$STATISTICS/tx_dropped"
	wait
	[ $((dropped - before)) -ge 20 ] && return
	echo "$((dropped - before)) packets were dropped, expected 20 or more"
	return 1
}

# limits_of QUEUES [few]: few leaves out measurements of the same bucket.
limits_of()
{
	local text="$1 queues"

	check "vif-$1" "$text: a vif with rate=50000,50000 connects" \
		limited_vif "$1" back/rate=50000,50000
	check "flood-$1" "$text: all of them send without end" \
		flood_queues "$1" 1000
	check "bytes-$1" \
		"$text: rate 50000,50000 passes 1,000,000 bytes a second, within 2 %" \
		rate_is rx_bytes 1000000
	[ "$2" = few ] || changes_of "$@"
	check "packet-rate-change-$1" \
		"$text: the node rate/packets is written while packets flow" \
		set_rate rate/packets 100,1000000
	check "packets-$1" \
		"$text: rate/packets 100,1000000 passes 100 packets a second, within 2 %" \
		rate_is rx_packets 100
	check "rate-removed-$1" "$text: the node rate and those below it are removed" \
		no_rate rate
	[ "$2" = few ] || check "no-limit-$1" \
		"$text: without a rate more than 2,000,000 bytes a second pass" \
		exceeds rx_bytes 1000000
	check "all-send-$1" "$text: every queue has sent more than 20 packets" \
		all_have_sent "$1"
	check "calm-$1" "$text: they stop" calm_queues "$1"
	check "removed-$1" "$text: the vif is removed" front_remove
}

# changes_of QUEUES
changes_of()
{
	check "rate-change-$1" \
		"$text: the node rate is changed while packets flow" \
		set_rate rate 25000,100000
	check "bytes-changed-$1" \
		"$text: rate 25000,100000 passes 250,000 bytes a second, within 2 %" \
		rate_is rx_bytes 250000
	check "bad-rate-$1" "$text: rate=fast is refused by name in the log" \
		rate_refused rate fast
	check "bytes-after-bad-rate-$1" \
		"$text: a refused rate leaves 250,000 bytes a second" \
		rate_is rx_bytes 250000
}

reload_netback rx_drain_timeout_msecs=300 rx_stall_timeout_msecs=900 \
	max_queues=8
resources_before
check module-loads "test frontend: the module loads" front_load
limits_of 1
# shellcheck disable=SC2046 # a word or none
limits_of 8 $(thorough || echo few)

check rx-vif "guest Rx: a vif with rate/rx=1000,50000 connects" \
	limited_vif 1 back/rate/rx=1000,50000
check rx-flood "guest Rx: dom0 sends without end" flood_far
check rx-burst \
	"guest Rx: what a bucket saved while nothing was sent comes first" \
	burst_is_over
check rx-bytes \
	"guest Rx: rate/rx 1000,50000 passes 20,000 bytes a second, within 2 %" \
	rate_is tx_bytes 20000
check rx-packet-rate-change \
	"guest Rx: rate/rx becomes 0, rate/rx-packets is written" \
	set_rates rate/rx 0,50000 rate/rx-packets 40,1000000
check rx-packets "guest Rx: 40 packets a second pass, within 2 %" \
	rate_is tx_packets 40
check rx-rate-removed "guest Rx: the node rate and those below it are removed" \
	no_rate rate
check rx-no-limit \
	"guest Rx: without a rate more than 40,000 bytes a second pass" \
	exceeds tx_bytes 20000
check rx-calm "guest Rx: dom0 stops" stop_far
check rx-removed "guest Rx: the vif with a rate is removed" front_remove

check stall-vif "two queues: a vif connects" limited_vif 2
check stall-post-1 "two queues: only queue 1 posts Rx requests" \
	front_do "post 1 200"
check stall-one-queue "two queues: queue 0, which posts nothing, stalls alone" \
	wait_until 20 "a stalled queue" one_stalls
check stall-carrier-stays \
	"two queues: the carrier stays when one of them stalls" carrier_is 1
check stall-queue-avoided \
	"two queues: pings come on the queue that takes them" comes_on 1
check stall-post-0 "two queues: queue 0 posts Rx requests, too" \
	front_do "post 0 200"
check stall-ends "two queues: queue 0 is not stalled after it has posted" \
	wait_until 10 "none stalled" stalled_are 00
check stall-removed "two queues: the vif is removed" front_remove

check trickle-vif "guest that takes a packet now and then: it connects" \
	limited_vif 1
check trickle-expires \
	"guest that takes a packet now and then: nothing older than the timeout waits" \
	expire_all_the_same
check trickle-removed \
	"guest that takes a packet now and then: the vif is removed" front_remove

check headroom-vif "one queue with headroom: a vif connects" \
	limited_vif 1 xdp-headroom=256
check headroom-post "one queue with headroom: it posts one Rx request" \
	front_do "post 0 1"
check headroom-carrier-goes \
	"one queue with headroom: one request is too few for a packet, the carrier goes" \
	carrier_becomes 0
check headroom-stall-logged \
	"one queue with headroom: the log says that guest Rx is stalled" \
	logged "$TEST_VIF: Guest Rx stalled"
check headroom-post-second \
	"one queue with headroom: it posts a second request" front_do "post 0 1"
check headroom-carrier-comes \
	"one queue with headroom: the carrier comes back with two requests" \
	wait_until 10 "carrier" carrier_is 1
check headroom-post-more "one queue with headroom: it posts 20 requests" \
	front_do "post 0 20"
check headroom-packets-come \
	"one queue with headroom: pings come after a stall" comes_on 0
check headroom-removed "one queue with headroom: the vif is removed" \
	front_remove

check no-notify-vif "frontend without feature-rx-notify: it connects" \
	limited_vif 1 feature-rx-notify=0
check no-notify-posts-nothing \
	"frontend without feature-rx-notify: it posts nothing and gets nothing" \
	in_vain
check no-notify-carrier \
	"frontend without feature-rx-notify: it keeps its carrier" carrier_is 1
check no-notify-tiny-ring \
	"frontend without feature-rx-notify: four requests take four packets" \
	tiny_ring
check no-notify-removed \
	"frontend without feature-rx-notify: the vif is removed" front_remove
check module-unloads "test frontend: the module unloads" front_unload
check_nothing_leaked "after limits"
check_unloads
# Refusals are errors in the log, as they must be.
check_no_reports
