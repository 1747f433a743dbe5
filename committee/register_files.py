"""The register as a file: what its columns are, how many entries it holds, what it is called."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils import timezone
from django.utils.text import slugify

from committee.models import Agreement, Version, VersionTransition
from committee.reading import heading_of
from committee.register import ACTS, signed_in
from conventions.models import Convention
from ctg_portal.rules import Refusal
from ctg_portal.search import fold
from ctg_portal.templatetags.french import long_date, number
from documents.tables import Column, Table

# By measure, a processor is busy 8 s with such a PDF, 13 s with the CSV, 25 s with the XLSX.
MOST = {"csv": 50_000, "xlsx": 50_000, "pdf": 500}
LABELS = {"csv": "CSV", "xlsx": "tableur (XLSX)", "pdf": "PDF"}

COLUMNS = [
    Column("Date et heure", "datetime"),
    Column("Organisme"),
    Column("Réponse ou acte"),
    Column("Motif"),
    Column("Instance"),
    Column("Date de l’instance", "date"),
    Column("Personne"),
    Column("Qualité"),
    Column("Siège"),
    Column("Recueilli hors portail"),
    Column("Reçu le", "date"),
    Column("Saisi par"),
    Column("Contestable jusqu’au", "date"),
    Column("Conteste l’accord du", "datetime"),
    Column("Dossier"),
    Column("Nature du point"),
    Column("Point"),
    Column("Version", "number"),
    Column("Version du", "date"),
    Column("Empreinte SHA-256 du texte"),
]
# On paper the same, gathered: twenty columns would have no room.
ON_PAPER = [
    Column("Date et heure", "datetime"),
    Column("Organisme"),
    Column("Réponse ou acte"),
    Column("Personne et qualité"),
    Column("Point et version"),
    Column("Empreinte SHA-256 du texte"),
]


def may_export(count: int, extension: str) -> Refusal | None:
    """Whether a file holds that many entries."""
    most = MOST[extension]
    if count <= most:
        return None
    return Refusal(
        f"Un fichier {extension.upper()} contient au plus {number(most)} entrées, et cette "
        f"recherche en trouve {number(count)} : précisez-la, par exemple par une période."
    )


@dataclass(frozen=True)
class File:
    """A kind of file, and why it does not hold what was found."""

    extension: str
    refusal: Refusal | None

    @property
    def label(self) -> str:
        return LABELS[self.extension]

    @property
    def limit(self) -> str:
        return f"{number(MOST[self.extension])} entrées au plus"


def files_of(count: int) -> list[File]:
    return [File(extension, may_export(count, extension)) for extension in MOST]


def register_table(
    title: str, said: Iterable[Agreement | VersionTransition], extension: str,
    convention: Convention,
) -> Table:  # fmt: skip
    """The answers and acts as a table, read while it is written."""
    if extension == "pdf":
        columns, of_entry, of_act = ON_PAPER, _on_paper, _act_on_paper
    else:
        columns, of_entry, of_act = COLUMNS, _row, _row_of_act
    rows = (of_entry(one) if isinstance(one, Agreement) else of_act(one) for one in said)
    return Table(title, columns, rows, list(_notes(convention)))


def _notes(convention: Convention) -> Iterator[str]:
    """What a reader of the file alone must know."""
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
    """What the text of a version is called once saved: a name that is safe to type."""
    words = slugify(fold(version.title)).split("-")[:6]
    return f"{'-'.join(words)[:60] or 'texte'}-version-{version.number}.txt"


def _row(entry: Agreement) -> tuple:
    version = entry.version
    return (
        entry.created_at,
        entry.organisation.name,
        entry.get_answer_display(),
        entry.reason,
        entry.body,
        entry.body_date,
        entry.person_name,
        entry.capacity,
        entry.get_seat_kind_display(),
        entry.is_recorded,
        entry.received_on,
        entry.entered_by_name,
        entry.contestable_until,
        entry.contests and entry.contests.created_at,
        entry.dossier and entry.dossier.title,
        heading_of(version),
        version.title,
        version.number,
        timezone.localdate(version.dated),
        version.digest,
    )


def _row_of_act(act: VersionTransition) -> tuple:
    version = act.version
    known = {
        "Date et heure": act.created_at,
        "Réponse ou acte": ACTS[act.verb],
        "Motif": act.reason,
        "Personne": act.by_name,
        "Qualité": act.capacity,
        "Saisi par": act.by_name,
        "Nature du point": heading_of(version),
        "Point": version.title,
        "Version": version.number,
        "Version du": timezone.localdate(version.dated),
        "Empreinte SHA-256 du texte": version.digest,
    }
    empty = {"text": ""}
    return tuple(known.get(column.label, empty.get(column.kind)) for column in COLUMNS)


def _on_paper(entry: Agreement) -> tuple:
    version = entry.version
    return (
        entry.created_at,
        entry.organisation.name,
        "\n".join(_answer(entry)),
        "\n".join(_person(entry)),
        f"{heading_of(version)} – {version.title}\n{called(version)}"
        + (f"\nDossier : {entry.dossier.title}" if entry.dossier else ""),
        version.digest,
    )


def _act_on_paper(act: VersionTransition) -> tuple:
    version = act.version
    said = [ACTS[act.verb], *([f"Motif : {act.reason}"] if act.reason else [])]
    return (
        act.created_at,
        "",
        "\n".join(said),
        ", ".join(filter(None, [act.by_name, act.capacity])),
        f"{heading_of(version)} – {version.title}\n{called(version)}",
        version.digest,
    )


def called(version: Version) -> str:
    """« version 2 du 12 avril 2024 »."""
    return f"version {version.number} du {long_date(version.dated)}"


def _answer(entry: Agreement) -> Iterator[str]:
    yield entry.get_answer_display()
    if entry.contests:
        yield f"Conteste l’accord saisi le {long_date(entry.contests.created_at)}"
    if entry.body:
        yield f"{entry.body}, {long_date(entry.body_date)}"
    if entry.reason:
        yield f"Motif : {entry.reason}"


def _person(entry: Agreement) -> Iterator[str]:
    yield ", ".join(filter(None, [entry.person_name, entry.capacity]))
    yield f"Siège : {entry.get_seat_kind_display()}"
    if entry.is_recorded:
        yield (
            f"Recueilli hors portail le {long_date(entry.received_on)}, "
            f"saisi par {entry.entered_by_name}, contestable jusqu’au "
            f"{long_date(entry.contestable_until)}"
        )
