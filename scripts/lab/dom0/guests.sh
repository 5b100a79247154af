# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# Guests, from the side of the machine that serves their vifs.

readonly BACKEND_DOMAIN=netback
readonly BRIDGE=lab0

# Domain number of a guest. Kept in a file: xl takes a while to answer.
guest_id()
{
	cat "/run/$1.id" 2>/dev/null
}

note_guest_id()
{
	xl domid "$1" >"/run/$1.id"
	! in_driver_domain || share_agent "$(guest_id "$1")" "$(own_id)"
}

# One vif in the words of xl: vif_spec GUEST-NUMBER HANDLE BRIDGE
vif_spec()
{
	local backend=''

	! in_driver_domain || backend=,backend=$BACKEND_DOMAIN
	echo "mac=$(guest_mac "$1" "$2"),bridge=$3$backend"
}

# create_guest NAME ID VIFS [VARIABLE=VALUE...]: VIFS interfaces, the first
# on the bridge and the others with addresses of their own. Variables:
# memory, vcpus, netfront (parameters of the guest's driver, comma
# separated), extra (words for the guest's command line), ramdisk, type (pv or
# pvh).
create_guest()
{
	local name=$1 id=$2 vifs=$3 memory=192 vcpus=$GUEST_VCPUS
	local vif='' handle=0 netfront='' extra='' bridge
	local ramdisk=/lab/guest.cpio type=pv

	shift 3
	[ $# -eq 0 ] || local "$@"
	bridge=$BRIDGE
	while [ "$handle" -lt "$vifs" ]; do
		vif="$vif${vif:+, }'$(vif_spec "$id" "$handle" "$bridge")'"
		bridge=none
		handle=$((handle + 1))
	done
	echo "$id" >"/run/$name.number"
	# /dev/null stands for a configuration that comes as an argument. QEMU's
	# TSC does not pass for a reliable one, without which Xen would emulate
	# each reading of it, as it does on no machine of today.
	xl create -e /dev/null "name = '$name'
		type = '$type'
		kernel = '/lab/vmlinux'
		ramdisk = '$ramdisk'
		extra = 'console=hvc0 loglevel=5 $GUEST_WORDS lab.id=$id lab.netfront=$netfront $extra'
		memory = $((memory * GUEST_MEM_FACTOR))
		vcpus = $vcpus
		vif = [ $vif ]
		tsc_mode = 'native'
		on_crash = 'preserve'" >"/run/$name.log" 2>&1 || {
		cat "/run/$name.log"
		return 1
	}
	note_guest_id "$name"
}

# Guests g1, g2 ... with one vif each; they boot side by side.
start_guests()
{
	local number

	for number in $(seq "$1"); do
		create_guest "g$number" $((10 + number)) 1 || return
	done
	for number in $(seq "$1"); do
		await_guest "g$number" $((10 + number)) 1 || return
	done
}

# Waits until the guest's agent answers and all its vifs are connected.
wait_guest()
{
	local name=$1 id

	id=$(guest_id "$name") || {
		echo "guest $name does not exist"
		return 1
	}
	wait_agent "$name" "$id" || return
	wait_until 60 "vifs of $name connected" vifs_connected "$id" && return
	show_vifs "$id"
	guest_console "$name"
	return 1
}

# What xenstore has of the vifs that are not connected.
show_vifs()
{
	local handle path

	for handle in $(xenstore-list "backend/vif/$1"); do
		path=backend/vif/$1/$handle
		[ "$(xenstore-read "$path/state")" != 4 ] || continue
		echo "vif $handle, backend:"
		xenstore-ls "$path"
		echo "vif $handle, frontend:"
		xenstore-ls "/local/domain/$1/device/vif/$handle"
	done
}

vifs_connected()
{
	local handle

	for handle in $(xenstore-list "backend/vif/$1"); do
		[ "$(xenstore-read "backend/vif/$1/$handle/state")" = 4 ] ||
			return 1
	done
}

# hung_in_boot ID: each backend of the guest waits for its frontend (InitWait), and
# no frontend has written a state. So the guest did not get as far as its netfront,
# and it is not a backend that it waits for.
hung_in_boot()
{
	local handle handles

	handles=$(xenstore-list "backend/vif/$1") && [ -n "$handles" ] || return
	for handle in $handles; do
		[ "$(xenstore-read "backend/vif/$1/$handle/state")" = 2 ] &&
			[ "$(xenstore-read "/local/domain/$1/device/vif/$handle/state")" = 1 ] ||
			return
	done
}

# await_guest NAME ID VIFS [VARIABLE=VALUE...]: waits for a guest that was made
# with these words. In the emulator a guest hangs early in its boot now and then:
# its only CPU is idle and no timer wakes it. Such a guest is made a second time,
# once, and the results say so.
await_guest()
{
	local name=$1 id

	id=$(guest_id "$name")
	wait_guest "$name" || {
		hung_in_boot "$id" || return 1
		progress "guest $name hung before its netfront was loaded: starting it again"
		xl destroy "$name"
		wait_until 30 "vifs of the hung $name gone" vifs_gone "$id" &&
			create_guest "$@" && wait_guest "$name" || return 1
	}
	progress "guest $name up"
}

vifs_gone()
{
	[ -z "$(ls -d "/sys/class/net/vif$1."* 2>/dev/null)" ]
}

start_guest()
{
	create_guest "$@" && await_guest "$@"
}

# The first vif of a guest taken away, and given back.
detach_vif()
{
	xl network-detach "$1" 0 &&
		wait_until 10 "vif of $1 gone" \
			[ ! -e "/sys/class/net/vif$(guest_id "$1").0" ]
}

attach_vif()
{
	local spec

	spec=$(vif_spec "$(end_id "$1")" 0 "$BRIDGE")
	# shellcheck disable=SC2046 # xl takes each part as a word
	xl network-attach "$1" $(echo "$spec" | tr ',' ' ') >/dev/null &&
		wait_until 10 "netfront in $1" guest "$1" "ls /sys/class/net/eth0" &&
		guest "$1" netup &&
		wait_until 30 "vif of $1 connected" vifs_connected "$(guest_id "$1")"
}

guest_mac()
{
	printf '00:16:3e:00:%02x:%02x\n' "$1" "$2"
}

destroy_guests()
{
	local name

	for name in $(guest_names); do
		xl destroy "$name"
	done
	wait_until 30 "guests gone" no_guest_left
	rm -f /run/*.cfg /run/*.id /run/*.number
}

# Also the "(null)" that a domain has whose memory somebody still holds.
guest_names()
{
	xl list | awk -v backend="$BACKEND_DOMAIN" \
		'NR > 1 && $2 != 0 && $1 != backend { print $1 }'
}

no_guest_left()
{
	[ -z "$(guest_names)" ] && [ -z "$(all_vifs)" ]
}

# guest NAME COMMAND [LIMIT]: runs the command in the guest, prints its output
# and returns its exit status; 124 if there was no answer.
guest()
{
	local id status

	# As guest_id does, without a program.
	{ read -r id <"/run/$1.id"; } 2>/dev/null || {
		echo "guest $1 is gone"
		return 125
	}
	ask_agent "$id" "${3:-60}" "$2"
	status=$?
	if [ $status -eq 124 ]; then
		echo "guest $1 has not answered"
		guest_state "$id" "$1"
	fi
	return $status
}
