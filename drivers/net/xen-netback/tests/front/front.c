// SPDX-License-Identifier: GPL-2.0
/*
 * The test frontend. It binds to "vif" devices as xen-netfront does, but has no
 * net device and does nothing by itself. Each device has a folder in debugfs:
 *
 *   xen-netback-front/vif-HANDLE/do    takes commands, see command.c
 *   xen-netback-front/vif-HANDLE/log   lines logged since it was last read
 *
 * It writes its state and the keys of its rings. Scripts write all other keys.
 */

#include "front.h"

#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#include <xen/xen.h>
#include <xen/xenbus.h>

#include "../../xenbus_transact.h"
#include "command.h"
#include "rings.h"

/* Enough for a command that fills a page, with two digits a byte. */
#define COMMAND_BYTES 16384

static struct dentry *root;

/* ------------------------------- debugfs ----------------------------- */

/**
 * struct log_reader - the contents of an open log file
 * @text: I: the log's lines when the file was opened
 * @size: I: bytes of @text
 *
 * I: constant while the file is open
 */
struct log_reader {
	char *text;
	size_t size;
};

static ssize_t do_write(struct file *file, const char __user *from,
			size_t size, loff_t *pos)
{
	struct front *front = file->private_data;
	char *text;
	int err;

	if (size > COMMAND_BYTES)
		return -E2BIG;
	text = memdup_user_nul(from, size);
	if (IS_ERR(text))
		return PTR_ERR(text);
	err = front_command(front, text);
	kfree(text);
	return err ?: size;
}

static const struct file_operations do_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = do_write,
	.llseek = noop_llseek,
};

static int log_open(struct inode *inode, struct file *file)
{
	struct front *front = inode->i_private;
	struct log_reader *reader;

	reader = kzalloc_obj(*reader);
	if (!reader)
		return -ENOMEM;
	reader->text = front_log_take(&front->log, &reader->size);
	if (IS_ERR(reader->text)) {
		int err = PTR_ERR(reader->text);

		kfree(reader);
		return err;
	}
	file->private_data = reader;
	return 0;
}

static ssize_t log_read(struct file *file, char __user *to, size_t size,
			loff_t *pos)
{
	const struct log_reader *reader = file->private_data;

	return simple_read_from_buffer(to, size, pos, reader->text,
				       reader->size);
}

/* May be called after the device is gone: uses the reader alone. */
static int log_release(struct inode *inode, struct file *file)
{
	struct log_reader *reader = file->private_data;

	vfree(reader->text);
	kfree(reader);
	return 0;
}

static const struct file_operations log_fops = {
	.owner = THIS_MODULE,
	.open = log_open,
	.read = log_read,
	.release = log_release,
	.llseek = default_llseek,
};

/* ------------------------------- xenbus ------------------------------ */

/* A plain write would recreate a folder that the toolstack has removed. */
static int write_state(void *data, struct xenbus_transaction xbt)
{
	const struct front *front = data;
	const char *node = front->xdev->nodename;

	if (!xenbus_exists(xbt, node, "state"))
		return -ENOENT;
	return xenbus_printf(xbt, node, "state", "%d",
			     READ_ONCE(front->state));
}

/**
 * front_set_state - set the frontend's state in xenstore
 * @front: the frontend
 * @state: the state, valid after the one before or not
 *
 * The state is kept in @front, and the device's own stays Initialising: since
 * Linux 7.0, xenbus takes a device for a new one and probes it again if
 * xenstore says Initialising and the device says something else. It reads the
 * two one after the other, so a command may change the state in between.
 *
 * If calls race, each writes the state that was set last.
 *
 * Context: process, may sleep.
 * Return: 0, -ENOENT if the device is gone from xenstore, or another negative
 * error of xenstore.
 */
int front_set_state(struct front *front, enum xenbus_state state)
{
	WRITE_ONCE(front->state, state);
	return xenvif_transact(write_state, front);
}

/* An event may be repeated, and xenstore may hold a later state than the one
 * that caused it. So our own state says which of the backend's is awaited.
 */
static void flap(struct front *front, enum xenbus_state state)
{
	enum xenbus_state own = READ_ONCE(front->state);

	lockdep_assert_held(&front->flap_lock);
	if (own == XenbusStateClosed) {
		if (state == XenbusStateClosed)
			front_set_state(front, front->flap_state);
	} else if (own == front->flap_state && state == front->flap_until) {
		if (--front->flaps)
			front_set_state(front, XenbusStateClosed);
		else
			front_log(&front->log, "flaps done");
	}
}

/* Runs in the xenwatch thread, which also serves the backend if both are in the
 * same domain. So it must not take front->lock: a command that holds the lock
 * may wait for the backend.
 */
static void backend_changed(struct xenbus_device *xdev,
			    enum xenbus_state state)
{
	struct front *front = dev_get_drvdata(&xdev->dev);

	front_log(&front->log, "other state %d", state);
	mutex_lock(&front->flap_lock);
	if (front->flaps)
		flap(front, state);
	mutex_unlock(&front->flap_lock);
}

/* Removing the folder waits for running commands, and freeing the rings for
 * their threads. After that only xenbus knows the device, and it has removed
 * its watch.
 */
static void front_remove(struct xenbus_device *xdev)
{
	struct front *front = dev_get_drvdata(&xdev->dev);

	debugfs_remove(front->dir);
	front_rings_free(front);
	dev_set_drvdata(&xdev->dev, NULL);
	front_log_deinit(&front->log);
	mutex_destroy(&front->flap_lock);
	mutex_destroy(&front->lock);
	kfree(front);
}

static int front_probe(struct xenbus_device *xdev,
		       const struct xenbus_device_id *id)
{
	struct front *front;
	int err;

	front = kzalloc_obj(*front);
	if (!front)
		return -ENOMEM;
	err = front_log_init(&front->log);
	if (err) {
		kfree(front);
		return err;
	}
	front->xdev = xdev;
	front->state = XenbusStateInitialising;
	mutex_init(&front->lock);
	mutex_init(&front->flap_lock);
	dev_set_drvdata(&xdev->dev, front);

	front->dir = debugfs_create_dir(dev_name(&xdev->dev), root);
	debugfs_create_file("do", 0200, front->dir, front, &do_fops);
	debugfs_create_file("log", 0400, front->dir, front, &log_fops);
	return 0;
}

static const struct xenbus_device_id front_ids[] = {
	{ "vif" },
	{ "" }
};

/* Not essential: booting does not wait for these devices to connect. */
static struct xenbus_driver front_driver = {
	.name = "xen-netback-front",
	.ids = front_ids,
	.probe = front_probe,
	.remove = front_remove,
	.otherend_changed = backend_changed,
	.not_essential = true,
};

static int __init front_init(void)
{
	int err;

	if (!xen_domain())
		return -ENODEV;
	root = debugfs_create_dir("xen-netback-front", NULL);
	if (IS_ERR(root))
		return PTR_ERR(root);
	err = xenbus_register_frontend(&front_driver);
	if (err)
		debugfs_remove(root);
	return err;
}
module_init(front_init);

static void __exit front_exit(void)
{
	xenbus_unregister_driver(&front_driver);
	debugfs_remove(root);
}
module_exit(front_exit);

MODULE_DESCRIPTION("Test frontend of the Xen backend network device");
MODULE_LICENSE("GPL");
