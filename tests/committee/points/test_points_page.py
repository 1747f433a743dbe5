"""The page of one point: its versions, what was said, in which capacity, what may be done."""

import datetime
import re
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from agreements.answers import events as answers
from agreements.answers.events import Reply
from agreements.models import Answer, Version
from agreements.versions import events as drafts
from agreements.versions.endings import draft_ending
from agreements.versions.signature import record_signature
from committee.comments import events as talk
from conventions.models import Objective
from ctg_portal.templatetags.french import de, long_date
from tests import factories as f
from tests.accounts.reading import text_of
from tests.agreements.factories import DelegationFactory, SeatFactory, committee_of
from tests.committee.scene import a_document
from tests.stories import told_once

pytestmark = pytest.mark.django_db

END = "Retirer l’objectif"


@told_once
def committee():
    return committee_of()


@pytest.fixture
def read(client, committee):
    """``read(version, user, "?…")`` is the page of the version as that person gets it."""

    def get(version, user=None, query="", status=200):
        client.force_login(user or committee.caf_member)
        slug = committee.convention.slug
        response = client.get(reverse("committee:point", args=[slug, version.pk]) + query)
        assert response.status_code == status
        return response

    return get


def shown(response) -> str:
    return unescape(text_of(response.content.decode()))


def links(response) -> list[str]:
    """What may be done, as named on the page."""
    return [action.label for action in response.context["page"].actions()]


def link_to(name: str, committee, *args) -> str:
    return f'href="{reverse(f"committee:{name}", args=[committee.convention.slug, *args])}"'


# Where it stands -----------------------------------------------------------------------------


def test_who_agreed_and_what_awaits_the_reader_come_before_the_fields(committee, read):
    """A reader on a telephone would scroll past all fields to find them."""
    version = committee.proposed("Ouvrir deux espaces")
    committee.agree(version, committee.epci_member)
    entry = answers.record(
        version, committee.caf_seat, received_on=timezone.localdate(),
        evidence=a_document(committee.coordinator), by=committee.coordinator,
    )  # fmt: skip
    html = read(version).content.decode()
    fields = html.index('id="contenu-du-point"')
    assert html.index('class="lights"') < fields
    assert html.index(link_to("confirm", committee, entry.pk)) < fields
    agreed = read(committee.in_force("En vigueur")).content.decode()
    assert agreed.index('class="lights"') < agreed.index('id="contenu-du-point"')


def test_the_title_comes_first_and_the_way_back_is_the_only_one(committee, read):
    """No tabs: on a telephone they would take half of the screen."""
    first, second = committee.proposed("Ouvrir"), committee.proposed("Former")
    html = read(first).content.decode()
    before_title = html[html.index("<main") : html.index("<h1")]
    back = reverse("committee:points", args=[committee.convention.slug])
    assert re.findall(r'href="([^"]+)"', before_title) == [
        back, reverse("committee:point", args=[committee.convention.slug, second.pk]),
    ]  # fmt: skip
    assert 'class="tabs' not in html


def test_who_is_asked_reads_sentences_and_who_reads_what_is_in_force_all_fields(committee, read):
    proposed, agreed = committee.proposed("Ouvrir"), committee.in_force("Former")
    page = read(proposed).context["page"]
    assert len(page.sentences) == 2
    assert page.heading == "Nouvel objectif du comité"
    assert '<details class="fold" id="contenu-du-point">' in read(proposed).content.decode()
    assert read(agreed).context["page"].sentences == []
    assert '<details class="fold" id="contenu-du-point" open>' in read(agreed).content.decode()


def test_the_page_says_where_the_version_stands(committee, read):
    version = committee.proposed("Ouvrir deux espaces")
    text = shown(read(version))
    assert "Ouvrir deux espaces : Proposée : il manque les accords de la Caf d’Exemple et" in text
    assert "Version 1 du" in text
    committee.agree(version)
    assert "En vigueur depuis le" in shown(read(version))
    assert "avec l’accord de la Caf d’Exemple et d’Exemple agglomération" in shown(read(version))


def test_an_earlier_version_is_read_as_it_was_and_says_what_came_after(committee, read):
    first = committee.in_force("Ouvrir deux espaces")
    second = committee.edited(first, title="Ouvrir trois espaces")
    text = shown(read(first))
    assert "Une autre version est en discussion" in text
    assert link_to("point", committee, second.pk) in read(first).content.decode()
    committee.agree(second)
    html = read(first).content.decode()
    assert "Remplacée depuis le" in unescape(text_of(html))
    assert "Ouvrir deux espaces</h1>" in html
    assert "Ouvrir trois espaces</h1>" in read(second).content.decode()


