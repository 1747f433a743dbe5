"""From a written year to its publication: nothing is published that was not agreed to."""

import datetime
from dataclasses import replace

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from agreements.answers.events import Reply, answer, retract
from agreements.models import State, Version
from agreements.versions.events import withdraw_version
from conventions.models import Convention, Organisation
from ctg_portal.forms.revisions import revision_of
from ctg_portal.rules import Refused
from documents.drawing.events import store_result, take
from evaluation.editions.frozen import plain_of
from evaluation.editions.standing import standing_of
from evaluation.layout.events import compose
from evaluation.layout.reading import choice_of, layout_of
from evaluation.models import (
    Edition,
    EditionState,
    Layout,
    Narrative,
    Part,
    Printing,
    Snapshot,
    YearText,
)
from evaluation.publication import events
from evaluation.publication.current import current_content
from evaluation.publication.differences import changes_between
from evaluation.report.sections import usual_order
from evaluation.writing.events import write_narrative, write_year_text
from indicators.collection.events import cancel_campaign, reopen_campaign
from indicators.disclosure.events import refresh_convention_disclosures
from indicators.models import CampaignState, Value
from notifications.models import Notice
from tests import factories as f
from tests.agreements.factories import DelegationFactory, SeatFactory
from tests.documents.images import png
from tests.evaluation.publication.scene import (
    YEAR,
    agreed,
    keep_drawn,
    now,
    proposed,
    published,
    submitted,
    validated,
    written_year,
)
from tests.indicators.factories import campaign_of
from tests.stories import told_once

pytestmark = pytest.mark.postgresql


@told_once
def committee(db):
    return written_year()


def rewrite(committee, text="La crèche a ouvert en mai."):
    return write_narrative(committee.theme, YEAR, text, revision=1, by=committee.coordinator)


class TestSubmitting:
    def test_submitting_freezes_the_content(self, committee):
        edition = submitted(committee)
        assert (edition.state, edition.number) == (EditionState.SUBMITTED, 1)
        assert edition.snapshot.digest == current_content(edition).digest
        assert [one.is_final for one in edition.printings.all()] == [False]

    def test_an_open_collection_is_not_submitted(self, committee):
        open_one = campaign_of(committee, 2022, state=CampaignState.OPEN)
        with pytest.raises(Refused, match="n’est pas clos"):
            events.submit(open_one, by=committee.coordinator)

    def test_a_year_is_submitted_by_the_coordinator_alone(self, committee):
        with pytest.raises(Refused):
            events.submit(committee.campaign, by=committee.caf_member)

    def test_the_content_in_hand_is_not_submitted_again(self, committee):
        submitted(committee)
        with pytest.raises(Refused, match="rien n’a changé"):
            submitted(committee)
        assert Edition.objects.count() == 1

    def test_another_content_replaces_the_edition_in_hand(self, committee):
        first = submitted(committee)
        rewrite(committee)
        second = submitted(committee)
        assert now(first).state == EditionState.RETURNED
        assert (second.number, second.is_in_hand) == (1, True)

    def test_an_equal_content_is_frozen_once(self, committee):
        first = submitted(committee)
        events.give_back(first, "Attendons.", by=committee.coordinator)
        second = submitted(committee)
        assert second.snapshot == first.snapshot
        assert Snapshot.objects.count() == 1


