# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
#
# What people and hotplug scripts have set on a vif's net device: reads it, and sets
# it again on the device that the next driver makes. For live-update, which sets
# $memory, $net and $lose, and has say() and problem(). Each vif has a folder in
# $memory of small files, one for each kind of setting.

# program NAME: prints a full path, because busybox's shell prefers its own, smaller
# programs.
program()
{
	for folder in /usr/sbin /sbin /usr/bin /bin; do
		[ -x "$folder/$1" ] && echo "$folder/$1" && return
	done
	return 1
}

ip=$(program ip)
bridge=$(program bridge)
tc=$(program tc)
ethtool=$(program ethtool)

# first_line FILE: prints the first line of a file, if there is any, without a program:
# guests have no network while settings return.
first_line()
{
	{ IFS= read -r line || [ -n "$line" ]; } 2>/dev/null <"$1" &&
		printf '%s\n' "$line"
}

# recall VIF ITEM
recall()
{
	first_line "$memory/$1/$2"
}

set_link()
{
	"$ip" link set dev "$@" || problem "cannot set $*"
}

# lines_without FILE FILE: prints the lines of the first file that the second has not.
lines_without()
{
	awk 'FILENAME == ARGV[1] { known[$0]; next } !($0 in known)' "$2" "$1"
}

# --------------------------- how settings are read --------------------------

# Prints "NAME on|off" for each feature that can be set. The kernel keeps what was
# requested, also while the guest does not support it. ethtool takes only the short
# names of those that it does not list one by one.
features_of()
{
	[ -n "$ethtool" ] || return 0
	"$ethtool" -k "$1" 2>/dev/null | awk '
		BEGIN {
			short["rx-checksumming"] = "rx"
			short["generic-segmentation-offload"] = "gso"
			short["generic-receive-offload"] = "gro"
			short["large-receive-offload"] = "lro"
			short["rx-vlan-offload"] = "rxvlan"
			short["tx-vlan-offload"] = "txvlan"
			short["ntuple-filters"] = "ntuple"
			short["receive-hashing"] = "rxhash"
			group["tx-checksumming"]
			group["scatter-gather"]
			group["tcp-segmentation-offload"]
			group["udp-fragmentation-offload"]
		}
		/: (on|off)/ && !/\[fixed\]/ {
			sub(/^[ \t]*/, "")
			name = substr($0, 1, index($0, ":") - 1)
			value = $2
			if (match($0, /\[requested (on|off)\]/))
				value = /\[requested on\]/ ? "on" : "off"
			if (!(name in group))
				print (name in short ? short[name] : name), value
		}'
}

# Prints "DIRECTORY/FILE:VALUE" for the sysctls of a device, as paths below
# /proc/sys/net. Left out: what follows the MTU, what the kernel gives twice and warns
# of when it is read, and secrets.
sysctls_of()
{
	find "/proc/sys/net/ipv4/conf/$1/" "/proc/sys/net/ipv6/conf/$1/" \
		"/proc/sys/net/ipv4/neigh/$1/" "/proc/sys/net/ipv6/neigh/$1/" \
		-type f ! -name mtu ! -name stable_secret \
		! -name base_reachable_time ! -name retrans_time \
		-exec grep -sH . {} + 2>/dev/null | sed 's|^/proc/sys/net/||'
}

# Prints "FILE:VALUE" for the settings of a bridge's port: isolated, learning,
# hairpin_mode, path_cost and so on. They are the files that can be read and written.
port_of()
{
	[ -d "$net/$1/brport" ] || return 0
	find "$net/$1/brport/" -maxdepth 1 -type f -perm -0600 \
		-exec grep -H . {} + 2>/dev/null | sed 's|^.*/||'
}

# Prints the settings of a port that are not among these files.
locks_of()
{
	[ -n "$bridge" ] && [ -d "$net/$1/brport" ] || return 0
	"$bridge" -d link show dev "$1" 2>/dev/null |
		grep -oE '\b(locked|mab|vlan_tunnel) on\b'
}

