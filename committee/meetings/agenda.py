"""The agenda of a meeting: write, order and remove its items, with their documents."""

from collections.abc import Iterable

from django.core.files import File
from django.db.models import Max

from accounts.models import User
from agreements.models import Version
from committee.meetings.models import AgendaDocument, AgendaItem, ItemKind, Meeting
from committee.meetings.rights import may_edit_agenda, may_remove_item
from committee.meetings.rows import GONE, lock_item, lock_meeting
from ctg_portal.forms.revisions import check_revision
from ctg_portal.house import OfferedItem
from ctg_portal.marks.events import event
from ctg_portal.marks.models import Subject
from ctg_portal.rules import Refusal, Refused, enforce
from documents.events import erase
from documents.models import StoredFile, store

MOST_ITEMS = 60
TOO_MANY = Refusal(
    f"Un ordre du jour a {MOST_ITEMS} points au plus : réunissez-en, ou prévoyez deux réunions."
)


@event(Subject.COMMITTEE)
def add_item(
    meeting: Meeting, *, title: str, kind: str, minutes: int, presenter: str = "", note: str = "",
    versions: Iterable[Version] = (), standing: str = "", by: User,
) -> AgendaItem:  # fmt: skip
    """Add an item at the end of an agenda. The same item sent twice is one. Raises Refused."""
    meeting = lock_meeting(meeting)
    enforce(may_edit_agenda(by, meeting))
    last = meeting.items.order_by("-rank").first()
    fields = {"title": title, "kind": kind, "minutes": minutes, "presenter": presenter,
              "note": note, "standing": standing}  # fmt: skip
    if last and all(getattr(last, name) == value for name, value in fields.items()):
        return last
    if meeting.items.count() >= MOST_ITEMS:
        raise Refused(TOO_MANY)
    item = AgendaItem(meeting=meeting, rank=last.rank + 1 if last else 1, **fields)
    item.save()
    item.versions.set(versions)
    return item


@event(Subject.COMMITTEE)
def edit_item(
    meeting: Meeting, item: AgendaItem, *, title: str, kind: str, minutes: int, presenter: str,
    note: str, versions: Iterable[Version], by: User, revision: int | None = None,
) -> AgendaItem:  # fmt: skip
    """Rewrite an item. Raises Refused, with Rewritten when it was changed since ``revision``."""
    item = lock_item(lock_meeting(meeting), item)
    enforce(may_edit_agenda(by, item.meeting))
    check_revision(item, revision)
    item.title, item.kind, item.minutes = title, kind, minutes
    item.presenter, item.note = presenter, note
    item.save()
    item.versions.set(versions)
    return item


@event(Subject.COMMITTEE)
def move_item(meeting: Meeting, item: AgendaItem, *, down: bool, by: User) -> None:
    """Exchange an item with the next one, or with the one before. Nothing happens at the ends.
    Raises Refused."""
    meeting = lock_meeting(meeting)
    enforce(may_edit_agenda(by, meeting))
    items = list(meeting.items.order_by("rank", "pk"))
    keys = [other.pk for other in items]
    if item.pk not in keys:
        raise Refused(GONE)
    place = keys.index(item.pk)
    target = place + (1 if down else -1)
    if 0 <= target < len(items):
        items[place], items[target] = items[target], items[place]
    for rank, other in enumerate(items, start=1):
        other.rank = rank
    AgendaItem.objects.bulk_update(items, ["rank"])


@event(Subject.COMMITTEE)
def remove_item(meeting: Meeting, item: AgendaItem, *, by: User) -> None:
    """Remove an item, and erase its documents. Raises Refused."""
    item = lock_item(lock_meeting(meeting), item)
    enforce(may_remove_item(by, item))
    for attached in item.documents.select_related("document"):
        _erase(attached)
    item.delete()


@event(Subject.COMMITTEE)
def add_standing_items(meeting: Meeting, offered: Iterable[OfferedItem], *, by: User) -> int:
    """Add standing items that the meeting does not have yet, in their order; return how many.
    Decisions to follow up open the agenda. Raises Refused."""
    meeting = lock_meeting(meeting)
    enforce(may_edit_agenda(by, meeting))
    present = set(meeting.items.values_list("standing", flat=True))
    new = [item for item in offered if item.key not in present]
    last = meeting.items.aggregate(last=Max("rank"))["last"] or 0
    if meeting.items.count() + len(new) > MOST_ITEMS:
        raise Refused(TOO_MANY)
    for rank, item in enumerate(new, start=last + 1):
        row = AgendaItem(
            meeting=meeting, rank=rank, title=item.title, minutes=item.minutes, note=item.note,
            kind=ItemKind.DECISION if item.versions else ItemKind.INFORMATION, standing=item.key,
        )  # fmt: skip
        row.save()
        row.versions.set(item.versions)
    opening = [item.key for item in new if item.opens]
    if opening:
        rows = sorted(meeting.items.all(), key=lambda row: (row.standing not in opening, row.rank))
        for rank, row in enumerate(rows, start=1):
            row.rank = rank
        AgendaItem.objects.bulk_update(rows, ["rank"])
    return len(new)


@event(Subject.COMMITTEE)
def add_document(meeting: Meeting, item: AgendaItem, upload: File, *, by: User) -> AgendaDocument:
    """Store a document and attach it to an item. Raises Refused."""
    item = lock_item(lock_meeting(meeting), item)
    enforce(may_edit_agenda(by, item.meeting))
    stored = store(upload, by=by, within=meeting.convention)
    return AgendaDocument.objects.create(item=item, document=stored)


@event(Subject.COMMITTEE)
def remove_document(meeting: Meeting, attached: AgendaDocument, *, by: User) -> None:
    """Remove a document from its item, and erase it. Raises Refused."""
    enforce(may_edit_agenda(by, lock_meeting(meeting)))
    _erase(attached)


def _erase(attached: AgendaDocument) -> StoredFile:
    """Detach a document from its item, and erase its file; return the stored file."""
    stored = attached.document
    attached.delete()
    return erase(
        stored, asked_by="la coordination",
        reason="Le document a été retiré de l’ordre du jour.", by=None,
    )  # fmt: skip