def test_a_point_returned_suspended_or_withdrawn_says_so(committee, read):
    version = committee.proposed()
    reply = Reply(version, Answer.CHANGE_REQUESTED, reason="Plus tôt")
    answers.answer(reply, by=committee.epci_member)
    assert "Retournée à son auteur : une partie demande autre chose." in shown(read(version))
    drafts.withdraw_version(version, reason="Abandon", by=committee.coordinator)
    text = shown(read(version))
    assert "Retirée le" in text
    who = f"{committee.coordinator}, coordination"
    when = long_date(timezone.now()).replace("\xa0", " ")
    assert f"Version proposée, le {when} {who}" in text.replace(" ,", ",")
    assert f"Version retirée, le {when} {who} « Abandon »" in text.replace(" ,", ",")


def test_the_end_of_an_objective_is_shown(committee, read):
    version = committee.in_force()
    end = draft_ending(version.subject, by=committee.coordinator, note="Fait")
    drafts.propose(end, by=committee.coordinator)
    text = shown(read(end))
    assert "Avec cette version, l’objectif prend fin" in text
    assert "Le texte reste le même ; cette version y met fin." in text
    committee.agree(end)
    assert "Abandonné depuis le" in shown(read(end))


# Versions and their differences --------------------------------------------------------------


def three_versions(committee) -> list[Version]:
    first = committee.in_force("Ouvrir deux espaces")
    second = committee.edited(first, title="Ouvrir trois espaces")
    return [first, second, committee.edited(second, title="Ouvrir quatre espaces")]


def compared(response) -> list[tuple[str, str]]:
    """The pieces removed and added in the title."""
    changes = response.context["page"].changes.changed
    return [(p.change, p.text) for change in changes for p in change.pieces if p.change != "same"]


def test_a_proposed_version_is_compared_with_the_one_in_force(committee, read):
    *_, third = three_versions(committee)
    response = read(third)
    assert compared(response) == [("removed", "deux"), ("added", "quatre")]
    assert "Ce qui change de la version 1 à la version 3" in shown(response)


def test_a_version_in_force_is_compared_with_the_one_that_it_replaced(committee, read):
    first, _second, third = three_versions(committee)
    committee.agree(third)
    assert compared(read(third)) == [("removed", "deux"), ("added", "quatre")]
    assert "Ce qui change" not in shown(read(first))


def test_any_two_versions_are_compared(committee, read):
    *_, third = three_versions(committee)
    assert compared(read(third, query="?depuis=2")) == [("removed", "trois"), ("added", "quatre")]
    both = read(third, query="?depuis=3&vers=1")
    assert compared(both) == [("removed", "quatre"), ("added", "deux")]
    html = both.content.decode()
    assert html.count(" selected>") == 2
    assert "Rien ne change entre ces deux versions." in shown(read(third, query="?depuis=3"))


@pytest.mark.parametrize("query", ["?depuis=9", "?depuis=abc", "?vers=", "?depuis=%00&vers=-1"])
def test_a_number_that_no_version_has_counts_for_nothing(committee, read, query):
    *_, third = three_versions(committee)
    assert compared(read(third, query=query)) == [("removed", "deux"), ("added", "quatre")]


def test_all_versions_are_listed_with_day_author_and_state(committee, read):
    first, second, third = three_versions(committee)
    response = read(third)
    table = response.content.decode().split("<table")[1]
    rows = [unescape(text_of(row)) for row in table.split("<tr>")[2:]]
    assert [row.split(" ")[1] for row in rows] == ["3", "2", "1"]
    assert [state in row for row, state in zip(rows, ["proposée", "remplacée", "en vigueur"],
                                              strict=True)] == [True] * 3  # fmt: skip
    assert all(str(committee.coordinator) in row for row in rows)
    assert link_to("point", committee, second.pk) in table
    assert link_to("point", committee, third.pk) not in table
    assert first.number == 1


# Drafts --------------------------------------------------------------------------------------


def test_a_draft_is_its_author_s_and_the_coordination_s(committee, read):
    version = committee.in_force("Décidé")
    adviser = SeatFactory(organisation=committee.caf, adviser=True).user
    draft = drafts.save_draft(
        version.subject, version.content | {"title": "Autrement dit"}, by=adviser
    )
    for user in (adviser, committee.coordinator):
        response = read(draft, user)
        assert "Brouillon d" in shown(response)
        assert link_to("draft", committee, draft.pk) in response.content.decode()
        assert compared(response) == [("removed", "Décidé"), ("added", "Autrement dit")]
        assert "Brouillon" in shown(read(version, user))
    for user in (committee.caf_member, committee.epci_member):
        read(draft, user, status=404)
        assert "Brouillon" not in shown(read(version, user))