# Prints "VID [pvid] [untagged]" for each VLAN of a bridge's port.
vlans_of()
{
	[ -n "$bridge" ] && [ -d "$net/$1/brport" ] || return 0
	"$bridge" vlan show dev "$1" 2>/dev/null | awk -v device="$1" '
		$1 == device { sub(/^[^ \t]+/, "") }
		$1 ~ /^[0-9]+$/ {
			print $1 (/PVID/ ? " pvid" : "") (/Untagged/ ? " untagged" : "")
		}'
}

# Prints the arguments of "bridge fdb replace" that make each entry again. The
# device's own address has an entry without our doing.
forwarding_of()
{
	[ -n "$bridge" ] && [ -d "$net/$1/brport" ] || return 0
	"$bridge" fdb show dev "$1" 2>/dev/null |
		awk -v own="$(first_line "$net/$1/address")" '
		/ master / && $1 != own && (/ static/ || / permanent/) {
			state = / static/ ? "static" : "permanent"
			more = / sticky/ ? " sticky" : ""
			for (i = 2; i < NF; i++)
				if ($i == "vlan")
					more = more " vlan " $(i + 1)
			print $1, "master", state more
		}'
}

# Prints the arguments of "bridge mdb add" after the port's for each group that
# somebody has set.
groups_of()
{
	[ -n "$bridge" ] && [ -d "$net/$1/brport" ] || return 0
	"$bridge" mdb show 2>/dev/null | awk -v port="$1" '
		{
			on = group = vid = ""
			for (i = 1; i < NF; i++) {
				if ($i == "port") on = $(i + 1)
				if ($i == "grp") group = $(i + 1)
				if ($i == "vid") vid = " vid " $(i + 1)
			}
			if (on == port && / permanent/)
				print "grp", group, "permanent" vid
		}'
}

# Prints the arguments of "ip neigh replace" before the device's.
neighbours_of()
{
	{
		"$ip" neigh show nud permanent dev "$1" |
			awk '$2 == "lladdr" { print $1, "lladdr", $3, "nud permanent" }'
		"$ip" neigh show proxy dev "$1" | awk '{ print "proxy", $1 }'
	} 2>/dev/null
}

names_of()
{
	"$ip" link show dev "$1" | awk '$1 == "altname" { print $2 }'
}

addresses_of()
{
	# The line has: number, device, family, address, [peer ADDRESS] ...
	"$ip" -o addr show dev "$1" scope global 2>/dev/null |
		sed -nE 's/^.* inet6? ([^ ]+( peer [^ ]+)?( brd [^ ]+)?) .*/\1/p'
}

# routes_of DEVICE 4|6
routes_of()
{
	"$ip" "-$2" route show dev "$1" 2>/dev/null |
		grep -vE 'proto (kernel|ra)' |
		sed 's/ linkdown//; s/ dead//'
}

# Prints the queueing disciplines that are not the kernel's own, whose handle is 0,
# as arguments of "tc qdisc replace" after the device's.
qdiscs_of()
{
	[ -n "$tc" ] || return 0
	"$tc" qdisc show dev "$1" 2>/dev/null | grep -v '^qdisc [^ ]* 0: ' |
		sed -E 's/^qdisc (clsact|ingress) .*/\1/
			s/^qdisc ([^ ]+) ([^ ]+) (dev [^ ]+ )?(root|parent [^ ]+) (refcnt [0-9]+ )?(.*)$/\4 handle \2 \1 \6/
			s/ limit ([0-9]+)p\b/ limit \1/; s/ +$//'
}

# Prints the filters of a device, whatever they are attached to.
filters_of()
{
	[ -n "$tc" ] || return 0
	{
		"$tc" filter show dev "$1"
		"$tc" filter show dev "$1" ingress
		"$tc" filter show dev "$1" egress
		"$tc" qdisc show dev "$1" |
			awk '$3 != "0:" { print $3 }' | sort -u |
			while read -r handle; do
				"$tc" filter show dev "$1" parent "$handle"
			done
	} 2>/dev/null
}

