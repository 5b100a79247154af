# SPDX-License-Identifier: GPL-2.0
"""What the recorded windows of the bench mean: figures, medians, ranges."""

import collections
import statistics

MILLION = 1e6
DRIVERS = ("stock", "tasklet", "kthread")


def total(run):
    """Instructions of the whole machine."""
    return sum(sum(regions.values()) for regions in run["insns"].values())


def xen(run):
    """Instructions of Xen."""
    return sum(regions.get("xen", 0) for regions in run["insns"].values())


def per_packet(name):
    """A column: calls of a function of Xen, for each packet."""
    return lambda run: run["calls"][name] / run["packets"]


CALLS = {
    "hypercalls": per_packet("pv_hypercall"),
    "grant ops": per_packet("do_grant_table_op"),
    "claims": per_packet("gnttab_copy_claim_buf"),
    "events": per_packet("evtchn_send"),
    "flushes": per_packet("flush_area_mask"),
}
WHOLE = {
    "insns": lambda run: total(run) / run["packets"],
    "in Xen": lambda run: xen(run) / run["packets"],
    **CALLS,
}
# The columns of each kind of record; the first is the one that is compared.
COLUMNS = {
    "streams": {
        "M insns": lambda run: total(run) * 100 / run["mib"] / MILLION,
        "in Xen": lambda run: xen(run) * 100 / run["mib"] / MILLION,
        **CALLS,
        "vCPU sw.": per_packet("context_switch"),
    },
    "packets": {
        **WHOLE,
        "threads": lambda run: run["thread_switches"] / run["packets"],
    },
    # The backend has the second CPU for itself.
    "backend": {
        "insns": lambda run: sum(run["insns"]["1"].values()) / run["packets"],
        "in Xen": lambda run: run["insns"]["1"]["xen"] / run["packets"],
        **CALLS,
        "threads": lambda run: run["thread_switches"] / run["packets"],
    },
    "sparse": {
        **WHOLE,
        "vCPU sw.": per_packet("context_switch"),
        "median us": lambda run: run["median"] / 1000,
        "p99 us": lambda run: run["p99"] / 1000,
        "lost": lambda run: run["lost"],
    },
}


class Row:
    """One driver in one case."""

    def __init__(self, columns, runs):
        values = [[column(run) for run in runs]
                  for column in columns.values()]
        self.median, *self.others = map(statistics.median, values)
        self.least, self.most = min(values[0]), max(values[0])


def summarise(recorded):
    """(case, driver) to Row, in the order of tables."""
    columns = COLUMNS[recorded["conditions"]["kind"]]
    groups = collections.defaultdict(list)
    for run in recorded["runs"]:
        # Its tasklets for guest Rx run where the sender is.
        if (recorded["conditions"]["kind"] == "backend"
                and run["driver"] == "tasklet"
                and run["case"].startswith("rx")):
            continue
        groups[run["case"], run["driver"]].append(run)
    order = sorted(groups, key=lambda key: (key[0], DRIVERS.index(key[1])))
    return {key: Row(columns, groups[key]) for key in order}
