"""Load releases of public statistics, put them in use, set them aside. What a release holds never
changes.

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

IN_USE_ALREADY = Refusal(
    "Ce fichier est déjà en usage pour cette année : aucune édition n’est ajoutée."
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
    """Store a publisher's file for a year as the next release, and return it. The first of a year,
    or after none is in use, is adopted at once; another waits to be compared. The file of a release
    that waits already returns that one, and stores nothing.

    ``convention``: only figures of its communes and of what surrounds them are stored; None: all,
    for the whole portal. Raise Refused if ``by`` may not load, the file does not fit its source,
    has nothing of the territory, or is in use already.
    """
    enforce(rights.may_load(by, convention))
    territory = Territory.of(convention, year) if convention is not None else None
    try:
        reading = read(source, year, content, territory.concerns if territory else everywhere)
    except Unreadable as error:
        raise Refused(Refusal(str(error))) from error
    figures = reading.figures
    if territory and not any(item.place_kind not in AROUND for item in figures):
        raise Refused(NOTHING_OF_TERRITORY)
    digest = hashlib.sha256(content).hexdigest()
    before = list(Release.objects.of(source.key, year, convention).select_for_update())
    alike = [item for item in before if item.sha256 == digest]
    if any(item.is_counting for item in alike):
        raise Refused(IN_USE_ALREADY)
    if waiting := next((item for item in alike if item.is_waiting), None):
        return waiting
    share_changed(STATISTICS)
    release = Release(
        source=source.key, year=year, convention=convention, number=len(before) + 1,
        file=PurePosixPath(name.replace("\\", "/")).name[:200], sha256=digest,
        count=len(figures), unplaced=reading.unplaced, was_fetched=was_fetched,
        is_fictional=is_fictional, rounding_base=source.rounding_base,
    )  # fmt: skip
    move(release, ReleaseVerb.LOADED, **coordinating(by))
    PublicFigure.objects.bulk_create(
        (
            PublicFigure(
                release=release, place_kind=item.place_kind, place=item.place, measure=item.measure,
                number=item.number,
            )
            for item in figures
        ),
        batch_size=BATCH,
    )  # fmt: skip
    is_first = not any(item.is_counting for item in before)
    return adopt_release(release, by=by) if is_first else release


@event()
def adopt_release(release: Release, *, by: User | None) -> Release:
    """Put a waiting release in use instead of the one before, and return it. Then fill the open
    campaigns of its year: figures that nobody gave, and those taken of the other release and not
    confirmed. Raise Refused (``rights.may_decide``)."""
    share_changed(STATISTICS)
    release = _lock(release)
    enforce(rights.may_decide(by, release))
    before = Release.objects.of(release.source, release.year, release.convention).counting()
    for former in before.select_for_update():
        move(former, ReleaseVerb.REPLACED, **coordinating(by))
    move(release, ReleaseVerb.ADOPTED, **coordinating(by))
    open_ones = Campaign.objects.for_year(release.year).open().order_by("pk")
    if release.convention_id:
        open_ones = open_ones.of(release.convention)
    for campaign in open_ones:
        fill(campaign)
    return release


@event()
def set_release_aside(release: Release, *, reason: str, by: User) -> Release:
    """Set a waiting release aside for a reason that is logged, and return it. Raise Refused for an
    empty reason or if ``by`` may not decide."""
    share_changed(STATISTICS)
    release = _lock(release)
    enforce(rights.may_decide(by, release))
    if not reason.strip():
        raise Refused(REASON_MISSING)
    move(release, ReleaseVerb.SET_ASIDE, **coordinating(by), reason=reason)
    return release


def _lock(release: Release) -> Release:
    """Lock a release and return it as stored, with its convention."""
    rows = Release.objects.select_related("convention")
    return rows.select_for_update(of=("self",)).get(pk=release.pk)
