"""Two pages of one sheet are open at once: nothing typed is lost, nothing is covered unseen."""

import re

import pytest

from agreements.models import Version
from agreements.versions import events as drafts
from tests.actions.factories import action_in_force, agree
from tests.actions.pages import held_by, reading, sending  # noqa: F401  (fixtures)
from tests.actions.plan.writing import adviser_of, draft_of
from tests.agreements.factories import committee_of
from tests.stories import told_once

pytestmark = pytest.mark.django_db


@told_once
def action(committee):
    return action_in_force(committee)


@pytest.fixture
def tab(action, get):
    """``tab(section)``: the page of a section, left open."""

    def tab(section):
        get(f"{action.pk}/modifier/{section}/")
        return get.response

    return tab


@pytest.fixture
def save(action, send):
    """``save(page, section, …)``: type into a page that was left open, and send it."""

    def save(page, section, **typed):
        return send.again(page, f"{action.pk}/modifier/{section}/", **typed)

    return save


def test_two_sections_of_one_draft_do_not_meet(committee, tab, save):
    first, second, third = tab("contenu"), tab("calendrier"), tab("acteurs")
    save(first, "contenu", audience="Tous")
    assert "Le brouillon est enregistré" in save(second, "calendrier", ends_on="2030-12-31")
    assert "Le brouillon est enregistré" in save(third, "acteurs", elected_referent="M. Élu")
    content = draft_of(committee.coordinator).content
    assert (content["audience"], content["ends_on"], content["elected_referent"]) == (
        "Tous", "2030-12-31", "M. Élu",
    )  # fmt: skip


def test_the_second_on_one_section_is_shown_both_and_chooses(committee, send, tab, save):
    first, second = tab("contenu"), tab("contenu")
    save(first, "contenu", audience="Tous")
    text = save(second, "contenu", audience="Adolescents", diagnosis="Trop peu")
    assert "a été enregistré ailleurs" in text
    assert "Tous" in text
    assert draft_of(committee.coordinator).content["audience"] == "Tous"
    values = held_by(send.response)
    assert (values["audience"], values["diagnosis"]) == (["Adolescents"], ["Trop peu"])
    save(send.response, "contenu")
    content = draft_of(committee.coordinator).content
    assert (content["audience"], content["diagnosis"]) == ("Adolescents", "Trop peu")


def test_rows_typed_by_the_second_writer_are_kept(committee, send, tab, save):
    first, second = tab("moyens"), tab("moyens")
    save(first, "moyens", **{"fundings-0-planned": "13000"})
    text = save(second, "moyens", **{"fundings-0-planned": "14000", "means-0-fte": "1",
                                     "means-0-organisation": str(committee.epci.pk)})  # fmt: skip
    assert re.search(r"\[supprimé : 13\D*000\D*\] \[ajouté : 14\D*000\D*\]", text)
    values = held_by(send.response)
    assert (values["fundings-0-planned"], values["means-0-fte"]) == (["14000"], ["1"])
    save(send.response, "moyens")
    content = draft_of(committee.coordinator).content
    assert content["fundings"][0]["planned"] == "14000"


def test_who_keeps_one_section_covers_nothing_of_another(committee, send, tab, save):
    """What was written elsewhere of other sections, while both texts were looked at, stays."""
    first, second, third = tab("contenu"), tab("contenu"), tab("calendrier")
    save(first, "contenu", audience="Tous")
    save(second, "contenu", audience="Adolescents")
    both = send.response
    save(third, "calendrier", ends_on="2030-12-31")
    assert "Le brouillon est enregistré" in save(both, "contenu")
    content = draft_of(committee.coordinator).content
    assert (content["audience"], content["ends_on"]) == ("Adolescents", "2030-12-31")


def test_a_third_writer_is_shown_the_conflict_again(committee, send, tab, save):
    first, second, third = (tab("contenu") for _ in range(3))
    save(first, "contenu", audience="Un")
    save(second, "contenu", audience="Deux")
    both = send.response
    save(third, "contenu", audience="Trois")
    save(send.response, "contenu")
    assert draft_of(committee.coordinator).content["audience"] == "Trois"
    assert "a été enregistré ailleurs" in save(both, "contenu")
    assert draft_of(committee.coordinator).content["audience"] == "Trois"


