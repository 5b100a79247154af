# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# For scripts/bench/profile: the functions of the kernel's image and their
# addresses, which are the same in each boot of a PV domain. The results are
# comments "symbols BASE64", together a gzip file of lines "ADDRESS NAME".
#
# in: bench

awk 'NF == 3 && $2 ~ /^[tTwW]$/ { print $1, $3 }' /proc/kallsyms |
	gzip | base64 -w 2000 >/run/symbols
while read -r line; do
	report "# symbols $line"
done </run/symbols
check sent "kernel: addresses of its functions are sent" [ -s /run/symbols ]
