# SPDX-License-Identifier: GPL-2.0
"""Compute figures from the records of the bench: medians and ranges."""

import collections
import re
import statistics

MILLION = 1e6
DRIVERS = ("stock", "tasklet", "kthread")


def place(case, driver):
    """Sort key of a row: numbers in the case are compared as numbers."""
    words = [int(word) if word.isdigit() else word
             for word in re.split(r"(\d+)", case)]
    return words, DRIVERS.index(driver)


def total(run):
    """Return the instructions of the whole machine."""
    return sum(sum(regions.values()) for regions in run["insns"].values())


def xen(run):
    """Return the instructions in Xen."""
    return sum(regions.get("xen", 0) for regions in run["insns"].values())


def busy(run, *regions):
    """Return the instructions of the CPUs that serve a vif, which are the first
    ones, in the given regions or in all."""
    return sum(count for cpu in range(int(run["case"].removeprefix("busy-")))
               for region, count in run["insns"][str(cpu)].items()
               if not regions or region in regions)


def calls(*names):
    """Return a column: calls of these functions per packet."""
    return lambda run: (sum(run["calls"][name] for name in names)
                        / run["packets"])


CALLS = {
    "hypercalls": calls("pv_hypercall"),
    "grant ops": calls("do_grant_table_op"),
    "claims": calls("gnttab_copy_claim_buf"),
    "events": calls("evtchn_send"),
    "flushes": calls("flush_area_mask"),
    "slab": calls("kmem_cache_alloc", "kmem_cache_alloc_node",
                  "kmem_cache_alloc_lru", "kmem_cache_alloc_bulk",
                  "__kmem_cache_alloc_node"),
    "pages": calls("__alloc_pages", "__alloc_pages_bulk"),
}
WHOLE = {
    "insns": lambda run: total(run) / run["packets"],
    "in Xen": lambda run: xen(run) / run["packets"],
    **CALLS,
}
STREAMS = {
    "M insns": lambda run: total(run) * 100 / run["mib"] / MILLION,
    "in Xen": lambda run: xen(run) * 100 / run["mib"] / MILLION,
    **CALLS,
    "vCPU sw.": calls("context_switch"),
}
# The columns of each kind of record; the first one is compared with stock.
COLUMNS = {
    "streams": STREAMS,
    "domain": STREAMS,
    "vifs": STREAMS,
    "packets": {
        **WHOLE,
        "threads": lambda run: run["thread_switches"] / run["packets"],
    },
    # The backend has the second CPU to itself.
    "backend": {
        "insns": lambda run: sum(run["insns"]["1"].values()) / run["packets"],
        "in Xen": lambda run: run["insns"]["1"]["xen"] / run["packets"],
        **CALLS,
        "threads": lambda run: run["thread_switches"] / run["packets"],
    },
    "sparse": {
        **WHOLE,
        "vCPU sw.": calls("context_switch"),
        "median us": lambda run: run["median"] / 1000,
        "p99 us": lambda run: run["p99"] / 1000,
        "lost": lambda run: run["lost"],
    },
    "echo": {
        **WHOLE,
        "threads": lambda run: run["thread_switches"] / run["packets"],
        "us": lambda run: run["us"] / run["packets"],
        "lost": lambda run: run["lost"],
    },
    "scaling": {
        "insns": lambda run: busy(run) / run["packets"],
        "in Xen": lambda run: busy(run, "xen") / run["packets"],
        **CALLS,
        "lock waits": calls("__pv_queued_spin_lock_slowpath"),
        "threads": lambda run: run["thread_switches"] / run["packets"],
    },
}


class Row:
    """The figures of one driver in one case."""

    def __init__(self, columns, runs):
        values = [[column(run) for run in runs]
                  for column in columns.values()]
        self.median, *self.others = map(statistics.median, values)
        self.least, self.most = min(values[0]), max(values[0])


def summarise(recorded):
    """Return a dict from (case, driver) to Row, in the order of the tables."""
    columns = COLUMNS.get(recorded["conditions"]["kind"])
    groups = collections.defaultdict(list)
    for run in recorded.get("runs", []):
        # Tasklets for guest Rx run on the sender's CPU, which is not counted.
        if (recorded["conditions"]["kind"] == "backend"
                and run["driver"] == "tasklet"
                and run["case"].startswith("rx")):
            continue
        groups[run["case"], run["driver"]].append(run)
    order = sorted(groups, key=lambda key: place(*key))
    return {key: Row(columns, groups[key]) for key in order}


