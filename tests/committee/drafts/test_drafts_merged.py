"""A draft, and what was proposed since it was begun: nothing typed is lost at any step."""

import pytest

from agreements.models import State, Version
from agreements.versions import events as drafts
from agreements.versions.endings import draft_ending
from committee.objectives import events as objectives
from tests import factories as f
from tests.agreements.factories import SeatFactory, committee_of
from tests.committee.pages import after, page_of, value_of
from tests.committee.pages import committee_url as url
from tests.stories import told_once

pytestmark = pytest.mark.django_db


@told_once
def committee():
    return committee_of()


@told_once
def claire(committee):
    user = f.UserFactory(first_name="Claire", last_name="Morin")
    f.MembershipFactory(organisation=committee.caf, coordinator=True, user=user)
    return user


@pytest.fixture
def outdated(committee, claire):
    """``outdated(mine, theirs)``: my draft, begun before Claire proposed hers."""

    def outdated(mine: dict, theirs: dict, by=None) -> Version:
        version = committee.in_force("Ouvrir deux espaces")
        content = version.content
        draft = drafts.save_draft(
            version.subject, content | mine, note="Mon motif", by=by or committee.coordinator
        )
        other = drafts.save_draft(version.subject, content | theirs, by=claire)
        drafts.propose(other, by=claire)
        return draft

    return outdated


@pytest.fixture
def open_page(client, committee):
    def open_page(draft, user=None, address="rapprocher/"):
        client.force_login(user or committee.coordinator)
        return client.get(url(committee, f"brouillons/{draft.pk}/{address}"))

    return open_page


@pytest.fixture
def send(client, committee):
    """Send the page of a merge, with the tokens that it holds."""

    def send(draft, page, **data):
        tokens = {name: value_of(page, name) for name in ("base", "revision", "drafted")}
        return client.post(url(committee, f"brouillons/{draft.pk}/rapprocher/"), tokens | data)

    return send


def own(committee) -> Version:
    return Version.objects.drafts().get(author=committee.coordinator)


def test_compatible_changes_are_merged_and_shown(committee, outdated, open_page, send):
    draft = outdated({"title": "Ouvrir trois espaces"}, {"measure": "Autrement"})
    page = open_page(draft)
    text = page_of(page)
    assert "Les deux versions de « Ouvrir trois espaces » vont ensemble" in text
    assert "La version 2 du" in text
    assert "de Claire Morin, a été proposée après le début du brouillon" in text
    assert "Repris de la version 2, parce que le brouillon n’y touchait pas : Mesure" in text
    assert "Gardé du brouillon, parce que la version 2 n’y touchait pas : Intitulé" in text
    send(draft, page)
    merged = own(committee)
    assert (merged.title, merged.content["measure"]) == ("Ouvrir trois espaces", "Autrement")
    assert (merged.pk, merged.base.number, merged.note) == (draft.pk, 2, "Mon motif")


def test_a_merged_draft_is_proposed_at_once(committee, outdated, open_page, send, client):
    draft = outdated({"title": "Ouvrir trois espaces"}, {"measure": "Autrement"})
    response = send(draft, open_page(draft), action="proposer")
    assert "La version 3 est proposée" in after(client, response)
    states = Version.objects.about(draft.subject).values_list("number", "state")
    assert dict(states) == {1: State.IN_FORCE, 2: State.REPLACED, 3: State.PROPOSED}


@pytest.mark.parametrize(
    ("choice", "kept"),
    [("theirs", "Ouvrir dix espaces"), ("mine", "Ouvrir trois espaces"), ("other", "Ouvrir six")],
)
def test_each_conflict_is_chosen(committee, outdated, open_page, send, choice, kept):
    draft = outdated({"title": "Ouvrir trois espaces"}, {"title": "Ouvrir dix espaces"})
    page = open_page(draft)
    text = page_of(page)
    assert "Un choix à faire pour rapprocher deux versions de" in text
    assert "Avant Ouvrir deux espaces La version 2 du" in text
    assert "Claire Morin Ouvrir [supprimé : deux ] [ajouté : dix ] espaces" in text
    assert "Mon brouillon Ouvrir [supprimé : deux ] [ajouté : trois ] espaces" in text
    assert value_of(page, "other_title") == "Ouvrir trois espaces"
    other = "Ouvrir six" if choice == "other" else "Ouvrir trois espaces"
    send(draft, page, choice_title=choice, other_title=other)
    assert own(committee).title == kept


