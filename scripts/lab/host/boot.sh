# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Boots the whole machine once: prepares its files, runs QEMU and shows results.

# boot NAME SETTINGS...: boots with the settings (VARIABLE=VALUE) for dom0's init.
# The results go to $OUT/NAME.results, the console to $OUT/NAME.console. Returns 0
# if dom0 has reported its end.
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
		# A shell in between would not forward a signal to QEMU.
		(run_qemu -serial "file:$CONSOLE") >"$WORK/qemu.log" 2>&1 &
		QEMU_JOB=$!
		follow_results $QEMU_JOB
		wait $QEMU_JOB
		QEMU_JOB=
	fi
	say "$name took $((SECONDS - seconds)) s"
	grep -qx '# end' "$RESULTS" && return
	cat "$WORK/qemu.log" >&2
	echo "lab: $name did not reach its end, see $CONSOLE:" >&2
	show_end "$CONSOLE" >&2
	return 1
}

# Shows a console from its first report on, or its last lines if it has no report.
show_end()
{
	awk '/BUG:|WARNING:|possible |suspicious |Oops|Kernel panic/ { found = 1 }
		found && ++lines <= 150 { print }
		END { exit !found }' "$1" || tail -n 15 "$1"
}

build_boot_files()
{
	rm -rf "$WORK/overlay"
	settings "$@" >"$WORK/settings"
	build_overlay "$WORK/overlay.cpio" "$WORK/settings" || return
	{
		cat "$DOM0_IMAGE" "$DOMAINS_IMAGE"
		! bpftrace_wanted || cat "$BPFTRACE_IMAGE"
		cat "$WORK/overlay.cpio"
	} >"$WORK/dom0.img"
}

# Prints the settings for the scripts inside, as shell variables.
settings()
{
	local slowness=1 guest_mem_factor=1

	! is_debug_kernel "$(driver_kernel)" || slowness=4
	if is_debug_kernel "$GUEST_KERNEL"; then
		slowness=4
		guest_mem_factor=3
	fi
	cat <<-END
		XEN_TOOLS=/usr/lib/xen-$XEN_VERSION/bin
		VERBOSE=$VERBOSE
		SLOWNESS=$slowness
		NETBACK_PARAMS='$PARAMS'
		GUEST_VCPUS=$VCPUS
		GUEST_MEM_FACTOR=$guest_mem_factor
		GUEST_WORDS='$(kernel_words "$GUEST_KERNEL")'
		BACKEND_WORDS='$(kernel_words "$BACKEND_KERNEL")'
		BACKEND_MEM=$(backend_mem)
		BACKEND_OPTIONS="$(backend_options)"
		DRIVER_BUILT_IN=$([[ $MODULE == builtin ]] && echo 1 || echo 0)
	END
	printf '%s\n' "$@" "${SET[@]}"
}

# Prints the lines of xl's configuration that only a PVH driver domain has.
backend_options()
{
	[[ $BACKEND_TYPE != pvh ]] || echo "type = 'pvh'; tsc_mode = 'native'"
}

# These print MiB of memory: for dom0, for a driver domain, for the machine.
dom0_mem()
{
	# An initramfs takes its memory twice while it is unpacked.
	echo $((1024 + $(bpftrace_wanted && echo 512 || echo 0) +
		$(kernel_overhead "$KERNEL")))
}

backend_mem()
{
	[[ -n $BACKEND_KERNEL ]] &&
		echo $((512 + $(kernel_overhead "$BACKEND_KERNEL"))) || echo 0
}

machine_mem()
{
	echo $((2048 + $(dom0_mem) + $(backend_mem) +
		2 * $(kernel_overhead "$GUEST_KERNEL")))
}

# Prints words for the kernel: what is freed of the stack's packets is poisoned and
# checked, so that a late write is reported with who freed it. Not in a boot that
# measures.
packet_checks()
{
	local name

	# shellcheck disable=SC2153 # set by the options
	[[ $CLOCK != icount && -z $PLUGIN ]] || return 0
	for name in "${BOOTED[@]}"; do
		[[ ! -e $LAB_DIR/../bench/scenarios/$name.sh ]] || return 0
	done
	# Linux 6.9 has renamed the word. QEMU takes two commas for one.
	echo "slub_debug=FZPU,,skbuff* slab_debug=FZPU,,skbuff*"
}

# With -no-reboot and panic=-1, and without Xen's noreboot, a crash of dom0 or Xen
# ends QEMU immediately.
#
# SMAP kills a PV dom0 under TCG. Without ERMS and FSRM Linux copies by words, which
# TCG runs eight times faster than bytes. With XSAVE (AVX and its relatives) the
# emulation loses vector state between domains: programs crash now and then once
# more virtual CPUs are busy than the emulated machine has CPUs.
readonly CPU=max,-smap,-erms,-fsrm,-xsave,-xsaveopt,-avx,-avx2,-fma,-f16c,-pku

run_qemu()
{
	local xen_args="com1=115200,8n1 console=com1"
	local dom0_args="console=hvc0 panic=-1 oops=panic loglevel=5 log_buf_len=4M"
	local clock=(-accel "tcg,thread=multi")

	dom0_args+=" $(packet_checks)"
	xen_args+=" dom0_mem=$(dom0_mem)M,max:$(dom0_mem)M"
	xen_args+=" loglvl=warning guest_loglvl=warning conring_size=1M"
	# The default of 64 pages of grants is too small for a guest with 64 vifs.
	xen_args+=" gnttab_max_frames=128"
	# The emulation of SVM loses FPU state that Xen restores lazily.
	{ [[ $BACKEND_TYPE == pvh ]] || needed pvh-guest "${BOOTED[@]}"; } &&
		xen_args+=" spec-ctrl=eager-fpu"
	# shellcheck disable=SC2153 # set by the options
	[[ $MODULE != builtin ]] ||
		dom0_args+=" ${PARAMS:+xen_netback.${PARAMS// / xen_netback.}}"
	# One instruction per nanosecond is the clock of -icount that is closest to
	# real machines.
	# shellcheck disable=SC2153 # set by the options
	[[ $CLOCK == icount ]] &&
		clock=(-accel "tcg,thread=single" -icount "shift=0,sleep=off")
	exec timeout --foreground -k 5 "$TIMEOUT" \
		"$EMULATOR" -nodefaults -display none -monitor none \
		-no-reboot -cpu "$CPU" -smp "$VCPUS" \
		-m "${MEM:-$(machine_mem)}" "${clock[@]}" -kernel "$XEN_IMAGE" \
		-append "$xen_args" \
		-initrd "$VMLINUX $dom0_args $(kernel_words "$KERNEL"),$WORK/dom0.img" \
		${PLUGIN:+-plugin "$PLUGIN"} "$@" -serial "file:$RESULTS"
}

# follow_results JOB: shows results as they arrive, with the seconds since the boot
# began, until the job ends.
follow_results()
{
	local job=$1 start=$SECONDS line

	until [[ -s $CONSOLE ]] || ! kill -0 "$job" 2>/dev/null; do
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
