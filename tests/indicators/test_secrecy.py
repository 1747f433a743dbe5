"""What is protected is nowhere: every page that anybody else can reach is read for it."""

import html
import io
import json
import re
from dataclasses import asdict
from decimal import Decimal
from urllib.parse import urljoin, urlsplit

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from committee.forms import PROPOSE
from conventions.models import Convention, Organisation
from ctg_portal.rules import Refused
from documents.models import store
from evaluation.report.document import draw, write
from evaluation.report.reading import read_report
from evaluation.writing.events import write_narrative
from indicators.collection.events import close_campaign, reopen_campaign
from indicators.models import Campaign
from indicators.series.reading import read_series
from indicators.values import events
from indicators.values.figure import Figure
from tests.agreements.factories import SeatFactory, committee_of
from tests.committee.scene import PDF
from tests.factories import MembershipFactory
from tests.indicators.factories import campaign_of, indicator_in_force, proposed_indicator, value_of
from tests.indicators.pages import typed

pytestmark = [pytest.mark.django_db, pytest.mark.once]

# Numbers and words that nobody but the provider may read, wherever they are typed.
SECRETS = ["734219", "734218", "91357", "CanariMasque", "CanariBrouillon", "CanariRetour",
           "CanariCorrige", "CanariPiece", "555444", "31415"]  # fmt: skip
PUBLIC = "64128"


class Story:
    """The Caf masks counts below a million; it has given, corrected, drafted, been returned."""

    def __init__(self, *, threshold=1_000_000, base=None):
        self.committee = committee = committee_of()
        caf = committee.caf
        caf.masking_threshold, caf.rounding_base = threshold, base
        caf.save()
        self.agent, self.colleague = (MembershipFactory(organisation=caf).user for _ in range(2))
        plain = indicator_in_force(committee, title="Ouvert", baseline_value=None)
        self.secret = indicator_in_force(
            committee, title="Gardé", baseline_value=None, is_confidential=True, variation_alert=1
        )
        self.ratio = indicator_in_force(
            committee, title="Rapport", baseline_value=None, is_confidential=True, unit="%",
            calculation="ratio", numerator="haut", denominator="bas", factor=100, decimals=2,
        )  # fmt: skip
        self.draft = indicator_in_force(committee, title="Brouillon", baseline_value=None)
        every = [plain, self.secret, self.ratio, self.draft]
        self.years = [campaign_of(committee, year, every) for year in (2022, 2023)]
        for campaign in self.years:
            self.give(campaign, plain, number=Decimal(PUBLIC))
        before, last = self.years
        # Where figures are rounded, a comment is read by all, as its form says.
        masked = "CanariMasque 734219" if threshold else "Une ouverture."
        self.give(before, self.secret, number=Decimal(734218), comment=masked)
        value = self.give(last, self.secret, number=Decimal(734219), comment=masked)
        events.verify_value(value, by=self.colleague)
        self.give(last, self.ratio, numerator=Decimal(91357), denominator=Decimal(290797))
        self.save(last, self.draft, number=Decimal(555444), comment="CanariBrouillon")
        events.attach_evidence(value, self.piece(), by=self.agent)
        self.returned = self.give(before, self.draft, number=Decimal(31415), comment="CanariRetour")
        events.return_value(self.returned, reason="CanariRetour 31415", by=self.colleague)
        self.returned_entry = self.returned.campaign_indicator_id
        close_campaign(before, by=committee.coordinator)
        events.correct_value(
            before.campaign_indicators.get(indicator=self.secret), Figure(number=Decimal(734219)),
            reason="CanariCorrige : 734219 au lieu de 734218", by=self.agent,
        )  # fmt: skip
        write_narrative(committee.orientation.theme, 2023, "Un texte.", seen=0,
                        by=committee.coordinator)  # fmt: skip

    def piece(self):
        return store(SimpleUploadedFile("CanariPiece.pdf", PDF), by=self.agent)

    def save(self, campaign, indicator, **figure):
        entry = campaign.campaign_indicators.get(indicator=indicator)
        return events.save_value(entry, Figure(**figure), by=self.agent)

    def give(self, campaign, indicator, **figure):
        entry = campaign.campaign_indicators.get(indicator=indicator)
        value = events.save_value(entry, Figure(**{"comment": "Dit."} | figure), by=self.agent)
        events.submit_values([entry], by=self.agent)
        value.refresh_from_db()
        return value


