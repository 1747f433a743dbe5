"""A convention's own indicator goes into the library: the coordination offers it, as the parties
agreed to it, and whoever hosts the portal accepts or refuses. Nothing of its figures goes along."""

from accounts.models import User
from agreements.models import Version
from conventions.access.rights import coordinates
from ctg_portal.marks.events import event
from ctg_portal.marks.models import Subject
from ctg_portal.rules import Refusal, Refused, enforce
from ctg_portal.transitions import move
from indicators.definitions.definition import Definition
from indicators.definitions.models import Calculation, Direction, Indicator, Kind, Periodicity
from indicators.library import entries as library
from indicators.library.documented import Documented, Source
from indicators.library.entries import LibraryEntry
from indicators.library.models import Offer, OfferState, OfferVerb

NOT_AGREED = Refusal(
    "Un indicateur va dans la bibliothèque une fois que les parties l’ont accepté."
)
FROM_THERE = Refusal("Cet indicateur vient de la bibliothèque.")
OFFERED = Refusal("Cet indicateur est déjà proposé pour la bibliothèque.")


def may_offer(user: User, indicator: Indicator) -> Refusal | None:
    """Return why a user may not offer an indicator to the library, or None: whoever coordinates may
    offer an agreed one that neither comes from the library nor is offered or accepted already."""
    if not coordinates(user, indicator.convention):
        return Refusal("La coordination propose un indicateur pour la bibliothèque.")
    if not indicator.is_agreed:
        return NOT_AGREED
    if indicator.library_code:
        return FROM_THERE
    return OFFERED if indicator.offers.exclude(state=OfferState.REFUSED).exists() else None


@event(Subject.FIGURES)
def offer(indicator: Indicator, theme: str, *, by: User) -> Offer:
    """Offer an indicator, as its version in force has it, under a key of ``THEMES``; create and
    return the offer, which waits for the host. Raise Refused (``may_offer``, an unknown theme)."""
    locked = Indicator.objects.select_for_update(of=("self",)).get(pk=indicator.pk)
    enforce(may_offer(by, locked))
    if theme not in library.THEMES:
        raise Refused(Refusal("Choisissez un domaine de la bibliothèque."))
    version = Version.objects.about(locked).in_force().get()
    row = Offer(indicator=locked, version=version, theme=theme)
    move(row, OfferVerb.OFFERED, by=by)
    return row


@event(Subject.FIGURES)
def accept(row: Offer, *, by: User | None = None) -> Offer:
    """Accept an offer: give it the next code of its theme, and its indicator that library code.
    Raise Refused unless it waits. ``by`` None: the host, by a command."""
    # One at a time: two would take the same code.
    locked = _lock_waiting(row)
    move(locked, OfferVerb.ACCEPTED, by=by, code=_next_code(locked.theme))
    Indicator.objects.filter(pk=locked.indicator_id).update(library_code=locked.code)
    return locked


@event(Subject.FIGURES)
def refuse(row: Offer, reason: str, *, by: User | None = None) -> Offer:
    """Refuse a waiting offer, for a reason that the coordination reads. Raise Refused."""
    if not reason.strip():
        raise Refused(Refusal("Un refus dit son motif."))
    locked = _lock_waiting(row)
    move(locked, OfferVerb.REFUSED, by=by, reason=reason)
    return locked


def _lock_waiting(row: Offer) -> Offer:
    """Lock all waiting offers, return this one as stored. Raise Refused if it was answered."""
    rows = list(Offer.objects.select_for_update(of=("self",)).waiting())
    waiting = next((offered for offered in rows if offered.pk == row.pk), None)
    if waiting is None:
        raise Refused(Refusal("Cet indicateur n’attend plus de réponse."))
    return waiting


def _next_code(theme: str) -> str:
    """Return the code after the last of the theme, in the file or accepted: « PE-12 »."""
    known = [entry.code for entry in library.library() if entry.theme == theme]
    prefix = known[0].partition("-")[0]
    known += Offer.objects.accepted().filter(theme=theme).values_list("code", flat=True)
    # Those of public statistics (SP) have a row of their own.
    taken = [int(code.partition("-")[2]) for code in known if code.startswith(f"{prefix}-")]
    return f"{prefix}-{max(taken) + 1:02}"


def all_entries() -> list[LibraryEntry]:
    """Return the file's entries in its order, then accepted offers by code; in one query."""
    rows = Offer.objects.accepted().select_related("version__convention", "indicator__provider")
    return [*library.library(), *(_entry_from_offer(row) for row in rows.order_by("code"))]


def entry_of(code: str) -> LibraryEntry | None:
    """Return the entry with this code, of the file or an accepted offer; None if there is none."""
    return next((entry for entry in all_entries() if entry.code == code), None)


def _entry_from_offer(row: Offer) -> LibraryEntry:
    """Return an accepted offer as an entry: the definition of the version offered, the parties as
    its source, the kind of its provider."""
    definition = Definition.of(row.version)
    source = Source("Définition convenue par les parties", str(row.version.convention))
    return LibraryEntry(
        code=row.code,
        title=definition.title,
        unit=definition.unit,
        kind=Kind(definition.kind),
        direction=Direction(definition.direction),
        calculation=Calculation(definition.calculation),
        theme=row.theme,
        source=row.indicator.provider.get_kind_display(),
        periodicity=Periodicity(definition.periodicity),
        documented=Documented(
            definition.definition, definition.numerator, definition.denominator,
            definition.available_month, definition.limits, (source,),
        ),
    )  # fmt: skip
