# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# For the scenarios of scripts/bench, which measure drivers in turn.

# The scenario profile has more to say of a driver that has been loaded.
tell_modules()
{
	:
}

# Numbers of the backend's threads, a line each.
backend_pids()
{
	grep -lE '^(vif[0-9]|netback/)' /proc/[0-9]*/comm |
		sed 's,/proc/\(.*\)/comm,\1,'
}

# The queueing that systemd chooses on a Debian host, where a packet that comes
# alone does not wait behind a stream. Devices made from now on have it.
queue_fairly()
{
	modprobe sch_fq_codel && echo fq_codel >/proc/sys/net/core/default_qdisc
}

# each_driver COMMAND: BENCH_ROUNDS times COMMAND DRIVER MODULE PARAMETER..., for
# the distribution's driver and ours in both modes.
each_driver()
{
	local round

	check "queues as on a Debian host" queue_fairly
	for round in $(seq "${BENCH_ROUNDS:-1}"); do
		progress "round $round"
		"$1" stock /lab/stock.ko max_queues=1
		"$1" tasklet "$NETBACK" max_queues=1
		"$1" kthread "$NETBACK" max_queues=1 netback_kthread=1
	done
}
