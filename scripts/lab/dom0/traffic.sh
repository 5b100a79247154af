# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# Traffic between dom0 and guests. An end is "dom0" or a guest's name; the
# addresses follow from the guest's number (see guest/netup).
#
# Every ping of the lab has -U. Without it ping requests time stamps, for which Linux
# patches its receive path. QEMU with a thread for each CPU sometimes continues with
# the old code: then that CPU hangs, with any driver.

# at END COMMAND [LIMIT]: runs a command at an end. LIMIT is in seconds.
at()
{
	local where=$1

	shift
	if [ "$where" = dom0 ]; then
		timeout -s KILL $((${2:-60} * SLOWNESS)) sh -c "$1" 2>&1
	else
		guest "$where" "$@"
	fi
}

# end_id END: prints the number of an end in its addresses.
end_id()
{
	if [ "$1" = dom0 ]; then
		echo 1
	else
		cat "/run/$1.number"
	fi
}

# flows FROM TO [HANDLE]: sends verified UDP and TCP over IPv4 and IPv6.
flows()
{
	at "$1" "flows $(end_id "$2") $3"
}

# big_stream FROM TO: sends 64 MiB in one TCP stream, verified by sha256.
big_stream()
{
	at "$1" "stream 64 10.0.0.$(end_id "$2")" 90
}

# ping_each FROM TO FIRST LAST: checks that each handle from FIRST to LAST answers.
ping_each()
{
	at "$1" "for h in \$(seq $3 $4); do
		/usr/bin/ping -U -q -c 2 -i 0.2 -w 10 10.\$h.0.$(end_id "$2") ||
			exit 1; done"
}

answers_ping()
{
	/usr/bin/ping -U -q -c 1 -W 1 "$1"
}

# guest_reached GUEST: checks that a guest on the bridge answers over IPv4 and IPv6.
guest_reached()
{
	local id

	id=$(end_id "$1")
	wait_until 30 "$1 answers" answers_ping "10.0.0.$id" &&
		wait_until 30 "$1 answers over IPv6" answers_ping "fd00:0::$id"
}

# start_traffic GUEST: sends TCP in both directions until stop_traffic, so that
# packets are in flight while a test disturbs the vif.
start_traffic()
{
	local address

	address=10.0.0.$(end_id "$1")
	iperf3 --forceflush -c "$address" -t 600 --bidir >"/run/traffic.$1" 2>&1 &
	echo $! >"/run/traffic.$1.pid"
	wait_until 10 "traffic with $1 flows" traffic_flows "$1"
}

traffic_flows()
{
	grep -q 'connected to' "/run/traffic.$1"
}

# flood GUEST LEAST MOST: pktgen sends packets of LEAST to MOST bytes through the
# guest's second vif until stop_flood. dom0 drops them: that vif is not on the bridge.
flood()
{
	local pktgen=/proc/net/pktgen

	guest "$1" "modprobe pktgen && echo reset >$pktgen/pgctrl || exit
		echo add_device eth1 >$pktgen/kpktgend_0
		for word in 'count 0' 'pkt_size $2' 'min_pkt_size $2' \
			'max_pkt_size $3' 'flag TXSIZE_RND' 'delay 0' \
			'clone_skb 0' 'dst 10.1.0.99' \
			'dst_mac 00:16:3e:00:00:99'; do
			echo \"\$word\" >$pktgen/eth1 || exit
		done
		echo start >$pktgen/pgctrl 2>/dev/null &"
}

stop_flood()
{
	guest "$1" "echo stop >/proc/net/pktgen/pgctrl"
}

# bytes_moved GUEST rx|tx: prints the bytes on the guest's first vif.
bytes_moved()
{
	cat "/sys/class/net/vif$(guest_id "$1").0/statistics/$2_bytes"
}

# grown_since GUEST RX TX: checks for a megabyte more in each direction.
grown_since()
{
	[ "$(bytes_moved "$1" rx)" -gt $(($2 + 1000000)) ] &&
		[ "$(bytes_moved "$1" tx)" -gt $(($3 + 1000000)) ]
}

# traffic_goes_on GUEST [SECONDS]: checks that both streams of start_traffic move data.
traffic_goes_on()
{
	wait_until "${2:-30}" "a megabyte each way of $1" grown_since "$1" \
		"$(bytes_moved "$1" rx)" "$(bytes_moved "$1" tx)"
}

stop_traffic()
{
	kill -9 "$(cat "/run/traffic.$1.pid")" 2>/dev/null
	rm -f "/run/traffic.$1" "/run/traffic.$1.pid"
}

# snapshot_counters FILE GUEST...: writes the counters that must not change, of dom0
# and the guests, to FILE.
snapshot_counters()
{
	local file=$1 where

	shift
	for where in dom0 "$@"; do
		at "$where" counters | sed "s/^/$where /"
	done >"$file"
}

# compare_counters BEFORE AFTER: prints the differences, and succeeds if there are
# none.
compare_counters()
{
	local changed

	changed=$(awk 'NR == FNR { before[$1 " " $2] = $3; next }
		$3 != before[$1 " " $2] + 0 {
			print $1, $2, before[$1 " " $2] + 0, "->", $3
		}' "$1" "$2")
	[ -z "$changed" ] && return
	echo "$changed"
	return 1
}
