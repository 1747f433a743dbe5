"""A published figure names its own source wherever it is shown; a zero says how it was rounded."""

import io
from decimal import Decimal

import docx
import pytest
from django.urls import reverse
from django.utils import timezone

from evaluation.report.data import csv_of, json_of
from evaluation.report.document import write
from evaluation.report.reading import read_report
from evaluation.report.word import docx_of
from indicators.by_commune.files import cell_of
from indicators.by_commune.reading import read_by_commune
from indicators.figures.campaigns import CampaignState
from indicators.models import Release, Value
from indicators.series.reading import read_series
from indicators.statistics.difference import Difference
from indicators.statistics.source import sources
from indicators.values.figure import Figure
from indicators.values.from_publishers import contest_value
from tests.committee.pages import page_of
from tests.evaluation.report.test_report_document import PROJECT
from tests.indicators.factories import campaign_of
from tests.indicators.statistics.conftest import YEAR, public_indicator
from tests.indicators.statistics.published import cnaf

pytestmark = pytest.mark.django_db

OWN = (
    "Source : Cnaf, « Foyers allocataires et personnes couvertes, par commune », "
    "situation de décembre 2024, arrondi à 5 près ; Caf seule, sans les familles de la MSA"
)
PROVIDERS = "Source Caf de la Vienne"
INHABITANTS = "Habitants : populations du territoire de la convention"
SMALL = {"86066": 4200, "86001": 0, "86002": 40}


@pytest.fixture
def filled(committee, campaign, load):
    """A closed year of which the Cnaf publishes all figures; one of them is zero."""
    committee.caf.source_mention = PROVIDERS
    committee.caf.save()
    load(cnaf(SMALL))
    committee.convention.communes.update(population=1000)
    campaign.state, campaign.closed_at = CampaignState.CLOSED, timezone.now()
    campaign.save()
    return campaign


def year_of(campaign, indicator):
    [commune_year] = read_by_commune(campaign.convention, [indicator])[indicator.pk]
    return commune_year


def text_of_word(content: bytes) -> str:
    return "\n".join(p.text for p in docx.Document(io.BytesIO(content)).paragraphs)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ").replace("&nbsp;", " ")


@pytest.mark.parametrize("key", sources())
def test_a_mention_names_publisher_title_year_and_rounding_and_no_file(key):
    source = sources()[key]
    mention = source.full_mention(2024)
    assert mention.startswith(f"Source : {source.publisher}, « {source.title} », ")
    assert source.release_of(2024) in mention
    assert source.rounding_words in mention
    assert source.dataset not in mention


def test_pages_and_files_by_commune_name_the_publisher(committee, filled, households, client):
    client.force_login(committee.caf_member)
    slug = committee.convention.slug
    commune = committee.convention.communes.get(insee_code="86066")
    addresses = {
        "indicator": households.get_absolute_url(),
        "commune": commune.get_absolute_url(),
        "year": reverse("evaluation:year", args=[slug, YEAR]),
        "file": reverse("indicators:by_commune_file", args=[slug, households.pk, "csv"]),
    }
    for where, address in addresses.items():
        response = client.get(address)
        content = response.getvalue() if response.streaming else response.content
        assert OWN in plain(content.decode()), where
        assert PROVIDERS not in plain(content.decode()), where


def test_documents_name_the_publisher(filled):
    content = read_report(filled.convention, filled)
    [table] = content.communes
    assert table.source == f"{OWN} · {INHABITANTS}"
    written = {
        "pdf": write(content, PROJECT),
        "csv": csv_of(content).decode(),
        "json": json_of(content, PROJECT).decode(),
        "word": text_of_word(docx_of(content, PROJECT)),
    }
    for where, text in written.items():
        assert "foyers allocataires et personnes couvertes" in plain(text).lower(), where
        assert PROVIDERS not in plain(text), where


def test_a_table_of_published_and_given_figures_names_both(
    committee, agent, campaign, households, load
):
    committee.caf.opts_out_of_secrecy, committee.caf.source_mention = True, PROVIDERS
    committee.caf.save()
    load(cnaf(SMALL))
    value = Value.objects.get(commune__insee_code="86066")
    contest_value(value, Figure(number=Decimal(4187)), reason="Exact.", by=agent)
    assert year_of(campaign, households).source == f"{OWN} · {PROVIDERS} · {INHABITANTS}"


