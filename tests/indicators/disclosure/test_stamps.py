"""The whole territory's figure is told without a commune's being read, as the table tells it; and
never once anything of the table has changed."""

import random
from decimal import Decimal

import pytest
from django.db.models import F
from django.utils import timezone

from conventions.models import Coverage, Organisation
from indicators.collection.events import close_campaign
from indicators.disclosure.events import recompute_stale
from indicators.disclosure.reading import disclosed_by_commune, disclosed_of_territory
from indicators.disclosure.stamps import stamps_of
from indicators.models import Audit, Campaign, CampaignState, Value
from indicators.series import reading
from indicators.series.whole import wholes_of
from indicators.values import events, giving
from indicators.values.figure import Figure
from tests.indicators.disclosure.country import YEAR, Country
from tests.indicators.factories import campaign_of, indicator_in_force
from tests.indicators.statistics.impossible import kept

pytestmark = pytest.mark.django_db


def of_territory(country) -> dict:
    """As series, charts and reports are told it."""
    entries = list(country.campaign.campaign_indicators.with_relations())
    stamped = stamps_of(entries)
    own = {v.campaign_indicator_id: v for v in Value.objects.whole().shown()}
    wholes = wholes_of(country.campaign.convention, entries, own)
    values = {pk: whole.value for pk, whole in wholes.items()}
    return disclosed_of_territory(entries, values, stamped=stamped)


def stamp(country) -> str:
    return stamps_of([country.entry])[country.entry.pk].told


class TestWithoutReadingCommunes:
    def test_costs_the_same_for_many_communes(self, decided, django_assert_max_num_queries):
        entry = decided.entry
        wholes = wholes_of(decided.campaign.convention, [entry], {})
        values, stamped = {entry.pk: wholes[entry.pk].value}, stamps_of([entry])
        with django_assert_max_num_queries(4) as asked:
            told = disclosed_of_territory([entry], values, stamped=stamped)
        assert told[entry.pk].words == "153"
        assert not [q for q in asked.captured_queries if '"indicators_value"."number"' in q["sql"]]

    @pytest.mark.parametrize("seed", range(24))
    def test_is_told_as_the_table_tells_it(
        self, country, committee, seed, django_capture_on_commit_callbacks
    ):
        chance = random.Random(seed)  # noqa: S311
        rule = chance.choice(["masking_threshold", "masking_threshold", "rounding_base"])
        committee.caf.masking_threshold = committee.caf.rounding_base = None
        setattr(committee.caf, rule, 5)
        committee.caf.save()
        share = indicator_in_force(
            committee, title="Part", unit="%", decimals=1, is_confidential=True, code="PE-77",
            grain="commune", aggregation=chance.choice(["ratio", "none"]), calculation="ratio",
            numerator="foyers aidés", denominator="foyers", factor=100,
        )  # fmt: skip
        counted = country.indicator
        country.campaign = campaign_of(committee, YEAR + 1, [counted, share])
        release = kept(year=YEAR + 1)
        for country.indicator in (counted, share):
            for place in "abcd":
                some(chance, country, place, is_share=country.indicator == share, release=release)
        if chance.random() < 0.4:
            country.indicator = counted
            whole(country, chance.choice([2, 9, 60]))
        if chance.random() < 0.4:
            Campaign.objects.filter(pk=country.campaign.pk).update(
                state=CampaignState.CLOSED, closed_at=timezone.now()
            )
        for _ in range(2):
            entries = list(country.campaign.campaign_indicators.with_relations())
            read = disclosed_by_commune(entries)
            told = of_territory(country)
            assert {pk: plain(one) for pk, one in told.items()} == {
                pk: plain(one.territory) for pk, one in read.items()
            }
            country.decide(django_capture_on_commit_callbacks)


def some(chance, country, place: str, *, is_share: bool, release) -> None:
    """A figure of a commune, small or not, of a public statistic or not; or none."""
    if chance.random() < 0.15:
        return
    count = chance.choice([0, 2, 3, 8, 40])
    country.give(**{place: (count, 50) if is_share else count})
    if chance.random() < 0.3:
        Value.objects.filter(
            campaign_indicator=country.entry, commune=country.communes[place]
        ).update(release=release)


def whole(country, number: int) -> Value:
    start, end = country.campaign.observed
    return Value.objects.create(
        campaign_indicator=country.entry, number=number, state="submitted", observed_from=start,
        submitted_at=timezone.now(), observed_until=end,
    )  # fmt: skip


def plain(figure) -> tuple:
    """What is read of it; how partial a total is, series say."""
    return figure.kind, figure.number, figure.text, figure.is_rounded, figure.is_pending


