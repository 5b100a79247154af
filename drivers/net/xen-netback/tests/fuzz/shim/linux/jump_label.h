/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SHIM_LINUX_JUMP_LABEL_H
#define _SHIM_LINUX_JUMP_LABEL_H

#define DECLARE_STATIC_KEY_FALSE(name) extern int name
#define DEFINE_STATIC_KEY_FALSE(name) int name
#define static_branch_inc(key) ((*(key))++)
#define static_branch_dec(key) ((*(key))--)

#endif /* _SHIM_LINUX_JUMP_LABEL_H */
