"""The register as pages and files read it: answers, acts on versions, the heading of a search."""

import datetime
import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.contrib.contenttypes.prefetch import GenericPrefetch
from django.db.models import BooleanField, Count, Q, Value
from django.template.loader import render_to_string
from django.utils import timezone

from agreements.answers.lights import Point, sign_of
from agreements.commitments.commitment import by_kind, commitments
from agreements.models import (
    WITH_ATTACHMENTS,
    Agreement,
    Answer,
    ConfirmationWay,
    Version,
    VersionTransition,
    VersionVerb,
)
from agreements.versions.models import read_subjects
from committee.words import ACTS, capitalized, heading_of
from conventions.models import Convention, Organisation, Party
from ctg_portal.marks.cache import cached
from ctg_portal.marks.models import Subject
from ctg_portal.templatetags.french import enumerate_words, long_date, plural

# Acts on a version itself; the rest of its history follows from the answers.

# The nouns for a number of entries, and the heading without any.
CALLED = {
    Answer.AGREED: ("accord,accords", "Aucun accord"),
    Answer.CHANGE_REQUESTED: (
        "demande de modification,demandes de modification", "Aucune demande de modification"),
    Answer.DELIBERATION: (
        "délibération annoncée,délibérations annoncées", "Aucune délibération annoncée"),
    Answer.AGENDA: (
        "demande d’inscription à l’ordre du jour,demandes d’inscription à l’ordre du jour",
        "Aucune demande d’inscription à l’ordre du jour"),
    Answer.RETRACTED: ("accord retiré,accords retirés", "Aucun accord retiré"),
    Answer.CONTESTED: ("accord contesté,accords contestés", "Aucun accord contesté"),
    Answer.FAVOURABLE: ("avis favorable,avis favorables", "Aucun avis favorable"),
    Answer.RESERVED: ("avis réservé,avis réservés", "Aucun avis réservé"),
    Answer.UNFAVOURABLE: ("avis défavorable,avis défavorables", "Aucun avis défavorable"),
    Answer.UNDONE: ("réponse annulée,réponses annulées", "Aucune réponse annulée"),
    VersionVerb.PROPOSED: ("version proposée,versions proposées", "Aucune version proposée"),
    VersionVerb.WITHDRAWN: ("version retirée,versions retirées", "Aucune version retirée"),
}  # fmt: skip
DOUBTFUL = {
    "pending": "réponse à confirmer,réponses à confirmer",
    "contested": "réponse contestée,réponses contestées",
    "refused": "réponse démentie,réponses démenties",
    "undone": "réponse annulée,réponses annulées",
}
ANSWER = ("réponse,réponses", "Aucune réponse")
ANY = ("entrée,entrées", "Aucune entrée")
READ_AT_ONCE = 2000

# The predicate of a sentence about the organisation, or about the person for an avis.
DONE = {
    Answer.AGREED: "a donné son accord",
    Answer.CHANGE_REQUESTED: "a demandé une modification",
    Answer.DELIBERATION: "a annoncé une délibération",
    Answer.AGENDA: "a demandé l’inscription à l’ordre du jour",
    Answer.RETRACTED: "a retiré son accord",
    Answer.CONTESTED: "a contesté l’accord saisi en son nom",
    Answer.FAVOURABLE: "a donné un avis favorable",
    Answer.RESERVED: "a donné un avis réservé",
    Answer.UNFAVOURABLE: "a donné un avis défavorable",
    Answer.UNDONE: "a annulé sa réponse",
}


def with_lines(rows):
    """Return a queryset of answers or acts with what a line of the register shows. Long texts are
    deferred: a line names the version, not its content."""
    related = ["version"]
    if rows.model is Agreement:
        related += ["organisation", "contests", "confirmation", "dossier_answer__dossier"]
        related += ["undoes", "undoing"]
    long_texts = ["version__text", "version__search_text", "search_text"]
    rows = rows.select_related(*related).defer(*long_texts)
    return rows.prefetch_related("contestations") if rows.model is Agreement else rows


