"""What happens between two steps: a row that is ahead of its version, a report just finished."""

import pytest
from django.db import IntegrityError
from django.utils import timezone

from ctg_portal.rules import Refused
from evaluation.models import Report
from evaluation.report import events as reports
from indicators.collection import events as campaigns
from indicators.models import Indicator, Value
from tests.agreements.factories import committee_of
from tests.factories import MembershipFactory
from tests.indicators.factories import association, campaign_of, indicator_in_force, value_of
from tests.indicators.pages import typed
from tests.indicators.values.entering import Desk

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def test_who_provides_and_enters_is_frozen_from_the_version(committee):
    """The row may have changed by the time that it is read."""
    indicator = indicator_in_force(committee, enterer=committee.epci)
    plain = indicator_in_force(committee)
    other = association(committee)
    Indicator.objects.update(provider=other, enterer=other)
    campaign = campaign_of(committee, 2024, state="prepared")
    campaigns.open_campaign(campaign, by=committee.coordinator)
    frozen = {e.indicator_id: (e.provider, e.enterer) for e in campaign.campaign_indicators.all()}
    caf, epci = committee.caf, committee.epci
    assert frozen == {indicator.pk: (caf, epci), plain.pk: (caf, caf)}


def a_report(committee, **fields) -> Report:
    return Report.objects.create(
        convention=committee.convention, year=2024, lease_until=timezone.now(), **fields
    )


def ask(committee):
    return reports.request_report(
        committee.convention, 2024, digest="a" * 64, by=committee.coordinator
    )


def test_a_report_asked_for_while_one_is_prepared_is_that_one(committee):
    report = a_report(committee)
    assert ask(committee) == report


def finished_meanwhile(committee, monkeypatch, times: int):
    """Another report is in the way when ours is created, and is finished when we look for it."""
    save, left = Report.save, [times]

    def refuse(report, **fields):
        if report._state.adding and left[0]:
            left[0] -= 1
            raise IntegrityError
        return save(report, **fields)

    monkeypatch.setattr(Report, "save", refuse)


def test_a_report_that_is_finished_at_the_same_moment_is_no_error(committee, monkeypatch):
    finished_meanwhile(committee, monkeypatch, 1)
    assert ask(committee).digest == "a" * 64


def test_a_report_overtaken_twice_is_refused(committee, monkeypatch):
    finished_meanwhile(committee, monkeypatch, 2)
    with pytest.raises(Refused, match="autre rapport"):
        ask(committee)


def test_a_row_sent_alone_once_the_year_is_closed_says_so_in_its_place(committee, client):
    campaign = campaign_of(committee, 2024, [indicator_in_force(committee)])
    entry = campaign.campaign_indicators.get()
    agent = MembershipFactory(organisation=committee.caf).user
    desk = Desk(client, agent, campaign).open().type(entry, figure="5")
    campaigns.close_campaign(campaign, by=committee.coordinator)
    answer = desk.send_row(entry)
    assert "clos" in answer
    assert "<html" not in answer
    assert not Value.objects.exists()


def test_nothing_of_another_convention_is_reached_through_ones_own(committee, client):
    other = committee_of()
    far = campaign_of(other, 2024, [indicator_in_force(other)])
    campaign_of(committee, 2024, [indicator_in_force(committee)])
    entry, indicator = far.campaign_indicators.get(), far.campaign_indicators.get().indicator
    value = value_of(far, indicator, 5)
    report = a_report(other)
    client.force_login(committee.coordinator)
    base = f"/conventions/{committee.convention.slug}"
    year = f"{base}/evaluations/2024"
    for page in (f"{year}/saisie/{entry.pk}/", f"{year}/saisie/{entry.pk}/retourner/",
                 f"{year}/saisie/{entry.pk}/joindre/", f"{year}/saisie/?pour={other.caf.pk}",
                 f"{year}/textes/{other.orientation.theme.pk}/", f"{year}/rapport/{report.pk}/",
                 f"{base}/indicateurs/{indicator.pk}/",
                 f"{base}/indicateurs/{indicator.pk}/modifier/",
                 f"{base}/indicateurs/{indicator.pk}/retirer/"):  # fmt: skip
        assert client.get(page).status_code == 404, page
        assert client.post(page, {"text": "a", "revision": "0"}).status_code in (404, 405), page
    for page, sent in [
        (f"{year}/recueil/", {"indicateur": indicator.pk}),
        (f"{year}/saisie/{entry.pk}/verifier/", {}),
        (f"{year}/rapport/{report.pk}/composer/", {}),
    ]:
        assert client.post(page, sent).status_code == 404, page
    sent = {"valeur": [f"{entry.pk}:{value.pk}-{value.revision}"]}
    for page in ("transmettre/", "verification/"):
        client.post(f"{year}/saisie/{page}", sent)
    value.refresh_from_db()
    assert value.state == "submitted"
    form = typed(committee, provider=other.caf.pk)
    assert client.post(f"{base}/indicateurs/nouveau/", form).status_code == 200
    assert Indicator.objects.of(committee.convention).count() == 1
