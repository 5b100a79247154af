# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Kernels: a bzImage of the distribution with its modules where depmod looks,
# or a folder that scripts/debug-kernel has made.

is_debug_kernel()
{
	[[ -d $1 ]]
}

kernel_version()
{
	if is_debug_kernel "$1"; then
		basename "$1"/lib/modules/*
	else
		basename "$1" | sed 's/^vmlinuz-//'
	fi
}

modules_dir()
{
	if is_debug_kernel "$1"; then
		echo "$1"/lib/modules/*
	else
		echo "/lib/modules/$(kernel_version "$1")"
	fi
}

# Words that the kernel wants on its command line.
kernel_words()
{
	is_debug_kernel "$1" && cat "$1/cmdline"
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
		head -c "$length" | unpack_stream 2>/dev/null
}

# unpack_kernel KERNEL TARGET
unpack_kernel()
{
	if is_debug_kernel "$1"; then
		cp "$1/vmlinux" "$2"
	else
		unpack_image "$1" >"$2"
	fi
	[[ $(head -c 4 "$2" | tail -c 3) == ELF ]]
}

# Debian packs with xz; other formats a kernel may use are told by magic.
unpack_stream()
{
	local packed=$CACHE/packed.$$

	cat >"$packed"
	case $(head -c 4 "$packed" | od -An -t x1 | tr -d ' ') in
	fd377a58) xz -dc --single-stream "$packed" ;;
	1f8b*) gzip -dc "$packed" ;;
	28b52ffd) zstd -dc "$packed" ;;
	02214c18) lz4 -dc "$packed" ;;
	esac
	rm -f "$packed"
}
