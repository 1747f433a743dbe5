"""Find what is wrong with a sheet: missing fields stop a proposal, contradictions a draft too."""

from decimal import Decimal

import pytest

from actions.models import Action
from actions.plan.events import add_action
from actions.plan.faults import faults, incoherent, missing_fields
from agreements.commitments.commitment import by_kind
from agreements.versions import events as drafts
from tests.actions.factories import action_content, action_in_force, refusal_of

THEME, OBJECTIVE = {"id": 1, "name": "Petite enfance"}, {"id": 2, "name": "Accueillir"}
CAF, EPCI = {"id": 3, "name": "Caf de la Vienne"}, {"id": 4, "name": "Agglomération"}
COMMUNE = {"id": 5, "name": "Naintré"}
START, END = "2024-01-01", "2027-12-31"


def lead(name="A", organisation=CAF, capacity=""):
    return {"key": "", "organisation": organisation, "name": name, "capacity": capacity}


def means(fte, organisation=CAF, note=""):
    return {"key": "", "organisation": organisation, "fte": fte, "note": note}


def line(**values):
    planned = {"key": "", "funder": CAF, "funder_name": "", "year": 2025, "nature": "operating",
               "scheme": "", "planned": "1000"}  # fmt: skip
    return planned | values


def sheet(**values) -> dict:
    """Return the canonical content of a whole action, but for ``values``."""
    return {
        "title": "Ouvrir un lieu d’accueil",
        "theme": THEME,
        "other_themes": [],
        "objectives": [OBJECTIVE],
        "description": "Deux matinées par semaine.",
        "audience": "Familles",
        "expected_results": "",
        "elected_referent": "",
        "plans": "",
        "priority": "normal",
        "diagnosis": "",
        "is_innovative": False,
        "partners": [],
        "other_partners": "",
        "leads": [lead("Nadia Lefèvre")],
        "starts_on": START,
        "ends_on": END,
        "is_continuous": False,
        "is_whole_territory": True,
        "communes": [],
        "means": [],
        "fundings": [line()],
    } | values


def test_a_whole_action_has_no_fault():
    assert list(faults(sheet())) == []


LACKING = [
    ({"title": "  "}, "title"),
    ({"theme": None}, "theme"),
    ({"objectives": []}, "objectives"),
    ({"description": "\n"}, "description"),
    ({"leads": []}, "leads"),
    ({"starts_on": None}, "starts_on"),
    ({"ends_on": None}, "ends_on"),
    ({"is_whole_territory": False}, "communes"),
]


@pytest.mark.parametrize(("values", "name"), LACKING, ids=[name for _, name in LACKING])
def test_a_missing_field_is_a_fault_of_a_proposal_and_of_no_draft(values, name):
    assert [field for field, _ in missing_fields(sheet(**values))] == [name]
    assert list(incoherent(sheet(**values))) == []


def test_without_a_start_no_end_is_asked_for_yet():
    assert [name for name, _ in faults(sheet(starts_on=None, ends_on=None))] == ["starts_on"]


# (what differs, the field it is told beside, some of the words)
INCOHERENT = {
    "a long title": ({"title": "x" * 300}, "title", "Titre : 200 caractères au plus."),
    "a long public": ({"audience": "x" * 301}, "audience", "Public : 300 caractères"),
    "a long referent": ({"elected_referent": "x" * 301}, "elected_referent",
                        "Élu référent : 300 caractères"),
    "an unknown priority": ({"priority": "urgent"}, "priority", "haute, moyenne"),
    "an end before the start": ({"starts_on": END, "ends_on": START}, "ends_on", "précède"),
    "an end of what has none": ({"is_continuous": True}, "ends_on", "en continu"),
    "communes of the whole": ({"communes": [COMMUNE]}, "communes", "décochez"),
    "one theme twice": ({"other_themes": [THEME]}, "other_themes", "déjà ce dont"),
    "a lead of nobody": ({"leads": [lead(organisation=None)]}, "leads", "a un organisme."),
    "one lead twice": ({"leads": [lead(), lead(capacity="Autre")]}, "leads", "deux fois"),
    "one organisation twice": ({"leads": [lead(""), lead("")]}, "leads", "deux fois"),
    "a long name": ({"leads": [lead("x" * 201)]}, "leads", "Nom : 200"),
    "a long capacity": ({"leads": [lead(capacity="x" * 201)]}, "leads", "Fonction : 200"),
    "no staff": ({"means": [means("0")]}, "means", "au-dessus de 0"),
    "less than no staff": ({"means": [means("-0.5")]}, "means", "au-dessus de 0"),
    "too much staff": ({"means": [means("1000.01")]}, "means", "1000 au plus"),
    "endless staff": ({"means": [means("1e40")]}, "means", "1000 au plus"),
    "staff in thousandths": ({"means": [means("0.001")]}, "means", "deux décimales"),
    "staff untold": ({"means": [means(None)]}, "means", "un nombre d’ETP"),
    "staff of nobody": ({"means": [means("1", organisation=None)]}, "means", "un organisme"),
    "a long note": ({"means": [means("1", note="x" * 201)]}, "means", "Précision : 200"),
}  # fmt: skip

