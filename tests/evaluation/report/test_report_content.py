"""What the annual evaluation says: only the year's indicators, as everybody may read them."""

import dataclasses
import datetime
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conventions.models import Convention
from documents.logos.carried import logo_data_url
from evaluation.models import Narrative
from evaluation.report.content import ReportTheme, SummaryLine
from evaluation.report.parts import columns_for
from evaluation.report.reading import read_report
from evaluation.report.summary import lengths
from indicators.models import Campaign
from tests import factories as f
from tests.agreements.factories import LONG_AGO
from tests.documents.images import png
from tests.indicators.bulk import many_indicators
from tests.indicators.factories import campaign_of, figures, indicator_in_force, redefine, value_of


def report_of(committee, year=2023):
    campaign = Campaign.objects.get(convention=committee.convention, year=year)
    return read_report(Convention.objects.get(pk=committee.convention.pk), campaign)


def themes_of(report):
    return [theme for axis in report.axes for theme in axis.themes]


def rows_of(report):
    return [row for theme in themes_of(report) for row in theme.rows]


class TestIndicators:
    def test_the_report_has_the_indicators_of_its_collection_alone(self, committee):
        asked = indicator_in_force(committee)
        indicator_in_force(committee, title="Pas au recueil")
        campaign_of(committee, 2023, [asked])
        assert [row.title for row in rows_of(report_of(committee))] == ["Places agréées en EAJE"]

    def test_the_report_has_figures_up_to_its_year(self, committee):
        indicator = indicator_in_force(committee)
        figures(committee, indicator, {2021: 410, 2022: 420, 2023: 430, 2024: 999})
        (row,) = rows_of(report_of(committee))
        assert [cell.text for cell in row.figures] == ["410", "420", "430"]
        assert themes_of(report_of(committee))[0].columns.years == [2021, 2022, 2023]
        assert (row.baseline, row.target, row.attainment) == ("400", "500", "30\u202f%")
        assert row.movement == "en progrès depuis 2022"

    def test_an_indicator_has_the_definition_frozen_for_its_year(self, committee):
        indicator = indicator_in_force(committee)
        figures(committee, indicator, {2022: 410, 2023: 430})
        redefine(committee, indicator, title="Autre nom", unit="berceaux")
        assert [(r.title, r.unit) for r in rows_of(report_of(committee))] == [
            ("Places agréées en EAJE", "places")
        ]

    def test_a_series_break_is_shown_in_the_table_and_compared_with_nothing(self, committee):
        indicator = indicator_in_force(committee)
        figures(committee, indicator, {2022: 410})
        indicator = redefine(committee, indicator, definition="Autrement compté.")
        figures(committee, indicator, {2023: 430})
        report = report_of(committee)
        (row,) = rows_of(report)
        assert row.figures[1].text == "≠\u00a0430"
        assert row.movement == "rupture de série"
        assert any("rupture" in sign for sign in themes_of(report)[0].signs)

    def test_a_secret_figure_is_nowhere_in_the_content(self, committee):
        committee.caf.masking_threshold = 5
        committee.caf.save()
        indicator = indicator_in_force(committee, is_confidential=True, baseline_value=None,
                                       baseline_year=None, targets=[])  # fmt: skip
        figures(committee, indicator, {2022: 64, 2023: 3})
        report = report_of(committee)
        assert [cell.text for cell in rows_of(report)[0].figures] == ["64", "secret"]
        assert "secret statistique" in str(themes_of(report)[0].signs)
        assert "de 1 à 4" in report.method[-1]
        assert report.method[-2].endswith("(/aide/secret/).")
        # Compared with what was agreed to, it does not depend on where the portal is reached.
        assert settings.SITE_URL not in " ".join(report.method)
        text = str(dataclasses.asdict(report))
        assert "Decimal('3')" not in text
        assert "'3'" not in text

    @pytest.mark.parametrize(
        ("fields", "text", "mark"),
        [
            ({"number": 430}, "430", "*"),
            ({"number": 430, "provisional": True}, "430", "p*"),
            ({"absence": "not_available", "reason": "Enquête reportée."}, "n.d.", "*"),
            ({"absence": "not_applicable", "reason": "Sans objet ici."}, "s.o.", "*"),
            ({"number": 430, "state": "draft", "submitted_at": None}, "manque", ""),
        ],
    )
    def test_each_sign_of_a_cell_is_explained(self, committee, fields, text, mark):
        indicator = indicator_in_force(committee)
        campaign = campaign_of(committee, 2023, [indicator])
        value_of(campaign, indicator, **fields)
        report = report_of(committee)
        (cell,) = rows_of(report)[0].figures
        assert (cell.text, cell.mark) == (text, mark)
        assert cell.is_sign == (text != "430")
        for sign in filter(None, [text if cell.is_sign else "", *mark]):
            assert [s for s in themes_of(report)[0].signs if s.startswith(f"{sign} : ")]

    def test_missing_figures_are_grouped_by_who_owes_them(self, committee):
        relays = indicator_in_force(committee, title="Relais", provider=committee.epci)
        asked = [indicator_in_force(committee), relays]
        campaign = campaign_of(committee, 2023, asked)
        value_of(campaign, asked[1], absence="not_available", reason="Pas d’enquête.")
        missing = {group.organisation: group.gaps for group in report_of(committee).missing}
        assert [gap.text for gap in missing["Caf d’Exemple"]] == ["chiffre non transmis"]
        assert [(gap.title, gap.text) for gap in missing["Exemple agglomération"]] == [
            ("Relais", "non disponible : Pas d’enquête.")
        ]

    def test_a_theme_that_is_over_keeps_its_figures(self, committee):
        indicator = indicator_in_force(committee)
        figures(committee, indicator, {2023: 430})
        later = f.AmendmentFactory(convention=committee.convention, number=1,
                                   effective_on=committee.convention.start)  # fmt: skip
        f.end(committee.orientation.theme, later)
        assert [row.title for row in rows_of(report_of(committee))] == ["Places agréées en EAJE"]


