# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Boot images. Each is built in the cache under a key of all its inputs, so that a
# second run with the same inputs builds nothing:
#
#   xen-KEY           the hypervisor, unpacked: QEMU multiboots only a plain ELF file
#   vmlinux-KEY       a kernel, unpacked once here instead of at every boot
#   probe-KEY         the static traffic tool
#   agent-KEY         the static program that runs commands for another domain
#   guest-KEY.cpio    the initramfs of guests
#   host-KEY.cpio     the initramfs of dom0 and of a driver domain
#   bpftrace-KEY.cpio bpftrace, for a dom0 with scenarios that need it
#   domains-KEY.cpio  kernels and initramfs that dom0 starts the other domains with
#
# Files that change from run to run (module under test, scenarios, settings) are in
# a small overlay archive: the kernel unpacks concatenated archives.

readonly GUEST_MODULES="xen-netfront pktgen"
readonly HOST_MODULES="xen-privcmd xenfs xen-evtchn xen-gntdev xen-gntalloc
	bridge veth xen-netfront pktgen sch_fq_codel sch_tbf sch_ingress
	cls_matchall cls_flower act_mirred act_gact act_ct 8021q tun
	br_netfilter crc32c_generic bonding"
readonly XEN_PROGRAMS="xl xenstored oxenstored xenconsoled xen-init-dom0 libxl-save-helper
	xen-diag xenctx xenstore-control"
readonly XENSTORE_TOOLS="chmod exists list ls read rm watch write"

# The scenarios that "bpftrace" is for have a boot of their own.
bpftrace_wanted()
{
	needed bpftrace "${BOOTED[@]}"
}

# Checks whether a scenario of this run uses the test frontend.
front_wanted()
{
	needed front "${ARGUMENTS[@]}" || needed front-in-guest "${ARGUMENTS[@]}"
}