class TestValidating:
    def test_a_member_of_the_party_validates(self, committee):
        edition = submitted(committee)
        assert not standing_of(edition).is_validated
        validation = events.validate(edition, committee.caf, by=committee.caf_member)
        assert validation.person_name == str(committee.caf_member)
        assert validation.capacity == "Directrice"
        assert standing_of(edition).is_validated

    def test_who_has_a_delegation_validates(self, committee):
        edition = submitted(committee)
        delegate = DelegationFactory(seat=committee.caf_seat).user
        events.validate(edition, committee.caf, by=delegate)
        assert standing_of(edition).is_validated

    @pytest.mark.parametrize("who", ["coordinator", "other_party", "adviser", "reader"])
    def test_only_a_party_or_its_delegate_validates(self, committee, who):
        by = {
            "coordinator": committee.coordinator,
            "other_party": committee.epci_member,
            "adviser": SeatFactory(organisation=committee.caf, adviser=True).user,
            "reader": f.MembershipFactory(organisation=committee.caf, reader=True).user,
        }[who]
        edition = submitted(committee)
        with pytest.raises(Refused):
            events.validate(edition, committee.caf, by=by)
        assert not standing_of(edition).is_validated

    def test_a_party_that_is_not_asked_does_not_validate(self, committee):
        with pytest.raises(Refused, match="ne demande pas"):
            events.validate(submitted(committee), committee.epci, by=committee.epci_member)

    def test_a_change_is_asked_for_with_its_text(self, committee):
        edition = submitted(committee)
        with pytest.raises(Refused, match="Dites pourquoi"):
            events.ask_for_change(edition, committee.caf, " ", by=committee.caf_member)
        events.ask_for_change(edition, committee.caf, "Le mot crèche.", by=committee.caf_member)
        standing = standing_of(edition)
        assert [word.text for word in standing.changes_asked] == ["Le mot crèche."]
        with pytest.raises(Refused, match="attendent encore"):
            events.propose(edition, by=committee.coordinator)

    def test_a_form_sent_twice_is_one_validation(self, committee):
        edition = submitted(committee)
        first = events.validate(edition, committee.caf, by=committee.caf_member)
        assert events.validate(edition, committee.caf, by=committee.caf_member) == first

    def test_a_validation_is_taken_back_before_the_parties_are_asked(self, committee):
        edition = validated(committee)
        events.take_back(edition, committee.caf, by=committee.caf_member)
        assert not standing_of(edition).is_validated
        events.validate(edition, committee.caf, by=committee.caf_member)
        events.propose(edition, by=committee.coordinator)
        with pytest.raises(Refused, match="tant que la version"):
            events.take_back(edition, committee.caf, by=committee.caf_member)

    def test_an_avis_does_not_validate(self, committee):
        adviser = SeatFactory(organisation=committee.caf, adviser=True).user
        edition = submitted(committee)
        events.advise(edition, "Très clair.", by=adviser)
        standing = standing_of(edition)
        assert [one.text for one in standing.opinions] == ["Très clair."]
        assert not standing.is_validated

    def test_a_validation_stands_for_an_edition_with_the_same_analyses(self, committee):
        validated(committee)
        committee.epci.name = "Communauté d’agglomération renommée"
        committee.epci.save()
        again = submitted(committee)
        assert standing_of(again).is_validated

    def test_a_validation_is_asked_again_where_a_text_changed(self, committee):
        validated(committee)
        rewrite(committee)
        assert not standing_of(submitted(committee)).is_validated

    @pytest.mark.parametrize("kind", ["change", "retracted"])
    def test_a_party_that_asked_for_a_change_is_asked_again(self, committee, kind):
        """The last word of the party counts, even if the former content comes back."""
        first = validated(committee)
        by, member = committee.coordinator, committee.caf_member
        write_narrative(committee.theme, YEAR, "La crèche a fermé.", revision=1, by=by)
        between = submitted(committee)
        if kind == "retracted":
            events.validate(between, committee.caf, by=member)
            events.take_back(now(between), committee.caf, by=member)
        else:
            events.ask_for_change(between, committee.caf, "Le chiffre est faux.", by=member)
        write_narrative(committee.theme, YEAR, "La crèche a ouvert.", revision=2, by=by)
        again = submitted(committee)
        assert again.snapshot.analyses == first.snapshot.analyses
        assert standing_of(again).unanswered == [committee.caf]
        # What was published, or asked, before tells what was said of it then.
        assert standing_of(now(first)).is_validated
        events.validate(again, committee.caf, by=member)
        assert standing_of(now(again)).is_validated

    def test_no_validation_is_asked_where_the_convention_asks_none(self, db):
        committee = written_year(validates=False)
        edition = submitted(committee)
        assert standing_of(edition).asked == []
        events.propose(edition, by=committee.coordinator)
        assert now(edition).is_proposed


def test_the_collection_of_a_year_that_was_submitted_is_not_taken_back(db):
    """The published content tells of the collection, whatever was emptied since."""
    committee = written_year()
    submitted(committee)
    Value.objects.all().delete()
    Narrative.objects.all().delete()
    YearText.objects.all().delete()
    soon = timezone.localdate() + datetime.timedelta(days=20)
    by = committee.coordinator
    reopen_campaign(committee.campaign, due_on=soon, reason="Une erreur.", by=by)
    with pytest.raises(Refused, match="a été soumise"):
        cancel_campaign(committee.campaign, by=by)


