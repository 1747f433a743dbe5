"""A value: saved, submitted, verified, returned, corrected; each with its trace."""

import datetime
from decimal import Decimal

import pytest

from ctg_portal.rules import Refused
from indicators.collection.events import close_campaign
from indicators.models import CampaignState, Value, ValueState, ValueTransition, ValueVerb
from indicators.values import events, giving, writing
from indicators.values.figure import Figure
from tests.committee.scene import a_document
from tests.indicators.factories import (
    association,
    campaign_of,
    figures,
    indicator_in_force,
    value_of,
)
from tests.stories import told_once

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


def entry_of(committee, year=2024, **indicator):
    campaign = campaign_of(committee, year, [indicator_in_force(committee, **indicator)])
    return campaign.campaign_indicators.get()


@told_once
def entry(committee):
    return entry_of(committee)


def acts(value):
    return list(value.transitions.values_list("verb", flat=True))


def refusal(call, *args, **kwargs):
    with pytest.raises(Refused) as refused:
        call(*args, **kwargs)
    return refused.value.refusal


def submitted(entry, agent, number=410):
    events.save_value(entry, Figure(number=number), by=agent)
    return giving.submit_values([entry], by=agent).sent[0]


# Saving ------------------------------------------------------------------------------------------


def test_a_figure_is_kept_as_a_draft_with_its_year_and_author(entry, agent):
    value = events.save_value(entry, Figure(number=Decimal("410.5")), by=agent)
    value.refresh_from_db()
    assert (value.state, value.number) == (ValueState.DRAFT, Decimal("410.5"))
    assert (value.observed_from, value.observed_until) == entry.campaign.observed
    assert (value.entered_by, value.entered_by_name) == (agent, str(agent))
    assert not value.is_on_behalf
    [trace] = value.transitions.all()
    assert (trace.verb, trace.number, trace.by_name) == (
        ValueVerb.SAVED,
        Decimal("410.5"),
        str(agent),
    )


def test_the_log_keeps_in_whose_name_somebody_acts(committee, entry, agent, colleague):
    value = submitted(entry, agent)
    giving.return_value(value, reason="Vérifier le total.", by=colleague)
    orphan = association(committee)
    other = entry_of(committee, 2025, title="Places en LAEP", provider=orphan)
    events.save_value(other, Figure(number=3), by=committee.coordinator)
    steps = ValueTransition.objects.values_list("verb", "by_name", "capacity")
    assert list(steps) == [
        ("saved", str(agent), f"pour {committee.caf.the}"),
        ("submitted", str(agent), f"pour {committee.caf.the}"),
        ("returned", str(colleague), f"pour {committee.caf.the}"),
        ("saved", str(committee.coordinator), "coordination"),
    ]


def test_a_ratio_is_computed_to_six_decimals(committee, agent):
    entry = entry_of(committee, calculation="ratio", numerator="a", denominator="b", factor=100)
    value = events.save_value(entry, Figure(numerator=1, denominator=3), by=agent)
    assert value.number == Decimal("33.333333")
    assert (value.numerator, value.denominator) == (1, 3)


@pytest.mark.parametrize(
    ("figure", "told"),
    [
        (Figure(numerator=1, denominator=0), "dénominateur est nul"),
        (Figure(numerator=-1, denominator=-3), "dénominateur est négatif"),
        (Figure(numerator=-1, denominator=3), "négatif"),
        (Figure(numerator=1), "manque le dénominateur"),
        (Figure(denominator=2), "manque le numérateur"),
        (Figure(number=12), "manque le numérateur"),
        (Figure(numerator=10**11, denominator=Decimal("0.000001")), "trop grand"),
    ],
)
def test_a_ratio_that_does_not_exist_is_refused(committee, agent, figure, told):
    entry = entry_of(committee, calculation="ratio", numerator="a", denominator="b", factor=100)
    assert told in refusal(events.save_value, entry, figure, by=agent).reason
    assert not Value.objects.exists()


def test_a_figure_below_zero_is_refused_whatever_the_way_in(committee, agent):
    entry = entry_of(committee, unit="€")
    assert "négatif" in refusal(events.save_value, entry, Figure(number=-3), by=agent).reason
    assert not Value.objects.exists()


