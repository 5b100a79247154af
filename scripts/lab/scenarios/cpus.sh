# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	g1 --- 2 vifs of 1 queue --- dom0
#
# The second CPU of the backend's domain goes and comes back, by xl vcpu-set,
# while TCP flows both ways, with tasklets, threads and bound threads. Traffic
# goes on. Bound threads and the events of queues are on their group's CPU before,
# while and after the CPU is gone. The traffic is on the group of that CPU. In a thorough
# run, so are tasklets without a balancer to send them back, and lists of CPUs confine
# groups in each mode.
#
# in: check
# modes: both
# takes: 100

# threads_on "CPU CPU ": the threads may use these CPUs, sorted.
threads_on()
{
	local cpus

	cpus=$(grep -l '^netback/' /proc/[0-9]*/comm | while read -r comm; do
		sed -n 's/^Cpus_allowed_list:[^0-9]*//p' "${comm%comm}status"
	done | sort | tr '\n' ' ')
	[ "$cpus" = "$1" ] && return
	echo "threads may use '$cpus', expected '$1'"
	return 1
}

# thread_may GROUP CPUS
thread_may()
{
	local comm cpus

	comm=$(grep -lx "netback/$1" /proc/[0-9]*/comm)
	cpus=$(sed -n 's/^Cpus_allowed_list:[^0-9]*//p' "${comm%comm}status")
	[ "$cpus" = "$2" ] && return
	echo "netback/$1 may use '$cpus', expected '$2'"
	return 1
}

irqs_of()
{
	awk -F: -v name="$1-q" 'index($0, name) { print $1 + 0 }' \
		/proc/interrupts
}

# events_among CPUS: of that many, the events of each vif come to its group's CPU. A
# queue that the balancer moves at this moment may look as if they did not.
events_among()
{
	local vif group

	for vif in /sys/class/net/vif*; do
		group=$(cat "$vif/netback/groups")
		events_on "${vif##*/}" $((group % $1)) || return
	done
}

# all_events_on CPU
all_events_on()
{
	local vif

	for vif in /sys/class/net/vif*; do
		events_on "${vif##*/}" "$1" || return
	done
}

# events_on VIF CPU
events_on()
{
	local irqs irq cpu

	irqs=$(irqs_of "$1")
	[ "$irqs" ] || {
		echo "$1 has no events"
		return 1
	}
	for irq in $irqs; do
		cpu=$(cat "/proc/irq/$irq/smp_affinity_list")
		[ "$cpu" = "$2" ] && continue
		echo "$1 has events on CPU $cpu, expected $2"
		return 1
	done
}

# Nobody can send the events of the guest's queues elsewhere.
events_stay()
{
	local irqs irq

	irqs=$(irqs_of "vif$(guest_id g1).0")
	[ "$irqs" ] || return
	for irq in $irqs; do
		! echo 1 2>/dev/null >"/proc/irq/$irq/smp_affinity" || return
	done
}

# works_on CPU: the group that has the traffic.
works_on()
{
	[ "$(table_column groups cpu | sed -n 2p)" = "$1" ]
}

put_on_group_1()
{
	echo "0 1" >"/sys/class/net/vif$(guest_id g1).0/netback/groups"
}

# check_cpus MODE "CPUS OF THREADS" CPUS WHEN
check_cpus()
{
	local id=$1-$4 text="$1, $4 CPU 1 is gone"

	check "traffic-$id" "$text: traffic goes on both ways" traffic_goes_on g1
	if [ "$2" ]; then
		check "threads-on-cpus-$id" \
			"$text: each thread is on the CPU of its group" \
			threads_on "$2"
	fi
	case $1 in
	tasklets | unbalanced | bound)
		check "events-on-cpus-$id" \
			"$text: events come to the CPU of their group" \
			wait_until 10 "all events are there" events_among "$3"
		check "events-stay-$id" \
			"$text: events cannot be sent to another CPU" events_stay
		check "work-on-cpu-$id" \
			"$text: the group with the traffic works on its CPU" \
			wait_until 10 "group 1 works on CPU $(($3 - 1))" \
			works_on $(($3 - 1))
	esac
}

