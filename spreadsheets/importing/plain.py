"""A preview as plain data, for a page that does not read the file itself."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field

from ctg_portal.rules import Refusal
from spreadsheets.columns.questions import Question
from spreadsheets.columns.roles import Choice
from spreadsheets.columns.tables import Told
from spreadsheets.importing.preview import Line, Mistake, Outcome, Preview
from spreadsheets.importing.rows import Sheetful

SHOWN = ("key", "label", "place", "outcome", "before", "after")


@dataclass
class ReadPreview(Preview):
    """A preview that was read elsewhere: what its lines would keep stays there. ``keys``: the rows
    of which it tells what was its reader's to read."""

    was_read: str = ""
    keys: list[str] = field(default_factory=list)

    @property
    def digest(self) -> str:
        return self.was_read


def as_plain(preview: Preview, keys: Iterable[str] = ()) -> bytes:
    """Return the preview as JSON, but for what only the room that keeps it needs."""
    lines = [
        {name: str(getattr(line, name)) for name in SHOWN} | {"doubts": list(line.doubts)}
        for line in preview.lines
    ]
    plain = {
        "lines": lines,
        "mistakes": [asdict(one) for one in preview.mistakes],
        "told": [asdict(one) for one in preview.told],
        "questions": [asdict(one) for one in preview.questions],
        "refusal": preview.refusal.reason if preview.refusal else "",
        "empty": preview.empty,
        "waiting": preview.waiting,
        "undoes": preview.undoes,
        "digest": preview.digest,
        "sheetful": preview.sheetful.as_plain() if preview.sheetful else None,
        "keys": sorted(keys),
    }
    return json.dumps(plain, ensure_ascii=False).encode()


def from_plain(content: bytes) -> ReadPreview:
    """Return the preview again, for its page."""
    plain = json.loads(content)
    return ReadPreview(
        lines=[
            Line(
                **{name: row[name] for name in (*SHOWN, "doubts")}
                | {"outcome": Outcome(row["outcome"])}
            )
            for row in plain["lines"]
        ],
        mistakes=[Mistake(**row) for row in plain["mistakes"]],
        told=[Told(**row) for row in plain["told"]],
        questions=[
            Question(**row | {"choices": [Choice(*choice) for choice in row["choices"]]})
            for row in plain["questions"]
        ],
        refusal=Refusal(plain["refusal"]) if plain["refusal"] else None,
        empty=plain["empty"],
        waiting=plain.get("waiting", 0),
        undoes=plain.get("undoes", []),
        was_read=plain["digest"],
        sheetful=Sheetful.from_plain(plain["sheetful"]) if plain.get("sheetful") else None,
        keys=plain.get("keys", []),
    )
