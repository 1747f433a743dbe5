"""The committee's part of the archive of a convention: the register, the exact texts that were
answered with their proofs, the composition, comments, and meetings."""

import datetime
from collections.abc import Iterator

from django.http import QueryDict

from accounts.models import User
from agreements.models import Agreement, Attachment, Delegation, Seat, Version
from agreements.seats.voices import bench_of
from committee.comments.models import Comment
from committee.composition.files import seat_columns
from committee.dossiers.models import Dossier
from committee.elections.models import Renewal, RenewalLine
from committee.meetings.decisions.files import DECISIONS
from committee.meetings.decisions.models import Decision
from committee.meetings.minutes.commitments import MinutesCommitment
from committee.meetings.minutes.models import MinutesText, state_of
from committee.meetings.models import AgendaDocument, AgendaItem, Attendee, Meeting
from committee.register import files, reading
from committee.register.filters import EntryFilter
from committee.signing.models import Signing, SigningConfirmation
from committee.words import heading_of
from conventions.models import Convention
from documents.archives.parts import ArchivedFile, LeftOut, Part, Tables, Text
from documents.tables import Column, Table


def _path(version: Version) -> str:
    return f"accords/{version.pk}-{files.text_name(version)}"


VERSIONS = (
    Column("Fichier", _path),
    Column("Nature", heading_of),
    Column("Point", lambda version: version.title),
    Column("Version", lambda version: version.number, "number"),
    Column("Du", lambda version: version.dated, "date"),
    Column("État", lambda version: version.get_state_display()),
    Column("Auteur", lambda version: version.author_name),
    Column("Empreinte SHA-256", lambda version: version.digest),
)
COMMENTS = (
    Column("Point", lambda comment: comment.version.title),
    Column("Version", lambda comment: comment.version.number, "number"),
    Column("Nom", lambda comment: comment.person_name),
    Column("Qualité", lambda comment: comment.capacity),
    Column("Écrit le", lambda comment: comment.created_at, "datetime"),
    Column("Commentaire", lambda comment: comment.text),
)
DOSSIERS = (
    Column("Dossier", lambda dossier: dossier.title),
    Column("État", lambda dossier: dossier.get_state_display()),
    Column("Envoyé par", lambda dossier: dossier.sent_by_name),
    Column("Envoyé le", lambda dossier: dossier.sent_at, "datetime"),
    Column("Réponse attendue le", lambda dossier: dossier.answer_by, "date"),
    Column("Complet le", lambda dossier: dossier.completed_at, "datetime"),
    Column("Message", lambda dossier: dossier.message),
)
SIGNINGS = (
    Column("Signée le", lambda signing: signing.signed_on, "date"),
    Column("Signée à", lambda signing: signing.signed_at),
    Column("Enregistrée par", lambda signing: signing.recorded_by_name),
    Column("Enregistrée le", lambda signing: signing.recorded_at, "datetime"),
    Column("Retirée le", lambda signing: signing.withdrawn_at, "datetime"),
    Column("Confirmée le", lambda signing: signing.confirmed_at, "datetime"),
    Column("Document signé", lambda signing: signing.scan.name),
    Column("Empreinte SHA-256", lambda signing: signing.scan.sha256),
)
CONFIRMATIONS = (
    Column("Pour", lambda row: row.organisation.name if row.organisation else "l’hébergeur"),
    Column("Par", lambda row: row.by_name),
    Column("Qualité", lambda row: row.capacity),
    Column("Confirmée le", lambda row: row.confirmed_at, "datetime"),
)
RENEWALS = (
    Column("Organisme", lambda line: line.renewal.organisation.name),
    Column("Conseil installé le", lambda line: line.renewal.installed_on, "date"),
    Column("Délibération du", lambda line: line.renewal.deliberated_on, "date"),
    Column("Confirmée le", lambda line: line.renewal.confirmed_at, "datetime"),
    Column("Siège", lambda line: line.seat.name),
    Column("Devient", lambda line: line.get_outcome_display()),
    Column("Qui vient", lambda line: line.name),
    Column("Sa qualité", lambda line: line.capacity),
)


MEETINGS = (
    Column("Instance", lambda meeting: meeting.body.name),
    Column("Jour", lambda meeting: meeting.day, "date"),
    Column("De", lambda meeting: f"{meeting.begins_at:%H:%M}"),
    Column("À", lambda meeting: f"{meeting.ends_at:%H:%M}"),
    Column("Lieu", lambda meeting: meeting.place),
    Column("État", lambda meeting: meeting.get_state_display()),
)
AGENDA = (
    Column("Instance", lambda item: item.meeting.body.name),
    Column("Jour", lambda item: item.meeting.day, "date"),
    Column("Rang", lambda item: item.rank, "number"),
    Column("Point", lambda item: item.title),
    Column("Objet", lambda item: item.get_kind_display()),
    Column("Minutes", lambda item: item.minutes, "number"),
    Column("Présenté par", lambda item: item.presenter),
    Column("Note", lambda item: item.note),
)


def minutes_path(frozen: MinutesText) -> str:
    """Return the path of a frozen text of minutes in the archive."""
    return f"comptes-rendus/{frozen.minutes.meeting.day}-{frozen.pk}.json"