def test_an_indicator_names_no_source_of_a_year_without_a_figure(committee, campaign, load):
    households = campaign.campaign_indicators.get().indicator
    campaign_of(committee, YEAR + 1, [households])
    load()
    [series] = read_series(committee.convention, [households])
    assert series.sources() == [f"{OWN} ; total de 3\u00a0communes sur 3"]


def test_the_total_of_two_releases_names_both(committee, agent, campaign, households, load):
    load()
    value = Value.objects.filter(commune__insee_code="86066")
    second = load(cnaf({"86066": 4200, "86001": 5, "86002": 45}))
    value.update(release=second, source=f"{OWN} ; édition 2")
    [series] = read_series(committee.convention, [households])
    total = " ; total de 3\u00a0communes sur 3"
    assert series.figure(YEAR).source == f"{OWN} · {OWN} ; édition 2{total}"
    assert year_of(campaign, households).whole.source == series.figure(YEAR).source


# Zeros --------------------------------------------------------------------------------------------


def test_a_zero_reads_as_its_publisher_rounded_it(filled, households):
    commune_year = year_of(filled, households)
    figures = {commune.insee_code: figure for commune, figure in commune_year.figures}
    zero = figures["86001"]
    assert (zero.words, zero.short, cell_of(zero)) == ("moins de 5",) * 3
    assert cell_of(figures["86002"]) == 40
    # What is covered is not divided either, and counts in no median.
    assert {mark.words for mark in commune_year.map.marks} >= {"non calculé"}
    assert "Rapport non calculé : 1\u00a0commune (chiffre « moins de 5 »)." in commune_year.lead


@pytest.mark.parametrize(("base", "words"), [(5, "moins de 5"), (10, "moins de 10"), (0, "0")])
def test_the_words_of_a_zero_depend_on_the_rounding_of_its_release(filled, households, base, words):
    Release.objects.update(rounding_base=base)
    figures = {c.insee_code: figure for c, figure in year_of(filled, households).figures}
    assert figures["86001"].words == words


def test_a_total_of_zeros_is_not_under_the_base_of_one(committee, campaign, households, load):
    load(cnaf(dict.fromkeys(SMALL, 0)))
    [series] = read_series(committee.convention, [households])
    assert series.figure(YEAR).words == "moins de 5 par commune"
    assert year_of(campaign, households).whole.words == "moins de 5 par commune"


def test_files_hold_the_words_of_a_zero_and_no_number(filled, households):
    text = csv_of(read_report(filled.convention, filled)).decode()
    [line] = [line for line in text.splitlines() if "Adriers" in line]
    assert "moins de 5" in line
    assert ";0;" not in line


def test_its_provider_confirms_a_zero_as_it_is_published(committee, agent, campaign, load, client):
    load(cnaf(SMALL))
    client.force_login(agent)
    address = reverse("indicators:taken_up", args=[committee.convention.slug, YEAR])
    assert "moins de 5" in page_of(client.get(address))


def test_a_release_is_compared_with_zeros_in_words(load, communes):
    load(cnaf(SMALL))
    release = load(cnaf(SMALL | {"86001": 5}))
    before = {change.before_text for change in Difference.of(release).changes}
    assert before == {"moins de 5"}


def test_a_count_that_nobody_rounded_is_zero(committee, communes, load):
    places = public_indicator(committee, "SP-08", unit="établissements", is_confidential=False)
    campaign = campaign_of(committee, YEAR, [places])
    header = "GEO;GEO_OBJECT;FACILITY_TYPE;BPE_MEASURE;TIME_PERIOD;OBS_VALUE"
    content = f"{header}\n86066;COM;D502;FACILITIES;{YEAR};0\n".encode()
    load(content, source="insee_equipements")
    figures = {c.insee_code: figure for c, figure in year_of(campaign, places).figures}
    assert figures["86066"].words == "0"
