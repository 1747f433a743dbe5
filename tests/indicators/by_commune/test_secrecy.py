"""What is masked of figures by commune is on no page and in no file; a rule waits for its audit."""

import io
import re
import zipfile

import pytest
from django.urls import reverse

from conventions.models import Convention, Organisation
from evaluation.report.data import csv_of, json_of, workbook_of
from evaluation.report.document import write
from evaluation.report.reading import read_report
from evaluation.report.word import docx_of
from indicators.models import Disclosure
from tests.evaluation.report.test_report_document import PROJECT
from tests.factories import MembershipFactory
from tests.indicators.by_commune.stories import (
    figures_by_commune,
    indicator_by_commune,
    territory,
)

pytestmark = pytest.mark.django_db

# Masked below a thousand: 617 and 733 of the first sector; what the others come to tells neither.
NUMBERS = [617, 733, 24_103, 8_209, 5_417, 31_907, 2_711, 4_513, 6_101, 7_307]


@pytest.fixture
def disclosed(committee):
    """A closed year of ten communes in two sectors, whose counts below a thousand are masked."""
    Organisation.objects.filter(pk=committee.caf.pk).update(masking_threshold=1000)
    committee.caf.refresh_from_db()
    territory(committee, 10, sectors=2)
    indicator = indicator_by_commune(committee, is_confidential=True, title="Foyers")
    campaign = figures_by_commune(committee, {indicator: NUMBERS}, 2023)
    campaign.campaign_indicators.all().freeze_rules()

    return campaign


def masked_of(campaign) -> set[str]:
    """The names of the communes that are masked."""
    reasons = Disclosure.objects.get().reasons
    communes = campaign.convention.communes.all()
    return {commune.name for commune in communes if f"c{commune.pk}" in reasons}


def read_everywhere(client, campaign):
    """All that a reader of the convention may look at or save, by where it stands."""
    convention = Convention.objects.get(pk=campaign.convention_id)
    reader = MembershipFactory(organisation=convention.organisations.first(), reader=True).user
    client.force_login(reader)
    indicator = campaign.campaign_indicators.get().indicator
    slug = convention.slug
    addresses = [
        indicator.get_absolute_url(),
        f"{indicator.get_absolute_url()}?annee=2023&commune=commune",
        reverse("evaluation:year", args=[slug, 2023]),
        reverse("indicators:by_commune_file", args=[slug, indicator.pk, "csv"]),
        reverse("indicators:by_commune_file", args=[slug, indicator.pk, "xlsx"]),
        *(commune.get_absolute_url() for commune in convention.communes.all()),
    ]
    for address in addresses:
        response = client.get(address)
        assert response.status_code == 200
        yield address, response.getvalue() if response.streaming else response.content
    content = read_report(convention, campaign)
    yield "report", write(content, PROJECT).encode()
    for kind in (csv_of, workbook_of):
        yield kind.__name__, kind(content)
    yield "json", json_of(content, PROJECT)
    yield "word", docx_of(content, PROJECT)


def numbers_in(content: bytes) -> set[int]:
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            content = b" ".join(file.read(name) for name in file.namelist() if "xml" in name)
    text = re.sub(r"[\u00a0\u202f]", "", content.decode(errors="ignore"))
    # Outlines and places of a drawing are numbers of their own.
    text = re.sub(r' d="[^"]*"| (c?[xy]|r|viewBox|width|height|transform)="[^"]*"', "", text)
    return {int(found) for found in re.findall(r"(?<![\w.-])\d{3,6}(?![\w-])", text)}


def test_a_masked_number_appears_nowhere(client, disclosed):
    names = masked_of(disclosed)
    assert {"Commune 000", "Commune 001"} <= names
    assert len(names) < len(NUMBERS)
    hidden = {NUMBERS[int(name[-3:])] for name in names}
    open_ones = set(NUMBERS) - hidden
    seen = set()
    for where, content in read_everywhere(client, disclosed):
        numbers = numbers_in(content)
        assert not numbers & hidden, where
        seen |= numbers & open_ones
    assert seen == open_ones


def test_pages_say_which_communes_are_masked(client, disclosed):
    masked = masked_of(disclosed)
    indicator = disclosed.campaign_indicators.get().indicator
    client.force_login(MembershipFactory(organisation=indicator.provider, reader=True).user)
    html = client.get(indicator.get_absolute_url()).content.decode()
    count = len(masked)
    assert html.count("secret</title>") == count
    assert f"secret ({count})" in html
    assert '<a href="/aide/secret/">secret</a>\u00a0: couvert par le secret' in html
    first = disclosed.convention.communes.filter(name__in=masked).first()
    page = client.get(first.get_absolute_url()).content.decode()
    assert '<a href="/aide/secret/">secret</a>' in page
    assert "médiane des communes" in page


def test_an_undisclosed_table_shows_no_number(client, disclosed):
    Disclosure.objects.all().delete()
    for where, content in read_everywhere(client, disclosed):
        assert not numbers_in(content) & set(NUMBERS), where
    indicator = disclosed.campaign_indicators.get().indicator
    html = client.get(indicator.get_absolute_url()).content.decode()
    assert "10 communes sur 10, aucune vérifiée. Ces" in html
