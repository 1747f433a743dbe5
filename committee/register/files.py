"""The register as a file: its columns, how many entries it may have, its name.

The page is no table of these columns: it shows each entry in four cells, with lights and links, as
cards on a telephone, and shortens reasons, where a file has them whole
(``committee.register.reading.Line``).
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.utils import timezone
from django.utils.text import slugify

from agreements.models import Agreement, Version, VersionTransition
from committee.dossiers.models import dossier_of
from committee.register.reading import signed_in
from committee.words import ACTS, capitalized, heading_of
from conventions.models import Convention
from ctg_portal.rules import Refusal
from ctg_portal.search.rows import fold
from ctg_portal.templatetags.french import long_date, number
from documents.tables import Column, Table

# By measure, a processor is busy 8 s with such a PDF, 13 s with the CSV, 25 s with the XLSX.
MOST = {"csv": 50_000, "xlsx": 50_000, "pdf": 500}
# As many entries of a spreadsheet take a second.
AT_ONCE = 2_000
LABELS = {"csv": "CSV", "xlsx": "tableur (XLSX)", "pdf": "PDF"}


def may_export(count: int, extension: str) -> Refusal | None:
    """Return why a file may not hold so many entries, or None."""
    most = MOST[extension]
    if count <= most:
        return None
    return Refusal(
        f"Un fichier {extension.upper()} contient au plus {number(most)} entrées, et cette "
        f"recherche en trouve {number(count)} : précisez-la, par exemple par une période."
    )


@dataclass(frozen=True)
class File:
    """A format of file. ``refusal``: why it cannot hold the entries of a search; ``is_drawn``:
    whether the worker draws it."""

    extension: str
    refusal: Refusal | None
    is_drawn: bool

    @property
    def label(self) -> str:
        return LABELS[self.extension]

    @property
    def limit(self) -> str:
        return f"{number(MOST[self.extension])} entrées au plus"


def files_of(count: int) -> list[File]:
    """Return all formats for a search with so many entries, each with its refusal if there are too
    many."""
    return [
        File(extension, may_export(count, extension), is_drawn(count, extension))
        for extension in MOST
    ]


def is_drawn(count: int, extension: str) -> bool:
    """Return whether the worker draws the file: a PDF always, others if they have many entries."""
    return extension == "pdf" or count > AT_ONCE


def register_table(
    title: str, rows: Iterable[Agreement | VersionTransition], extension: str,
    convention: Convention,
) -> Table:  # fmt: skip
    """Return the answers and acts as a table, read while it is written."""
    return Table.of(title, columns_of(extension), rows, list(_notes(convention)))


def columns_of(extension: str) -> list[Column]:
    """Return the columns of a file: gathered into few for a PDF."""
    return ON_PAPER if extension == "pdf" else COLUMNS


def _notes(convention: Convention) -> Iterator[str]:
    """Yield what a reader of the file alone must know: the day, what the signature validated, the
    digest."""
    now = timezone.localtime()
    yield f"{convention}. Extrait du registre le {long_date(now)} à {now:%H:%M}, heure de Paris."
    if signed := signed_in(convention):
        yield f"{signed} Ces textes ne figurent pas au registre."
    yield (
        "L’empreinte SHA-256 est celle du texte exact de la version, que la page de chaque "
        "réponse permet de télécharger."
    )


def file_name(convention: Convention) -> str:
    return f"registre-{convention.slug}-{timezone.localdate():%Y-%m-%d}"


def text_name(version: Version) -> str:
    """Return the file name of a version's text, in characters that are safe to type."""
    words = slugify(fold(version.title)).split("-")[:6]
    return f"{'-'.join(words)[:60] or 'texte'}-version-{version.number}.txt"


def label_version(version: Version) -> str:
    """Return « version 2 du 12 avril 2024 »."""
    return f"version {version.number} du {long_date(version.dated)}"


def _answer(entry: Agreement) -> Iterator[str]:
    """Yield the lines of the answer: what it is, contests or undoes, its assembly, its reason."""
    yield entry.label
    if entry.contests:
        what = "la demande saisie" if entry.contests.is_request else "l’accord saisi"
        yield f"Conteste {what} le {long_date(entry.contests.created_at)}"
    if entry.undoes:
        undone = entry.undoes.get_answer_display()
        yield f"Annule « {undone} » du {long_date(entry.undoes.created_at)}"
    if entry.is_undone:
        yield "Annulée dans les trente minutes"
    if entry.body:
        yield f"{entry.body}, {long_date(entry.body_date)}"
    if entry.reason:
        yield f"Motif : {entry.reason}"


