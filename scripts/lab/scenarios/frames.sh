# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	netfront (front) --- vif0.9 --- bridge --- up0 --- up1 (far)
#	test frontend --- vif0.8 --- (tc, VLAN devices of dom0) --- up0 --- up1 (far)
#
# Frames that are longer than the MTU and a header: behind one VLAN tag and behind two,
# each way, as packets of 1500 bytes and as streams; frames that tc mirrors to a vif;
# and the blank checksum of a tagged frame, which dom0 routes to where it is filled in.
# A thorough run tells what the distribution's driver does, too.
#
# in: check
# needs: front our-driver dom0
# takes: 95

readonly JUMBO=9000
# Its frames have this many bytes.
readonly MIRRORED_PING=4000
readonly MIRRORED_FRAME=4042

# ---- tags ----------------------------------------------------------------

# stack NAMESPACE DEVICE NUMBER: VLAN devices with the addresses 10.7x.0.NUMBER, x is 1
# for one tag, 2 for 802.1Q in 802.1ad and 3 for 802.1Q twice.
stack()
{
	tagged "$1" "$2" one 11 &&
		tagged "$1" "$2" outer 12 802.1ad && tagged "$1" outer two 13 &&
		tagged "$1" "$2" outerq 14 && tagged "$1" outerq twoq 15 &&
		/bin/ip -n "$1" addr add "10.71.0.$3/24" dev one &&
		/bin/ip -n "$1" addr add "10.72.0.$3/24" dev two &&
		/bin/ip -n "$1" addr add "10.73.0.$3/24" dev twoq
}

trunk()
{
	uplink && bridged lab1 up0 vif0."$HANDLE" && stack far up1 2 &&
		stack front eth0 11 || return
	# in_far() is no use here: its shell would keep our output open.
	/bin/ip netns exec far probe serve 5000 >/dev/null 2>&1 &
	undo "kill $!"
	wait_until 10 "the guest answers" \
		in_far /usr/bin/ping -U -q -c 1 -W 1 10.71.0.11
}

# full_size_passes NET: 20 pings of 1500 bytes and their answers.
full_size_passes()
{
	in_far /usr/bin/ping -U -q -c 20 -i 0.05 -W 2 -M "do" -s 1472 "$1.11" |
		grep 'packets transmitted' >/run/pinged
	cat /run/pinged
	grep -q ' 0% packet loss' /run/pinged
}

tagged_frames()
{
	local net text

	for net in 71:one-tag 72:two-tags 73:tag-twice; do
		text=${net#*:}
		net=10.${net%:*}.0
		judge "$1" "ping-$text" "$text: packets of 1500 bytes pass each way" \
			full_size_passes "$net"
		judge "$1" "to-guest-$text" "$text: a stream reaches the guest" \
			in_far stream 2 "$net.11"
		judge "$1" "from-guest-$text" "$text: a stream comes from the guest" \
			front stream 2 "$net.2"
	done
}

# ---- frames above the MTU ------------------------------------------------

# Prints the bytes of each packet in the log of the frontend: flags have bit 4 if more
# of the packet follows.
packet_sizes()
{
	awk '$1 == "rx" {
			size += $6
			if ($5 ~ /[4-7c-f]$/)
				next
			print size
			size = 0
		}' /run/front.log
}

# ten_mirrored: 10 pings, which nobody answers.
ten_mirrored()
{
	local came

	front_do "received 0" && front_log >/dev/null
	in_far /usr/bin/ping -U -q -c 10 -i 0.05 -W 1 -M "do" -s $MIRRORED_PING \
		"$UPLINK_NEAR" >/dev/null
	front_do "received 0" && front_log >/dev/null
	came=$(packet_sizes | grep -cx $MIRRORED_FRAME)
	[ "$came" = 10 ] && return
	echo "$came of 10 frames of $MIRRORED_FRAME bytes came"
	return 1
}

mirrored_frames()
{
	local status

	front_use "$TEST_HANDLE"
	uplink 1 $JUMBO && mirrored up0 "$TEST_VIF" &&
		in_far /bin/ip neigh replace "$UPLINK_NEAR" nud permanent \
			lladdr 02:00:00:00:00:99 dev up1 && ten_mirrored
	status=$?
	topology_down
	return $status
}

# ---- blank checksums -----------------------------------------------------

# blank_checksum FRAME: the datagram with the sum of its pseudo header instead.
blank_checksum()
{
	local sum

	sum=$(ip_checksum "$(echo "$1" | cut -c 53-68)0011$(echo "$1" | cut -c 77-80)")
	printf '%s%04x%s' "$(echo "$1" | cut -c -80)" $((0xffff - 0x$sum)) \
		"$(echo "$1" | cut -c 85-)"
}

# echoed_blank ID TAGS: dom0 routes the datagram to the far end, which answers without
# a tag. TAGS are in hexadecimal.
echoed_blank()
{
	local id=$1 tags=$2 payload frame

	payload=$(front_pattern "$id" 700)
	frame=$(blank_checksum "$(front_udp "$UPLINK_FAR" "$ECHO_PORT" "$payload")")
	frame=$(echo "$frame" | cut -c -24)$tags$(echo "$frame" | cut -c 25-)
	front_do "fill 0 $id 0 $frame" "tx 0 $id 3 $id 0 $((${#frame} / 2))" \
		"push 0" "answers 0 1" &&
		wait_until 5 "the answer" front_came "$payload" 0
}

# A device that does not fill in checksums: the stack does it.
routed_vlans()
{
	front_use "$TEST_HANDLE"
	uplink && routed && has_address up0 "$UPLINK_NEAR/24" &&
		ethtool -K up0 tx off >/dev/null &&
		tagged "" "$TEST_VIF" one 11 &&
		tagged "" "$TEST_VIF" outer 12 802.1ad &&
		tagged "" outer two 13 || return
	/bin/ip netns exec far probe echo "$ECHO_PORT" >/dev/null 2>&1 &
	undo "kill $!"
	echoed_blank 1 ''
}

blank_checksums()
{
	judge "$1" blank-no-tag \
		"blank checksum, routed: it is filled in, and the answer comes" \
		routed_vlans
	judge "$1" blank-one-tag \
		"blank checksum behind a tag, routed: it is filled in, and the answer comes" \
		echoed_blank 2 8100000b
	judge "$1" blank-two-tags \
		"blank checksum behind two tags, routed: it is filled in, and the answer comes" \
		echoed_blank 3 88a8000c8100000d
	/bin/ip link del one
	/bin/ip link del outer
	topology_down
}

# frames DRIVER
frames()
{
	check "netfront-$1" "driver $1: a vif of netfront connects" \
		create_loopback || return
	check "trunk-$1" "driver $1: VLANs of both ends are set up" trunk &&
		tagged_frames "$1"
	topology_down
	check "netfront-gone-$1" "driver $1: netfront's vif is removed" \
		remove_loopback || return
	check "front-$1" "driver $1: a vif of the test frontend connects" \
		eval "front_load && front_create $TEST_HANDLE && connect_posted 1" ||
		return
	judge "$1" mirrored \
		"vif at MTU 1500: frames of $MIRRORED_FRAME bytes that tc mirrors to it come" \
		mirrored_frames
	blank_checksums "$1"
	check "front-gone-$1" "driver $1: the test frontend's vif is removed" \
		eval "front_use $TEST_HANDLE && front_remove && front_unload"
}

check topology "dom0: it has queueing disciplines and actions of tc" load_topology
stock_first frames
check ours-loads "our driver: it is loaded" reload_netback
resources_before
frames ours
check_nothing_leaked "after long and tagged frames"
check_unloads
check_quiet_log
