"""The convocation of a meeting as PDF, which the worker draws."""

from dataclasses import dataclass

from django.urls import reverse

from accounts.models import User
from committee.meetings.models import Meeting
from committee.meetings.reading import PlannedItem, planned_items
from committee.meetings.rights import NO_DAY, NO_ITEM
from committee.meetings.words import describe_when, format_minutes
from conventions.documents import ConventionDocument
from conventions.models import Convention, Party
from ctg_portal.rules import Refused
from documents.drawing.kinds import Asked, Drawn
from documents.logos.carried import logo_data_url
from documents.pdf import draw_pdf, render_html
from documents.uploads import clean_name


@dataclass(frozen=True)
class Item:
    """An item as the convocation prints it."""

    hour: str
    title: str
    details: str
    note: str
    points: list[str]


@dataclass(frozen=True)
class Convocation:
    """A convocation: who convenes whom, when, where and on what."""

    convention: str
    body: str
    when: str
    place: str
    link: str
    parties: list[tuple[str, str]]
    items: list[Item]


class ConvocationDocument(ConventionDocument):
    """The convocation of a meeting (``pk``), as it is today."""

    name = "committee.convocation"

    def readers(self, convention: Convention, parameters: dict, user: User) -> str | None:
        """Return « members »; None for no meeting of the convention."""
        exists = Meeting.objects.of(convention).filter(pk=parameters["pk"]).exists()
        return "members" if exists else None

    def ask_of(self, convention: Convention, parameters: dict, user: User, audience: str) -> Asked:
        """Return the content of the convocation. Raises Refused without a day or an agenda."""
        meeting = Meeting.objects.select_related("body").get(pk=parameters["pk"])
        meeting.convention = convention
        if meeting.day is None:
            raise Refused(NO_DAY)
        planned = planned_items(meeting)
        if not planned:
            raise Refused(NO_ITEM)
        return Asked(
            title=title_of(meeting),
            name=clean_name(f"convocation-{meeting.day}-{convention.slug}.pdf"),
            audience=audience,
            origin=reverse("committee:meeting", args=[convention.slug, meeting.pk]),
            content=[read_convocation(meeting, planned), meeting.day],
        )

    def write(self, asked: Asked, row) -> str:
        """Return the HTML of the convocation."""
        convocation, _day = asked.content
        return render_html(
            "committee/meetings/pdf/convocation.html", {"convocation": convocation},
            title=asked.title,
        )  # fmt: skip

    def draw(self, written: str, asked: Asked, row) -> Drawn:
        return draw_pdf(written, title=asked.title, date=asked.content[1])


def find_meeting_of(convention: Convention, pk: object) -> Meeting | None:
    """Return a meeting of the convention with its body, or None."""
    meeting = Meeting.objects.of(convention).with_body().filter(pk=pk).first()
    if meeting is not None:
        meeting.convention = convention
    return meeting


def title_of(meeting: Meeting) -> str:
    return f"Convocation : {meeting}"


def read_convocation(meeting: Meeting, planned: list[PlannedItem]) -> Convocation:
    """Return the convocation of a meeting with the names and logos of the parties."""
    parties = Party.objects.filter(organisation__convention=meeting.convention)
    rows = parties.select_related("organisation").order_by("rank", "pk")
    return Convocation(
        convention=str(meeting.convention),
        body=meeting.body.name,
        when=describe_when(meeting),
        place=meeting.place,
        link=meeting.link,
        parties=[(party.organisation.name, logo_data_url(party.logo)) for party in rows],
        items=[_item(row) for row in planned],
    )


def _item(row: PlannedItem) -> Item:
    """Return an item of the agenda as the convocation shows it, with the titles of its points."""
    item = row.item
    details = [item.get_kind_display(), format_minutes(item.minutes)]
    if item.presenter:
        details.append(f"présenté par {item.presenter}")
    points = [version.title for version in row.versions]
    return Item(row.hour, item.title, ", ".join(details), item.note, points)
