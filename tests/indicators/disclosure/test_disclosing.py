"""What each person reads of protected figures, from before they are disclosed to after they are
corrected."""

import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from conventions.models import Coverage
from indicators.collection.events import add_past_year, close_campaign, reopen_campaign
from indicators.definitions.definition import Definition
from indicators.disclosure import disclose
from indicators.disclosure.events import (
    disclose_now,
    draw_preview,
    refresh_convention_disclosures,
    refresh_disclosures,
)
from indicators.disclosure.reading import disclosed_by_commune, preview_of
from indicators.models import Campaign, CampaignIndicator, Disclosure, Value
from indicators.series.reading import read_series
from indicators.values.events import add_past_value
from indicators.values.figure import Figure
from indicators.values.giving import verify_value
from indicators.values.tables import update_all_for_perimeters
from tests.committee.pages import page_of
from tests.indicators.disclosure.country import VERIFIED, YEAR
from tests.indicators.factories import campaign_of, indicator_in_force
from tests.indicators.values.entering import entry_url

pytestmark = pytest.mark.django_db


TABLE = {"unit": "foyers", "is_confidential": True, "grain": "commune", "aggregation": "sum"}


class TestBefore:
    def test_a_table_not_disclosed_is_read_by_its_own_people_alone(self, country, agent):
        country.give(a=3, b=40, c=50, d=60)
        refresh_disclosures(country.campaign)
        assert country.words() == ["en attente"] * 6
        assert country.read().pending_note == (
            "En attente : 4\u00a0communes sur 4, aucune vérifiée. Ces chiffres se liront quand le "
            "tableau sera entier et vérifié par son fournisseur, ou le recueil clos."
        )
        assert country.words(agent) == ["3", "40", "50", "60", "43", "153"]

    def test_a_table_verified_in_part_still_waits(self, country):
        country.give(a=3, b=40, c=50)
        country.verify()
        wait = "en attente"
        assert country.words() == [wait, wait, wait, "manquant", wait, wait]

    def test_everybody_reads_how_far_a_table_is(self, country):
        country.give(a=3, c=50)
        Value.objects.filter(commune=country.communes["a"]).update(**VERIFIED)
        progress = "2\u00a0communes sur 4, 1\u00a0vérifiée ; manquent b et d"
        assert country.read().progress == progress
        reason = country.read().communes[country.communes["a"].pk].reason
        assert reason.startswith(f"{progress} ; ces chiffres se liront quand")

    def test_the_last_figure_that_is_verified_discloses_the_table(self, country, colleague):
        country.give(a=3, b=40, c=50, d=60)
        last = Value.objects.get(number=60)
        Value.objects.exclude(pk=last.pk).update(**VERIFIED)
        verify_value(last, by=colleague)
        assert country.words() == ["secret", "secret", "50", "60", "43", "153"]

    def test_closing_the_year_discloses_what_is_given(self, country, committee):
        country.give(a=3, b=40, c=50)
        close_campaign(country.campaign, by=committee.coordinator)
        partial = "93 (partiel : 3\u00a0communes sur 4)"
        assert country.words() == ["secret", "secret", "50", "manquant", "43", partial]

    def test_the_provider_may_disclose_without_waiting(self, country, agent):
        country.give(b=40, c=50, d=60)
        row = disclose_now(country.entry, by=agent)
        assert (row.is_done, row.disclosed_by) == (True, agent)
        assert country.words()[1:4] == ["40", "50", "60"]
        assert disclose_now(country.entry, by=agent) is None

    def test_a_year_of_a_file_waits_for_its_last_commune(self, country, committee, agent):
        convention = committee.convention
        convention.start = datetime.date(YEAR - 1, 1, 1)
        convention.save()
        convention.amendments.update(effective_on=convention.start)
        country.campaign = add_past_year(convention, YEAR - 1, by=committee.coordinator)
        for place, number in {"a": 3, "b": 40, "c": 50, "d": 60}.items():
            assert set(country.words()) <= {"en attente", "manquant"} if place != "a" else True
            add_past_value(
                country.campaign, country.indicator, Figure(number=Decimal(number)),
                commune=country.communes[place], by=agent,
            )  # fmt: skip
        assert country.words() == ["secret", "secret", "50", "60", "43", "153"]