class TestWords:
    def test_the_summary_counts_and_names_indicators_by_movement(self, committee):
        titles = ["Monte", "Baisse", "Manque"]
        asked = [indicator_in_force(committee, title=title) for title in titles]
        campaigns = [campaign_of(committee, year, asked) for year in (2022, 2023)]
        for indicator, numbers in zip(asked, [(410, 500), (420, 390), (430,)], strict=True):
            for campaign, number in zip(campaigns, numbers, strict=False):
                value_of(campaign, indicator, number)
        summary = report_of(committee).summary
        assert summary.sentence.replace("\u00a0", " ") == (
            "1 des 2 indicateurs comparables progresse et 1 recule ; 1 autre est sans donnée."
        )
        assert summary.targets == "3\u00a0cibles à atteindre plus tard, dont 1\u00a0atteinte."
        assert [(t.title, t.text) for t in summary.progressed] == [
            ("Monte", "de 410 en 2022 à 500 places")
        ]
        assert [t.title for t in summary.receded] == ["Baisse"]
        assert [t.title for t in summary.missing] == ["Manque"]
        assert [t.text for t in summary.reached] == ["500 places pour 500 visés à terme"]
        assert summary.most_above >= 1
        total = summary.total
        assert (total.total, total.comparable, total.progress, total.setback, total.missing) == (
            3, 2, 1, 1, 1
        )  # fmt: skip
        assert (total.targets, total.due, total.later) == (3, "–", "1 sur 3")

    @pytest.mark.parametrize(("themes", "by"), [(14, "Thématique"), (22, "Axe")])
    def test_the_summary_of_many_themes_counts_by_axis(self, committee, themes, by):
        axis = committee.orientation.theme.axis
        for rank in range(1, themes):
            f.ThemeFactory(axis=axis, rank=rank, title=f"Thématique {rank}")
        many_indicators(committee.convention, themes, [2023])
        summary = report_of(committee).summary
        assert summary.by == by
        assert len(summary.rows) == (themes if by == "Thématique" else 1)
        assert sum(row.total for row in summary.rows) == summary.total.total == themes

    def test_the_objectives_of_the_committee_have_their_lights(self, committee):
        committee.in_force_since(datetime.date(2022, 5, 3), "Ouvrir un relais")
        committee.proposed("Pas encore décidé")
        campaign_of(committee, 2023)
        theme = next(t for t in themes_of(report_of(committee)) if t.committee)
        (line,) = theme.committee
        assert (line.title, line.status) == (
            "Ouvrir un relais",
            "en vigueur depuis le 3\u00a0mai 2022",
        )
        assert [(light.who, light.state) for light in line.lights] == [
            ("CAF 99", "ok"), ("Exemple", "ok"),
        ]  # fmt: skip
        assert [o.title for o in theme.signed] == [committee.orientation.title]

    def test_a_theme_has_the_text_of_its_year_alone(self, committee):
        campaign_of(committee, 2023)
        theme = committee.orientation.theme
        Narrative.objects.create(theme=theme, year=2023, text="Une **année**.")
        Narrative.objects.create(theme=theme, year=2022, text="Avant.")
        assert [t.narrative for t in themes_of(report_of(committee))] == ["Une **année**."]

    def test_the_summary_of_an_empty_year_says_so_and_has_no_row(self, committee):
        campaign_of(committee, 2023)
        report = report_of(committee)
        assert report.summary.sentence == "Aucun indicateur n’a été suivi cette année."
        assert report.summary.rows == report.missing == report.definitions == []

    def test_a_report_of_a_fictional_collection_is_fictional(self, committee):
        campaign_of(committee, 2023)
        assert not report_of(committee).is_fictional
        Campaign.objects.update(is_fictional=True)
        assert report_of(committee).is_fictional


