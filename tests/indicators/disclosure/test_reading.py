"""What each person reads of figures by commune: by what was decided of these very figures."""

import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from conventions.models import Coverage
from indicators.collection.events import bring_year
from indicators.definitions.definition import Definition
from indicators.disclosure import disclose
from indicators.disclosure.disclosing import decide
from indicators.disclosure.events import recompute, recompute_stale, take_up_lost
from indicators.disclosure.reading import disclosed_by_commune
from indicators.disclosure.reasons import Reason
from indicators.models import Audit, Campaign, CampaignIndicator, CampaignState, Mask, Value
from indicators.series.reading import read_series
from indicators.values.events import bring_value, let_go_of_value
from indicators.values.figure import Figure
from indicators.values.giving import verify_value
from indicators.values.writing import token_of
from tests.indicators.disclosure.country import YEAR
from tests.indicators.factories import campaign_of, indicator_in_force

pytestmark = pytest.mark.django_db


class TestWhatIsRead:
    def test_what_is_small_and_what_would_tell_it_are_masked(self, decided):
        assert decided.words() == ["secret", "secret", "50", "60", "43", "153"]

    def test_its_own_people_read_it_raw_and_what_others_are_not_shown(self, decided, agent):
        assert decided.words(agent) == ["3", "40", "50", "60", "43", "153"]
        read = decided.read(agent)
        told = {str(place): reason.words(5) for place, reason in read.reasons.items()}
        assert told == {"a": "masqué : moins de 5", "b": "masqué pour protéger un autre chiffre"}
        assert read.communes[decided.communes["a"].pk].comment == "Exactement."

    def test_others_are_told_no_reason_and_no_text_beside(self, decided, committee):
        read = decided.read(committee.coordinator)
        assert read.reasons == {}
        figure = read.communes[decided.communes["c"].pk]
        assert (figure.comment, figure.source) == (
            "commentaire réservé à l’organisme qui fournit la donnée", ""
        )  # fmt: skip

    def test_a_stated_absence_and_what_is_missing_are_told(
        self, country, django_capture_on_commit_callbacks
    ):
        country.give(a=3, b=40, c=50)
        Value.objects.create(
            campaign_indicator=country.entry, commune=country.communes["d"], state="submitted",
            submitted_at=timezone.now(), absence="not_available", reason="Pas de lieu.",
            observed_from=datetime.date(YEAR, 1, 1), observed_until=datetime.date(YEAR, 12, 31),
        )  # fmt: skip
        country.decide(django_capture_on_commit_callbacks)
        assert country.words() == [
            "secret", "secret", "50", "non disponible", "43", "93 (partiel : 3\u00a0communes sur 4)"
        ]  # fmt: skip
        read = country.read()
        assert (read.given, read.asked, read.is_partial) == (3, 4, True)

    def test_without_a_rule_all_is_shown_at_once(self, country, committee):
        committee.caf.masking_threshold = None
        committee.caf.save()
        country.give(a=3, b=40)
        partial = "43 (partiel : 2\u00a0communes sur 4)"
        assert country.words() == ["3", "40", "manquant", "manquant", "43", partial]
        assert not country.read().is_pending

    def test_a_rule_that_rounds(self, country, committee, django_capture_on_commit_callbacks):
        committee.caf.masking_threshold, committee.caf.rounding_base = None, 5
        committee.caf.save()
        country.give(a=2, b=2, c=12, d=14)
        country.decide(django_capture_on_commit_callbacks)
        numbers = [int(words) for words in country.words()]
        assert numbers[0] + numbers[1] == numbers[4]
        assert numbers[4] + numbers[2] + numbers[3] == numbers[5] == 30
        assert all(figure.is_rounded for figure in country.read().communes.values())

    def test_as_many_queries_for_many(
        self, decided, committee, django_assert_max_num_queries, django_capture_on_commit_callbacks
    ):
        with django_assert_max_num_queries(6):
            disclosed_by_commune([decided.entry])
        other = indicator_in_force(
            committee, title="Autre", is_confidential=True, grain="commune", aggregation="sum",
            code="PE-77",
        )  # fmt: skip
        campaign_of(committee, YEAR - 1, [other, decided.indicator])
        entries = list(CampaignIndicator.objects.with_relations())
        with django_assert_max_num_queries(7):  # one more for the perimeter of the other year
            disclosed_by_commune(entries)


