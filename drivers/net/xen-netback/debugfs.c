// SPDX-License-Identifier: GPL-2.0

#include "debugfs.h"

#include <linux/debugfs.h>
#include <linux/seq_file.h>

#include "group.h"

static struct dentry *root;

/**
 * struct lane_counts - one consistent reading of a lane's counters
 * @packets: see struct netbk_lane_stats
 * @bytes: same
 * @batches: same
 * @copies: same
 * @hypercalls: same
 * @notifies: same
 */
struct lane_counts {
	u64 packets;
	u64 bytes;
	u64 batches;
	u64 copies;
	u64 hypercalls;
	u64 notifies;
};

static void read_lane(struct netbk_lane_stats *stats,
		      struct lane_counts *counts)
{
	unsigned int start;

	do {
		start = u64_stats_fetch_begin(&stats->syncp);
		counts->packets = u64_stats_read(&stats->packets);
		counts->bytes = u64_stats_read(&stats->bytes);
		counts->batches = u64_stats_read(&stats->batches);
		counts->copies = u64_stats_read(&stats->copies);
		counts->hypercalls = u64_stats_read(&stats->hypercalls);
		counts->notifies = u64_stats_read(&stats->notifies);
	} while (u64_stats_fetch_retry(&stats->syncp, start));
}

static void show_group(struct seq_file *m, struct xen_netbk *netbk)
{
	struct lane_counts tx, rx;

	read_lane(&netbk->lane[NETBK_TX].stats, &tx);
	read_lane(&netbk->lane[NETBK_RX].stats, &rx);
	seq_printf(m, "%u %d %u %llu %llu %llu %llu %llu %llu %llu %llu %llu %llu %lu\n",
		   netbk->index, READ_ONCE(netbk->lane[NETBK_TX].cpu),
		   READ_ONCE(netbk->nr_queues),
		   tx.packets, tx.bytes, tx.batches, tx.copies,
		   rx.packets, rx.bytes, rx.batches, rx.copies,
		   tx.notifies + rx.notifies, tx.hypercalls + rx.hypercalls,
		   READ_ONCE(netbk->moves));
}

static int groups_show(struct seq_file *m, void *unused)
{
	unsigned int i;

	seq_puts(m, "group cpu queues tx_packets tx_bytes tx_batches tx_copies rx_packets rx_bytes rx_batches rx_copies notifies hypercalls moves\n");
	for (i = 0; i < netbk_groups_count(); i++)
		show_group(m, netbk_group(i));
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(groups);

/**
 * xenvif_debugfs_init - create the folder and its table of groups
 *
 * Context: module init, with the groups made; may sleep. A failure only costs
 * the view.
 */
void xenvif_debugfs_init(void)
{
	root = debugfs_create_dir("xen-netback", NULL);
	debugfs_create_file("groups", 0400, root, NULL, &groups_fops);
}

/**
 * xenvif_debugfs_deinit - remove the folder
 *
 * Context: module exit, may sleep.
 */
void xenvif_debugfs_deinit(void)
{
	debugfs_remove(root);
}
