/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The commands of the test frontend.
 */
#ifndef _XEN_NETBACK_FRONT_COMMAND_H
#define _XEN_NETBACK_FRONT_COMMAND_H

struct front;

int front_command(struct front *front, char *text);

#endif /* _XEN_NETBACK_FRONT_COMMAND_H */
