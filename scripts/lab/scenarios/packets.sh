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

readonly COUNT=20000
readonly PKTGEN=/proc/net/pktgen

cpus()
{
	grep -c ^processor /proc/cpuinfo
}

pin_irqs()
{
	awk -F: -v name="$1" '$0 ~ name { print $1 + 0 }' /proc/interrupts |
		while read -r irq; do
			echo "$2" >"/proc/irq/$irq/smp_affinity"
		done
}

pin_threads()
{
	local thread

	for thread in $(pgrep '^netback/|^vif0\.'); do
		taskset -p 2 "$thread" || return
	done
}

# The names of interrupts are vif0.9-q0-tx here and vif9-q0-tx at the front.
place()
{
	[ "$(cpus)" -ge 2 ] || return 0
	pin_irqs "vif0\\.$HANDLE-q" 2 && pin_irqs "vif$HANDLE-q" 1 &&
		pin_threads
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

arrived()
{
	cat "/sys/class/net/$1/statistics/rx_packets"
}

# way DRIVER tx|rx SIZE: tx is from the front end.
way()
{
	local before after out script

	script=$(generate "$([ "$2" = tx ] && echo eth0 || echo "vif0.$HANDLE")" "$3")
	if [ "$2" = tx ]; then
		before=$(arrived "vif0.$HANDLE")
		out=$(front sh -c "$script") || return
		after=$(arrived "vif0.$HANDLE")
	else
		before=$(front cat /sys/class/net/eth0/statistics/rx_packets)
		out=$(sh -c "$script") || return
		after=$(front cat /sys/class/net/eth0/statistics/rx_packets)
	fi
	result "# packets $1 $2-$3 ${out#* } $((after - before)) ${out% *}"
	[ "${out#* }" = $COUNT ]
}

# The scenario profile-packets has more to say.
command -v tell_modules >/dev/null || tell_modules() { :; }

under()
{
	local driver=$1 dir size

	shift
	unload_netback && insmod "$@" max_queues=1 || return
	check "$driver: both ends connect" create_loopback || return
	check "$driver: placed" place
	tell_modules "$driver"
	for dir in tx rx; do
		for size in 60 1514; do
			check "$driver: $dir of $size bytes" \
				way "$driver" $dir $size
		done
	done
	check "$driver: device removed" remove_loopback
}

driver_has_groups || die "the bench wants our module"
modprobe pktgen
xl vcpu-pin 0 0 0
[ "$(cpus)" -lt 2 ] || xl vcpu-pin 0 1 1
for round in $(seq "${BENCH_ROUNDS:-1}"); do
	progress "round $round"
	under stock /lab/stock.ko
	under tasklet "$NETBACK" groups=1
	under kthread "$NETBACK" groups=1 netback_kthread=1
done
