# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# One boot of the whole machine: its files, QEMU, and the watch on it.

# boot NAME SETTINGS...: boots with the settings (VARIABLE=VALUE) for dom0's
# init. Results come into $OUT/NAME.results, the console into
# $OUT/NAME.console. Returns 0 if dom0 said it had come to its end.
boot()
{
	local name=$1 seconds=$SECONDS

	shift
	RESULTS=$OUT/$name.results
	CONSOLE=$OUT/$name.console
	: >"$RESULTS"
	: >"$CONSOLE"
	build_boot_files "$@" || return
	if [[ $MODE == shell ]]; then
		(run_qemu -chardev stdio,id=con,signal=off -serial chardev:con)
	else
		# A shell between would not pass a signal on.
		(run_qemu -serial "file:$CONSOLE") >"$WORK/qemu.log" 2>&1 &
		QEMU_JOB=$!
		follow_results $QEMU_JOB
		wait $QEMU_JOB
		QEMU_JOB=
	fi
	say "$name took $((SECONDS - seconds)) s"
	grep -qx '# end' "$RESULTS" && return
	cat "$WORK/qemu.log" >&2
	echo "lab: $name did not come to its end, see $CONSOLE:" >&2
	tail -n 15 "$CONSOLE" >&2
	return 1
}

build_boot_files()
{
	rm -rf "$WORK/overlay"
	printf '%s\n' "XEN_TOOLS=/usr/lib/xen-$XEN_VERSION/bin" \
		"GUEST_VCPUS=$VCPUS" "VERBOSE=$VERBOSE" "$@" >"$WORK/settings"
	build_overlay "$WORK/overlay.cpio" "$WORK/settings" || return
	cat "$DOM0_IMAGE" "$WORK/overlay.cpio" >"$WORK/dom0.img"
}

# -no-reboot with panic=-1 and Xen's noreboot left out: a crash of dom0 or of
# Xen ends QEMU at once.
#
# SMAP kills a PV dom0 under TCG; without ERMS and FSRM Linux copies by words,
# which TCG runs eight times faster than bytes; with XSAVE (AVX and what goes
# with it) programs crash now and then once more virtual CPUs are busy than
# the machine has: the emulation loses vector state between domains.
readonly CPU=max,-smap,-erms,-fsrm,-xsave,-xsaveopt,-avx,-avx2,-fma,-f16c,-pku

run_qemu()
{
	local xen_args="dom0_mem=1024M,max:1024M com1=115200,8n1 console=com1"
	local dom0_args="console=hvc0 panic=-1 oops=panic loglevel=5 log_buf_len=4M"
	local clock=(-accel "tcg,thread=multi")

	xen_args+=" loglvl=warning guest_loglvl=warning conring_size=1M"
	# shellcheck disable=SC2153 # set by the options
	[[ $CLOCK == icount ]] &&
		clock=(-accel "tcg,thread=single" -icount "shift=1,sleep=off")
	exec timeout --foreground -k 5 "$TIMEOUT" \
		qemu-system-x86_64 -nodefaults -display none -monitor none \
		-no-reboot -cpu "$CPU" -smp "$VCPUS" \
		-m "$MEM" "${clock[@]}" -kernel "$XEN_IMAGE" \
		-append "$xen_args" \
		-initrd "$VMLINUX $dom0_args,$WORK/dom0.img" \
		${PLUGIN:+-plugin "$PLUGIN"} "$@" -serial "file:$RESULTS"
}

# Shows results as they come, with the seconds since the start of the boot,
# until job $1 ends.
follow_results()
{
	local job=$1 start=$SECONDS line

	until grep -q 'Xen version' "$CONSOLE" || ! kill -0 "$job" 2>/dev/null; do
		sleep 0.2
	done
	show_line "$((SECONDS - start))" "# Xen up"
	tail -n +1 -s 0.2 -F --pid="$job" "$RESULTS" 2>/dev/null |
		while IFS= read -r line; do
			line=${line%$'\r'}
			show_line "$((SECONDS - start))" "$line"
		done
}

show_line()
{
	case $2 in
	"# end") ;;
	*) printf '%4s s  %s\n' "$1" "$2" ;;
	esac
}
