"""A release of a public statistic is loaded, put in use, set aside. Nothing it holds ever changes.

``by`` is a user, or None for whoever hosts the portal.
"""

import hashlib
from pathlib import PurePosixPath

from accounts.models import User
from conventions.access.rights import coordinating
from conventions.models import Convention
from ctg_portal.marks.events import event, share_changed
from ctg_portal.marks.models import STATISTICS
from ctg_portal.rules import Refusal, Refused, enforce
from ctg_portal.transitions import move
from indicators.figures.campaigns import Campaign
from indicators.figures.releases import PublicFigure, Release, ReleaseVerb
from indicators.statistics import rights
from indicators.statistics.filling import AROUND, Territory, fill
from indicators.statistics.reading import everywhere, read
from indicators.statistics.source import Source
from spreadsheets.reading.refusals import Unreadable

LOADED_ALREADY = Refusal(
    "Ce fichier est déjà chargé pour cette année : aucune édition n’est ajoutée."
)
NOTHING_OF_TERRITORY = Refusal(
    "Ce fichier n’a aucun chiffre des communes de la convention, ni de son intercommunalité."
)
REASON_MISSING = Refusal(
    "Dites pourquoi cette édition est écartée : ce motif reste dans l’histoire."
)
BATCH = 5_000


@event()
def load_release(
    source: Source, year: int, *, name: str, content: bytes, by: User | None,
    convention: Convention | None = None, was_fetched: bool = False, is_fictional: bool = False,
) -> Release:  # fmt: skip
    """Keep what a publisher's file gives for a year, as a release beside those that are there.

    The first of a year is in use at once; another one waits until it has been compared. Of a
    convention, its own communes are kept, and what surrounds them; of the portal, all.
    Raises Refused for a file that is not as its source says, or that is there already.
    """
    enforce(rights.may_load(by, convention))
    territory = Territory.of(convention, year) if convention is not None else None
    try:
        reading = read(source, year, content, territory.is_told_of if territory else everywhere)
    except Unreadable as error:
        raise Refused(Refusal(str(error))) from error
    figures = reading.figures
    if territory and not any(one.place_kind not in AROUND for one in figures):
        raise Refused(NOTHING_OF_TERRITORY)
    digest = hashlib.sha256(content).hexdigest()
    before = list(Release.objects.of(source.key, year, convention).select_for_update())
    if any(one.sha256 == digest for one in before):
        raise Refused(LOADED_ALREADY)
    share_changed(STATISTICS)
    release = Release(
        source=source.key, year=year, convention=convention, number=len(before) + 1,
        file=PurePosixPath(name.replace("\\", "/")).name[:200], sha256=digest,
        count=len(figures), unplaced=reading.unplaced, was_fetched=was_fetched,
        is_fictional=is_fictional,
    )  # fmt: skip
    move(release, ReleaseVerb.LOADED, **coordinating(by))
    PublicFigure.objects.bulk_create(
        (
            PublicFigure(
                release=release, place_kind=one.place_kind, place=one.place, measure=one.measure,
                number=one.number,
            )
            for one in figures
        ),
        batch_size=BATCH,
    )  # fmt: skip
    is_first = not any(one.is_counting for one in before)
    return adopt_release(release, by=by) if is_first else release


@event()
def adopt_release(release: Release, *, by: User | None) -> Release:
    """Have a release count, in place of the one before. Collections of its year that are open take
    what nobody has given, and what they had taken of the other and nobody has confirmed."""
    share_changed(STATISTICS)
    release = _locked(release)
    enforce(rights.may_decide(by, release))
    before = Release.objects.of(release.source, release.year, release.convention).counting()
    for one in before.select_for_update():
        move(one, ReleaseVerb.REPLACED, **coordinating(by))
    move(release, ReleaseVerb.ADOPTED, **coordinating(by))
    open_ones = Campaign.objects.for_year(release.year).open().order_by("pk")
    if release.convention_id:
        open_ones = open_ones.of(release.convention)
    for campaign in open_ones:
        fill(campaign)
    return release


@event()
def set_release_aside(release: Release, *, reason: str, by: User) -> Release:
    """Leave a release out, for a reason that is kept."""
    share_changed(STATISTICS)
    release = _locked(release)
    enforce(rights.may_decide(by, release))
    if not reason.strip():
        raise Refused(REASON_MISSING)
    move(release, ReleaseVerb.SET_ASIDE, **coordinating(by), reason=reason)
    return release


def _locked(release: Release) -> Release:
    rows = Release.objects.select_related("convention")
    return rows.select_for_update(of=("self",)).get(pk=release.pk)
