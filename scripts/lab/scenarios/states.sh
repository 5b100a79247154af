# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	test frontend --- vif0.8, vif0.9 (netback), all of it in dom0
#
# State changes: those of the net device, which the backend writes for the frontend,
# and those of a frontend that connects and closes without end.
#
# in: check
# needs: front our-driver
# takes: 110

readonly TEST_BACK=/local/domain/0/backend/vif/0/$TEST_HANDLE

# The driver's limit of connections: that many at once, then one in that many seconds.
readonly CONNECTS_AT_ONCE=20
readonly CONNECT_SECONDS=2
readonly TIMES=25

# The same of other answers to a frontend's state.
readonly ANSWERS_AT_ONCE=100
readonly ANSWERS_PER_SECOND=4
readonly CHANGES=140

# Packets of a guest whose vif is down.
readonly SENT_DOWN=800

# Requests that nobody has served when the frontend closes.
readonly LEFT=200

# No key means that the vif is up.
link_is()
{
	[ "$(xenstore-read "$TEST_BACK"/carrier 2>/dev/null || echo 1)" = "$1" ]
}

link_becomes()
{
	wait_until 10 "carrier=$1" link_is "$1"
}

set_link()
{
	/bin/ip link set "$TEST_VIF" "$1" && link_becomes "$2"
}

# After fast changes the last state counts.
link_hurries()
{
	local vif=$TEST_VIF

	for _ in 1 2 3 4 5 6 7 8; do
		/bin/ip link set "$vif" down && /bin/ip link set "$vif" up || return
	done
	link_becomes 1 && /bin/ip link set "$vif" down && link_becomes 0 &&
		/bin/ip link set "$vif" up && link_becomes 1
}

unbound()
{
	echo "vif-0-$TEST_HANDLE" >"$DRIVER/unbind" &&
		! xenstore-exists "$TEST_BACK"/carrier
}

bound()
{
	bind_vif "vif-0-$TEST_HANDLE" && front_awaits 4 &&
		! xenstore-exists "$TEST_BACK"/carrier
}

# dropped_while_down: a guest's packets are answered and counted while its vif is down,
# and the stack gets none of them, not even afterwards.
dropped_while_down()
{
	local passed dropped

	/bin/ip link set "$TEST_VIF" down || return
	passed=$(front_counter rx_packets)
	dropped=$(front_counter rx_dropped)
	front_log >/dev/null
	front_put 0 0 1 "$(front_arp "$(front_near)")" &&
		front_do "flood 0 $SENT_DOWN" &&
		wait_until 20 "the end of the flood" flood_ended &&
		front_do "calm 0" || return
	front_log | grep -x \
		"flood 0 sent $SENT_DOWN ok 0 error 0 dropped $SENT_DOWN null 0" ||
		return
	/bin/ip link set "$TEST_VIF" up && sleep 1 || return
	passed=$(($(front_counter rx_packets) - passed))
	dropped=$(($(front_counter rx_dropped) - dropped))
	echo "passed $passed, dropped $dropped"
	[ $passed = 0 ] && [ $dropped = $SENT_DOWN ]
}

flood_ended()
{
	front_log | grep -qx "flood 0 done"
}

passes_again()
{
	front_put 0 0 1 "$(front_arp "$(front_near)")" && front_answers 0 1 "$RSP_OKAY"
}

# connects_unadmitted STATUS: connects while the hotplug script has reported that.
connects_unadmitted()
{
	front_close && front_free 0 &&
		xenstore-write "$TEST_BACK/hotplug-status" "$1" &&
		front_do "state 1" && front_awaits 2 &&
		front_do "rings 1" "state 4"
}

