# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Kernels. One is a folder: vmlinux, or vmlinuz as a distribution packs it, and
# its modules in lib/modules/RELEASE. scripts/world has such a folder of each
# world, scripts/debug-kernel makes others.

# resolve_kernel NAME: of a world, or a folder already.
resolve_kernel()
{
	if [[ -d $1 ]]; then
		realpath "$1"
	else
		"$WORLDS" --world "$1" kernel
	fi
}

# What scripts/debug-kernel says of a kernel that it has made.
kernel_flavour()
{
	cat "$1/flavour" 2>/dev/null || echo plain
}

# KASAN, lockdep or KCSAN are in it, which make it several times slower.
is_debug_kernel()
{
	[[ -n $1 && $(kernel_flavour "$1") == k*san ]]
}

# The driver under test is part of the kernel's image.
has_driver_built_in()
{
	[[ $(kernel_flavour "$1") == builtin* ]]
}

kernel_image()
{
	[[ -e $1/vmlinux ]] && echo "$1/vmlinux" || echo "$1/vmlinuz"
}

kernel_version()
{
	basename "$1"/lib/modules/*
}

modules_dir()
{
	echo "$1"/lib/modules/*
}

# Words that the kernel wants on its command line.
kernel_words()
{
	[[ -n $1 ]] && cat "$1/cmdline" 2>/dev/null
	return 0
}

# MiB that a kernel needs beside what the work on it needs: KASAN's shadow is an
# eighth of all memory, its redzones and kmemleak's records take more.
kernel_overhead()
{
	is_debug_kernel "$1" && echo 1024 || echo 0
}

# The setup header says where in a bzImage the packed kernel lies
# (Documentation/x86/boot.rst: setup_sects, payload_offset, payload_length).
unpack_image()
{
	local sectors offset length

	sectors=$(od -An -t u1 -j 497 -N 1 "$1")
	read -r offset length < <(od -An -t u4 -j $((0x248)) -N 8 "$1")
	tail -c +$(((sectors + 1) * 512 + offset + 1)) "$1" |
		head -c "$length" | unpack_stream
}

# unpack_kernel KERNEL TARGET
unpack_kernel()
{
	local image

	image=$(kernel_image "$1")
	case $image in
	*/vmlinux) cp "$image" "$2" ;;
	*) unpack_image "$image" >"$2" ;;
	esac
	[[ $(head -c 4 "$2" | tail -c 3) == ELF ]] && return
	echo "lab: $image does not unpack to a kernel" >&2
	return 1
}

# unpack_with PROGRAM PACKAGE ARGUMENT...
unpack_with()
{
	command -v "$1" >/dev/null || {
		echo "lab: the kernel is packed with $1, which this host lacks:" \
			"apt-get install $2" >&2
		return 1
	}
	# What follows the packed data is no error.
	"$1" "${@:3}" 2>/dev/null
	return 0
}

# The format is told by its first bytes.
unpack_stream()
{
	local packed=$CACHE/packed.$$ magic

	cat >"$packed"
	magic=$(head -c 4 "$packed" | od -An -t x1 | tr -d ' ')
	case $magic in
	fd377a58) unpack_with xz xz-utils -dc --single-stream "$packed" ;;
	1f8b*) unpack_with gzip gzip -dc "$packed" ;;
	28b52ffd) unpack_with zstd zstd -dc "$packed" ;;
	02214c18) unpack_with lz4 lz4 -dc "$packed" ;;
	*)
		echo "lab: the kernel is packed in a format that the lab does not know, its first bytes are $magic; xz, gzip, zstd and lz4 are known" >&2
		;;
	esac
	rm -f "$packed"
}
