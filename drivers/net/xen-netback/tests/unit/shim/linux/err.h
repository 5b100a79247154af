/* SPDX-License-Identifier: GPL-2.0 */
/* Errors as pointers are not made here: what fails gives NULL. */
#ifndef _SHIM_LINUX_ERR_H
#define _SHIM_LINUX_ERR_H

#define IS_ERR_OR_NULL(ptr) (!(ptr))

#endif /* _SHIM_LINUX_ERR_H */