# answered_at_close: requests that nobody serves, one of them with an extra info, are
# answered with an event, and counted, when the frontend closes. Nothing may be served
# before the hotplug script has succeeded.
answered_at_close()
{
	local id=1 dropped

	connects_unadmitted "" &&
		wait_until 10 "the backend has the rings" \
			[ -e "$VIF_DEBUG/io_ring_q0" ] || return
	dropped=$(front_counter rx_dropped)
	front_do "tx 0 0 $EXTRA_INFO 0 0 60" "extra 0 1 0 a80501000000" || return
	while [ $id -lt $LEFT ]; do
		front_do "tx 0 $id 0 0 0 60" || return
		id=$((id + 1))
	done
	front_log >/dev/null
	front_do "push 0" "state 5" "answers 0 $((LEFT + 1))" "events" &&
		front_awaits 5 || return
	front_log >/run/left.log
	dropped=$(($(front_counter rx_dropped) - dropped))
	echo "dropped $dropped, $(grep '^events' /run/left.log)"
	[ "$(grep -c "^tx 0 [0-9]* $RSP_DROPPED\$" /run/left.log)" = $LEFT ] &&
		[ "$(grep -c "^tx 0 0 $RSP_NULL\$" /run/left.log)" = 1 ] &&
		grep -q "^events 0 both [1-9]" /run/left.log &&
		[ $dropped = $LEFT ] && front_do "state 6" && front_awaits 6 &&
		front_free 0 &&
		xenstore-write "$TEST_BACK/hotplug-status" connected &&
		front_connect 1
}

# stays_out ID: neither is a packet of it taken, nor does it get any, nor Connected.
stays_out()
{
	local before

	before=$(front_counter rx_packets)
	front_put 0 "$1" 1 "$(front_arp "$(front_near)")" && front_do "push 0" &&
		sleep 2 && front_backend_is 2 &&
		[ "$(front_counter rx_packets)" = "$before" ] &&
		[ "$(cat "/sys/class/net/$TEST_VIF/carrier")" = 0 ]
}

script_ends()
{
	xenstore-write "$TEST_BACK/hotplug-status" "$1"
}

# The packets that have waited for it are taken now.
is_admitted()
{
	script_ends connected && front_awaits 4 && front_answers 0 2 "$RSP_OKAY"
}

# One line, which names what the vif waits for, with which status, and the remedy.
wait_is_told()
{
	wait_until 20 "a line in the log" logged "$TEST_VIF: waiting for the hotplug" &&
		logged 'hotplug-status is "error", expected "connected"' &&
		logged "xenstore-write backend/.*/$TEST_HANDLE/hotplug-status connected" &&
		[ "$(times_logged "$TEST_VIF: waiting for the hotplug")" = 1 ]
}

# A vif without a script is bound under a connected frontend, and nobody writes
# hotplug-status.
scriptless()
{
	unbound && xenstore-rm "$TEST_BACK/script" &&
		echo "vif-0-$TEST_HANDLE" >"$DRIVER/bind" &&
		wait_until 10 "$TEST_VIF exists" \
			[ -e "/sys/class/net/$TEST_VIF" ] &&
		/bin/ip link set "$TEST_VIF" up &&
		wait_until 5 "the carrier of $TEST_VIF" has_carrier && passes_again &&
		front_backend_is 2 && ! xenstore-exists "$TEST_BACK/hotplug-status"
}

has_carrier()
{
	[ "$(cat "/sys/class/net/$TEST_VIF/carrier")" = 1 ]
}

scriptless_ends()
{
	script_ends connected && front_awaits 4
}

# vif_leaves_nothing: a late write of the driver must not bring back the nodes that the
# toolstack has removed.
vif_leaves_nothing()
{
	front_vanish && ! xenstore-exists "$TEST_BACK"
}

# error_goes_too: the toolstack asks for Closed before it removes the vif, as libxl does,
# and nothing is left of an error that the vif has reported.
error_goes_too()
{
	local back=$TEST_BACK error=/local/domain/0/error/backend/vif/0

	front_create "$TEST_HANDLE" && front_do "state 1" && front_awaits 2 &&
		front_do "state 2" && front_awaits 5 &&
		xenstore-exists "$error/$TEST_HANDLE" || return
	xenstore-write "$back/online" 0 "$back/state" 5 &&
		front_do "state 6" && front_awaits 6 &&
		wait_until 10 "$TEST_VIF gone" \
			[ ! -e "/sys/class/net/$TEST_VIF" ] || return
	xenstore-rm "$back" &&
		xenstore-rm "/local/domain/0/device/vif/$TEST_HANDLE" &&
		wait_until 10 "its frontend gone" \
			[ ! -e "$FRONT_DEBUGFS/vif-$TEST_HANDLE" ] &&
		! xenstore-exists "$error"
}