def test_the_reason_written_beside_another_section_stays(committee, tab, save):
    first, second = tab("contenu"), tab("calendrier")
    save(first, "contenu", note="Demandé par la Caf")
    save(second, "calendrier", ends_on="2030-12-31")
    assert draft_of(committee.coordinator).note == "Demandé par la Caf"


def test_two_reasons_written_at_once_are_both_shown(committee, send, tab, save):
    first, second = tab("contenu"), tab("calendrier")
    save(first, "contenu", note="Demandé par la Caf")
    text = save(second, "calendrier", note="Le local tarde", ends_on="2030-12-31")
    assert "a été enregistré ailleurs" in text
    assert "Demandé par la Caf" in text
    draft = draft_of(committee.coordinator)
    assert draft.note == "Demandé par la Caf"
    save(send.response, "calendrier")
    draft.refresh_from_db()
    assert (draft.note, draft.content["ends_on"]) == ("Le local tarde", "2030-12-31")


def test_a_draft_proposed_meanwhile_is_shown(committee, send, action, tab, save):
    save(tab("contenu"), "contenu", audience="Tous")
    opened = tab("contenu")
    drafts.propose(draft_of(committee.coordinator), by=committee.coordinator)
    text = save(opened, "contenu", audience="Adolescents")
    assert "La version 2 du" in text
    assert "est là depuis" in text
    assert not Version.objects.drafts().exists()
    save(send.response, "contenu")
    draft = draft_of(committee.coordinator)
    assert (draft.content["audience"], draft.base.number) == ("Adolescents", 2)


def test_a_draft_deleted_meanwhile_is_reported_to_who_saves_it(committee, send, tab, save):
    save(tab("contenu"), "contenu", audience="Tous")
    opened = tab("contenu")
    drafts.discard_draft(draft_of(committee.coordinator), by=committee.coordinator)
    assert "La version 1 du" in save(opened, "contenu", audience="Adolescents")
    save(send.response, "contenu")
    assert draft_of(committee.coordinator).content["audience"] == "Adolescents"


def test_saving_a_stale_section_keeps_what_was_agreed_meanwhile(committee, action, tab, save):
    """A form opened before a colleague's version came into force says only its own section."""
    opened = tab("calendrier")
    theirs = draft_by(committee, action, audience="Adolescents")
    agree(committee, drafts.propose(theirs, by=committee.coordinator))
    save(opened, "calendrier", ends_on="2030-12-31")
    content = draft_of(committee.coordinator).content
    assert (content["audience"], content["ends_on"]) == ("Adolescents", "2030-12-31")


def draft_by(committee, action, **values):
    adviser = adviser_of(committee)
    version = Version.objects.about(action).in_force().get()
    return drafts.save_draft(action, version.content | values, by=adviser)


def test_drafts_of_two_people_do_not_meet(committee, action, get, send):
    draft_by(committee, action, audience="Adolescents")
    send(f"{action.pk}/modifier/contenu/", typed={"audience": "Tous"})
    assert draft_of(committee.coordinator).content["audience"] == "Tous"
    assert Version.objects.drafts().count() == 2
    assert "en écrit aussi une version" in get(f"{action.pk}/modifier/")


@pytest.mark.parametrize("odd", [
    {"base": "abc"}, {"base": "9" * 40}, {"base": ""}, {"base": "another"}, {"revision": "x" * 500},
    {"revision": "٣"}, {"shown": "x", "revision": "y"},
])  # fmt: skip
def test_odd_tokens_cover_nothing(committee, action, tab, save, odd):
    if odd.get("base") == "another":
        elsewhere = action_in_force(committee_of())
        odd = {"base": str(Version.objects.about(elsewhere).in_force().get().pk)}
    save(tab("contenu"), "contenu", audience="Tous")
    opened = tab("contenu")
    save(opened, "contenu", audience="Adolescents", **odd)
    draft = draft_of(committee.coordinator)
    assert draft.base.subject == action
    # What the section said when the page was opened is told by ``shown``.
    assert draft.content["audience"] == ("Tous" if "shown" in odd else "Adolescents")