# qdiscs_return FILE: checks that what FILE says makes the same disciplines again, on
# a device that is made to try it.
qdiscs_return()
{
	# 15 characters at most, and a process number has up to seven digits.
	trial=vif-try$$
	"$ip" link add name "$trial" numtxqueues 64 type dummy 2>/dev/null ||
		"$ip" link add name "$trial" type bridge || {
		problem "cannot make a device, $trial, to try queueing disciplines on"
		return 1
	}
	restore_qdiscs "$trial" "$1" 2>/dev/null
	qdiscs_of "$trial" | cmp -s - "$1"
	same=$?
	"$ip" link del dev "$trial"
	return $same
}

# remember_device VIF DEVICE
remember_device()
{
	to=$memory/$1

	echo "$2" >"$to/device"
	for item in mtu address flags tx_queue_len netdev_group ifalias; do
		first_line "$net/$2/$item" >"$to/$item"
	done
	first_line "$net/$2/netback/weight" >"$to/weight"
	if [ -e "$net/$2/master" ]; then
		master=$(readlink "$net/$2/master")
		echo "${master##*/}" >"$to/master"
	fi
	for kind in features sysctls port locks vlans forwarding groups neighbours \
		names addresses qdiscs; do
		"${kind}_of" "$2" >"$to/$kind"
	done
	routes_of "$2" 4 >"$to/routes4"
	routes_of "$2" 6 >"$to/routes6"
}

# ---------------------------- what is lost ----------------------------------

# loses KIND: checks whether the administrator has agreed to that.
loses()
{
	case " $lose " in
	*" $1 "*)	return 0 ;;
	esac
	return 1
}

# refused_of VIF DEVICE: prints "KIND WHAT" for what cannot be set again and is not
# given up lightly.
refused_of()
{
	if [ -n "$(filters_of "$2")" ]; then
		echo "tc filters of tc"
	elif [ -s "$memory/$1/qdiscs" ] && ! qdiscs_return "$memory/$1/qdiscs"; then
		echo "tc queueing disciplines of tc"
	fi
	if [ -z "$bridge" ] &&
	   [ "$(first_line "$net/$2/master/bridge/vlan_filtering")" = 1 ]; then
		echo "vlans VLANs of its bridge, as the program bridge is missing"
	fi
	for upper in "$net/$2"/upper_*; do
		[ -e "$upper" ] || continue
		[ "${upper##*/upper_}" = "$(recall "$1" master)" ] ||
			echo "upper device ${upper##*/upper_}, which is stacked on it"
	done
	! "$ip" link show dev "$2" | grep -q '^ *prog/xdp ' ||
		echo "xdp an XDP program"
}

# gone_of DEVICE: prints what ends with the device and cannot be helped. The number of
# an interface changes.
gone_of()
{
	index=$(first_line "$net/$1/ifindex")
	! awk -v index_="$index" '$5 == index_ { found = 1 } END { exit !found }' \
		/proc/net/packet 2>/dev/null ||
		echo "a packet socket bound to it, such as tcpdump's"
	nft=$(program nft) || return 0
	! "$nft" list ruleset 2>/dev/null |
		grep -qE "\\b(iif|oif) (\\{[^}]*)?\"?$1\"?\\b" ||
		echo "nftables rules with iif or oif, which hold its number (iifname and oifname hold its name)"
}

# losses_of VIF: says what a vif loses. Fails if it must not be lost.
losses_of()
{
	device=$(recall "$1" device)
	[ -n "$device" ] || return 0
	gone_of "$device" >"$memory/$1/gone"
	refused_of "$1" "$device" >"$memory/$1/refused"
	while read -r what; do
		say "$device will lose $what"
	done <"$memory/$1/gone"
	status=0
	while read -r kind what; do
		if loses "$kind"; then
			say "$device will lose $what"
		else
			say "$device would lose $what: set it up without," \
				"or agree with --lose $kind"
			status=1
		fi
	done <"$memory/$1/refused"
	return $status
}