def bare(text: str) -> str:
    """Without what separates digits; without tokens and digests, which chance writes."""
    text = re.sub(r"\b\w{32,}\b", "", html.unescape(text))
    return re.sub(r"(?<=\d)[\s\u00a0\u202f,.](?=\d)", "", text)


EVERYWHERE = ""
FIGURES = "/evaluations/|/indicateurs/"


def reachable(client, start: str, within=EVERYWHERE, most=250):
    """Every page that links lead to, with its text: what a curious person opens."""
    todo, seen = [start], {}
    while todo and len(seen) < most:
        address = todo.pop()
        if address in seen:
            continue
        response = client.get(address)
        kind = response.headers.get("Content-Type", "")
        content = b"".join(response) if response.streaming else response.content
        seen[address] = content.decode() if kind.startswith("text/html") else ""
        for link in re.findall(r'(?:href|action|hx-get)="([^"#]+)', seen[address]):
            target = urlsplit(urljoin(address, html.unescape(link)))
            path = f"{target.path}?{target.query}" if target.query else target.path
            is_beside = target.netloc or "/bibliotheque/" in path or "/texte/" in path
            is_within = target.path.startswith("/conventions/") and re.search(within, path)
            if is_within and not is_beside:
                todo.append(path)
    return seen


def addresses(story: Story):
    """Those of the evaluation that need no link to be tried."""
    base = f"/conventions/{story.committee.convention.slug}"
    for campaign in story.years:
        year = f"{base}/evaluations/{campaign.year}"
        pour = f"saisie/?pour={story.committee.caf.pk}"
        for page in ("", "recueil/", "saisie/", "saisie/transmettre/", "saisie/verification/",
                     "rapport/", pour):  # fmt: skip
            yield f"{year}/{page}"
        for entry in campaign.campaign_indicators.all():
            for page in ("", "retourner/", "joindre/"):
                yield f"{year}/saisie/{entry.pk}/{page}"
    yield f"{base}/recherche/?q=Canari"


def others(story: Story):
    committee = story.committee
    return {
        "reader of the same organisation": MembershipFactory(
            organisation=committee.caf, reader=True).user,
        "contributor elsewhere": MembershipFactory(organisation=committee.epci).user,
        "coordinator": committee.coordinator,
        "member": committee.epci_member,
        "adviser": SeatFactory(organisation=committee.caf, adviser=True).user,
    }  # fmt: skip


def leaks(text: str) -> list[str]:
    text = bare(text)
    return [secret for secret in SECRETS if secret in text]


ROUNDED = {"threshold": None, "base": 1000}


@pytest.mark.parametrize(
    ("rule", "state", "within"),
    [({}, "open", EVERYWHERE), ({}, "closed", FIGURES), (ROUNDED, "open", FIGURES),
     (ROUNDED, "reopened", FIGURES)],
)  # fmt: skip
def test_no_page_tells_what_is_protected(client, rule, state, within):
    story = Story(**rule)
    coordinator = story.committee.coordinator
    if state != "open":
        campaign = close_campaign(story.years[1], by=coordinator).campaign
    if state == "reopened":
        reopen_campaign(campaign, reason="Une erreur.", by=coordinator)
    slug = story.committee.convention.slug
    for who, user in others(story).items():
        client.force_login(user)
        pages = reachable(client, f"/conventions/{slug}/", within)
        assert f"/conventions/{slug}/evaluations/2023/" in pages
        assert any(PUBLIC in bare(text) for text in pages.values())
        for address in {*addresses(story)} - {*pages}:
            response = client.get(address)
            if response.status_code == 200:
                pages[address] = response.content.decode()
        told = {address: found for address, text in pages.items() if (found := leaks(text))}
        # What is returned is written to the coordinator too, of figures that no rule protects.
        if user == coordinator:
            told.pop(f"/conventions/{slug}/evaluations/2022/saisie/{story.returned_entry}/", None)
        assert not told, who


def test_who_provides_it_reads_all_of_it(client):
    """Else the test above would find nothing whatever happened."""
    story = Story()
    client.force_login(story.colleague)
    texts = reachable(client, f"/conventions/{story.committee.convention.slug}/").values()
    found = {secret for text in texts for secret in leaks(text)}
    assert found == set(SECRETS)


