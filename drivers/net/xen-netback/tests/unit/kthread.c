// SPDX-License-Identifier: GPL-2.0

#include <linux/kthread.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

struct task_struct {
	pthread_t thread;
	int (*fn)(void *data);
	void *data;
	atomic_bool stop;
	int result;
};

static _Thread_local struct task_struct *self;

static void *run(void *data)
{
	self = data;
	self->result = self->fn(self->data);
	return NULL;
}

struct task_struct *kthread_run(int (*fn)(void *data), void *data,
				const char *name)
{
	struct task_struct *task = calloc(1, sizeof(*task));

	if (!task)
		return NULL;
	task->fn = fn;
	task->data = data;
	if (pthread_create(&task->thread, NULL, run, task)) {
		free(task);
		return NULL;
	}
	return task;
}

bool kthread_should_stop(void)
{
	return atomic_load(&self->stop);
}

int kthread_stop(struct task_struct *task)
{
	int result;

	atomic_store(&task->stop, true);
	pthread_join(task->thread, NULL);
	result = task->result;
	free(task);
	return result;
}