def test_without_a_choice_nothing_is_saved(committee, outdated, open_page, send):
    draft = outdated({"title": "Trois", "measure": "A"}, {"title": "Dix", "measure": "B"})
    page = open_page(draft)
    assert "Deux choix à faire" in page_of(page)
    response = send(draft, page, choice_title="other", other_title="Ouvrir six")
    assert "Choisissez ce qui est gardé" in page_of(response)
    assert value_of(response, "other_title") == "Ouvrir six"
    assert own(committee).title == "Trois"


def test_a_wording_that_no_choice_would_keep_is_refused(committee, outdated, open_page, send):
    draft = outdated({"title": "Trois"}, {"title": "Dix"})
    response = send(draft, open_page(draft), choice_title="theirs", other_title="Ouvrir six")
    assert "Vous avez écrit un autre texte : choisissez « Écrire autrement »" in page_of(response)
    assert value_of(response, "other_title") == "Ouvrir six"
    assert own(committee).title == "Trois"
    send(draft, response, choice_title="theirs", other_title="")
    assert own(committee).title == "Dix"


def test_an_empty_other_wording_is_refused(committee, outdated, open_page, send):
    draft = outdated({"title": "Trois"}, {"title": "Dix"})
    response = send(draft, open_page(draft), choice_title="other", other_title=" ")
    assert "Écrivez ce que vous voulez garder" in page_of(response)
    assert own(committee).title == "Trois"


def test_a_day_is_chosen_as_a_day(committee, outdated, open_page, send):
    convention = committee.convention
    days = [convention.start.isoformat(), convention.end.replace(day=1).isoformat()]
    draft = outdated({"due_on": days[0]}, {"due_on": days[1]})
    page = open_page(draft)
    assert 'type="date" name="other_due_on"' in page.content.decode()
    assert value_of(page, "other_due_on") == days[0]
    middle = convention.end.replace(day=2).isoformat()
    send(draft, page, choice_due_on="other", other_due_on=middle)
    assert own(committee).content["due_on"] == middle


def test_a_version_proposed_while_one_chooses_is_shown(
    committee, outdated, open_page, send, claire
):
    draft = outdated({"title": "Trois"}, {"title": "Dix"})
    page = open_page(draft)
    third = drafts.save_draft(draft.subject, draft.content | {"title": "Onze"}, by=claire)
    drafts.propose(third, by=claire)
    response = send(draft, page, choice_title="mine", other_title="Trois")
    text = page_of(response)
    assert "La version 3 du" in text
    assert "vient d’être proposée : vérifiez vos choix" in text
    assert "[ajouté : Onze ]" in text
    assert own(committee).base.number == 1
    send(draft, response, choice_title="mine", other_title="Trois")
    assert (own(committee).base.number, own(committee).title) == (3, "Trois")


def test_a_draft_saved_elsewhere_while_one_chooses_is_shown(committee, outdated, open_page, send):
    draft = outdated({"title": "Trois"}, {"title": "Dix"})
    page = open_page(draft)
    drafts.save_draft(draft.subject, draft.content | {"title": "Treize"}, by=committee.coordinator)
    response = send(draft, page, choice_title="mine", other_title="")
    assert "Votre brouillon a changé" in page_of(response)
    assert own(committee).title == "Treize"
    assert "[ajouté : Treize ]" in page_of(response)


