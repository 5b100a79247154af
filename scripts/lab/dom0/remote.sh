# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# In a driver domain: dom0 executes what only dom0 can do. The channel is that of the
# guests' agents in the other direction: a command line in xenstore, its output and
# its status.

readonly TOOLS=data/tools

# quoted WORD: prints a word with quotes for a shell.
quoted()
{
	printf "'%s'" "$(printf '%s' "$1" | sed "s/'/'\\\\''/g")"
}

# tools COMMAND...: runs a command in dom0. A lock allows only one at a time.
tools()
{
	local words='' word

	for word; do
		words="$words $(quoted "$word")"
	done
	(
		flock 9
		agent ask $TOOLS 995 "/lab/tools$words"
	) 9>/run/tools.lock
}

for function in remove_file share_agent guest_console guest_state \
	guest_complaints interdomain_channels grants_mapped xl; do
	eval "$function() { tools $function \"\$@\"; }"
done

# Results are queued in a file until send_results sends them, as many per call as it
# can hold.
readonly QUEUE=/run/results.queue

report()
{
	printf '%s\n' "$1" >>$QUEUE
}

# next_results FIRST: prints at least one line of the queue, from line FIRST on. With
# quotes they have to fit into a node of 2048 bytes.
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
		echo $sent >/run/results.sent
	done
	tools power_off
}

power_off()
{
	touch /run/results.last
}

all_results_sent()
{
	[ "$(cat /run/results.sent)" = "$(wc -l <$QUEUE)" ]
}

# restart_backend: this domain is destroyed, and the next one goes on with the scenario:
# RESUMED is 1 there. Results that are not sent would be lost.
restart_backend()
{
	wait_until 60 "all results are sent" all_results_sent || return
	tools restart_driver_domain "$SCENARIO" "$(wc -l </run/results.count)"
}