class TestColumns:
    YEARS = list(range(2016, 2024))

    @pytest.mark.parametrize(
        ("figures", "years", "width"),
        [(["1 234"], 6, "narrow"), (["12 345"], 4, "medium"), (["1 234 567"], 4, "wide"),
         (["1 234 567,5"], 3, "wider"), (["1 234 567,89 %"], 2, "widest"), ([], 6, "narrow")],
    )  # fmt: skip
    def test_a_table_has_as_many_years_as_fit(self, figures, years, width):
        columns = columns_for(figures, self.YEARS)
        assert columns.years == self.YEARS[-years:]
        assert columns.width == width

    def test_a_table_of_many_years_has_the_last_five(self, committee):
        indicator = indicator_in_force(committee)
        figures(committee, indicator, dict.fromkeys(range(2017, 2024), 410))
        assert themes_of(report_of(committee))[0].columns.years == [2019, 2020, 2021, 2022, 2023]


class TestDigest:
    def test_the_same_content_has_the_same_digest(self, committee):
        indicator = indicator_in_force(committee)
        figures(committee, indicator, {2023: 430})
        assert report_of(committee).digest == report_of(committee).digest
        assert len(report_of(committee).digest) == 64

    @pytest.mark.parametrize(
        "change",
        [
            lambda c: c.convention.campaigns.update(is_fictional=True),
            lambda c: Narrative.objects.create(theme=c.orientation.theme, year=2023, text="Neuf"),
            lambda c: c.in_force_since(LONG_AGO, "Un objectif de plus"),
            lambda c: type(c.caf).objects.filter(pk=c.caf.pk).update(source_mention="Source X"),
        ],
        ids=["fictional", "text", "objective", "source"],
    )
    def test_another_content_has_another_digest(self, committee, change):
        indicator = indicator_in_force(committee)
        figures(committee, indicator, {2023: 430})
        before = report_of(committee).digest
        change(committee)
        assert report_of(committee).digest != before

    def test_another_format_has_another_digest(self, committee, monkeypatch):
        campaign_of(committee, 2023)
        before = report_of(committee).digest
        monkeypatch.setattr("evaluation.report.content.FORMAT", -1)
        assert report_of(committee).digest != before


class TestLogos:
    def test_a_sound_logo_is_in_the_document(self, committee):
        party = committee.caf.party
        party.logo.save("logo.png", ContentFile(png()))
        assert logo_data_url(party.logo).startswith("data:image/png;base64,")

    @pytest.mark.parametrize(
        "content",
        [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"\x89PNG\r\n\x1a\n", b"x" * 2_000_000],
        ids=["empty", "drawing", "torn", "heavy"],
    )  # fmt: skip
    def test_an_unsound_logo_is_not_in_the_document(self, committee, content):
        party = committee.caf.party
        party.logo.save("logo.png", ContentFile(content))
        assert logo_data_url(party.logo) == ""

    def test_a_logo_whose_file_is_gone_is_not_in_the_document(self, committee):
        party = committee.caf.party
        party.logo = "logos/absent.png"
        assert logo_data_url(party.logo) == ""


def test_the_report_takes_as_many_queries_for_fifty_indicators_as_for_one(committee):
    def queries():
        report_of(committee)
        with CaptureQueriesContext(connection) as captured:
            report_of(committee)
        return len(captured)

    campaign_of(committee, 2023, [indicator_in_force(committee)])
    committee.proposed()
    few = queries()
    Campaign.objects.all().delete()
    many_indicators(committee.convention, 50, [2021, 2022, 2023])
    for n in range(5):
        committee.proposed(f"Objectif {n}")
    assert queries() == few <= 39


LINE = SummaryLine("Places agréées en EAJE", "de 431 en 2022 à 438 places", "i-1", 1)
LONG = SummaryLine("Places agréées " * 20, "de 431 en 2022 à 438 places", "i-2", 1)


@pytest.mark.parametrize(
    ("above", "below", "millimetres", "most"),
    [
        (([LINE] * 4, []), ([LINE] * 11, []), 110, (3, 4)),
        (([LINE] * 4, [LINE]), ([LINE] * 11, []), 200, (5, 5)),
        (([], []), ([LINE] * 11, []), 110, (5, 5)),
        (([LINE] * 11, []), ([], []), 110, (5, 5)),
        (([LINE] * 9, []), ([LINE] * 9, []), 60, (1, 1)),
        (([LINE] * 9, []), ([LINE] * 9, []), 30, (0, 0)),
        (([LONG] * 9, []), ([LINE] * 9, []), 110, (1, 3)),
        (([LINE] * 9, []), ([LINE] * 9, []), -20, (0, 0)),
    ],
)
def test_the_lists_of_the_summary_share_the_page_in_whole_entries(above, below, millimetres, most):
    assert lengths(above, below, millimetres) == most


def test_objectives_stand_below_the_orientation_that_they_specify():
    levels = [SimpleNamespace(title=title, level=level)
              for title, level in (("a", 1), ("a1", 2), ("a2", 2), ("b", 1))]  # fmt: skip
    theme = SimpleNamespace(signed=levels)
    titles = [(one.title, [below.title for below in under])
            for one, under in ReportTheme.signed_in_levels.fget(theme)]  # fmt: skip
    assert titles == [("a", ["a1", "a2"]), ("b", [])]
