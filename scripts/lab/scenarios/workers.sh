# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	netfront --- vif0.9, both in dom0, which has 2 CPUs
#
# Threads have the CPUs that the parameters give them right after loading, before
# any CPU comes or goes, and still have them when they have worked. One that has
# nothing to do sleeps interruptibly: an uninterruptible sleep counts as load, and
# is reported when it lasts. A thread that never sleeps lets tracers detach.
#
# in: check short world
# needs: dom0 front our-driver
# modes: both
# takes: 30

# thread_field N FIELD: of /proc/PID/status of the thread netback/N
thread_field()
{
	local pid

	pid=$(grep -lx "netback/$1" /proc/[0-9]*/comm | cut -d/ -f3)
	[ -n "$pid" ] || return
	sed -n "s/^$2:[[:space:]]*//p" "/proc/$pid/status"
}

# threads_may_use LIST...: thread N the Nth list
threads_may_use()
{
	local number=0 list now

	for list; do
		now=$(thread_field $number Cpus_allowed_list)
		[ "$now" = "$list" ] || {
			echo "netback/$number may use CPUs $now, expected $list"
			return 1
		}
		number=$((number + 1))
	done
}

sleeps_interruptibly()
{
	case $(thread_field "$1" State) in
	S*) return 0 ;;
	esac
	return 1
}

idle_threads_sleep()
{
	local number

	for number in 0 1; do
		wait_until 5 "netback/$number sleeps interruptibly" \
			sleeps_interruptibly $number || {
			thread_field $number State
			return 1
		}
	done
}

# through_life NAME LISTS PARAMETER...: of threads of which each may use the CPUs of
# its list.
through_life()
{
	local name=$1 lists=$2

	shift 2
	check "load-$name" "$name threads: the driver loads" \
		reload_netback groups=2 \
		netback_kthread=1 "$@"
	# shellcheck disable=SC2086 # a list a word
	check "cpus-at-load-$name" \
		"$name threads: each has its CPUs right after loading" \
		threads_may_use $lists
	check "idle-sleep-$name" "$name threads: idle ones sleep interruptibly" \
		idle_threads_sleep
	check "connect-$name" "$name threads: both ends of a vif connect" \
		create_loopback
	check "traffic-$name" \
		"$name threads: verified traffic from the frontend arrives" \
		front flows 1 "$HANDLE"
	# shellcheck disable=SC2086 # a list a word
	check "cpus-after-work-$name" \
		"$name threads: each still has its CPUs after it has worked" \
		threads_may_use $lists
	check "removed-$name" "$name threads: the vif is removed" remove_loopback
	check "sleep-without-vif-$name" \
		"$name threads: those without a vif sleep interruptibly" \
		idle_threads_sleep
}

# ---- a thread that never sleeps -----------------------------------------

readonly FUNCTION_INSTANCE=/sys/kernel/debug/tracing/instances/functions
# A function that nothing calls: see trace.sh.
readonly TRACED_FUNCTION=kernel_restart

readonly FLOODERS=4

flood_thread()
{
	front_load && fronts_up $FLOODERS && fronts_flood $FLOODERS 60 &&
		wait_until 20 "the thread is busy" thread_is_busy
}

# voluntary_sleeps: prints how often netback/0 has gone to sleep by itself.
voluntary_sleeps()
{
	thread_field 0 voluntary_ctxt_switches
}

# thread_is_busy: it has not slept for a fifth of a second.
thread_is_busy()
{
	local before

	before=$(voluntary_sleeps)
	usleep 200000
	[ "$(voluntary_sleeps)" = "$before" ]
}

# uptime_ms
uptime_ms()
{
	awk '{ printf "%.0f", $1 * 1000 }' /proc/uptime
}

# tracer_detaches MILLISECONDS: the memory of a tracer is freed after all tasks have
# slept, or have said that they are not inside of it.
tracer_detaches()
{
	local begin took

	mkdir $FUNCTION_INSTANCE &&
		write $TRACED_FUNCTION $FUNCTION_INSTANCE/set_ftrace_filter &&
		write function $FUNCTION_INSTANCE/current_tracer || return
	begin=$(uptime_ms)
	write nop $FUNCTION_INSTANCE/current_tracer || return
	took=$(($(uptime_ms) - begin))
	rmdir $FUNCTION_INSTANCE
	progress "the tracer detached in $took ms"
	[ $took -le "$1" ] && return
	echo "the tracer detached in $took ms, expected $1 at most"
	return 1
}

has_function_tracer()
{
	grep -qw function /sys/kernel/debug/tracing/available_tracers
}

through_flood()
{
	check load-flood "busy thread: the driver loads" \
		reload_netback groups=1 netback_kthread=1 poll_us=0
	check flood "busy thread: a flood keeps it from sleeping" flood_thread
	check detach "busy thread: a tracer detaches while it works" \
		tracer_detaches $((3000 * SLOWNESS))
	check still-busy "busy thread: the flood still keeps it from sleeping" \
		wait_until 5 "the thread is busy" thread_is_busy
	check flood-ends "busy thread: the flood ends, the vifs are removed" \
		flood_removed
}

flood_removed()
{
	fronts_calm $FLOODERS && fronts_gone $FLOODERS && front_unload
}

! has_function_tracer || through_flood
through_life bound "0 1" bind=1
through_life listed "1 1" cpus=1
through_life free "0-1 0-1"
check_unloads
check_quiet_log
