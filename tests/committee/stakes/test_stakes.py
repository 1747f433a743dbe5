"""Shared stakes: written by who coordinates, advises or answers; agreed to like any other point."""

import pytest
from django.urls import reverse

from agreements.commitments.commitment import by_kind
from agreements.models import State, Version
from agreements.seats.events import delegate
from agreements.versions import events as drafts
from committee.dossiers.events import send_dossier
from committee.models import Stake
from committee.points.gist import gist_of
from conventions.models import Standing
from ctg_portal.rules import Refused
from tests import factories as f
from tests.accounts.reading import text_of
from tests.agreements.factories import SeatFactory, committee_of
from tests.committee.pages import after, page_of, value_of
from tests.committee.pages import committee_url as url
from tests.committee.stakes.scene import drafted, in_force, proposed
from tests.stories import told_once

pytestmark = pytest.mark.django_db

NEW = "enjeux-partages/nouveau/"


@told_once
def committee():
    return committee_of()


@pytest.fixture
def get(client, committee):
    def get(address, user=None, status=200):
        client.force_login(user or committee.coordinator)
        return page_of(client.get(url(committee, address)), status)

    return get


@pytest.fixture
def post(client, committee):
    def post(address, user=None, **data):
        client.force_login(user or committee.coordinator)
        return client.post(url(committee, address), data)

    return post


def axes_of(committee) -> str:
    return reverse("conventions:axes", args=[committee.convention.slug])


class TestWriting:
    def test_the_coordinator_proposes_at_once(self, committee, client, post):
        theme = committee.orientation.theme
        response = post(NEW, title=" L’accès  aux\n droits ", text="Les services s’éloignent.",
                        themes=[theme.pk], note="Débattu en mars", action="proposer")  # fmt: skip
        version = Version.objects.proposed().get()
        assert response.url == url(committee, f"points/{version.pk}/")
        assert version.content == {
            "title": "L’accès aux droits",
            "text": "Les services s’éloignent.",
            "themes": [{"id": theme.pk, "name": str(theme)}],
        }
        stake = version.subject
        assert (stake.standing, list(stake.themes.all())) == (Standing.PROPOSED, [theme])
        text = after(client, response)
        assert "Nouvel enjeu partagé" in text
        assert "elle attend l’accord de la Caf d’Exemple et" in text

    def test_a_member_and_an_adviser_write_and_do_not_propose(self, committee, get, post):
        adviser = SeatFactory(organisation=committee.caf, adviser=True).user
        for person in (committee.caf_member, adviser):
            assert "La coordination verra votre brouillon" in get(NEW, person)
            title = f"De {person}"
            post(NEW, person, title=title, text="Un texte", action="proposer")
            draft = Version.objects.drafts().get(title=title)
            assert (draft.state, draft.author) == (State.DRAFT, person)
            # Who writes and who coordinates see it; another member does not.
            edit = f"enjeux-partages/{draft.object_id}/modifier/"
            get(edit, person)
            assert f"De {person}" in get(edit)
            get(edit, committee.epci_member, 404)
            get(f"brouillons/{draft.pk}/", committee.epci_member, 404)
            with pytest.raises(Refused):
                drafts.propose(draft, by=person)

    def test_a_delegate_for_stakes_may_draft_one(self, committee):
        person = f.MembershipFactory(organisation=committee.caf, reader=True).user
        commitment = by_kind("stake")
        assert commitment.may_draft(person, committee.convention)
        delegate(
            committee.caf_seat, user=person, capacity="Adjointe", kinds=["indicator"],
            starts_on=committee.caf_seat.starts_on, by=committee.caf_member,
        )  # fmt: skip
        assert commitment.may_draft(person, committee.convention)
        other = f.MembershipFactory(organisation=committee.caf, reader=True).user
        delegate(
            committee.caf_seat, user=other, capacity="Adjoint", kinds=["stake"],
            starts_on=committee.caf_seat.starts_on, by=committee.caf_member,
        )  # fmt: skip
        assert commitment.may_draft(other, committee.convention) is None

    @pytest.mark.parametrize("who", ["reader", "contributor", "advisory", "absent substitute"])
    def test_a_person_without_the_right_reads_why_no_stake_is_written(
        self, committee, client, get, post, who
    ):
        person = {
            "reader": lambda: f.MembershipFactory(organisation=committee.caf, reader=True).user,
            "contributor": lambda: f.MembershipFactory(organisation=committee.caf).user,
            "advisory": lambda: SeatFactory(organisation=committee.caf, advisory=True).user,
            "absent substitute": lambda: (
                SeatFactory(
                    organisation=committee.caf, substitute=True, substitute_for=committee.caf_seat
                ).user
            ),
        }[who]()
        assert "Seule la coordination" in get(NEW, person)
        response = post(NEW, person, title="Ce que j’ai écrit", text="x", action="proposer")
        assert "Ce que j’ai écrit" in response.content.decode()
        assert not Stake.objects.exists()
        assert "Proposer un enjeu partagé" not in text_of(
            client.get(axes_of(committee)).content.decode()
        )

    def test_a_stake_needs_a_text_to_be_proposed(self, committee, post, client):
        html = post(NEW, title="Les mobilités", action="proposer").content.decode()
        assert "Dites ce qui est en jeu avant de proposer" in html
        post(NEW, title="Les mobilités")
        draft = Version.objects.drafts().get()
        response = client.post(
            url(committee, f"brouillons/{draft.pk}/proposer/"), {"revision": draft.revision}
        )
        assert "Un enjeu partagé a un intitulé, et un texte" in after(client, response)
        assert not Version.objects.proposed().exists()

    def test_a_form_sent_twice_writes_one_stake(self, committee, post):
        for _ in range(2):
            post(NEW, title="Les mobilités", text="Loin.")
        assert Stake.objects.count() == 1

    def test_a_theme_of_another_convention_is_refused(self, committee, post):
        other = f.ThemeFactory()
        html = post(NEW, title="x", text="y", themes=[other.pk]).content.decode()
        assert "À corriger" in html
        assert not Stake.objects.exists()

    def test_no_stake_is_written_before_the_signature(self, client):
        convention = f.ConventionFactory(project=True)
        user = f.MembershipFactory(organisation__convention=convention, coordinator=True).user
        client.force_login(user)
        page = page_of(client.get(f"/conventions/{convention.slug}/comite/{NEW}"))
        assert "La convention n’est pas signée" in page

    def test_a_draft_thrown_away_leaves_nothing(self, committee):
        drafts.discard_draft(drafted(committee), by=committee.coordinator)
        assert not Stake.objects.exists()


