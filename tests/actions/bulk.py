"""Hundreds of action sheets with their follow-up, written in bulk: for limits and the bench."""

import datetime
from decimal import Decimal

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from actions.models import Action, FollowUp, Funding, Lead, Means, Milestone
from actions.plan.events import canonical_content
from agreements.models import Version, VersionTransition
from conventions.models import Convention, Organisation, Theme

NAMES = [
    "Ouvrir un lieu d’accueil enfants-parents",
    "Former les assistantes maternelles",
    "Tenir une permanence d’accès aux droits",
    "Réunir les structures jeunesse",
    "Mettre en place des ateliers numériques",
    "Coordonner les relais petite enfance",
]
STATES = ["in_progress", "done", "to_come", "in_progress", "paused", "done"]
TEXT = """Un lieu **itinérant** est proposé aux familles des communes éloignées :

- deux matinées par semaine, sans inscription ;
- une soirée par trimestre avec les partenaires.

Les équipes se forment ensemble, et rendent compte chaque année au comité de pilotage."""
NOTE = """Les deux matinées se tiennent depuis septembre dans onze communes. Deux cents familles
sont venues au moins une fois, dont une moitié hors de la ville-centre."""
YEARS = range(2021, 2024)
LINE = ["funder", "year", "nature", "scheme", "planned"]


def many_actions(convention: Convention, number: int) -> list[Action]:
    """``number`` actions in force over the themes of the convention, each with two leads, three
    milestones, six lines of funding, two notes; in every state, one in six paused."""
    themes = list(Theme.objects.filter(axis__convention=convention).select_related("axis"))
    bodies = list(Organisation.objects.filter(convention=convention).order_by("pk"))
    actions = Action.objects.bulk_create(_action(convention, n, themes) for n in range(number))
    agreed_long_ago(actions, bodies[:2])
    for rows in (
        [Lead(action=a, organisation=body, name=f"Nadia Lefèvre {n}", capacity="Conseillère")
         for n, a in enumerate(actions) for body in bodies[:2]],
        [Means(action=a, organisation=bodies[0], fte=Decimal("0.5")) for a in actions],
        [_milestone(a, year, n) for n, a in enumerate(actions) for year in YEARS],
        [_funding(a, year, body) for a in actions for year in YEARS for body in bodies[:2]],
        [FollowUp(action=a, year=year, text=NOTE, brakes="Le recrutement est difficile.")
         for a in actions for year in YEARS[:2]],
    ):  # fmt: skip
        type(rows[0]).objects.bulk_create(rows)
    return actions


def agreed_long_ago(actions: list[Action], bodies: list[Organisation]) -> None:
    """Give each action a version in force since January 2021, led by these organisations."""
    versions = Version.objects.bulk_create(_version(action, bodies) for action in actions)
    VersionTransition.objects.bulk_create(
        VersionTransition(
            version=version, verb="agreed", from_state="proposed", to_state="in_force",
            created_at=datetime.datetime(2021, 1, 4, 10, tzinfo=datetime.UTC),
        )
        for version in versions
    )  # fmt: skip


def _action(convention: Convention, n: int, themes: list[Theme]) -> Action:
    theme, state = themes[n % len(themes)], STATES[n % len(STATES)]
    rank = n // len(themes) + 1
    return Action(
        convention=convention,
        theme=theme,
        rank=rank,
        number=f"{theme.number or theme.axis.number}.{rank}-{theme.pk}",
        title=f"{NAMES[n % len(NAMES)]} ({n + 1})",
        diagnosis="Un quart des familles vit à plus de vingt minutes d’un accueil.",
        description=TEXT,
        audience="Enfants de moins de six ans et leurs parents",
        expected_results="Deux cents familles accueillies chaque année.",
        starts_on=datetime.date(2021, 1, 4),
        ends_on=datetime.date(2024, 12, 31),
        state=state,
        state_on=datetime.date(2023, 3, 1),
        state_reason="Le poste est vacant depuis le printemps." if state == "paused" else "",
    )


def _version(action: Action, bodies: list[Organisation]) -> Version:
    content = canonical_content({
        "title": action.title,
        "theme": action.theme,
        "starts_on": action.starts_on,
        "ends_on": action.ends_on,
        "leads": [{"organisation": body} for body in bodies],
        "fundings": [
            {name: getattr(line, name) for name in LINE}
            for line in (_funding(action, year, body) for year in YEARS for body in bodies)
        ],
    })  # fmt: skip
    version = Version(
        convention=action.convention,
        content_type=ContentType.objects.get_for_model(Action),
        object_id=action.pk,
        kind="action",
        schema=1,
        title=action.title,
        origin="committee",
    )
    version.write(content)
    version.state, version.number = "in_force", 1
    version.proposed_at = version.in_force_at = timezone.now()
    return version


def _milestone(action: Action, year: int, n: int) -> Milestone:
    due = datetime.date(year, 6, 30)
    done = due if (year + n) % 3 else None
    return Milestone(action=action, title=f"Bilan avec les communes {year}", due_on=due,
                     done_on=done)  # fmt: skip


def _funding(action: Action, year: int, funder: Organisation) -> Funding:
    return Funding(
        action=action, funder=funder, year=year, nature="operating", scheme="Bonus territoire",
        planned=Decimal(12000), granted=Decimal(11500), spent=Decimal("10870.50"),
    )  # fmt: skip
