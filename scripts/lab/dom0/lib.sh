# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# What every scenario uses: results, waiting, the driver, guests, vifs.
# Tx and Rx are the guest's directions, as in the interface's header.

# shellcheck disable=SC1091 # there when it runs
. /lab/resources.sh
# shellcheck disable=SC1091 # there when it runs
. /lab/traffic.sh

readonly BRIDGE=lab0
readonly NETBACK=/lab/xen-netback.ko
readonly DRIVER=/sys/bus/xen-backend/drivers/vif

# ---- results -------------------------------------------------------------

result()
{
	printf '%s\n' "$*" >/dev/ttyS1
	echo "lab: $*" >/dev/console
}

uptime_seconds()
{
	cut -d. -f1 /proc/uptime
}

progress()
{
	result "# $*"
}

# The host numbers the tests: one boot does not know of the others.
ktap_ok()
{
	result "ok - $SCENARIO: $*"
}

ktap_not_ok()
{
	result "not ok - $SCENARIO: $*"
}

# Reports "$1" by the success of the command after it; what the command
# prints explains a failure.
check()
{
	local text=$1 output

	shift
	if output=$("$@" 2>&1); then
		ktap_ok "$text"
		return 0
	fi
	ktap_not_ok "$text"
	result "# failed: $*"
	printf '%s\n' "$output" | tail -n 25 | while IFS= read -r line; do
		result "#   $line"
	done
	return 1
}

die()
{
	result "not ok - ${SCENARIO:-boot}: $*"
	result "# end"
	poweroff -f
	sleep 60
}

# ---- waiting -------------------------------------------------------------

# Waits at most $1 seconds for "$2" (words for the message), that is until
# the command after it succeeds.
wait_until()
{
	local limit=$1 what=$2 end

	shift 2
	end=$(($(uptime_seconds) + limit))
	until "$@" >/dev/null 2>&1; do
		if [ "$(uptime_seconds)" -ge "$end" ]; then
			echo "not within $limit s: $what"
			return 1
		fi
		usleep 50000
	done
}

# ---- the driver ----------------------------------------------------------

# Does the module under test know the parameter $1?
has_param()
{
	strings "$NETBACK" | grep -qE "^parm(type)?=$1:"
}

driver_has_groups()
{
	has_param groups
}

netback_loaded()
{
	grep -q '^xen_netback ' /proc/modules
}

load_netback()
{
	netback_loaded || insmod "$NETBACK" "$@"
}

unload_netback()
{
	! netback_loaded || rmmod xen_netback
}

# Fresh driver with the parameters given; no vif may exist.
reload_netback()
{
	unload_netback && load_netback "$@"
}

# Loads the driver with other parameters below running guests.
live_update()
{
	local vif

	if [ -e /lab/live-update ]; then
		sh /lab/live-update "$NETBACK" "$@"
		return
	fi
	for vif in $(bound_vifs); do
		echo "$vif" >$DRIVER/unbind || return
	done
	reload_netback "$@" || return
	for vif in $(unbound_vifs); do
		bind_vif "$vif" || return
	done
}

# Devices of the xen-backend bus, such as vif-1-0.
all_vifs()
{
	find /sys/bus/xen-backend/devices -name 'vif-*' -exec basename {} \;
}

bound_vifs()
{
	[ -d $DRIVER ] || return 0
	find $DRIVER/ -name 'vif-*' -exec basename {} \;
}

unbound_vifs()
{
	local vif

	for vif in $(all_vifs); do
		[ -e "$DRIVER/$vif" ] || echo "$vif"
	done
}

# vif-1-0 to vif1.0, and to backend/vif/1/0.
vif_name()
{
	echo "$1" | sed 's/vif-\(.*\)-\(.*\)/vif\1.\2/'
}

vif_path()
{
	echo "$1" | sed 's,vif-\(.*\)-\(.*\),backend/vif/\1/\2,'
}