def test_a_balance_below_zero_is_taken_where_the_definition_says_so(committee, agent):
    entry = entry_of(committee, unit="habitants", allows_negative=True)
    assert events.save_value(entry, Figure(number=-3), by=agent).number == -3
    assert giving.submit_values([entry], by=agent).sent


def test_a_draft_below_zero_of_before_stays_and_is_not_given(committee, agent):
    entry = entry_of(committee)
    value = events.save_value(entry, Figure(number=3), by=agent)
    Value.objects.update(number=-3)
    [blocked] = giving.submit_values([entry], by=agent).blocked
    assert "négatif" in blocked.refusal.reason
    value.refresh_from_db()
    assert (value.number, value.state) == (-3, "draft")


DAY = datetime.date(2024, 6, 1)


@pytest.mark.parametrize(
    ("figure", "told"),
    [
        (Figure(number=Decimal(10) ** 30), "trop grand"),
        (Figure(number=Decimal("999999999999.9999999")), "trop grand"),
        (Figure(number=Decimal("NaN")), "trop grand"),
        (Figure(absence="not_available"), "Dites pourquoi la donnée est non disponible"),
        (Figure(absence="not_applicable", reason=" \n"), "sans objet"),
        (Figure(absence="peut-être", reason="x"), "non disponible ou sans objet"),
        (Figure(number=3, absence="not_available", reason="x"), "pas les deux"),
        (Figure(number=3, observed_from=DAY, observed_until=datetime.date(2024, 5, 31)), "finit"),
        (Figure(number=3, source="x" * 301), "300"),
        (Figure(comment="Je ne sais pas encore"), "Donnez un nombre"),
    ],
)
def test_what_is_no_figure_is_refused(entry, agent, figure, told):
    assert told in refusal(events.save_value, entry, figure, by=agent).reason
    assert not Value.objects.exists()


def test_an_absence_is_kept_with_its_reason_and_never_provisional(entry, agent):
    figure = Figure(absence="not_available", reason=" Extraction impossible ", provisional=True)
    value = events.save_value(entry, figure, by=agent)
    value.refresh_from_db()
    assert (value.number, value.absence, value.reason) == (
        None, "not_available", "Extraction impossible",
    )  # fmt: skip
    assert not value.provisional


def test_an_empty_figure_removes_a_draft_and_nothing_else(entry, agent):
    assert events.save_value(entry, Figure(), by=agent) is None
    events.save_value(entry, Figure(number=1), by=agent)
    assert events.save_value(entry, Figure(), by=agent) is None
    assert not Value.objects.exists()
    submitted(entry, agent)
    assert "ne s’efface plus" in refusal(events.save_value, entry, Figure(), by=agent).reason
    events.save_value(entry, Figure(number=2), by=agent)  # a draft again, but it was given once
    assert "ne s’efface plus" in refusal(events.save_value, entry, Figure(), by=agent).reason


def test_a_draft_with_a_piece_is_not_removed(entry, agent):
    value = events.save_value(entry, Figure(number=1), by=agent)
    events.attach_evidence(value, a_document(agent), by=agent)
    assert "pièces" in refusal(events.save_value, entry, Figure(), by=agent).reason


def test_the_same_figure_again_changes_nothing(entry, agent):
    value = submitted(entry, agent)
    again = events.save_value(entry, Figure.of(value), by=agent, revision="vieux")
    assert (again.state, again.revision) == (ValueState.SUBMITTED, value.revision)
    assert acts(value) == [ValueVerb.SAVED, ValueVerb.SUBMITTED]


def test_saving_what_was_verified_makes_it_a_draft_again(entry, agent, colleague):
    value = giving.verify_value(submitted(entry, agent), by=colleague)
    value = events.save_value(entry, Figure(number=411), by=agent)
    value.refresh_from_db()
    assert value.state == ValueState.DRAFT
    assert (value.verified_by, value.verified_by_name, value.verified_at) == (None, "", None)


def test_a_value_written_meanwhile_is_not_overwritten(entry, agent, colleague):
    value = events.save_value(entry, Figure(number=1), by=agent)
    seen = writing.revision_of(value)
    events.save_value(entry, Figure(number=2), by=colleague, revision=seen)
    refused = refusal(events.save_value, entry, Figure(number=3), by=agent, revision=seen)
    assert isinstance(refused, writing.Rewritten)
    assert str(colleague) in refused.reason
    assert Value.objects.get().number == 2