# flaps STATE UNTIL [TIMES]: the frontend goes to the state, waits until the backend is
# in the other one, and closes, by turns and as fast as the backend follows.
flaps()
{
	rm -f /run/flapped
	uptime_seconds >/run/flap.began
	front_do "flap ${3:-$TIMES} $1 $2"
}

flapped()
{
	! front_log | grep -qx "flaps done" || touch /run/flapped
	[ -e /run/flapped ]
}

# A slow lab may never reach the limit; then the log has no warning.
restless_waits()
{
	wait_until 60 "a warning, or $TIMES connections" waited_or_flapped
}

waited_or_flapped()
{
	rm -f /run/waited
	if logged "$TEST_VIF: frontend reconnects too often"; then
		touch /run/waited
	else
		flapped
	fi
}

restless_ends()
{
	front_use "$TEST_HANDLE"
	wait_until 120 "$TIMES connections" flapped &&
		no_more_than_may "$TIMES"
}

# no_more_than_may TIMES: since the flaps began; rounding may lose a second.
no_more_than_may()
{
	local seconds=$(($(uptime_seconds) - $(cat /run/flap.began) + 1))

	[ "$1" -le $((CONNECTS_AT_ONCE + seconds / CONNECT_SECONDS)) ] && return
	echo "$1 times within $seconds seconds"
	return 1
}

times_logged()
{
	dmesg | grep -c "$1"
}

told_once()
{
	local times

	times=$(times_logged "$TEST_VIF: frontend reconnects too often")
	[ "$times" = 1 ] || { [ "$times" = 0 ] && [ ! -e /run/waited ]; }
}

times_refused()
{
	times_logged "vif-0-$TEST_HANDLE: 22 saw state 2 at frontend"
}

# refusal_is_told TIMES: one more state that makes no sense; the log has more refusals
# than before, unless the driver limits them.
refusal_is_told()
{
	rm -f /run/flapped
	front_do "flap 1 2 5" && wait_until 10 "the end of it" flapped &&
		[ "$(times_refused)" -gt "$1" ]
}

# Bad states and new starts by turns: all are refused, and the log has no more lines
# than there may be connections.
is_confused()
{
	local before

	wait_until 20 "a refusal in the log" \
		refusal_is_told "$(times_refused)" || return
	before=$(times_refused)
	flaps 2 5 && wait_until 60 "$TIMES refusals" flapped &&
		no_more_than_may $(($(times_refused) - before))
}

# Initialising and Closed by turns: the backend goes to InitWait, Closing and Closed.
is_fickle()
{
	local seconds

	flaps 1 2 $CHANGES && wait_until 90 "$CHANGES changes" flapped || return
	seconds=$(($(uptime_seconds) - $(cat /run/flap.began) + 1))
	echo "$seconds" >/run/fickle.seconds
	echo "$CHANGES changes within $seconds seconds"
	[ $CHANGES -le $((ANSWERS_AT_ONCE + seconds * ANSWERS_PER_SECOND)) ]
}

# Within the limit the changes take ten seconds. A slow lab takes longer by itself, and
# never reaches the limit; then the log has no warning.
fickle_told_once()
{
	local times seconds least

	times=$(times_logged "$TEST_VIF: frontend changes its state too often")
	read -r seconds </run/fickle.seconds
	least=$(((CHANGES - ANSWERS_AT_ONCE) / ANSWERS_PER_SECOND))
	echo "told $times times, $CHANGES changes within $seconds seconds"
	[ "$times" = 1 ] ||
		{ [ "$times" = 0 ] && [ "$seconds" -gt $((least + 3)) ]; }
}

