"""One person validates analyses for one party (rule 4), says it once, and takes back only what was
said."""

import pytest
from django.urls import reverse

from agreements.models import Seat
from agreements.seats.events import end_seat
from conventions.models import Party
from ctg_portal.rules import Refused
from evaluation.editions.standing import standing_of
from evaluation.models import Validation, ValidationWord
from evaluation.publication import events
from indicators.models import CampaignIndicator
from tests import factories as f
from tests.agreements.factories import SeatFactory
from tests.committee.pages import page_of
from tests.evaluation.publication.scene import YEAR, submitted, written_year
from tests.indicators.factories import indicator_in_force, version_of
from tests.stories import told_once


@told_once
def committee(db):
    """The agglomération validates too; the Caf's member has a seat in both."""
    committee = written_year()
    Party.objects.filter(organisation=committee.epci).update(validates_analyses=True)
    asked = committee.campaign.campaign_indicators.get()
    other = indicator_in_force(committee, provider=committee.epci, title="Places")
    CampaignIndicator.objects.create(
        campaign=committee.campaign, indicator=other, version=version_of(other),
        provider=committee.epci, enterer=committee.epci, due_on=asked.due_on,
    )  # fmt: skip
    committee.both = committee.caf_member
    f.MembershipFactory(organisation=committee.epci, user=committee.both, reader=True)
    SeatFactory(organisation=committee.epci, user=committee.both)
    return committee


def url(committee, name: str, *args) -> str:
    return reverse(f"evaluation:{name}", args=[committee.convention.slug, YEAR, *args])


class TestWhoSitsForTwo:
    def test_who_sits_for_two_answers_for_one(self, committee):
        edition, both = submitted(committee), committee.both
        events.validate(edition, committee.caf, by=both)
        for say in (events.validate, lambda *a, **k: events.ask_for_change(*a, "Non.", **k)):
            with pytest.raises(Refused, match="ne parle pas pour deux parties"):
                say(edition, committee.epci, by=both)
        assert standing_of(edition).awaited == [committee.epci]
        events.validate(edition, committee.epci, by=committee.epci_member)
        assert standing_of(edition).is_validated

    def test_who_sits_for_two_chooses_for_which(self, client, committee):
        edition = submitted(committee)
        client.force_login(committee.both)
        sent = {"edition": edition.pk, "word": "validated", "text": ""}
        refused = page_of(client.post(url(committee, "validate"), sent))
        assert "Dites au nom de qui vous répondez." in refused
        assert "Ce champ est obligatoire" not in refused
        assert not Validation.objects.exists()
        client.post(url(committee, "validate"), sent | {"organisation": committee.epci.pk})
        assert [one.organisation for one in Validation.objects.all()] == [committee.epci]
        page = page_of(client.get(url(committee, "validate")))
        assert "Au nom de" not in page

    def test_who_sits_for_two_is_not_asked_for_the_other(self, client, committee):
        edition = submitted(committee)
        events.validate(edition, committee.caf, by=committee.both)
        client.force_login(committee.both)
        page = page_of(client.get(committee.convention.get_absolute_url()))
        assert "attendent votre validation" not in page


class TestTakingBack:
    def test_a_party_that_has_not_validated_retracts_nothing(self, committee):
        edition = submitted(committee)
        with pytest.raises(Refused, match="pas de validation à retirer"):
            events.take_back(edition, committee.caf, by=committee.caf_member)
        assert not Validation.objects.exists()

    @pytest.mark.parametrize("sent", ["abc", "", "9" * 30, "-1", "²"])
    def test_retracting_for_no_organisation_is_not_found(self, client, committee, sent):
        edition = submitted(committee)
        client.force_login(committee.caf_member)
        answer = client.post(url(committee, "take_back", edition.pk), {"organisation": sent})
        assert answer.status_code == 404


def test_an_avis_sent_twice_is_one(committee):
    adviser = SeatFactory(organisation=committee.caf, adviser=True).user
    edition = submitted(committee)
    first = events.advise(edition, "Très clair.", by=adviser)
    assert events.advise(edition, " Très clair. ", by=adviser) == first
    events.advise(edition, "Encore un mot.", by=adviser)
    assert events.advise(edition, "Très clair.", by=adviser) != first
    assert Validation.objects.filter(word=ValidationWord.OPINION).count() == 3


def test_a_word_for_one_party_is_never_stored_for_the_other(client, committee):
    edition = submitted(committee)
    client.force_login(committee.both)
    url = reverse("evaluation:validate", args=[committee.convention.slug, YEAR])
    page = client.get(url).content.decode()
    assert f'name="organisation" value="{committee.epci.pk}"' in page
    sent = {"edition": edition.pk, "word": "validated", "text": ""}
    client.post(url, sent | {"organisation": committee.caf.pk})
    assert standing_of(edition).has_validated(committee.caf)
    # Back in the browser, on the page as it was shown: the other party, a change.
    sent = {"edition": edition.pk, "word": "change", "text": "L’agglomération n’est pas d’accord."}
    client.post(url, sent | {"organisation": committee.epci.pk}, follow=True)
    assert standing_of(edition).has_validated(committee.caf)
    assert not Validation.objects.filter(text__contains="agglomération", organisation=committee.caf)


def test_a_word_is_refused_once_the_chosen_voice_is_lost(client, committee):
    edition = submitted(committee)
    client.force_login(committee.both)
    url = reverse("evaluation:validate", args=[committee.convention.slug, YEAR])
    client.get(url)
    seat = Seat.objects.get(organisation=committee.epci, user=committee.both)
    end_seat(seat, by=None)
    sent = {"edition": edition.pk, "word": "validated", "text": "",
            "organisation": committee.epci.pk}  # fmt: skip
    client.post(url, sent)
    assert not Validation.objects.exists()


def test_a_word_is_refused_once_the_only_voice_is_of_another_party(client, committee):
    """The person was shown one party, lost it, and speaks for the other."""
    edition = submitted(committee)
    first, second = Seat.objects.filter(user=committee.both, kind="member").order_by("pk")
    Seat.objects.filter(pk=second.pk).update(user=None)
    client.force_login(committee.both)
    url = reverse("evaluation:validate", args=[committee.convention.slug, YEAR])
    shown = client.get(url).context["form"]["organisation"].value()
    assert shown == first.organisation.pk
    end_seat(first, by=None)
    Seat.objects.filter(pk=second.pk).update(user=committee.both)
    sent = {"edition": edition.pk, "word": "validated", "text": "", "organisation": shown}
    back = client.post(url, sent)
    assert "Vous ne répondez plus au nom de cet organisme" in page_of(back)
    assert not Validation.objects.exists()


def test_an_avis_is_never_taken_as_that_of_another_seat(client, committee):
    first = SeatFactory(organisation=committee.caf, adviser=True)
    SeatFactory(organisation=committee.epci, user=first.user, adviser=True)
    edition = submitted(committee)
    client.force_login(first.user)
    url = reverse("evaluation:validate", args=[committee.convention.slug, YEAR])
    shown = client.get(url).context["form"]["organisation"].value()
    assert shown == committee.caf.pk
    end_seat(first, by=None)
    sent = {"edition": edition.pk, "text": "Très clair.", "organisation": shown}
    back = client.post(url, sent)
    assert "Vous ne répondez plus au nom de cet organisme" in page_of(back)
    assert "Très clair." in page_of(back)
    with pytest.raises(Refused, match="Vous ne répondez plus au nom"):
        events.advise(edition, "Très clair.", by=first.user, organisation=committee.caf.pk)
    assert not Validation.objects.exists()