def test_the_first_value_of_two_people_is_not_overwritten(entry, agent, colleague):
    events.save_value(entry, Figure(number=1), by=agent, revision=0)
    refused = refusal(events.save_value, entry, Figure(number=2), by=colleague, revision=0)
    assert isinstance(refused, writing.Rewritten)


def test_a_value_removed_and_given_anew_is_another(entry, agent, colleague):
    seen = writing.revision_of(events.save_value(entry, Figure(number=1), by=agent))
    events.save_value(entry, Figure(), by=colleague)
    assert "effacée" in refusal(
        events.save_value, entry, Figure(number=3), by=agent, revision=seen
    ).reason  # fmt: skip
    again = events.save_value(entry, Figure(number=2), by=colleague)
    assert writing.revision_of(again) != seen


# Submitting --------------------------------------------------------------------------------------


def test_what_is_ready_is_submitted_and_the_rest_is_told_why(committee, agent):
    indicators = [indicator_in_force(committee, title=title) for title in "abcd"]
    figures(committee, indicators[1], {2023: 100})
    campaign = campaign_of(committee, 2024, indicators)
    entries = {i.title: campaign.campaign_indicators.get(indicator=i) for i in indicators}
    events.save_value(entries["a"], Figure(number=410), by=agent)
    events.save_value(entries["b"], Figure(number=63), by=agent)
    returned = value_of(campaign, indicators[3], 5)
    giving.return_value(returned, reason="Lequel ?", by=committee.coordinator)
    result = giving.submit_values(entries.values(), by=agent)
    assert [value.campaign_indicator for value in result.sent] == [entries["a"]]
    reasons = {row.entry.indicator.title: row.refusal.reason for row in result.blocked}
    assert reasons["b"] == (
        "La valeur baisse de 37\u202f% par rapport à 2023 : expliquez-le avant de transmettre."
    )
    assert "Rien n’est encore saisi" in reasons["c"]
    assert "retournée" in reasons["d"]
    events.save_value(entries["b"], Figure(number=63, comment="Fermeture"), by=agent)
    [value] = giving.submit_values(entries.values(), by=agent).sent
    assert (value.state, value.number) == (ValueState.SUBMITTED, 63)
    assert value.submitted_at


def test_an_absence_is_submitted_without_a_comment(committee, agent):
    indicator = indicator_in_force(committee)
    figures(committee, indicator, {2023: 100})
    entry = campaign_of(committee, 2024, [indicator]).campaign_indicators.get()
    events.save_value(entry, Figure(absence="not_available", reason="Panne"), by=agent)
    assert giving.submit_values([entry], by=agent).sent[0].is_absent


def test_a_draft_changed_since_it_was_confirmed_is_held(entry, agent, colleague):
    value = events.save_value(entry, Figure(number=1), by=agent)
    seen = {entry.pk: writing.revision_of(value)}
    events.save_value(entry, Figure(number=2), by=colleague)
    result = giving.submit_values([entry], by=agent, revisions=seen)
    assert result.sent == []
    assert isinstance(result.blocked[0].refusal, writing.Rewritten)


def test_nothing_is_submitted_when_one_is_anothers(committee, entry, agent):
    indicator = indicator_in_force(committee, title="De l’agglomération", provider=committee.epci)
    other = campaign_of(committee, 2023, [indicator]).campaign_indicators.get()
    events.save_value(entry, Figure(number=1), by=agent)
    with pytest.raises(Refused):
        giving.submit_values([entry, other], by=agent)
    assert Value.objects.get().state == ValueState.DRAFT


# Verifying, returning, correcting ---------------------------------------------------------------


def test_another_person_of_the_provider_verifies(entry, agent, colleague):
    value = submitted(entry, agent)
    assert "Une autre personne" in refusal(giving.verify_value, value, by=agent).reason
    value = giving.verify_value(value, by=colleague, revision=writing.revision_of(value))
    assert (value.state, value.verified_by_name) == (ValueState.VERIFIED, str(colleague))
    assert acts(value) == [ValueVerb.SAVED, ValueVerb.SUBMITTED, ValueVerb.VERIFIED]
    assert "transmise se vérifie" in refusal(giving.verify_value, value, by=colleague).reason


