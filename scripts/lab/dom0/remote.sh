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
		seq=$(next_sequence /run/tools.sequence)
		xenstore-write -R $TOOLS/cmd "$seq 900 /lab/tools$words" ||
			exit 125
		read_answer $TOOLS/done "$seq" 1000
	) 9>/run/tools.lock
}

for function in remove_file share_agent guest_console guest_state \
	guest_complaints interdomain_channels grants_mapped xl; do
	eval "$function() { tools $function \"\$@\"; }"
done

# Results wait in a file until send_results takes as many as a call can hold.
readonly QUEUE=/run/results.queue

report()
{
	printf '%s\n' "$1" >>$QUEUE
}

# next_results FIRST: lines from that one on, at least one. With its quotes the
# whole has to fit a node of 2048 bytes.
next_results()
{
	tail -n "+$1" $QUEUE | awk '
		{ bytes += length($0) + 1 }
		NR > 1 && bytes > 1200 { exit }
		{ print substr($0, 1, 1200) }'
}

send_results()
{
	local sent=0 lines

	while :; do
		lines=$(next_results $((sent + 1)))
		if [ -z "$lines" ]; then
			[ ! -e /run/results.last ] || break
			sleep 2
			continue
		fi
		tools report "$lines"
		sent=$((sent + $(echo "$lines" | wc -l)))
	done
	tools power_off
}

power_off()
{
	touch /run/results.last
}
