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

# Packages a Debian 12 host needs, by a file that each brings.
check_host()
{
	local missing=() file package path

	while read -r file package; do
		[[ -z $file || -e $file ]] || command -v "$file" >/dev/null ||
			missing+=("$package")
	done <<-LIST
		$(! bpftrace_wanted || echo bpftrace bpftrace)
		$XEN xen-hypervisor-4.17-amd64
		qemu-system-x86_64 qemu-system-x86
		/usr/lib/xen-$XEN_VERSION/bin/xl xen-utils-$XEN_VERSION
		xenstore-read xenstore-utils
		/bin/busybox busybox-static
		iperf3 iperf3
		/bin/ip iproute2
		ethtool ethtool
		ping iputils-ping
		flock util-linux
		cpio cpio
		gcc gcc
		xz xz-utils
		depmod kmod
	LIST
	# shellcheck disable=SC2153 # set by the options
	for path in "$KERNEL" "$GUEST_KERNEL" ${BACKEND_KERNEL:+"$BACKEND_KERNEL"}; do
		[[ -e $path && -e $(modules_dir "$path") ]] && continue
		echo "lab: no kernel, or no modules of it: $path" >&2
		return 2
	done
	if ((${#missing[@]})); then
		echo "lab: missing on this host, install: ${missing[*]}" >&2
		return 2
	fi
	# shellcheck disable=SC2153 # set by the options
	if [[ $MODULE != stock && ! -r $MODULE ]]; then
		echo "lab: no module at $MODULE: build it first" >&2
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

# Copies programs to $1 (same path) with the libraries they are linked to.
install_programs()
{
	local root=$1 program
	shift
	for program; do
		echo "$program"
		ldd "$program" 2>/dev/null | grep -o '/[^ ]*' || true
	done | sort -u | while read -r program; do
		mkdir -p "$root${program%/*}"
		cp -L "$program" "$root$program"
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
	local root=$1 applet

	mkdir -p "$root"/{bin,sbin,usr/bin,usr/sbin,proc,sys,dev,tmp,run,lab}
	mkdir -p "$root"/{etc/xen,var/lib/xen,var/log/xen/console,var/lock}
	ln -s /run "$root/var/run"
	cp /bin/busybox "$root/bin/busybox"
	# Only where no program of that name is installed: the real ip, ping
	# and their like are asked for by path or found first.
	for applet in $(/bin/busybox --list); do
		[[ -e $root/bin/$applet || -e $root/sbin/$applet ||
			-e $root/usr/bin/$applet || -e $root/usr/sbin/$applet ]] ||
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
	printf '/usr/bin/xenstore-%s\n' $XENSTORE_TOOLS
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

	mkdir -p "$root"
	# shellcheck disable=SC2046 # one program a word
	install_programs "$root" /bin/ip "$(command -v iperf3)" \
		"$(command -v ethtool)" "$(command -v ping)" \
		$(xenstore_programs) /lib/x86_64-linux-gnu/libgcc_s.so.1
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

	mkdir -p "$root"
	# libgcc_s is opened at run time by pthread_cancel, so ldd does not
	# list it; without it xl aborts after it has built a guest.
	# shellcheck disable=SC2046 # one program a word
	install_programs "$root" /bin/ip "$(command -v bridge)" \
		"$(command -v iperf3)" "$(command -v ethtool)" \
		"$(command -v ping)" "$(command -v flock)" \
		$(xenstore_programs) "$tools"/{xl,xenstored,xenconsoled,xen-init-dom0} \
		"$tools"/{libxl-save-helper,xen-diag,xenctx} \
		/lib/x86_64-linux-gnu/libgcc_s.so.1
	# shellcheck disable=SC2086 # one module a word
	install_modules "$root" "$1" $HOST_MODULES
	install_busybox "$root"
	ln -s "$tools/xl" "$tools/xenctx" "$root/usr/sbin/"
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

	mkdir -p "$root"
	install_programs "$root" "$(command -v bpftrace)"
	# It asks a shell for the folders of a compiler, and bears to get none.
	mkdir -p "$root/bin"
	ln -s busybox "$root/bin/sh"
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
	install_modules "$root" "$(driver_kernel)" xen-netback || return
	find "$root/lib" -name 'xen-netback.ko' \
		-exec mv {} "$root/lab/stock.ko" \;
	rm -rf "${root:?}/lib"
	# Ours as "make install" does it: the rest is only for debuggers, and is
	# most of what an emulated machine would have to read.
	if [[ $MODULE = stock ]]; then
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
	local file=$2

	! is_debug_kernel "$file" || file=$file/vmlinux
	file=$CACHE/vmlinux-$(key_of "$file")
	cached "$file" unpack_kernel "$2" || return
	printf -v "$1" %s "$file"
}

cached_guest()
{
	local file

	file=$CACHE/guest-$(key_of "$PROBE" "$LAB_DIR"/guest/* /bin/busybox \
		"$LAB_DIR/host/images.sh" "$(modules_dir "$2")/modules.dep").cpio
	cached "$file" build_guest "$2" || return
	printf -v "$1" %s "$file"
}

cached_host()
{
	local file

	file=$CACHE/host-$(key_of "$PROBE" "$LAB_DIR"/guest/* /bin/busybox \
		"$LAB_DIR/host/images.sh" "$(modules_dir "$2")/modules.dep" \
		"/usr/lib/xen-$XEN_VERSION/bin/xl").cpio
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
		key=$(key_of "$(command -v bpftrace)" "$LAB_DIR/host/images.sh")
		BPFTRACE_IMAGE=$CACHE/bpftrace-$key.cpio
		cached "$BPFTRACE_IMAGE" build_bpftrace
	fi
}
