"""Points à valider: who finds what, in which group, beneath which axis."""

import datetime
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from agreements.answers import events as answers
from agreements.answers.events import Reply
from agreements.models import Answer, SeatKind
from agreements.versions import events as drafts
from agreements.versions.endings import draft_ending
from committee.answers.events import note_answer
from committee.comments import events as talk
from committee.dossiers import events as dossiers
from committee.points import inbox
from conventions.models import Party
from tests import factories as f
from tests.accounts.reading import text_of, title
from tests.agreements.earlier import contested
from tests.agreements.factories import DelegationFactory, SeatFactory, committee_of
from tests.committee.dossiers.scene import url_of
from tests.committee.register.scene import record
from tests.committee.scene import a_document
from tests.stories import told_once

pytestmark = pytest.mark.django_db
SOON = datetime.timedelta(days=20)


@told_once
def committee():
    return committee_of()


@pytest.fixture
def read(client, committee):
    """``read(user, "?…")`` is the page of the points as that person gets it."""

    def get(user, query=""):
        client.force_login(user)
        response = client.get(reverse("committee:points", args=[committee.convention.slug]) + query)
        assert response.status_code == 200
        return response

    return get


def shown(response) -> str:
    return unescape(text_of(response.content.decode()))


def groups(response) -> dict[str, list[str]]:
    """The titles of the points shown, by group."""
    return {
        section.group.title: [card.version.title for part in section.parts for card in part.cards]
        for section in response.context["listing"].sections
    }


def folded(response) -> dict[str, bool]:
    """Whether each group is folded away."""
    return {
        section.group.title: section.is_folded for section in response.context["listing"].sections
    }


def reply(version, answer, by, **values):
    return answers.answer(Reply(version, answer, **values), by=by)


def later(version, by):
    day = timezone.localdate() + SOON
    return reply(version, Answer.DELIBERATION, by, body="Bureau", body_date=day)


# For a party ---------------------------------------------------------------------------------


def test_what_was_recorded_for_a_party_leaves_the_point_to_be_answered(committee, read):
    record(committee.proposed("Un"), committee.caf_seat, committee.coordinator)
    page = read(committee.caf_member)
    assert groups(page) == {"À répondre": ["Un"]}
    assert "à confirmer" in shown(page)
    assert groups(read(committee.coordinator)) == {"En attente de réponse": ["Un"]}


def test_the_title_says_how_many_points_await_the_party(committee, read):
    committee.in_force("Déjà décidé")
    assert title(read(committee.caf_member)).startswith("Rien n’attend la réponse de la Caf")
    committee.proposed("Un")
    assert "Un point attend la réponse de la Caf d’Exemple" in title(read(committee.caf_member))
    committee.agree(committee.proposed("Deux"), committee.epci_member)
    committee.proposed("Trois")
    html = read(committee.caf_member).content.decode()
    assert "<h1>Trois points attendent la réponse de la Caf d’Exemple</h1>" in html
    page = read(committee.epci_member)
    assert "Deux points attendent la réponse d’Exemple agglomération" in title(page)


def test_points_are_grouped_by_what_the_party_has_to_do(committee, read):
    committee.proposed("Attend")
    later(committee.proposed("Reporté"), committee.caf_member)
    reply(committee.proposed("Au prochain comité"), Answer.AGENDA, committee.caf_member)
    returned = committee.proposed("Retourné")
    reply(returned, Answer.CHANGE_REQUESTED, committee.epci_member, reason="Plus tôt")
    committee.agree(committee.proposed("Chez les autres"), committee.caf_member)
    assert groups(read(committee.caf_member)) == {
        "À répondre": ["Attend"],
        "Reportés par vous": ["Reporté", "Au prochain comité"],
        "Retournés à leur auteur": ["Retourné"],
        "En attente des autres parties": ["Chez les autres"],
    }