# show VIF: prints what is kept, in words, for --dry-run.
show()
{
	device=$(recall "$1" device)
	say "$1: device ${device:--}, state $(recall "$1" state)," \
		"master $(recall "$1" master || echo -)"
	for kind in vlans forwarding groups neighbours names addresses routes4 \
		routes6 qdiscs; do
		[ -s "$memory/$1/$kind" ] || continue
		say "$1: keeps $kind: $(tr '\n' ',' <"$memory/$1/$kind" |
			sed 's/,$//; s/,/, /g')"
	done
}

# --------------------------- how settings return ----------------------------

on_or_off()
{
	[ $(($1 & $2)) -ne 0 ] && echo on || echo off
}

# restore_flags DEVICE FLAGS MASTER. The bits are those of <linux/if.h>: IFF_UP 1,
# IFF_NOARP 0x80, IFF_PROMISC 0x100, IFF_ALLMULTI 0x200, IFF_MULTICAST 0x1000.
restore_flags()
{
	now=$(first_line "$net/$1/flags")
	[ $(((now ^ $2) & 0x80)) -eq 0 ] ||
		set_link "$1" arp "$(on_or_off $((~$2)) 0x80)"
	[ $(((now ^ $2) & 0x1000)) -eq 0 ] ||
		set_link "$1" multicast "$(on_or_off "$2" 0x1000)"
	[ $(($2 & 0x200)) -eq 0 ] || set_link "$1" allmulticast on
	# A bridge makes its own ports promiscuous.
	[ $(($2 & 0x100)) -eq 0 ] || [ -n "$3" ] || set_link "$1" promisc on
}

# restore_weight DEVICE WEIGHT. The distribution's driver has no weight.
restore_weight()
{
	file=$net/$1/netback/weight
	[ -n "$2" ] && [ -e "$file" ] || return 0
	[ "$2" = "$(first_line "$file")" ] || echo "$2" >"$file" ||
		problem "cannot set the weight of $1 to $2"
}

# restore_item VIF DEVICE FILE IP-KEYWORD: sets a value that differs from the
# remembered one. Most devices have their defaults and need no call of ip.
restore_item()
{
	value=$(recall "$1" "$3")
	[ "$value" = "$(first_line "$net/$2/$3")" ] ||
		set_link "$2" "$4" "$value"
}

# changed VIF DEVICE KIND: prints the remembered lines that the device has not. Guests
# have no network meanwhile: what nobody has set costs no program.
changed()
{
	[ -s "$memory/$1/$3" ] || return 0
	"$3_of" "$2" >"$memory/now"
	lines_without "$memory/$1/$3" "$memory/now"
}

# ethtool fails if nothing changes at once, as with what the guest cannot do yet. A
# feature that the next driver does not let anybody set is none to restore.
restore_features()
{
	changed "$1" "$2" features >"$memory/changed"
	[ -s "$memory/changed" ] || return 0
	while read -r feature value; do
		"$ethtool" -K "$2" "$feature" "$value" >/dev/null 2>&1
	done <"$memory/changed"
	changed "$1" "$2" features |
		awk 'FILENAME == ARGV[1] { known[$1]; next } $1 in known' \
			"$memory/now" - >"$memory/changed"
	while read -r feature value; do
		problem "$2: cannot set the feature $feature $value"
	done <"$memory/changed"
}

# restore_files VIF DEVICE KIND FOLDER: writes "FILE:VALUE" below a folder.
restore_files()
{
	changed "$1" "$2" "$3" >"$memory/changed"
	while IFS=: read -r file value; do
		echo "$value" 2>/dev/null >"$4/$file" ||
			problem "$2: cannot write $value to $4/$file"
	done <"$memory/changed"
}