class TestPreview:
    def test_a_preview_is_drawn_once_and_its_draw_disclosed(self, country, agent):
        Coverage.objects.update(sector=None)
        country.give(a=3, b=40, c=50, d=60)
        drawn = draw_preview(country.entry)
        assert [draw_preview(country.entry).reasons for _ in range(5)] == [drawn.reasons] * 5
        assert country.read().territory.words == "en attente"
        country.verify()
        assert country.entry.disclosed.reasons == drawn.reasons

    def test_the_provider_reads_what_others_will(self, country):
        country.give(a=3, b=40, c=50, d=60)
        draw_preview(country.entry)
        lines = preview_of(country.entry)
        assert {line.name: (line.figure.words, line.others.words, line.why) for line in lines} == {
            "a": ("3", "secret", "masqué : moins de 5"),
            "b": ("40", "secret", "masqué : protège un autre chiffre"),
        }

    def test_the_page_of_a_preview_leads_to_disclosed_figures(self, client, disclosed, agent):
        client.force_login(agent)
        figures = entry_url(disclosed.campaign, f"{disclosed.entry.pk}/")
        page = client.get(f"{figures}diffusion/")
        assert page.url == figures
        assert "déjà diffusés" in page_of(client.get(figures, follow=True))

    def test_a_preview_under_another_rule_is_drawn_anew(self, country, committee):
        country.give(a=7, b=40, c=50, d=60)
        draw_preview(country.entry)
        committee.caf.masking_threshold = 10
        committee.caf.save()
        refresh_convention_disclosures(committee.convention)
        country.verify()
        assert country.words()[0] == "secret"

    def test_a_preview_of_other_figures_is_drawn_anew(self, country):
        country.give(a=3, b=40, c=50, d=60)
        draw_preview(country.entry)
        country.give(a=30)
        country.verify()
        assert country.words() == ["30", "40", "50", "60", "70", "180"]


class TestWhatIsRead:
    def test_a_small_count_and_one_that_would_reveal_it_are_masked(self, disclosed):
        assert disclosed.words() == ["secret", "secret", "50", "60", "43", "153"]

    def test_the_providers_people_alone_read_why_figures_are_masked(
        self, disclosed, agent, committee
    ):
        read = disclosed.read(agent)
        labels = {str(place): reason.label(5) for place, reason in read.reasons.items()}
        assert labels == {"a": "masqué : moins de 5", "b": "masqué : protège un autre chiffre"}
        assert disclosed.read(committee.coordinator).reasons == {}

    def test_texts_beside_are_reserved(self, disclosed, committee):
        figure = disclosed.read(committee.coordinator).communes[disclosed.communes["c"].pk]
        assert (figure.comment, figure.source) == (
            "commentaire réservé à l’organisme qui fournit la donnée", ""
        )  # fmt: skip

    def test_a_stated_absence_is_read(self, country):
        country.give(a=3, b=40, c=50)
        Value.objects.create(
            campaign_indicator=country.entry, commune=country.communes["d"], state="submitted",
            submitted_at=timezone.now(), absence="not_available", reason="Pas de lieu.",
            observed_from=datetime.date(YEAR, 1, 1), observed_until=datetime.date(YEAR, 12, 31),
        )  # fmt: skip
        country.verify()
        assert country.words() == [
            "secret", "secret", "50", "non disponible", "43", "93 (partiel : 3\u00a0communes sur 4)"
        ]  # fmt: skip

    def test_without_a_rule_all_is_read_at_once(self, country, committee):
        committee.caf.masking_threshold, committee.caf.opts_out_of_secrecy = None, True
        committee.caf.save()
        country.give(a=3, b=40)
        partial = "43 (partiel : 2\u00a0communes sur 4)"
        assert country.words() == ["3", "40", "manquant", "manquant", "43", partial]

    def test_a_rule_that_rounds_shows_figures_that_add_up(self, country, committee):
        committee.caf.masking_threshold, committee.caf.rounding_base = None, 5
        committee.caf.save()
        country.give(a=2, b=2, c=12, d=14)
        country.verify()
        numbers = [int(words) for words in country.words()]
        assert numbers[0] + numbers[1] == numbers[4]
        assert numbers[4] + numbers[2] + numbers[3] == numbers[5] == 30
        assert all(figure.is_rounded for figure in country.read().communes.values())

    def test_series_tell_of_the_territory_what_the_table_does(self, disclosed):
        (series,) = read_series(disclosed.campaign.convention, [disclosed.indicator])
        assert series.figure(YEAR).words == "153"

    def test_a_value_alone_is_not_disclosed(self, disclosed):
        value, entry = Value.objects.get(number=60), disclosed.entry
        assert disclose(value, Definition.of(entry.version), entry.rule).is_masked

    def test_many_tables_take_few_more_queries_than_one(
        self, disclosed, committee, django_assert_max_num_queries
    ):
        with django_assert_max_num_queries(3):
            disclosed_by_commune([disclosed.entry])
        other = indicator_in_force(
            committee, title="Autre", is_confidential=True, grain="commune", aggregation="sum",
            code="PE-77",
        )  # fmt: skip
        campaign_of(committee, YEAR - 1, [other, disclosed.indicator])
        entries = list(CampaignIndicator.objects.with_relations())
        with django_assert_max_num_queries(5):  # more for the perimeter of the other year
            disclosed_by_commune(entries)

    @pytest.mark.parametrize("numbers", [[153, "153"], [160, "secret"]])
    def test_a_total_given_beside_is_shown_where_it_is_the_sum(self, country, numbers):
        """It is taken for the sum; where it is not, it would tell otherwise what is masked."""
        given, read = numbers
        country.give(a=3, b=40, c=50, d=60)
        start, end = country.campaign.observed
        Value.objects.create(
            campaign_indicator=country.entry, number=given, state="submitted", observed_from=start,
            submitted_at=timezone.now(), observed_until=end,
        )  # fmt: skip
        country.verify()
        assert country.words()[5] == read


