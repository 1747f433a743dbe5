"""Save, erase and correct values; import those of past years.

``by`` is a user, or None for the system. Every act is logged as a ``ValueTransition``. A value is
written under the lock of its indicator in the campaign, so that two people who give the first value
at once meet there; ``revision`` is that of the value that a form showed. Submission and
verification are in ``giving.py``, what comes from a public statistic in ``from_publishers.py``.
Figures of communes (``commune=``) are saved one by one, as that of the territory is.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cached_property

from django.utils import timezone

from accounts.models import User
from conventions.models import Commune
from ctg_portal.house import house, let_follow
from ctg_portal.marks.events import changed, event
from ctg_portal.marks.models import Subject
from ctg_portal.rules import Refusal, Refused, enforce
from ctg_portal.transitions import move, move_all
from documents.models import StoredFile
from indicators.collection import rights as collection_rights
from indicators.collection.events import add_past_indicator, cancel_past_year, lock_campaign
from indicators.definitions.models import Indicator
from indicators.figures.campaigns import Campaign, CampaignIndicator
from indicators.figures.values import SHOWN, Evidence, Value, ValueVerb
from indicators.values import rights as values_rights
from indicators.values.figure import FIELDS, Figure
from indicators.values.links.visitor import Enterer
from indicators.values.notices import ValueCorrected
from indicators.values.tables import communes_of, refuse_commune, update_table_state
from indicators.values.writing import (
    NO_LONGER_ASKED,
    NOTHING_GIVEN,
    Typed,
    acting_of,
    asker_in,
    check_writing,
    lock_entries,
    lock_entry,
    lock_value,
    move_value,
    normalize_for,
    refresh_table,
    refuse_commune_in_year,
    rewritten,
    value_of,
    values_of,
    with_figure,
)
from notifications.news import notify

# From how many figures on what they share is read once.
MANY = 50
# What changes of a value when somebody writes a figure.
WRITTEN = [
    *FIELDS,
    *("release", "revision", "is_on_behalf"),
    *("entered_by", "entered_by_name", "entered_through", "entered_at"),
    *("verified_by", "verified_by_name", "verified_at"),
]
CORRECTION_REASON_MISSING = Refusal("Donnez le motif de la correction : il reste dans l’histoire.")
WAS_GIVEN = Refusal(
    "Cette valeur a déjà été transmise : elle ne s’efface plus. Corrigez-la, ou choisissez "
    "« non disponible », avec le motif."
)
HAS_EVIDENCE = Refusal("Des pièces sont jointes à cette valeur : elle ne s’efface plus.")
ATTACHED_ALREADY = Refusal("Cette pièce est déjà jointe à la valeur.")
BUILT_ON = Refusal("Elle a été reprise depuis : elle ne s’efface plus.")


@event()
def save_value(
    entry: CampaignIndicator,
    figure: Figure,
    *,
    by: Enterer,
    commune: Commune | None = None,
    revision: int | None = None,
    same_comment: bool = False,
    typed: Typed | None = None,
) -> Value | None:
    """Save a figure of the whole territory, or of one ``commune``, as a draft, also in place of a
    submitted one, and return the value; an empty figure deletes the draft and returns None.

    Saving the same figure again changes nothing; with ``same_comment`` on a draft it states that
    the comment kept from another figure explains this one too. ``typed``: who had typed it, if it
    is restored. Raise Refused: with ``Rewritten`` if the value is not at ``revision`` any more; for
    what is no figure; for a year that takes no values; for who may not write it.
    """
    return Saving([entry], by=by).save(
        entry, figure, commune=commune, revision=revision, same_comment=same_comment, typed=typed
    )


@event()
def save_together(
    entries: Iterable[CampaignIndicator], write: Callable[["Saving"], None], *, by: Enterer
) -> None:
    """Save many figures of one campaign in as many queries as one takes: ``write`` calls ``save``
    of the ``Saving`` for each, and they are written once it returns."""
    saving = Saving(entries, by=by, is_gathered=True)
    write(saving)
    saving.write_gathered()


class Saving:
    """Figures of one campaign that are saved together, within the caller's transaction: their
    indicators are locked and read at once, rights are read once.

    ``is_gathered``: they are written all at once, by ``write_gathered``.
    """

    def __init__(
        self, entries: Iterable[CampaignIndicator], *, by: Enterer, is_gathered: bool = False
    ):
        """Lock the entries, and read them again with their values and the rights of ``by``."""
        given = list(entries)
        pks = [entry.pk for entry in given]
        lock_entries(pks)
        # Read again: what a locking query joins may be older than the lock.
        rows = CampaignIndicator.objects.filter(pk__in=pks)
        locked = rows.with_relations() if len(pks) < MANY else rows.list_sharing_relations(given)
        self.by, self.entries = by, {entry.pk: entry for entry in locked}
        self.asker = next((asker_in(by, entry) for entry in self.entries.values()), None)
        for entry in given[:1]:
            changed(entry, Subject.FIGURES)
        self.values = {
            (value.campaign_indicator_id, value.commune_id): value for value in values_of(pks)
        }
        for (pk, _), value in self.values.items():
            value.campaign_indicator = self.entries[pk]
        self.is_gathered = is_gathered
        self.gathered: list[tuple[Value, str]] = []
        self.changed: set[CampaignIndicator] = set()

    @cached_property
    def asked(self) -> set[int]:
        """The keys of the communes in the year's perimeter."""
        campaign = next(iter(self.entries.values())).campaign
        return {commune.pk for commune in communes_of(campaign)}

    def current(self, entry: CampaignIndicator, commune: Commune | None) -> Value | None:
        """Return the value as it is now, saved or gathered here before; None if there is none."""
        return self.values.get((entry.pk, commune.pk if commune else None))

    def save(
        self,
        entry: CampaignIndicator,
        figure: Figure,
        *,
        commune: Commune | None = None,
        revision: int | None = None,
        same_comment: bool = False,
        typed: Typed | None = None,
    ) -> Value | None:
        """Save one figure, as ``save_value`` says; where figures are gathered, it is noted for
        ``write_gathered``. Raise Refused also for an indicator that the campaign asks no longer."""
        if entry.pk not in self.entries:
            raise Refused(NO_LONGER_ASKED)
        entry = self.entries[entry.pk]
        if commune is not None:
            enforce(refuse_commune(entry, commune, self.asked))
        key = entry.pk, commune.pk if commune else None
        value = self.values.get(key)
        if value is not None and commune is not None:
            value.commune = commune  # as it was read already
        enforce(values_rights.may_write(self.asker, entry, value, commune))
        if figure.is_empty:
            self._erase(value, figure, revision)
            self.values.pop(key, None)
            self._update_table(entry)
            return None
        figure = normalize_for(entry, figure)
        is_same = value is not None and Figure.of(value) == figure
        # Guessed at, what may not be read is answered as any other figure.
        is_same = is_same and (self.asker is None or self.asker.recognises(entry))
        if is_same and not (same_comment and value.is_draft):
            return value
        check_writing(value, revision)
        if typed is not None and typed.release:
            typed = None
        if not is_same:
            value = with_figure(
                entry, value, figure, by=self.by, asker=self.asker, commune=commune, typed=typed
            )
            if self.is_gathered and not same_comment:
                value.revision = value.next_revision()
                self.gathered.append((value, figure.comment))
            else:
                move_value(value, ValueVerb.SAVED, self.asker, reason=figure.comment)
        if same_comment:
            move_value(value, ValueVerb.SAVED, self.asker, reason=figure.comment)
        self.values[key] = value
        self._update_table(entry)
        return value

    def write_gathered(self) -> None:
        """Write all gathered values and their log, and update the tables they are of: one update,
        and one act of the log for values with the same comment and capacity."""
        acts = defaultdict(list)
        for value, comment in self.gathered:
            acting = acting_of(self.asker, value)
            acts[comment, acting.get("capacity")].append((value, acting))
        existing = [value for value, _ in self.gathered if value.pk]
        Value.objects.bulk_update(existing, WRITTEN)
        for (comment, _), alike in acts.items():
            values, [acting, *_] = zip(*alike, strict=True)
            move_all(values, ValueVerb.SAVED, **acting, reason=comment)
        for entry in self.changed:
            self._update_state(entry)

    def _update_table(self, entry: CampaignIndicator) -> None:
        """Update the state of the table of which a figure was saved, or note it if they are
        gathered. Do nothing for an indicator of the territory."""
        if entry.is_by_commune and self.is_gathered:
            self.changed.add(entry)
        elif entry.is_by_commune:
            self._update_state(entry)

    def _update_state(self, entry: CampaignIndicator) -> None:
        """Store the state of a table by the values as they are here."""
        entry_values = [value for (pk, _), value in self.values.items() if pk == entry.pk]
        update_table_state(entry, self.asked, entry_values)

    def _erase(self, value: Value | None, figure: Figure, revision: int | None) -> None:
        """Delete a draft; do nothing without a value. Raise Refused for a value that was ever
        submitted or has documents, or if the figure is only a reason or a comment."""
        if figure.reason.strip() or figure.comment.strip():
            raise Refused(NOTHING_GIVEN)
        if value is None:
            return
        check_writing(value, revision)
        given = value.transitions.filter(to_state__in=SHOWN)
        if value.is_shown or given.exists():
            raise Refused(WAS_GIVEN)
        if value.evidence.exists():
            raise Refused(HAS_EVIDENCE)
        value.delete()