class TestTheTerritoryAmongItsYears:
    """What series, charts and reports tell of the whole territory is what the table tells of it."""

    def test_its_sum(self, decided):
        (series,) = read_series(decided.campaign.convention, [decided.indicator])
        assert series.figure(YEAR).words == "153"

    def test_what_the_table_masks_is_masked(self, country, django_capture_on_commit_callbacks):
        country.give(a=3, b=0, c=0, d=0)
        start, end = country.campaign.observed
        Value.objects.create(
            campaign_indicator=country.entry, number=9, state="submitted", observed_from=start,
            submitted_at=timezone.now(), observed_until=end,
        )  # fmt: skip
        country.decide(django_capture_on_commit_callbacks)
        (series,) = read_series(country.campaign.convention, [country.indicator])
        assert series.figure(YEAR).is_masked

    def test_a_total_that_is_given_may_be_the_sum(
        self, country, committee, django_capture_on_commit_callbacks
    ):
        indicator = indicator_in_force(
            committee, title="Donné", is_confidential=True, grain="commune", aggregation="none",
            code="PE-78",
        )  # fmt: skip
        country.indicator = indicator
        country.campaign = campaign_of(committee, YEAR + 1, [indicator])
        country.give(a=3, b=40, c=50, d=60)
        country.decide(django_capture_on_commit_callbacks)
        assert country.words() == ["secret", "40", "50", "60", "manquant", "manquant"]
        start, end = country.campaign.observed
        Value.objects.create(
            campaign_indicator=country.entry, number=153, state="submitted", observed_from=start,
            submitted_at=timezone.now(), observed_until=end,
        )  # fmt: skip
        country.decide(django_capture_on_commit_callbacks)
        assert country.words() == ["secret", "40", "50", "60", "manquant", "secret"]

    def test_a_total_that_was_given_once_stays_known(
        self, country, committee, django_capture_on_commit_callbacks
    ):
        """Told with b masked, then taken back: what is masked is found by it as before."""
        country.indicator = indicator_in_force(
            committee, title="Donné", is_confidential=True, grain="commune", aggregation="none",
            code="PE-78",
        )  # fmt: skip
        country.campaign = campaign_of(committee, YEAR + 1, [country.indicator])
        country.give(a=3, b=40, c=50, d=60)
        start, end = country.campaign.observed
        total = Value.objects.create(
            campaign_indicator=country.entry, number=153, state="submitted", observed_from=start,
            submitted_at=timezone.now(), observed_until=end,
        )  # fmt: skip
        country.decide(django_capture_on_commit_callbacks)
        assert country.words() == ["secret", "secret", "50", "60", "manquant", "153"]
        total.number, total.absence, total.reason = None, "not_available", "Erreur."
        total.save()
        country.decide(django_capture_on_commit_callbacks)
        assert country.words()[:4] == ["secret", "secret", "50", "60"]

    def test_one_value_alone_is_not_disclosed(self, decided):
        value, entry = Value.objects.get(number=60), decided.entry
        assert disclose(value, Definition.of(entry.version), entry.rule).is_masked


