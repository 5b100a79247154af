// SPDX-License-Identifier: GPL-2.0

#include "debugfs.h"

#include <linux/bits.h>
#include <linux/debugfs.h>
#include <linux/minmax.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include <xen/interface/io/netif.h>
#include <xen/interface/io/ring.h>

#include "ctrl.h"
#include "group.h"
#include "group_load.h"
#include "group_place.h"
#include "lane_run.h"
#include "queue.h"
#include "rx_stall.h"
#include "vif.h"
#include "vif_stats.h"

static struct dentry *root;

/* ------------------------------ groups ------------------------------- */

static const char * const lane_counts[NETBK_LANE_COUNTS] = {
	[NETBK_PACKETS] = "packets",
	[NETBK_BYTES] = "bytes",
	[NETBK_BATCHES] = "batches",
	[NETBK_COPIES] = "copies",
	[NETBK_NOTIFIES] = "notifies",
	[NETBK_HYPERCALLS] = "hypercalls",
	[NETBK_BUSY_NS] = "busy_ns",
	[NETBK_BEHIND_NS] = "behind_ns",
};

/* Those before this are shown of each direction, the others of both. */
#define OF_BOTH NETBK_NOTIFIES
/* Columns that have been added later come last. */
#define ADDED_LATER NETBK_BEHIND_NS

static void show_counts(struct seq_file *m, const u64 *count, unsigned int i,
			unsigned int end)
{
	for (; i < end; i++)
		seq_printf(m, " %llu", count[i]);
}

static void show_group(struct seq_file *m, struct xen_netbk *netbk)
{
	struct netbk_lane_counts tx, rx;
	u64 both[NETBK_LANE_COUNTS];
	unsigned int i;

	netbk_read_lane(&netbk->lane[NETBK_TX], &tx);
	netbk_read_lane(&netbk->lane[NETBK_RX], &rx);
	for (i = 0; i < NETBK_LANE_COUNTS; i++)
		both[i] = tx.count[i] + rx.count[i];

	seq_printf(m, "%u %d %u", netbk->index,
		   READ_ONCE(netbk->lane[NETBK_TX].cpu),
		   READ_ONCE(netbk->nr_queues));
	show_counts(m, tx.count, 0, OF_BOTH);
	show_counts(m, rx.count, 0, OF_BOTH);
	show_counts(m, both, OF_BOTH, ADDED_LATER);
	seq_printf(m, " %u %lu", READ_ONCE(netbk->load),
		   READ_ONCE(netbk->moves));
	show_counts(m, both, ADDED_LATER, NETBK_LANE_COUNTS);
	seq_putc(m, '\n');
}

static void show_names(struct seq_file *m, const char *before, unsigned int i,
		       unsigned int end)
{
	for (; i < end; i++)
		seq_printf(m, " %s%s", before, lane_counts[i]);
}

