# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	g1 --- 2 vifs of 1 queue --- dom0
#
# The second CPU of the backend's domain goes and comes back, by xl vcpu-set,
# while TCP flows both ways, with tasklets, threads and bound threads. Traffic
# goes on, and what is bound, threads and events of queues, is on its group's CPU
# before, meanwhile and afterwards; tasklets also when no balancer sends them back.
# The traffic is on the group of that CPU. Lists of CPUs confine groups, in each
# mode.
#
# in: check
# modes: both
# takes: 100

# threads_on "CPU CPU ": the CPUs that the threads may use, sorted.
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

# events_among CPUS: those of each vif come to its group's CPU, of so many.
events_among()
{
	local vif group

	for vif in /sys/class/net/vif*; do
		group=$(cat "$vif/netback/groups")
		events_on "${vif##*/}" $((group % $1)) || return
	done
}

# All events come to CPU $1.
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

# The group that has the traffic works on that CPU.
works_on()
{
	[ "$(awk '$1 == 1 { print $2 }' \
		/sys/kernel/debug/xen-netback/groups)" = "$1" ]
}

put_on_group_1()
{
	echo "0 1" >"/sys/class/net/vif$(guest_id g1).0/netback/groups"
}

# check_cpus MODE "CPUS OF THREADS" CPUS
check_cpus()
{
	check "$1: traffic flows with $3 CPUs" traffic_goes_on g1
	if [ "$2" ]; then
		check "$1: each thread is on the CPU of its group" \
			threads_on "$2"
	fi
	case $1 in
	tasklets* | *bound*)
		check "$1: events come to the CPU of their group" \
			events_among "$3"
		check "$1: so does the work" wait_until 10 \
			"group 1 works on CPU $(($3 - 1))" works_on $(($3 - 1))
	esac
}

# cpus_come_and_go MODE [THREADS-WITH-TWO THREADS-WITH-ONE]
cpus_come_and_go()
{
	! driver_has_groups || check "$1: the queue is put on group 1" \
		put_on_group_1
	check "$1: traffic starts" start_traffic g1
	check_cpus "$1" "$2" 2
	check "$1: CPU 1 goes" cpu_1_goes
	check_cpus "$1" "$3" 1
	check "$1: CPU 1 comes back" cpu_1_comes
	check_cpus "$1" "$2" 2
	stop_traffic g1
	check "$1: verified traffic afterwards" flows g1 dom0 1
}

# listed_threads CPUS-OF-0 CPUS-OF-1
listed_threads()
{
	thread_may 0 "$1" && thread_may 1 "$2"
}

# The list that is on CPU 1 alone serves any while that CPU is gone.
lists_of_cpus()
{
	check "lists: tasklets on CPU 1" \
		live_update groups=2 "cpus=1"
	check "lists: events come there" all_events_on 1
	check "lists: CPU 1 goes" cpu_1_goes
	check "lists: events come to the other" all_events_on 0
	check "lists: CPU 1 comes back" cpu_1_comes
	check "lists: so do the events" all_events_on 1
	check "lists: threads on CPU 1 and on any" \
		live_update groups=2 netback_kthread=1 "cpus=1;0-1"
	check "lists: they may use no others" listed_threads 1 0-1
	check "lists: CPU 1 goes again" cpu_1_goes
	check "lists: the first thread may use any" listed_threads 0-1 0-1
	check "lists: CPU 1 comes back again" cpu_1_comes
	check "lists: and the thread to it" listed_threads 1 0-1
	check "lists: bound threads on CPU 1 and 0" \
		live_update groups=2 netback_kthread=1 bind=1 "cpus=1;0"
	check "lists: they are there" listed_threads 1 0
	check "lists: verified traffic" flows g1 dom0 1
}

reload_netback
check "guest with 2 vifs" start_guest g1 11 2 netfront=max_queues=1 || return
if driver_has_groups; then
	check "tasklets: driver swapped" live_update groups=2
	cpus_come_and_go tasklets
	check "tasklets, no balancer: driver swapped" \
		live_update groups=2 balance=0
	cpus_come_and_go "tasklets, no balancer"
	check "threads: driver swapped" live_update groups=2 netback_kthread=1
	cpus_come_and_go threads
	check "bound threads: driver swapped" \
		live_update groups=2 netback_kthread=1 bind=1
	cpus_come_and_go "bound threads" "0 1 " "0 0 "
	lists_of_cpus
else
	cpus_come_and_go stock
fi
check_quiet_log
destroy_guests
check_unloads