class TestUntilItIsDecided:
    """Nothing is shown of figures of which nothing was decided."""

    def test_before(self, country):
        country.give(a=3, b=40, c=50, d=60)
        assert country.words() == ["en attente"] * 6
        assert country.read().is_pending

    def test_when_a_figure_has_changed_since(self, decided):
        decided.give(c=51)
        assert decided.words() == ["en attente"] * 6

    def test_when_the_rule_has(self, decided, committee):
        committee.caf.masking_threshold = 41
        committee.caf.save()
        assert decided.words() == ["en attente"] * 6

    def test_when_a_commune_has_changed_sector(self, decided):
        decided.communes["c"].coverages.update(sector=decided.sector)
        assert decided.words() == ["en attente"] * 6

    def test_while_not_all_are_given_of_an_open_year(
        self, country, django_capture_on_commit_callbacks
    ):
        country.give(a=3, b=40, c=50)
        country.decide(django_capture_on_commit_callbacks)
        wait = "en attente"
        assert country.words() == [wait, wait, wait, "manquant", wait, wait]
        assert "3\u00a0communes sur 4 sont données" in country.read().awaited
        Campaign.objects.filter(pk=country.campaign.pk).update(
            state=CampaignState.CLOSED, closed_at=timezone.now()
        )
        country.decide(django_capture_on_commit_callbacks)
        partial = "93 (partiel : 3\u00a0communes sur 4)"
        assert country.words() == ["secret", "secret", "50", "manquant", "43", partial]

    def test_its_own_people_read_it_all_the_same(self, country, agent):
        country.give(a=3, b=40, c=50, d=60)
        assert country.words(agent)[0] == "3"

    def test_when_the_calculation_fails(
        self, country, monkeypatch, django_capture_on_commit_callbacks
    ):
        def broken(*args, **kwargs):
            raise RuntimeError

        monkeypatch.setattr("indicators.disclosure.disclosing.decide", broken)
        country.give(a=3, b=40, c=50, d=60)
        country.decide(django_capture_on_commit_callbacks)
        assert Audit.objects.get().state_label == "en échec"
        assert country.words() == ["en attente"] * 6
        monkeypatch.setattr("indicators.disclosure.disclosing.decide", decide)
        with django_capture_on_commit_callbacks(execute=True):
            recompute_stale()
        assert country.words()[2] == "50"


