"""The schema itself, against its own rules and against the models that take its values."""

import json
from decimal import Decimal

import pytest
from django.conf import settings
from jsonschema import Draft202012Validator

from conventions import models
from conventions.loading import schema, wording

DOCUMENT = settings.BASE_DIR / schema.SCHEMA_FILE


def parts(part, path="schema"):
    """Every sub-schema that describes a value, with its path."""
    yield path, part
    for key, inner in part.get("properties", {}).items():
        yield from parts(inner, f"{path}.{key}")
    if "items" in part:
        yield from parts(part["items"], f"{path}[]")


ALL_PARTS = dict(parts(schema.load()))


def at(path: str) -> dict:
    return ALL_PARTS[f"schema.{path}"]


def test_the_schema_is_valid():
    Draft202012Validator.check_schema(json.loads(DOCUMENT.read_text(encoding="utf-8")))


def test_references_are_followed_and_what_stands_beside_them_holds():
    assert "$ref" not in str(schema.load())
    assert at("convention.signee_a")["maxLength"] == 200
    assert at("convention.signee_a")["pattern"] == "^[^\\n]*$"


def test_every_key_has_a_title():
    keys = [path for path in ALL_PARTS if path.split(".")[-1].isidentifier()]
    assert len(keys) > 100
    assert [path for path in keys if not ALL_PARTS[path].get("title")] == []


def test_every_set_of_keys_is_closed():
    sets = {path: part for path, part in ALL_PARTS.items() if "properties" in part}
    assert len(sets) > 20
    for path, part in sets.items():
        assert part["additionalProperties"] is False, path
        assert set(part.get("required", [])) <= part["properties"].keys(), path


def test_every_pattern_is_explained():
    patterns = {path: part for path, part in ALL_PARTS.items() if "pattern" in part}
    assert len(patterns) > 50
    assert [path for path, part in patterns.items() if not part.get("patternErrorMessage")] == []


KNOWN_RULES = {*schema.ABOUT_KEYS, *schema.ABOUT_VALUES}
SILENT = {"title", "description", "default", "properties", "items", "patternErrorMessage",
          "$schema"}  # fmt: skip


def test_every_rule_of_the_schema_has_a_sentence():
    rules = {rule for part in ALL_PARTS.values() for rule in part}
    assert rules - KNOWN_RULES - SILENT == set()


COLUMNS = [
    ("convention.identifiant", models.Convention, "slug"),
    ("convention.titre", models.Convention, "title"),
    ("convention.territoire", models.Convention, "territory"),
    ("convention.signee_a", models.Convention, "signed_at"),
    ("convention.succede_a", models.Convention, "predecessor_slug"),
    ("convention.chiffres[].libelle", models.KeyFigure, "label"),
    ("convention.chiffres[].unite", models.KeyFigure, "unit"),
    ("convention.chiffres[].source", models.KeyFigure, "source"),
    ("parties[].sigle", models.Organisation, "acronym"),
    ("parties[].nom", models.Organisation, "name"),
    ("parties[].mention_source", models.Organisation, "source_mention"),
    ("parties[].courriel", models.Organisation, "email"),
    ("parties[].siege", models.Party, "address"),
    ("parties[].signataires[].nom", models.Signatory, "name"),
    ("parties[].signataires[].qualite", models.Signatory, "capacity"),
    ("organismes[].sigle", models.Organisation, "acronym"),
    ("articles[].titre", models.Article, "title"),
    ("annexes[].titre", models.Annex, "title"),
    ("axes[].titre", models.Axis, "title"),
    ("axes[].thematiques[].numero", models.Theme, "number"),
    ("axes[].thematiques[].titre", models.Theme, "title"),
    ("axes[].objectifs[].code", models.Objective, "code"),
    ("communes[].nom", models.Commune, "name"),
    ("communes[].nom_dans_le_texte", models.Commune, "name_in_text"),
    ("cooperation.repartition[].domaine", models.CooperationShare, "domain"),
    ("cooperation.intitule", models.CooperationPost, "title"),
    ("cooperation[].intitule", models.CooperationPost, "title"),
    ("cooperation[].employeur", models.Organisation, "acronym"),
]


def test_every_accepted_value_fits_its_column():
    for path, model, column in COLUMNS:
        assert at(path)["maxLength"] <= model._meta.get_field(column).max_length, path


DECIMALS = [
    ("convention.chiffres[].valeur", models.KeyFigure, "value"),
    ("cooperation.etp", models.CooperationPost, "fte"),
    ("cooperation.cout_indicatif_etp", models.CooperationPost, "cost_per_fte"),
    ("cooperation.repartition[].etp", models.CooperationShare, "fte"),
]


@pytest.mark.parametrize(("path", "model", "column"), DECIMALS, ids=[case[0] for case in DECIMALS])
def test_a_number_that_is_accepted_fits_its_column(path, model, column):
    part, field = at(path), model._meta.get_field(column)
    assert part["maxDecimals"] == field.decimal_places
    assert part["maximum"] < 10 ** (field.max_digits - field.decimal_places)


def test_the_kinds_of_organisation_are_those_of_the_model():
    field = models.Organisation._meta.get_field("kind")
    assert at("parties[].type")["enum"] == [value for value, _ in field.choices]
    assert at("parties[].type")["default"] == field.default


@pytest.mark.parametrize(
    ("written", "meant"),
    [("thématiques", "thematiques"), ("Axe", "axes"), ("comune", "communes"), ("zzz", None),
     ("x" * 10_000, None), ("", None)],
)  # fmt: skip
def test_a_misspelt_key_has_its_nearest_known_key(written, meant):
    known = (*schema.load()["properties"], "thematiques")
    assert schema.nearest(written, known) == meant


@pytest.mark.parametrize(
    ("value", "shown"),
    [(5, "5"), (Decimal("1.50"), "1,5"), (Decimal(48000), "48000"), (Decimal("-0.7"), "-0,7")],
)
def test_numbers_are_shown_the_french_way(value, shown):
    assert wording.number(value) == shown


def test_a_long_value_is_quoted_in_part():
    assert wording.quoted("x" * 100) == f"« {'x' * 60}… »"