def idle(recorded):
    """Yield (driver, KiB, threads) of an idle vif."""
    runs = recorded.get("idle", [])
    for driver in DRIVERS:
        own = [run for run in runs if run["driver"] == driver]
        if own:
            yield (driver,
                   statistics.median(run["kib"] / run["vifs"] for run in own),
                   statistics.median(run["threads"] / run["vifs"]
                                     for run in own))


def batches(recorded):
    """Yield (case, driver, lane, runs, mean, median, 9th decile, maximum) of the
    packets per run. Runs that moved no packet are left out."""
    sizes = collections.defaultdict(list)
    for run in recorded.get("batches", []):
        if run["packets"] > 0:
            sizes[run["case"], run["driver"], run["lane"]] += \
                [run["packets"]] * run["runs"]
    for key in sorted(sizes, key=lambda key: (place(*key[:2]), key[2])):
        values = sorted(sizes[key])
        yield (*key, len(values), statistics.fmean(values),
               statistics.median(values), values[len(values) * 9 // 10],
               values[-1])


def jain(values):
    """Return Jain's fairness index: 1 if all values are equal, 1 / n if all but
    one are 0."""
    return sum(values) ** 2 / (len(values) * sum(v * v for v in values))


def by_weight(runs, what):
    """Return the bytes or packets of each vif, divided by its weight."""
    return [run[what] / run["weight"] for run in runs]


def shares(recorded):
    """Yield (case, driver, kilopackets, least and most bytes per weight of a vif
    in per cent of the mean, Jain's index of bytes and of packets per weight).
    All are medians over the rounds."""
    rounds = collections.defaultdict(lambda: collections.defaultdict(list))
    for run in recorded.get("shares", []):
        rounds[run["case"], run["driver"]][run["vif"]].append(run)
    for key in sorted(rounds, key=lambda key: place(*key)):
        vifs = list(zip(*rounds[key].values()))
        parts = [by_weight(each, "bytes") for each in vifs]
        yield (*key, statistics.median(sum(run["packets"] for run in each)
                                       for each in vifs) / 1000,
               *(statistics.median(100 * end(part) / statistics.fmean(part)
                                   for part in parts) for end in (min, max)),
               *(statistics.median(jain(by_weight(each, what))
                                   for each in vifs)
                 for what in ("bytes", "packets")))


def neighbours(recorded):
    """Yield (load of the neighbour, driver, p99 in us apart and beside, their
    ratio, median in us beside, lost beside). "Apart" means that another CPU
    serves the neighbour, "beside" that the same CPU does. All are medians over
    the rounds."""
    runs = collections.defaultdict(list)
    for run in recorded["neighbours"]:
        where, other = run["case"].split("-")
        runs[other, run["driver"], where].append(run)
    for other, driver in sorted({key[:2] for key in runs},
                                key=lambda key: place(*key)):
        values = {(where, what): statistics.median(
                      run[what] for run in runs[other, driver, where])
                  for where in ("apart", "beside")
                  for what in ("p99", "median", "lost")}
        yield (other, driver, values["apart", "p99"] / 1000,
               values["beside", "p99"] / 1000,
               values["beside", "p99"] / values["apart", "p99"],
               values["beside", "median"] / 1000, values["beside", "lost"])


def apart(recorded):
    """Yield (driver, tries, median, maximum) of the time to a move, in ms."""
    for driver in DRIVERS:
        times = [run["us"] / 1000 for run in recorded.get("apart", [])
                 if run["driver"] == driver]
        if times:
            yield driver, len(times), statistics.median(times), max(times)


def speeds(recorded):
    """Yield (driver, CPUs, speedup over one CPU), medians over the rounds."""
    rates = collections.defaultdict(list)
    for run in recorded.get("speeds", []):
        rates[run["driver"], run["cpus"]].append(run["packets"] / run["us"])
    for driver, cpus in sorted(rates, key=lambda key: (DRIVERS.index(key[0]),
                                                       key[1])):
        yield (driver, cpus, statistics.median(rates[driver, cpus])
               / statistics.median(rates[driver, 1]))
