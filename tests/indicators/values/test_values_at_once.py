"""Two people at the same moment, on PostgreSQL: one wins, the other is told."""

import datetime

import pytest

from ctg_portal.rules import Refused
from indicators.collection import events as campaigns
from indicators.models import CampaignIndicator, Value, ValueTransition
from indicators.values import events, giving, writing
from indicators.values.figure import Figure
from indicators.values.tables import revision_of_table
from tests.at_once import ON_POSTGRESQL, at_once
from tests.committee.scene import a_document
from tests.factories import MembershipFactory
from tests.indicators.factories import campaign_of, communes, indicator_in_force

pytestmark = ON_POSTGRESQL


@pytest.fixture
def people(committee):
    return [MembershipFactory(organisation=committee.caf).user for _ in range(3)]


@pytest.fixture
def entry(committee):
    campaign = campaign_of(committee, 2024, [indicator_in_force(committee)])
    return campaign.campaign_indicators.get()


def saving(entry, number, by, seen):
    return lambda: events.save_value(
        CampaignIndicator.objects.get(pk=entry.pk), Figure(number=number), by=by, revision=seen
    )


def refusal(outcome):
    assert isinstance(outcome, Refused), outcome
    return outcome.refusal


def test_the_first_value_typed_by_two_at_once_is_one(entry, people):
    first, second = people[:2]
    value, refused = at_once(saving(entry, 1, first, 0), saving(entry, 2, second, 0))
    assert isinstance(refusal(refused), writing.Rewritten)
    assert str(first) in refusal(refused).reason
    assert Value.objects.get() == value
    assert value.number == 1


def test_the_same_first_value_typed_by_two_at_once_is_no_conflict(entry, people):
    first, second = at_once(saving(entry, 1, people[0], 0), saving(entry, 1, people[1], 0))
    assert first == second == Value.objects.get()
    assert ValueTransition.objects.count() == 1


def test_a_value_changed_by_two_at_once_is_the_firsts(entry, people):
    seen = writing.revision_of(saving(entry, 1, people[2], 0)())
    value, refused = at_once(saving(entry, 2, people[0], seen), saving(entry, 3, people[1], seen))
    assert isinstance(refusal(refused), writing.Rewritten)
    assert Value.objects.get().number == value.number == 2


def test_a_value_saved_while_the_year_closes_is_in_it_or_refused(committee, entry, people):
    value, closing = at_once(
        saving(entry, 1, people[0], 0),
        lambda: campaigns.close_campaign(entry.campaign, by=committee.coordinator),
    )
    assert closing.not_given == 1
    assert Value.objects.get() == value


def test_a_value_saved_after_the_year_closed_is_refused(committee, entry, people):
    closing, refused = at_once(
        lambda: campaigns.close_campaign(entry.campaign, by=committee.coordinator),
        saving(entry, 1, people[0], 0),
    )
    assert closing.without == 1
    assert "clos" in refusal(refused).reason
    assert not Value.objects.exists()


def test_a_value_changed_while_it_is_verified_is_not_verified_unseen(entry, people):
    value = saving(entry, 1, people[0], 0)()
    [value] = giving.submit_values([entry], by=people[0]).sent
    seen = writing.revision_of(value)
    saved, refused = at_once(
        saving(entry, 2, people[0], seen),
        lambda: giving.verify_value(value, by=people[1], revision=seen),
    )
    assert saved.number == 2
    assert isinstance(refused, Refused)
    assert not Value.objects.get().is_verified


def test_what_is_attached_to_a_figure_that_is_erased_meanwhile_is_refused(committee, entry, people):
    value = saving(entry, 1, people[0], 0)()
    document = a_document(people[1])
    _, refused = at_once(
        lambda: events.save_value(
            CampaignIndicator.objects.get(pk=entry.pk), Figure(), by=people[0],
            revision=writing.revision_of(value),
        ),
        lambda: events.attach_evidence(value, document, by=people[1]),
    )  # fmt: skip
    assert isinstance(refusal(refused), writing.Rewritten)
    assert "effacée" in refusal(refused).reason
    assert not Value.objects.exists()


def test_a_campaign_opened_by_two_at_once_is_opened_once(committee, people):
    indicator_in_force(committee)
    campaign = campaign_of(committee, 2023, [], state="prepared")
    act = lambda: campaigns.open_campaign(campaign, by=committee.coordinator)  # noqa: E731
    _opened, refused = at_once(act, act)
    assert "déjà été ouvert" in refusal(refused).reason
    assert CampaignIndicator.objects.filter(campaign=campaign).count() == 1


