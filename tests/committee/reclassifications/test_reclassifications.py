"""A passage of the signed text is a text, and no objective, once every party has agreed to that."""

import pytest
from django.urls import reverse

from agreements.answers import events as answers
from agreements.commitments.commitment import commitment_of
from agreements.models import State, Version
from agreements.versions import events as drafts
from committee.models import Reclassification
from conventions.models import Objective
from ctg_portal.rules import Refused
from notifications.models import Notice
from tests import factories as f
from tests.actions.factories import action_in_force
from tests.actions.ways.scene import plain
from tests.agreements.factories import committee_of
from tests.committee.pages import after, page_of, value_of
from tests.committee.pages import committee_url as url
from tests.committee.reclassifications.scene import drafted, proposed, reclassified
from tests.indicators.factories import indicator_in_force
from tests.stories import told_once

pytestmark = pytest.mark.django_db


@told_once
def committee():
    """An orientation with a signed sub-objective."""
    committee = committee_of()
    committee.sub = f.ObjectiveFactory(
        parent=committee.orientation, since=committee.orientation.since, title="Les moyens"
    )
    return committee


def is_objective(passage) -> bool:
    return Objective.objects.get(pk=passage.pk).is_objective


class TestAgreement:
    def test_a_passage_is_a_text_once_every_party_has_agreed(self, committee):
        version = proposed(committee, committee.orientation)
        committee.agree(version, committee.caf_member)
        assert is_objective(committee.orientation)
        committee.agree(version, committee.epci_member)
        version.refresh_from_db()
        assert version.state == State.IN_FORCE
        assert not is_objective(committee.orientation)
        assert is_objective(committee.sub)

    def test_the_parties_are_notified_and_the_register_tells_their_answers(self, committee, client):
        version = proposed(committee, committee.orientation)
        assert Notice.objects.filter(kind="point_awaited", about=version.pk).exists()
        committee.agree(version)
        client.force_login(committee.epci_member)
        register = page_of(client.get(url(committee, "registre/")))
        assert register.count("un texte, et non un objectif") >= 2

    def test_the_words_and_the_signed_version_stay(self, committee):
        signed = list(Version.objects.about(committee.orientation).values("state", "digest"))
        reclassified(committee, committee.orientation)
        passage = Objective.objects.get(pk=committee.orientation.pk)
        assert passage.title == committee.orientation.title
        assert list(Version.objects.about(passage).values("state", "digest")) == signed

    def test_an_agreement_taken_back_makes_it_an_objective_again(self, committee):
        version = reclassified(committee, committee.orientation)
        entry = version.agreements.get(organisation=committee.caf)
        answers.undo([entry], by=committee.caf_member)
        assert is_objective(committee.orientation)

    def test_the_last_agreed_reclassification_holds(self, committee):
        reclassified(committee, committee.orientation, committee.sub)
        back = reclassified(committee, committee.sub, becomes="objective")
        assert not is_objective(committee.orientation)
        assert is_objective(committee.sub)
        entry = back.agreements.get(organisation=committee.caf)
        answers.undo([entry], by=committee.caf_member)
        assert not is_objective(committee.sub)

    def test_a_withdrawn_proposal_changes_nothing(self, committee):
        version = proposed(committee, committee.orientation)
        drafts.withdraw_version(version, reason="Erreur", by=committee.coordinator)
        assert is_objective(committee.orientation)


class TestProposing:
    def test_a_reclassification_that_changes_nothing_is_not_proposed(self, committee):
        reclassified(committee, committee.orientation)
        again = drafted(committee, committee.orientation)
        with pytest.raises(Refused, match="déjà"):
            drafts.propose(again, by=committee.coordinator)

    def test_an_objective_of_the_committee_is_not_reclassified(self, committee):
        own = committee.in_force("Ouvrir un relais").subject
        with pytest.raises(Refused, match="texte signé"):
            drafts.propose(drafted(committee, own), by=committee.coordinator)

    def test_a_passage_is_discussed_in_one_point_at_a_time(self, committee):
        version = proposed(committee, committee.orientation)
        other = drafted(committee, committee.sub, committee.orientation)
        with pytest.raises(Refused, match="déjà en discussion"):
            drafts.propose(other, by=committee.coordinator)
        values = {"objectives": [committee.orientation, committee.sub], "becomes": "text"}
        content = commitment_of(version.subject).plain(values)
        again = drafts.save_draft(version.subject, content, by=committee.coordinator)
        assert drafts.propose(again, by=committee.coordinator).number == 2

    def test_a_correction_of_nothing_is_refused(self, committee):
        with pytest.raises(Refused, match="au moins un passage"):
            drafts.propose(drafted(committee), by=committee.coordinator)

    def test_the_title_quotes_the_first_passage_and_counts_the_others(self, committee):
        committee.orientation.title = "Investigations"
        committee.orientation.save()
        alone = drafted(committee, committee.orientation)
        assert alone.title == "«\u00a0Investigations\u00a0»\u00a0: un texte, et non un objectif"
        Version.objects.filter(pk=alone.pk).delete()
        both = drafted(committee, committee.orientation, committee.sub)
        assert "et 1\u00a0autre passage" in both.title