class TestChanging:
    def test_the_next_version_of_a_stake_is_agreed_to(self, committee, get, post):
        stake = in_force(committee).subject
        edit = f"enjeux-partages/{stake.pk}/modifier/"
        assert "Vous partez de la version 1" in get(edit)
        response = post(edit, title=stake.title, text="Autrement.", action="proposer",
                        base=Version.objects.get().pk, revision=0)  # fmt: skip
        assert response.status_code == 302
        version = Version.objects.proposed().get()
        stake.refresh_from_db()
        assert (version.number, stake.text) == (2, "Les services s’éloignent.")
        committee.agree(version)
        stake.refresh_from_db()
        assert stake.text == "Autrement."

    def test_a_draft_rewritten_meanwhile_is_not_overwritten_and_what_was_typed_stays(
        self, committee, client, post
    ):
        stake = drafted(committee).subject
        edit = f"enjeux-partages/{stake.pk}/modifier/"
        client.force_login(committee.coordinator)
        page = client.get(url(committee, edit))
        tokens = {name: value_of(page, name) for name in ("base", "revision")}
        drafts.save_draft(
            stake, {"title": "Autre", "text": "Ailleurs.", "themes": []}, by=committee.coordinator
        )
        response = post(edit, title="Mien", text="Ici.", **tokens)
        assert "Votre brouillon a changé" in page_of(response)
        assert value_of(response, "title") == "Mien"

    def test_a_stake_is_given_up_once_all_agree(self, committee, get, post):
        stake = in_force(committee).subject
        end = f"enjeux-partages/{stake.pk}/retirer/"
        assert "Retirer « L’accès aux droits »" in get(end)
        post(end, note="Ce n’est plus un enjeu", action="proposer", revision=0)
        version = Version.objects.proposed().get()
        assert version.ends
        committee.agree(version)
        stake.refresh_from_db()
        assert stake.standing == Standing.WITHDRAWN