@event(Subject.FIGURES)
def correct_value(
    entry: CampaignIndicator, figure: Figure, *, reason: str, by: User | None,
    revision: int | None = None, commune: Commune | None = None, typed: Typed | None = None,
) -> Value:  # fmt: skip
    """Correct a figure of a closed year, or give a missing one, with a reason that is logged, and
    return the value.

    It counts at once, is to be verified again, and those concerned are notified. The same figure
    as is shown changes nothing. Raise Refused without a reason or a figure, and as ``save_value``
    does, which also explains ``typed``.
    """
    entry = lock_entry(entry)
    asker = asker_in(by, entry)
    value = value_of(entry, commune)
    enforce(values_rights.may_correct(asker, entry, value))
    enforce(refuse_commune_in_year(entry, commune))
    if not reason.strip():
        raise Refused(CORRECTION_REASON_MISSING)
    if figure.is_empty:
        raise Refused(NOTHING_GIVEN)
    figure = normalize_for(entry, figure)
    if value is not None and value.is_shown and Figure.of(value) == figure:
        return value
    check_writing(value, revision)
    value = with_figure(
        entry, value, figure, by=by, asker=asker, is_given=True, commune=commune, typed=typed
    )
    value.submitted_at = timezone.now()
    notify(ValueCorrected(move_value(value, ValueVerb.CORRECTED, asker, reason=reason)))
    refresh_table(entry)
    return value