# The document, and what is agreed to --------------------------------------------------------------


@pytest.mark.parametrize("rule", [{}, ROUNDED])
def test_no_document_tells_what_is_protected(rule):
    """The PDF is drawn from this HTML and nothing else; the digest, from this content."""
    story = Story(**rule)
    convention = Convention.objects.get(pk=story.committee.convention.pk)
    for campaign in story.years:
        content = read_report(convention, campaign)
        html = write(content, timezone.localdate())
        assert PUBLIC in bare(html)
        assert leaks(html) == []
        assert leaks(json.dumps(asdict(content), default=str)) == []
        drawn = draw(html, content, timezone.now())
        with pikepdf.open(io.BytesIO(drawn.content)) as document:
            told = [str(document.docinfo), str(document.open_metadata())]
            told += [str(item) for item in document.open_outline().root]
        assert leaks(" ".join(told)) == []


def proposing(committee, **values):
    return proposed_indicator(committee, is_confidential=True, **values)


@pytest.mark.parametrize("baseline", [1, 4, Decimal("4.5")])
def test_a_baseline_that_would_be_masked_is_not_proposed(committee, baseline):
    committee.caf.masking_threshold = 5
    committee.caf.save()
    with pytest.raises(Refused, match="masqués"):
        proposing(committee, baseline_value=Decimal(baseline))


@pytest.mark.parametrize("baseline", [0, 5, 400, None])
def test_another_is(committee, baseline):
    committee.caf.masking_threshold = 5
    committee.caf.save()
    assert proposing(committee, baseline_value=baseline and Decimal(baseline)).is_proposed


def test_a_baseline_is_rounded_as_its_figures_are(committee):
    committee.caf.rounding_base = 5
    committee.caf.save()
    assert proposing(committee, baseline_value=Decimal(405)).is_proposed
    with pytest.raises(Refused, match="Arrondissez"):
        proposing(committee, baseline_value=Decimal(404))
    assert proposed_indicator(committee, baseline_value=Decimal(404)).is_proposed


def test_the_form_tells_it_beside_the_baseline(client, committee):
    committee.caf.masking_threshold = 5
    committee.caf.save()
    client.force_login(committee.coordinator)
    sent = typed(committee, baseline_value="3", is_confidential="on")
    url = f"/conventions/{committee.convention.slug}/indicateurs/nouveau/"
    response = client.post(url, sent | {"action": PROPOSE})
    assert response.status_code == 200
    assert "masqués" in response.context["form"].errors["baseline_value"][0]
    assert client.post(url, sent).status_code == 302  # a draft, which nobody else reads


def method_told(committee, campaign) -> str:
    campaign = Campaign.objects.get(pk=campaign.pk)
    return " ".join(read_report(committee.convention, campaign).method)


def test_what_a_year_masked_when_it_closed_stays_masked(committee):
    """Another rule holds for the years that are open; closing again takes the rule of then."""
    caf, by = committee.caf, committee.coordinator
    Organisation.objects.filter(pk=caf.pk).update(masking_threshold=5)
    indicator = indicator_in_force(committee, is_confidential=True, baseline_value=None)
    closing, still_open = (campaign_of(committee, year, [indicator]) for year in (2022, 2023))
    for campaign in (closing, still_open):
        value_of(campaign, indicator, 3)
    close_campaign(closing, by=by)
    Organisation.objects.filter(pk=caf.pk).update(masking_threshold=None)

    def words():
        [series] = read_series(committee.convention, [indicator])
        return [cell.figure.words for cell in series.collected]

    assert words() == ["secret", "3"]
    told = method_told(committee, closing)
    assert "de 1 à 4, ils sont masqués" in told
    assert "masqués" not in method_told(committee, still_open)
    Organisation.objects.filter(pk=caf.pk).update(rounding_base=5)
    assert words() == ["secret", "5"]
    campaign = reopen_campaign(closing, reason="Une erreur.", by=by)
    assert words() == ["5", "5"]
    close_campaign(campaign, by=by)
    Organisation.objects.filter(pk=caf.pk).update(rounding_base=None)
    assert words() == ["5", "3"]
