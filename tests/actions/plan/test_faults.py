"""What is wrong with an action sheet: what is lacking stops a proposal, nonsense a draft too."""

from decimal import Decimal

import pytest

from actions.models import Action
from actions.plan.events import add_action
from actions.plan.faults import faults, incoherent, lacking
from agreements.commitments.commitment import by_kind
from agreements.versions import events as drafts
from tests import factories as f
from tests.actions.factories import action_content, action_in_force, funding, refusal_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def means(committee, fte, **others):
    return {"organisation": committee.caf, "fte": fte and Decimal(fte), "note": ""} | others


def lead(committee, name="A", **others):
    return {"organisation": committee.caf, "name": name, "capacity": ""} | others


def test_a_whole_action_has_no_fault(committee):
    assert list(faults(action_content(committee))) == []


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
def test_what_is_lacking_stops_the_proposal_and_no_draft(committee, values, name):
    action = action_in_force(committee)
    content = action_content(committee) | values
    [(told_beside, reason)] = lacking(content)
    assert told_beside == name
    assert list(incoherent(content)) == []
    draft = drafts.save_draft(action, content, by=committee.coordinator)
    assert refusal_of(drafts.propose, draft, by=committee.coordinator).reason == reason


def test_without_a_start_no_end_is_asked_for_yet(committee):
    content = action_content(committee, starts_on=None, ends_on=None)
    assert [name for name, _ in faults(content)] == ["starts_on"]


# (what is typed, beside which field it is told, in which words)
INCOHERENT = {
    "a long title": (lambda c: {"title": "x" * 300}, "title", "Titre : 200 caractères au plus."),
    "a long public": (lambda c: {"audience": "x" * 301}, "audience", "Public : 300 caractères"),
    "a long referent": (lambda c: {"elected_referent": "x" * 301}, "elected_referent",
                        "Élu référent : 300 caractères"),
    "an unknown priority": (lambda c: {"priority": "urgent"}, "priority", "haute, moyenne"),
    "an end before the start": (lambda c: {"starts_on": c.convention.end,
                                           "ends_on": c.convention.start}, "ends_on", "précède"),
    "an endless end": (lambda c: {"is_continuous": True}, "ends_on", "en continu"),
    "communes of the whole": (
        lambda c: {"communes": [f.CommuneFactory(convention=c.convention)]}, "communes",
        "décochez"),
    "one theme twice": (lambda c: {"other_themes": [c.orientation.theme]}, "other_themes",
                        "déjà ce dont"),
    "a lead of nobody": (lambda c: {"leads": [lead(c, organisation=None)]}, "leads",
                         "Un pilote a un organisme."),
    "one lead twice": (lambda c: {"leads": [lead(c), lead(c, capacity="Autre")]}, "leads",
                       "deux fois"),
    "one organisation twice": (lambda c: {"leads": [lead(c, ""), lead(c, "")]}, "leads",
                               "deux fois"),
    "a long name": (lambda c: {"leads": [lead(c, "x" * 201)]}, "leads", "Nom : 200"),
    "a long capacity": (lambda c: {"leads": [lead(c, capacity="x" * 201)]}, "leads",
                        "Fonction : 200"),
    "no staff": (lambda c: {"means": [means(c, "0")]}, "means", "au-dessus de 0"),
    "less than no staff": (lambda c: {"means": [means(c, "-0.5")]}, "means", "au-dessus de 0"),
    "too much staff": (lambda c: {"means": [means(c, "1000.01")]}, "means", "1000 au plus"),
    "endless staff": (lambda c: {"means": [means(c, "1e40")]}, "means", "1000 au plus"),
    "staff in thousandths": (lambda c: {"means": [means(c, "0.001")]}, "means",
                             "deux décimales"),
    "staff untold": (lambda c: {"means": [means(c, None)]}, "means", "un nombre d’ETP"),
    "staff of nobody": (lambda c: {"means": [means(c, "1", organisation=None)]}, "means",
                        "un organisme"),
    "a long note": (lambda c: {"means": [means(c, "1", note="x" * 201)]}, "means",
                    "Précision : 200"),
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


def is_no_draft(committee, content, name, words):
    [(told_beside, reason)] = incoherent(content)
    assert told_beside == name
    assert words in reason
    told = refusal_of(add_action, committee.convention, content, by=committee.coordinator)
    assert told.reason == reason
    assert not Action.objects.exists()
    assert by_kind("action").missing(committee.convention, content).reason == reason


@pytest.mark.parametrize(("values", "name", "words"), INCOHERENT.values(), ids=INCOHERENT)
def test_what_contradicts_itself_is_not_even_a_draft(committee, values, name, words):
    is_no_draft(committee, action_content(committee, **values(committee)), name, words)


@pytest.mark.parametrize(("changes", "words"), LINES.values(), ids=LINES)
def test_a_line_of_funding_that_makes_no_sense_is_not_even_a_draft(committee, changes, words):
    content = action_content(committee, fundings=[funding(committee.caf, 2025)])
    content["fundings"][0].update(changes)
    is_no_draft(committee, content, "fundings", words)


@pytest.mark.parametrize("who", ["caf", "Région"])
def test_one_line_twice_is_one_too_many(committee, who):
    funder = committee.caf if who == "caf" else who
    lines = [funding(funder, 2025, planned="1"), funding(funder, 2025, planned="2")]
    content = action_content(committee, fundings=lines)
    is_no_draft(committee, content, "fundings", "réunissez-les")


def test_neither_is_missed_because_something_was_renamed_meanwhile(committee):
    """Contents brought together may call one thing by two names."""
    content = action_content(
        committee,
        other_themes=[committee.orientation.theme],
        fundings=[funding(committee.caf, 2025)] * 2,
        leads=[lead(committee)] * 2,
    )
    content["other_themes"][0] = content["other_themes"][0] | {"name": "Avant"}
    for name, link in [("fundings", "funder"), ("leads", "organisation")]:
        first, second = content[name]
        content[name] = [first, second | {link: second[link] | {"name": "Avant"}}]
    assert [name for name, _ in incoherent(content)] == ["other_themes", "leads", "fundings"]


SOUND = {
    "a whole title": lambda c: {"title": "x" * 200},
    "a single day": lambda c: {"ends_on": c.convention.start},
    "some communes": lambda c: {
        "is_whole_territory": False, "communes": [f.CommuneFactory(convention=c.convention)]
    },
    "two people of one body": lambda c: {"leads": [lead(c), lead(c, "B"), lead(c, "")]},
    "much staff": lambda c: {"means": [means(c, "1000"), means(c, "0.01"), means(c, "0.50")]},
    "no money": lambda c: {"fundings": [funding(c.caf, 1990, planned="0")]},
    "all the money": lambda c: {"fundings": [funding("État", 2100, planned="9999999999.99")]},
    "lines that differ": lambda c: {"fundings": [
        funding(c.caf, 2025), funding(c.caf, 2026), funding(c.epci, 2025), funding("Caf", 2025),
        funding(c.caf, 2025, nature="investment"), funding(c.caf, 2025, scheme="bonus"),
    ]},
}  # fmt: skip


@pytest.mark.parametrize("values", SOUND.values(), ids=SOUND)
def test_what_is_at_the_limit_is_sound(committee, values):
    values = values(committee)
    action = action_in_force(committee, **values)
    fields = {field.name: field for field in by_kind("action").fields}
    for name, value in values.items():
        assert fields[name].read(action) == fields[name].plain(value)
