# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# What needs dom0's rights: Xen's tools, the guests' part of xenstore, the
# serial port that takes the results. In a driver domain remote.sh replaces
# these functions by calls of the same ones in dom0.

# One line of the results.
report()
{
	printf '%s\n' "$1" >/dev/ttyS1
}

power_off()
{
	sync
	poweroff -f
}

remove_file()
{
	rm -f "$1"
}

# share_agent GUEST DOMAIN: lets a driver domain ask a guest's agent by itself.
# A node belongs to who made it: made by the driver domain, the command could not
# be read by the guest. What the agent has made before, or will make, is shared.
share_agent()
{
	local data=/local/domain/$1/data

	xenstore-write "$data/cmd" "" &&
		xenstore-chmod -r "$data" "n$1" "b$2"
}

# Waits until the agent of a guest answers; what Xen knows of the guest, and its
# console from the first complaint on, explain a failure. wait_agent NAME ID
wait_agent()
{
	wait_until 120 "agent of $1 ready" \
		xenstore-exists "/local/domain/$2/data/ready" && return
	guest_state "$2" "$1"
	return 1
}

# guest_console NAME [LINES]: the last lines of a guest's console, after what it
# complained of first.
guest_console()
{
	local log=/var/log/xen/console/guest-$1.log

	grep -m 1 -A 30 -E "$REPORTS|nobody cared|NMI backtrace" "$log"
	tail -n "${2:-20}" "$log"
}

# guest_state ID NAME: what Xen and the guest's console say of a guest that says
# nothing by itself: whether it runs, and where.
guest_state()
{
	local cpu

	xl list
	xl vcpu-list "$1"
	for cpu in $(xl vcpu-list "$1" | awk 'NR > 1 { print $3 }'); do
		xenctx -a "$1" "$cpu" | head -n 60
	done
	guest_console "$2"
}

# What the guests' kernels had to say, if that is no good: status 1 if nothing.
guest_complaints()
{
	grep -A 60 -hE "$REPORTS" /var/log/xen/console/guest-*.log
}

# ask_agent ID LIMIT COMMAND: runs the command in the guest (see agent.c), prints its
# output and returns its exit status, or 124 if there is no answer.
ask_agent()
{
	agent ask "/local/domain/$1/data" $(($2 * SLOWNESS)) "$3"
}

# What Xen prints on its console for a debug key.
xen_says()
{
	xl dmesg -c >/dev/null
	xl debug-keys "$1"
	xl dmesg
}

# Ports of domain $1 connected to another one, as Xen itself counts them.
interdomain_channels()
{
	xen_says e | awk -v domain="$1" '
		/information for domain/ {
			ours = $0 ~ "domain " domain ":"
		}
		ours && /s=3/' | wc -l
}

# Grants of any domain that domain $1 has mapped, as Xen itself counts them. A
# line has the reference, who maps it, the frame and how often it is mapped.
grants_mapped()
{
	xen_says g | awk -v domain="$1" '
		sub(/.*\[0x[0-9a-f]+\] */, "") && $1 == domain { count++ }
		END { print count + 0 }'
}

# xenstore_quota DOMAIN: prints what a domain uses. xenstore_quota set NAME NUMBER: for
# all domains but dom0.
xenstore_quota()
{
	"$XEN_TOOLS/xenstore-control" quota "$@"
}

# make_vif BACKEND GUEST HANDLE [KIND]: without a program of Xen's, which takes seconds.
# Netfront takes devices of KIND vif, which is the default.
make_vif()
{
	local back=/local/domain/$1/backend/vif/$2/$3
	local front=/local/domain/$2/device/${4:-vif}/$3

	xenstore-write "$back" '' "$front" '' &&
		xenstore-chmod "$back" "n$1" "r$2" &&
		xenstore-chmod "$front" "n$2" "r$1" &&
		xenstore-write "$front/backend" "$back" "$front/backend-id" "$1" \
			"$front/handle" "$3" "$front/mac" 00:16:3e:00:02:01 \
			"$front/state" 1 "$back/frontend" "$front" \
			"$back/frontend-id" "$2" "$back/online" 1 \
			"$back/handle" "$3" "$back/script" vif-lab \
			"$back/bridge" none "$back/mac" 00:16:3e:00:02:01 \
			"$back/state" 1
}

# remove_vif BACKEND GUEST HANDLE [KIND]
remove_vif()
{
	xenstore-rm "/local/domain/$1/backend/vif/$2/$3" &&
		xenstore-rm "/local/domain/$2/device/${4:-vif}/$3"
}

# vanish_in_probe BACKEND GUEST COUNT: vifs, each of which is removed 0 to 60 ms after
# its nodes are there. Netfront would take 5 s for each.
vanish_in_probe()
{
	local number

	for number in $(seq "$3"); do
		make_vif "$1" "$2" $((20 + number % 8)) lab || return
		usleep $((number % 7 * 10000))
		remove_vif "$1" "$2" $((20 + number % 8)) lab || return
	done
}

node_is()
{
	[ "$(xenstore-read "$1")" = "$2" ]
}

# connect_and_close BACKEND GUEST COUNT: a vif with handle 20, as often as that.
connect_and_close()
{
	local number back=/local/domain/$1/backend/vif/$2/20

	for number in $(seq "$3"); do
		make_vif "$1" "$2" 20 &&
			wait_until 10 "Connected, vif $number" \
				node_is "$back/state" 4 &&
			xenstore-write "$back/online" 0 "$back/state" 5 &&
			wait_until 10 "Closed, vif $number" \
				node_is "$back/state" 6 &&
			remove_vif "$1" "$2" 20 || return
	done
}

# start_driver_domain [WORD]: the word is for its kernel's command line.
start_driver_domain()
{
	local id

	cat /lab/backend.cpio /lab/overlay.cpio >/tmp/backend.img
	xl create /dev/null "name = '$BACKEND_DOMAIN'
		$BACKEND_OPTIONS
		kernel = '/lab/backend.vmlinux'
		ramdisk = '/tmp/backend.img'
		extra = 'console=hvc0 panic=-1 oops=panic loglevel=5 log_buf_len=4M $BACKEND_WORDS lab.driver-domain $1'
		memory = $BACKEND_MEM
		vcpus = $GUEST_VCPUS
		driver_domain = 1
		on_crash = 'preserve'
		on_reboot = 'preserve'" >/run/backend.log 2>&1 || return
	id=$(xl domid "$BACKEND_DOMAIN")
	rm /tmp/backend.img
	agent serve "/local/domain/$id/data/tools" >/run/agent.log 2>&1 &
	touch /run/heard
}

# restart_driver_domain SCENARIO COUNT: the domain that asks for it is destroyed.
restart_driver_domain()
{
	touch /run/restarting
	xl destroy "$BACKEND_DOMAIN" && start_driver_domain "lab.resume=$1,$2"
	rm /run/restarting
}
