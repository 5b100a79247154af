# SPDX-License-Identifier: GPL-2.0
#
# Entry points of the project. The driver itself is built by kbuild from
# drivers/net/xen-netback/Makefile, which also serves in a kernel tree.
#
# Variables: KVER  kernel release to build for
#            KDIR  its build directory, /lib/modules/KVER/build by default
#            KIND ROUNDS  of make bench, see scripts/bench/bench --help

name	:= xen-netback
driver	:= $(abspath drivers/net/$(name))
module	:= $(driver)/$(name).ko
lab	:= scripts/lab/lab

# Without KVER: the running kernel if its headers are installed, else the
# newest installed Debian 6.1, which is what the lab boots.
ifeq ($(KVER)$(KDIR),)
ifneq ($(wildcard /lib/modules/$(shell uname -r)/build/Makefile),)
KVER	:= $(shell uname -r)
else
KVER	:= $(shell ls /usr/src 2>/dev/null | \
	     sed -nE 's/^linux-headers-(6\.1\.[0-9]+-[0-9]+-amd64)$$/\1/p' | \
	     sort -V | tail -n 1)
endif
endif
ifneq ($(KVER),)
KDIR	?= $(firstword $(wildcard /lib/modules/$(KVER)/build \
			          /usr/src/linux-headers-$(KVER)))
endif

# A module without a version is refused by DKMS as a replacement of the
# distribution's, so every build from here carries one. In a kernel tree the
# driver has none, as is the custom there.
package_version := $(shell sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf)
commit	:= $(shell git describe --always --dirty 2>/dev/null)
XEN_NETBACK_VERSION ?= $(package_version)$(commit:%=+%)
export XEN_NETBACK_VERSION

dkms_source := /usr/src/$(name)-$(package_version)

.DEFAULT_GOAL := module
.PHONY: module install uninstall dkms-install dkms-remove demo check \
	check-debug debug-kernel bench profile lab style unit clean help \
	need-kernel need-root

module: need-kernel ## build xen-netback.ko for KVER or KDIR
	$(MAKE) -C $(KDIR) M=$(driver) modules

install: need-root module ## install it for that kernel, in front of the distribution's module
	install -D -m 644 $(module) $(installed)
	strip --strip-debug $(installed)
	depmod -a $(kernel_release)
	@modinfo -k $(kernel_release) -F filename $(name)

uninstall: need-root need-kernel ## remove it, the distribution's module is found again
	rm -f $(installed)
	depmod -a $(kernel_release)
	@modinfo -k $(kernel_release) -F filename $(name)

dkms-install: need-root ## install through DKMS, which rebuilds it for every new kernel
	@command -v dkms >/dev/null || { echo "dkms is missing: apt-get install dkms" >&2; exit 1; }
	rm -rf $(dkms_source)
	mkdir -p $(dkms_source)
	cp -a dkms.conf Makefile Kconfig $(dkms_source)
	tar -c --exclude='*.o' --exclude='*.ko' --exclude='*.mod*' \
		--exclude='*.cmd' drivers include | tar -x -C $(dkms_source)
	dkms install -m $(name) -v $(package_version) $(if $(KVER),-k $(KVER))

dkms-remove: need-root ## take the DKMS module out again, for all kernels
	dkms remove -m $(name) -v $(package_version) --all
	rm -rf $(dkms_source)

demo: ## two Xen guests talk through our module in the lab (installs what is missing)
	scripts/install-deps build lab
	$(MAKE) module KVER=$$(scripts/install-deps --kernel)
	$(lab) --module $(module) --kernel /boot/vmlinuz-$$(scripts/install-deps --kernel) demo

check: ## run every test (installs what is missing)
	scripts/install-deps build lab check
	scripts/check

check-debug: ## run the lab on a kernel with KASAN, lockdep and kmemleak (builds it once)
	scripts/install-deps build lab debug
	scripts/check-debug

debug-kernel: ## only build that kernel
	scripts/install-deps debug
	scripts/debug-kernel

bench: ## count what traffic costs through the distribution's driver and ours
	scripts/install-deps build lab
	$(MAKE) module KVER=$$(scripts/install-deps --kernel) \
		CONFIG_XEN_NETDEV_BACKEND_TEST_FRONT=m
	scripts/bench/bench $(module) $(KIND) $(ROUNDS)

profile: ## name the functions that those instructions are in
	scripts/install-deps build lab
	$(MAKE) module KVER=$$(scripts/install-deps --kernel)
	scripts/bench/profile $(module) $(KIND)

lab: ## interactive dom0 shell in the lab, guests up, our module loaded
	scripts/install-deps build lab
	$(MAKE) module KVER=$$(scripts/install-deps --kernel)
	$(lab) --module $(module) --kernel /boot/vmlinuz-$$(scripts/install-deps --kernel) shell

unit: need-kernel ## only the tests that need no Xen
	$(MAKE) -s -C $(driver)/test/unit KDIR=$(KDIR) run

style: ## only the style gates of check
	scripts/install-deps build check
	scripts/check-style

clean: ## remove what was built
	rm -rf build
	$(if $(wildcard $(KDIR)/Makefile),$(MAKE) -C $(KDIR) M=$(driver) clean)

help: ## list the targets
	@sed -nE 's/^([a-z-]+):.*## (.*)/  \1\t\2/p' Makefile | expand -t 18
	@echo "KVER=$(KVER) KDIR=$(KDIR)"

# What "uname -r" says on that kernel; Debian's "make kernelrelease" differs.
kernel_release = $(shell sed -n 's/.*UTS_RELEASE "\(.*\)"/\1/p' \
		   $(KDIR)/include/generated/utsrelease.h)
installed = /lib/modules/$(kernel_release)/updates/$(name).ko

need-kernel:
	@test -e "$(KDIR)/Makefile" || { \
	echo "no kernel build directory$(KDIR:%= at %)$(KVER:%= for %):" \
	     "apt-get install linux-headers-$(or $(KVER),amd64)," \
	     "or give KVER= or KDIR=" >&2; exit 1; }

need-root:
	@test "$$(id -u)" = 0 || { echo "run this target as root" >&2; exit 1; }