static int netbk_groups_show(struct seq_file *m, void *unused)
{
	unsigned int i;

	seq_puts(m, "group cpu queues");
	show_names(m, "tx_", 0, OF_BOTH);
	show_names(m, "rx_", 0, OF_BOTH);
	show_names(m, "", OF_BOTH, ADDED_LATER);
	seq_puts(m, " load moves");
	show_names(m, "", ADDED_LATER, NETBK_LANE_COUNTS);
	seq_putc(m, '\n');
	for (i = 0; i < netbk_groups_count(); i++)
		show_group(m, netbk_group(i));
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(netbk_groups);

static void show_queue(struct xenvif_queue *queue,
		       const struct xen_netbk *netbk, void *data)
{
	struct xenvif_counts counts;

	xenvif_read_counts(queue, &counts);
	seq_printf(data, "%s %u %u %u %u %u %llu %llu %llu %llu\n",
		   netdev_name(queue->netif->dev), queue->id, netbk->index,
		   queue->pinned, READ_ONCE(queue->netif->weight),
		   netbk_load_of(queue),
		   counts.tx[XENVIF_PACKETS], counts.tx[XENVIF_BYTES],
		   counts.rx[XENVIF_PACKETS], counts.rx[XENVIF_BYTES]);
}

static int netbk_queues_show(struct seq_file *m, void *unused)
{
	seq_puts(m, "vif queue group pinned weight load tx_packets tx_bytes rx_packets rx_bytes\n");
	netbk_visit_placed(show_queue, m);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(netbk_queues);

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

/* @offset selects the histogram within each lane. */
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

static int netbk_batches_show(struct seq_file *m, void *unused)
{
	seq_puts(m, "group dir packets runs\n");
	show_histograms(m, offsetof(struct netbk_lane, packets_in_runs));
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(netbk_batches);

static int netbk_gaps_show(struct seq_file *m, void *unused)
{
	seq_puts(m, "group dir ns visits\n");
	show_histograms(m, offsetof(struct netbk_lane, gaps));
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(netbk_gaps);

/* ------------------------------- vifs -------------------------------- */

/* Indices of both ends. The guest and the worker move them meanwhile, so they
 * may differ by the time that they are read.
 */
static void show_tx_ring(struct seq_file *m, const struct xenvif_queue *queue)
{
	const struct xen_netif_tx_back_ring *ring = &queue->tx;
	const struct xen_netif_tx_sring *sring = ring->sring;

	seq_printf(m, "tx size %u\n", RING_SIZE(ring));
	seq_printf(m, "tx req_prod %u req_cons %u req_event %u\n",
		   READ_ONCE(sring->req_prod), READ_ONCE(ring->req_cons),
		   READ_ONCE(sring->req_event));
	seq_printf(m, "tx rsp_prod %u rsp_prod_pvt %u rsp_event %u\n",
		   READ_ONCE(sring->rsp_prod), READ_ONCE(ring->rsp_prod_pvt),
		   READ_ONCE(sring->rsp_event));
}

static void show_rx_ring(struct seq_file *m, const struct xenvif_queue *queue)
{
	const struct xen_netif_rx_back_ring *ring = &queue->rx;
	const struct xen_netif_rx_sring *sring = ring->sring;

	seq_printf(m, "rx size %u\n", RING_SIZE(ring));
	seq_printf(m, "rx req_prod %u req_cons %u req_event %u\n",
		   READ_ONCE(sring->req_prod), READ_ONCE(ring->req_cons),
		   READ_ONCE(sring->req_event));
	seq_printf(m, "rx rsp_prod %u rsp_prod_pvt %u rsp_event %u\n",
		   READ_ONCE(sring->rsp_prod), READ_ONCE(ring->rsp_prod_pvt),
		   READ_ONCE(sring->rsp_event));
}

static void show_queue_state(struct seq_file *m,
			     const struct xenvif_queue *queue)
{
	unsigned long events = READ_ONCE(queue->events);

	seq_printf(m, "group %d\n", netbk_group_of_queue(queue));
	seq_printf(m, "events eoi_tx %u eoi_rx %u eoi_common %u\n",
		   !!(events & BIT(XENVIF_EOI_TX)),
		   !!(events & BIT(XENVIF_EOI_RX)),
		   !!(events & BIT(XENVIF_EOI_COMMON)));
	seq_printf(m, "waits turn_tx %lu turn_rx %lu limited_tx %u limited_rx %u starved %u late %u stalled %u\n",
		   READ_ONCE(queue->tx_turn.state),
		   READ_ONCE(queue->rx_turn.state),
		   !!(events & BIT(XENVIF_TX_LIMITED)),
		   !!(events & BIT(XENVIF_RX_LIMITED)),
		   !!(events & BIT(XENVIF_RX_STARVED)),
		   !!(events & BIT(XENVIF_RX_LATE)),
		   xenvif_is_stalled(queue));
	seq_printf(m, "inflight bytes %u waits %u\n",
		   xenvif_inflight_bytes(queue),
		   !!(events & BIT(XENVIF_TX_INFLIGHT)));
	seq_printf(m, "queued packets %u bytes %u memory %u stopped %u\n",
		   READ_ONCE(queue->rx_queued.packets),
		   READ_ONCE(queue->rx_queued.bytes),
		   READ_ONCE(queue->rx_queued.memory),
		   netif_tx_queue_stopped(netdev_get_tx_queue(queue->netif->dev,
							      queue->id)));
}

static int io_ring_show(struct seq_file *m, void *unused)
{
	const struct xenvif_queue *queue = m->private;

	show_tx_ring(m, queue);
	show_rx_ring(m, queue);
	show_queue_state(m, queue);
	return 0;
}

static int io_ring_open(struct inode *inode, struct file *file)
{
	return single_open(file, io_ring_show, inode->i_private);
}

/* "kick" has both rings checked, as if the guest had sent an event. */
static ssize_t io_ring_write(struct file *file, const char __user *buf,
			     size_t len, loff_t *pos)
{
	struct seq_file *m = file->private_data;
	struct xenvif_queue *queue = m->private;
	char copy[8] = {}, *word;

	if (copy_from_user(copy, buf, min(len, sizeof(copy) - 1)))
		return -EFAULT;
	word = strim(copy);
	if (strcmp(word, "kick")) {
		if (net_ratelimit())
			netdev_err(queue->netif->dev,
				   "io_ring_q%u: invalid value \"%s\", only \"kick\" is accepted\n",
				   queue->id, word);
		return -EINVAL;
	}
	netbk_start_queue(queue);
	return len;
}

static const struct file_operations io_ring_fops = {
	.owner = THIS_MODULE,
	.open = io_ring_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.write = io_ring_write,
	.release = single_release,
};

static int ctrl_show(struct seq_file *m, void *unused)
{
	xenvif_ctrl_show(m, m->private);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(ctrl);

/**
 * xenvif_debugfs_add - create the folder of a vif
 * @netif: connected
 *
 * A failure is ignored; only the files are missing then.
 *
 * Context: process, may sleep.
 */
void xenvif_debugfs_add(struct xen_netif *netif)
{
	char name[32];
	unsigned int id;

	netif->debugfs = debugfs_create_dir(netdev_name(netif->dev), root);
	for (id = 0; id < netif->num_queues; id++) {
		snprintf(name, sizeof(name), "io_ring_q%u", id);
		debugfs_create_file(name, 0600, netif->debugfs,
				    &netif->queues[id], &io_ring_fops);
	}
	debugfs_create_file("ctrl", 0400, netif->debugfs, &netif->ctrl,
			    &ctrl_fops);
}

/**
 * xenvif_debugfs_remove - remove the folder of a vif
 * @netif: with its rings still mapped
 *
 * No reader of a file uses the rings when this returns.
 *
 * Context: process, may sleep.
 */
void xenvif_debugfs_remove(struct xen_netif *netif)
{
	debugfs_remove(netif->debugfs);
	netif->debugfs = NULL;
}

/* --------------------------------------------------------------------- */

/**
 * netbk_debugfs_init - create the folder and its tables
 *
 * A failure is ignored; only the files are missing then.
 *
 * Context: module init, after the groups have been created; may sleep.
 */
void netbk_debugfs_init(void)
{
	root = debugfs_create_dir("xen-netback", NULL);
	debugfs_create_file("groups", 0400, root, NULL, &netbk_groups_fops);
	debugfs_create_file("queues", 0400, root, NULL, &netbk_queues_fops);
	debugfs_create_file("batches", 0400, root, NULL, &netbk_batches_fops);
	debugfs_create_file("gaps", 0400, root, NULL, &netbk_gaps_fops);
}

/**
 * netbk_debugfs_deinit - remove the folder
 *
 * Context: module exit, may sleep.
 */
void netbk_debugfs_deinit(void)
{
	debugfs_remove(root);
}