def test_the_page_of_the_draft_leads_to_the_merge(committee, outdated, open_page, client):
    draft = outdated({"title": "Trois"}, {"measure": "Autrement"})
    text = page_of(open_page(draft, address=""))
    assert "La version 2 a été proposée le" in text
    assert "par Claire Morin, après le début de ce brouillon" in text
    assert "Rapprocher les deux textes" in text
    assert "Proposer au comité" not in text
    response = client.post(
        url(committee, f"brouillons/{draft.pk}/proposer/"), {"revision": draft.revision}
    )
    assert response.url == url(committee, f"brouillons/{draft.pk}/rapprocher/")
    assert "comparez les deux avant de proposer la vôtre" in page_of(client.get(response.url))


def test_a_draft_proposed_from_its_form_leads_to_the_merge_as_typed(
    committee, outdated, client, open_page
):
    draft = outdated({"title": "Trois"}, {"title": "Dix"})
    address = url(committee, f"objectifs/{draft.object_id}/modifier/")
    client.force_login(committee.coordinator)
    page = client.get(address)
    names = ["title", "due_on", "measure", "note", "base", "revision"]
    typed = {name: value_of(page, name) for name in names} | {"title": "Quatre"}
    response = client.post(address, typed | {"action": "proposer"})
    assert response.url == url(committee, f"brouillons/{draft.pk}/rapprocher/")
    assert own(committee).title == "Quatre"


def test_a_draft_without_anything_to_merge_leads_to_itself(committee, open_page):
    version = committee.in_force()
    draft = drafts.save_draft(
        version.subject, version.content | {"title": "Trois"}, by=committee.coordinator
    )
    assert open_page(draft).url == url(committee, f"brouillons/{draft.pk}/")


def test_a_draft_of_which_nothing_is_left_says_so(committee, outdated, open_page):
    draft = outdated({"measure": "Autrement"}, {"measure": "Autrement", "title": "Dix"})
    assert "ne change plus rien" in page_of(open_page(draft))


def test_a_base_that_was_withdrawn_is_named(committee, open_page, send):
    first = committee.in_force("Deux")
    second = committee.edited(first, title="Dix")
    draft = drafts.save_draft(
        first.subject, second.content | {"measure": "Autrement"}, by=committee.coordinator
    )
    drafts.withdraw_version(second, reason="Trop", by=committee.coordinator)
    assert "La version 2, dont part ce brouillon, a été retirée depuis" in page_of(
        open_page(draft, address="")
    )
    page = open_page(draft)
    assert "a été retirée ; la version 1 du" in page_of(page)
    send(draft, page)
    assert (own(committee).title, own(committee).content["measure"]) == ("Deux", "Autrement")


def test_two_first_drafts_of_one_objective_differ_in_what_is_to_choose(
    committee, claire, open_page, send
):
    """Nothing was there before: all that differs is to be chosen."""
    mine = committee.draft("Ouvrir trois espaces")
    hers = drafts.save_draft(mine.subject, committee.content("Ouvrir dix espaces"), by=claire)
    drafts.propose(hers, by=claire)
    page = open_page(mine)
    text = page_of(page)
    assert "Un choix à faire" in text
    assert "Avant rien d’indiqué" in text
    send(mine, page, choice_title="mine", other_title="", action="proposer")
    assert Version.objects.proposed().get().title == "Ouvrir trois espaces"


# Withdrawals -------------------------------------------------------------------------------------


def test_a_draft_that_keeps_a_point_proposed_for_withdrawal_is_merged(
    committee, claire, open_page, send
):
    version = committee.in_force("Deux")
    draft = drafts.save_draft(
        version.subject, version.content | {"title": "Trois"}, by=committee.coordinator
    )
    drafts.propose(draft_ending(version.subject, note="Fait", by=claire), by=claire)
    page = open_page(draft)
    assert "La version 2 propose de retirer ce point ; votre brouillon le garde" in page_of(page)
    send(draft, page)
    merged = own(committee)
    assert (merged.ends, merged.title) == (False, "Trois")
    assert "ends" not in merged.content


