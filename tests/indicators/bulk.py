"""Hundreds of indicators with their figures, written in bulk: for limits and the bench."""

import datetime
from decimal import Decimal

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from actions.follow_up.parts import STATE
from actions.models import FollowUp, JournalEntry
from agreements.commitments import canonical
from agreements.models import Version
from conventions.models import Convention, Organisation, Theme
from evaluation.models import Narrative
from indicators.definitions.events import canonical_content
from indicators.models import Campaign, CampaignIndicator, Indicator, Value
from tests.actions.bulk import many_actions

NAMES = ["Places agréées en établissement d’accueil", "Enfants accueillis en relais petite enfance",
         "Familles suivies par un lieu d’accueil enfants-parents", "Ateliers tenus dans l’année",
         "Jeunes accompagnés dans un projet", "Permanences d’accès aux droits"]  # fmt: skip
TEXT = """Les équipes ont tenu **quarante-deux ateliers** dans onze établissements.

- deux communes demeurent loin d’un accueil
- une permanence a ouvert en mars"""


def many_indicators(convention: Convention, number: int, years, *, title="", **values) -> Campaign:
    """``number`` indicators over the themes of the convention, collected in each of ``years``, with
    figures that go up and down, some missing, some secret; returns the last campaign.

    ``title`` stands for plain names; ``values`` are further fields of their content.
    """
    themes = list(Theme.objects.filter(axis__convention=convention).select_related("axis"))
    providers = list(Organisation.objects.filter(convention=convention).order_by("pk"))[:3]
    contents = [
        canonical_content(_values(n, title, themes, providers, years) | values)
        for n in range(number)
    ]
    indicators = Indicator.objects.bulk_create(
        Indicator(
            convention=convention, theme_id=content["theme"]["id"], rank=n, title=content["title"],
            provider_id=content["provider"]["id"], unit=content["unit"],
        )
        for n, content in enumerate(contents)
    )  # fmt: skip
    versions = Version.objects.bulk_create(map(_version, indicators, contents))
    last = None
    for year in years:
        last = _campaign(convention, year, year == years[-1])
        entries = CampaignIndicator.objects.bulk_create(
            CampaignIndicator(
                campaign=last, indicator=indicator, version=version, due_on=last.due_on,
                provider_id=indicator.provider_id, enterer_id=indicator.provider_id,
            )
            for indicator, version in zip(indicators, versions, strict=True)
        )  # fmt: skip
        values_of_year = (_value(entry, n, year) for n, entry in enumerate(entries))
        Value.objects.bulk_create(value for value in values_of_year if value)
    if years:
        Narrative.objects.bulk_create(
            Narrative(theme=theme, year=years[-1], text=TEXT) for theme in themes
        )
    return last


def _values(n: int, title: str, themes, providers, years) -> dict:
    return {
        "title": title or f"{NAMES[n % len(NAMES)]} ({n + 1})",
        "theme": themes[n % len(themes)],
        "provider": providers[n % len(providers)],
        "definition": "Nombre compté au 31 décembre, sur tout le territoire de la convention.",
        "unit": "places",
        "baseline_value": Decimal(400 + n),
        "baseline_year": years[0] - 1 if years else 2019,
        "targets": [{"year": None, "value": Decimal(500 + n)}],
        "limits": "Les places ouvertes en cours d’année comptent pour une année pleine.",
    }


def _version(indicator: Indicator, content: dict) -> Version:
    version = Version(
        convention=indicator.convention,
        content_type=ContentType.objects.get_for_model(Indicator),
        object_id=indicator.pk,
        kind="indicator",
        schema=1,
        title=content["title"],
        origin="committee",
    )
    version.write(content)
    version.state, version.number, version.in_force_at = "in_force", 1, timezone.now()
    version.proposed_at = timezone.now()
    return version


def _campaign(convention: Convention, year: int, is_open: bool) -> Campaign:
    now = timezone.now()
    return Campaign.objects.create(
        convention=convention, year=year, state="open" if is_open else "closed",
        due_on=datetime.date(year + 1, 6, 15), opened_at=now, closed_at=None if is_open else now,
    )  # fmt: skip


def _value(entry: CampaignIndicator, n: int, year: int) -> Value | None:
    """A figure; of one in eleven none at all, of one in thirteen a stated absence."""
    if (n + year) % 11 == 0:
        return None
    start, end = entry.campaign.observed
    given = {"number": Decimal(400 + n + 12 * (year % 10) * (1 if n % 3 else -1))}
    if (n + year) % 13 == 0:
        given = {"absence": "not_available", "reason": "L’enquête n’a pas eu lieu cette année."}
    now = timezone.now()
    return Value(
        campaign_indicator=entry, observed_from=start, observed_until=end, state="verified",
        submitted_at=now, verified_at=now, provisional="number" in given and n % 7 == 0, **given,
    )  # fmt: skip


def followed_actions(convention: Convention, number: int, year: int) -> None:
    """``number`` actions over the themes of the convention, whose state was told in ``year``, of
    three in four of which its note is written."""
    actions = many_actions(convention, number)
    FollowUp.objects.filter(action__in=actions, year=year).delete()
    FollowUp.objects.bulk_create(
        FollowUp(action=action, year=year, text=TEXT, brakes="Un recrutement est resté vain.",
                 prospects="Tenir une permanence de plus.")
        for n, action in enumerate(actions) if n % 4
    )  # fmt: skip
    JournalEntry.objects.bulk_create(
        JournalEntry(
            action=action,
            part=STATE.key,
            day=datetime.date(year, 3, 1),
            after=canonical.canonical(STATE.read(action)),
        )
        for action in actions
    )
