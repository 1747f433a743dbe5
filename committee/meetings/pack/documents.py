"""The pack of a meeting as one PDF, with the documents of its agenda attached; the worker draws
it."""

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from committee.meetings.documents import find_meeting_of
from committee.meetings.pack.reading import Pack, read_pack
from committee.meetings.rights import NO_DAY, NO_ITEM
from conventions.documents import ConventionDocument
from conventions.models import Convention
from ctg_portal.hosting.integrity import open_whole
from ctg_portal.rules import Damaged, Refused
from documents.drawing.kinds import Asked, AttachedFile, Drawn
from documents.models import StoredFile
from documents.pdf import draw_pdf, render_html
from documents.uploads import clean_name


class PackDocument(ConventionDocument):
    """The pack of a meeting (``pk``), as it is today: the same for all who read the convention."""

    name = "committee.pack"

    def readers(self, convention: Convention, parameters: dict, user: User) -> str | None:
        """Return « members »; None for no meeting of the convention."""
        return "members" if find_meeting_of(convention, parameters["pk"]) else None

    def ask_of(self, convention: Convention, parameters: dict, user: User, audience: str) -> Asked:
        """Return the content of the pack. Raises Refused without a day or an agenda."""
        meeting = find_meeting_of(convention, parameters["pk"])
        if meeting is None or meeting.day is None:
            raise Refused(NO_DAY)
        pack = read_pack(meeting, timezone.localdate())
        if not pack.items:
            raise Refused(NO_ITEM)
        return Asked(
            title=f"Livret de séance : {meeting}",
            name=clean_name(f"livret-{meeting.day}-{convention.slug}.pdf"),
            audience=audience,
            origin=reverse("committee:meeting", args=[convention.slug, meeting.pk]),
            content=[pack, meeting.day],
        )

    def write(self, asked: Asked, row) -> str:
        """Return the HTML of the pack."""
        return render_html(
            "committee/meetings/pdf/pack.html", {"pack": asked.content[0]}, title=asked.title
        )

    def draw(self, written: str, asked: Asked, row) -> Drawn:
        """Draw the PDF, with the documents of the agenda within it."""
        pack, day = asked.content
        return draw_pdf(written, title=asked.title, date=day, attached=attached_to(pack))


def attached_to(pack: Pack) -> list[AttachedFile]:
    """Return the documents that the pack carries, numbered, for two may have one name; without one
    that was erased meanwhile, is missing or was altered."""
    stored = StoredFile.objects.filter(erased_at=None).in_bulk(pack.attached)
    files = []
    for number, key in enumerate(pack.attached, start=1):
        document = stored.get(key)
        if document is None:
            continue
        name = clean_name(f"{number:02}-{document.name}")
        try:
            with open_whole(document, document.name) as file:
                files.append(AttachedFile(name, "Document de l’ordre du jour", file.read()))
        except Damaged:
            continue
    return files
