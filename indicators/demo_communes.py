"""Figures by commune of the demonstration: eight tables of five years. All is invented.

A figure follows the population of its commune, a rate and chance; small ones are secret, as the
Caf's rule has it. They are written as the events would have written them, all at once.
"""

import datetime
import random
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from committee.demo import account
from conventions.models import Commune, Convention, Objective, Organisation, Origin, Theme
from ctg_portal.transitions import move_all
from indicators.definitions.events import canonical_content
from indicators.definitions.models import FINEST
from indicators.demo_figures import CAF, EPCI
from indicators.disclosure.events import refresh_disclosures
from indicators.models import Campaign, CampaignIndicator, Value, ValueVerb
from indicators.values.tables import communes_of, store_table_state

FIRST, OPEN = 2020, 2024
# How far each table of the year that is open is, and of how many communes it is given.
GIVEN, PARTIAL, BEGUN, NOTHING = "given", "partial", "begun", ""
LACKING = 6


@dataclass(frozen=True)
class TableStory:
    """An indicator by commune. ``rate``: how many for an inhabitant; ``of``, for a ratio: what it
    is divided by, for an inhabitant, and ``counts``: of which table its numerator is; ``growth``:
    from one year to the next."""

    code: str
    theme: str
    title: str
    unit: str
    definition: str
    provider: str
    rate: float
    of: float | None = None
    growth: float = 1.0
    counts: str = ""
    numerator: str = ""
    denominator: str = ""
    is_confidential: bool = True
    why_open: str = ""
    now: str = NOTHING

    @property
    def is_ratio(self) -> bool:
        return self.of is not None


STORIES = [
    TableStory("COM-01", "1.1", "Foyers allocataires, Caf et MSA", "foyers",
               "Foyers qui ont reçu une prestation familiale ou sociale de la Caf ou de la MSA en "
               "décembre, par commune de résidence.", CAF, 0.21, growth=1.01, now=GIVEN),
    TableStory("COM-02", "4.1", "Familles allocataires avec un enfant de moins de 3 ans",
               "familles", "Familles allocataires en décembre, dont un enfant au moins a moins de "
               "trois ans.", CAF, 0.022, growth=0.98, now=GIVEN),
    TableStory("COM-03", "4.4", "Familles monoparentales allocataires", "familles",
               "Familles allocataires d’un seul parent en décembre.", CAF, 0.034, growth=1.02,
               now=GIVEN),
    TableStory("COM-04", "1.1", "Foyers bénéficiaires de l’AAH", "foyers",
               "Foyers qui ont un droit versable à l’allocation aux adultes handicapés en "
               "décembre.",
               CAF, 0.03, growth=0.97, now=PARTIAL),
    TableStory("COM-05", "4.4", "Part des familles monoparentales", "%",
               "Familles monoparentales parmi les familles allocataires avec enfants.", CAF,
               0.034, of=0.105, growth=1.02, counts="COM-03",
               numerator="Familles monoparentales allocataires",
               denominator="Familles allocataires avec enfants", now=BEGUN),
    TableStory("COM-06", "4.1", "Places agréées d’accueil collectif", "places",
               "Places agréées au 31 décembre dans les établissements d’accueil du jeune enfant "
               "de la commune.", EPCI, 0.004, growth=1.03, is_confidential=False, now=GIVEN),
    TableStory("COM-07", "4.1", "Assistants maternels en activité", "assistants maternels",
               "Assistants maternels agréés qui ont gardé un enfant en décembre.", CAF, 0.005,
               growth=0.95),
    TableStory("COM-08", "4.2", "Enfants inscrits en accueil de loisirs", "enfants",
               "Enfants de 3 à 11 ans inscrits au moins un jour dans l’année.", EPCI, 0.04,
               growth=1.02, is_confidential=False, now=PARTIAL,
               why_open="Chaque commune publie ses inscriptions."),
]  # fmt: skip