def test_a_deliberation_that_has_passed_is_to_be_answered_again(committee, read, monkeypatch):
    later(committee.proposed("Reporté"), committee.caf_member)
    day = timezone.localdate() + SOON + datetime.timedelta(days=1)
    monkeypatch.setattr(timezone, "localdate", lambda *args: day)
    assert groups(read(committee.caf_member)) == {"À répondre": ["Reporté"]}


def test_counts_tell_what_is_on_this_page_and_what_the_pages_are_of(committee, read, monkeypatch):
    """A group that goes on overleaf counts what is here, a search what it has found."""
    monkeypatch.setattr(inbox, "PAGE_SIZE", 3)
    monkeypatch.setattr(inbox, "ORPHANS", 0)
    for n in range(2):
        committee.proposed(f"Attend {n}")
    for n in range(3):
        committee.agree(committee.proposed(f"Ailleurs {n}"), committee.caf_member)
    page = read(committee.caf_member)
    text = {
        section.group.title: section.count_label for section in page.context["listing"].sections
    }
    assert text == {"À répondre": "2", "En attente des autres parties": "1 sur 3"}
    assert "Page 1 sur 2 (5 points en tout)" in shown(page)
    page = read(committee.caf_member, "?page=2")
    text = {
        section.group.title: section.count_label for section in page.context["listing"].sections
    }
    assert text == {"En attente des autres parties": "2 sur 3"}
    page = read(committee.caf_member, "?mots=Ailleurs+2")
    text = {
        section.group.title: section.count_label for section in page.context["listing"].sections
    }
    assert text == {"En attente des autres parties": "1"}


def test_points_are_beneath_their_axis_in_its_order(committee, read):
    own = committee.orientation.theme.axis
    own.number, own.title = 7, "Accès aux droits"
    own.save()
    convention = committee.convention
    first = f.ObjectiveFactory(
        theme__axis__convention=convention,
        theme__axis__number=1,
        theme__axis__title="Petite enfance",
    )
    committee.proposed("Du sept")
    committee.orientation = first
    committee.proposed("Du un")
    [section] = read(committee.caf_member).context["listing"].sections
    assert [(part.axis.number, part.cards[0].version.title) for part in section.parts] == [
        (1, "Du un"),
        (7, "Du sept"),
    ]
    html = read(committee.caf_member).content.decode()
    assert html.index("axis-1") < html.index("Petite enfance") < html.index("Du un")
    assert html.index("Du un") < html.index("axis-7") < html.index("Du sept")


def test_the_list_has_no_button_that_answers_and_each_card_leads_to_its_point(committee, read):
    committee.proposed("Attend")
    later(committee.proposed("Reporté"), committee.caf_member)
    html = read(committee.caf_member).content.decode()
    assert "/repondre/" not in html
    assert "D’accord</button>" not in html
    assert html.count('<p class="go">') == 2
    assert "Répondre : Attend" in shown(read(committee.caf_member))


def test_a_card_says_what_changes_where_the_parties_stand_and_what_was_said(committee, read):
    first = committee.in_force("Ouvrir deux espaces", measure="Espaces ouverts")
    second = committee.edited(first, title="Ouvrir trois espaces")
    adviser = SeatFactory(organisation=committee.caf, adviser=True)
    answers.advise(second, opinion=Answer.RESERVED, reason="À financer.", by=adviser.user)
    talk.comment(second, text="Oui", by=committee.caf_member)
    text = shown(read(committee.caf_member))
    assert "Intitulé : « Ouvrir trois espaces » au lieu de « Ouvrir deux espaces »." in text
    assert "version 2 du" not in text
    assert "Depuis la version 1, que vous aviez acceptée : Intitulé" in text
    assert "1 avis" in text
    assert "1 commentaire" in text
    epci = committee.epci.acronym
    assert f"{epci} à revalider" in text
    # Of the reader's own party, the title and the card say it; to another, it is told.
    assert "Vous à revalider" not in text
    assert f"{committee.caf.acronym} à revalider" in shown(read(committee.epci_member))


