# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The scenarios, and what each says of itself in the comment at its top:
#
#	# in: SET...       where it runs: a set of "lab check SET", or the script
#	#                  that names it
#	# needs: WORD...   what a run has to have for it, see meets()
#	# modes: both      it goes through both worker modes by itself
#	# takes: SECONDS   about so long on two CPUs; the shortest comes first

scenario_file()
{
	local dir

	for dir in "$LAB_DIR/scenarios" "$LAB_DIR/../bench/scenarios"; do
		[[ ! -e $dir/$1.sh ]] || {
			echo "$dir/$1.sh"
			return
		}
	done
	echo "lab: no scenario $1; see lab list" >&2
	return 1
}

all_scenarios()
{
	find "$LAB_DIR/scenarios" "$LAB_DIR/../bench/scenarios" -name '*.sh' \
		-exec basename {} .sh \;
}

# tags SCENARIO KEY: the words behind that key.
tags()
{
	sed -n "/^[^#]/q; s/^# $2: //p" "$(scenario_file "$1")"
}

# has_tag SCENARIO KEY WORD
has_tag()
{
	[[ " $(tags "$1" "$2") " == *" $3 "* ]]
}

# meets WORD: does this run have what a scenario needs?
meets()
{
	case $1 in
	# Both ends of a vif in one domain: another domain than dom0 may not make
	# devices for itself.
	dom0) [[ -z $BACKEND_KERNEL ]] ;;
	driver-domain) [[ -n $BACKEND_KERNEL ]] ;;
	# The test frontend in dom0.
	front) [[ -z $BACKEND_KERNEL && -n $FRONT ]] ;;
	# A guest loads what was built for the driver's kernel.
	front-in-guest)
		[[ -z $BACKEND_KERNEL && -n $FRONT && $GUEST_KERNEL == "$KERNEL" ]]
		;;
	our-driver) [[ $MODULE != stock ]] ;;
	plain-kernel) ! is_debug_kernel "$(driver_kernel)" ;;
	# Debug kernels have no BTF, without which it wants the kernel's headers.
	bpftrace) [[ -z $BACKEND_KERNEL ]] && ! is_debug_kernel "$KERNEL" ;;
	pvh-guest) ;;
	oxenstored) [[ " ${SET[*]} " == *" XENSTORED=oxenstored "* ]] ;;
	*)
		echo "lab: a scenario needs $1, which the lab does not know" >&2
		return 1
		;;
	esac
}

# unmet SCENARIO: what it needs and this run does not have.
unmet()
{
	local word

	for word in $(tags "$1" needs); do
		meets "$word" || echo "$word"
	done
}

# needed WORD SCENARIO...: one of them needs it.
needed()
{
	local word=$1 scenario

	shift
	for scenario; do
		! has_tag "$scenario" needs "$word" || return 0
	done
	return 1
}

# In the set, and this run has what it needs. A run of tasklets has those already
# that go through both worker modes. Set all is set check and what is tagged all.
belongs()
{
	has_tag "$1" in "$2" || { [[ $2 == all ]] && has_tag "$1" in check; } ||
		return
	[[ $PARAMS != *netback_kthread=1* ]] || ! has_tag "$1" modes both ||
		return
	[[ -z $(unmet "$1") ]]
}

# scenarios_of SET
scenarios_of()
{
	local scenario

	for scenario in $(all_scenarios); do
		! belongs "$scenario" "$1" ||
			echo "$(tags "$scenario" takes) $scenario"
	done | sort -n | sed 's/.* //'
}

list_scenarios()
{
	local scenario

	printf '%-12s %7s  %-20s %s\n' scenario seconds in needs
	for scenario in $(all_scenarios | sort); do
		printf '%-12s %7s  %-20s %s\n' "$scenario" \
			"$(tags "$scenario" takes)" "$(tags "$scenario" in)" \
			"$(tags "$scenario" needs)"
	done
}
