"""Marked figures and words that their providers alone may read, given in every way there is.

The Caf masks counts below a million, the MSA rounds them, here to ten thousand (``COARSE``); both
have given, drafted, corrected, explained, been returned and attached. ``leaks`` finds what of it a
text tells.
"""

import html
import re
from dataclasses import dataclass
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import F, Q

from conventions.models import Organisation
from documents.models import StoredFile, store
from indicators.collection.events import close_campaign, reopen_campaign
from indicators.figures.values import SHOWN
from indicators.models import Release, Value, ValueTransition, ValueVerb
from indicators.values import events, giving
from indicators.values.figure import Figure
from tests.agreements.factories import Committee, SeatFactory, committee_of
from tests.committee.scene import PDF
from tests.factories import MembershipFactory, OrganisationFactory
from tests.indicators.factories import (
    campaign_of,
    communes,
    indicator_in_force,
    later,
    table_of,
)
from tests.indicators.values.entering import entry_url

# To what figures of the story are rounded: five would say nearly everything of such large ones.
COARSE = "indicators.disclosure.stored.ROUNDING_BASE", 10_000
COUNTS = {734219, 612345, 698218, 91357, 44493, 45507, 55017, 61283, 555444, 31415}
# What everybody reads: an open figure,
PUBLIC = 64128
# and as which the rounded ones are published.
PUBLISHED = {40_000, 50_000, 60_000, 120_000}
WORDS = {f"Canari{place}" for place in ("Commentaire", "Motif", "Source", "Piece", "Retour",
                                        "Corrige", "Brouillon")}  # fmt: skip
# What raw figures come to: moves from year to year, shares, the way gone from 10 000 to 110 000.
COMPUTED = {"−12%", "+20%", "−2,2%", "+24%", "31,42%", "49,64%", "36% du", "34% du", "45% du"}


def bare(text: str) -> str:
    """Without tokens, marks and digests, which chance writes; with plain spaces, none before
    « % »."""
    text = re.sub(r'"typed-by" value="[^"]*"', "", text)
    text = re.sub(r"\b\w{32,}\b", "", html.unescape(text))
    return re.sub(r"\s+%", "%", re.sub(r"[\u00a0\u202f]", " ", text))


NUMBER = re.compile(r"(?<![\d.])\d{1,3}(?: \d{3})+(?!\d)|(?<![\d.])\d{4,}(?:\.0+\b)?")


def numbers_in(text: str) -> set[int]:
    return {int(found.partition(".")[0].replace(" ", "")) for found in NUMBER.findall(text)}


def neighbours(count: int) -> set[int]:
    """It, and what it is when somebody rounds it by themselves: 734 000 tells a masked count."""
    return {round(count, -places) for places in range(len(str(count)) - 1)} - PUBLISHED


TELLING = {near for count in COUNTS for near in neighbours(count)}


def leaks(text: str) -> set:
    """What of the marked a text tells: words, counts, near counts, counts by difference."""
    text = bare(text)
    marks = {mark for mark in WORDS | COMPUTED if mark in text}
    joined = re.sub(r"(?<=\d) (?=\d)", "", text)
    marks |= {count for count in COUNTS if str(count) in joined}
    numbers = numbers_in(text)
    marks |= numbers & TELLING
    large = {number for number in numbers if number >= 10_000}
    return marks | {count for count in COUNTS if any(one + count in large for one in large)}


@dataclass
class Provider:
    """An organisation with a rule, who enters there, and its three marked indicators."""

    organisation: Organisation
    agent: object
    colleague: object
    secret: object
    ratio: object
    absent: object


@dataclass
class Story:
    """``returned``: the page of a figure that was returned, of which no rule holds."""

    committee: Committee
    caf: Provider
    msa: Provider
    years: list
    returned: str

    @property
    def slug(self) -> str:
        return self.committee.convention.slug


def marked_story() -> Story:
    """Three years: one reopened, one closed and then corrected, one open."""
    committee = committee_of()
    convention = committee.convention
    msa = OrganisationFactory(
        convention=convention, acronym="MSA", name="MSA d’Exemple", kind="msa"
    )
    Organisation.objects.filter(pk=committee.caf.pk).update(masking_threshold=1_000_000)
    Organisation.objects.filter(pk=msa.pk).update(rounding_base=5)
    caf, msa = (
        _provider(committee, Organisation.objects.get(pk=pk)) for pk in (committee.caf.pk, msa.pk)
    )
    plain, draft = (
        indicator_in_force(committee, title=title, baseline_value=None)
        for title in ("Ouvert", "Brouillon")
    )
    indicators = [plain, draft, caf.secret, msa.secret, msa.absent]
    years = [campaign_of(committee, year, indicators) for year in (2021, 2022)]
    tables = _tables(committee, caf)
    years.append(
        campaign_of(committee, 2023, [*indicators, caf.ratio, msa.ratio, caf.absent, *tables])
    )
    reopened, closed, last = years

    for campaign in years:
        give(campaign, plain, caf.agent, number=PUBLIC, comment="Dit.", source="Bilan")
    for provider, counts in [(caf, (698218, 612345, 734219)), (msa, (45507, 44493, 55017))]:
        for campaign, count in zip(years, counts, strict=True):
            value = give(
                campaign, provider.secret, provider.agent, number=count,
                comment=f"CanariCommentaire : exactement {count}", source=f"CanariSource {count}",
            )  # fmt: skip
        giving.verify_value(value, by=provider.colleague)
        events.attach_evidence(value, piece(provider.agent), by=provider.agent)
        give(
            last,
            provider.absent,
            provider.agent,
            absence="not_available",
            reason="CanariMotif : 31415",
        )
    _fill_tables(committee, last, *tables)
    give(last, caf.ratio, caf.agent, numerator=91357, denominator=290797)
    give(last, msa.ratio, msa.agent, numerator=61283, denominator=123456)
    save(last, draft, caf.agent, number=555444, comment="CanariBrouillon")
    for provider, indicator in ((caf, draft), (msa, msa.absent)):
        value = give(closed, indicator, provider.agent, number=31415, comment="CanariRetour")
        giving.return_value(value, reason="CanariRetour 31415", by=provider.colleague)

    for campaign in (reopened, closed):
        close_campaign(campaign, by=committee.coordinator)
    for provider, count in ((caf, 612345), (msa, 44493)):
        entry = closed.campaign_indicators.get(indicator=provider.secret)
        for corrected in (count + 1, count):
            figure = Figure(number=Decimal(corrected), comment=f"CanariCommentaire {count}")
            why = f"CanariCorrige : {count}"
            events.correct_value(entry, figure, reason=why, by=provider.agent)
    reopen_campaign(reopened, due_on=later(), reason="Une erreur.", by=committee.coordinator)
    returned = closed.campaign_indicators.get(indicator=draft)
    return Story(committee, caf, msa, years, entry_url(closed, f"{returned.pk}/"))


