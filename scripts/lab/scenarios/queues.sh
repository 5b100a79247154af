# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	test frontend --- vif0.1 (netback), all of it in dom0
#
# The memory and threads that one more queue takes, of the distribution's driver and of
# ours: comments "queue DRIVER OWN KERNELS THREADS", in bytes of the driver's
# own, and of what the kernel has for its event channels and its queues of the net
# device.
#
# in: check
# needs: front our-driver plain-kernel
# takes: 15

# The threads that connect the backend's end of a vif.
readonly CONNECTS='comm == "xenwatch" || comm ~ "kworker*" || comm == "kthreadd"'

# bytes_taken: "OWN KERNELS", bytes that the trace saw allocated and not freed. Only the
# driver calls kvmalloc() there; larger allocations are in /proc/vmallocinfo.
bytes_taken()
{
	local large

	large=$(awk '/\[xen_netback\]|kvmalloc/ { sum += $2 }
		END { print sum + 0 }' /proc/vmallocinfo)
	awk -v own="$large" '
	function field(name)
	{
		return match($0, name "=[^ ]*") ? substr($0,
			RSTART + length(name) + 1,
			RLENGTH - length(name) - 1) : ""
	}
	/ (kmalloc|kmem_cache_alloc): / {
		bytes[field("ptr")] = field("bytes_alloc")
		is_own[field("ptr")] = /\[xen_netback\]|=(__)?kvmalloc/
	}
	/ (kfree|kmem_cache_free): / { delete bytes[field("ptr")] }
	END {
		for (ptr in bytes)
			if (is_own[ptr])
				own += bytes[ptr]
			else
				others += bytes[ptr]
		print own + 0, others + 0
	}' "$INSTANCE/trace"
}

# count_queues QUEUES: "OWN KERNELS THREADS" of a vif in /run/taken.QUEUES
count_queues()
{
	trace_begin kmem/kmalloc kmem/kmem_cache_alloc kmem/kfree \
		kmem/kmem_cache_free &&
		write "$CONNECTS" "$INSTANCE/events/kmem/filter" &&
		front_create 1 && front_connect "$1" || return
	echo "$(bytes_taken) $(backend_pids | wc -l)" >"/run/taken.$1"
	trace_end && front_remove
}

# tell_queue DRIVER: the mean of seven more queues.
tell_queue()
{
	# shellcheck disable=SC2046 # a number a word
	set -- "$1" $(cat /run/taken.1 /run/taken.8)
	echo "$((($5 - $2) / 7)) $((($6 - $3) / 7)) $((($7 - $4) / 7))" \
		>"/run/queue.$1"
	report "# queue $1 $(cat "/run/queue.$1")"
}

queue_is_small()
{
	local own threads

	read -r own _ threads </run/queue.ours
	[ "$own" -gt 0 ] && [ "$own" -le 4096 ] && [ "$threads" = 0 ]
}

# a_queue DRIVER MODULE PARAMETER...
a_queue()
{
	local driver=$1 queues

	shift
	for queues in 1 8; do
		check "load-$driver-$queues" \
			"driver $driver, max_queues=$queues: it loads" \
			insmod "$@" max_queues=$queues
		check "count-$driver-$queues" \
			"driver $driver, max_queues=$queues: what a vif takes is counted" \
			count_queues $queues
		check "unload-$driver-$queues" \
			"driver $driver, max_queues=$queues: it unloads" \
			unload_netback
	done
	check "tell-$driver" \
		"driver $driver: bytes and threads of one queue more are reported" \
		tell_queue "$driver"
}

unload_netback
resources_before
# Tracing patches the allocator, and any CPU may run it: there must be only one CPU.
check cpu-goes "kernel traced for memory: CPU 1 goes" cpu_1_goes
check module-loads "test frontend: the module loads" front_load
a_queue stock /lab/stock.ko
a_queue ours "$NETBACK" groups=2
check own-4-kib \
	"one queue more: it takes at most 4 KiB beside its rings, and no thread" \
	queue_is_small
check module-unloads "test frontend: the module unloads" front_unload
check cpu-comes "kernel traced for memory: CPU 1 comes back" cpu_1_comes
check_nothing_leaked "after the queues"
check_no_reports
