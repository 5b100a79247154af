# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	test frontend, 8 queues --- vif0.1 --+
#	                                     +-- (netback, one group), all of it in dom0
#	test frontend, 1 queue ---- vif0.2 --+
#
# What two guests that flood one group get of it does not depend on the number of
# their queues, or of those that have work, but on the weights of their vifs. Comments
# "share CASE PERMILLE" have the part of vif0.1.
#
# in: check
# needs: front our-driver
# takes: 60

readonly QUEUES=8
# Seconds for which shares are measured, and by how many thousandths they may be off.
readonly MEASURED=3
readonly TOLERANCE=60

both_up()
{
	front_create 1 && front_connect $QUEUES &&
		front_create 2 && front_connect 1
}

# prepare HANDLE QUEUE: puts a packet to another host.
prepare()
{
	front_use "$1" && front_put "$2" 1 1 "$(front_udp 10.0.0.1 9 \
		"$(front_pattern 1 18)" 00:16:3e:00:00:99)"
}

# All packets are put before the first flood starts: its load would delay the others.
# The driver has the first CPU, the frontends have the others.
flood_all()
{
	local queue

	for queue in $(seq 0 $((QUEUES - 1))); do
		prepare 1 "$queue" || return
	done
	prepare 2 0 && front_do "flood 0 0" && front_use 1 || return
	for queue in $(seq 0 $((QUEUES - 1))); do
		front_do "flood $queue 0" || return
	done
	[ "$(nproc)" -eq 1 ] ||
		pin_floods "$(printf %x $(((1 << $(nproc)) - 2)))" || return
	wait_until 60 "all queues send" all_send
}

all_send()
{
	ethtool -S vif0.1 | tr -d ' ' | awk -F: -v queues=$QUEUES '
		/^queue_.*_guest_tx_packets/ { n += $2 > 200 }
		END { exit n != queues }' && [ "$(received 2)" -gt 200 ]
}

received()
{
	cat "/sys/class/net/vif0.$1/statistics/rx_packets"
}

# Prints the part of vif0.1, in thousandths.
part_of_first()
{
	local many one

	many=$(received 1)
	one=$(received 2)
	sleep $MEASURED
	many=$(($(received 1) - many))
	one=$(($(received 2) - one))
	echo $((1000 * many / (many + one)))
}

# part_is CASE PERMILLE: in two of three measurements, since other work in dom0 may
# take a CPU for a while.
part_is()
{
	local part try good=0 parts=""

	for try in 1 2 3; do
		part=$(part_of_first)
		parts="$parts $part"
		[ $((part - $2)) -le $TOLERANCE ] &&
			[ $(($2 - part)) -le $TOLERANCE ] && good=$((good + 1))
		[ $good -lt 2 ] || break
	done
	result "# share $1, of 1000" "$parts"
	[ $good -eq 2 ] && return
	echo "vif0.1 gets$parts of 1000 in $try measurements, expected $2"
	return 1
}

# calm_queues HANDLE FIRST LAST
calm_queues()
{
	local queue

	front_use "$1"
	for queue in $(seq "$2" "$3"); do
		front_do "calm $queue" || return
	done
}

set_weight()
{
	echo "$1" >/sys/class/net/vif0.1/netback/weight
}

calm_all()
{
	calm_queues 1 0 0 && calm_queues 2 0 0
}

reload_netback groups=1 max_queues=$QUEUES
check module-loads "test frontend: the module loads" front_load
check vifs "one group: vifs with 8 queues and 1 connect" both_up
check floods "all queues of both send without end" flood_all
check half "8 busy queues get half beside 1" part_is 8-to-1 500
check weight-set "the vif with 8 queues gets a weight of 200" set_weight 200
check weighted "8 busy queues of weight 200 get two thirds beside 1" \
	part_is 8-to-1-weighted 667
check weight-reset "its weight is 100 again" set_weight 100
check calm "7 of its queues stop" calm_queues 1 1 $((QUEUES - 1))
check one-busy "1 busy queue of 8 gets half beside 1" part_is 1-of-8-to-1 500
check calm-all "the others stop" calm_all
check removed "the vifs are removed" fronts_gone 2
check front-unloads "test frontend: the module unloads" front_unload
check_unloads
check_quiet_log
