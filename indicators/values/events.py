"""A value is saved, submitted, verified or returned, and corrected once its year is closed.

``by`` is a user, or None for the system. Whatever is done is kept as a ``ValueTransition``. A
value is written under the lock of its indicator in the campaign, so that two people who give the
first value at once meet there; ``seen`` is the ``token_of`` the value that a form showed.

The figures of communes (``commune=``) are saved one by one as that of the territory is, and are
submitted, verified and returned together: a table is one thing, and one act of a person.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from conventions.models import Commune
from ctg_portal.house import house, let_follow
from ctg_portal.rules import Refusal, Refused, enforce
from ctg_portal.transitions import account_of, move, move_all
from documents.models import StoredFile
from indicators.collection import rights as collection_rights
from indicators.collection.events import bring_entry, let_go_of_year, lock_campaign
from indicators.definitions.definition import Definition
from indicators.disclosure.events import recompute
from indicators.models import (
    Campaign,
    CampaignIndicator,
    Evidence,
    Indicator,
    Release,
    Value,
    ValueTransition,
    ValueVerb,
)
from indicators.values import rights as values_rights
from indicators.values.figure import FIELDS, Figure, settled
from indicators.values.links.visitor import Visitor, asker_of
from indicators.values.notices import ValueCorrected, ValueReturned, tell_given
from indicators.values.plausibility import unexplained
from indicators.values.tables import (
    communes_of,
    keep_state,
    not_asked,
    of_commune,
    token_of_table,
)
from indicators.values.totals import Earlier, Total, all_before, total_of
from notifications.news import tell

# From how many figures on what they share is read once.
MANY = 50
LOCK = {"of": ("self",), "no_key": True}
# What changes of a value when somebody writes a figure.
WRITTEN = [
    *FIELDS,
    *("release", "revision", "is_on_behalf"),
    *("entered_by", "entered_by_name", "entered_through", "entered_at"),
    *("verified_by", "verified_by_name", "verified_at"),
]
REASON_MISSING = Refusal("Donnez un motif : qui a saisi la valeur le lira.")
CORRECTION_REASON_MISSING = Refusal("Donnez le motif de la correction : il reste dans l’histoire.")
CONTEST_REASON_MISSING = Refusal(
    "Donnez le motif : il est lu à côté des deux chiffres, celui qui est publié et le vôtre."
)
NOTHING_TO_CONFIRM = Refusal(
    "Plus rien n’attend d’être confirmé de cette édition : relisez ce qui est affiché."
)
AS_PUBLISHED = Refusal("C’est le chiffre publié : confirmez-le, plutôt que de le contester.")
NOTHING_GIVEN = Refusal("Donnez un nombre, ou dites pourquoi il n’y en a pas.")
WAS_GIVEN = Refusal(
    "Cette valeur a déjà été transmise : elle ne s’efface plus. Corrigez-la, ou choisissez "
    "« non disponible », avec le motif."
)
HAS_EVIDENCE = Refusal("Des pièces sont jointes à cette valeur : elle ne s’efface plus.")
ATTACHED_ALREADY = Refusal("Cette pièce est déjà jointe à la valeur.")
NOTHING_TO_TAKE_OVER = Refusal(
    "Il n’y a rien à reprendre : quelque chose est déjà saisi partout où l’année précédente disait "
    "« sans objet » ou portait un commentaire."
)
BUILT_ON = Refusal("Elle a été reprise depuis : elle ne s’efface plus.")
NO_LONGER_ASKED = Refusal("Ce recueil a été annulé : cette donnée n’est plus demandée.")
NOTHING_SAVED = Refusal("Rien n’est encore saisi.")
NOT_SUBMITTED = Refusal("Rien de ce tableau n’est transmis.")
NOT_REWRITTEN = Refusal("Elle vous a été retournée : corrigez-la, ou expliquez-la en commentaire.")


class Rewritten(Refusal):
    """The value is no longer the one that the form showed: both are to be compared."""


def rewritten(value: Value | None) -> Rewritten:
    if value is None:
        return Rewritten("Cette valeur a été effacée depuis que la page est ouverte.")
    name = value.last_written.by_name or "Le portail"
    return Rewritten(f"{name} a enregistré une autre valeur depuis que la page est ouverte.")


def token_of(value: Value | None) -> str:
    """Which writing of a value a form shows; empty without a value."""
    return f"{value.pk}-{value.revision}" if value else ""


@transaction.atomic
def save_value(
    entry: CampaignIndicator,
    figure: Figure,
    *,
    by,
    commune: Commune | None = None,
    seen: str | None = None,
    same_comment: bool = False,
) -> Value | None:
    """Keep a figure as a draft, also one that had been submitted; an empty one removes the draft.
    It is that of the whole territory, or of one ``commune``.

    The same figure again changes nothing; but for a draft, with ``same_comment``, it says that the
    comment kept from another figure explains this one as well. Raises Refused: with ``Rewritten``
    when the value is no longer the one ``seen``; for what is no figure; for a year that does not
    take values.
    """
    return Saving([entry], by=by).save(
        entry, figure, commune=commune, seen=seen, same_comment=same_comment
    )


@transaction.atomic
def save_together(
    entries: Iterable[CampaignIndicator], write: Callable[["Saving"], None], *, by
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

    def __init__(self, entries: Iterable[CampaignIndicator], *, by, is_gathered: bool = False):
        given = list(entries)
        pks = [entry.pk for entry in given]
        lock_entries(pks)
        # Read again: what a locking query joins may be older than the lock.
        rows = CampaignIndicator.objects.filter(pk__in=pks)
        locked = rows.with_relations() if len(pks) < MANY else rows.held_once(given)
        self.by, self.entries = by, {entry.pk: entry for entry in locked}
        self.asker = next((_asker(by, entry) for entry in self.entries.values()), None)
        self.values = {(one.campaign_indicator_id, one.commune_id): one for one in _given(pks)}
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

    def save(
        self,
        entry: CampaignIndicator,
        figure: Figure,
        *,
        commune: Commune | None = None,
        seen: str | None = None,
        same_comment: bool = False,
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
            self._erase(value, figure, seen)
            self.values.pop(key, None)
            self._settle(entry, commune)
            return None
        figure = _kept(entry, figure)
        is_same = value is not None and Figure.of(value) == figure
        # Guessed at, what may not be read is answered as any other figure.
        is_same = is_same and (self.asker is None or self.asker.recognises(entry))
        if is_same and not (same_comment and value.is_draft):
            return value
        _check_seen(value, seen)
        if not is_same:
            value = _written(entry, value, figure, by=self.by, asker=self.asker, commune=commune)
            if self.is_gathered and not same_comment:
                value.revision += 1
                self.gathered.append((value, figure.comment))
            else:
                _move(value, ValueVerb.SAVED, self.asker, reason=figure.comment)
        if same_comment:
            _move(value, ValueVerb.SAVED, self.asker, reason=figure.comment)
        self.values[key] = value
        self._settle(entry, commune)
        return value

    def write_gathered(self) -> None:
        """Write what was saved; at once that of which the same is said."""
        acts = defaultdict(list)
        for value, said in self.gathered:
            acting = _acting(self.asker, value)
            acts[said, acting.get("capacity")].append((value, acting))
        there = [value for value, _ in self.gathered if value.pk]
        Value.objects.bulk_update(there, WRITTEN)
        for (said, _), alike in acts.items():
            values, [acting, *_] = zip(*alike, strict=True)
            move_all(values, ValueVerb.SAVED, **acting, reason=said)
        for entry in self.changed:
            self._keep_state(entry)

    def _settle(self, entry: CampaignIndicator, commune: Commune | None) -> None:
        """Keep where a table is, once a figure of a commune is saved."""
        if commune is None:
            return
        if self.is_gathered:
            self.changed.add(entry)
        else:
            self._keep_state(entry)

    def _keep_state(self, entry: CampaignIndicator) -> None:
        of_entry = [v for (pk, commune), v in self.values.items() if pk == entry.pk and commune]
        keep_state(entry, self.asked, of_entry)

    def _erase(self, value: Value | None, figure: Figure, seen: str | None) -> None:
        """A draft that nobody was given goes; what is said beside no figure is not thrown away."""
        if figure.reason.strip() or figure.comment.strip():
            raise Refused(NOTHING_GIVEN)
        if value is None:
            return
        _check_seen(value, seen)
        given = value.transitions.filter(verb__in=[ValueVerb.SUBMITTED, ValueVerb.CORRECTED])
        if value.is_shown or given.exists():
            raise Refused(WAS_GIVEN)
        if value.evidence.exists():
            raise Refused(HAS_EVIDENCE)
        value.delete()


@transaction.atomic
def correct_value(
    entry: CampaignIndicator, figure: Figure, *, reason: str, by, seen: str | None = None,
    commune: Commune | None = None,
) -> Value:  # fmt: skip
    """Change a figure of a closed year, or give one that was missing, with a reason.

    It counts at once, and is to be verified again. Raises Refused as ``save_value`` does.
    """
    entry = lock_entry(entry)
    asker = _asker(by, entry)
    value = value_of(entry, commune)
    enforce(values_rights.may_correct(asker, entry, value))
    enforce(_not_asked(entry, commune))
    if not reason.strip():
        raise Refused(CORRECTION_REASON_MISSING)
    if figure.is_empty:
        raise Refused(NOTHING_GIVEN)
    figure = _kept(entry, figure)
    if value is not None and value.is_shown and Figure.of(value) == figure:
        return value
    _check_seen(value, seen)
    value = _written(entry, value, figure, by=by, asker=asker, is_given=True, commune=commune)
    value.submitted_at = value.entered_at
    tell(ValueCorrected(_move(value, ValueVerb.CORRECTED, asker, reason=reason)))
    _keep_table(entry, commune)
    return value


@dataclass(frozen=True)
class PublicFigure:
    """What a public statistic gives for an indicator of a campaign, of a commune or of the whole
    territory (``commune``: None)."""

    entry: CampaignIndicator
    commune: Commune | None
    figure: Figure
    release: Release


@transaction.atomic
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
            new.append(_published(Value(commune=one.commune, revision=1), one))
        elif value.is_public and value.is_submitted and value.release_id != one.release.pk:
            moved.append(_published(value, one))
    move_all(new, ValueVerb.TAKEN_UP, by=None)
    for value in moved:
        _move(value, ValueVerb.TAKEN_UP, None)
    written = [*new, *moved]
    asked = {commune.pk for commune in communes_of(campaign)} if written else set()
    tables = {v.campaign_indicator_id: v.campaign_indicator for v in written if v.commune_id}
    for entry in tables.values():
        keep_state(entry, asked)
    if any(value.campaign_indicator.adds_up for value in written):
        recompute(campaign)
    return written


def _published(value: Value, one: PublicFigure) -> Value:
    """The value with a published figure, which nobody has typed."""
    value.campaign_indicator, value.release = one.entry, one.release
    for name in FIELDS:
        setattr(value, name, getattr(_kept(one.entry, one.figure), name))
    value.entered_at = value.submitted_at = timezone.now()
    return value


@transaction.atomic
def confirm_published(entry: CampaignIndicator, release: Release, *, by) -> int:
    """Confirm all that an indicator has of a release, the one that was shown, as the organisation
    that provides it. Returns how many figures; raises Refused as ``verify_value`` does."""
    entry = lock_entry(entry)
    asker = _asker(by, entry)
    awaiting = list(entry.values.submitted().of_release(release))
    enforce(None if awaiting else NOTHING_TO_CONFIRM)
    for value in awaiting:
        value.campaign_indicator = entry
        enforce(values_rights.may_verify(asker, value))
    _move_table(
        awaiting, ValueVerb.VERIFIED, asker, verified_by=by, verified_by_name=str(by or ""),
        verified_at=timezone.now(),
    )  # fmt: skip
    return len(awaiting)


@transaction.atomic
def contest_value(
    value: Value, figure: Figure, *, reason: str, by, seen: str | None = None
) -> Value:
    """Give another figure than the one that is published, with a reason; it counts at once, under
    its provider's rule of secrecy, and is to be verified. Both stay in the log.

    Raises Refused as ``save_value`` does.
    """
    entry, value = _locked(value)
    asker = _asker(by, entry)
    enforce(values_rights.may_contest(asker, value))
    if not reason.strip():
        raise Refused(CONTEST_REASON_MISSING)
    if figure.is_empty:
        raise Refused(NOTHING_GIVEN)
    figure = _kept(entry, figure)
    _check_seen(value, seen)
    if _typed(figure) == _typed(value):
        raise Refused(AS_PUBLISHED)
    value = _written(entry, value, figure, by=by, asker=asker, is_given=True)
    value.submitted_at = value.entered_at
    tell_given([_move(value, ValueVerb.CONTESTED, asker, reason=reason)])
    _keep_table(entry, value.commune)
    return value


@transaction.atomic
def bring_value(
    campaign: Campaign, indicator: Indicator, figure: Figure, *, by,
    commune: Commune | None = None,
) -> Value:  # fmt: skip
    """Give a figure of a past year as it stands in a file; it counts at once, and nobody is asked
    to answer. Raises Refused where there is one already, and as ``save_value`` does."""
    entry = lock_entry(bring_entry(campaign, indicator))
    asker = _asker(by, entry)
    enforce(values_rights.may_bring_value(asker, entry))
    enforce(_not_asked(entry, commune))
    if figure.is_empty:
        raise Refused(NOTHING_GIVEN)
    figure, value = _kept(entry, figure), value_of(entry, commune)
    if value is not None:
        raise Refused(rewritten(value))
    value = _written(entry, None, figure, by=by, asker=asker, is_given=True, commune=commune)
    value.is_on_behalf = asker is not None and entry.enterer_id not in asker.organisations
    value.submitted_at = value.entered_at
    _move(value, ValueVerb.BROUGHT, asker)
    _keep_table(entry, commune)
    return value


@transaction.atomic
def let_go_of_value(value: Value, *, by, seen: str) -> None:
    """Take back a figure that a file gave to a closed year, which had none: nobody has changed or
    verified it, nothing is written of a year that came from a file. The year goes with its last.

    Raises Refused otherwise.
    """
    campaign = lock_campaign(value.campaign_indicator.campaign)
    entry, value = _locked(value)
    enforce(values_rights.may_correct(_asker(by, entry), entry, value))
    _check_seen(value, seen)
    if value.transitions.count() > 1 or value.evidence.exists():
        raise Refused(BUILT_ON)
    if campaign.is_from_file:
        enforce(collection_rights.written_of(campaign))
    commune = value.commune
    value.delete()
    # What was told of a table stays known, and stays for the next audit.
    is_told = entry.audits.done().exists()
    if campaign.is_from_file and not is_told and not entry.values.exists():
        entry.delete()
        let_go_of_year(campaign, by=by)
    else:
        _keep_table(entry, commune)
    let_follow(house().after_figures, campaign, by=by)


@dataclass(frozen=True)
class Held:
    """An indicator whose value was not submitted, and why."""

    entry: CampaignIndicator
    refusal: Refusal


@dataclass
class Submission:
    """What was submitted, and what was not; of a table, one of its values stands for it."""

    sent: list[Value] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)


@transaction.atomic
def submit_values(
    entries: Iterable[CampaignIndicator], *, by, seen: dict[int, str] | None = None
) -> Submission:
    """Give the values of one campaign that are ready; those given already are left as they are. Of
    a table, all that is typed is given, or nothing while something of it is held; but for what a
    commune's own people have begun, which the others do not wait for.

    ``seen``: the tokens of the values that were shown, by entry; another writing is held.
    Raises Refused when one of them is not the person's to submit, and then submits none.
    """
    pks = sorted({entry.pk for entry in entries})
    lock_entries(pks)
    locked = list(CampaignIndicator.objects.with_relations().filter(pk__in=pks).in_reading_order())
    asker = _asker(by, locked[0]) if locked else None
    for entry in locked:
        enforce(values_rights.may_enter(asker, entry))
    given = defaultdict(list)
    for value in _given(pks).select_related("commune").prefetch_related("transitions"):
        given[value.campaign_indicator_id].append(value)
    is_linked = isinstance(by, Visitor)
    before, result, acts = all_before(locked, as_disclosed=is_linked), Submission(), []
    for entry in locked:
        values = given[entry.pk]
        left = [value for value in values if not value.is_shown]
        if values and not left:
            continue
        left, theirs = _apart(asker, entry, left)
        if theirs:
            result.held.append(Held(entry, theirs))
            if not left:
                continue
        refusal = _not_given(asker, entry, values, left, before[entry.pk])
        if refusal is None and seen is not None and seen.get(entry.pk) != _token(entry, values):
            refusal = rewritten(left[-1])
        if refusal:
            result.held.append(Held(entry, refusal))
            continue
        for value in left:
            value.campaign_indicator = entry
        acts += _move_table(left, ValueVerb.SUBMITTED, asker, submitted_at=timezone.now())
        result.sent.append(left[0])
    tell_given(acts)
    return result


def _apart(asker, entry: CampaignIndicator, values: list[Value]) -> tuple[list, Refusal | None]:
    """What of an indicator the asker gives, and why not the rest: what a commune has begun of a
    table stays with it. Raises Refused for anything else that is not theirs to give."""
    refusals = {
        value: values_rights.may_write(asker, entry, value, value and value.commune)
        for value in values or [None]
    }
    theirs = [one for one in values if entry.is_by_commune and one.commune and refusals[one]]
    for value in refusals.keys() - theirs:
        enforce(refusals[value])
    mine = [value for value in values if value not in theirs]
    return mine, refusals[theirs[0]] if theirs else None


def _not_given(
    asker, entry: CampaignIndicator, values: list[Value], left: list[Value], before: Earlier
) -> Refusal | None:
    """Why what is left of an indicator cannot be given yet, before who gives it."""
    if not entry.is_by_commune:
        value = left[0] if left else None
        return not_ready(value, Definition.of(entry.version), before.get(None))
    # What a table comes to is not told to who is not shown what others gave of it.
    is_told = asker is None or asker.recognises(entry)
    read = [one for one in values if is_told and (one.is_shown or one in left)]
    return table_not_ready(left, total_of(entry, read, before), entry)


def not_ready(value: Value | None, definition: Definition, before) -> Refusal | None:
    """Why a value cannot be submitted yet: nothing saved, returned, or a comment is missing."""
    if value is None:
        return NOTHING_SAVED
    if value.is_returned:
        return NOT_REWRITTEN
    asked = unexplained(value, definition, before)
    return Refusal(" ".join(asked)) if asked else None


def table_not_ready(values: list[Value], total: Total, entry: CampaignIndicator) -> Refusal | None:
    """The same of what of a table is not given: nothing typed, something that is held, or what the
    communes come to."""
    if not values and entry.communes_given:
        verb = "est transmise" if entry.communes_given < 2 else "sont transmises"
        return Refusal(f"{entry.told_communes} {verb}, et rien d’autre n’est saisi.")
    if not values:
        return NOTHING_SAVED
    definition = of_commune(total.definition)
    for value in values:
        whose = value.commune or "Le territoire"
        if value.commune_id:
            refusal = not_ready(value, definition, total.earlier.get(value.commune_id))
        else:
            refusal = not_ready(value, total.definition, total.before)
        if refusal:
            return Refusal(f"{whose} : {refusal.reason}")
    asked = total.asks()
    return Refusal(" ".join(asked)) if asked else None


@transaction.atomic
def verify_table(entry: CampaignIndicator, *, by, seen: str | None = None) -> list[Value]:
    """Confirm what of a table is submitted and was typed by others; raises Refused where nothing
    is, or it is no longer the table ``seen``."""
    entry = lock_entry(entry)
    asker, values = _asker(by, entry), list(entry.values.select_related("entered_through"))
    if seen is not None and seen != token_of_table(values):
        raise Refused(rewritten(max(values, key=attrgetter("pk"), default=None)))
    refusals = {value.pk: values_rights.may_verify(asker, value) for value in values}
    verified = [value for value in values if refusals[value.pk] is None]
    if not verified:
        submitted = [value for value in values if value.is_submitted]
        raise Refused(refusals[submitted[0].pk] if submitted else NOT_SUBMITTED)
    _move_table(
        verified, ValueVerb.VERIFIED, asker, verified_by=by, verified_by_name=str(by or ""),
        verified_at=timezone.now(),
    )  # fmt: skip
    return verified


@transaction.atomic
def return_table(
    entry: CampaignIndicator, *, reason: str, by, seen: str | None = None
) -> list[Value]:
    """Send a table back to whoever entered it, with a reason, whole: none of it is shown."""
    entry = lock_entry(entry)
    asker, values = _asker(by, entry), list(entry.values.all())
    if seen is not None and seen != token_of_table(values):
        raise Refused(rewritten(max(values, key=attrgetter("pk"), default=None)))
    shown = [value for value in values if value.is_shown]
    if not shown:
        raise Refused(NOT_SUBMITTED)
    enforce(values_rights.may_return(asker, shown[0]))
    if not reason.strip():
        raise Refused(REASON_MISSING)
    acts = _move_table(
        shown, ValueVerb.RETURNED, asker, reason=reason, verified_by=None, verified_by_name="",
        verified_at=None,
    )  # fmt: skip
    tell(ValueReturned(acts[0]))
    return shown


@transaction.atomic
def verify_value(value: Value, *, by, seen: str | None = None) -> Value:
    """Confirm a submitted value, as a second person of the organisation that provides it."""
    entry, value = _locked(value)
    asker = _asker(by, entry)
    enforce(values_rights.may_verify(asker, value))
    _check_seen(value, seen)
    value.verified_by, value.verified_by_name = by, str(by or "")
    value.verified_at = timezone.now()
    _move(value, ValueVerb.VERIFIED, asker)
    _keep_table(entry, value.commune)
    return value


def verify_values(values: Iterable[tuple[Value, str]], *, by) -> tuple[list[Value], list[Refusal]]:
    """Confirm several values, each with the token it was shown under; those that may not be, or
    are no longer the same, are left, and why is told. One of a table stands for all of it."""
    verified, refused = [], []
    for value, seen in values:
        entry = value.campaign_indicator
        try:
            if entry.is_by_commune:
                verified += verify_table(entry, by=by, seen=seen)[:1]
            else:
                verified.append(verify_value(value, by=by, seen=seen))
        except Refused as refusal:
            refused.append(refusal.refusal)
    return verified, list(dict.fromkeys(refused))


@transaction.atomic
def return_value(value: Value, *, reason: str, by, seen: str | None = None) -> Value:
    """Send a value back to whoever entered it, with a reason; it is no longer shown."""
    entry, value = _locked(value)
    asker = _asker(by, entry)
    enforce(values_rights.may_return(asker, value))
    if not reason.strip():
        raise Refused(REASON_MISSING)
    _check_seen(value, seen)
    _unverify(value)
    tell(ValueReturned(_move(value, ValueVerb.RETURNED, asker, reason=reason)))
    _keep_table(entry, value.commune)
    return value


@transaction.atomic
def attach_evidence(value: Value, document: StoredFile, *, by) -> Evidence:
    """Keep a document that the value rests on; raises Refused for one that is there already."""
    entry, value = _locked(value)
    asker = _asker(by, entry)
    enforce(values_rights.may_attach(asker, value))
    is_there = value.evidence.filter(document__sha256=document.sha256).exists()
    enforce(ATTACHED_ALREADY if is_there else None)
    evidence = Evidence.objects.create(value=value, document=document)
    move(value, ValueVerb.ATTACHED, **_acting(asker, value), reason=document.name)
    return evidence


# What the events share ----------------------------------------------------------------------------


def lock_entries(pks: Iterable[int]) -> list[CampaignIndicator]:
    """Those of these indicators that are still asked for, locked by key."""
    rows = CampaignIndicator.objects.filter(pk__in=pks).order_by("pk")
    return list(rows.select_for_update(**LOCK))


def lock_entry(entry: CampaignIndicator) -> CampaignIndicator:
    """The indicator in its campaign, locked, with what is read of it, as it is now."""
    if not lock_entries([entry.pk]):
        raise Refused(NO_LONGER_ASKED)
    # Read again: what a locking query joins may be older than the lock.
    return CampaignIndicator.objects.with_relations().get(pk=entry.pk)


def value_of(entry: CampaignIndicator, commune: Commune | None = None) -> Value | None:
    """The value for the whole territory, or for one commune."""
    return _given([entry.pk]).filter(commune=commune).first()


def _given(pks):
    return Value.objects.filter(campaign_indicator__in=pks)


def _not_asked(entry: CampaignIndicator, commune: Commune | None) -> Refusal | None:
    if commune is None:
        return None
    return not_asked(entry, commune, {one.pk for one in communes_of(entry.campaign)})


def _keep_table(entry: CampaignIndicator, commune: Commune | None) -> None:
    """Keep where a table is, where a figure of a commune has changed; of one of the territory that
    adds up with others, what is secret is decided anew."""
    if commune is not None:
        keep_state(entry, {one.pk for one in communes_of(entry.campaign)})
    elif entry.adds_up:
        recompute(entry.campaign)


def _token(entry: CampaignIndicator, values: list[Value]) -> str:
    return token_of_table(values) if entry.is_by_commune else token_of(values[0])


def _locked(value: Value) -> tuple[CampaignIndicator, Value]:
    entry = lock_entry(value.campaign_indicator)
    value = entry.values.get(pk=value.pk)  # which then knows the entry, as read
    return entry, value


def _asker(by, entry: CampaignIndicator) -> collection_rights.Contributor | None:
    return asker_of(by, entry.campaign.convention)


def _check_seen(value: Value | None, seen: str | None) -> None:
    if seen is not None and seen != token_of(value):
        raise Refused(rewritten(value))


def _kept(entry: CampaignIndicator, figure: Figure) -> Figure:
    return settled(figure, Definition.of(entry.version), entry.campaign.observed)


def _written(
    entry: CampaignIndicator, value: Value | None, figure: Figure, *, by, asker,
    is_given: bool = False, commune: Commune | None = None,
) -> Value:  # fmt: skip
    """The value with this figure; nobody has verified it yet.

    Who changes but what is said of a number has not typed it, unless they give it (``is_given``):
    who typed it does not become the second person, who verifies it.
    """
    is_on_behalf = bool(asker and asker.enters_on_behalf(entry))
    is_typed = (
        value is None
        or is_given
        or _typed(value) != _typed(figure)
        # Words of somebody else do not stand under the name of who typed the number.
        or (is_on_behalf and not value.is_on_behalf)
    )
    value = value or Value(campaign_indicator=entry, commune=commune, revision=0)
    value.release = None  # what somebody writes is theirs
    for name in FIELDS:
        setattr(value, name, getattr(figure, name))
    if is_typed:
        _typed_by(value, entry, by=by, asker=asker)
    _unverify(value)
    return value


def _typed(figure: Figure | Value) -> tuple:
    """What a second person verifies."""
    return figure.number, figure.numerator, figure.denominator, figure.absence


def _typed_by(value: Value, entry: CampaignIndicator, *, by, asker) -> None:
    value.entered_by, value.entered_by_name = account_of(by), str(by or "")
    value.entered_through = by.link if isinstance(by, Visitor) else None
    value.entered_at = timezone.now()
    value.is_on_behalf = bool(asker and asker.enters_on_behalf(entry))


def _unverify(value: Value) -> None:
    value.verified_by, value.verified_by_name, value.verified_at = None, "", None


def _move(value: Value, verb: ValueVerb, asker, *, reason: str = "") -> ValueTransition:
    """Another writing: forms tell by the revision which one they showed."""
    value.revision += 1
    act = _acting(asker, value)
    done = move(value, verb, **act, reason=reason)
    campaign = value.campaign_indicator.campaign
    if campaign.is_closed:
        let_follow(house().after_figures, campaign, by=act["by"])
    return done


def _move_table(values: list[Value], verb: ValueVerb, asker, *, reason="", **changes) -> list:
    """The same for many values of one indicator, in a few queries; where its table is, is kept."""
    entry = values[0].campaign_indicator
    Value.objects.filter(pk__in=[value.pk for value in values]).update(revision=F("revision") + 1)
    for value in values:
        value.revision += 1
    acts = move_all(values, verb, **_acting(asker, values[0]), reason=reason, **changes)
    if entry.is_by_commune:
        keep_state(entry, {commune.pk for commune in communes_of(entry.campaign)})
    elif entry.adds_up:
        recompute(entry.campaign)
    return acts


def _acting(asker: collection_rights.Contributor | None, value: Value) -> dict:
    """Who acts, and for which organisation, as the log keeps it."""
    if asker is None:
        return {"by": None}
    capacity = asker.capacity_for(value.campaign_indicator, value.commune)
    return {"by": asker.user, "capacity": capacity}
