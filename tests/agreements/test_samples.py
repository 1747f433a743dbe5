"""No kind changes its fields without a number, a step and a sample; each sample is read today."""

import json
from dataclasses import replace

import pytest

from agreements.commitments import canonical, upcasters
from agreements.commitments.commitment import by_kind
from agreements.commitments.fields import Children, Flag
from tests.agreements import sampling

CHANGED = """\
The fields of « {kind} » are no longer those of its schema {schema}: {difference}.
Texts agreed to under schema {schema} stay as they are, and are read for ever. So:
1. in the declaration of its commitment, set `schema = {next}`;
2. beside it, add to `steps` the step {schema}: a pure function that imports nothing and brings a
   dictionary of schema {schema} to the fields of today (a new field: what it is in earlier texts);
3. run `{record}`,
   then fill in the new fields of {kind}.{next}.json, and commit both files.
A field file of a schema that was released is never edited."""


def difference(before: list[str], after: list[str]) -> str:
    gone, new = (
        [line for line in a if line not in b] for a, b in [(before, after), (after, before)]
    )
    changes = [*(f"« {line} » is gone" for line in gone), *(f"« {line} » is new" for line in new)]
    return ", ".join(changes) or "their order has changed"


def changed(commitment) -> str | None:
    """Why what is declared is not what is kept of the current schema; None where it is."""
    kind, schema = commitment.kind, commitment.schema
    file = sampling.fields_file(kind, schema)
    if not file.exists():
        return f"« {kind} » has no sample of its schema {schema}: run `{sampling.RECORD}`."
    stored_lines = file.read_text().splitlines()
    fields = sampling.describe_fields(commitment)
    # A choice may take more keys: what was stored is among them still.
    known = {line.partition(" of ")[0]: set(line.partition(" of ")[2].split()) for line in fields}
    bare = [line.partition(" of ")[0] for line in stored_lines]
    keys = [set(line.partition(" of ")[2].split()) for line in stored_lines]
    if bare == list(known) and all(k <= known[b] for b, k in zip(bare, keys, strict=True)):
        return None
    return CHANGED.format(
        kind=kind, schema=schema, next=schema + 1, difference=difference(stored_lines, fields),
        record=sampling.RECORD,
    )  # fmt: skip


def kinds():
    return [commitment.kind for commitment in sampling.own()]


@pytest.mark.parametrize(
    "commitment", [one for one in sampling.own() if one.is_decided], ids=lambda one: one.kind
)
def test_a_new_row_of_each_kind_the_committee_decides_on_is_said_in_two_sentences(commitment):
    content = json.loads(sampling.text_of(commitment.kind, commitment.schema))
    sentences = commitment.describe_row(content)
    assert 1 <= len(sentences) <= 2
    assert all(sentence.endswith(".") for sentence in sentences)


@pytest.mark.parametrize("kind", kinds())
def test_fields_do_not_change_without_a_number_a_step_and_a_sample(kind):
    reason = changed(by_kind(kind))
    assert reason is None, reason


def test_a_changed_schema_is_reported_with_what_to_do(monkeypatch):
    action = by_kind("action")
    fields = tuple(field for field in action.fields if field.name != "audience")
    monkeypatch.setattr(type(action), "fields", (*fields, Flag("is_pilot", "Expérimentation")))
    message = changed(action)
    assert "« audience: text » is gone, « is_pilot: yes or no » is new" in message
    following = action.schema + 1
    assert f"`schema = {following}`" in message
    assert f"the step {action.schema}" in message
    assert sampling.RECORD in message
    monkeypatch.setattr(type(action), "schema", following)
    assert changed(action).startswith(f"« action » has no sample of its schema {following}")


def test_a_change_of_children_or_of_a_kind_of_field_is_found(monkeypatch):
    action = by_kind("action")
    fields = [Children(f.name, f.label, f.fields[1:]) if f.name == "means" else f
              for f in action.fields]  # fmt: skip
    monkeypatch.setattr(type(action), "fields", fields)
    assert "« means[].organisation: link to conventions.Organisation » is gone" in changed(action)
    fields = [Flag(f.name, f.label) if f.name == "audience" else f for f in action.fields]
    monkeypatch.setattr(type(action), "fields", fields)
    assert "« audience: yes or no » is new" in changed(action)


def test_a_choice_takes_more_keys_and_loses_none(monkeypatch):
    action = by_kind("action")

    def with_keys(*keys):
        return [
            replace(field, labels=dict.fromkeys(keys, "")) if field.name == "priority" else field
            for field in action.fields
        ]

    now = action.fields
    monkeypatch.setattr(type(action), "fields", with_keys("urgent", "high", "normal", "low"))
    assert changed(action) is None
    monkeypatch.setattr(type(action), "fields", now)
    monkeypatch.setattr(type(action), "fields", with_keys("high", "normal"))
    assert "« priority: choice of high normal low » is gone" in changed(action)


def test_each_released_schema_and_no_other_has_a_sample():
    names = {path.stem for path in sampling.HERE.iterdir()}
    assert names == {f"{kind}.{schema}" for kind, schema in sampling.released()}


@pytest.mark.parametrize(("kind", "schema"), sampling.released())
def test_a_sample_is_canonical_and_read_whole(kind, schema):
    text, commitment = sampling.text_of(kind, schema), by_kind(kind)
    assert canonical.canonical(json.loads(text)) == text
    content = upcasters.upgrade(commitment, schema, text)
    assert upcasters.complete(commitment, content) == content
    assert {field.name for field in commitment.fields} == set(content)


@pytest.mark.parametrize("kind", kinds())
def test_the_last_sample_has_something_in_each_field(kind):
    """An empty field is a sample of nothing; one child at least has each of its fields."""
    commitment = by_kind(kind)
    content = json.loads(sampling.text_of(kind, commitment.schema))
    empty = [name for name, value in content.items() if value in (None, "", [])]
    for field in commitment.fields:
        for part in getattr(field, "fields", ()):
            if all(child[part.name] in (None, "", []) for child in content[field.name]):
                empty.append(f"{field.name}[].{part.name}")
    assert not empty, f"fill in {', '.join(empty)} of {kind}.{commitment.schema}.json"