def keys_of(listing):
    """Return the filtered answers and acts, the latest first, as (when, key, is an act) rows."""
    answers, acts = (
        rows.order_by()
        .annotate(is_act=Value(is_act, output_field=BooleanField()))
        .values_list("created_at", "pk", "is_act")
        for rows, is_act in ((listing.qs, False), (listing.acts, True))
    )
    return answers.union(acts, all=True).order_by("-created_at", "-pk")


@cached(*Subject)
def drawn_lines(
    convention: Convention, keys: tuple[tuple[int, bool], ...], *, is_open: bool
) -> str:
    """Return answers and acts, by their keys and whether each is an act, as HTML: by day, then by
    point, in their order; unfolded where ``is_open``.

    The keys come from a search within the convention: only these rows are read whole, however many
    were sorted.
    """
    # Both are queried, with a key that no row has: a page costs the same whatever it shows.
    entries, acts = (
        with_lines(model.objects.all()).in_bulk([0, *(pk for pk, act in keys if act == is_act)])
        for model, is_act in ((Agreement, False), (VersionTransition, True))
    )
    lines = [Line(None, acts[pk]) if is_act else Line(entries[pk]) for pk, is_act in keys]
    read_subjects(line.version for line in lines)
    days: dict[datetime.date, dict[int, list[Line]]] = {}
    for line in lines:
        days.setdefault(line.day, {}).setdefault(line.version.pk, []).append(line)
    context = {
        "days": [
            (day, [(of_one[0].version, of_one) for of_one in points.values()])
            for day, points in days.items()
        ],
        "convention": convention,
        "is_open": is_open,
    }
    return render_to_string("committee/register/list.html", context)


def read(listing) -> Iterator[Agreement | VersionTransition]:
    """Yield the answers and acts of a filter, the latest first, read some thousands at a time."""
    querysets = (
        with_lines(rows).order_by("-created_at", "-pk").iterator(chunk_size=READ_AT_ONCE)
        for rows in (listing.qs, listing.acts)
    )
    merged = heapq.merge(*querysets, key=lambda row: row.created_at, reverse=True)
    while chunk := list(islice(merged, READ_AT_ONCE)):
        read_subjects(row.version for row in chunk)
        yield from chunk


def title_of(count: int, asked: dict | None, convention: Convention, answers=None) -> str:
    """Return the heading of a search: « 128 entrées au registre », « 3 réponses de la Caf depuis le
    1er mars 2024 ». Where one kind of answer is asked for, those of ``answers`` that do not count
    are counted apart."""
    if asked is None:
        return "Registre : la recherche est à corriger"
    default_nouns = ANSWER if asked.get("organisme") else ANY
    forms, none = CALLED.get(asked.get("reponse"), default_nouns)
    apart = _doubtful(answers) if answers is not None and asked.get("reponse") in DONE else {}
    count -= sum(apart.values())
    counted = plural(count, forms) if count else none
    heading = f"{counted} {_asked_words(asked, convention) or 'au registre'}"
    return ", ".join(
        [heading, *(plural(many, DOUBTFUL[how]) for how, many in apart.items() if many)]
    )


def _doubtful(answers) -> dict[str, int]:
    """Return how many of the answers do not count, by the reason. Twin: ``Agreement.label``."""
    is_denied = Q(contestations__isnull=False)
    is_pending = Q(is_recorded=True, confirmation__isnull=True) & ~is_denied
    return answers.order_by().aggregate(
        pending=Count("pk", filter=is_pending),
        contested=Count("pk", filter=is_denied),
        refused=Count("pk", filter=Q(confirmation__way=ConfirmationWay.REFUSED)),
        undone=Count("pk", filter=Q(undoing__isnull=False)),
    )


def _asked_words(asked: dict, convention: Convention) -> str:
    """Return the filter in words, without its kind of answer; empty for no filter."""
    parts = []
    if organisation := asked.get("organisme"):
        parts.append(organisation.genitive)
    if kind := asked.get("nature"):
        parts.append(f"({by_kind(kind).word(convention).singular})")
    if version := asked.get("point"):
        parts.append(f"sur « {version.title} »")
    if period := _period(asked.get("du"), asked.get("au")):
        parts.append(period)
    if words := asked.get("mots"):
        parts.append(f"avec « {words} »")
    return " ".join(parts)