class TestAgreeing:
    def test_all_parties_agree_to_this_very_content(self, committee, proposed_edition):
        assert proposed_edition.version.content["digest"] == proposed_edition.snapshot.digest
        committee.agree(proposed_edition.version, committee.caf_member)
        assert not now(proposed_edition).is_agreed
        committee.agree(proposed_edition.version, committee.epci_member)
        assert now(proposed_edition).is_agreed

    def test_after_the_term_no_reason_is_asked(self, committee):
        end = timezone.localdate() - datetime.timedelta(days=30)
        Convention.objects.filter(pk=committee.convention.pk).update(end=end)
        committee.campaign.convention.refresh_from_db()
        assert proposed(committee).version.after_term == ""

    def test_the_point_describes_what_changed_since_the_parties_answered(
        self, committee, agreed_edition
    ):
        assert "1\xa0indicateur et 4\xa0textes" in agreed_edition.version.content["changes"]
        rewrite(committee)
        second = proposed(committee)
        description = second.version.content["changes"]
        assert description.endswith(" : texte")
        assert description.count("\n") == 0
        changes = changes_between(plain_of(agreed_edition.snapshot), plain_of(second.snapshot))
        assert changes[0].text == "La crèche a ouvert en mai."

    def test_a_version_withdrawn_returns_the_edition(self, committee, proposed_edition):
        withdraw_version(proposed_edition.version, reason="Une erreur.", by=committee.coordinator)
        assert now(proposed_edition).state == EditionState.RETURNED
        assert now(proposed_edition).transitions.last().reason == "Une erreur."

    def test_a_layout_taken_over_from_another_year_returns_the_edition(
        self, committee, proposed_edition
    ):
        choice = choice_of(committee.convention, YEAR - 1)
        without = replace(choice, left_out=frozenset({choice.keys[-1]}))
        revision = revision_of(layout_of(committee.convention, YEAR - 1))
        by = committee.coordinator
        compose(committee.convention, YEAR - 1, without, revision=revision, by=by)
        assert now(proposed_edition).state == EditionState.RETURNED

    def test_returning_withdraws_what_is_asked(self, committee, proposed_edition):
        events.give_back(proposed_edition, "Une erreur.", by=committee.coordinator)
        proposed_edition.version.refresh_from_db()
        assert proposed_edition.version.state == State.WITHDRAWN

    def test_parties_are_not_asked_again_for_the_same_content(self, committee, agreed_edition):
        events.give_back(agreed_edition, "Attendons.", by=committee.coordinator)
        again = submitted(committee)
        events.propose(again, by=committee.coordinator)
        assert now(again).is_agreed
        assert now(again).version == agreed_edition.version

    @pytest.mark.usefixtures("published_edition")
    def test_why_something_published_is_corrected_is_agreed_to_with_it(self, committee):
        rewrite(committee)
        edition = agreed(committee, reason="Une faute de date.")
        assert "« Une faute de date. »" in edition.version.content["changes"]
        events.give_back(edition, "Attendons.", by=committee.coordinator)
        again = submitted(committee, reason="À la demande de la Caf.")
        version = events.propose(again, by=committee.coordinator)
        assert not now(again).is_agreed
        assert "« À la demande de la Caf. »" in version.content["changes"]
        with pytest.raises(Refused):
            events.request_publication(now(again), by=committee.coordinator)

    def test_parties_are_not_asked_again_for_a_version_that_one_retracted(
        self, committee, agreed_edition
    ):
        events.give_back(agreed_edition, "Attendons.", by=committee.coordinator)
        retract(agreed_edition.version, reason="Je relis.", by=committee.caf_member)
        again = submitted(committee)
        events.propose(again, by=committee.coordinator)
        assert now(again).version == agreed_edition.version
        assert not now(again).is_agreed
        answer(Reply(agreed_edition.version, last_rank=2), by=committee.caf_member)
        assert now(again).is_agreed


