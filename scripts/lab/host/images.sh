# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Boot images, each built in the cache under a key of everything it is made
# from, so that a second run with the same inputs builds nothing:
#
#   xen-KEY           the hypervisor, unpacked: QEMU multiboots a bare ELF only
#   vmlinux-KEY       a kernel, unpacked once here instead of at every boot
#   probe-KEY         the static traffic tool
#   guest-KEY.cpio    the guests' initramfs
#   host-KEY.cpio     the initramfs of dom0 and of a driver domain
#   bpftrace-KEY.cpio bpftrace, for dom0 where the scenario traces is to run
#   domains-KEY.cpio  what dom0 starts the others with: kernels, initramfs
#
# What changes from run to run (module under test, scenarios, settings) goes
# into a small overlay archive: the kernel unpacks concatenated archives.

readonly GUEST_MODULES="xen-netfront pktgen"
readonly HOST_MODULES="xen-privcmd xenfs xen-evtchn xen-gntdev xen-gntalloc
	bridge veth xen-netfront pktgen sch_fq_codel"
readonly XEN_PROGRAMS="xl xenstored xenconsoled xen-init-dom0 libxl-save-helper
	xen-diag xenctx"
readonly XENSTORE_TOOLS="chmod exists list ls read rm watch write"

# Is the scenario traces to run with bpftrace? It is about our driver, and debug
# kernels have no BTF, without which bpftrace wants the kernel's headers.
bpftrace_wanted()
{
	[[ " ${ARGUMENTS[*]} " == *" traces "* && $MODULE != stock ]] &&
		! is_debug_kernel "$KERNEL"
}

# Is there a scenario with the test frontend to run?
front_wanted()
{
	grep -qwE 'apart|differences|events|faults|frontend|frontguest|protocol|limits|neighbours|scaling|shares|silent|states' <<<"${ARGUMENTS[*]}"
}