class TestWhenSomethingHasChanged:
    """What was decided is found by its stamp no more, whatever the act."""

    def test_by_each_act_on_a_figure(self, country, agent, colleague, committee):
        stamps = [stamp(country)]

        def acted(act, *args, **told):
            done = act(*args, **told)
            stamps.append(stamp(country))
            return done

        figures = {place: Figure(number=Decimal(40 + i)) for i, place in enumerate("abcd")}
        for place, figure in figures.items():
            commune = country.communes[place]
            acted(events.save_value, country.entry, figure, by=agent, commune=commune)
        a = country.communes["a"]
        acted(events.save_value, country.entry, Figure(), by=agent, commune=a)
        acted(events.save_value, country.entry, figures["a"], by=agent, commune=a)
        acted(giving.submit_values, [country.entry], by=agent)
        acted(giving.return_table, country.entry, reason="À revoir.", by=colleague)
        acted(events.save_value, country.entry, Figure(number=Decimal(3)), by=agent, commune=a)
        for place in "bcd":
            told = Figure(number=figures[place].number, comment="Oui.")
            commune = country.communes[place]
            acted(events.save_value, country.entry, told, by=agent, commune=commune)
        acted(giving.submit_values, [country.entry], by=agent)
        acted(giving.verify_table, country.entry, by=colleague)
        acted(close_campaign, country.campaign, by=committee.coordinator)
        told, why = Figure(number=Decimal(4)), "Erreur."
        acted(events.correct_value, country.entry, told, reason=why, by=agent, commune=a)
        assert len({*stamps}) == len(stamps)

    @pytest.mark.parametrize(
        "change",
        [
            lambda decided: decided.give(c=51),
            lambda decided: decided.entry.provider.__class__.objects.update(masking_threshold=41),
            lambda decided: Coverage.objects.filter(commune=decided.communes["c"]).update(
                sector=decided.sector
            ),
            lambda decided: Coverage.objects.filter(commune=decided.communes["c"]).delete(),
            lambda decided: whole(decided, 153),
        ],
        ids=["a figure", "the rule", "a sector", "the perimeter", "a total"],
    )
    def test_nothing_is_told_of_the_territory(self, decided, change):
        [told] = of_territory(decided).values()
        assert told.words == "153"
        change(decided)
        [told] = of_territory(decided).values()
        assert told.words == "en attente"

    def test_a_total_that_is_corrected_is_decided_anew(
        self, decided, committee, agent, django_capture_on_commit_callbacks
    ):
        whole(decided, 153)
        with django_capture_on_commit_callbacks(execute=True):
            close_campaign(decided.campaign, by=committee.coordinator)
        assert decided.words()[5] == "153"
        told = Figure(number=Decimal(160))
        with django_capture_on_commit_callbacks(execute=True):
            events.correct_value(decided.entry, told, reason="Erreur.", by=agent)
        assert "en attente" not in decided.words()

    def test_the_same_figures_in_rows_that_moved_are_found_again(
        self, decided, colleague, django_capture_on_commit_callbacks
    ):
        """Verified: nothing is decided anew, and the rows are found as they are now."""
        before = Audit.objects.done().get().stamp
        with django_capture_on_commit_callbacks(execute=True):
            giving.verify_table(decided.entry, by=colleague)
        assert Audit.objects.done().get().stamp == stamp(decided) != before


class TestMeanwhile:
    """A figure is changed, and decided of, while somebody reads: what they read before is not told
    as what was decided since."""

    @pytest.mark.parametrize("moment", ["stamps_of", "wholes_of"])
    @pytest.mark.parametrize("is_given", [False, True])
    def test_what_was_changed_is_read_anew(
        self, decided, monkeypatch, django_capture_on_commit_callbacks, moment, is_given
    ):
        if is_given:
            whole(decided, 160)
            decided.decide(django_capture_on_commit_callbacks)
        read, acts = getattr(reading, moment), []

        def read_and_change(*args, **kwargs):
            found = read(*args, **kwargs)
            if not acts:
                acts.append(moment)
                if is_given:
                    Value.objects.whole().update(number=170, revision=F("revision") + 1)
                decided.give(c=500)
                decided.decide(django_capture_on_commit_callbacks)
            return found

        monkeypatch.setattr(reading, moment, read_and_change)
        [series] = reading.read_series(decided.campaign.convention, [decided.indicator])
        assert acts
        told = series.figure(YEAR)
        assert told.words == decided.words()[5] != "en attente"
        assert told.words == ("170" if is_given else "603")

    def test_what_stayed_is_told_without_reading_a_commune(
        self, decided, django_assert_max_num_queries
    ):
        with django_assert_max_num_queries(13) as asked:
            [series] = reading.read_series(decided.campaign.convention, [decided.indicator])
        assert series.figure(YEAR).words == "153"
        assert not [q for q in asked.captured_queries if '"commune_id" IS NOT NULL' in q["sql"]
                    and "SUM" not in q["sql"]]  # fmt: skip


class TestTheClock:
    def test_reads_no_figure_of_what_is_decided(
        self, decided, django_assert_max_num_queries, django_capture_on_commit_callbacks
    ):
        with django_assert_max_num_queries(5), django_capture_on_commit_callbacks() as asked:
            recompute_stale()
        assert not asked

    def test_keeps_the_stamp_of_what_was_decided_before_there_was_one(
        self, decided: Country, django_capture_on_commit_callbacks
    ):
        Audit.objects.update(stamp="")
        with django_capture_on_commit_callbacks() as asked:
            recompute_stale()
        assert not asked
        assert Audit.objects.get().stamp == stamp(decided)

    @pytest.mark.parametrize("what", ["rule", "sector"])
    def test_decides_of_what_was_changed_and_changed_back(
        self, decided, what, django_capture_on_commit_callbacks
    ):
        def change(threshold, sector):
            with django_capture_on_commit_callbacks(execute=True):
                if what == "rule":
                    Organisation.objects.update(masking_threshold=threshold)
                else:
                    in_c = Coverage.objects.filter(commune=decided.communes["c"])
                    in_c.update(sector=sector)
                recompute_stale()
            assert "en attente" not in decided.words()

        change(45, decided.sector)
        change(5, None)
