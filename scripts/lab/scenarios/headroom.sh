# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
#	test frontend --- vif0.8 (netback), all of it in dom0
#
# Headroom that a frontend wants in front of each packet, for XDP, and parameters of
# the driver that take away what it offers.
#
# in: check
# needs: front our-driver
# takes: 15

# Of netif.h: type of an extra info.
readonly EXTRA_XDP=5

# headroom BYTES: changes it while connected, as netfront does.
headroom()
{
	xenstore-write "/local/domain/0/device/vif/$TEST_HANDLE/xdp-headroom" "$1"
	front_do "state 7" && front_awaits 8 && front_do "state 4" &&
		front_awaits 4
}

# lies_at BYTES HEX: pings come behind that many bytes, and an extra info says so.
lies_at()
{
	front_do "received 0" && front_log >/dev/null
	/usr/bin/ping -U -q -c 1 -W 1 -s 1000 "$FAR" >/dev/null
	front_do "received 0 64" && front_log >/run/room.log
	grep -q "^rx 0 [0-9]* $1 0x[0-9a-f]* [0-9]* $(address_hex "$(front_mac)")" \
		/run/room.log || {
		cat /run/room.log
		return 1
	}
	front_content || return
	if [ "$1" = 0 ]; then
		! grep "^extra 0 $EXTRA_XDP" /run/room.log
	else
		grep -q "^extra 0 $EXTRA_XDP 0x0 $2" /run/room.log
	fi
}

# sums_to PIECES: the 1042 bytes of a ping come in that many pieces or more.
sums_to()
{
	awk -v most="$1" '$1 == "rx" && length($7) { n++; sum += $6 }
		END { exit !(sum >= 1042 && n >= most) }' /run/room.log
}

# offers KEY VALUE
offers()
{
	[ "$(xenstore-read "backend/vif/0/$TEST_HANDLE/$1")" = "$2" ]
}

reload_netback
resources_before
check module-loads "test frontend: the module loads" front_load
check vif-created "test frontend: a vif with xdp-headroom=256 is created" \
	front_create "$TEST_HANDLE" xdp-headroom=256 || return
check connect "xdp-headroom 256: both ends connect" connect_posted 1
check bytes-256 "xdp-headroom 256: packets come behind 256 bytes" \
	lies_at 256 0001
check change-to-0 "xdp-headroom 0: it is taken from a connected frontend" \
	headroom 0
check bytes-0 "xdp-headroom 0: packets come at the begin of a page" lies_at 0
check change-to-32767 \
	"xdp-headroom 32767: it is taken from a connected frontend" \
	headroom 32767
check bytes-4082 \
	"xdp-headroom 32767: packets come behind 4082 bytes, an Ethernet header in front of the end of the page" \
	lies_at 4082 f20f
check rest-in-next-page \
	"xdp-headroom 32767: the rest of the packet is in the next page" sums_to 2
check removed "vif with headroom: it is removed" front_remove
check other-parameters \
	"separate_tx_rx_irq=0 provides_xdp_headroom=0 hash_cache_size=7: the driver loads" \
	reload_netback separate_tx_rx_irq=0 provides_xdp_headroom=0 \
	hash_cache_size=7
check other-vif-created \
	"provides_xdp_headroom=0: a vif with xdp-headroom=256 is created" \
	front_create "$TEST_HANDLE" xdp-headroom=256
check not-offered "provides_xdp_headroom=0: feature-xdp-headroom is 0" \
	offers feature-xdp-headroom 0
check not-split "separate_tx_rx_irq=0: feature-split-event-channels is 0" \
	offers feature-split-event-channels 0
check connect-common "separate_tx_rx_irq=0: one event channel connects" \
	connect_posted 1
check not-given "provides_xdp_headroom=0: packets come without headroom" \
	lies_at 0
check other-removed "provides_xdp_headroom=0: the vif is removed" front_remove
check module-unloads "test frontend: the module unloads" front_unload
xenstore-rm /local/domain/0/error/backend 2>/dev/null
check_nothing_leaked "after headroom"
check_unloads
# Refusals are errors in the log, as they must be.
check_no_reports
