# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	test frontend --- vif0.8 (netback), all of it in dom0
#
# What the toolstack sets, an MTU and features, ways through the states that some
# frontends take, and what is an error: it is reported in xenstore, and the frontend
# can begin again.
#
# in: check
# needs: front our-driver
# takes: 30

# Good and bad requests by turns; their numbers come back in the same order.
answers_in_order()
{
	local frame id

	frame=$(front_udp "$NEAR" 9 "$(front_pattern 1 100)")
	front_do "fill 0 0 0 $frame" || return
	for id in $(seq 100 10 190); do
		front_do "tx 0 $id 0 0 0 $((${#frame} / 2))" \
			"tx 0 $((id + 1)) 0 g0xfffff 0 60" \
			"tx 0 $((id + 2)) 0 0 0 13" || return
		seq "$id" $((id + 2))
	done >/run/order.asked
	front_log >/dev/null
	front_do "push 0" "answers 0 30" || return
	front_log | awk '$1 == "tx" { print $3 }' >/run/order.came
	cmp /run/order.asked /run/order.came
}

mtu_is()
{
	[ "$(cat /sys/class/net/"$TEST_VIF"/mtu)" = "$1" ]
}

refused_without_copy()
{
	front_create "$TEST_HANDLE" request-rx-copy=0 && front_do "state 1" &&
		front_awaits 2 && front_do "rings 1" "state 4" &&
		front_awaits 5 && xenstore-read "error/backend/vif/0/$TEST_HANDLE/error" |
		grep -q request-rx-copy
}

# fatal_is_reported REASON COMMAND...: after the commands xenstore has the reason, and
# the backend is closing.
fatal_is_reported()
{
	local reason=$1

	shift
	front_do "$@" && front_awaits 5 &&
		xenstore-read "error/backend/vif/0/$TEST_HANDLE/error" |
		grep -q "$reason"
}

gathers()
{
	xenstore-write "/local/domain/0/device/vif/$TEST_HANDLE/feature-sg" 1
}

connect_without_mac()
{
	xenstore-rm "backend/vif/0/$TEST_HANDLE/mac" && connect_posted 1
}

# Windows' frontends close before they connect.
closes_first()
{
	front_close && connect_posted 1
}

# From Connected straight to Closed, as when Qubes takes a network away.
closes_at_once()
{
	front_do "state 6" && front_awaits 6 && front_do free
}

# Some frontends go through Initialised.
initialised_first()
{
	front_do "state 1" && front_awaits 2 && front_do "rings 1" "state 3" &&
		front_backend_is 2 && front_do "state 4" && front_awaits 4
}

offload_is()
{
	ethtool -k "$TEST_VIF" | grep -q "^\s*$1: $2"
}

# The driver looks at the index when it has a packet for the guest.
rx_index_is_reported()
{
	front_do "prod 0 rx 1000" "notify 0 rx" || return
	/usr/bin/ping -U -q -c 1 -W 1 "$FAR" >/dev/null
	fatal_is_reported "impossible number of Rx requests"
}

# InitWait is a state of backends. The frontend is refused until it starts from
# Initialising.
odd_state_is_reported()
{
	fatal_is_reported "saw state 2 at frontend" "state 2" &&
		front_do "state 4" && front_backend_is 5
}

reload_netback
resources_before
check module-loads "test frontend: the module loads" front_load
check no-csum-vif "feature-no-csum-offload=1: a vif is created" \
	front_create "$TEST_HANDLE" feature-no-csum-offload=1 || return
check closes-first "frontend that closes before it connects: it connects" \
	closes_first
check no-csum "feature-no-csum-offload=1: the vif has no checksum offload" \
	offload_is tx-checksum-ipv4 off
check answers-in-order \
	"guest Tx: good and bad requests are answered in their order" \
	answers_in_order
check no-csum-removed "feature-no-csum-offload=1: the vif is removed" front_remove
check mtu-vif "mtu=1400 in xenstore: a vif is created" \
	front_create "$TEST_HANDLE" back/mtu=1400
check mtu "mtu=1400 in xenstore: the net device has it" mtu_is 1400
check mtu-vanish "mtu=1400 in xenstore: the vif vanishes" front_vanish
check jumbo-vif "mtu=9000, feature-sg=0: a vif is created" \
	front_create "$TEST_HANDLE" back/mtu=9000 feature-sg=0
check jumbo-no-sg "mtu=9000, feature-sg=0: it connects with an MTU of 1500" \
	eval 'connect_posted 1 && mtu_is 1500'
check jumbo-sg "mtu=9000, feature-sg becomes 1: it connects with an MTU of 9000" \
	eval 'gathers && reconnected && mtu_is 9000'
check jumbo-removed "mtu=9000: the vif is removed" front_remove
check bad-mtu-vif "mtu=70000 in xenstore: a vif is created" \
	front_create "$TEST_HANDLE" back/mtu=70000
check bad-mtu "mtu=70000 in xenstore: the net device has 1500" mtu_is 1500
check no-mac "backend without the node mac: it connects" connect_without_mac
check tx-index \
	"impossible index of guest Tx: the reason is in xenstore, the state is Closing" \
	fatal_is_reported "impossible number of Tx requests" \
	"prod 0 tx 1000" "notify 0 tx"
check tx-index-again "impossible index of guest Tx: the frontend connects again" \
	reconnected
check odd-state \
	"frontend in state InitWait: the reason is in xenstore, the backend closes" \
	odd_state_is_reported
check odd-state-again \
	"frontend in state InitWait: it connects again, with a control ring" \
	reconnected ctrl
check ctrl-index \
	"impossible index of the control ring: the reason is in xenstore, the state is Closing" \
	fatal_is_reported "impossible number of control requests" \
	"prod ctrl 1000" "notify ctrl"
check ctrl-index-again \
	"impossible index of the control ring: the frontend connects again" \
	reconnected
check rx-index \
	"impossible index of guest Rx: the reason is in xenstore, the state is Closing" \
	rx_index_is_reported
check rx-index-again "impossible index of guest Rx: the frontend connects again" \
	reconnected
check close-at-once "frontend that goes from Connected to Closed: the backend follows" \
	closes_at_once
check initialised "frontend that goes through Initialised: both ends connect" \
	initialised_first
check initialised-again "frontend that went through Initialised: it connects again" \
	reconnected
check states-removed "vif of many states: it is removed" front_remove
check no-copy "request-rx-copy=0: it is refused, the reason is in xenstore" \
	refused_without_copy
check no-copy-vanish "request-rx-copy=0: the vif vanishes" front_vanish
check module-unloads "test frontend: the module unloads" front_unload
xenstore-rm /local/domain/0/error/backend 2>/dev/null
check_nothing_leaked "after refusals"
check_unloads
# Refusals are errors in the log, as they must be.
check_no_reports