class TestAfter:
    def test_a_secret_figure_that_is_corrected_changes_nothing(self, disclosed):
        disclosed.correct(a=1)
        assert disclosed.words() == ["secret", "secret", "50", "60", "43", "153"]
        disclosed.correct(b=7)
        assert disclosed.words() == ["secret", "secret", "50", "60", "43", "153"]

    def test_a_mistake_that_hid_many_is_in_the_totals(self, disclosed):
        disclosed.correct(a=30)
        assert disclosed.words() == ["secret", "secret", "50", "60", "70", "180"]

    def test_a_shown_figure_that_is_corrected_moves_its_totals(self, disclosed):
        disclosed.correct(c=55)
        assert disclosed.words() == ["secret", "secret", "55", "60", "43", "158"]

    def test_a_shown_figure_that_becomes_small_is_masked_and_counts_as_two(self, disclosed):
        disclosed.correct(c=4)
        assert disclosed.words() == ["secret", "secret", "secret", "60", "43", "105"]
        disclosed.correct(c=1)
        assert disclosed.words()[2:] == ["secret", "60", "43", "105"]

    def test_a_returned_figure_leaves_the_table_and_its_total(self, disclosed):
        Value.objects.filter(number=60).update(state="returned")
        refresh_disclosures(disclosed.campaign)
        assert disclosed.words()[2:4] == ["50", "manquant"]
        assert disclosed.words()[5].startswith("93")

    def test_a_late_small_figure_is_masked_and_counted_nowhere(self, country, agent):
        country.give(b=40, c=50, d=60)
        disclose_now(country.entry, by=agent)
        country.give(a=3)
        country.verify()
        assert country.words()[0] == "secret"
        assert country.words()[4:] == ["40", "150"]

    def test_a_stricter_rule_masks_more_and_moves_no_total(self, disclosed, committee):
        committee.caf.masking_threshold = 55
        committee.caf.save()
        refresh_disclosures(disclosed.campaign)
        assert disclosed.words()[:3] == ["secret", "secret", "secret"]
        assert disclosed.words()[5] in ("153", "secret")

    def test_a_stricter_rule_holds_once_the_year_is_opened_again(self, disclosed, committee):
        by = committee.coordinator
        close_campaign(disclosed.campaign, by=by)
        committee.caf.masking_threshold = 55
        committee.caf.save()
        refresh_disclosures(disclosed.campaign)
        assert disclosed.words()[2] == "50"
        due = timezone.localdate() + datetime.timedelta(days=9)
        reopen_campaign(disclosed.campaign, due_on=due, reason="Une commune manque.", by=by)
        assert disclosed.words()[2] == "secret"

    def test_a_sector_that_changes_by_itself_is_followed_by_the_clock(self, disclosed):
        CampaignIndicator.objects.update(communes_given=4, communes_asked=4, table_state="verified")
        disclosed.communes["c"].coverages.update(sector=disclosed.sector)
        update_all_for_perimeters()
        assert disclosed.words()[4:] == ["secret", "153"]

    def test_a_laxer_rule_shows_nothing_more(self, disclosed, committee):
        committee.caf.masking_threshold = None
        committee.caf.save()
        refresh_disclosures(disclosed.campaign)
        assert disclosed.words() == ["secret", "secret", "50", "60", "43", "153"]

    def test_the_total_of_a_sector_that_takes_another_commune_is_masked(self, disclosed):
        disclosed.communes["c"].coverages.update(sector=disclosed.sector)
        refresh_disclosures(disclosed.campaign)
        assert disclosed.words()[:4] == ["secret", "secret", "50", "60"]
        assert disclosed.words()[4:] == ["secret", "153"]


