"""The message that tells one person everything new in one convention, text and HTML."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from accounts.models import MailRhythm, User
from committee.models import News
from committee.news import Item, Newsroom
from committee.summaries import Told, summary_of
from committee.wordings import subject_of
from conventions.mail import send
from ctg_portal.typography import polish


@dataclass(frozen=True)
class Asked:
    """What awaits the answer of one organisation, and in which capacity the person gives it."""

    organisation: str
    capacity: str
    points: list[Told]


@dataclass(frozen=True)
class Door:
    """A link to the very page, and what its button says."""

    url: str
    label: str


def send_letter(user: User, newsroom: Newsroom, told: list[Item], recalled: list[Item]) -> None:
    """Queue the message. ``recalled``: known already, and told again for the whole picture."""
    items = [*told, *recalled]
    awaiting = [item for item in items if item.kind in (News.AWAITED, News.DUE)]
    send(
        "committee/mail/news",
        to=[user.email],
        subject=subject_of(items, newsroom.convention),
        context={
            "convention": newsroom.convention,
            "dossiers": [item.about for item in items if item.kind == News.DOSSIER],
            "asked": _asked(awaiting, recalled, newsroom),
            "door": _door(user, awaiting, newsroom) if awaiting else None,
            "urgent": _others(News.urgent(), items, recalled, newsroom),
            "others": _others(CALM, items, recalled, newsroom),
            "is_weekly": user.mail_rhythm == MailRhythm.WEEKLY,
            "profile_url": settings.SITE_URL + reverse("profile"),
        },
    )


CALM = [News.CHANGE, News.RETRACTED, News.COMPLETE]


def _others(kinds: list[str], items: list[Item], recalled: list[Item], newsroom: Newsroom) -> list:
    """What is to be known, not answered: (what is said of it, link) pairs."""
    return [
        (summary_of(item, newsroom, item in recalled), _door_to(item, newsroom))
        for kind in kinds
        for item in items
        if item.kind == kind
    ]


def _asked(awaiting: list[Item], recalled: list[Item], newsroom: Newsroom) -> list[Asked]:
    """The points by organisation, the new ones first."""
    by_voice: dict[tuple, list[Told]] = {}
    for item in awaiting:
        key = polish(item.voice.organisation.of_the), item.voice.capacity
        by_voice.setdefault(key, []).append(summary_of(item, newsroom, item in recalled))
    return [Asked(*key, points) for key, points in by_voice.items()]


def _door(user: User, awaiting: list[Item], newsroom: Newsroom) -> Door:
    """Where one answers: the dossier that holds all, the only point, else the list of points."""
    slug = newsroom.convention.slug
    pks = {item.point.version.pk for item in awaiting}
    for dossier, held in newsroom.dossiers.items():
        if pks <= held:
            path, label = reverse("committee:dossier", args=[slug, dossier.pk]), "le dossier"
            break
    else:
        if len(pks) == 1:
            path, label = reverse("committee:point", args=[slug, *pks]), "ce point"
        else:
            path, label = reverse("committee:points", args=[slug]), "les points"
    organisations = {item.voice.organisation for item in awaiting}
    if len(organisations) == 1 and newsroom.speaks_for_several(user):
        # Who answers for several organisations comes to the one that is asked.
        path += f"?pour={organisations.pop().pk}"
    return Door(settings.SITE_URL + path, f"Lire {label} et répondre")


def _door_to(item: Item, newsroom: Newsroom) -> Door:
    slug = newsroom.convention.slug
    if item.kind == News.COMPLETE:
        path = reverse("committee:dossier", args=[slug, item.about.pk])
        return Door(settings.SITE_URL + path, "Voir le dossier")
    path = reverse("committee:point", args=[slug, item.point.version.pk])
    return Door(settings.SITE_URL + path, "Voir ce point")