@event(Subject.FIGURES)
def add_past_value(
    campaign: Campaign, indicator: Indicator, figure: Figure, *, by: User | None,
    commune: Commune | None = None,
) -> Value:  # fmt: skip
    """Create the value of a past year as it stands in a file, and ask the year for the indicator if
    it does not yet; it counts as submitted at once, and nobody is notified.

    Raise Refused if there is a value already, and as ``save_value`` does.
    """
    entry = lock_entry(add_past_indicator(campaign, indicator))
    asker = asker_in(by, entry)
    enforce(values_rights.may_add_past_value(asker, entry))
    enforce(refuse_commune_in_year(entry, commune))
    if figure.is_empty:
        raise Refused(NOTHING_GIVEN)
    figure, value = normalize_for(entry, figure), value_of(entry, commune)
    if value is not None:
        raise Refused(rewritten(value))
    value = with_figure(entry, None, figure, by=by, asker=asker, is_given=True, commune=commune)
    value.is_on_behalf = asker is not None and entry.enterer_id not in asker.organisations
    value.submitted_at = value.entered_at
    move_value(value, ValueVerb.BROUGHT, asker)
    refresh_table(entry)
    return value


@event(Subject.FIGURES)
def remove_past_value(value: Value, *, by: User | None, revision: int) -> None:
    """Delete a figure that a file gave to a closed year that had none; in a year that came from a
    file the indicator goes with its last figure, the year with its last indicator.

    Raise Refused if somebody has changed or verified it, if something is written of a year that
    came from a file, or if a published evaluation contains it.
    """
    campaign = lock_campaign(value.campaign_indicator.campaign)
    entry, value = lock_value(value)
    enforce(values_rights.may_correct(asker_in(by, entry), entry, value))
    check_writing(value, revision)
    if value.transitions.count() > 1 or value.evidence.exists():
        raise Refused(BUILT_ON)
    if campaign.is_from_file:
        enforce(collection_rights.refuse_if_written(campaign))
    enforce(values_rights.refuse_if_used(value))
    value.delete()
    # What was disclosed stays known, and stays masked.
    is_disclosed = entry.disclosed is not None
    if campaign.is_from_file and not is_disclosed and not entry.values.exists():
        entry.delete()
        cancel_past_year(campaign, by=by)
    else:
        refresh_table(entry)
    let_follow(house().after_figures, campaign, by=by)


@event(Subject.FIGURES)
def attach_evidence(value: Value, document: StoredFile, *, by: User) -> Evidence:
    """Attach a stored document that a value rests on, and log it. Raise Refused if the same content
    is attached already, or the person may not attach."""
    entry, value = lock_value(value)
    asker = asker_in(by, entry)
    enforce(values_rights.may_attach(asker, value))
    is_there = value.evidence.filter(document__sha256=document.sha256).exists()
    enforce(ATTACHED_ALREADY if is_there else None)
    evidence = Evidence.objects.create(value=value, document=document)
    move(value, ValueVerb.ATTACHED, **acting_of(asker, value), reason=document.name)
    return evidence