def test_a_withdrawal_begun_before_another_wording_is_proposed_after_it(
    committee, claire, open_page, send, client
):
    version = committee.in_force("Deux")
    draft = draft_ending(version.subject, note="Fait", by=committee.coordinator)
    other = drafts.save_draft(version.subject, version.content | {"title": "Trois"}, by=claire)
    drafts.propose(other, by=claire)
    page = open_page(draft)
    text = page_of(page)
    assert "Ce brouillon propose de retirer le point" in text
    assert "Repris de la version" not in text
    send(draft, page, action="proposer")
    ending = Version.objects.proposed().get()
    assert (ending.ends, ending.number, ending.content["title"]) == (True, 3, "Deux")
    committee.agree(ending)
    version.subject.refresh_from_db()
    assert version.subject.standing == "withdrawn"


# A colleague's draft -----------------------------------------------------------------------------


@told_once
def adviser(committee):
    return SeatFactory(organisation=committee.caf, adviser=True).user


def test_the_coordinator_brings_an_adviser_s_draft_together(
    committee, outdated, adviser, open_page, send
):
    draft = outdated({"title": "Trois"}, {"title": "Dix"}, by=adviser)
    page = open_page(draft)
    assert f"Le brouillon de {adviser}" in page_of(page)
    send(draft, page, choice_title="mine", other_title="", action="proposer")
    version = Version.objects.proposed().get()
    assert (version.title, version.author) == ("Trois", committee.coordinator)
    draft.refresh_from_db()
    assert (draft.is_draft, draft.title) == (True, "Trois")


def test_a_draft_is_not_replaced_by_a_colleague_s(committee, outdated, adviser, open_page, send):
    draft = outdated({"title": "Trois"}, {"title": "Dix"}, by=adviser)
    row = draft.subject
    drafts.save_draft(row, draft.content | {"title": "Mon texte"}, by=committee.coordinator)
    page = open_page(draft)
    assert "terminez d’abord votre brouillon" in page_of(page)
    client_data = {"base": str(drafts.latest_live_version(row).pk), "revision": 0}
    send(draft, page, choice_title="mine", other_title="", **client_data)
    assert own(committee).title == "Mon texte"


def test_an_objective_added_twice_word_for_word_is_one_draft(committee):
    first = committee.draft("Ouvrir")
    content = committee.content("Ouvrir")
    again = objectives.add_objective(
        committee.orientation, content, by=committee.coordinator, once=True
    )
    assert again == first
    other = objectives.add_objective(committee.orientation, content, by=committee.coordinator)
    assert other.subject != first.subject


def test_a_colleague_s_draft_that_was_rewritten_meanwhile_is_not_merged_unread(
    committee, outdated, open_page, send
):
    paul = SeatFactory(organisation=committee.caf, adviser=True).user
    draft = outdated({"title": "Ouvrir trois espaces"}, {"measure": "Autrement"}, by=paul)
    page = open_page(draft)
    drafts.save_draft(draft.subject, draft.content | {"title": "Fermer"}, by=paul)
    again = send(draft, page, action="proposer")
    assert "vient d’être réécrit : vérifiez vos choix" in page_of(again)
    assert not Version.objects.filter(title="Fermer").proposed().exists()
    assert not Version.objects.drafts().filter(author=committee.coordinator).exists()
    send(draft, again, action="proposer")
    assert Version.objects.proposed().get(title="Fermer").author == committee.coordinator


def test_typed_text_is_given_back_when_the_draft_is_already_proposed(
    committee, claire, outdated, open_page, send
):
    draft = outdated({"title": "Trois"}, {"title": "Dix"})
    page = open_page(draft)
    drafts.discard_draft(draft, by=committee.coordinator)
    mine = drafts.save_draft(
        committee.draft("Un autre lieu").subject, draft.content, by=committee.coordinator
    )
    drafts.propose(mine, by=committee.coordinator)
    text = "Trois lieux d’accueil, dont un itinérant, ouverts chaque mercredi toute l’année"
    answer = page_of(send(mine, page, choice_title="other", other_title=text), status=409)
    assert "Ce brouillon n’en est plus là" in answer
    assert text in answer