class TestWhatItsPeopleRead:
    @pytest.fixture
    def corrections(self, agent):
        return lambda country: [one.sentence for one in country.read(agent).hidden_corrections]

    def test_the_providers_people_read_the_corrections_that_others_do_not(
        self, disclosed, committee, corrections
    ):
        assert corrections(disclosed) == []
        disclosed.correct(a=1, b=41, c=55)
        assert corrections(disclosed) == [
            "a (1, les autres lisent « secret », les totaux comptent 3)",
            "b (41, les autres lisent « secret », les totaux comptent 40)",
        ]
        assert disclosed.read(committee.coordinator).hidden_corrections == []

    def test_the_providers_people_read_late_figures_and_those_become_small(
        self, country, agent, corrections
    ):
        country.give(b=40, c=50, d=60)
        disclose_now(country.entry, by=agent)
        country.correct(a=3, d=1)
        assert corrections(country) == [
            "a (3, les autres lisent « secret », les totaux ne la comptent pas)",
            "d (1, les autres lisent « secret », les totaux comptent 2)",
        ]

    def test_totals_over_masked_figures_are_of_a_day(self, disclosed):
        before = disclosed.read().total_caveat
        assert before.startswith("Total arrêté le ")
        disclosed.correct(a=1)  # whether any was corrected or not
        assert disclosed.read().total_caveat == before

    def test_totals_of_what_is_shown_have_no_caveat(self, country):
        country.give(a=30, b=40, c=50, d=60)
        country.verify()
        assert country.read().total_caveat == ""


class TestWhoFollows:
    """What tells of a closed year follows what others read of it (an evaluation in hand)."""

    @pytest.fixture
    def followed(self, monkeypatch):
        calls = []
        note = lambda followers, campaign, by: calls.append(campaign)  # noqa: E731
        monkeypatch.setattr("indicators.disclosure.events.let_follow", note)
        return calls

    def test_a_correction_that_others_read_is_followed(self, disclosed, followed):
        Campaign.objects.update(state="closed", closed_at=timezone.now())
        disclosed.campaign.refresh_from_db()
        disclosed.correct(a=1)
        assert followed == []
        disclosed.correct(c=55)
        assert followed == [disclosed.campaign]


