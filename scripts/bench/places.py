# SPDX-License-Identifier: GPL-2.0
"""Map addresses of the lab to functions, and read the windows of plugins."""

import bisect

USER_END = 0x800000000000
MODULES_START = 0xFFFFFFFFC0000000
XEN = range(0xFFFF82D000000000, 0xFFFF830000000000)


class Symbols:
    """Functions by address."""

    def __init__(self, pairs):
        self.pairs = sorted(pairs)
        self.starts = [start for start, _ in self.pairs]

    def name(self, address, reach=1 << 20):
        """Return the function that contains an address, or None."""
        index = bisect.bisect(self.starts, address) - 1
        if index < 0 or address - self.starts[index] > reach:
            return None
        return self.pairs[index][1]


def read_symbols(path):
    """Read the lines "ADDRESS NAME" of a file."""
    with open(path, encoding="ascii", errors="replace") as lines:
        return Symbols((int(start, 16), name)
                       for start, name in (line.split()[:2] for line in lines))


def read_runs(path, kinds):
    """Yield (kind, words, functions of modules) for each comment that begins with
    one of the kinds. The functions, "NAME [MODULE]", are those that the preceding
    comments list since the last load of a module."""
    modules = []
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            if "# bench-load " in line:
                modules = []
            elif "# module " in line:
                start, name = line.split("# module ")[1].split(maxsplit=1)
                modules.append((int(start, 16), name.strip()))
            for kind in kinds:
                if kind in line:
                    yield kind, line.split(kind)[1].split(), Symbols(modules)


def read_windows(path):
    """Return the windows. Each is a list of the lines below a "mark 1", each line
    a list of words."""
    windows, current = [], None
    with open(path, encoding="ascii") as lines:
        for line in lines:
            words = line.split()
            if words[0] == "mark":
                current = [] if words[1] == "1" else None
                if current is not None:
                    windows.append(current)
            elif current is not None:
                current.append(words)
    return windows