class TestWhereItIsRead:
    def test_stakes_are_shown_on_the_axes_and_the_text(self, committee, client):
        theme = committee.orientation.theme
        agreed = in_force(committee, "L’accès aux droits", themes=[theme]).subject
        proposed(committee, "Les mobilités")
        drafted(committee, "Un brouillon")
        reader = f.MembershipFactory(organisation=committee.caf, reader=True).user
        for person, may in ((reader, False), (committee.caf_member, True)):
            client.force_login(person)
            for name in ("axes", "text"):
                html = client.get(reverse(f"conventions:{name}", args=[committee.convention.slug]))
                text = page_of(html)
                assert "Enjeux partagés" in text
                assert "L’accès aux droits ✓ validé par le comité" in text
                assert "Les mobilités ○ proposé" in text
                assert f"Concerne : {theme}".replace("'", "’") in text
                assert "Un brouillon" not in text
                assert ("Modifier" in text) == may
        assert f"#{agreed.anchor}" in agreed.get_absolute_url()

    def test_no_section_is_shown_without_stakes(self, committee, client):
        client.force_login(committee.caf_member)
        for name in ("axes", "text"):
            page = client.get(reverse(f"conventions:{name}", args=[committee.convention.slug]))
            assert "enjeux-partages" not in page.content.decode().replace(NEW, "")

    def test_axes_called_enjeu_are_not_taken_for_stakes(self, client):
        committee = committee_of(labels={"axe": "Enjeu"})
        in_force(committee)
        client.force_login(committee.coordinator)
        text = page_of(client.get(axes_of(committee))).replace("\u00a0", " ")
        assert "1 enjeu, 1 thématique et 1 objectif" in text
        assert "Enjeux partagés L’accès aux droits ✓ validé par le comité" in text
        assert "Proposer un enjeu partagé" in text
        point = Version.objects.from_committee().get()
        page = page_of(client.get(url(committee, f"points/{point.pk}/")))
        assert "Enjeu partagé" in page

    def test_a_stake_is_found_by_the_search(self, committee, client):
        in_force(committee, "Les mobilités", text="Sans **voiture**, rien.")
        drafted(committee, "Un brouillon de voiture")
        client.force_login(committee.caf_member)
        page = f"/conventions/{committee.convention.slug}/recherche/?q="
        text = page_of(client.get(f"{page}voiture"))
        assert "Les mobilités" in text
        assert "Un brouillon" not in text

    def test_a_stake_is_in_the_points_and_the_register(self, committee, client):
        version = proposed(committee)
        client.force_login(committee.caf_member)
        text = page_of(client.get(url(committee)))
        assert "L’accès aux droits" in text
        committee.agree(version)
        text = page_of(client.get(url(committee, "registre/?nature=stake")))
        assert "L’accès aux droits" in text
        assert "Enjeu partagé" in text

    def test_a_stake_is_shown_in_a_dossier(self, committee, client):
        version = proposed(committee)
        dossier = send_dossier(
            committee.convention, [version], title="Comité", by=committee.coordinator
        )
        client.force_login(committee.epci_member)
        text = page_of(client.get(url(committee, f"dossiers/{dossier.pk}/")))
        assert "L’accès aux droits" in text

    def test_the_gist_of_a_stake_says_what_changes(self, committee):
        version = in_force(committee)
        assert gist_of(version, None) == "Nouvel enjeu partagé."
        draft = drafts.save_draft(
            version.subject, version.content | {"text": "Autrement."}, by=committee.coordinator
        )
        assert gist_of(draft, version) == "Le texte change\u00a0: ce qui est en jeu."