# What this host has to have, each with its package: the rest is in the world.
check_host()
{
	local missing=() program package path

	while read -r program package; do
		command -v "$program" >/dev/null ||
			PATH=$PATH:/usr/sbin:/sbin command -v "$program" >/dev/null ||
			missing+=("$package")
	done <<-LIST
		qemu-system-x86_64 qemu-system-x86
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
		echo "lab: no kernel with modules in folder $path" >&2
		return 2
	done
	if ((${#missing[@]})); then
		echo "lab: missing on this host, install: ${missing[*]}" >&2
		return 2
	fi
	# shellcheck disable=SC2153 # set by the options
	if [[ $MODULE != stock && $MODULE != builtin && ! -r $MODULE ]]; then
		echo "lab: no module at $MODULE: build it first" >&2
		return 2
	fi
	if [[ $MODULE == builtin ]] && ! has_driver_built_in "$(driver_kernel)"; then
		echo "lab: the driver is not built in in $(driver_kernel):" \
			"see scripts/debug-kernel --flavour builtin" >&2
		return 2
	fi
	if front_wanted && [[ ! -r $FRONT ]]; then
		echo "lab: no xen-netback-front.ko: build it, or see --front" >&2
		return 2
	fi
}

# A short key of the contents named; the tool files are identified by size
# and time, which a package upgrade changes, because hashing them costs more
# than building.
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

# Builds $1 with the function and arguments after it, unless it is there.
# Written under another name first: an interrupted build leaves no half file.
cached()
{
	local target=$1
	shift
	[[ -e $target ]] && return
	say "building ${target##*/}"
	"$@" "$target.$$" && mv "$target.$$" "$target" && return
	rm -f "$target.$$"
	echo "lab: cannot build $target" >&2
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

# The folders of an image, /bin and its like merged into /usr as in the world.
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

# Where the world has the programs named, a line each. Xen's own xl comes before
# the script of that name that looks for it.
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

# The shared libraries that a program of the world is linked to.
libraries_of()
{
	local libraries=$WORLD_ROOT/usr/lib/x86_64-linux-gnu

	"$WORLD_ROOT/usr/lib64/ld-linux-x86-64.so.2" --library-path "$libraries" \
		--list "$WORLD_ROOT$1" 2>/dev/null |
		sed -n "s,.* => $WORLD_ROOT\(/[^ ]*\) .*,\1,p"
}

# install_programs IMAGE NAME...: with the libraries that they are linked to.
# libgcc_s is opened at run time by pthread_cancel, so that it is in no list;
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

# install_modules ROOT KERNEL MODULE...: with what they depend on.
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
		# Busybox loads plain modules only.
		[[ $name != *.xz ]] || xz -d "$to/$name"
	done
	cp "$from"/modules.{builtin,builtin.modinfo,order} "$to"
	depmod -b "$root" "$version"
}

install_busybox()
{
	local root=$1 busybox=$WORLD_ROOT/usr/bin/busybox applet

	cp "$busybox" "$root/usr/bin/busybox"
	# Only where no program of that name is installed: the real ip, ping
	# and their like are asked for by path or found first.
	for applet in $("$busybox" --list); do
		[[ -e $root/usr/bin/$applet || -e $root/usr/sbin/$applet ]] ||
			ln -s /bin/busybox "$root/usr/bin/$applet"
	done
}

pack()
{
	(cd "$1" && find . | sort |
		cpio -o -H newc -R 0:0 --quiet --reproducible)
}

xenstore_programs()
{
	# shellcheck disable=SC2086 # one tool a word
	printf 'xenstore-%s\n' $XENSTORE_TOOLS
}

# What sha256sum has to say of the streams, worked out here: inside it takes
# longer than the transfer.
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
	# shellcheck disable=SC2046 # one program a word
	install_programs "$root" ip iperf3 ethtool ping $(xenstore_programs) ||
		return
	# shellcheck disable=SC2086 # one module a word
	install_modules "$root" "$1" $GUEST_MODULES
	install_busybox "$root"
	cp "$PROBE" "$root/usr/bin/probe"
	cp "$LAB_DIR"/guest/* "$root/lab/"
	expect_streams "$root/lab"
	ln -s lab/init "$root/init"
	pack "$root" >"$2"
	rm -rf "$root"
}

# build_host KERNEL TARGET: Xen's tools and what the scenarios call. dom0 and a
# driver domain differ in the kernel's modules only.
build_host()
{
	local root=$CACHE/host-root.$$ tools=/usr/lib/xen-$XEN_VERSION/bin

	make_folders "$root"
	# shellcheck disable=SC2046,SC2086 # one program a word
	install_programs "$root" ip bridge iperf3 ethtool ping flock \
		$(xenstore_programs) $XEN_PROGRAMS || return
	# shellcheck disable=SC2086 # one module a word
	install_modules "$root" "$1" $HOST_MODULES
	install_busybox "$root"
	ln -s "$tools"/{xl,xenctx} "$root/usr/sbin/" || return
	cp "$PROBE" "$root/usr/bin/probe"
	cp "$LAB_DIR"/guest/{agent,flows,stream,counters} "$root/lab/"
	expect_streams "$root/lab"
	pack "$root" >"$2"
	rm -rf "$root"
}

# It is linked to LLVM, 200 MB that no other scenario needs.
build_bpftrace()
{
	local root=$CACHE/bpftrace-root.$$

	mkdir -p "$root"/usr/{bin,lib64}
	install_programs "$root" bpftrace || return
	# It asks a shell for the folders of a compiler, and bears to get none.
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

# The kernel that the module under test is loaded into.
driver_kernel()
{
	echo "${BACKEND_KERNEL:-$KERNEL}"
}

# The test frontend, for dom0 and as an archive to go behind that of a guest.
add_front()
{
	local guest=$WORK/front-root

	mkdir -p "$guest/lab"
	strip --strip-debug -o "$guest/lab/xen-netback-front.ko" "$FRONT" &&
		cp "$guest/lab/xen-netback-front.ko" "$1/lab/" &&
		pack "$guest" >"$1/lab/front.cpio"
}

# What differs between runs; $1 is the archive, $2 the file of settings. A
# driver domain gets the same, from dom0.
build_overlay()
{
	local root=$WORK/overlay

	mkdir -p "$root/lab/scenarios" "$root/etc/xen/scripts"
	# The distribution's driver comes along to be compared with.
	[[ $MODULE == builtin ]] ||
		install_modules "$root" "$(driver_kernel)" xen-netback || return
	[[ ! -d $root/lib ]] || find "$root/lib" -name 'xen-netback.ko' \
		-exec mv {} "$root/lab/stock.ko" \;
	rm -rf "${root:?}/lib"
	# Ours as "make install" does it: the rest is only for debuggers, and is
	# most of what an emulated machine would have to read.
	if [[ $MODULE == builtin ]]; then
		:
	elif [[ $MODULE == stock ]]; then
		cp "$root/lab/stock.ko" "$root/lab/xen-netback.ko"
	else
		strip --strip-debug -o "$root/lab/xen-netback.ko" "$MODULE"
	fi || return
	[[ -z $FRONT ]] || add_front "$root" || return
	cp "$LAB_DIR"/dom0/* "$root/lab/"
	cp "$LAB_DIR"/scenarios/*.sh "$root/lab/scenarios/"
	cp -r "$LAB_DIR/../bpf" "$root/lab/bpf"
	[[ -z $BUGS ]] || cp -r "$BUGS" "$root/lab/bugs" || return
	cp "$2" "$root/lab/settings"
	ln -s /lab/vif-lab "$root/etc/xen/scripts/vif-lab"
	ln -s lab/init "$root/init"
	install "$LAB_DIR/../live-update" "$root/lab/live-update"
	chmod +x "$root"/lab/{init,vif-lab,tools}
	pack "$root" >"$1"
	[[ -n $BACKEND_KERNEL ]] || return 0
	cp "$1" "$root/lab/overlay.cpio"
	pack "$root" >"$1"
}

# cached_vmlinux VARIABLE KERNEL and its like set the variable to the path of
# what they have found or built.
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

	file=$CACHE/guest-$(key_of "$PROBE" "$LAB_DIR"/guest/* "$WORLD_ROOT/packages" \
		"$LAB_DIR/host/images.sh" "$(modules_dir "$2")/modules.dep").cpio
	cached "$file" build_guest "$2" || return
	printf -v "$1" %s "$file"
}

cached_host()
{
	local file

	file=$CACHE/host-$(key_of "$PROBE" "$LAB_DIR"/guest/* "$WORLD_ROOT/packages" \
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

# Sets XEN_IMAGE, PROBE, and for each kind of domain its kernel and initramfs.
build_images()
{
	local key

	mkdir -p "$CACHE"
	key=$(key_of "$XEN") && XEN_IMAGE=$CACHE/xen-$key
	cached "$XEN_IMAGE" unpack_xen || return
	key=$(key_of "$LAB_DIR"/{probe,qstats}.[ch]) && PROBE=$CACHE/probe-$key
	cached "$PROBE" build_probe || return
	cached_vmlinux VMLINUX "$KERNEL" &&
		cached_host DOM0_IMAGE "$KERNEL" &&
		cached_vmlinux GUEST_VMLINUX "$GUEST_KERNEL" &&
		cached_guest GUEST_IMAGE "$GUEST_KERNEL" || return
	if [[ -n $BACKEND_KERNEL ]]; then
		cached_vmlinux BACKEND_VMLINUX "$BACKEND_KERNEL" &&
			cached_host BACKEND_IMAGE "$BACKEND_KERNEL" || return
	fi
	cached_domains DOMAINS_IMAGE || return
	if bpftrace_wanted; then
		key=$(key_of "$WORLD_ROOT/packages" "$LAB_DIR/host/images.sh")
		BPFTRACE_IMAGE=$CACHE/bpftrace-$key.cpio
		cached "$BPFTRACE_IMAGE" build_bpftrace
	fi
}