# cpus_come_and_go MODE [THREADS-WITH-TWO THREADS-WITH-ONE]
cpus_come_and_go()
{
	! driver_has_groups || check "put-on-group-1-$1" \
		"$1: the queue with the traffic is put on group 1" \
		put_on_group_1
	check "traffic-starts-$1" "$1: TCP both ways begins" start_traffic g1
	check_cpus "$1" "$2" 2 before
	check "cpu-goes-$1" "$1: CPU 1 goes under traffic" cpu_1_goes
	check_cpus "$1" "$3" 1 while
	check "cpu-comes-$1" "$1: CPU 1 comes back under traffic" cpu_1_comes
	check_cpus "$1" "$2" 2 after
	stop_traffic g1
	check "flows-$1" "$1: verified traffic passes after CPU 1 went and came" \
		flows g1 dom0 1
}

# listed_threads CPUS-OF-0 CPUS-OF-1
listed_threads()
{
	thread_may 0 "$1" && thread_may 1 "$2"
}

# A list of CPU 1 alone means any CPU while that one is gone.
lists_of_cpus()
{
	check list-tasklets \
		"cpus=1, tasklets: the driver is swapped below a guest" \
		live_update groups=2 "cpus=1"
	check list-tasklets-events "cpus=1, tasklets: events come to CPU 1" \
		all_events_on 1
	check list-tasklets-cpu-goes "cpus=1, tasklets: CPU 1 goes" cpu_1_goes
	check list-tasklets-events-alone \
		"cpus=1, tasklets: events come to CPU 0 while CPU 1 is gone" \
		all_events_on 0
	check list-tasklets-cpu-comes "cpus=1, tasklets: CPU 1 comes back" \
		cpu_1_comes
	check list-tasklets-events-back \
		"cpus=1, tasklets: events come to CPU 1 when it is back" \
		all_events_on 1
	check list-threads \
		"cpus=1;0-1, threads: the driver is swapped below a guest" \
		live_update groups=2 netback_kthread=1 "cpus=1;0-1"
	check list-threads-cpus \
		"cpus=1;0-1, threads: each may use the CPUs of its list alone" \
		listed_threads 1 0-1
	check list-threads-cpu-goes "cpus=1;0-1, threads: CPU 1 goes" cpu_1_goes
	check list-threads-cpus-alone \
		"cpus=1;0-1, threads: all may use any CPU while CPU 1 is gone" \
		listed_threads 0-1 0-1
	check list-threads-cpu-comes "cpus=1;0-1, threads: CPU 1 comes back" \
		cpu_1_comes
	check list-threads-cpus-back \
		"cpus=1;0-1, threads: each may use the CPUs of its list when CPU 1 is back" \
		listed_threads 1 0-1
	check list-bound \
		"cpus=1;0, bound threads: the driver is swapped below a guest" \
		live_update groups=2 netback_kthread=1 bind=1 "cpus=1;0"
	check list-bound-cpus \
		"cpus=1;0, bound threads: each is on the CPU of its list" \
		listed_threads 1 0
	check list-bound-traffic \
		"cpus=1;0, bound threads: verified traffic from the guest arrives" \
		flows g1 dom0 1
}

without_balancer()
{
	check load-unbalanced \
		"tasklets without a balancer: the driver is swapped below a guest" \
		live_update groups=2 balance=0
	cpus_come_and_go unbalanced
}

reload_netback
check guest-starts "guest with 2 vifs: it starts" \
	start_guest g1 11 2 netfront=max_queues=1 || return
if driver_has_groups; then
	check load-tasklets "tasklets: the driver is swapped below a guest" \
		live_update groups=2
	cpus_come_and_go tasklets
	! thorough || without_balancer
	check load-threads "threads: the driver is swapped below a guest" \
		live_update groups=2 netback_kthread=1
	cpus_come_and_go threads
	check load-bound "bound threads: the driver is swapped below a guest" \
		live_update groups=2 netback_kthread=1 bind=1
	cpus_come_and_go bound "0 1 " "0 0 "
	! thorough || lists_of_cpus
else
	cpus_come_and_go stock
fi
check_quiet_log
destroy_guests
check_unloads