# Checks that this host has the needed programs, which are listed with their
# packages, and the kernels and modules of this run. All else is in the world.
check_host()
{
	local missing=() program package path

	while read -r program package; do
		command -v "$program" >/dev/null ||
			PATH=$PATH:/usr/sbin:/sbin command -v "$program" >/dev/null ||
			missing+=("$package")
	done <<-LIST
		flock util-linux
		cpio cpio
		gcc gcc
		strip binutils
		xz xz-utils
		zstd zstd
		depmod kmod
	LIST
	# shellcheck disable=SC2153 # set by the options
	for path in "$KERNEL" "$GUEST_KERNEL" ${BACKEND_KERNEL:+"$BACKEND_KERNEL"}; do
		[[ -e $(kernel_image "$path") && -d $(modules_dir "$path") ]] &&
			continue
		echo "lab: the folder $path has no kernel with modules" >&2
		return 2
	done
	if ((${#missing[@]})); then
		echo "lab: this host lacks programs, install these packages:" \
			"${missing[*]}" >&2
		return 2
	fi
	# shellcheck disable=SC2153 # set by the options
	if [[ $MODULE != stock && $MODULE != builtin && ! -r $MODULE ]]; then
		echo "lab: there is no module $MODULE: build it first" >&2
		return 2
	fi
	if [[ $MODULE == builtin ]] && ! has_driver_built_in "$(driver_kernel)"; then
		echo "lab: the kernel in $(driver_kernel) has no built-in driver," \
			"see scripts/build-kernel --flavour builtin" >&2
		return 2
	fi
	if front_wanted && [[ ! -r $FRONT ]]; then
		echo "lab: there is no test frontend \"$FRONT\": build" \
			"xen-netback-front.ko, or name it with --front" >&2
		return 2
	fi
}

# key_of FILE...: prints a short key of the files. The lab's own files count by
# content, all others by size and time: a package upgrade changes these, and hashing
# their content would take longer than building.
key_of()
{
	local path

	for path; do
		if [[ $path == "$LAB_DIR"/* ]]; then
			cat "$path"
		else
			stat -L -c '%n %s %Y' "$path" || return
		fi
	done | sha256sum | cut -c1-16
}

# cached TARGET FUNCTION ARGUMENT...: builds TARGET with the function unless it
# exists. The function writes to another name first, so that an interrupted build
# leaves no incomplete file.
cached()
{
	local target=$1
	shift
	[[ -e $target ]] && return
	say "building ${target##*/}"
	"$@" "$target.$$" && mv "$target.$$" "$target" && return
	rm -f "$target.$$"
	echo "lab: building $target failed" >&2
	return 1
}

unpack_xen()
{
	case $XEN in
	*.gz) gzip -dc "$XEN" >"$1" ;;
	*) cp "$XEN" "$1" ;;
	esac
}

build_probe()
{
	gcc -O2 -Wall -Wextra -static -o "$1" "$LAB_DIR"/{probe,qstats}.c
}

build_agent()
{
	gcc -O2 -Wall -Wextra -static -o "$1" "$LAB_DIR/agent.c"
}

# Makes the folders of an image, with /bin and others merged into /usr as in the
# world.
make_folders()
{
	local folder

	mkdir -p "$1"/usr/{bin,sbin,lib,lib64} "$1"/{proc,sys,dev,tmp,run,lab} \
		"$1"/{etc/xen,var/lib/xen,var/log/xen/console,var/lock}
	for folder in bin sbin lib lib64; do
		ln -s "usr/$folder" "$1/$folder"
	done
	ln -s /run "$1/var/run"
}

# Prints the path of each named program in the world. Xen's own xl comes before the
# script of that name that searches for it.
world_programs()
{
	local name folder

	for name; do
		for folder in "usr/lib/xen-$XEN_VERSION/bin" usr/bin usr/sbin; do
			[[ -x $WORLD_ROOT/$folder/$name ]] || continue
			echo "/$folder/$name"
			continue 2
		done
		echo "lab: the world has no program $name" >&2
		return 1
	done
}

# Lists the shared libraries that a program of the world is linked to.
libraries_of()
{
	local libraries=$WORLD_ROOT/usr/lib/x86_64-linux-gnu

	"$WORLD_ROOT/usr/lib64/ld-linux-x86-64.so.2" --library-path "$libraries" \
		--list "$WORLD_ROOT$1" 2>/dev/null |
		sed -n "s,.* => $WORLD_ROOT\(/[^ ]*\) .*,\1,p"
}

# install_programs IMAGE NAME...: installs programs with the libraries that they are
# linked to. pthread_cancel opens libgcc_s at run time, so that it is in no list;
# without it xl aborts after it has built a guest.
install_programs()
{
	local image=$1 programs program
	shift

	programs=$(world_programs "$@") || return
	{
		echo /usr/lib64/ld-linux-x86-64.so.2
		echo /usr/lib/x86_64-linux-gnu/libgcc_s.so.1
		for program in $programs; do
			echo "$program"
			libraries_of "$program"
		done
	} | sort -u | while read -r program; do
		mkdir -p "$image${program%/*}"
		cp -L "$WORLD_ROOT$program" "$image$program" || return
	done
}

# install_plugins ROOT: what oxenstored loads at its start. That of Xen 4.17 has none.
install_plugins()
{
	local plugins=/usr/lib/xen-$XEN_VERSION/ocaml

	[[ -d $WORLD_ROOT$plugins ]] || return 0
	mkdir -p "$1${plugins%/*}" && cp -r "$WORLD_ROOT$plugins" "$1$plugins"
}

# install_modules ROOT KERNEL MODULE...: installs modules with their dependencies.
install_modules()
{
	local root=$1 version from to name

	from=$(modules_dir "$2")
	version=$(kernel_version "$2")
	to=$root/lib/modules/$version
	shift 2
	mkdir -p "$to"
	for name; do
		grep "/$name\.ko[^ :]*:" "$from/modules.dep" | tr -d ':'
	done | tr ' ' '\n' | sort -u | while read -r name; do
		install -D "$from/$name" "$to/$name"
		# Busybox loads only uncompressed modules.
		[[ $name != *.xz ]] || xz -d "$to/$name"
	done
	cp "$from"/modules.{builtin,builtin.modinfo,order} "$to"
	depmod -b "$root" "$version"
}

install_busybox()
{
	local root=$1 busybox=$WORLD_ROOT/usr/bin/busybox applet

	cp "$busybox" "$root/usr/bin/busybox"
	# Link only names that no installed program has. Scripts use the full ip, ping
	# and others by path, or find them first.
	for applet in $("$busybox" --list); do
		[[ -e $root/usr/bin/$applet || -e $root/usr/sbin/$applet ]] ||
			ln -s /bin/busybox "$root/usr/bin/$applet"
	done
}

# install_tools ROOT: our own programs.
install_tools()
{
	cp "$PROBE" "$1/usr/bin/probe" && cp "$AGENT" "$1/usr/bin/agent"
}

pack()
{
	(cd "$1" && find . | sort |
		cpio -o -H newc -R 0:0 --quiet --reproducible)
}

xenstore_programs()
{
	# shellcheck disable=SC2086 # each tool is a word
	printf 'xenstore-%s\n' $XENSTORE_TOOLS
}

# Computes the expected sha256 of the streams on the host: inside the machine that
# takes longer than the transfer.
expect_streams()
{
	local mib

	for mib in 2 64; do
		"$PROBE" pattern "$mib" 1 | sha256sum >"$1/sha256.$mib"
	done
}

# build_guest KERNEL TARGET
build_guest()
{
	local root=$CACHE/guest-root.$$

	make_folders "$root"
	# shellcheck disable=SC2046 # each program is a word
	install_programs "$root" ip iperf3 ethtool ping $(xenstore_programs) ||
		return
	# shellcheck disable=SC2086 # each module is a word
	install_modules "$root" "$1" $GUEST_MODULES
	install_busybox "$root"
	install_tools "$root"
	cp "$LAB_DIR"/guest/* "$root/lab/"
	expect_streams "$root/lab"
	ln -s lab/init "$root/init"
	pack "$root" >"$2"
	rm -rf "$root"
}

# build_host KERNEL TARGET: packs Xen's tools and the programs that the scenarios
# call. The images of dom0 and of a driver domain differ only in the kernel's
# modules.
build_host()
{
	local root=$CACHE/host-root.$$ tools=/usr/lib/xen-$XEN_VERSION/bin

	make_folders "$root"
	# shellcheck disable=SC2046,SC2086 # each program is a word
	install_programs "$root" ip bridge tc iperf3 ethtool ping flock \
		$(xenstore_programs) $XEN_PROGRAMS || return
	# shellcheck disable=SC2086 # each module is a word
	install_modules "$root" "$1" $HOST_MODULES
	install_busybox "$root"
	ln -s "$tools"/{xl,xenctx} "$root/usr/sbin/" || return
	install_plugins "$root" || return
	install_tools "$root"
	cp "$LAB_DIR"/guest/{flows,stream,counters} "$root/lab/"
	expect_streams "$root/lab"
	pack "$root" >"$2"
	rm -rf "$root"
}

# build_bpftrace TARGET: an image of its own, because bpftrace is linked to LLVM,
# 200 MB that no other scenario needs.
build_bpftrace()
{
	local root=$CACHE/bpftrace-root.$$

	mkdir -p "$root"/usr/{bin,lib64}
	install_programs "$root" bpftrace || return
	# bpftrace runs a shell to find a compiler's folders, and works without them.
	ln -s busybox "$root/usr/bin/sh"
	pack "$root" >"$1"
	rm -rf "$root"
}

# build_domains TARGET
build_domains()
{
	local root=$CACHE/domains-root.$$

	mkdir -p "$root/lab"
	cp "$GUEST_VMLINUX" "$root/lab/vmlinux"
	cp "$GUEST_IMAGE" "$root/lab/guest.cpio"
	if [[ -n $BACKEND_KERNEL ]]; then
		cp "$BACKEND_VMLINUX" "$root/lab/backend.vmlinux"
		cp "$BACKEND_IMAGE" "$root/lab/backend.cpio"
	fi
	pack "$root" >"$1"
	rm -rf "$root"
}

# Prints the folder of the kernel that loads the module under test.
driver_kernel()
{
	echo "${BACKEND_KERNEL:-$KERNEL}"
}

# Adds the test frontend for dom0, and as an archive to append to that of a guest.
add_front()
{
	local guest=$WORK/front-root

	mkdir -p "$guest/lab"
	strip --strip-debug -o "$guest/lab/xen-netback-front.ko" "$FRONT" &&
		cp "$guest/lab/xen-netback-front.ko" "$1/lab/" &&
		pack "$guest" >"$1/lab/front.cpio"
}

# build_overlay ARCHIVE SETTINGS: packs the files that differ between runs. A driver
# domain gets the same archive from dom0.
build_overlay()
{
	local root=$WORK/overlay

	mkdir -p "$root/lab/scenarios" "$root/etc/xen/scripts"
	# The distribution's driver is for comparison.
	[[ $MODULE == builtin ]] ||
		install_modules "$root" "$(driver_kernel)" xen-netback || return
	[[ ! -d $root/lib ]] || find "$root/lib" -name 'xen-netback.ko' \
		-exec mv {} "$root/lab/stock.ko" \;
	rm -rf "${root:?}/lib"
	# Ours is stripped as by "make install": debug data would be most of what the
	# emulated machine has to read.
	if [[ $MODULE == builtin ]]; then
		:
	elif [[ $MODULE == stock ]]; then
		cp "$root/lab/stock.ko" "$root/lab/xen-netback.ko"
	else
		strip --strip-debug -o "$root/lab/xen-netback.ko" "$MODULE"
	fi || return
	[[ -z $FRONT ]] || add_front "$root" || return
	cp "$LAB_DIR"/dom0/* "$root/lab/"
	cp "$LAB_DIR"/scenarios/*.sh "$LAB_DIR"/../bench/scenarios/*.sh \
		"$root/lab/scenarios/"
	cp -r "$LAB_DIR/../bpf" "$root/lab/bpf"
	[[ -z $BUGS ]] || cp -r "$BUGS" "$root/lab/bugs" || return
	cp "$2" "$root/lab/settings"
	ln -s /lab/vif-lab "$root/etc/xen/scripts/vif-lab"
	ln -s lab/init "$root/init"
	install "$LAB_DIR/../live-update" "$LAB_DIR/../vif-settings.sh" "$root/lab/"
	chmod +x "$root"/lab/{init,vif-lab,tools}
	pack "$root" >"$1"
	[[ -n $BACKEND_KERNEL ]] || return 0
	cp "$1" "$root/lab/overlay.cpio"
	pack "$root" >"$1"
}

# cached_vmlinux VARIABLE KERNEL and the next functions set the variable to the path
# of the file that they found or built.
cached_vmlinux()
{
	local file

	file=$CACHE/vmlinux-$(key_of "$(kernel_image "$2")")
	cached "$file" unpack_kernel "$2" || return
	printf -v "$1" %s "$file"
}

cached_guest()
{
	local file

	file=$CACHE/guest-$(key_of "$PROBE" "$AGENT" "$LAB_DIR"/guest/* "$WORLD_ROOT/packages" \
		"$LAB_DIR/host/images.sh" "$(modules_dir "$2")/modules.dep").cpio
	cached "$file" build_guest "$2" || return
	printf -v "$1" %s "$file"
}

cached_host()
{
	local file

	file=$CACHE/host-$(key_of "$PROBE" "$AGENT" "$LAB_DIR"/guest/* "$WORLD_ROOT/packages" \
		"$LAB_DIR/host/images.sh" "$(modules_dir "$2")/modules.dep").cpio
	cached "$file" build_host "$2" || return
	printf -v "$1" %s "$file"
}

cached_domains()
{
	local file

	file=$CACHE/domains-$(key_of "$GUEST_VMLINUX" "$GUEST_IMAGE" \
		${BACKEND_KERNEL:+"$BACKEND_VMLINUX" "$BACKEND_IMAGE"}).cpio
	cached "$file" build_domains || return
	printf -v "$1" %s "$file"
}

# Builds all images. Sets XEN_IMAGE, PROBE, AGENT, and the variables with the kernel and
# the initramfs of each kind of domain.
build_images()
{
	local key

	mkdir -p "$CACHE"
	key=$(key_of "$XEN") && XEN_IMAGE=$CACHE/xen-$key
	cached "$XEN_IMAGE" unpack_xen || return
	key=$(key_of "$LAB_DIR"/{probe,qstats}.[ch]) && PROBE=$CACHE/probe-$key
	cached "$PROBE" build_probe || return
	key=$(key_of "$LAB_DIR/agent.c") && AGENT=$CACHE/agent-$key
	cached "$AGENT" build_agent || return
	cached_vmlinux VMLINUX "$KERNEL" &&
		cached_host DOM0_IMAGE "$KERNEL" &&
		cached_vmlinux GUEST_VMLINUX "$GUEST_KERNEL" &&
		cached_guest GUEST_IMAGE "$GUEST_KERNEL" || return
	if [[ -n $BACKEND_KERNEL ]]; then
		cached_vmlinux BACKEND_VMLINUX "$BACKEND_KERNEL" &&
			cached_host BACKEND_IMAGE "$BACKEND_KERNEL" || return
	fi
	cached_domains DOMAINS_IMAGE || return
	if needed bpftrace "${ARGUMENTS[@]}"; then
		key=$(key_of "$WORLD_ROOT/packages" "$LAB_DIR/host/images.sh")
		BPFTRACE_IMAGE=$CACHE/bpftrace-$key.cpio
		cached "$BPFTRACE_IMAGE" build_bpftrace
	fi
}
