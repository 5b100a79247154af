# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# For scripts/bench: packets of one size through a vif with both ends in dom0,
# made by pktgen and dropped by the stack at the other end, which they are not
# addressed to. The distribution's driver and ours in both modes, in turn. A
# window of the counter is open while pktgen runs. The results are comments
# "packets DRIVER WAY-SIZE SENT RECEIVED SWITCHES": switches between threads of
# dom0 in the window.
#
# With two CPUs the backend's interrupts and threads have CPU 1 and everything
# else, pktgen and the front end, CPU 0. With one CPU the two ends take turns,
# and notify each other as often as they can.
#
# in: bench
# needs: dom0 our-driver

readonly COUNT=20000
readonly PKTGEN=/proc/net/pktgen

cpus()
{
	grep -c ^processor /proc/cpuinfo
}

# pin_threads DRIVER: ours have their CPU from the parameters, and keep it.
pin_threads()
{
	local thread threads

	[ "$1" = stock ] || return 0
	threads=$(backend_pids)
	[ -n "$threads" ] || return
	for thread in $threads; do
		taskset -p 2 "$thread" || return
	done
}

# The names of interrupts are vif0.9-q0-tx here and vif9-q0-tx at the front.
# place DRIVER
place()
{
	[ "$(cpus)" -ge 2 ] || return 0
	pin_irqs "vif0\\.$HANDLE-q" 2 && pin_irqs "vif$HANDLE-q" 1 &&
		pin_threads "$1"
}

# generate DEVICE SIZE, where the device is
generate()
{
	cat <<-END
		echo rem_device_all >$PKTGEN/kpktgend_0
		echo add_device $1 >$PKTGEN/kpktgend_0
		for word in 'count $COUNT' 'pkt_size $2' 'delay 0' 'clone_skb 0' \
			'dst 10.$HANDLE.0.99' 'dst_mac 00:16:3e:00:00:99'; do
			echo "\$word" >$PKTGEN/$1 || exit
		done
		s=\$(awk '\$1 == "ctxt" { print \$2 }' /proc/stat)
		probe mark 0
		echo start >$PKTGEN/pgctrl
		probe mark 1
		e=\$(awk '\$1 == "ctxt" { print \$2 }' /proc/stat)
		echo "\$((e - s)) \$(sed -n 's/.*pkts-sofar: \([0-9]*\).*/\1/p' $PKTGEN/$1)"
	END
}

# Packets that have arrived at the end that does not send.
arrived()
{
	if [ "$1" = tx ]; then
		cat "/sys/class/net/vif0.$HANDLE/statistics/rx_packets"
	else
		front cat /sys/class/net/eth0/statistics/rx_packets
	fi
}

# way DRIVER tx|rx SIZE: tx is from the front end.
way()
{
	local before out

	before=$(arrived "$2")
	if [ "$2" = tx ]; then
		out=$(front sh -c "$(generate eth0 "$3")")
	else
		out=$(sh -c "$(generate "vif0.$HANDLE" "$3")")
	fi || return
	result "# packets $1 $2-$3 ${out#* } $(($(arrived "$2") - before)) ${out% *}"
	[ "${out#* }" = $COUNT ]
}

# under DRIVER MODULE PARAMETER...
under()
{
	local driver=$1 dir size

	shift
	[ "$driver" = stock ] || [ "$(cpus)" -lt 2 ] || set -- "$@" cpus=1
	unload_netback && insmod "$@" || return
	check "connect-$driver-$ROUND" \
		"driver $driver, round $ROUND: both ends connect" \
		create_loopback || return
	check "placed-$driver-$ROUND" \
		"driver $driver, round $ROUND: each end has its CPU" \
		place "$driver"
	tell_modules "$driver"
	for dir in tx rx; do
		for size in 60 1514; do
			check "packets-$dir-$size-$driver-$ROUND" \
				"driver $driver, round $ROUND: $dir of $size bytes is counted" \
				way "$driver" $dir $size
		done
	done
	check "removed-$driver-$ROUND" \
		"driver $driver, round $ROUND: the vif is removed" \
		remove_loopback
}

modprobe pktgen
check cpus-pinned "domains: their CPUs are pinned" place_domains
each_driver under