ONE_FUNDER = "Un financement a un financeur : un organisme de la liste, ou un autre."
LINES = {
    "two funders": ({"funder_name": "Région"}, ONE_FUNDER),
    "two funders, one blank": ({"funder_name": " "}, ONE_FUNDER),
    "no funder": ({"funder": None}, ONE_FUNDER),
    "a blank funder": ({"funder": None, "funder_name": " \t"}, ONE_FUNDER),
    "no year": ({"year": None}, "de 1990 à 2100"),
    "an old year": ({"year": 1989}, "de 1990 à 2100"),
    "a far year": ({"year": 2101}, "de 1990 à 2100"),
    "a year that no database holds": ({"year": 10**30}, "de 1990 à 2100"),
    "a nature of its own": ({"nature": "gift"}, "fonctionnement ou d’investissement"),
    "no amount": ({"planned": None}, "0 s’il n’y en a pas"),
    "a negative amount": ({"planned": "-0.01"}, "n’est pas négatif"),
    "thousandths": ({"planned": "10.005"}, "deux décimales"),
    "eleven digits": ({"planned": "10000000000"}, "dix chiffres"),
    "a huge amount": ({"planned": "1" + "0" * 60}, "dix chiffres"),
    "a tiny amount": ({"planned": "0." + "0" * 60 + "1"}, "deux décimales"),
    "a long scheme": ({"scheme": "x" * 201}, "Dispositif : 200"),
    "a long funder": ({"funder": None, "funder_name": "x" * 201}, "Autre financeur : 200"),
}
LINES = {name: ({"fundings": [line(**values)]}, "fundings", words)
         for name, (values, words) in LINES.items()}  # fmt: skip
TWICE = {
    f"one line twice of {who}": (
        {"fundings": [line(planned="1", **funder), line(planned="2", **funder)]},
        "fundings", "réunissez-les")
    for who, funder in {"an organisation": {}, "another": {"funder": None, "funder_name": "Région"}}
    .items()
}  # fmt: skip
NONSENSE = INCOHERENT | LINES | TWICE


@pytest.mark.parametrize(("values", "name", "words"), NONSENSE.values(), ids=NONSENSE)
def test_a_contradiction_is_a_fault_of_a_draft_too(values, name, words):
    [(field, reason)] = incoherent(sheet(**values))
    assert field == name
    assert words in reason
    assert (field, reason) in faults(sheet(**values))


def test_a_row_named_twice_is_a_fault_though_it_was_renamed_meanwhile():
    """Contents brought together may call one thing by two names."""
    before = {"name": "Avant"}
    content = sheet(
        other_themes=[THEME | before],
        fundings=[line(), line(funder=CAF | before)],
        leads=[lead(), lead(organisation=CAF | before)],
    )
    assert [name for name, _ in incoherent(content)] == ["other_themes", "leads", "fundings"]


SOUND = {
    "a whole title": {"title": "x" * 200},
    "a single day": {"ends_on": START},
    "some communes": {"is_whole_territory": False, "communes": [COMMUNE]},
    "two people of one body": {"leads": [lead(), lead("B"), lead("")]},
    "much staff": {"means": [means("1000"), means("0.01"), means("0.50")]},
    "no money": {"fundings": [line(year=1990, planned="0")]},
    "all the money": {"fundings": [line(funder=None, funder_name="État", year=2100,
                                        planned="9999999999.99")]},
    "lines that differ": {"fundings": [
        line(), line(year=2026), line(funder=EPCI), line(funder=None, funder_name="Caf"),
        line(nature="investment"), line(scheme="bonus"),
    ]},
}  # fmt: skip


@pytest.mark.parametrize("values", SOUND.values(), ids=SOUND)
def test_values_at_the_limit_are_no_fault(values):
    assert list(faults(sheet(**values))) == []


# Events ask them ----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_content_of_a_whole_action_is_such_a_sheet(committee):
    assert action_content(committee).keys() == sheet().keys()


@pytest.mark.django_db
def test_a_draft_that_lacks_something_is_not_proposed(committee):
    content = action_content(committee) | {"description": ""}
    [(_, reason)] = missing_fields(content)
    draft = drafts.save_draft(action_in_force(committee), content, by=committee.coordinator)
    assert refusal_of(drafts.propose, draft, by=committee.coordinator).reason == reason


@pytest.mark.django_db
def test_a_contradictory_content_is_not_saved_as_a_draft(committee):
    content = action_content(committee) | {"is_continuous": True}
    [(_, reason)] = incoherent(content)
    refusal = refusal_of(add_action, committee.convention, content, by=committee.coordinator)
    assert refusal.reason == reason
    assert not Action.objects.exists()
    assert by_kind("action").refuse_incomplete(committee.convention, content).reason == reason


@pytest.mark.django_db
def test_values_at_the_limit_are_kept_whole(committee):
    values = {
        "title": "x" * 200,
        "ends_on": committee.convention.start,
        "leads": [{"organisation": committee.caf, "name": name, "capacity": ""} for name in "AB"],
        "means": [{"organisation": committee.caf, "fte": Decimal(1000), "note": ""}],
    }
    action = action_in_force(committee, **values)
    fields = {field.name: field for field in by_kind("action").fields}
    for name, value in values.items():
        assert fields[name].read(action) == fields[name].plain(value)
