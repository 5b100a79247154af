# SPDX-License-Identifier: GPL-2.0
#
# Where programs find the interface headers of Xen: in the headers of the kernel
# KDIR. Debian splits these: the folder for all flavours has the interfaces.

KDIR ?= /lib/modules/$(shell uname -r)/build
netif_h	:= include/xen/interface/io/netif.h
headers	:= $(patsubst %/xen/interface/io/netif.h,%,$(firstword \
	   $(wildcard $(KDIR)/$(netif_h) \
		      $(patsubst %-amd64,%-common,$(realpath $(KDIR)))/$(netif_h))))
machine	:= $(patsubst x86_64,x86,$(patsubst aarch64,arm64,$(shell uname -m)))