def contents(convention: Convention) -> Iterator[dict]:
    """Yield the content of the indicator of each story, to be proposed."""
    for story in STORIES:
        theme = Theme.objects.get(axis__convention=convention, number=story.theme)
        objective = Objective.objects.of(convention).level(1).get(
            origin=Origin.SIGNATURE, theme=theme, rank=1
        )  # fmt: skip
        provider = Organisation.objects.get(convention=convention, acronym=story.provider)
        yield canonical_content(
            {
                "code": story.code,
                "title": story.title,
                "unit": story.unit,
                "definition": story.definition,
                "theme": theme,
                "objectives": [objective],
                "provider": provider,
                "kind": "context",
                "direction": "neutral",
                "grain": "commune",
                "aggregation": "ratio" if story.is_ratio else "sum",
                "calculation": "ratio" if story.is_ratio else "direct",
                "factor": 100 if story.is_ratio else 1,
                "decimals": 1 if story.is_ratio else 0,
                "numerator": story.numerator,
                "denominator": story.denominator,
                "is_confidential": story.is_confidential,
                "not_confidential_reason": story.why_open,
            }
        )


def enter(campaign: Campaign) -> None:
    """Give the tables of a year their figures: all communes in past years; in the open one, as the
    story tells, all, all but six (submitted or only begun), or none."""
    communes = communes_of(campaign)
    for story in STORIES:
        stage = GIVEN if campaign.year < OPEN else story.now
        entry = (
            campaign.campaign_indicators.with_relations().filter(indicator__code=story.code).first()
        )
        if entry is None or stage == NOTHING:
            continue
        of = communes if stage == GIVEN else communes[:-LACKING]
        _write(entry, story, of, is_given=stage != BEGUN)
        store_table_state(entry, [commune.pk for commune in communes])


def disclose_all(convention: Convention) -> None:
    """Disclose what may be of all years; each demonstration masks the same figures."""
    random.seed(0)
    for campaign in Campaign.objects.of(convention):
        refresh_disclosures(campaign)


def _write(
    entry: CampaignIndicator, story: TableStory, communes: Iterable[Commune], *, is_given: bool
) -> None:
    """Create the values of these communes, saved by an agent of the provider; submit them as well
    if ``is_given``."""
    by = account("agent-caf" if story.provider == CAF else "agent-agglo")
    start, end = entry.campaign.observed
    values = [
        Value(
            campaign_indicator=entry, commune=commune, **_figure(story, commune, start),
            observed_from=start, observed_until=end, entered_by=by, entered_by_name=str(by),
        )
        for commune in communes
    ]  # fmt: skip
    capacity = f"pour {entry.enterer.the}"
    move_all(values, ValueVerb.SAVED, by=by, capacity=capacity)
    if is_given:
        now = timezone.now()
        move_all(values, ValueVerb.SUBMITTED, by=by, capacity=capacity, submitted_at=now)


def _figure(story: TableStory, commune: Commune, start: datetime.date) -> dict:
    """Return the fields of a commune's made-up value: ``number`` alone, or for a ratio the
    percentage with its ``numerator`` and ``denominator``. It follows population and year, and is
    the same each time."""
    people = (commune.population or 0) * story.growth ** (start.year - FIRST)
    count = Decimal(
        round(people * story.rate * _chance(story.counts or story.code, commune, start.year))
    )
    if not story.is_ratio:
        return {"number": count}
    whole = max(Decimal(round(people * story.of)), count, Decimal(1))
    number = (count / whole * 100).quantize(FINEST)
    return {"number": number, "numerator": count, "denominator": whole}


def _chance(code: str, commune: Commune, year: int) -> float:
    """Return a factor from 0.8 to 1.2, the same each time: mostly the commune's, a little the
    year's."""
    own = zlib.crc32(f"{code}{commune.insee_code}".encode()) % 1000
    yearly = zlib.crc32(f"{code}{commune.insee_code}{year}".encode()) % 1000
    return 0.8 + 0.3 * own / 1000 + 0.1 * yearly / 1000
