"""Parts of the archive that the convention itself brings: text, parties, territory, accesses,
logos."""

import datetime
from collections.abc import Iterator

from accounts.models import User
from conventions.access.files import COLUMNS as ACCESSES
from conventions.access.models import Membership
from conventions.access.reading import lines_for
from conventions.legal.convention import Convention
from conventions.legal.reading import read_structure, text_as_read
from conventions.legal.text import Annex, Article
from conventions.parties.models import Organisation, Party
from conventions.territory.files import columns_of_communes
from conventions.territory.models import Coverage
from ctg_portal.templatetags.french import long_date
from documents.archives.parts import ArchivedFile, Part, Tables, Text
from documents.tables import Column, Table

PARTIES = (
    Column("Organisme", lambda row: row.name),
    Column("Sigle", lambda row: row.acronym),
    Column("Nature", lambda row: row.get_kind_display()),
    Column("SIREN", lambda row: row.siren),
    Column("Signe la convention", lambda row: hasattr(row, "party")),
    Column("Adresse électronique officielle", lambda row: row.email),
    Column("Mention de source", lambda row: row.source),
)


def convention_parts(convention: Convention, user: User, today: datetime.date) -> Iterator[Part]:
    """Yield the text, tables of organisations, communes and accesses, and the logos."""
    day = convention.reading_day(today)
    yield Text("convention/texte.md", text_of(convention, day), "le texte de la convention")
    organisations = Organisation.objects.filter(convention=convention)
    organisations = organisations.select_related("party").order_by("party__rank", "acronym")
    yield Tables.of(
        "organismes", "les parties et les autres organismes",
        [Table.of("Organismes", PARTIES, organisations)],
    )  # fmt: skip
    communes = Coverage.objects.of(convention).perimeter(day)
    communes = communes.select_related("commune", "sector")
    yield Tables.of(
        "communes",
        "les communes du territoire",
        [Table.of("Communes", columns_of_communes(convention.words), communes)],
    )
    members = list(Membership.objects.active().of(convention).by_organisation())
    for member in members:
        member.organisation.convention = convention
    accesses = [Table.of("Accès", ACCESSES, lines_for(user, members))]
    yield Tables.of("acces", "qui a accès au portail", accesses)
    for party in Party.objects.of(convention).with_logo().select_related("organisation"):
        path = f"convention/logos/{party.rank}.png"
        logo = ArchivedFile.from_field(path, party.logo, f"logo : {party.organisation.name}")
        if logo:
            yield logo


def text_of(convention: Convention, day: datetime.date | None) -> str:
    """Return the text in force on ``day`` (None: of the project), as Markdown: preamble, articles,
    the axes with their themes and objectives, annexes."""
    words = convention.words
    signed = f"Signée le {long_date(convention.signed_on)}. " if convention.signed_on else ""
    version = f"Texte tel qu’il est en vigueur le {long_date(day)}." if day else "Texte du projet."
    dates = f"{signed}Elle prend fin le {long_date(convention.end)}. {version}"
    blocks = [f"# {convention}", dates]
    if convention.preamble:
        blocks += ["## Préambule", convention.preamble]
    for article in text_as_read(convention, day, Article):
        blocks += [f"## Article {article.number} : {article.title}", article.text]
    for axis in read_structure(convention, day).axes:
        blocks += [f"## {words.axis.title} {axis.mark} : {axis.title}"]
        for theme in axis.themes_read:
            blocks += [f"### {theme.title}"] if theme.title else []
            for orientation in theme.orientations:
                below = [f"  - {sub.title}" for sub in orientation.sub_objectives_read]
                blocks += ["\n".join([f"- {orientation.title}", *below])]
    for annex in text_as_read(convention, day, Annex):
        blocks += [f"## Annexe {annex.number} : {annex.title}", annex.text]
    return "\n\n".join(part.strip("\n") for part in blocks if part) + "\n"
