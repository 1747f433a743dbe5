"""The minutes of a meeting as PDF and Word, and the sheet that people sign there as PDF, which the
worker draws."""

from collections import defaultdict
from dataclasses import dataclass

from django.urls import reverse

from accounts.models import User
from committee.meetings.documents import find_meeting_of
from committee.meetings.minutes.content import MinutesContent
from committee.meetings.minutes.models import Minutes, MinutesState, minutes_of
from committee.meetings.minutes.reading import frozen_text, shown_minutes
from committee.meetings.minutes.rights import may_read_minutes
from committee.meetings.minutes.word import draw_minutes
from committee.meetings.models import Meeting
from committee.meetings.rights import NO_DAY, may_manage_meetings
from committee.meetings.words import describe_when
from conventions.documents import ConventionDocument
from conventions.models import Convention, Party
from ctg_portal.rules import Refusal, Refused, enforce
from ctg_portal.templatetags.french import long_date
from documents.drawing.kinds import Asked, Drawn
from documents.logos.carried import logo_data_url
from documents.pdf import draw_pdf, render_html
from documents.uploads import clean_name

NOBODY = Refusal("Personne n’est convoqué : il n’y a pas de feuille d’émargement.")
# So many lines are left blank for who comes without being convened.
BLANK_LINES = 5


class MinutesDocument(ConventionDocument):
    """The minutes of a meeting (``pk``) as pdf or docx (``extension``)."""

    name = "committee.minutes"

    def readers(self, convention: Convention, parameters: dict, user: User) -> str | None:
        """Return « members », or « coordination » for a draft; None for who may not read them."""
        meeting = find_meeting_of(convention, parameters["pk"])
        if meeting is None or parameters["extension"] not in ("pdf", "docx"):
            return None
        minutes = minutes_of(meeting)
        if may_read_minutes(user, minutes):
            return None
        return "coordination" if minutes.state == MinutesState.DRAFTED else "members"

    def ask_of(self, convention: Convention, parameters: dict, user: User, audience: str) -> Asked:
        """Return what the minutes say, and what has become of them."""
        meeting = find_meeting_of(convention, parameters["pk"])
        if meeting is None:
            raise Refused(NO_DAY)
        minutes, extension = minutes_of(meeting), parameters["extension"]
        content = shown_minutes(minutes)
        return Asked(
            title=content.title,
            name=clean_name(f"compte-rendu-{meeting.day}-{convention.slug}.{extension}"),
            audience=audience,
            origin=reverse("committee:minutes", args=[convention.slug, meeting.pk]),
            content=[content, describe_status(minutes), extension],
        )

    def write(self, asked: Asked, row):
        """Return the HTML of the PDF, or the bytes of the Word document."""
        content, status, extension = asked.content
        parties = _parties(int(row.scope))
        if extension == "docx":
            logos = [(party.organisation.name, party.logo) for party in parties]
            return draw_minutes(content, logos, status)
        return write_minutes(content, status, parties)

    def draw(self, written, asked: Asked, row) -> Drawn:
        """Return the Word document as it is, or draw the PDF."""
        content, _status, extension = asked.content
        if extension == "docx":
            return Drawn(written)
        return draw_pdf(written, title=asked.title, date=content.date)


def write_minutes(content: MinutesContent, status: str, parties: list[Party]) -> str:
    """Return the HTML of minutes for a PDF."""
    logos = [(party.organisation.name, logo_data_url(party.logo)) for party in parties]
    return render_html(
        "committee/meetings/pdf/minutes.html",
        {"content": content, "status": status, "parties": logos},
        title=content.title,
    )


def draw_approved_minutes(minutes: Minutes) -> bytes:
    """Return approved minutes as PDF, for who is written to."""
    content = shown_minutes(minutes)
    html = write_minutes(content, describe_status(minutes), _parties(minutes.meeting.convention_id))
    drawn = draw_pdf(html, title=content.title, date=content.date)
    return bytes(drawn.content)


def describe_status(minutes: Minutes) -> str:
    """Return what has become of minutes, with the digest of their text once it is frozen."""
    version, frozen = minutes.version, frozen_text(minutes)
    if version is None or frozen is None:
        return "Projet, en rédaction : ce compte rendu n’est pas soumis."
    digest = f"Empreinte SHA-256 du texte : {frozen.digest}."
    if version.is_in_force:
        return f"Approuvé le {long_date(version.in_force_at)}. {digest}"
    return f"Soumis à l’approbation le {long_date(version.proposed_at)}. {digest}"


@dataclass(frozen=True)
class SheetToSign:
    """The sheet that people sign at a meeting: names with their capacity, by organisation."""

    convention: str
    body: str
    when: str
    place: str
    groups: list[tuple[str, list[tuple[str, str]]]]


class SheetToSignDocument(ConventionDocument):
    """The sheet to sign at a meeting (``pk``), for who prepares it."""

    name = "committee.sheet_to_sign"

    def readers(self, convention: Convention, parameters: dict, user: User) -> str | None:
        """Return « coordination »; None for others, and for no meeting of the convention."""
        meeting = find_meeting_of(convention, parameters["pk"])
        if meeting is None or may_manage_meetings(user, convention):
            return None
        return "coordination"

    def ask_of(self, convention: Convention, parameters: dict, user: User, audience: str) -> Asked:
        """Return the request of a sheet that names who was convened, by group, and the day. Raises
        Refused where the meeting has no day or nobody was convened."""
        meeting = find_meeting_of(convention, parameters["pk"])
        if meeting is None or meeting.day is None:
            raise Refused(NO_DAY)
        sheet = read_sheet_to_sign(meeting)
        enforce(None if sheet.groups else NOBODY)
        return Asked(
            title=f"Feuille d’émargement : {meeting}",
            name=clean_name(f"emargement-{meeting.day}-{convention.slug}.pdf"),
            audience=audience,
            origin=reverse("committee:meeting", args=[convention.slug, meeting.pk]),
            content=[sheet, meeting.day],
        )

    def write(self, asked: Asked, row) -> str:
        """Return the HTML of the sheet."""
        return render_html(
            "committee/meetings/pdf/sheet_to_sign.html",
            {"sheet": asked.content[0], "blank": range(BLANK_LINES)},
            title=asked.title,
        )

    def draw(self, written: str, asked: Asked, row) -> Drawn:
        return draw_pdf(written, title=asked.title, date=asked.content[1])


def read_sheet_to_sign(meeting: Meeting) -> SheetToSign:
    """Return the sheet of a meeting: parties first, each with its people by name."""
    ranks = {
        party.organisation_id: party.rank
        for party in Party.objects.filter(organisation__convention=meeting.convention_id)
    }
    people = defaultdict(list)
    rows = meeting.attendees.select_related("organisation").order_by("name", "pk")
    for row in rows:
        is_party = row.organisation_id in ranks
        name = row.organisation.name if row.organisation else "Autres invités"
        place = (not is_party, ranks.get(row.organisation_id or 0, 0), row.organisation is None)
        people[*place, name].append((row.name, row.capacity))
    return SheetToSign(
        convention=str(meeting.convention),
        body=meeting.body.name,
        when=describe_when(meeting),
        place=meeting.place,
        groups=[(place[-1], people[place]) for place in sorted(people)],
    )


def _parties(convention: int) -> list[Party]:
    """Return the parties of a convention, given by its key, by rank, with their organisations."""
    rows = Party.objects.filter(organisation__convention=convention)
    return list(rows.select_related("organisation").order_by("rank", "pk"))