def test_a_year_prepared_by_two_at_once_is_one(committee):
    year = committee.convention.start.year
    act = lambda: campaigns.prepare_campaign(  # noqa: E731
        committee.convention, year, due_on=datetime.date(year + 1, 6, 15), by=committee.coordinator
    )
    _prepared, refused = at_once(act, act)
    assert "existe déjà" in refusal(refused).reason


# Tables -----------------------------------------------------------------------------------------


@pytest.fixture
def table(committee):
    indicator = indicator_in_force(committee, grain="commune", aggregation="sum")
    communes(committee, "Archigny", "Cernay")
    return campaign_of(committee, 2024, [indicator]).campaign_indicators.get()


def saving_of(table, commune, number, by):
    return lambda: events.save_value(
        CampaignIndicator.objects.get(pk=table.pk), Figure(number=number), commune=commune,
        by=by, revision=0,
    )  # fmt: skip


def test_the_first_value_of_a_commune_typed_by_two_at_once_is_one(table, people):
    commune = table.campaign.convention.communes.first()
    value, refused = at_once(
        saving_of(table, commune, 1, people[0]), saving_of(table, commune, 2, people[1])
    )
    assert isinstance(refusal(refused), writing.Rewritten)
    assert Value.objects.get() == value


def test_two_communes_typed_at_once_are_both_in_their_table(table, people):
    first, second = table.campaign.convention.communes.order_by("name")
    at_once(saving_of(table, first, 1, people[0]), saving_of(table, second, 2, people[1]))
    assert Value.objects.by_commune().count() == 2
    giving.submit_values([table], by=people[0])
    table.refresh_from_db()
    assert (table.table_state, table.communes_given) == ("submitted", 2)


def filled(table, by):
    rows = CampaignIndicator.objects.with_relations().get(pk=table.pk)
    for commune in table.campaign.convention.communes.all():
        events.save_value(rows, Figure(number=5), commune=commune, by=by)


def shown(table) -> list[int]:
    """The figures of its communes that count."""
    return sorted(int(value.number) for value in table.values.shown())


def test_a_table_is_given_as_it_was_read_while_a_commune_is_typed(table, people):
    filled(table, people[0])
    first = table.values.first()
    seen = {table.pk: revision_of_table(list(table.values.all()))}
    saved, given = at_once(
        lambda: events.save_value(
            CampaignIndicator.objects.get(pk=table.pk), Figure(number=9), commune=first.commune,
            by=people[0],
        ),
        lambda: giving.submit_values([table], by=people[1], revisions=seen),
    )  # fmt: skip
    assert saved.number == 9
    assert [held.entry for held in given.blocked] == [table]
    assert shown(table) == []


def test_a_table_that_comes_back_while_it_is_confirmed_is_one_of_the_two(table, people):
    filled(table, people[0])
    giving.submit_values([table], by=people[0])
    returned, refused = at_once(
        lambda: giving.return_table(table, reason="Vérifiez.", by=people[1]),
        lambda: giving.verify_table(table, by=people[2]),
    )
    assert len(returned) == 2
    refusal(refused)
    table.refresh_from_db()
    assert (shown(table), table.table_state) == ([], "returned")


def test_a_table_corrected_by_two_at_once_keeps_both(committee, table, people):
    filled(table, people[0])
    giving.submit_values([table], by=people[0])
    campaigns.close_campaign(table.campaign, by=committee.coordinator)

    def corrected(value, number, by):
        entry = CampaignIndicator.objects.get(pk=table.pk)
        return lambda: events.correct_value(
            entry, Figure(number=number), reason="Recompté.", commune=value.commune, by=by,
            revision=writing.revision_of(value),
        )  # fmt: skip

    first, second = table.values.order_by("pk")
    at_once(corrected(first, 6, people[0]), corrected(second, 7, people[1]))
    assert shown(table) == [6, 7]
    _done, refused = at_once(
        corrected(table.values.order_by("pk").first(), 8, people[0]),
        corrected(table.values.order_by("pk").first(), 9, people[1]),
    )
    assert isinstance(refusal(refused), writing.Rewritten)
    assert shown(table) == [7, 8]
