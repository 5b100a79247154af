# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# Starts the guests and an interactive shell on dom0's console.

export SCENARIO=shell
load_netback
start_guests "$GUESTS" || progress "not all of $GUESTS guests have started"
cat >/dev/console <<END

This is dom0 of the lab. Guests: $(guest_names | tr '\n' ' ')
  guest g1 'ip addr'     run a command in guest g1
  flows dom0 g1          send verified traffic; also g1 dom0, g1 g2
  live_update max_queues=1
                         load the driver again with other parameters
  exit                   end the machine

END
echo '. /lab/settings; . /lab/lib.sh' >/run/profile
ENV=/run/profile PS1='lab# ' setsid cttyhack sh -i </dev/hvc0 >/dev/hvc0 2>&1
