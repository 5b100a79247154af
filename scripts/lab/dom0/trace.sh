# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# The driver's tracepoints. They are switched only while the driver is idle: QEMU with
# a thread for each CPU may continue with code that the kernel has patched.

# A separate instance. When a module is unloaded, the kernel empties the instance that
# has its events; the main one is watching page pools at that time.
readonly INSTANCE=/sys/kernel/debug/tracing/instances/netback

# trace_begin EVENT...: EVENT is a system, or SYSTEM/EVENT.
trace_begin()
{
	local event

	mkdir "$INSTANCE" || return
	for event; do
		write 1 "$INSTANCE/events/$event/enable" || return
	done
}

trace_end()
{
	write 0 "$INSTANCE/events/enable" && rmdir "$INSTANCE"
}

# traced EVENT FIELDS: checks that a line of the trace has the fields.
traced()
{
	grep -qE " $1: $2( |\$)" "$INSTANCE/trace" && return
	echo "none of these events $1 has $2:"
	grep -m 20 " $1: " "$INSTANCE/trace"
	return 1
}
