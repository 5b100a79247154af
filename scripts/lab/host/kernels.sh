# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Kernels. A kernel is a folder with vmlinux, or a distribution's packed vmlinuz,
# and its modules in lib/modules/RELEASE. scripts/world makes one for each world,
# scripts/build-kernel makes others.

# resolve_kernel NAME: prints the folder of a kernel. NAME is a world or a folder.
resolve_kernel()
{
	if [[ -d $1 ]]; then
		realpath "$1"
	else
		"$WORLDS" --world "$1" kernel
	fi
}

# Prints the flavour of a kernel that scripts/build-kernel has made.
kernel_flavour()
{
	cat "$1/flavour" 2>/dev/null || echo plain
}

# Checks for KASAN, lockdep or KCSAN, which make a kernel several times slower.
is_debug_kernel()
{
	[[ -n $1 && $(kernel_flavour "$1") == k*san ]]
}

# Checks whether the driver under test is part of the kernel's image.
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

# Prints the words that the kernel needs on its command line.
kernel_words()
{
	[[ -n $1 ]] && cat "$1/cmdline" 2>/dev/null
	return 0
}

# Prints the MiB that a kernel needs in addition to its work: KASAN's shadow is an
# eighth of all memory, and its redzones and kmemleak's records take more.
kernel_overhead()
{
	is_debug_kernel "$1" && echo 1024 || echo 0
}

# The setup header of a bzImage gives the place of the packed kernel
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
	echo "lab: $image does not contain a kernel (an ELF file)" >&2
	return 1
}

# unpack_with PROGRAM PACKAGE ARGUMENT...
unpack_with()
{
	command -v "$1" >/dev/null || {
		echo "lab: the kernel is packed with $1, which this host lacks;" \
			"install it with: apt-get install $2" >&2
		return 1
	}
	# Other data follows the packed kernel, which is not an error.
	"$1" "${@:3}" 2>/dev/null
	return 0
}

# The first bytes identify the format.
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
		echo "lab: the kernel is packed in an unknown format that begins with $magic (valid: xz, gzip, zstd, lz4)" >&2
		;;
	esac
	rm -f "$packed"
}