# A port has the bridge's default VLAN first.
restore_vlans()
{
	[ -n "$bridge" ] || return 0
	vlans_of "$2" >"$memory/now"
	awk 'FILENAME == ARGV[1] { known[$1]; next } !($1 in known) { print $1 }' \
		"$memory/$1/vlans" "$memory/now" \
		>"$memory/changed"
	while read -r vid; do
		"$bridge" vlan del dev "$2" vid "$vid" ||
			problem "$2: cannot leave VLAN $vid"
	done <"$memory/changed"
	changed "$1" "$2" vlans >"$memory/changed"
	while read -r vlan; do
		# shellcheck disable=SC2086 # a VLAN has flags
		"$bridge" vlan add dev "$2" vid $vlan ||
			problem "$2: cannot join VLAN $vlan"
	done <"$memory/changed"
}

# What a port is kept from comes before it forwards: the device is down.
restore_port()
{
	restore_files "$1" "$2" port "$net/$2/brport"
	while read -r name value; do
		"$bridge" link set dev "$2" "$name" "$value" ||
			problem "$2: cannot set $name $value"
	done <"$memory/$1/locks"
	restore_vlans "$1" "$2"
}

restore_forwarding()
{
	changed "$1" "$2" forwarding >"$memory/changed"
	while read -r address entry; do
		# shellcheck disable=SC2086 # an entry has several words
		"$bridge" fdb replace "$address" dev "$2" $entry ||
			problem "$2: cannot add the forwarding entry $address $entry"
	done <"$memory/changed"
}

# restore_groups VIF DEVICE: once the port is enabled, which takes a carrier.
restore_groups()
{
	changed "$1" "$2" groups >"$memory/changed"
	while read -r entry; do
		# shellcheck disable=SC2086 # an entry has several words
		"$bridge" mdb add dev "$(recall "$1" master)" port "$2" $entry ||
			problem "$2: cannot add the multicast entry $entry"
	done <"$memory/changed"
}

# restore_qdiscs DEVICE FILE
restore_qdiscs()
{
	failed=0
	while read -r qdisc; do
		# shellcheck disable=SC2086 # a discipline is many words
		"$tc" qdisc replace dev "$1" $qdisc || failed=1
	done <"$2"
	return $failed
}

restore_addresses()
{
	while read -r address; do
		# shellcheck disable=SC2086 # an address may carry its peer
		"$ip" addr add $address dev "$2" ||
			problem "$2: cannot add address $address"
	done <"$memory/$1/addresses"
	for family in 4 6; do
		while read -r route; do
			# shellcheck disable=SC2086 # a route is many words
			"$ip" "-$family" route replace $route dev "$2" ||
				problem "$2: cannot add route $route"
		done <"$memory/$1/routes$family"
	done
	while read -r neighbour; do
		# shellcheck disable=SC2086 # a neighbour is many words
		"$ip" neigh replace $neighbour dev "$2" ||
			problem "$2: cannot add neighbour $neighbour"
	done <"$memory/$1/neighbours"
}

# set_device VIF DEVICE: everything, to a device that is down.
set_device()
{
	master=$(recall "$1" master)
	changed "$1" "$2" names >"$memory/changed"
	while read -r name; do
		"$ip" link property add dev "$2" altname "$name" ||
			problem "$2: cannot add the name $name"
	done <"$memory/changed"
	restore_item "$1" "$2" address address
	"$ip" link set dev "$2" mtu "$(recall "$1" mtu)" 2>/dev/null
	restore_item "$1" "$2" tx_queue_len txqueuelen
	restore_item "$1" "$2" netdev_group group
	restore_item "$1" "$2" ifalias alias
	restore_weight "$2" "$(recall "$1" weight)"
	restore_flags "$2" "$(recall "$1" flags)" "$master"
	restore_features "$1" "$2"
	restore_files "$1" "$2" sysctls /proc/sys/net
	restore_qdiscs "$2" "$memory/$1/qdiscs" || loses tc ||
		problem "$2: cannot set its queueing disciplines"
	# Open vSwitch adds its ports again itself; ip cannot do it.
	case $master in
	''|ovs-system)	;;
	*)	set_link "$2" master "$master"
		restore_port "$1" "$2" ;;
	esac
	[ $(($(recall "$1" flags) & 1)) -eq 0 ] || set_link "$2" up
	restore_forwarding "$1" "$2"
	restore_addresses "$1" "$2"
}
