# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# The quick test, without a guest: see dom0/loopback.sh.
#
# in: check quick short
# needs: dom0
# takes: 6

reload_netback
resources_before
check "both ends connect" create_loopback
check "verified traffic to the front end" flows dom0 front "$HANDLE"
check "verified traffic from the front end" front flows 1 "$HANDLE"
check "device removed" remove_loopback
check_nothing_leaked "after the loopback"
check_unloads
check_quiet_log
