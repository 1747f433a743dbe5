"""Files that something has happened to, the same in each run."""

import random

from tests.spreadsheets.files import archive_of, parts_in


def damaged(rng: random.Random, sample: bytes) -> bytes:
    """Return a file that is damaged at its surface, or within one of its parts."""
    if sample.startswith(b"PK") and rng.random() < 0.5:
        parts = parts_in(sample)
        name = rng.choice(sorted(parts))
        parts[name] = spoiled(rng, parts[name])
        if rng.random() < 0.2:
            parts.pop(rng.choice(sorted(parts)))
        return archive_of(parts)
    return spoiled(rng, sample)


def damaged_lightly(rng: random.Random, sample: bytes) -> bytes:
    """Return a file that is still a workbook or a text: a few bytes of one part of it are others,
    the part ends early, or is missing."""
    if not sample.startswith(b"PK"):
        return _nicked(rng, sample)
    parts = parts_in(sample)
    names = sorted(parts)
    sheets = [name for name in names if "sheet" in name or name == "content.xml"]
    name = rng.choice(sheets if rng.random() < 0.7 else names)
    if rng.random() < 0.1:
        parts.pop(name)
    else:
        parts[name] = _nicked(rng, parts[name])
    return archive_of(parts)


def spoiled(rng: random.Random, content: bytes) -> bytes:
    if rng.random() < 0.1:
        return rng.randbytes(rng.randrange(1, 400))
    spoilt = bytearray(content)
    for _ in range(rng.randrange(1, 12)):
        place = rng.randrange(max(len(spoilt), 1))
        act = rng.randrange(4)
        if act == 0:
            spoilt[place : place + rng.randrange(1, 40)] = b""
        elif act == 1:
            spoilt[place:place] = rng.randbytes(rng.randrange(1, 20))
        elif act == 2:
            spoilt[place : place + 1] = bytes([rng.randrange(256)])
        else:
            other = rng.randrange(max(len(spoilt), 1))
            spoilt[place:place] = spoilt[other : other + rng.randrange(1, 60)]
    return bytes(spoilt)


def _nicked(rng: random.Random, content: bytes) -> bytes:
    if rng.random() < 0.1:
        return content[: rng.randrange(len(content) + 1)]
    nicked = bytearray(content)
    for _ in range(rng.randrange(1, 6)):
        # Letters, digits and signs of markup: other bytes end the reading at once.
        nicked[rng.randrange(len(nicked))] = rng.choice(
            b'0123456789eE-+.,;!:#% "<>/=ABCZz\xe9\xc3\t'
        )
    return bytes(nicked)