bind_vif()
{
	local name path

	name=$(vif_name "$1")
	path=$(vif_path "$1")
	echo "$1" >$DRIVER/bind || return
	wait_until 10 "$name exists" [ -e "/sys/class/net/$name" ] || return
	vif=$name XENBUS_PATH=$path vif-lab online
}

# ---- guests --------------------------------------------------------------

# Domain number of a guest. Kept in a file: xl takes a while to answer.
guest_id()
{
	cat "/run/$1.id" 2>/dev/null
}

note_guest_id()
{
	xl domid "$1" >"/run/$1.id"
}

# create_guest NAME ID VIFS [VARIABLE=VALUE...]: VIFS interfaces, the first
# on the bridge and the others with addresses of their own. Variables:
# memory, vcpus, netfront (parameters of the guest's driver, comma
# separated), extra (words for the guest's command line).
create_guest()
{
	local name=$1 id=$2 vifs=$3 memory=192 vcpus=$GUEST_VCPUS netfront='' extra=''
	local vif='' handle=0 mac

	shift 3
	[ $# -eq 0 ] || local "$@"
	while [ "$handle" -lt "$vifs" ]; do
		mac=$(guest_mac "$id" "$handle")
		[ "$handle" -eq 0 ] && vif="'mac=$mac,bridge=$BRIDGE'" ||
			vif="$vif, 'mac=$mac,bridge=none'"
		handle=$((handle + 1))
	done
	cat >"/run/$name.cfg" <<-END
		name = "$name"
		kernel = "/lab/vmlinux"
		ramdisk = "/lab/guest.cpio"
		extra = "console=hvc0 loglevel=4 lab.id=$id lab.netfront=$netfront $extra"
		memory = $memory
		vcpus = $vcpus
		vif = [ $vif ]
		on_crash = "preserve"
	END
	echo "$id" >"/run/$name.number"
	xl create -e "/run/$name.cfg" >"/run/$name.log" 2>&1 || {
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
		wait_guest "g$number" || return
		progress "guest g$number up"
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
	wait_until 180 "agent of $name ready" \
		xenstore-exists "/local/domain/$id/data/ready" &&
		wait_until 60 "vifs of $name connected" vifs_connected "$id" &&
		return
	tail -n 20 "/var/log/xen/console/guest-$name.log"
	return 1
}

vifs_connected()
{
	local handle

	for handle in $(xenstore-list "backend/vif/$1"); do
		[ "$(xenstore-read "backend/vif/$1/$handle/state")" = 4 ] ||
			return 1
	done
}

start_guest()
{
	create_guest "$@" && wait_guest "$1" && progress "guest $1 up"
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
	xl network-attach "$1" "mac=$(guest_mac "$(end_id "$1")" 0)" \
		"bridge=$BRIDGE" >/dev/null &&
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

guest_names()
{
	xl list | awk 'NR > 1 && $2 != 0 { print $1 }'
}

no_guest_left()
{
	[ "$(xl list | wc -l)" -eq 2 ] && [ -z "$(all_vifs)" ]
}

# guest NAME COMMAND [LIMIT]: runs the command in the guest (see its agent),
# prints its output and returns its exit status.
guest()
{
	local name=$1 limit=${3:-60} id data seq answer

	id=$(guest_id "$name") || {
		echo "guest $name is gone"
		return 125
	}
	data=/local/domain/$id/data
	seq=$(next_sequence)
	xenstore-write -R "$data/cmd" "$seq $limit $2"
	wait_until $((limit + 5)) "$name runs: $2" answered "$data" "$seq" ||
		return 124
	answer=$(xenstore-read "$data/done")
	printf '%s\n' "$(xenstore-read -R "$data/out")"
	return "${answer#* }"
}

answered()
{
	case "$(xenstore-read "$1/done" 2>/dev/null)" in
	"$2 "*) return 0 ;;
	esac
	return 1
}

# Unique in the run, also across subshells.
next_sequence()
{
	local seq

	seq=$(($(cat /run/sequence 2>/dev/null || echo 0) + 1))
	echo $seq >/run/sequence
	echo $seq
}
