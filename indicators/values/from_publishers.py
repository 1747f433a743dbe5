"""Take values from public statistics; their provider then confirms or contests them.

``by`` and ``revision`` as in ``events.py``.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from accounts.models import User
from conventions.models import Commune
from ctg_portal.forms.revisions import first_revision
from ctg_portal.marks.events import event
from ctg_portal.marks.models import Subject
from ctg_portal.rules import Refusal, Refused, enforce
from ctg_portal.transitions import move_all
from indicators.collection import rights as collection_rights
from indicators.disclosure.events import refresh_disclosures
from indicators.figures.campaigns import Campaign, CampaignIndicator
from indicators.figures.releases import Release
from indicators.figures.values import Value, ValueVerb
from indicators.values import rights as values_rights
from indicators.values.figure import FIELDS, Figure
from indicators.values.notices import notify_given
from indicators.values.tables import keys_of_communes, store_table_state
from indicators.values.writing import (
    NOTHING_GIVEN,
    asker_in,
    check_writing,
    lock_entries,
    lock_entry,
    lock_value,
    move_table,
    move_value,
    normalize_for,
    refresh_table,
    verified_parts,
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
    """A figure of a public statistic for an indicator of a campaign, of a commune or of the whole
    territory (``commune``: None)."""

    entry: CampaignIndicator
    commune: Commune | None
    figure: Figure
    release: Release


@event(Subject.FIGURES)
def take_up(campaign: Campaign, given: Iterable[PublicFigure]) -> list[Value]:
    """Create submitted values from published figures where there is none, and return the values
    written. One from another release that nobody has answered is updated; nobody's own value is
    overwritten. Tables and disclosures follow. Raise Refused unless the campaign is open.
    """
    enforce(collection_rights.refuse_unless_open(campaign))
    given = list(given)
    lock_entries(sorted({published.entry.pk for published in given}))
    rows = Value.objects.filter(campaign_indicator__in={published.entry.pk for published in given})
    there = {(row.campaign_indicator_id, row.commune_id): row for row in rows}
    new, moved = [], []
    for published in given:
        value = there.get((published.entry.pk, published.commune and published.commune.pk))
        if value is None:
            value = Value(commune=published.commune, revision=first_revision())
            new.append(_fill_published(value, published))
        elif value.is_public and value.is_submitted and value.release_id != published.release.pk:
            moved.append(_fill_published(value, published))
    move_all(new, ValueVerb.TAKEN_UP, by=None)
    for value in moved:
        move_value(value, ValueVerb.TAKEN_UP, None)
    written = [*new, *moved]
    asked = keys_of_communes(campaign) if written else set()
    entries = {value.campaign_indicator_id: value.campaign_indicator for value in written}
    for pk in {value.campaign_indicator_id: None for value in written if value.commune_id}:
        store_table_state(entries[pk], asked)
    refresh_disclosures(campaign, entries=entries.values())
    return written


def _fill_published(value: Value, published: PublicFigure) -> Value:
    """Return the value filled with a published figure, submitted now and typed by nobody; it is not
    saved."""
    value.campaign_indicator, value.release = published.entry, published.release
    for name in FIELDS:
        setattr(value, name, getattr(normalize_for(published.entry, published.figure), name))
    value.entered_at = value.submitted_at = timezone.now()
    return value


@event(Subject.FIGURES)
def confirm_published(entry: CampaignIndicator, release: Release, *, by: User | None) -> int:
    """Verify, for its provider, all submitted values of an indicator that come from ``release``;
    return how many. Raise Refused as ``verify_value`` does, and if there is none."""
    entry = lock_entry(entry)
    asker = asker_in(by, entry)
    awaiting = list(entry.values.submitted().from_release(release))
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
    """Replace a published figure by another, with a reason that is logged; it counts at once, under
    its provider's secrecy rule, and who verifies it is notified. Both stay in the log. Raise
    Refused as ``save_value`` does, and if the figure is the published one."""
    entry, value = lock_value(value)
    asker = asker_in(by, entry)
    enforce(values_rights.may_contest(asker, value))
    if not reason.strip():
        raise Refused(CONTEST_REASON_MISSING)
    if figure.is_empty:
        raise Refused(NOTHING_GIVEN)
    figure = normalize_for(entry, figure)
    check_writing(value, revision)
    if verified_parts(figure) == verified_parts(value):
        raise Refused(AS_PUBLISHED)
    value = with_figure(entry, value, figure, by=by, asker=asker, is_given=True)
    value.submitted_at = value.entered_at
    notify_given([move_value(value, ValueVerb.CONTESTED, asker, reason=reason)])
    refresh_table(entry)
    return value