def _period(since, until) -> str:
    """Return « du 1er mars au 2 mai », or only one end; empty for none."""
    if since and until:
        if since == until:
            return f"le {long_date(since)}"
        return f"du {long_date(since)} au {long_date(until)}"
    if since:
        return f"depuis le {long_date(since)}"
    return f"jusqu’au {long_date(until)}" if until else ""


@dataclass(frozen=True)
class Line:
    """A line of the register: an entry, or an act of the coordination on a version."""

    entry: Agreement | None
    act: VersionTransition | None = None

    @property
    def row(self) -> Agreement | VersionTransition:
        row: Any = self.entry or self.act
        return row

    @property
    def version(self) -> Version:
        return self.row.version

    @property
    def day(self) -> datetime.date:
        return timezone.localdate(self.row.created_at)

    @property
    def heading(self) -> str:
        return heading_of(self.version)

    @property
    def sign(self) -> str:
        return sign_of(self.entry)

    @property
    def word(self) -> str:
        return ACTS[self.act.verb] if self.act else self.entry.label


def sentence_of(entry: Agreement) -> str:
    """Return « La Caf de la Vienne a donné son accord »."""
    personal = entry.is_opinion or entry.answer in (Answer.CONTESTED, Answer.UNDONE)
    who = entry.person_name if personal else entry.organisation.the
    return f"{capitalized(who)} {describe_done(entry)}"


def describe_done(entry: Agreement) -> str:
    """Return what the organisation, or the person, has done. For an answer that is unconfirmed,
    denied or undone, it says that."""
    if entry.denies_request:
        return "a contesté la demande de modification saisie en son nom"
    recorded = "la demande de modification saisie" if entry.is_request else "l’accord saisi"
    if entry.is_undone:
        return f"a annulé sa réponse « {entry.get_answer_display()} »"
    if entry.is_contested:
        return f"a contesté {recorded} en son nom"
    if entry.is_refused:
        return f"a démenti {recorded} en son nom"
    if entry.is_pending:
        return f"n’a pas encore confirmé {recorded} en son nom"
    return DONE[entry.answer]


@dataclass(frozen=True)
class Signed:
    """The texts that need no entry, since every party has signed them."""

    count: int
    on: datetime.date
    organisations: list[Organisation]

    def __str__(self):
        """Return « 47 textes sont validés par la signature du 3 mai 2019, entre la Caf et … »."""
        texts = plural(self.count, "texte est validé,textes sont validés")
        names = enumerate_words(organisation.the for organisation in self.organisations)
        return f"{texts} par la signature du {long_date(self.on)}, entre {names}."


@cached(Subject.COMMITTEE, Subject.TEXT)
def signed_in(convention: Convention) -> Signed | None:
    """Return the texts validated by the signature; None before it, or where no such text is in
    force."""
    count = Version.objects.of(convention).signed().in_force().count()
    if not convention.is_signed or not count:
        return None
    parties = Party.objects.of(convention).select_related("organisation")
    return Signed(count, convention.signed_on, [party.organisation for party in parties])


def whole_entries_of(convention: Convention):
    """Return the entries of a convention with all that the page of one shows."""
    rows = [commitment.subjects() for commitment in commitments()]
    return (
        Agreement.objects.of(convention)
        .select_related(
            "version__convention", "organisation", "seat", "delegation__seat", "delegation__act",
            "contests", "dossier_answer__dossier", "undoes", "undoing",
        )
        .prefetch_related(
            WITH_ATTACHMENTS, "contestations", GenericPrefetch("version__subject", rows)
        )
    )  # fmt: skip


def standing_after(entry: Agreement, point: Point) -> Agreement | None:
    """Return the last entry of the same organisation where ``entry`` is no longer it, else None."""
    last = point.last_answers.get(entry.organisation_id)
    is_out = entry.is_opinion or entry.undoes_id is not None
    return None if is_out or last is None or last == entry else last