def _person(entry: Agreement) -> Iterator[str]:
    """Yield who answered from which seat and, if recorded, how it was received and confirmed."""
    yield ", ".join(filter(None, [entry.person_name, entry.capacity]))
    yield f"Siège : {entry.get_seat_kind_display()}"
    if entry.is_recorded:
        how = f" {entry.get_channel_display()}" if entry.channel else ""
        received = f"Recueilli hors portail{how} le {long_date(entry.received_on)}"
        yield f"{received}, saisi par {entry.entered_by_name}"
        yield capitalized(entry.settlement)


def _about(row: Agreement | VersionTransition) -> str:
    """Return the point and its version."""
    version = row.version
    point = f"{heading_of(version)} – {version.title}\n{label_version(version)}"
    return f"{point}\nAprès le terme : {version.after_term}" if version.after_term else point


def _in_dossier(entry: Agreement) -> str:
    """Return the point and its version, and the dossier in which it was answered."""
    dossier = dossier_of(entry)
    return f"{_about(entry)}\nDossier : {dossier.title}" if dossier else _about(entry)


def _describe_act(act: VersionTransition) -> str:
    return "\n".join([ACTS[act.verb], *([f"Motif : {act.reason}"] if act.reason else [])])


def _describe_actor(act: VersionTransition) -> str:
    return ", ".join(filter(None, [act.by_name, act.capacity]))


def _value_of(answer: Callable, act: Callable = lambda act: ""):
    """Return a column's function: ``answer`` for an answer, ``act`` (empty) for an act."""
    return lambda row: answer(row) if isinstance(row, Agreement) else act(row)


COLUMNS = [
    Column("Date et heure", lambda row: row.created_at, "datetime"),
    Column("Organisme", _value_of(lambda e: e.organisation.name)),
    Column("Réponse ou acte", _value_of(lambda e: e.label, lambda act: ACTS[act.verb])),
    Column("Motif", lambda row: row.reason),
    Column("Instance", _value_of(lambda e: e.body)),
    Column("Date de l’instance", _value_of(lambda e: e.body_date), "date"),
    Column("Personne", _value_of(lambda e: e.person_name, lambda act: act.by_name)),
    Column("Qualité", lambda row: row.capacity),
    Column("Siège", _value_of(lambda e: e.get_seat_kind_display())),
    Column("Recueilli hors portail", _value_of(lambda e: e.is_recorded)),
    Column("Reçu le", _value_of(lambda e: e.received_on), "date"),
    Column("Saisi par", _value_of(lambda e: e.entered_by_name, lambda act: act.by_name)),
    Column("Confirmation", _value_of(lambda e: capitalized(e.settlement))),
    Column(
        "Conteste l’accord du",
        _value_of(lambda e: e.contests and e.contests.created_at),
        "datetime",
    ),
    Column(
        "Annule la réponse du", _value_of(lambda e: e.undoes and e.undoes.created_at), "datetime"
    ),
    Column(
        "Annulée le", _value_of(lambda e: e.undoing.created_at if e.is_undone else None), "datetime"
    ),
    Column("Dossier", _value_of(lambda e: (dossier := dossier_of(e)) and dossier.title)),
    Column("Nature du point", lambda row: heading_of(row.version)),
    Column("Point", lambda row: row.version.title),
    Column("Version", lambda row: row.version.number, "number"),
    Column("Version du", lambda row: timezone.localdate(row.version.dated), "date"),
    Column("Après le terme", lambda row: row.version.after_term),
    Column("Empreinte SHA-256 du texte", lambda row: row.version.digest),
]
# On paper the same, gathered: twenty columns would have no room.
ON_PAPER = [
    *COLUMNS[:2],
    Column("Réponse ou acte", _value_of(lambda e: "\n".join(_answer(e)), _describe_act)),
    Column("Personne et qualité", _value_of(lambda e: "\n".join(_person(e)), _describe_actor)),
    Column("Point et version", _value_of(_in_dossier, _about)),
    COLUMNS[-1],
]
