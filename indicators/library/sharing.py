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
    """Return why a user may not offer an indicator to the library, or None: whoever coordinates its
    convention may, once it is agreed."""
    if not coordinates(user, indicator.convention):
        return Refusal("La coordination propose un indicateur pour la bibliothèque.")
    if not indicator.is_agreed:
        return NOT_AGREED
    if indicator.library_code:
        return FROM_THERE
    return OFFERED if indicator.offers.exclude(state=OfferState.REFUSED).exists() else None


@event(Subject.FIGURES)
def offer(indicator: Indicator, theme: str, *, by: User) -> Offer:
    """Offer an indicator as it is in force, under a ``theme`` of the library. Raises Refused."""
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
    """Take an offer into the library, under the next code of its theme; its own convention follows
    the indicator under that code from now on. Raises Refused."""
    # One at a time: two would take the same code.
    locked = _lock_waiting(row)
    move(locked, OfferVerb.ACCEPTED, by=by, code=_next_code(locked.theme))
    Indicator.objects.filter(pk=locked.indicator_id).update(library_code=locked.code)
    return locked


@event(Subject.FIGURES)
def refuse(row: Offer, reason: str, *, by: User | None = None) -> Offer:
    """Refuse an offer, for a reason that the coordination reads. Raises Refused."""
    if not reason.strip():
        raise Refused(Refusal("Un refus dit son motif."))
    locked = _lock_waiting(row)
    move(locked, OfferVerb.REFUSED, by=by, reason=reason)
    return locked


def _lock_waiting(row: Offer) -> Offer:
    rows = list(Offer.objects.select_for_update(of=("self",)).waiting())
    waiting = next((one for one in rows if one.pk == row.pk), None)
    if waiting is None:
        raise Refused(Refusal("Cet indicateur n’attend plus de réponse."))
    return waiting


def _next_code(theme: str) -> str:
    """Return « PE-12 », the code after the last of the theme."""
    known = [entry.code for entry in library.library() if entry.theme == theme]
    prefix = known[0].partition("-")[0]
    known += Offer.objects.accepted().filter(theme=theme).values_list("code", flat=True)
    # Those of public statistics (SP) have a row of their own.
    taken = [int(code.partition("-")[2]) for code in known if code.startswith(f"{prefix}-")]
    return f"{prefix}-{max(taken) + 1:02}"


def all_entries() -> list[LibraryEntry]:
    """Return every entry, in one query: those of the file, then those that conventions gave."""
    rows = Offer.objects.accepted().select_related("version__convention", "indicator__provider")
    return [*library.library(), *(_entry(row) for row in rows.order_by("code"))]


def entry_of(code: str) -> LibraryEntry | None:
    """Return the entry that has a code, of the file or given by a convention; None without one."""
    return next((entry for entry in all_entries() if entry.code == code), None)


def _entry(row: Offer) -> LibraryEntry:
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