def test_another_convention_s_point_does_not_exist(committee, read):
    read(committee_of().proposed(), committee.coordinator, status=404)


# What was said -------------------------------------------------------------------------------


def test_each_entry_says_who_when_in_which_capacity_and_why(committee, read):
    version = committee.proposed()
    delegate = DelegationFactory(seat=committee.caf_seat).user
    answers.answer(Reply(version), by=delegate)
    day = timezone.localdate() + datetime.timedelta(days=5)
    answers.answer(
        Reply(version, Answer.DELIBERATION, body="Conseil", body_date=day, reason="Vote & <débat>",
              act=a_document(committee.epci_member)),
        by=committee.epci_member,
    )  # fmt: skip
    adviser = SeatFactory(organisation=committee.caf, adviser=True)
    answers.advise(version, opinion=Answer.UNFAVOURABLE, reason="Trop cher", by=adviser.user)
    response = read(version, f.MembershipFactory(organisation=committee.caf, reader=True).user)
    text = shown(response)
    assert f"{delegate}, Directeur adjoint, par délégation {de(committee.caf_seat.name)}" in text
    assert "Délibération attendue , Exemple agglomération" in text
    assert "Conseil, le" in text
    assert "« Vote & <débat> »" in text
    assert "Avis défavorable" in text
    assert "acte.pdf" in text
    assert "Joindre un document" not in text


def test_an_agreement_recorded_outside_the_portal_says_how_and_waits(committee, read):
    version = committee.proposed()
    entry = answers.record(
        version, committee.caf_seat, received_on=timezone.localdate(),
        evidence=a_document(committee.coordinator), by=committee.coordinator,
    )  # fmt: skip
    text = shown(read(version, committee.epci_member))
    assert "Accord recueilli hors portail, reçu le" in text
    assert f"saisi par {committee.coordinator}, à confirmer" in text
    refuse = link_to("refuse", committee, entry.pk)
    page = read(version, committee.caf_member)
    assert refuse in page.content.decode()
    assert "Il ne compte pas encore, et ne comptera jamais sans confirmation." in shown(page)
    assert refuse not in read(version, committee.epci_member).content.decode()
    answers.refuse_all([entry], reason="Pas moi", by=committee.caf_member)
    after = read(version, committee.caf_member)
    assert refuse not in after.content.decode()
    assert "Il ne compte pas encore." not in shown(after)
    assert "ce n’est pas la réponse de l’organisme" in shown(after)


def test_documents_are_joined_by_the_organisation_that_answered(committee, read):
    version = committee.proposed()
    committee.agree(version, committee.caf_member)
    attach = link_to("attach", committee, version.agreements.get().pk)
    assert attach in read(version, committee.caf_member).content.decode()
    assert attach in read(version, committee.coordinator).content.decode()
    assert attach not in read(version, committee.epci_member).content.decode()


def test_comments_are_read_and_corrected_by_who_wrote_them(committee, read):
    version = committee.proposed()
    comment = talk.comment(version, text="Avec <les> communes ?", by=committee.caf_member)
    edit = link_to("edit_comment", committee, comment.pk)
    history = link_to("comment_history", committee, comment.pk)
    mine = read(version, committee.caf_member)
    assert "Avec <les> communes ?" in shown(mine)
    assert "1 commentaire" in shown(mine)
    assert edit in mine.content.decode()
    assert history not in mine.content.decode()
    talk.edit_comment(comment, text="Avec toutes", by=committee.caf_member)
    other = read(version, committee.epci_member)
    assert edit not in other.content.decode()
    assert history in other.content.decode()
    assert "modifié le" in shown(other)


# What may be done ----------------------------------------------------------------------------


def test_each_person_is_offered_what_they_may_do(committee, read):
    version = committee.proposed()
    reader = f.MembershipFactory(
        organisation=f.OrganisationFactory(convention=committee.convention)
    )
    adviser = SeatFactory(organisation=committee.caf, adviser=True).user
    record, other = "Saisir un accord recueilli hors portail", "Écrire une autre version"
    assert links(read(version, reader.user)) == []
    page = read(version, committee.caf_member)
    assert links(page) == ["Commenter", record]
    # Their own answer is awaited: what else may be done is folded.
    html = page.content.decode()
    assert html.index("Tout le détail") < html.index(record)
    # Their avis is awaited: it has its button.
    assert links(read(version, adviser)) == ["Commenter", record, other]
    assert links(read(version, committee.coordinator)) == [
        "Commenter", record, "Retirer cette version", other,
    ]  # fmt: skip
    committee.agree(version, committee.caf_member)
    assert "Retirer l’accord" in links(read(version, committee.caf_member))
    committee.agree(version, committee.epci_member)
    assert links(read(version, committee.caf_member)) == ["Commenter", "Retirer l’accord"]
    assert links(read(version, committee.coordinator)) == ["Commenter", other, END]


