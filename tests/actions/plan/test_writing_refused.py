"""What makes no sense in the sheet of an action is told beside its field, and kept."""

import pytest
from django.utils import timezone

from actions.models import Action
from tests import factories as f
from tests.actions.factories import action_in_force
from tests.actions.pages import (  # noqa: F401  (fixtures)
    field_errors,
    held_by,
    read,
    reading,
    sending,
    summary_of,
)
from tests.actions.plan.writing import (  # noqa: F401  (fixtures)
    bare_draft,
    content,
    draft_of,
    essential,
    lead,
    money,
    writing,
)
from tests.actions.ways.scene import ways_url
from tests.agreements.factories import committee_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("typed", "field", "expected"), [
    ({"title": "  "}, "title", "Ce champ est obligatoire."),
    ({"title": "é" * 300}, "title", "300 caractères ; 200 au plus"),
    ({"theme": ""}, "theme", "Ce champ est obligatoire."),
    ({"theme": "9" * 30}, "theme", "Sélectionnez un choix valide"),
    ({"theme": "abc"}, "theme", "Sélectionnez un choix valide"),
    ({"priority": "urgent"}, "priority", "Sélectionnez un choix valide"),
    ({"objectives": ["9" * 30]}, "objectives", "Sélectionnez un choix valide"),
    ({"objectives": ["abc"]}, "objectives", "n’est pas une valeur correcte"),
    ({"other_themes": "the same"}, "other_themes", "déjà ce dont l’action relève"),
])  # fmt: skip
def test_an_error_is_shown_at_its_field(committee, send, typed, field, expected):
    if typed.get("other_themes"):
        typed = {"other_themes": str(committee.orientation.theme.pk)}
    send("nouvelle/", typed=essential(committee, note="Ce que je tape") | typed)
    assert expected in field_errors(send.response, field)
    assert any(expected in line for line in summary_of(send.response))
    assert held_by(send.response)["note"] == ["Ce que je tape"]
    assert not Action.objects.exists()


def test_nothing_of_another_convention_can_be_chosen(committee, send):
    other = committee_of()
    theme, objective = str(other.orientation.theme.pk), str(other.orientation.pk)
    send("nouvelle/", typed=essential(committee, theme=theme, objectives=[objective],
                                      other_themes=[theme]))  # fmt: skip
    for name in ("theme", "objectives", "other_themes"):
        assert "Sélectionnez un choix valide" in field_errors(send.response, name)


def test_a_text_that_no_database_stores_is_refused(committee, client, written):
    client.force_login(committee.coordinator)
    for address, name in [("nouvelle/", "title"), (f"{written.pk}/modifier/contenu/", "plans"),
                          (f"{written.pk}/modifier/contenu/", "description")]:  # fmt: skip
        typed = essential(committee) | {name: "a\0b"}
        response = client.post(ways_url(committee, address), typed)
        assert "nul" in str(response.context["form"].errors[name])


