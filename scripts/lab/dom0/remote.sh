# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# In a driver domain: dom0 does what only dom0 can. The way there is the one
# that the guests' agents use, turned round: a command line in xenstore, its
# output and its status.

readonly TOOLS=data/tools

# A word as a shell would have to be given it.
quoted()
{
	printf "'%s'" "$(printf '%s' "$1" | sed "s/'/'\\\\''/g")"
}

# tools COMMAND...: one at a time, whoever asks.
tools()
{
	local words='' word seq

	for word; do
		words="$words $(quoted "$word")"
	done
	(
		flock 9
		seq=$(next_sequence)
		xenstore-write -R $TOOLS/cmd "$seq 900 /lab/tools$words" ||
			exit 125
		read_answer $TOOLS/done "$seq" 1000
	) 9>/run/tools.lock
}

for function in report power_off remove_file wait_agent guest_console \
	ask_agent guest_complaints interdomain_channels \
	grants_mapped xl; do
	eval "$function() { tools $function \"\$@\"; }"
done
