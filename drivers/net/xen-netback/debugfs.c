// SPDX-License-Identifier: GPL-2.0

#include "debugfs.h"

#include <linux/debugfs.h>
#include <linux/netdevice.h>
#include <linux/seq_file.h>

#include "group.h"
#include "netif.h"
#include "place.h"
#include "queue.h"
#include "stats.h"

static struct dentry *root;

static void show_group(struct seq_file *m, struct xen_netbk *netbk)
{
	struct netbk_lane_counts tx, rx;

	netbk_read_lane(&netbk->lane[NETBK_TX], &tx);
	netbk_read_lane(&netbk->lane[NETBK_RX], &rx);
	seq_printf(m, "%u %d %u %llu %llu %llu %llu %llu %llu %llu %llu %llu %llu %llu %u %lu %llu\n",
		   netbk->index, READ_ONCE(netbk->lane[NETBK_TX].cpu),
		   READ_ONCE(netbk->nr_queues),
		   tx.packets, tx.bytes, tx.batches, tx.copies,
		   rx.packets, rx.bytes, rx.batches, rx.copies,
		   tx.notifies + rx.notifies, tx.hypercalls + rx.hypercalls,
		   tx.busy_ns + rx.busy_ns, READ_ONCE(netbk->load),
		   READ_ONCE(netbk->moves), tx.behind_ns + rx.behind_ns);
}

static int groups_show(struct seq_file *m, void *unused)
{
	unsigned int i;

	seq_puts(m, "group cpu queues tx_packets tx_bytes tx_batches tx_copies rx_packets rx_bytes rx_batches rx_copies notifies hypercalls busy_ns load moves behind_ns\n");
	for (i = 0; i < netbk_groups_count(); i++)
		show_group(m, netbk_group(i));
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(groups);

static void show_queue(struct xenvif_queue *queue,
		       const struct xen_netbk *netbk, void *data)
{
	struct xenvif_counts counts;

	xenvif_read_counts(queue, &counts);
	seq_printf(data, "%s %u %u %u %u %u %llu %llu %llu %llu\n",
		   netdev_name(queue->netif->dev), queue->id, netbk->index,
		   queue->pinned, READ_ONCE(queue->netif->weight), queue->load,
		   counts.tx_packets, counts.tx_bytes,
		   counts.rx_packets, counts.rx_bytes);
}

static int queues_show(struct seq_file *m, void *unused)
{
	seq_puts(m, "vif queue group pinned weight load tx_packets tx_bytes rx_packets rx_bytes\n");
	netbk_visit_placed(show_queue, m);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(queues);

static void show_histogram(struct seq_file *m, const struct netbk_lane *lane,
			   const struct netbk_histogram *histogram)
{
	unsigned int i;

	for (i = 0; i < NETBK_HISTOGRAM_BUCKETS; i++) {
		unsigned long count = READ_ONCE(histogram->count[i]);

		if (count)
			seq_printf(m, "%u %s %llu %lu\n", lane->netbk->index,
				   lane->dir == NETBK_TX ? "tx" : "rx",
				   netbk_histogram_up_to(i), count);
	}
}

/* Of all lanes; @offset says which histogram of theirs. */
static void show_histograms(struct seq_file *m, size_t offset)
{
	unsigned int i, dir;

	for (i = 0; i < netbk_groups_count(); i++) {
		for (dir = 0; dir < NETBK_DIRS; dir++) {
			struct netbk_lane *lane = &netbk_group(i)->lane[dir];

			show_histogram(m, lane, (void *)lane + offset);
		}
	}
}

static int batches_show(struct seq_file *m, void *unused)
{
	seq_puts(m, "group dir packets runs\n");
	show_histograms(m, offsetof(struct netbk_lane, packets_in_runs));
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(batches);

static int gaps_show(struct seq_file *m, void *unused)
{
	seq_puts(m, "group dir ns visits\n");
	show_histograms(m, offsetof(struct netbk_lane, gaps));
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(gaps);

/**
 * xenvif_debugfs_init - create the folder and its tables
 *
 * Context: module init, with the groups made; may sleep. A failure only costs
 * the view.
 */
void xenvif_debugfs_init(void)
{
	root = debugfs_create_dir("xen-netback", NULL);
	debugfs_create_file("groups", 0400, root, NULL, &groups_fops);
	debugfs_create_file("queues", 0400, root, NULL, &queues_fops);
	debugfs_create_file("batches", 0400, root, NULL, &batches_fops);
	debugfs_create_file("gaps", 0400, root, NULL, &gaps_fops);
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