WRONG = {
    "an end before the start": (
        "calendrier", lambda c: {"starts_on": "2025-03-01", "ends_on": "2025-02-28"},
        "ends_on", "La fin de l’action précède son début."),
    "an end of what has none": (
        "calendrier", lambda c: {"ends_on": "2025-02-28", "is_continuous": "on"},
        "ends_on", "Une action en continu n’a pas de fin"),
    "a year of five digits": (
        "calendrier", lambda c: {"starts_on": "20215-01-01"}, "starts_on", "Ce jour n’existe pas"),
    "no day": (
        "calendrier", lambda c: {"starts_on": "bientôt"}, "starts_on", "Ce jour n’existe pas"),
    "a year half typed": (
        "calendrier", lambda c: {"starts_on": "0202-01-01"}, "starts_on", "de 1990 à 2100"),
    "a year beyond all plans": (
        "calendrier", lambda c: {"ends_on": "2199-12-31"}, "ends_on", "de 1990 à 2100"),
    "communes and all of them": (
        "calendrier", lambda c: {"communes": [str(c.extra["commune"].pk)]},
        "communes", "décochez « tout le territoire »"),
    "a commune of elsewhere": (
        "calendrier", lambda c: {"communes": [str(f.CommuneFactory().pk)]},
        "communes", "choix valide"),
    "a long public": ("contenu", lambda c: {"audience": "x" * 301}, "audience", "300"),
    "a long plan": ("contenu", lambda c: {"plans": "x" * 2001}, "plans", "2000"),
    "a partner of elsewhere": (
        "acteurs", lambda c: {"partners": [str(committee_of().caf.pk)]},
        "partners", "choix valide"),
    "a lead of no organisation": (
        "acteurs", lambda c: lead(0, c, organisation=""),
        "leads-0-organisation", "Choisissez l’organisme qui conduit l’action."),
    "a lead of elsewhere": (
        "acteurs", lambda c: lead(0, c, organisation=str(committee_of().caf.pk)),
        "leads-0-organisation", "Ce choix n’est plus possible"),
    "a stranger": (
        "acteurs", lambda c: lead(0, c, user=str(committee_of().coordinator.pk)),
        "leads-0-user", "Ce choix n’est plus possible"),
    "a long name": ("acteurs", lambda c: lead(0, c, name="x" * 201), "leads-0-name", "200"),
    "no staff": (
        "moyens", lambda c: {"means-0-organisation": str(c.caf.pk), "means-0-fte": "0"},
        "means-0-fte", "au-dessus de 0"),
    "half a thousandth": (
        "moyens", lambda c: {"means-0-organisation": str(c.caf.pk), "means-0-fte": "0,125"},
        "means-0-fte", "2 chiffres après la virgule"),
    "staff unnumbered": (
        "moyens", lambda c: {"means-0-organisation": str(c.caf.pk)},
        "means-0-fte", "Donnez un nombre d’ETP."),
    "a negative amount": (
        "moyens", lambda c: money(0, c, planned="-5"), "fundings-0-planned", "n’est pas négatif"),
    "three decimals": (
        "moyens", lambda c: money(0, c, planned="1,125"), "fundings-0-planned", "deux décimales"),
    "ten decimals": (
        "moyens", lambda c: money(0, c, planned="1,1234567891"),
        "fundings-0-planned", "deux décimales"),
    "eleven digits": (
        "moyens", lambda c: money(0, c, planned="9" * 40), "fundings-0-planned", "dix chiffres"),
    "no number": (
        "moyens", lambda c: money(0, c, planned="beaucoup"),
        "fundings-0-planned", "n’est pas un nombre"),
    "two ways to read": (
        "moyens", lambda c: money(0, c, planned="1.234"), "fundings-0-planned", "deux façons"),
    "two cells": (
        "moyens", lambda c: money(0, c, planned="1200\t1500"),
        "fundings-0-planned", "plusieurs cellules"),
    "two numbers": (
        "moyens", lambda c: money(0, c, planned="10 20"),
        "fundings-0-planned", "un seul nombre"),
    "thousands of euros": (
        "moyens", lambda c: money(0, c, planned="12 k€"),
        "fundings-0-planned", "tous ses zéros"),
    "a share for an amount": (
        "moyens", lambda c: money(0, c, planned="12 %"),
        "fundings-0-planned", "non en « % »"),
    "no amount": (
        "moyens", lambda c: money(0, c, planned=""),
        "fundings-0-planned", "Donnez le montant prévu"),
    "a far year": (
        "moyens", lambda c: money(0, c, year="20215"), "fundings-0-year", "2100"),
    "no year": ("moyens", lambda c: money(0, c, year=""), "fundings-0-year", "Donnez l’année."),
    "a funder twice": (
        "moyens", lambda c: money(0, c, funder_name="Région"),
        "fundings-0-funder_name", "effacez ce nom"),
    "no funder": (
        "moyens", lambda c: money(0, c, funder=""),
        "fundings-0-funder_name", "Choisissez un financeur"),
    "another nature": (
        "moyens", lambda c: money(0, c, nature="don"), "fundings-0-nature", "choix valide"),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_an_error_is_shown_at_its_field_and_the_input_kept(committee, write, send, what):
    section, typed_of, field, reason = WRONG[what]
    typed = typed_of(committee)
    before = content(committee)
    write(section, typed, note="Ce que je tape")
    assert reason in field_errors(send.response, field)
    assert any(reason in line for line in summary_of(send.response))
    values = held_by(send.response)
    choices = ("organisation", "user", "nature", "funder", "communes", "partners")
    texts = {name: [text] for name, text in typed.items() if not name.endswith(choices)}
    assert texts | {"note": ["Ce que je tape"]} == {n: values[n] for n in [*texts, "note"]} | {
        "note": ["Ce que je tape"]
    }
    assert content(committee) == before


def test_two_equal_funding_lines_are_refused(committee, write, send):
    text = write("moyens", money(0, committee) | money(1, committee, planned="5"))
    assert text.count("réunissez-les") == 2  # above, and beside the lines
    assert 'aria-describedby="rows-fundings_error"' in send.response.content.decode()
    assert held_by(send.response)["fundings-1-planned"] == ["5"]


def test_a_lead_is_named_once(committee, write):
    assert "nommé deux fois" in write("acteurs", lead(0, committee) | lead(1, committee))


def test_a_lead_has_one_name(committee, send, agent):
    """Whom the parties would read of is who may follow the action."""
    lead = {"organisation": committee.caf, "name": str(agent), "user": agent}
    action = action_in_force(committee, leads=[lead])
    other = f.MembershipFactory(organisation=committee.caf).user
    address = f"{action.pk}/modifier/acteurs/"
    send(address, typed={"leads-0-name": "Jean Dupont"})
    assert f"{agent} est choisi à côté" in field_errors(send.response, "leads-0-name")
    send(address, typed={"leads-0-user": str(other.pk)})
    [drafted] = draft_of(committee.coordinator).content["leads"]
    assert (drafted["name"], drafted["user"]["id"]) == (str(other), other.pk)


def test_a_lead_who_has_left_is_refused_at_the_field_of_the_person(committee, send, agent):
    lead = {"organisation": committee.caf, "name": "Nadia Lefèvre", "user": agent}
    action = action_in_force(committee, leads=[lead])
    agent.memberships.update(ended_at=timezone.now())
    address = f"{action.pk}/modifier/acteurs/"
    send(address)
    assert "n’a plus accès à la convention" in field_errors(send.response, "leads-0-user")
    assert held_by(send.response)["leads-0-user"] == [str(agent.pk)]
    send(address, typed={"leads-0-user": ""})
    [drafted] = draft_of(committee.coordinator).content["leads"]
    assert (drafted["name"], drafted["user"]) == ("Nadia Lefèvre", None)


# What no page of ours sends -----------------------------------------------------------------------


def test_a_page_without_its_rows_is_refused_and_loses_none(committee, write, send):
    write("moyens", money(0, committee))
    written = content(committee)
    for count in (None, "", "beaucoup", "9" * 5000):
        text = write("moyens", {"fundings-TOTAL_FORMS": count})
        assert "Cette page est arrivée incomplète, et rien n’est enregistré" in text
        assert content(committee) == written


def test_thousands_of_rows_are_refused(committee, write, send, written):
    text = write("acteurs", {"leads-TOTAL_FORMS": "10000"},
                 **{f"leads-{n}-name": "Zoé" for n in range(2_000)})  # fmt: skip
    assert "200 lignes au plus" in text
    assert content(committee)["leads"] == []
    too_many = {f"leads-{n}-name": "Zoé" for n in range(10_001)}
    address = ways_url(committee, f"{written.pk}/modifier/acteurs/")
    assert send.response.client.post(address, too_many).status_code == 400


def test_keys_that_belong_nowhere_change_nothing(committee, write):
    odd = {"milestones-0-title": "Jalon", "state": "done", "standing": "in_force",
           "number": "9.9", "leads-0-inconnu": "x", "leads--1-name": "x", "convention": "1",
           "title": "Autre"}  # fmt: skip
    before = content(committee)
    write("acteurs", odd)
    assert content(committee) == before
    action = Action.objects.get()
    assert (action.state, action.standing) == ("to_come", "draft")


@pytest.mark.parametrize("section", ["inconnue", "title", "%00", "../", "essentiel%2F"])
def test_a_section_that_is_none_is_not_found(written, get, section):
    get(f"{written.pk}/modifier/{section}/", status=404)