class TestRelatives:
    @pytest.fixture
    def share(self, country, committee):
        """A share of what the indicator counts, among families."""
        Coverage.objects.update(sector=None)
        share = indicator_in_force(
            committee, title="Part", unit="%", decimals=1, is_confidential=True, code="PE-77",
            grain="commune", aggregation="ratio", calculation="ratio",
            numerator=country.indicator.title, denominator="foyers", factor=100,
        )  # fmt: skip
        country.campaign = campaign_of(committee, YEAR + 1, [country.indicator, share])
        return share

    @pytest.mark.parametrize("is_first", [True, False])
    def test_a_share_is_masked_with_its_numerator(self, country, share, is_first):
        counted = country.indicator
        given = {
            counted: {"a": 3, "b": 40, "c": 50, "d": 60},
            share: {"a": (3, 90), "b": (40, 4000), "c": (50, 60), "d": (60, 5000)},
        }
        for country.indicator in (counted, share) if is_first else (share, counted):
            country.give(**given[country.indicator])
            country.verify()
        masked = {}
        for country.indicator in (counted, share):
            shown = country.read().communes
            masked[country.indicator] = {
                place for place, commune in country.communes.items() if shown[commune.pk].is_masked
            }
        assert masked[counted] == masked[share] > {"a"}

    def test_a_share_is_masked_where_few_are_not_of_it(self, country, share):
        country.indicator = share
        country.give(a=(88, 90), b=(40, 4000), c=(50, 100), d=(60, 5000))
        country.verify()
        assert country.read().communes[country.communes["a"].pk].words == "secret"

    def test_the_providers_people_read_what_a_figure_is_masked_with(
        self, country, committee, agent
    ):
        """The other part of a total is masked where one is small."""
        named = {"girls": "Filles", "boys": "Garçons"}
        parts = {
            name: indicator_in_force(committee, title=title, code=f"PE-{rank}", **TABLE)
            for rank, (name, title) in enumerate(named.items(), start=81)
        }
        links = [{"id": one.pk, "title": one.title} for one in parts.values()]
        base = indicator_in_force(committee, title="Enfants", code="PE-83", parts=links, **TABLE)
        country.campaign = campaign_of(committee, YEAR + 1, [*parts.values(), base])
        given = {
            base: {"a": 33, "b": 60, "c": 90, "d": 120},
            parts["girls"]: {"a": 3, "b": 40, "c": 50, "d": 60},
            parts["boys"]: {"a": 30, "b": 20, "c": 40, "d": 60},
        }
        for country.indicator, numbers in given.items():
            country.give(**numbers)
        country.verify()
        country.indicator = parts["boys"]
        words = {str(place): why for place, why in country.read(agent).secrecy.items()}
        assert words.pop("a") == "masqué comme « Filles »"
        assert "masqué : protège un autre chiffre" in words.values()

    def test_a_provider_reads_the_same_of_small_and_protecting_counts_of_another(
        self, country, committee, agent
    ):
        """Who provides the other reads the same of what is small and of what protects it."""
        girls, boys = (
            indicator_in_force(committee, title=title, code=code, provider=provider, **TABLE)
            for title, code, provider in [
                ("Filles", "PE-81", committee.epci), ("Garçons", "PE-82", committee.caf)
            ]
        )  # fmt: skip
        committee.epci.masking_threshold = 5
        committee.epci.save()
        links = [{"id": one.pk, "title": one.title} for one in (girls, boys)]
        base = indicator_in_force(committee, title="Enfants", code="PE-83", parts=links, **TABLE)
        country.campaign = campaign_of(committee, YEAR + 1, [girls, boys, base])
        given = {
            base: {"a": 33, "b": 60, "c": 90, "d": 120},
            girls: {"a": 3, "b": 40, "c": 50, "d": 60},
            boys: {"a": 30, "b": 20, "c": 40, "d": 60},
        }
        for country.indicator, numbers in given.items():
            country.give(**numbers)
        country.verify()
        country.indicator = boys
        words = country.read(agent).secrecy
        assert len(words) > 1
        assert set(words.values()) == {"masqué comme « Filles »"}

    def test_a_whole_table_that_waits_for_its_base_says_so(self, country, committee):
        parts = [{"id": country.indicator.pk, "title": country.indicator.title}]
        base = indicator_in_force(
            committee, title="Foyers", unit="foyers", is_confidential=True, code="PE-80",
            grain="commune", aggregation="sum", parts=parts,
        )  # fmt: skip
        part = country.indicator
        country.campaign = campaign_of(committee, YEAR + 1, [part, base])
        country.give(a=30, b=40, c=50, d=60)
        country.indicator = base
        country.give(a=300)
        country.indicator = part
        country.verify()
        assert "avec ceux auxquels ils sont liés" in country.read().pending_note

    def test_a_figure_of_the_whole_territory_waits_for_its_table(self, country, committee):
        """A total that is disclosed before its table would have all of it masked."""
        whole = indicator_in_force(
            committee, title=country.indicator.title, unit="foyers", is_confidential=True,
            code="PE-79",
        )  # fmt: skip
        table = country.indicator
        country.campaign = campaign_of(committee, YEAR + 1, [table, whole])
        start, end = country.campaign.observed
        country.indicator = whole
        Value.objects.create(
            campaign_indicator=country.entry, number=153, state="submitted", observed_from=start,
            submitted_at=timezone.now(), observed_until=end,
        )  # fmt: skip
        country.verify()
        assert country.entry.disclosed is None
        country.indicator = table
        country.give(a=3, b=40, c=50, d=60)
        country.verify()
        assert country.words() == ["secret", "secret", "50", "60", "43", "153"]
        country.indicator = whole
        assert country.entry.disclosed.shown

    def test_a_figure_of_the_whole_territory_is_masked_when_small(self, country, committee):
        whole = indicator_in_force(
            committee, title="Signalements", unit="foyers", is_confidential=True, code="PE-78"
        )
        country.campaign = campaign_of(committee, YEAR + 1, [whole])
        start, end = country.campaign.observed
        entry = country.campaign.campaign_indicators.with_relations().get()
        value = Value.objects.create(
            campaign_indicator=entry, number=3, state="submitted", observed_from=start,
            submitted_at=timezone.now(), observed_until=end,
        )  # fmt: skip

        def words() -> str:
            fresh = CampaignIndicator.objects.with_relations().get(pk=entry.pk)
            return disclose(value, Definition.of(fresh.version), fresh.rule).words

        assert words() == "en attente"
        country.verify()
        assert words() == "secret"
        Value.objects.update(number=30)
        value.refresh_from_db()
        refresh_disclosures(country.campaign)
        assert words() == "secret"
        assert Disclosure.objects.get().shown == {}
