/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LAB_QSTATS_H
#define LAB_QSTATS_H

/* Prints the counters of the device's queues. Returns 0, or -1 with errno set. */
int tell_qstats(const char *device);

#endif
