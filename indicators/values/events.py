"""A value is saved, taken back, and corrected once its year is closed; a past year's is brought.

``by`` is a user, or None for the system. Whatever is done is kept as a ``ValueTransition``. A
value is written under the lock of its indicator in the campaign, so that two people who give the
first value at once meet there; ``revision`` is that of the value that a form showed.
What is saved is given and verified in ``giving.py``; ``from_publishers.py`` has what comes from a
public statistic.

The figures of communes (``commune=``) are saved one by one as that of the territory is.
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
from indicators.collection.events import bring_entry, let_go_of_year, lock_campaign
from indicators.definitions.models import Indicator
from indicators.figures.campaigns import Campaign, CampaignIndicator
from indicators.figures.values import SHOWN, Evidence, Value, ValueVerb
from indicators.values import rights as values_rights
from indicators.values.figure import FIELDS, Figure
from indicators.values.links.visitor import Enterer
from indicators.values.notices import ValueCorrected
from indicators.values.tables import communes_of, keep_state, not_asked
from indicators.values.writing import (
    NO_LONGER_ASKED,
    NOTHING_GIVEN,
    Typed,
    acting_of,
    asker_in,
    check_writing,
    keep_table,
    lock_entries,
    lock_entry,
    lock_value,
    move_value,
    refusal_of_commune,
    rewritten,
    settled_for,
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
    """Keep a figure as a draft, also one that had been submitted; an empty one removes the draft.
    It is that of the whole territory, or of one ``commune``.

    The same figure again changes nothing; but for a draft, with ``same_comment``, it says that the
    comment kept from another figure explains this one as well. ``typed``: whose it is, where it is
    put back. Raises Refused: with ``Rewritten`` when the value is no longer that of ``revision``;
    for what is no figure; for a year that does not take values.
    """
    return Saving([entry], by=by).save(
        entry, figure, commune=commune, revision=revision, same_comment=same_comment, typed=typed
    )


@event()
def save_together(
    entries: Iterable[CampaignIndicator], write: Callable[["Saving"], None], *, by: Enterer
) -> None:
    """Save many figures of one campaign in as many queries as one of them takes: ``write`` calls
    ``save`` for each, which are written once all of them are said."""
    saving = Saving(entries, by=by, is_gathered=True)
    write(saving)
    saving.write_gathered()


class Saving:
    """Figures of one campaign that are saved together, within a transaction of the caller's: their
    indicators are locked and read at once, and whose they are to enter is asked once.

    ``is_gathered``: they are written all at once, by ``write_gathered``.
    """

    def __init__(
        self, entries: Iterable[CampaignIndicator], *, by: Enterer, is_gathered: bool = False
    ):
        given = list(entries)
        pks = [entry.pk for entry in given]
        lock_entries(pks)
        # Read again: what a locking query joins may be older than the lock.
        rows = CampaignIndicator.objects.filter(pk__in=pks)
        locked = rows.with_relations() if len(pks) < MANY else rows.held_once(given)
        self.by, self.entries = by, {entry.pk: entry for entry in locked}
        self.asker = next((asker_in(by, entry) for entry in self.entries.values()), None)
        for entry in given[:1]:
            changed(entry, Subject.FIGURES)
        self.values = {(one.campaign_indicator_id, one.commune_id): one for one in values_of(pks)}
        for (pk, _), value in self.values.items():
            value.campaign_indicator = self.entries[pk]
        self.is_gathered = is_gathered
        self.gathered: list[tuple[Value, str]] = []
        self.changed: set[CampaignIndicator] = set()

    @cached_property
    def asked(self) -> set[int]:
        """The communes of the year, by key."""
        campaign = next(iter(self.entries.values())).campaign
        return {commune.pk for commune in communes_of(campaign)}

    def there(self, entry: CampaignIndicator, commune: Commune | None) -> Value | None:
        """The value as it is, before it is saved."""
        return self.values.get((entry.pk, commune and commune.pk))

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
        """What ``save_value`` does of one of them."""
        entry = self.entries.get(entry.pk)
        if entry is None:
            raise Refused(NO_LONGER_ASKED)
        if commune is not None:
            enforce(not_asked(entry, commune, self.asked))
        key = entry.pk, commune and commune.pk
        value = self.values.get(key)
        if value is not None and commune is not None:
            value.commune = commune  # as it was read already
        enforce(values_rights.may_write(self.asker, entry, value, commune))
        if figure.is_empty:
            self._erase(value, figure, revision)
            self.values.pop(key, None)
            self._settle(entry)
            return None
        figure = settled_for(entry, figure)
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
        self._settle(entry)
        return value

    def write_gathered(self) -> None:
        """Write what was saved; at once that of which the same is said."""
        acts = defaultdict(list)
        for value, said in self.gathered:
            acting = acting_of(self.asker, value)
            acts[said, acting.get("capacity")].append((value, acting))
        there = [value for value, _ in self.gathered if value.pk]
        Value.objects.bulk_update(there, WRITTEN)
        for (said, _), alike in acts.items():
            values, [acting, *_] = zip(*alike, strict=True)
            move_all(values, ValueVerb.SAVED, **acting, reason=said)
        for entry in self.changed:
            self._keep_state(entry)

    def _settle(self, entry: CampaignIndicator) -> None:
        """Keep where a table is, once a figure of it is saved."""
        if not entry.is_by_commune:
            return
        if self.is_gathered:
            self.changed.add(entry)
        else:
            self._keep_state(entry)

    def _keep_state(self, entry: CampaignIndicator) -> None:
        of_entry = [value for (pk, _), value in self.values.items() if pk == entry.pk]
        keep_state(entry, self.asked, of_entry)

    def _erase(self, value: Value | None, figure: Figure, revision: int | None) -> None:
        """A draft that nobody was given goes; what is said beside no figure is not thrown away."""
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
    """Change a figure of a closed year, or give one that was missing, with a reason.

    It counts at once, and is to be verified again. ``typed``, and Refused, as of ``save_value``.
    """
    entry = lock_entry(entry)
    asker = asker_in(by, entry)
    value = value_of(entry, commune)
    enforce(values_rights.may_correct(asker, entry, value))
    enforce(refusal_of_commune(entry, commune))
    if not reason.strip():
        raise Refused(CORRECTION_REASON_MISSING)
    if figure.is_empty:
        raise Refused(NOTHING_GIVEN)
    figure = settled_for(entry, figure)
    if value is not None and value.is_shown and Figure.of(value) == figure:
        return value
    check_writing(value, revision)
    value = with_figure(
        entry, value, figure, by=by, asker=asker, is_given=True, commune=commune, typed=typed
    )
    value.submitted_at = timezone.now()
    notify(ValueCorrected(move_value(value, ValueVerb.CORRECTED, asker, reason=reason)))
    keep_table(entry)
    return value


@event(Subject.FIGURES)
def bring_value(
    campaign: Campaign, indicator: Indicator, figure: Figure, *, by: User | None,
    commune: Commune | None = None,
) -> Value:  # fmt: skip
    """Give a figure of a past year as it stands in a file; it counts at once, and nobody is asked
    to answer. Raises Refused where there is one already, and as ``save_value`` does."""
    entry = lock_entry(bring_entry(campaign, indicator))
    asker = asker_in(by, entry)
    enforce(values_rights.may_bring_value(asker, entry))
    enforce(refusal_of_commune(entry, commune))
    if figure.is_empty:
        raise Refused(NOTHING_GIVEN)
    figure, value = settled_for(entry, figure), value_of(entry, commune)
    if value is not None:
        raise Refused(rewritten(value))
    value = with_figure(entry, None, figure, by=by, asker=asker, is_given=True, commune=commune)
    value.is_on_behalf = asker is not None and entry.enterer_id not in asker.organisations
    value.submitted_at = value.entered_at
    move_value(value, ValueVerb.BROUGHT, asker)
    keep_table(entry)
    return value


@event(Subject.FIGURES)
def let_go_of_value(value: Value, *, by: User | None, revision: int) -> None:
    """Take back a figure that a file gave to a closed year, which had none: nobody has changed or
    verified it, nothing is written of a year that came from a file, no published evaluation tells
    it. The year goes with its last.

    Raises Refused otherwise.
    """
    campaign = lock_campaign(value.campaign_indicator.campaign)
    entry, value = lock_value(value)
    enforce(values_rights.may_correct(asker_in(by, entry), entry, value))
    check_writing(value, revision)
    if value.transitions.count() > 1 or value.evidence.exists():
        raise Refused(BUILT_ON)
    if campaign.is_from_file:
        enforce(collection_rights.written_of(campaign))
    enforce(values_rights.kept(value))
    value.delete()
    # What was disclosed stays known, and stays masked.
    is_told = entry.disclosed is not None
    if campaign.is_from_file and not is_told and not entry.values.exists():
        entry.delete()
        let_go_of_year(campaign, by=by)
    else:
        keep_table(entry)
    let_follow(house().after_figures, campaign, by=by)


@event(Subject.FIGURES)
def attach_evidence(value: Value, document: StoredFile, *, by: User) -> Evidence:
    """Keep a document that the value rests on; raises Refused for one that is there already."""
    entry, value = lock_value(value)
    asker = asker_in(by, entry)
    enforce(values_rights.may_attach(asker, value))
    is_there = value.evidence.filter(document__sha256=document.sha256).exists()
    enforce(ATTACHED_ALREADY if is_there else None)
    evidence = Evidence.objects.create(value=value, document=document)
    move(value, ValueVerb.ATTACHED, **acting_of(asker, value), reason=document.name)
    return evidence