def test_what_was_noted_shows_as_such_to_who_noted_it_alone(committee, read):
    version, other = committee.proposed("Un"), committee.proposed("Deux")
    note_answer(Reply(version), by=committee.caf_member, organisation=committee.caf)
    page = read(committee.caf_member)
    text = shown(page)
    assert title(page).startswith("Une réponse est notée ; un point reste à lire")
    assert "Vous d’accord, à confirmer" in text
    assert "Relire et confirmer la réponse notée" in text
    assert "Reprendre au point 2" in text
    assert "à confirmer" not in shown(read(committee.epci_member))
    note_answer(Reply(other), by=committee.caf_member, organisation=committee.caf)
    page = read(committee.caf_member)
    assert title(page).startswith("Deux réponses sont notées : il reste à confirmer")


def test_all_is_agreed_to_from_the_list_only_where_all_of_it_was_shown(committee, read):
    committee.proposed("Un")
    committee.proposed("Deux")
    agree = "Être d’accord sur tout, sauf…"
    assert agree in shown(read(committee.caf_member))
    assert agree not in shown(read(committee.caf_member, "?mots=un"))
    assert agree not in shown(read(committee.coordinator))


def test_an_agreement_contested_in_an_earlier_release_is_shown_as_such(committee, read):
    entry = answers.record(
        committee.proposed(), committee.caf_seat, received_on=timezone.localdate(),
        evidence=a_document(committee.coordinator), by=committee.coordinator,
    )  # fmt: skip
    contested(entry)
    page = read(committee.epci_member)
    assert list(groups(page)) == ["Retournés à leur auteur"]
    assert "le point est suspendu" in shown(page)


def test_a_version_that_ends_an_objective_says_so(committee, read):
    version = committee.in_force()
    end = draft_ending(version.subject, by=committee.coordinator, note="Fait autrement")
    drafts.propose(end, by=committee.coordinator)
    text = shown(read(committee.caf_member))
    assert "L’objectif prend fin." in text


def test_an_open_dossier_that_awaits_the_party_is_offered(committee, read):
    version = committee.proposed()
    dossier = dossiers.send_dossier(
        committee.convention, [version], title="Comité de mars", by=committee.coordinator
    )
    url = reverse("committee:dossier", args=[committee.convention.slug, dossier.pk])
    assert url in read(committee.caf_member).content.decode()
    assert url not in read(committee.coordinator).content.decode()
    committee.agree(version, committee.caf_member)
    assert url not in read(committee.caf_member).content.decode()


# In whose name -------------------------------------------------------------------------------


def test_who_speaks_for_two_parties_chooses(committee, read):
    user = committee.caf_member
    f.MembershipFactory(organisation=committee.epci, user=user, reader=True)
    SeatFactory(organisation=committee.epci, user=user)
    committee.proposed("Deux à répondre")
    page = read(user)
    assert "la Caf d’Exemple" in title(page)
    assert f'href="{page.request["PATH_INFO"]}?pour={committee.epci.pk}"' in page.content.decode()
    other = read(user, f"?pour={committee.epci.pk}")
    assert "Un point attend la réponse d’Exemple agglomération" in title(other)
    assert f"/?pour={committee.epci.pk}" in other.content.decode()
    # Somebody else's organisation is not to be chosen.
    stranger = f.OrganisationFactory(convention=committee.convention)
    assert "la Caf d’Exemple" in title(read(user, f"?pour={stranger.pk}"))


def test_a_member_without_voice_on_a_kind_of_points_reads_why(committee, read):
    delegate = DelegationFactory(seat=committee.caf_seat, kinds=["article"]).user
    committee.proposed()
    page = read(delegate)
    assert "Un point attend la réponse de la Caf" in title(page)
    assert "Seuls les membres du comité répondent" in shown(page)
    assert "Demander une modification" not in page.content.decode()


