"""What a public statistic gives is taken up, then confirmed or contested by who provides it.

``by`` and ``revision`` as in ``events.py``.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from accounts.models import User
from conventions.models import Commune
from ctg_portal.marks.events import event
from ctg_portal.marks.models import Subject
from ctg_portal.revisions import first_revision
from ctg_portal.rules import Refusal, Refused, enforce
from ctg_portal.transitions import move_all
from indicators.collection import rights as collection_rights
from indicators.disclosure.events import follow
from indicators.figures.campaigns import Campaign, CampaignIndicator
from indicators.figures.releases import Release
from indicators.figures.values import Value, ValueVerb
from indicators.values import rights as values_rights
from indicators.values.figure import FIELDS, Figure
from indicators.values.notices import tell_given
from indicators.values.tables import keys_of_communes, save_state
from indicators.values.writing import (
    NOTHING_GIVEN,
    asker_in,
    check_writing,
    keep_table,
    lock_entries,
    lock_entry,
    lock_value,
    move_table,
    move_value,
    settled_for,
    what_is_verified,
    with_figure,
)

CONTEST_REASON_MISSING = Refusal(
    "Donnez le motif : il est lu à côté des deux chiffres, celui qui est publié et le vôtre."
)
NOTHING_TO_CONFIRM = Refusal(
    "Plus rien n’attend d’être confirmé de cette édition : relisez ce qui est affiché."
)
AS_PUBLISHED = Refusal("C’est le chiffre publié : confirmez-le, plutôt que de le contester.")


@dataclass(frozen=True)
class PublicFigure:
    """What a public statistic gives for an indicator of a campaign, of a commune or of the whole
    territory (``commune``: None)."""

    entry: CampaignIndicator
    commune: Commune | None
    figure: Figure
    release: Release


@event(Subject.FIGURES)
def take_up(campaign: Campaign, given: Iterable[PublicFigure]) -> list[Value]:
    """Give the published figures where nobody has given any: they count at once, and await the word
    of who provides them, who confirms or contests. One that was taken from another release, and of
    which nobody has said anything, follows; nobody's value is written over.

    Raises Refused for a year that takes no values. Returns the values that were written.
    """
    enforce(collection_rights.not_open(campaign))
    given = list(given)
    lock_entries(sorted({one.entry.pk for one in given}))
    rows = Value.objects.filter(campaign_indicator__in={one.entry.pk for one in given})
    there = {(row.campaign_indicator_id, row.commune_id): row for row in rows}
    new, moved = [], []
    for one in given:
        value = there.get((one.entry.pk, one.commune and one.commune.pk))
        if value is None:
            new.append(_published(Value(commune=one.commune, revision=first_revision()), one))
        elif value.is_public and value.is_submitted and value.release_id != one.release.pk:
            moved.append(_published(value, one))
    move_all(new, ValueVerb.TAKEN_UP, by=None)
    for value in moved:
        move_value(value, ValueVerb.TAKEN_UP, None)
    written = [*new, *moved]
    asked = keys_of_communes(campaign) if written else set()
    entries = {value.campaign_indicator_id: value.campaign_indicator for value in written}
    for pk in {value.campaign_indicator_id: None for value in written if value.commune_id}:
        save_state(entries[pk], asked)
    follow(campaign, of=entries.values())
    return written


def _published(value: Value, one: PublicFigure) -> Value:
    """The value with a published figure, which nobody has typed."""
    value.campaign_indicator, value.release = one.entry, one.release
    for name in FIELDS:
        setattr(value, name, getattr(settled_for(one.entry, one.figure), name))
    value.entered_at = value.submitted_at = timezone.now()
    return value


@event(Subject.FIGURES)
def confirm_published(entry: CampaignIndicator, release: Release, *, by: User | None) -> int:
    """Confirm all that an indicator has of a release, the one that was shown, as the organisation
    that provides it. Returns how many figures; raises Refused as ``verify_value`` does."""
    entry = lock_entry(entry)
    asker = asker_in(by, entry)
    awaiting = list(entry.values.submitted().of_release(release))
    enforce(None if awaiting else NOTHING_TO_CONFIRM)
    for value in awaiting:
        value.campaign_indicator = entry
        enforce(values_rights.may_verify(asker, value))
    move_table(
        awaiting, ValueVerb.VERIFIED, asker, verified_by=by, verified_by_name=str(by or ""),
        verified_at=timezone.now(),
    )  # fmt: skip
    return len(awaiting)


@event(Subject.FIGURES)
def contest_value(
    value: Value, figure: Figure, *, reason: str, by: User, revision: int | None = None
) -> Value:
    """Give another figure than the one that is published, with a reason; it counts at once, under
    its provider's rule of secrecy, and is to be verified. Both stay in the log.

    Raises Refused as ``save_value`` does.
    """
    entry, value = lock_value(value)
    asker = asker_in(by, entry)
    enforce(values_rights.may_contest(asker, value))
    if not reason.strip():
        raise Refused(CONTEST_REASON_MISSING)
    if figure.is_empty:
        raise Refused(NOTHING_GIVEN)
    figure = settled_for(entry, figure)
    check_writing(value, revision)
    if what_is_verified(figure) == what_is_verified(value):
        raise Refused(AS_PUBLISHED)
    value = with_figure(entry, value, figure, by=by, asker=asker, is_given=True)
    value.submitted_at = value.entered_at
    tell_given([move_value(value, ValueVerb.CONTESTED, asker, reason=reason)])
    keep_table(entry)
    return value