def test_acts_are_called_by_the_words_of_the_convention(committee, read):
    committee.convention.labels = {"objectif": "Ambition"}
    committee.convention.save()
    version = committee.in_force()
    assert "Retirer l’ambition" in links(read(version, committee.coordinator))
    ending = draft_ending(version.subject, note="Fait", by=committee.coordinator)
    read(ending, committee.coordinator)
    assert "Avec cette version, l’ambition prend fin" in text_of(
        read(ending, committee.coordinator).content.decode()
    )


@pytest.mark.parametrize(("text", "cited"), [
    ("Toute modification fera l’objet d’un avenant.", " (art. 12)"),
    ("Les parties gardent le secret.", ""),
])  # fmt: skip
def test_the_article_on_amendments_is_cited_where_there_is_one(client, committee, text, cited):
    f.ArticleFactory(convention=committee.convention, number=12, text=text)
    client.force_login(committee.coordinator)
    page = client.get(reverse("committee:amendments", args=[committee.convention.slug]))
    shown = text_of(page.content.decode()).replace("\u00a0", " ")
    assert f"un avenant entre toutes les parties{cited}." in shown


def test_what_is_in_force_is_given_up_from_its_page(committee, read):
    version = committee.in_force()
    leads = link_to("end_objective", committee, version.object_id)
    assert leads in read(version, committee.coordinator).content.decode()
    assert leads not in read(version, committee.caf_member).content.decode()
    # Once all parties are asked to give it up, nobody asks again.
    ending = draft_ending(version.subject, note="Fait", by=committee.coordinator)
    assert leads in read(version, committee.coordinator).content.decode()
    ending = drafts.propose(ending, by=committee.coordinator)
    for each in (version, ending):
        assert END not in links(read(each, committee.coordinator))


def test_what_is_empty_or_answered_by_no_is_left_out_of_a_plain_reading(committee, read):
    def labels(version) -> list[str]:
        return re.findall("<dt>(.*?)</dt>", read(version).content.decode())

    first = committee.in_force("Ouvrir deux espaces")
    assert labels(first) == ["Échéance", "Mesure"]
    second = committee.edited(first, is_priority=True)
    # What changes, then what does not, and the same between two versions.
    assert labels(second) == ["Prioritaire", "Échéance", "Mesure", "Prioritaire"]
    assert compared(read(second)) == [("removed", "non"), ("added", "oui")]
    third = committee.edited(second, is_priority=False)
    assert labels(third) == ["Échéance", "Mesure"]
    between = read(third, query="?depuis=2&vers=3")
    assert compared(between) == [("removed", "oui"), ("added", "non")]


def test_buttons_answer_and_go_once_one_has_agreed(committee, read):
    version = committee.proposed()
    html = read(version, committee.caf_member).content.decode()
    assert "D’accord</button>" in html
    assert "modification</a>" in html
    assert "D’accord</button>" not in read(version, committee.coordinator).content.decode()
    committee.agree(version, committee.caf_member)
    after = read(version, committee.caf_member)
    assert "D’accord</button>" not in after.content.decode()
    assert "La Caf d’Exemple a donné son accord à cette version" in shown(after)


# Signed texts --------------------------------------------------------------------------------


def test_a_signed_text_says_who_signed_and_offers_an_amendment(committee, read):
    f.SignatoryFactory(party=committee.caf.party, name="Anne Roy", capacity="Présidente")
    record_signature(committee.convention)
    version = Version.objects.about(committee.orientation).get()
    response = read(version, committee.caf_member)
    text = shown(response)
    assert "Validé par la signature de toutes les parties le" in text
    assert "Anne Roy, Présidente" in text
    assert "Exemple agglomération signataire non précisé" in text
    assert links(response) == ["Commenter", "Proposer pour un avenant"]
    amend = link_to("propose_amendment", committee, "objective", committee.orientation.pk)
    assert amend in response.content.decode()
    reader = f.MembershipFactory(organisation=committee.caf, reader=True).user
    assert links(read(version, reader)) == []
    assert "Demander une modification" not in response.content.decode()


def test_a_text_that_has_gone_from_the_convention_is_still_read(committee, read):
    gone = f.ObjectiveFactory(theme=committee.orientation.theme, title="Texte disparu")
    record_signature(committee.convention)
    version = Version.objects.about(gone).get()
    Objective.objects.filter(pk=gone.pk).delete()
    record_signature(committee.convention)
    text = shown(read(version))
    assert "Texte disparu" in text
    assert "Retirée le" in text
