# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# Functions of the scenarios of scripts/bench, which measure several drivers.

# The scenario profile overrides this to print the functions of loaded modules.
tell_modules()
{
	:
}

# Prints the process IDs of the backend's threads, one per line.
backend_pids()
{
	grep -lE '^(vif[0-9]|netback/)' /proc/[0-9]*/comm |
		sed 's,/proc/\(.*\)/comm,\1,'
}

# Pins all threads of the backend to the first CPU.
pin_backend()
{
	local thread

	for thread in $(backend_pids); do
		taskset -p 1 "$thread" >/dev/null || return
	done
}

# pin_irqs PATTERN MASK: binds the interrupts whose names match. Those of a group
# with a CPU cannot be bound, and have to be there already.
pin_irqs()
{
	awk -F: -v name="$1" '$0 ~ name { print $1 + 0 }' /proc/interrupts |
		while read -r irq; do
			mask=$(tr -d , <"/proc/irq/$irq/smp_affinity")
			[ $((0x$mask)) -eq $((0x$2)) ] ||
				echo "$2" >"/proc/irq/$irq/smp_affinity"
		done
}

# Sets fq_codel for all devices created from now on, as systemd does on a Debian
# host. With it a single packet does not wait behind a stream.
queue_fairly()
{
	modprobe sch_fq_codel && echo fq_codel >/proc/sys/net/core/default_qdisc
}

# Pins each CPU of dom0 and of a driver domain to the machine's CPU of the same
# number, and guests from the last CPU downwards, so that the same domains share a CPU
# in each round. Prints a comment "placement DOMAIN/VCPU=CPU...".
place_domains()
{
	local cpus name cpu

	cpus=$(nproc)
	for cpu in $(seq 0 $((cpus - 1))); do
		xl vcpu-pin Domain-0 "$cpu" "$cpu" &&
			xl vcpu-pin "$(own_id)" "$cpu" "$cpu" || return
	done
	for name in $(guest_names); do
		xl vcpu-pin "$name" all "$cpu" || return
		cpu=$(((cpu + cpus - 1) % cpus))
	done
	tell_placement
}

tell_placement()
{
	result "# placement$(xl vcpu-list |
		awk 'NR > 1 { printf " %s/%s=%s", $1, $3, $7 }')"
}

# addresses COUNT: lists the addresses of guest g1 on its first COUNT vifs.
addresses()
{
	local handle

	for handle in $(seq 0 $(($1 - 1))); do
		echo "10.$handle.0.11"
	done
}

# Checks that "probe echo" on port PORT answers on each of VIFS vifs.
all_answer()
{
	# shellcheck disable=SC2046 # each address is a word
	probe ask "$PORT" 0 $(addresses "$VIFS")
}

# ---- streams -------------------------------------------------------------

# vif_bytes VIF: prints the bytes in both directions.
vif_bytes()
{
	local vif=/sys/class/net/$1/statistics to from

	read -r to <"$vif/tx_bytes" && read -r from <"$vif/rx_bytes" || return
	echo $((to + from))
}

# note_bytes VIF...: records the bytes of vifs, for all_flow().
note_bytes()
{
	local vif

	for vif; do
		echo "$vif $(vif_bytes "$vif")"
	done >/run/bytes
}

# all_flow BYTES: checks that each vif has carried more than BYTES since note_bytes().
all_flow()
{
	local vif before

	while read -r vif before; do
		[ "$(vif_bytes "$vif")" -gt $((before + $1)) ] || return
	done </run/bytes
}

# window DRIVER CASE MICROSECONDS CROSSED: counts the present traffic for that time;
# each byte crosses CROSSED vifs. Prints a comment "bench DRIVER CASE MIB FROM-GUEST
# TO-GUEST"; the last two are packets on all vifs.
window()
{
	local files='' name sums

	for name in rx_packets tx_packets rx_bytes tx_bytes; do
		files="$files $(echo /sys/class/net/vif*/statistics/$name)"
	done
	# shellcheck disable=SC2086 # each file is a word
	sums=$(probe window "$3" $files) || return
	# There is a number of each kind for each vif.
	sums=$(echo "$sums" | awk -v crossed="$4" '
		{ number[NR] = $1 }
		END {
			for (i = 1; i <= NR; i++)
				sum[int((i - 1) * 4 / NR)] += number[i]
			printf "%.2f %d %d",
				(sum[2] + sum[3]) / crossed / 1048576,
				sum[0], sum[1]
		}')
	result "# bench $1 $2 $sums"
	[ "${sums%%.*}" -gt 0 ]
}

# ---- drivers -------------------------------------------------------------

# each_driver COMMAND: runs COMMAND DRIVER MODULE PARAMETER... for the distribution's
# driver and ours in both modes, BENCH_ROUNDS times. ROUND is the present round.
each_driver()
{
	check fq-codel "dom0: its queues are fq_codel, as on a Debian host" queue_fairly
	for ROUND in $(seq "${BENCH_ROUNDS:-1}"); do
		progress "round $ROUND"
		"$1" stock /lab/stock.ko max_queues=1
		"$1" tasklet "$NETBACK" max_queues=1
		"$1" kthread "$NETBACK" max_queues=1 netback_kthread=1
	done
}
