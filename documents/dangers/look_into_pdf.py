"""Prints what the PDF given to it hides: ``program``, ``inside``, ``outside`` or ``locked``;
nothing otherwise.

A process of its own, which imports nothing of the portal.
"""

import io
import sys

import pikepdf

PROGRAMS = {"/JS", "/RichMedia", "/XFA"}
ACTIONS = {"/JavaScript", "/Launch"}
# What is done by itself: when it is opened, or when a page of it is shown; of that, what leads
# elsewhere, while a link does so for who follows it.
BY_ITSELF = {"/OpenAction", "/AA"}
ELSEWHERE = {"/GoToR", "/GoToE", "/URI", "/SubmitForm", "/ImportData", "/Thread"}
FILES = {"/EF", "/EmbeddedFiles"}
MOST_ACTIONS = 1000


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
        if any(leads_elsewhere(one[key]) for key in keys & BY_ITSELF):
            return "outside"
        waiting += [one[key] for key in keys - {"/Length"} if is_within(one[key])]
    return ""


def leads_elsewhere(one) -> bool:
    """Whether an action, or one that comes after it, does; so each of those of events."""
    waiting = [one, *(event for _, event in one.items())] if is_dictionary(one) else []
    for _ in range(MOST_ACTIONS):
        if not waiting:
            return False
        one = waiting.pop()
        if isinstance(one, pikepdf.Array):
            waiting += list(one)
        elif is_dictionary(one):
            if str(one.get("/S", "")) in ELSEWHERE:
                return True
            waiting += [one["/Next"]] if "/Next" in one else []
    return True


def is_dictionary(one) -> bool:
    return isinstance(one, pikepdf.Dictionary)


def is_within(part) -> bool:
    return isinstance(part, pikepdf.Array | pikepdf.Dictionary) and not part.is_indirect


if __name__ == "__main__":
    main()
