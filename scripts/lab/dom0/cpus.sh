# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# CPU hotplug in the driver's domain.

online_are()
{
	[ "$(cat /sys/devices/system/cpu/online)" = "$1" ]
}

cpu_1_goes()
{
	xl vcpu-set "$(own_id)" 1 &&
		wait_until 30 "only CPU 0 is online" online_are 0
}

# On a Debian host a udev rule sets the added CPU online.
cpu_1_comes()
{
	local online=/sys/devices/system/cpu/cpu1/online

	xl vcpu-set "$(own_id)" 2 &&
		wait_until 30 "CPU 1 is there" test -e $online &&
		echo 1 >$online &&
		wait_until 30 "both CPUs are online" online_are 0-1
}