class TestWhenItIsDecided:
    def test_the_audit_is_kept(self, decided):
        audit = Audit.objects.get()
        assert (audit.state_label, audit.is_optimal, audit.exposed) == ("calculé", True, [])
        assert audit.started_at <= audit.ended_at
        assert audit.loss == audit.least_loss > 0
        place = f"c{decided.communes['a'].pk}"
        assert audit.bounds[place] == [[1.0, 42.0]]

    def test_an_act_on_a_figure_asks_for_it(
        self, country, colleague, django_capture_on_commit_callbacks
    ):
        country.give(a=3, b=40, c=50, d=60)
        with django_capture_on_commit_callbacks(execute=True):
            verify_value(Value.objects.get(number=60), by=colleague)
        assert country.words()[2] == "50"

    def test_asking_twice_decides_once(self, decided, django_capture_on_commit_callbacks):
        decided.decide(django_capture_on_commit_callbacks)
        recompute(decided.campaign)
        recompute(decided.campaign)
        assert Audit.objects.unfinished().count() == 1
        assert Audit.objects.done().count() == 1

    def test_a_correction_does_not_show_what_protected_before(
        self, decided, django_capture_on_commit_callbacks
    ):
        decided.give(c=7)
        decided.decide(django_capture_on_commit_callbacks)
        assert decided.words() == ["secret", "secret", "7", "60", "43", "110"]
        assert Audit.objects.done().count() == 2

    def test_what_a_file_gave_and_took_back_stays_known(
        self, country, committee, agent, django_capture_on_commit_callbacks
    ):
        """Brought without a, then undone and brought with it, the sum would grow by what a has."""
        convention = committee.convention
        convention.start = datetime.date(YEAR - 1, 1, 1)
        convention.save()
        convention.amendments.update(effective_on=convention.start)
        country.campaign = bring_year(convention, YEAR - 1, by=committee.coordinator)

        other = indicator_in_force(committee, code="PE-79")
        bring_value(country.campaign, other, Figure(number=Decimal(1)), by=agent)

        def bring(**numbers):
            return [
                bring_value(
                    country.campaign, country.indicator, Figure(number=Decimal(number)),
                    commune=country.communes[place], by=agent,
                )
                for place, number in numbers.items()
            ]  # fmt: skip

        with django_capture_on_commit_callbacks(execute=True):
            brought = bring(b=40, c=50, d=60)
        assert country.words()[5].startswith("150")
        with django_capture_on_commit_callbacks(execute=True):
            for value in brought:
                let_go_of_value(value, by=agent, seen=token_of(value))
            bring(a=3, b=40, c=50, d=60)
        assert country.words()[5] == "secret"

    @pytest.mark.parametrize("is_first", [True, False])
    def test_a_share_does_not_tell_what_is_masked_of_its_numerator(
        self, country, committee, django_capture_on_commit_callbacks, is_first
    ):
        """b is masked for a; the share of b, shown, would give b, and then a."""
        Coverage.objects.update(sector=None)
        title = country.indicator.title
        share = indicator_in_force(
            committee, title="Part", unit="%", decimals=1, is_confidential=True, code="PE-77",
            grain="commune", aggregation="ratio", calculation="ratio", numerator=title,
            denominator="foyers", factor=100,
        )  # fmt: skip
        counted = country.indicator
        country.campaign = campaign_of(committee, YEAR + 1, [counted, share])
        given = {
            counted: {"a": 3, "b": 40, "c": 50, "d": 60},
            share: {"a": (3, 90), "b": (40, 4000), "c": (50, 60), "d": (60, 5000)},
        }
        masked = {}
        for country.indicator in (counted, share) if is_first else (share, counted):
            country.give(**given[country.indicator])
            country.decide(django_capture_on_commit_callbacks)
        for country.indicator in (counted, share):
            told = country.read().communes
            masked[country.indicator] = {
                place for place, commune in country.communes.items() if told[commune.pk].is_masked
            }
        assert "a" in masked[counted] & masked[share]
        assert len(masked[counted] & masked[share]) > 1

    def test_what_another_worker_told_meanwhile_is_heeded(
        self, country, committee, monkeypatch, django_capture_on_commit_callbacks
    ):
        """Two that count the same are decided at once: the second to end begins again."""
        twin = indicator_in_force(
            committee, title=country.indicator.title, unit="foyers", is_confidential=True,
            grain="commune", aggregation="sum", code="PE-77",
        )  # fmt: skip
        country.campaign = campaign_of(committee, YEAR + 1, [country.indicator, twin])
        entries = list(country.campaign.campaign_indicators.order_by("pk"))
        for entry in entries:
            country.give(entry, a=3, b=40, c=50, d=60)
        turns = []

        def slowly(*args, **kwargs):
            made = decide(*args, **kwargs)
            turns.append(len(Audit.objects.done()))
            if len(turns) == 1:
                Audit.objects.create(
                    campaign_indicator=entries[1], digest="0" * 64, started_at=timezone.now(),
                    ended_at=timezone.now(), given={f"c{country.communes['b'].pk}": ["40"]},
                )  # fmt: skip
            return made

        monkeypatch.setattr("indicators.disclosure.disclosing.decide", slowly)
        country.decide(django_capture_on_commit_callbacks)
        assert turns == [0, 1]
        assert country.words()[:2] == ["secret", "40"]
        assert country.words()[4] == "secret"

    def test_the_same_is_masked_as_the_year_before(
        self, decided, committee, django_capture_on_commit_callbacks
    ):
        after = campaign_of(committee, YEAR + 1, [decided.indicator])
        entry = after.campaign_indicators.get()
        decided.give(entry, a=3, b=41, c=50, d=60)
        with django_capture_on_commit_callbacks(execute=True):
            recompute(after)
        masks = Mask.objects.filter(audit__campaign_indicator=entry)
        assert {mask.commune.name: mask.reason for mask in masks} == {
            "a": Reason.PRIMARY, "b": Reason.COMPLEMENTARY,
        }  # fmt: skip

    def test_the_clock_asks_for_what_no_act_did(self, country, django_capture_on_commit_callbacks):
        country.give(a=3, b=40, c=50, d=60)
        with django_capture_on_commit_callbacks(execute=True):
            recompute_stale()
        assert country.words()[2] == "50"
        with django_capture_on_commit_callbacks(execute=True) as asked:
            recompute_stale()
        assert not asked

    def test_the_clock_asks_again_for_what_a_worker_has_left(
        self, country, django_capture_on_commit_callbacks
    ):
        country.give(a=3, b=40, c=50, d=60)
        lost = Audit.objects.create(campaign_indicator=country.entry, started_at=timezone.now())
        with django_capture_on_commit_callbacks(execute=True) as asked:
            take_up_lost()
        assert not asked
        Audit.objects.filter(pk=lost.pk).update(asked_at=timezone.now() - datetime.timedelta(1))
        with django_capture_on_commit_callbacks(execute=True):
            take_up_lost()
        assert country.words()[2] == "50"