def _tables(committee: Committee, provider: Provider) -> list:
    """An indicator by commune that is protected, and one that is not."""
    communes(committee, "Alpha", "Bêta", "Gamma")
    asked = {"provider": provider.organisation, "grain": "commune", "baseline_value": None}
    contents = [("Gardé", {"is_confidential": True, "unit": "foyers"}), ("Ouvert", {})]
    return [
        indicator_in_force(committee, title=f"{title} par commune", **asked, **more)
        for title, more in contents
    ]


def _fill_tables(committee: Committee, campaign, secret, plain) -> None:
    """Give them their figures, one of which a public statistic had filled."""
    places = list(committee.convention.communes.all())
    texts = {"comment": "CanariCommentaire", "source": "CanariSource"}
    counts = dict(zip(places, (734219, 612345, 5_000_000), strict=True))
    table_of(campaign, secret, counts, **texts)
    [value, *_] = table_of(campaign, plain, dict.fromkeys(places, PUBLIC))
    release = Release.objects.create(
        source="cnaf_allocataires", year=campaign.year, convention=committee.convention,
        file="s_ben_com_f.csv", sha256="0" * 64,
    )  # fmt: skip
    value.transitions.create(
        verb=ValueVerb.TAKEN_UP, to_state="submitted", release=release, number=PUBLIC
    )


def _provider(committee: Committee, organisation: Organisation) -> Provider:
    agent, colleague = (MembershipFactory(organisation=organisation).user for _ in range(2))
    kind = {"provider": organisation, "is_confidential": True, "baseline_value": None}
    way = {}
    if organisation.rounding_base:
        way = {"baseline_value": Decimal(10_000),
               "targets": [{"year": None, "value": Decimal(110_000)}]}  # fmt: skip
    share = {"unit": "%", "calculation": "ratio", "numerator": "haut", "denominator": "bas",
             "factor": 100, "decimals": 2}  # fmt: skip
    name = organisation.acronym
    return Provider(
        organisation, agent, colleague,
        indicator_in_force(
            committee, title=f"Gardé {name}", variation_alert=1, **kind | {"unit": "foyers"} | way
        ),
        indicator_in_force(committee, title=f"Rapport {name}", **kind | share),
        indicator_in_force(committee, title=f"Absent {name}", **kind),
    )  # fmt: skip


def piece(by) -> StoredFile:
    return store(SimpleUploadedFile("CanariPiece.pdf", PDF), by=by)


def save(campaign, indicator, by, **figure) -> Value:
    entry = campaign.campaign_indicators.get(indicator=indicator)
    figure = {n: Decimal(told) if isinstance(told, int) else told for n, told in figure.items()}
    return events.save_value(entry, Figure(**figure), by=by)


def give(campaign, indicator, by, **figure) -> Value:
    value = save(campaign, indicator, by, **figure)
    [sent] = giving.submit_values([value.campaign_indicator], by=by).sent
    return sent


def told_otherwise(story: Story) -> None:
    """Make all that is protected something else, of which everybody is shown the same."""
    protected = {"campaign_indicator__version__text__contains": '"is_confidential":true'}
    hidden = Value.objects.filter(**protected) | Value.objects.exclude(state__in=SHOWN)
    hidden.filter(number__isnull=False).update(number=F("number") + 321)
    hidden.filter(numerator__isnull=False).update(
        numerator=F("numerator") + 321, denominator=F("denominator") + 321
    )
    hidden.update(source="Autre source")
    hidden.exclude(comment="").update(comment="Autre chose")
    hidden.exclude(reason="").update(reason="Pour autre chose")
    acts = ValueTransition.objects.filter(value__in=hidden).exclude(reason="")
    # The coordinator reads why a figure was returned that no rule protects.
    open_return = Q(
        verb=ValueVerb.RETURNED, value__campaign_indicator__indicator__title="Brouillon"
    )
    acts.exclude(open_return).update(reason="Pour autre chose", number=F("number") + 321)
    StoredFile._base_manager.update(name="autre.pdf")


def others(story: Story) -> dict[str, object]:
    """Those who may read none of it."""
    committee = story.committee
    access = {"organisation": committee.caf}
    return {
        "reader of the same organisation": MembershipFactory(**access, reader=True).user,
        "suspended contributor": MembershipFactory(**access, suspended=True).user,
        "contributor elsewhere": MembershipFactory(organisation=committee.epci).user,
        "coordinator": committee.coordinator,
        "member": committee.epci_member,
        "adviser": SeatFactory(**access, adviser=True).user,
    }