reload_netback
resources_before
check module-loads "test frontend: the module loads" front_load
check vif-created "test frontend: a vif is created" \
	front_create "$TEST_HANDLE" || return
check connect "test frontend: it connects" front_connect 1
check carrier-up \
	"carrier in xenstore: no key while the vif has not been set down" \
	eval "! xenstore-exists $TEST_BACK/carrier"
check carrier-down \
	"carrier in xenstore: 0 after the host has set the vif down" \
	set_link down 0
check carrier-up-again \
	"carrier in xenstore: 1 after the host has set the vif up again" \
	set_link up 1
check carrier-hurry "carrier in xenstore: the last state after 8 fast changes" \
	link_hurries
check down-drops \
	"vif down in the host: 800 packets of the guest are answered and dropped" \
	dropped_while_down
check down-then-up "vif up again: the guest's next packet is taken" passes_again
check script-awaited \
	"hotplug script not done: the frontend connects, the vif is not on its bridge" \
	connects_unadmitted starting
check script-awaited-silent \
	"hotplug script not done: no packet passes, and the state is not Connected" \
	stays_out 0
check script-failed "hotplug script that fails: it reports its error" \
	script_ends error
check script-failed-silent \
	"hotplug script that has failed: no packet passes" stays_out 1
check script-told \
	"hotplug script that has failed: the log says once what the vif waits for" \
	wait_is_told
check script-done \
	"hotplug script done at last: Connected, and what has waited is taken" \
	is_admitted
check close-answers \
	"frontend that closes: each request that it has left is answered and counted" \
	answered_at_close
check carrier-unbound "carrier in xenstore: gone while no driver has the vif" \
	unbound
check carrier-bound "carrier in xenstore: no key after a driver has taken the vif" \
	bound
check scriptless \
	"vif without a script: its packets pass at once, and the state is not Connected" \
	scriptless
check scriptless-connected \
	"vif without a script: Connected when hotplug-status is written" \
	scriptless_ends
check vanish-leaves-nothing \
	"vif removed by the toolstack: no node of it comes back" \
	vif_leaves_nothing

check error-goes-too \
	"vif that reported an error, removed by the toolstack: the report goes too" \
	error_goes_too
check flap-vif-created "flapping frontend: a vif is created" \
	front_create "$TEST_HANDLE"
check flap-connect "flapping frontend: it connects" front_connect 1
check flap-begin "flapping frontend: it begins to connect and close by turns" \
	flaps 4 4
check flap-throttled \
	"flapping frontend: it connects 25 times, or has to wait before" \
	restless_waits
check other-vif-created \
	"second frontend beside a flapping one: its vif is created" \
	front_create 9
check other-connect "second frontend beside a flapping one: it connects" \
	front_connect 1
check other-removed \
	"second frontend beside a flapping one: its vif is removed" front_remove
check flap-rate \
	"flapping frontend: it connects 25 times, 20 at once and then one in 2 s" \
	restless_ends
check flap-logged-once \
	"flapping frontend: the log says once that it connects too often" \
	told_once
check odd-state-log \
	"frontend in states that make no sense: the log has no more lines than connections are allowed" \
	is_confused
check odd-state-connect \
	"frontend that was in states that make no sense: it connects" \
	reconnected
check fickle-rate \
	"frontend that opens and closes by turns: 100 answers at once and then 4 in 1 s" \
	is_fickle
check fickle-logged-once \
	"frontend that opens and closes by turns: the log says so once" \
	fickle_told_once
check fickle-connect \
	"frontend that opened and closed by turns: it connects" reconnected
check flap-removed "flapping frontend: its vif is removed" front_remove
check module-unloads "test frontend: the module unloads" front_unload
xenstore-rm /local/domain/0/error/backend 2>/dev/null
check_nothing_leaked "after the states"
check_unloads
# Refusals are errors in the log, as they must be.
check_no_reports
