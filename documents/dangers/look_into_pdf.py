"""Prints what the PDF given to it hides: ``program``, ``inside`` or ``locked``; nothing otherwise.

A process of its own, which imports nothing of the portal.
"""

import io
import sys

import pikepdf

PROGRAMS = {"/JS", "/RichMedia", "/XFA"}
ACTIONS = {"/JavaScript", "/Launch"}
FILES = {"/EF", "/EmbeddedFiles"}


def main() -> None:
    try:
        opened = pikepdf.open(io.BytesIO(sys.stdin.buffer.read()))
    except pikepdf.PasswordError:
        print("locked")  # noqa: T201
        return
    for thing in opened.objects:
        if found := look_at(thing):
            print(found)  # noqa: T201
            return


def look_at(thing) -> str:
    """What an object, or one written within it, hides; others it only refers to are seen apart."""
    waiting = [thing]
    while waiting:
        one = waiting.pop()
        if isinstance(one, pikepdf.Array):
            waiting += [part for part in one if is_within(part)]
        if not isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
            continue
        keys = set(one.keys())
        if keys & PROGRAMS or str(one.get("/S", "")) in ACTIONS:
            return "program"
        if keys & FILES or str(one.get("/Type", "")) == "/EmbeddedFile":
            return "inside"
        waiting += [one[key] for key in keys - {"/Length"} if is_within(one[key])]
    return ""


def is_within(part) -> bool:
    return isinstance(part, pikepdf.Array | pikepdf.Dictionary) and not part.is_indirect


if __name__ == "__main__":
    main()