def test_a_party_whose_agreement_is_not_required_reads_like_the_others(committee, read):
    msa = f.PartyFactory(
        organisation__convention=committee.convention, organisation__name="MSA Poitou",
        agreement_required=False,
    ).organisation  # fmt: skip
    member = SeatFactory(organisation=msa).user
    committee.proposed("Un")
    page = read(member)
    assert title(page).startswith("Un point est en discussion")
    assert "L’accord de la MSA Poitou n’est pas requis" in shown(page)
    assert "Demander une modification" not in page.content.decode()
    assert Party.objects.of(committee.convention).filter(agreement_required=True).count() == 2


# For who answers for nobody ------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["reader", "contributor", "adviser", "advisory"])
def test_others_read_what_is_discussed_and_answer_nothing(committee, read, kind):
    if kind in SeatKind.values:
        user = SeatFactory(organisation=committee.caf, **{kind: True}).user
    else:
        role = {"reader": True} if kind == "reader" else {}
        user = f.MembershipFactory(organisation=committee.caf, **role).user
    assert title(read(user)).startswith("Aucun point n’est en discussion")
    committee.agree(committee.proposed("Attend"), committee.caf_member)
    reply(committee.proposed("Retourné"), Answer.CHANGE_REQUESTED, committee.caf_member, reason="!")
    put_off = committee.proposed("Reporté")
    later(put_off, committee.epci_member)
    committee.agree(put_off, committee.caf_member)
    committee.draft("Brouillon")
    page = read(user)
    if kind in SeatKind.values:
        assert title(page).startswith("Deux points attendent votre avis")
        titles_by_group = {"Votre avis est attendu": ["Attend", "Reporté"]}
    else:
        assert title(page).startswith("Trois points sont en discussion")
        titles_by_group = {"En attente de réponse": ["Attend"], "Reportés": ["Reporté"]}
    assert groups(page) == titles_by_group | {"Retournés à leur auteur": ["Retourné"]}
    html = page.content.decode()
    assert "Demander une modification" not in html
    assert "Brouillon" not in html


def test_the_coordinator_finds_first_what_has_come_back_and_the_drafts(committee, read):
    assert title(read(committee.coordinator)).startswith("Aucun point n’est en discussion")
    committee.proposed("Attend")
    assert title(read(committee.coordinator)).startswith("Un point est en discussion")
    reply(committee.proposed("Revenu"), Answer.CHANGE_REQUESTED, committee.caf_member, reason="Non")
    committee.draft("Brouillon d’un objectif")
    page = read(committee.coordinator)
    text = "Un point est revenu à la coordination, un autre est en discussion"
    assert title(page).startswith(text)
    assert list(groups(page).items()) == [
        ("Revenus à la coordination", ["Revenu"]),
        ("Brouillons", ["Brouillon d’un objectif"]),
        ("En attente de réponse", ["Attend"]),
    ]


LONG = "Trop tard pour la rentrée, " + "et encore plus loin " * 20


@pytest.mark.parametrize("who", ["coordinator", "caf_member", "epci_member"])
def test_what_was_asked_of_a_point_that_came_back_stands_on_its_card(committee, read, client, who):
    """The card shows its first words, and so does the dossier."""
    version = committee.proposed("Revenu")
    dossier = dossiers.send_dossier(
        committee.convention, [version], title="Mars", by=committee.coordinator
    )
    committee.proposed("Attend")
    reply(version, Answer.CHANGE_REQUESTED, committee.caf_member, reason=LONG)
    text = f"{committee.caf.acronym} : « Trop tard pour la rentrée, et encore plus loin"
    user = getattr(committee, who)
    page = shown(read(user))
    assert page.count(text) == 1
    assert LONG not in page
    assert text in shown(client.get(url_of(dossier)))


def test_an_adviser_finds_their_own_drafts_only(committee, read):
    adviser = SeatFactory(organisation=committee.caf, adviser=True).user
    committee.draft("De la coordination")
    version = committee.in_force("Décidé")
    drafts.save_draft(version.subject, version.content | {"title": "Du conseiller"}, by=adviser)
    assert groups(read(adviser)) == {"Mes brouillons": ["Du conseiller"]}
    assert groups(read(committee.caf_member)) == {}
