# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# Interactive shell on dom0's console, with the guests asked for running.

export SCENARIO=shell
load_netback
start_guests "$GUESTS" || progress "not all guests are up"
cat >/dev/console <<END

dom0 of the lab. Guests: $(guest_names | tr '\n' ' ')
  guest g1 'ip addr'     run a command in guest g1
  flows dom0 g1          verified traffic; also g1 dom0, g1 g2
  live_update max_queues=1
                         the driver again with other parameters
  exit                   ends the machine

END
echo '. /lab/settings; . /lab/lib.sh' >/run/profile
ENV=/run/profile PS1='lab# ' setsid cttyhack sh -i </dev/hvc0 >/dev/hvc0 2>&1
