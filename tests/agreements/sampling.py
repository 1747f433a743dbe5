"""A text of each kind and schema that was ever released, byte for byte as it was stored.

Beside each text, ``KIND.NUMBER.fields`` keeps which fields it has. Neither is ever edited. After a
change of a commitment's fields, ``RECORD`` writes those of the new number, from the sample before
and its step; then the new fields are filled in by hand.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from agreements.commitments import canonical, upcasters
from agreements.commitments.commitment import Commitment, commitments
from agreements.commitments.fields import (
    Children,
    Choice,
    Day,
    Field,
    Flag,
    Link,
    Links,
    Number,
    Text,
)

HERE = Path(__file__).parent / "samples"
RECORD = 'manage.py shell -c "from tests.agreements.sampling import record; record()"'
# What is stored of a field; its own class may tell more of how it is shown.
STORED = {
    Text: "text", Day: "day", Number: "number", Flag: "yes or no", Choice: "choice",
    Links: "links", Link: "link", Children: "children", Field: "value",
}  # fmt: skip


def text_file(kind: str, schema: int) -> Path:
    return HERE / f"{kind}.{schema}.json"


def fields_file(kind: str, schema: int) -> Path:
    return HERE / f"{kind}.{schema}.fields"


def text_of(kind: str, schema: int) -> str:
    return text_file(kind, schema).read_bytes().decode()


def own() -> list[Commitment]:
    """Return the commitments that the portal itself declares, without those of tests."""
    return [one for one in commitments() if not type(one).__module__.startswith("tests.")]


def released() -> list[tuple[str, int]]:
    """Return every kind and schema in which a text may have been stored."""
    return [(one.kind, number) for one in own() for number in range(1, one.schema + 1)]


def describe_fields(commitment: Commitment) -> list[str]:
    """Describe the fields of today: name, nesting and kind, a line for each field."""
    return list(_describe_fields(commitment.fields))


def _describe_fields(fields: Iterable[Field], prefix: str = "") -> Iterator[str]:
    for field in fields:
        stored = next(STORED[base] for base in type(field).mro() if base in STORED)
        model = f" to {field.model._meta.label}" if isinstance(field, Link | Links) else ""
        keys = f" of {' '.join(map(str, field.labels))}" if isinstance(field, Choice) else ""
        yield f"{prefix}{field.name}: {stored}{model}{keys}"
        if isinstance(field, Children):
            yield from _describe_fields(field.fields, f"{prefix}{field.name}[].")


def record() -> None:
    """Write the sample files that are missing for the current schemas."""
    for commitment in own():
        kind, schema = commitment.kind, commitment.schema
        fields, text = fields_file(kind, schema), text_file(kind, schema)
        if not fields.exists():
            fields.write_text("".join(f"{line}\n" for line in describe_fields(commitment)))
        if not text.exists():
            before = upcasters.upgrade(commitment, schema - 1, text_of(kind, schema - 1))
            whole = canonical.canonical(upcasters.complete(commitment, before))
            text.write_bytes(whole.encode())
