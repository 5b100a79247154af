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

# WORLD: name of a world of scripts/world, the newest stable release by default:
# what the lab boots. "make module WORLD=..." builds for its kernel.
ifneq ($(WORLD),)
export XEN_NETBACK_WORLD := $(WORLD)
endif

# Without KVER: the running kernel.
ifeq ($(KVER)$(KDIR),)
KVER	:= $(shell uname -r)
endif
ifneq ($(KVER),)
KDIR	?= $(firstword $(wildcard /lib/modules/$(KVER)/build \
			          /usr/src/linux-headers-$(KVER)))
endif

# The kernels that this is written for and tested on: dkms.conf says it.
SUPPORTED := $(shell sed -n 's/^BUILD_EXCLUSIVE_KERNEL="\(.*\)"/\1/p' dkms.conf)

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
	check-quick check-all check-stock check-debug matrix debug-kernel bench profile lab style unit \
	fuzz-quick clean help need-kernel need-supported need-root

ifeq ($(WORLD),)
module: need-kernel need-supported ## build xen-netback.ko for KVER, KDIR or WORLD
	$(MAKE) -C $(KDIR) M=$(driver) modules
else
module:
	scripts/install-deps build
	scripts/build-module
endif

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
	$(lab) --module "$$(scripts/build-module)" demo

check-quick: ## style, unit tests, build, the smallest lab: less than 5 minutes
	scripts/install-deps build lab check
	scripts/check --quick

check: ## every test of the default world, a few in others: 30 minutes (installs what is missing)
	scripts/install-deps build lab check
	scripts/check

check-all: ## check, more thoroughly and in other worlds: scripts/check --help
	scripts/install-deps build lab check fuzz kernel
	scripts/check --all

check-stock: ## run the lab with the distribution's driver; the next check shows both
	scripts/install-deps build lab check
	scripts/check lab-stock

check-debug: ## run the lab on a kernel with KASAN, lockdep and kmemleak (builds it once)
	scripts/install-deps build lab kernel
	scripts/check-debug

matrix: ## every pair of kernels, and the driver built in; writes the table in Documentation
	scripts/install-deps build lab kernel check
	scripts/matrix

debug-kernel: ## only build the debug kernel
	scripts/install-deps kernel
	scripts/build-kernel

bench: ## count what traffic costs through the distribution's driver and ours
	scripts/install-deps build lab
	scripts/bench/bench "$$(scripts/build-module --world $$(scripts/world bench))" \
		$(KIND) $(ROUNDS)

profile: ## name the functions that those instructions are in
	scripts/install-deps build lab
	scripts/bench/profile "$$(scripts/build-module --world $$(scripts/world bench))" \
		$(KIND)

lab: ## interactive dom0 shell in the lab, guests up, our module loaded
	scripts/install-deps build lab
	$(lab) --module "$$(scripts/build-module)" shell

unit: ## only the tests that need no Xen
	scripts/install-deps build
	scripts/check unit

fuzz-quick: ## only the fuzzer, for a minute
	scripts/install-deps fuzz
	scripts/fuzz --seconds 60

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
		   $(KDIR)/include/generated/utsrelease.h 2>/dev/null)
installed = /lib/modules/$(kernel_release)/updates/$(name).ko

need-kernel:
	@test -e "$(KDIR)/Makefile" || { \
	echo "no kernel build directory$(KDIR:%= at %)$(KVER:%= for %):" \
	     "apt-get install linux-headers-$(or $(KVER),amd64)," \
	     "or give KVER=, KDIR= or WORLD=" >&2; exit 1; }

need-supported:
	@echo "$(kernel_release)" | grep -qE "$(SUPPORTED)" || { \
	echo "the driver is not written for Linux $(kernel_release): valid are" \
	     "6.1 to 7.3 (dkms.conf). SUPPORTED=. tries all the same." >&2; \
	exit 1; }

need-root:
	@test "$$(id -u)" = 0 || { echo "run this target as root" >&2; exit 1; }
