# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# The quick test, without a guest: see dom0/loopback.sh.
#
# in: check quick short world
# needs: dom0
# takes: 6

reload_netback
resources_before
check connect "loopback vif: netfront and netback connect" create_loopback
check traffic-to-front "loopback vif: verified traffic reaches the front end" \
	flows dom0 front "$HANDLE"
check traffic-from-front \
	"loopback vif: verified traffic from the front end arrives" \
	front flows 1 "$HANDLE"
check removed "loopback vif: both ends are removed" remove_loopback
check_nothing_leaked "after the loopback"
check_unloads
check_quiet_log
