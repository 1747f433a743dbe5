"""The guide for those who write a file says what the code does."""

import re

from django.conf import settings

from conventions.loading import schema

GUIDE = (settings.BASE_DIR / "docs" / "format-de-convention.md").read_text(encoding="utf-8")


def keys_of(part: dict) -> set[str]:
    """Every key of the format, at whatever depth."""
    inner = [*part.get("properties", {}).values(), part.get("items", {})]
    return set(part.get("properties", {})).union(*(keys_of(below) for below in inner if below))


def test_the_example_of_the_guide_is_a_correct_file(load_text):
    example = next(code for code in re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
                   if code.startswith("format: 1"))  # fmt: skip
    report = load_text(example)
    assert report.created["objectif"] == 4
    assert report.warnings[0].startswith("Le préambule annonce deux besoins")


def test_the_guide_names_every_key():
    reference = GUIDE[GUIDE.index("## Les clés") :]
    keys = keys_of(schema.load())
    assert len(keys) > 70
    assert [key for key in keys if not re.search(rf"`[^`]*\b{key}\b[^`]*`", reference)] == []
