"""Script: print what a PDF hides, ``program``, ``inside``, ``outside`` or ``locked``; nothing if it
hides nothing.

A process of its own, which imports nothing of the portal.
"""

import io
import sys

import pikepdf

PROGRAMS = {"/JS", "/RichMedia", "/XFA"}
ACTIONS = {"/JavaScript", "/Launch"}
# Actions that run when the file is opened or a page is shown; among them, those that lead
# elsewhere. (A link leads elsewhere only for who follows it.)
BY_ITSELF = {"/OpenAction", "/AA"}
ELSEWHERE = {"/GoToR", "/GoToE", "/URI", "/SubmitForm", "/ImportData", "/Thread"}
FILES = {"/EF", "/EmbeddedFiles"}
MOST_ACTIONS = 1000


def main() -> None:
    """Print « locked » for a PDF (on stdin) that asks for a password, else its first danger, or
    nothing."""
    try:
        opened = pikepdf.open(io.BytesIO(sys.stdin.buffer.read()))
    except pikepdf.PasswordError:
        print("locked")  # noqa: T201
        return
    for thing in opened.objects:
        if danger := find_danger(thing):
            print(danger)  # noqa: T201
            return


def find_danger(thing: object) -> str:
    """Return what an object hides, with those written within it; empty for nothing. Objects that it
    only refers to are examined by themselves."""
    waiting = [thing]
    while waiting:
        part = waiting.pop()
        if isinstance(part, pikepdf.Array):
            waiting += [item for item in part if is_within(item)]
        if not isinstance(part, pikepdf.Dictionary | pikepdf.Stream):
            continue
        keys = set(part.keys())
        if keys & PROGRAMS or str(part.get("/S", "")) in ACTIONS:
            return "program"
        if keys & FILES or str(part.get("/Type", "")) == "/EmbeddedFile":
            return "inside"
        if any(leads_elsewhere(part[key]) for key in keys & BY_ITSELF):
            return "outside"
        waiting += [part[key] for key in keys - {"/Length"} if is_within(part[key])]
    return ""


def leads_elsewhere(action) -> bool:
    """Return whether an action, or one that follows it (``/Next``), leads out of the file; of a
    dictionary of events, whether the action of one does. True beyond MOST_ACTIONS."""
    waiting = [action, *(event for _, event in action.items())] if is_dictionary(action) else []
    for _ in range(MOST_ACTIONS):
        if not waiting:
            return False
        part = waiting.pop()
        if isinstance(part, pikepdf.Array):
            waiting += list(part)
        elif is_dictionary(part):
            if str(part.get("/S", "")) in ELSEWHERE:
                return True
            waiting += [part["/Next"]] if "/Next" in part else []
    return True


def is_dictionary(part) -> bool:
    return isinstance(part, pikepdf.Dictionary)


def is_within(part) -> bool:
    return isinstance(part, pikepdf.Array | pikepdf.Dictionary) and not part.is_indirect


if __name__ == "__main__":
    main()
