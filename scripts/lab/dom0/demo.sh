# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# Runs two guests on a bridge with traffic between them and with dom0, and shows the
# driver's counters.

export SCENARIO=demo
readonly SECONDS_EACH=3

# iperf FROM TO: measures a TCP stream, and keeps the lines with its results.
iperf()
{
	local output

	progress "iperf3 $1 to $2, $SECONDS_EACH s"
	output=$(at "$1" "iperf3 -f m -c 10.0.0.$(end_id "$2") -t $SECONDS_EACH") ||
		ktap_not_ok "iperf-$1-$2" "iperf3: it runs from $1 to $2"
	echo "$1 to $2:" >>/run/demo.iperf
	echo "$output" | grep -E 'sender|receiver|error' >>/run/demo.iperf
}

show()
{
	result "# "
	result "# $1"
	while IFS= read -r line; do
		result "#   $line"
	done
}

group_table()
{
	local table=/sys/kernel/debug/xen-netback/groups

	[ -e $table ] && cat $table || echo "this driver has no groups"
}

vif_table()
{
	local vif name stats

	echo "vif domain queues tx_packets tx_bytes rx_packets rx_bytes"
	for vif in $(bound_vifs); do
		name=$(vif_name "$vif")
		stats=/sys/class/net/$name/statistics
		# The vif receives what the guest sends.
		echo "$name $(domain_name "${name#vif}")" \
			"$(find "/sys/class/net/$name/queues" -name 'tx-*' | wc -l)" \
			"$(cat "$stats/rx_packets") $(cat "$stats/rx_bytes")" \
			"$(cat "$stats/tx_packets") $(cat "$stats/tx_bytes")"
	done
}

domain_name()
{
	xenstore-read "/local/domain/${1%%.*}/name"
}

# Aligns columns; busybox has no column(1).
aligned()
{
	awk '{ for (i = 1; i <= NF; i++) {
			cell[NR, i] = $i
			if (length($i) > width[i])
				width[i] = length($i)
		}
		fields[NR] = NF
	}
	END { for (row = 1; row <= NR; row++) {
			line = ""
			for (i = 1; i <= fields[row]; i++)
				line = line sprintf("%" width[i] + 2 "s", cell[row, i])
			print line
		}
	}'
}

check load "driver: it loads" load_netback
check guests-start "two guests on a bridge: they start" start_guests 2
iperf g1 g2
iperf dom0 g1
iperf g1 dom0
group_table | aligned | show "Traffic of each group (Tx: guests send)"
vif_table | aligned | show "Traffic of each vif (Tx: the guest sends)"
show "iperf3" </run/demo.iperf