@pytest.mark.parametrize("said", [{"comment": "Selon la base"}, {"provisional": True}])
def test_who_typed_a_number_does_not_verify_it_whatever_a_colleague_adds(
    entry, agent, colleague, said
):
    events.save_value(entry, Figure(number=47), by=agent)
    value = events.save_value(entry, Figure(number=47, **said), by=colleague)
    assert (value.entered_by, value.last_written.by) == (agent, colleague)
    [value] = giving.submit_values([entry], by=colleague).sent
    assert "Une autre personne" in refusal(giving.verify_value, value, by=agent).reason
    assert giving.verify_value(value, by=colleague).is_verified


def test_who_changes_the_number_has_typed_it(entry, agent, colleague):
    events.save_value(entry, Figure(number=47), by=agent)
    value = events.save_value(entry, Figure(absence="not_available", reason="R"), by=colleague)
    assert value.entered_by == colleague
    [value] = giving.submit_values([entry], by=agent).sent
    assert giving.verify_value(value, by=agent).is_verified


def test_what_has_changed_since_it_was_read_is_not_verified(committee, agent, colleague):
    entries = [entry_of(committee, year, title=f"I {year}") for year in (2022, 2023)]
    first, second = (submitted(entry, agent) for entry in entries)
    seen = writing.revision_of(second)
    events.save_value(entries[1], Figure(number=5), by=agent)
    giving.submit_values([entries[1]], by=agent)
    chosen = [(first, writing.revision_of(first)), (second, seen)]
    verified, refused = giving.verify_values(chosen, by=colleague)
    assert verified == [first]
    assert isinstance(refused[0], writing.Rewritten)
    second.refresh_from_db()
    assert second.is_submitted


def test_a_value_is_returned_with_a_reason_and_taken_up_again(committee, entry, agent, colleague):
    value = giving.verify_value(submitted(entry, agent), by=colleague)
    assert (
        "motif" in refusal(giving.return_value, value, reason=" ", by=committee.coordinator).reason
    )
    value = giving.return_value(value, reason="Deux chiffres", by=committee.coordinator)
    assert (value.state, value.verified_by) == (ValueState.RETURNED, None)
    assert value.transitions.last().reason == "Deux chiffres"
    events.save_value(entry, Figure(number=410, comment="C’est le bon"), by=agent)
    [value] = giving.submit_values([entry], by=agent).sent
    assert value.is_submitted


def test_a_closed_year_changes_by_a_correction_with_its_reason(committee, entry, agent, colleague):
    value = giving.verify_value(submitted(entry, agent), by=colleague)
    correct = {"reason": "Faute de frappe", "by": agent}
    assert "clos" in refusal(events.correct_value, entry, Figure(number=1), **correct).reason
    close_campaign(entry.campaign, by=committee.coordinator)
    assert "clos" in refusal(events.save_value, entry, Figure(number=1), by=agent).reason
    assert "motif" in refusal(
        events.correct_value, entry, Figure(number=1), reason="", by=agent
    ).reason  # fmt: skip
    assert "Donnez un nombre" in refusal(events.correct_value, entry, Figure(), **correct).reason
    seen = writing.revision_of(value)
    value = events.correct_value(entry, Figure(number=401), revision=seen, **correct)
    assert (value.state, value.number, value.verified_by) == (ValueState.SUBMITTED, 401, None)
    trace = value.transitions.last()
    assert (trace.verb, trace.reason, trace.number) == (ValueVerb.CORRECTED, "Faute de frappe", 401)
    stale = refusal(events.correct_value, entry, Figure(number=9), revision=seen, **correct)
    assert isinstance(stale, writing.Rewritten)
    assert giving.verify_value(value, by=colleague).is_verified


def test_a_correction_may_give_what_was_missing_or_left_aside(committee, agent):
    for year, state in [(2022, None), (2023, "draft")]:
        entry = entry_of(committee, year)
        if state:
            events.save_value(entry, Figure(number=3), by=agent)
        close_campaign(entry.campaign, by=committee.coordinator)
        assert entry.campaign.__class__.objects.get(pk=entry.campaign_id).state == (
            CampaignState.CLOSED
        )
        value = events.correct_value(entry, Figure(number=3), reason="Oubli", by=agent)
        assert value.is_submitted
        assert value.submitted_at
