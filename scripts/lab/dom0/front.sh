# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	test frontend, debugfs --- vif0.H (netback), all of it in dom0
#
# A vif whose frontend executes commands: see tests/front/command.c of the driver. The
# frontend may also be in a guest, where commands are slower. H is the handle; the vif
# has the address 10.H.0.1, and the frontend sends from 10.H.0.11. Tx and Rx are the
# guest's directions.
#
# The functions use the vif that front_use or front_create has named last. They keep
# their state in /run, because each check runs in a shell of its own.

readonly FRONT_MODULE=/lab/xen-netback-front.ko
readonly FRONT_DEBUGFS=/sys/kernel/debug/xen-netback-front
# The log of all frontends since front_load.
readonly FRONT_SAID=/run/front.said

# Of netif.h: flags of a request, XEN_NETTXF_, and status of a response, XEN_NETIF_RSP_.
readonly MORE_DATA=4
readonly EXTRA_INFO=8
# shellcheck disable=SC2034 # for the scenarios
readonly RSP_OKAY=0
# shellcheck disable=SC2034 # for the scenarios
readonly RSP_ERROR=-1
# shellcheck disable=SC2034 # for the scenarios
readonly RSP_DROPPED=-2
# shellcheck disable=SC2034 # for the scenarios
readonly RSP_NULL=1

front_load()
{
	rm -f $FRONT_SAID
	grep -q '^xen_netback_front ' /proc/modules || insmod $FRONT_MODULE
}

# An initramfs for guests that has the module, for create_guest's "ramdisk".
readonly FRONT_RAMDISK=/tmp/front.cpio

front_ramdisk()
{
	cat /lab/guest.cpio /lab/front.cpio >$FRONT_RAMDISK
}

# front_enter GUEST HANDLE: binds a vif of a guest to the test frontend instead of
# netfront.
front_enter()
{
	rm -f $FRONT_SAID
	guest "$1" "mount -t debugfs debug /sys/kernel/debug
		echo vif-$2 >/sys/bus/xen/drivers/vif/unbind &&
		insmod $FRONT_MODULE" && front_use "$2" "$1"
}

# Binds the vif to netfront again.
front_leave()
{
	front_names
	guest "$front_guest" "cd /sys/bus/xen/drivers &&
		echo vif-$front_handle >xen-netback-front/unbind &&
		rmmod xen_netback_front && echo vif-$front_handle >vif/bind"
}

front_unload()
{
	wait_until 10 "no frontend uses the module" rmmod xen_netback_front
}

# front_use HANDLE [GUEST]: names the vif for the next functions.
front_use()
{
	echo "$1 $2" >/run/front.handle
}

# Sets the variables of the vif in use.
front_names()
{
	local id=0

	read -r front_handle front_guest </run/front.handle
	[ -z "$front_guest" ] || id=$(guest_id "$front_guest")
	front_node=/local/domain/$id/device/vif/$front_handle
	front_back=/local/domain/0/backend/vif/$id/$front_handle
	front_vif=vif$id.$front_handle
	front_dir=$FRONT_DEBUGFS/vif-$front_handle
}

# front_run COMMAND: runs a shell command in the frontend's domain.
front_run()
{
	if [ -z "$front_guest" ]; then
		eval "$1"
	else
		guest "$front_guest" "$1"
	fi
}

# The address of the backend's end.
front_near()
{
	front_names
	echo "10.$front_handle.0.1"
}

# front_counter NAME: of the net device.
front_counter()
{
	front_names
	cat "/sys/class/net/$front_vif/statistics/$1"
}

front_mac()
{
	front_names
	xenstore-read "$front_node/mac"
}