class TestPublishing:
    def test_an_edition_is_published_once_its_document_is_stored(self, committee, agreed_edition):
        printing = events.request_publication(agreed_edition, by=committee.coordinator)
        assert not now(agreed_edition).is_published
        keep_drawn(printing)
        assert now(agreed_edition).is_published
        assert now(agreed_edition).published_at
        assert Printing.objects.published().get() == printing

    def test_a_publication_is_dated_on_the_day_of_its_request(self, committee, agreed_edition):
        printing = events.request_publication(agreed_edition, by=committee.coordinator)
        day = timezone.now() - datetime.timedelta(days=3)
        Printing.objects.filter(pk=printing.pk).update(requested_at=day)
        printing.refresh_from_db()
        keep_drawn(printing)
        assert now(agreed_edition).published_at == day
        assert {one.requested_at for one in agreed_edition.printings.filter(is_final=True)} == {day}
        assert Version.objects.get(pk=agreed_edition.version_id).published_at == day

    def test_a_publication_requested_twice_is_drawn_once(self, committee, agreed_edition):
        first = events.request_publication(agreed_edition, by=committee.coordinator)
        assert events.request_publication(agreed_edition, by=committee.coordinator) == first

    def test_a_publication_needs_every_agreement(self, committee, proposed_edition):
        committee.agree(proposed_edition.version, committee.caf_member)
        with pytest.raises(Refused, match="Toutes les parties"):
            events.request_publication(proposed_edition, by=committee.coordinator)

    def test_a_year_is_published_by_the_coordinator_alone(self, committee, agreed_edition):
        with pytest.raises(Refused):
            events.request_publication(agreed_edition, by=committee.caf_member)

    def test_nothing_is_published_once_an_agreement_was_taken_back(self, committee, agreed_edition):
        printing = events.request_publication(agreed_edition, by=committee.coordinator)
        retract(agreed_edition.version, reason="Une erreur.", by=committee.caf_member)
        with pytest.raises(Refused, match="Toutes les parties"):
            store_result(printing, take(printing), b"%PDF", 1)
        assert not now(agreed_edition).is_published
        assert not Printing.objects.published().exists()

    def test_the_agreements_that_a_published_evaluation_shows_are_not_taken_back(self, committee):
        indicator = Version.objects.about(committee.indicator).in_force().get()
        edition = published(committee)
        for version in (indicator, edition.version):
            with pytest.raises(Refused, match="publiée"):
                retract(Version.objects.get(pk=version.pk), reason="Non.", by=committee.caf_member)

    @pytest.mark.usefixtures("published_edition")
    def test_everybody_is_notified_of_a_publication(self, committee):
        assert Notice.objects.filter(kind="evaluation_published").count() == 1

    def test_a_correction_is_the_next_version_with_its_reason(self, committee, published_edition):
        with pytest.raises(Refused, match="rien n’a changé"):
            submitted(committee)
        rewrite(committee)
        with pytest.raises(Refused, match="Dites pourquoi"):
            submitted(committee)
        second = published(committee, reason="Le mois d’ouverture.")
        assert (second.number, second.reason) == (2, "Le mois d’ouverture.")
        assert now(published_edition).is_published
        assert "ouvert." in now(published_edition).snapshot.text

    def test_a_snapshot_is_never_rewritten(self, committee):
        snapshot = submitted(committee).snapshot
        snapshot.text = "{}"
        with pytest.raises(ValueError, match="never changes"):
            snapshot.save()


def a_text(committee):
    rewrite(committee, "La crèche a ouvert!")


def a_whole_text(committee):
    write_year_text(
        committee.convention, YEAR, Part.CONCLUSION, "Autre.", revision=1, by=committee.coordinator
    )


def a_figure(committee):
    Value.objects.filter(pk=committee.value.pk).update(number=442)


def a_mask(committee):
    """The provider hides what is below 500."""
    Organisation.objects.filter(pk=committee.caf.pk).update(
        masking_threshold=500, opts_out_of_secrecy=False
    )
    refresh_convention_disclosures(committee.convention)


def a_title(committee):
    type(committee.convention).objects.filter(pk=committee.convention.pk).update(
        title="Convention autrement nommée"
    )


def a_logo(committee):
    committee.caf.party.logo.save("logo.png", ContentFile(png()))


def a_layout(committee):
    evaluation = committee.convention.evaluations.get()
    Layout.objects.create(evaluation=evaluation, order=["closing", *usual_order()[:5]], left_out=[])


CHANGES = [a_text, a_whole_text, a_figure, a_mask, a_title, a_logo, a_layout]


@pytest.mark.parametrize("change", CHANGES)
class TestChangedAfterAgreement:
    def test_a_publication_of_a_changed_content_is_refused(self, committee, agreed_edition, change):
        change(committee)
        with pytest.raises(Refused, match=r"ont changé|n’est plus soumise"):
            events.request_publication(agreed_edition, by=committee.coordinator)
        assert not now(agreed_edition).is_published

    def test_a_content_changed_since_the_request_is_not_published(
        self, committee, agreed_edition, change
    ):
        printing = events.request_publication(agreed_edition, by=committee.coordinator)
        change(committee)
        with pytest.raises(Refused, match=r"ont changé|n’est plus soumise"):
            store_result(printing, take(printing), b"%PDF", 1)
        assert not now(agreed_edition).is_published
        printing.refresh_from_db()
        assert not printing.is_ready