MINUTES = (
    Column("Fichier", lambda row: minutes_path(row[0])),
    Column("Réunion", lambda row: str(row[0].minutes.meeting)),
    Column("Figé le", lambda row: row[0].frozen_at, "datetime"),
    Column("Empreinte SHA-256", lambda row: row[0].digest),
    Column("État", lambda row: row[1]),
)
ATTENDEES = (
    Column("Instance", lambda attendee: attendee.meeting.body.name),
    Column("Jour", lambda attendee: attendee.meeting.day, "date"),
    Column("Nom", lambda attendee: attendee.name),
    Column("Qualité", lambda attendee: attendee.capacity),
    Column("Organisme", lambda attendee: attendee.organisation),
    Column("Réponse", lambda attendee: attendee.get_reply_display() or "n’a pas répondu"),
    Column("Pouvoir à", lambda attendee: attendee.proxy),
    Column("Présent", lambda attendee: {True: "oui", False: "non"}.get(attendee.is_present, "")),
)


def _minutes_parts(convention: Convention) -> Iterator[Part]:
    """Yield the table of the frozen minutes, each approved, submitted, or replaced by another text,
    and their exact texts."""
    kind = MinutesCommitment.kind
    states = {
        (row.object_id, row.content["digest"]): str(state_of(row).label)
        for row in Version.objects.of(convention).live().filter(kind=kind)
    }
    texts = MinutesText.objects.filter(minutes__meeting__convention=convention)
    rows = [
        (text, states.get((text.minutes_id, text.digest), "remplacé"))
        for text in texts.select_related("minutes__meeting__body").order_by("pk")
    ]
    yield Tables.of(
        "comptes-rendus", "les comptes rendus soumis aux parties, avec leur texte exact",
        [Table.of("Comptes rendus", MINUTES, rows)],
    )  # fmt: skip
    for text, _state in rows:
        yield Text(minutes_path(text), text.text, f"texte exact, {text.minutes}")


def committee_parts(convention: Convention, user: User, today: datetime.date) -> Iterator[Part]:
    """Yield the parts of the archive: the register, the numbered versions with their exact texts,
    seats, dossiers and comments, then the documents."""
    listing = EntryFilter(
        QueryDict(), queryset=Agreement.objects.of(convention), convention=convention
    )
    yield Tables.of(
        "registre", "le registre : qui a proposé, qui a répondu quoi, avec les empreintes",
        [Table.of("Registre", files.columns_of("xlsx"), reading.read(listing))],
    )  # fmt: skip
    versions = list(Version.objects.of(convention).numbered().with_subjects().order_by("pk"))
    yield Tables.of(
        "versions", "toutes les versions proposées, et le fichier de leur texte exact",
        [Table.of("Versions", VERSIONS, versions)],
    )  # fmt: skip
    for version in versions:
        yield Text(_path(version), version.text, f"texte exact, {files.label_version(version)}")
    bench = bench_of(convention, today)
    yield Tables.of(
        "comite", "qui siège, ce qui s’est dit à côté des réponses",
        [
            Table.of("Composition", seat_columns(), bench.seats),
            Table.of(
                "Après les élections", RENEWALS,
                RenewalLine.objects.filter(renewal__in=Renewal.objects.of(convention))
                .select_related("renewal__organisation", "seat").order_by("renewal", "pk"),
            ),
            Table.of(
                "Signature", SIGNINGS,
                Signing.objects.of(convention).select_related("scan").order_by("pk"),
            ),
            Table.of(
                "Signature confirmée", CONFIRMATIONS,
                SigningConfirmation.objects.filter(signing__convention=convention)
                .select_related("organisation").order_by("pk"),
            ),
            Table.of("Dossiers", DOSSIERS, Dossier.objects.of(convention).order_by("pk")),
            Table.of(
                "Commentaires", COMMENTS,
                Comment.objects.filter(version__convention=convention)
                .select_related("version").order_by("pk"),
            ),
        ],
    )  # fmt: skip
    items = AgendaItem.objects.filter(meeting__convention=convention)
    attendees = Attendee.objects.of(convention)
    yield Tables.of(
        "reunions", "les réunions, leur ordre du jour, qui y est convoqué, ce qui y est décidé",
        [
            Table.of("Réunions", MEETINGS, Meeting.objects.of(convention).with_body()),
            Table.of(
                "Décisions", DECISIONS,
                Decision.objects.of(convention).select_related("owner", "meeting__body", "item"),
            ),
            Table.of("Ordres du jour", AGENDA, items.select_related("meeting__body")),
            Table.of(
                "Personnes convoquées", ATTENDEES,
                attendees.select_related("meeting__body", "organisation", "proxy"),
            ),
        ],
    )  # fmt: skip
    yield from _minutes_parts(convention)
    yield from _proofs(convention)


def _proofs(convention: Convention) -> Iterator[Part]:
    """Yield the documents attached to answers, seats and delegations; an erased one as left out."""
    attachments = Attachment.objects.of(convention).select_related("document").order_by("pk")
    renewals = Renewal.objects.of(convention).with_act()
    acts = [
        *((renewal.act, f"délibération : {renewal}") for renewal in renewals),
        *((signing.scan, f"convention signée le {signing.signed_on}") for signing in
          Signing.objects.of(convention).select_related("scan").order_by("pk")),
        *((attachment.document, "pièce d’une réponse") for attachment in attachments),
        *((seat.act, f"délibération : {seat.name}") for seat in
          Seat.objects.of(convention).with_act().exclude(act__in=renewals.values("act"))),
        *((delegation.act, f"acte de délégation : {delegation.name}") for delegation in
          Delegation.objects.of(convention).with_act().select_related("act")),
        *((attached.document, f"ordre du jour : {attached.item.title}") for attached in
          AgendaDocument.objects.filter(item__meeting__convention=convention)
          .select_related("document", "item").order_by("pk")),
    ]  # fmt: skip
    for document, what in acts:
        if document.erased_at:
            yield LeftOut(document.name, "il a été effacé à la demande d’une personne concernée")
        else:
            yield ArchivedFile.of("documents/accords", document, what)
