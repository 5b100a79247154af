# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# The driver's tracepoints. They are switched while nobody runs the driver: QEMU
# with a thread for each CPU may go on with code that the kernel has patched.

# An instance of its own: the kernel empties the one in which a module's events
# were, when that is unloaded, and others watch page pools at that time.
readonly INSTANCE=/sys/kernel/debug/tracing/instances/netback

# trace_begin EVENT...: a system's, or SYSTEM/EVENT
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

# traced EVENT FIELDS: a line of the trace has them.
traced()
{
	grep -qE " $1: $2( |\$)" "$INSTANCE/trace" && return
	echo "no event $1 with $2 among these:"
	grep -m 20 " $1: " "$INSTANCE/trace"
	return 1
}