class TestPages:
    def test_the_coordinator_proposes_from_the_passage_with_what_is_beneath(
        self, committee, client
    ):
        client.force_login(committee.coordinator)
        axes = reverse("conventions:axes", args=[committee.convention.slug])
        address = url(committee, f"requalifications/nouvelle/{committee.orientation.pk}/")
        assert address in client.get(f"{axes}?themes=tous").content.decode()
        response = client.get(address)
        assert "sans être appréciés ni comptés" in page_of(response)
        assert response.content.decode().count("checked") == 2
        response = client.post(
            address,
            {"objectives": [committee.orientation.pk, committee.sub.pk], "action": "proposer"},
        )
        version = Version.objects.proposed().get(kind="reclassification")
        assert response.url == url(committee, f"points/{version.pk}/")
        text = after(client, response)
        assert "Le texte signé ne change pas" in text
        assert "Les moyens" in text

    def test_rows_linked_to_a_reclassified_passage_are_announced_and_stay(self, committee, client):
        """On the form, on the page of the point, and among the axes afterwards."""
        action = action_in_force(committee, objectives=[committee.orientation])
        indicator = indicator_in_force(committee, objectives=[committee.sub])
        client.force_login(committee.coordinator)
        linked = "Ce qui s’y rattache déjà (1 action et 1 indicateur) y reste."
        address = url(committee, f"requalifications/nouvelle/{committee.orientation.pk}/")
        assert linked in plain(page_of(client.get(address)))
        version = proposed(committee, committee.orientation, committee.sub)
        point = page_of(client.get(url(committee, f"points/{version.pk}/")))
        assert linked in plain(point)
        committee.agree(version)
        assert list(action.objectives.all()) == [committee.orientation]
        assert list(indicator.objectives.all()) == [committee.sub]
        axes = reverse("conventions:axes", args=[committee.convention.slug])
        html = client.get(f"{axes}?themes=tous").content.decode()
        assert action.get_absolute_url() in html
        assert indicator.get_absolute_url() in html

    def test_a_draft_is_written_again(self, committee, client):
        client.force_login(committee.coordinator)
        draft = drafted(committee, committee.orientation, committee.sub)
        address = url(committee, f"requalifications/{draft.object_id}/modifier/")
        page = client.get(address)
        assert "Les moyens" in page_of(page)
        tokens = {name: value_of(page, name) for name in ("base", "revision")}
        response = client.post(address, {"objectives": [committee.sub.pk], **tokens})
        assert response.status_code == 302
        content = Version.objects.get(pk=draft.pk).content
        assert [link["id"] for link in content["objectives"]] == [committee.sub.pk]

    def test_a_reader_reads_why_they_correct_nothing(self, committee, client):
        person = f.MembershipFactory(organisation=committee.caf, reader=True).user
        client.force_login(person)
        address = url(committee, f"requalifications/nouvelle/{committee.orientation.pk}/")
        assert "Seule la coordination" in page_of(client.get(address))
        client.post(address, {"objectives": [committee.orientation.pk]})
        assert not Reclassification.objects.exists()

    def test_an_objective_of_the_committee_has_no_such_page(self, committee, client):
        own = committee.in_force("Ouvrir un relais").subject
        client.force_login(committee.coordinator)
        address = url(committee, f"requalifications/nouvelle/{own.pk}/")
        assert client.get(address).status_code == 404

    def test_the_axes_show_the_text_and_do_not_count_it(self, committee, client):
        version = reclassified(committee, committee.orientation, committee.sub)
        client.force_login(committee.caf_member)
        axes = reverse("conventions:axes", args=[committee.convention.slug])
        response = client.get(f"{axes}?themes=tous")
        page = page_of(response)
        assert "(texte)" in page
        assert url(committee, f"points/{version.pk}/") in response.content.decode()
        assert "1 axe, 1 thématique et 0 objectif" in plain(page)

    def test_a_form_offers_a_text_only_where_it_is_chosen_already(self, committee):
        reclassified(committee, committee.orientation)
        day = committee.convention.start
        offered = Objective.objects.selectable(day)
        assert committee.orientation not in offered
        chosen = Objective.objects.selectable(day, [committee.orientation.pk])
        assert committee.orientation in chosen
