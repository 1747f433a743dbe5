"""Which tests a run plays.

All that ask no database, in each run; of those that do, which are longer a hundred times, one in as
many as ``TESTS_ONE_IN`` says, by chance: of each folder its part, and of its long ones theirs, so
that no subject is left out. The seed that a run prints brings its part back. Without it, all.
"""

import os
from collections import defaultdict
from collections.abc import Iterable
from zlib import crc32

from tests.databases import asks_the_database


def one_in() -> int:
    return int(os.environ.get("TESTS_ONE_IN", "1"))


def part_of(items: Iterable, seed: int, whole: int) -> set[str]:
    """The names of the tests that a run plays, of one part in ``whole``: the same in each of its
    processes, whatever the order."""
    played, strata = set(), defaultdict(list)
    for item in items:
        if asks_the_database(item):
            strata[_stratum(item)].append(item.nodeid)
        else:
            played.add(item.nodeid)
    for names in strata.values():
        names.sort(key=lambda name: crc32(f"{seed} {name}".encode()))
        played |= {*names[: -(-len(names) // whole)]}
    return played


def _stratum(item) -> tuple:
    return item.path.parent, item.get_closest_marker("long") is not None
