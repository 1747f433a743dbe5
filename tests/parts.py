"""Which tests a run plays.

All that ask no database, in each run; of those that do, which are longer a hundred times, one in as
many as ``TESTS_ONE_IN`` says, by chance, and one at least of each folder, so that no subject is
left out. What takes ten seconds or more (``long``) is drawn apart: from each file that has as many
of them, and from all others together. The seed that a run prints brings its part back. Without
``TESTS_ONE_IN``, all.
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
    played, by_folder, long = set(), defaultdict(list), defaultdict(list)
    for item in items:
        if not asks_the_database(item):
            played.add(item.nodeid)
        elif item.get_closest_marker("long"):
            long[item.path].append(item.nodeid)
        else:
            by_folder[item.path.parent].append(item.nodeid)
    many = [names for names in long.values() if len(names) >= whole]
    few = [name for names in long.values() if len(names) < whole for name in names]
    for names in [*by_folder.values(), *many, few]:
        names.sort(key=lambda name: crc32(f"{seed} {name}".encode()))
        played |= {*names[: max(1, round(len(names) / whole))]}
    return played