# front_create HANDLE [KEY=VALUE...]: KEY is a key of the frontend, back/KEY one of the
# backend; a value is one word. xenstore-write writes all its arguments in one
# transaction: an incomplete device would be probed at once and rejected.
front_create()
{
	local pair mac words=''

	front_use "$1"
	front_names
	mac=$(printf '00:16:3e:00:01:%02x' "$1")
	shift
	for pair in request-rx-copy=1 feature-rx-notify=1 feature-sg=1 "$@"; do
		case $pair in
		back/*) pair=$front_back/${pair#back/} ;;
		*) pair=$front_node/$pair ;;
		esac
		words="$words ${pair%%=*} ${pair#*=}"
	done
	# shellcheck disable=SC2086 # each key and value is a word
	xenstore-write \
		"$front_back/frontend" "$front_node" \
		"$front_back/frontend-id" 0 "$front_back/online" 1 \
		"$front_back/state" 1 "$front_back/handle" "$front_handle" \
		"$front_back/bridge" none "$front_back/mac" "$mac" \
		"$front_back/script" /etc/xen/scripts/vif-lab \
		"$front_back/hotplug-status" connected \
		"$front_node/backend" "$front_back" \
		"$front_node/backend-id" 0 "$front_node/state" 1 \
		"$front_node/handle" "$front_handle" \
		"$front_node/mac" "$mac" $words || return
	wait_until 10 "$front_vif exists" [ -e "/sys/class/net/$front_vif" ] &&
		wait_until 10 "the test frontend has it" [ -e "$front_dir/do" ] &&
		front_awaits 2 && front_address
}

front_address()
{
	vif=$front_vif XENBUS_PATH=$front_back vif-lab online && front_neighbour
}

# Tells dom0 the MAC address of 10.H.0.11, because the frontend does not answer ARP.
front_neighbour()
{
	front_names
	/bin/ip neigh replace "10.$front_handle.0.11" nud permanent \
		lladdr "$(front_mac)" dev "$front_vif"
}

# front_awaits STATE: waits until the backend's state is that number.
front_awaits()
{
	front_names
	wait_until 10 "backend in state $1" front_backend_is "$1" && return
	xenstore-ls "$front_back"
	return 1
}

front_backend_is()
{
	[ "$(xenstore-read "$front_back/state")" = "$1" ]
}

# front_offered KEY: checks that the backend's key is 1.
front_offered()
{
	front_names
	[ "$(xenstore-read "$front_back/$1" 2>/dev/null)" = 1 ]
}

# front_do COMMAND...: executes commands until one fails.
front_do()
{
	local command

	front_names
	for command; do
		front_run "echo '$command' >$front_dir/do" 2>/dev/null &&
			continue
		echo "failed: $command"
		return 1
	done
}

# front_refuses COMMAND...: checks that the frontend's driver rejects each command.
front_refuses()
{
	local command

	front_names
	for command; do
		front_run "echo '$command' >$front_dir/do" 2>/dev/null ||
			continue
		echo "accepted, but should be rejected: $command"
		return 1
	done
}

# Prints the log since the last call.
front_log()
{
	front_names
	front_run "cat $front_dir/log" >/run/front.log || return
	cat /run/front.log >>$FRONT_SAID
	cat /run/front.log
}

# Checks that the frontends have not seen a violation of the protocol so far.
front_content()
{
	front_log >/dev/null
	! grep '^wrong' $FRONT_SAID
}

# front_connect QUEUES [split] [ctrl]: connects from any state.
front_connect()
{
	front_do "state 1" && front_awaits 2 &&
		front_do "rings $*" "state 4" && front_awaits 4
}

front_close()
{
	front_do "state 5" && front_awaits 5 &&
		front_do "state 6" && front_awaits 6
}

# front_free IN-USE: frees pages, and checks how many the backend still uses.
front_free()
{
	front_log >/dev/null
	front_do free
	front_log | grep -x "free pages [0-9]* in-use $1" && return
	cat /run/front.log
	return 1
}

# Closes the device first, as a guest does, and then removes it.
front_remove()
{
	front_names
	front_close
	front_do free
	front_vanish
}

# Removes the device without closing it, in any state.
front_vanish()
{
	front_names
	front_log >/dev/null
	xenstore-rm "$front_node"
	xenstore-rm "$front_back"
	wait_until 10 "$front_vif gone" [ ! -e "/sys/class/net/$front_vif" ] &&
		wait_until 10 "its frontend gone" [ ! -e "$front_dir" ] || return
	[ -n "$(xenstore-list backend/vif/0)" ] ||
		xenstore-rm /local/domain/0/backend/vif/0
}

# ---- frames, in hexadecimal ----------------------------------------------

# front_pattern SEED BYTES: prints a pattern, which differs for all seeds below 251.
front_pattern()
{
	awk -v seed="$1" -v bytes="$2" 'BEGIN {
		for (i = 0; i < bytes; i++)
			printf "%02x", (seed + i * 7 + int(i / 251)) % 251
	}'
}

# address_hex ADDRESS: ADDRESS is like 10.8.0.1 or 00:16:3e:00:00:01.
address_hex()
{
	case $1 in
	*:*) echo "$1" | tr -d : ;;
	*) echo "$1" | awk -F. '{ printf "%02x%02x%02x%02x", $1, $2, $3, $4 }' ;;
	esac
}

# ip_checksum HEADER: the checksum in HEADER is zero.
ip_checksum()
{
	local sum=0 word

	for word in $(echo "$1" | sed 's/..../ 0x&/g'); do
		sum=$((sum + word))
	done
	sum=$(((sum & 0xffff) + (sum >> 16)))
	sum=$(((sum & 0xffff) + (sum >> 16)))
	printf '%04x' $((~sum & 0xffff))
}

# front_udp ADDRESS PORT PAYLOAD [MAC]: prints a datagram from the frontend to MAC
# (default: the vif's).
front_udp()
{
	local length=$((${#3} / 2)) head tail mac

	front_names
	mac=$(address_hex "${4:-$(cat "/sys/class/net/$front_vif/address")}")
	head=4500$(printf '%04x' $((length + 28)))000040004011
	tail=$(address_hex "10.$front_handle.0.11")$(address_hex "$1")
	printf '%s%s0800' "$mac" "$(address_hex "$(front_mac)")"
	printf '%s%s%s' "$head" "$(ip_checksum "${head}0000$tail")" "$tail"
	# UDP over IPv4 may have no checksum.
	printf '%04x%04x%04x0000%s' 4000 "$2" $((length + 8)) "$3"
}

# front_multicast GROUP PORT PAYLOAD
front_multicast()
{
	front_udp "$1" "$2" "$3" "$(echo "$1" | awk -F. '{
		printf "01:00:5e:%02x:%02x:%02x", $2 % 128, $3, $4 }')"
}

# front_arp ADDRESS: prints an ARP request for the address.
front_arp()
{
	local from

	front_names
	from=$(address_hex "$(front_mac)")
	printf 'ffffffffffff%s08060001080006040001' "$from"
	printf '%s%s000000000000%s%036d' "$from" \
		"$(address_hex "10.$front_handle.0.11")" "$(address_hex "$1")" 0
}

# ---- packets -------------------------------------------------------------

# front_put QUEUE ID SLOTS FRAME [TYPE FLAGS HEX...]: puts a frame on the ring, split
# into SLOTS slots, with ids and pages from ID on, and extra infos after the first
# slot.
front_put()
{
	local queue=$1 id=$2 slots=$3 frame=$4 size each at=0 flags piece page i=0

	shift 4
	size=$((${#frame} / 2))
	each=$(((size + slots - 1) / slots))
	while [ $i -lt "$slots" ]; do
		piece=$(echo "$frame" |
			cut -c $((2 * at + 1))-$((2 * (at + each))))
		flags=$((i < slots - 1 ? MORE_DATA : 0))
		[ $i -gt 0 ] || [ $# -eq 0 ] || flags=$((flags | EXTRA_INFO))
		page=$(((id + i) % 256))
		front_do "fill $queue $page 0 $piece" || return
		# The first slot has the size of the whole packet.
		front_do "tx $queue $((id + i)) $flags $page 0 $((i ? \
			${#piece} / 2 : size))" || return
		while [ $# -ge 3 ]; do
			front_do "extra $queue $1 $2 $3" || return
			shift 3
		done
		at=$((at + each))
		i=$((i + 1))
	done
}

# front_answers QUEUE COUNT STATUS: pushes requests, and checks that COUNT answers
# come, all with that status.
front_answers()
{
	front_statuses "$1" "$2" "$2 $3"
}

# front_statuses QUEUE COUNT "COUNT STATUS"...: pushes requests, and checks that COUNT
# answers come, and how many have each status. "0 STATUS" is allowed.
front_statuses()
{
	local queue=$1 count=$2

	shift 2
	front_log >/dev/null
	front_do "push $queue" "answers $queue $count"
	front_log | awk -v queue="$queue" '$1 == "tx" && $2 == queue { print $4 }' |
		sort | uniq -c | awk '{ print $1, $2 }' >/run/front.statuses
	printf '%s\n' "$@" | grep -v '^0 ' | sort -k 2 |
		cmp - /run/front.statuses && return
	cat /run/front.log
	return 1
}

# front_came PAYLOAD QUEUE...: checks that a frame with the payload has arrived on one
# of the queues. Earlier frames are kept only in FRONT_SAID.
front_came()
{
	local payload=$1 queue

	shift
	for queue; do
		front_do "received $queue 2048" && front_log |
			grep -q "^rx $queue .*$payload" && return
	done
	return 1
}
