"""Note an answer, change the note, and give all noted answers at once when they were read again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby

from django.utils import timezone

from accounts.models import User
from agreements.answers.events import Outcome, RefusedVersion, Reply, answer_all, refuse_reply
from agreements.answers.lights import Point, points_without_earlier, required_of
from agreements.models import Version
from agreements.seats.voices import bench_of
from committee.answers.models import NotedAnswer, NotedAnswerQuerySet
from committee.answers.notices import AnswersNoted
from committee.dossiers.events import answer_dossier
from committee.dossiers.models import Dossier
from committee.points.noted import reply_of
from conventions.models import Organisation
from ctg_portal.forms.revisions import first_revision
from ctg_portal.marks.events import event
from ctg_portal.rules import Refusal, Refused
from documents.events import erase
from documents.models import StoredFile
from notifications.news import notify

CHANGED = Refusal(
    "Vous avez changé cette réponse dans une autre fenêtre depuis : relisez-la, puis confirmez."
)


@dataclass
class Noting:
    """What became of replies to be noted: the notes written, and the replies refused."""

    noted: list[NotedAnswer] = field(default_factory=list)
    refused: list[RefusedVersion] = field(default_factory=list)


@event()
def note_answer(
    reply: Reply, *, by: User, organisation: Organisation, dossier: Dossier | None = None
):
    """Note one answer for later, as ``note_answers`` does, and return the note. Raises Refused for
    a reply that could not be given either."""
    noting = note_answers([reply], by=by, organisation=organisation, dossier=dossier)
    for refused in noting.refused:
        raise Refused(refused.refusal)
    return noting.noted[0]


@event()
def note_answers(replies: Iterable[Reply], *, by: User, organisation: Organisation,
                 dossier: Dossier | None = None) -> Noting:  # fmt: skip
    """Write what ``by`` will answer to versions of one convention in the name of ``organisation``;
    return the notes, and each reply that could not be given with its refusal.

    Earlier notes on these versions are replaced. Nobody is committed, and nobody else knows. The
    first note creates a notice that reminds ``by``, should the notes not be confirmed.
    """
    replies = list({reply.version.pk: reply for reply in replies}.values())
    if not replies:
        return Noting()
    convention, today = replies[0].version.convention, timezone.localdate()
    bench = bench_of(convention, today)
    current = Version.objects.in_bulk([reply.version.pk for reply in replies])
    versions = [current[reply.version.pk] for reply in replies]
    for version in versions:
        version.convention = convention
    points = points_without_earlier(versions, required_of(convention))
    mine = NotedAnswer.objects.of(convention).by(by, organisation)
    is_first, noting = not mine.discussed().exists(), Noting()
    for reply, point in zip(replies, points, strict=True):
        refusal = refuse_reply(reply, point, bench.voice(by, organisation, point.version.kind))
        if refusal:
            noting.refused.append(RefusedVersion(reply.version, refusal))
        else:
            noting.noted.append(_noted(reply, point, by, organisation, dossier))
    _write(noting.noted, mine)
    if is_first and noting.noted:
        notify(AnswersNoted(by, organisation, today))
    return noting


def _noted(reply: Reply, point: Point, by: User, organisation: Organisation,
           dossier: Dossier | None) -> NotedAnswer:  # fmt: skip
    """Return an unsaved note of the reply, on top of the organisation's last entry on the point."""
    last = point.last_answers.get(organisation.pk)
    return NotedAnswer(
        user=by, organisation=organisation, version=reply.version, dossier=dossier,
        answer=reply.answer, last_rank=last.rank if last else 0, reason=reply.reason.strip(),
        body=reply.body.strip(), body_date=reply.body_date, act=reply.act,
        revision=first_revision(),
    )  # fmt: skip


def _write(noted: list[NotedAnswer], mine: NotedAnswerQuerySet) -> None:
    """Save notes in place of ``mine``, the person's earlier ones of the same versions, and erase
    documents that no new note has.

    The earlier notes are locked: one that another request submits meanwhile is no longer among
    them, so that its document stays.
    """
    replaced = mine.filter(version__in=[one.version for one in noted], act__isnull=False)
    replaced = replaced.order_by("pk").select_for_update(of=("self",))
    acts = {one.act for one in noted}
    former = [one.act for one in replaced.select_related("act") if one.act not in acts]
    NotedAnswer.objects.bulk_create(
        noted, update_conflicts=True, unique_fields=["user", "organisation", "version"],
        update_fields=["dossier", "answer", "last_rank", "reason", "body", "body_date", "act",
                       "noted_at", "revision"],
    )  # fmt: skip
    for act in former:
        _erase_act(act)


def _erase_act(act: StoredFile) -> None:
    """Erase the document of an answer that was never given."""
    erase(
        act, asked_by="la personne qui l’avait joint",
        reason="La réponse qu’il accompagnait n’a pas été donnée.", by=None,
    )  # fmt: skip


@event()
def forget_notes(notes: Iterable[NotedAnswer]) -> int:
    """Delete notes and their documents; return how many there were."""
    rows = NotedAnswer.objects.filter(pk__in=[noted.pk for noted in notes]).order_by("pk")
    rows = list(rows.select_for_update(of=("self",)).select_related("act"))
    NotedAnswer.objects.filter(pk__in=[row.pk for row in rows]).delete()
    for row in rows:
        if row.act:
            _erase_act(row.act)
    return len(rows)


def forget_lapsed_notes() -> None:
    """Delete notes that can no longer be given for some time, with their documents."""
    forget_notes(NotedAnswer.objects.long_lapsed(timezone.now()))


def forget_notes_of(user: User) -> None:
    """Delete the notes of a user, whose account is anonymised."""
    forget_notes(NotedAnswer.objects.filter(user=user))


@event()
def confirm_noted(revisions: Mapping[int, int], *, by: User, organisation: Organisation) -> Outcome:
    """Give the answers that were noted and read again. ``revisions`` maps the key of each note
    shown to the revision that was shown.

    What can be given is. What has changed meanwhile is refused in the outcome and stays noted. The
    same click twice gives nothing twice.
    """
    rows = NotedAnswer.objects.by(by, organisation).filter(pk__in=revisions).order_by("pk")
    notes = list(
        rows.select_for_update(of=("self",)).select_related("version__convention", "act", "dossier")
    )
    given = Outcome(
        refused=[RefusedVersion(n.version, CHANGED) for n in notes if n.revision != revisions[n.pk]]
    )
    current = [noted for noted in notes if noted.revision == revisions[noted.pk]]
    current.sort(key=lambda noted: noted.dossier_id or 0)
    for _dossier, group in groupby(current, key=lambda noted: noted.dossier_id):
        _give(list(group), given, by=by, organisation=organisation)
    answered = {entry.version_id for entry in given.entries}
    NotedAnswer.objects.filter(pk__in=[n.pk for n in current if n.version_id in answered]).delete()
    return given


def _give(
    notes: list[NotedAnswer], given: Outcome, *, by: User, organisation: Organisation
) -> None:
    """Give the notes of one dossier, or of none, and add the result to ``given``. If the dossier
    was recalled, the notes become answers to each point and are to be read again."""
    dossier, replies = notes[0].dossier, [reply_of(noted) for noted in notes]
    if dossier is None:
        outcome = answer_all(replies, by=by, organisation=organisation)
    else:
        outcome = answer_dossier(dossier, replies, by=by, organisation=organisation)
        if not outcome.entries and Dossier.objects.get(pk=dossier.pk).is_recalled:
            NotedAnswer.objects.filter(pk__in=[noted.pk for noted in notes]).update(dossier=None)
    given.entries += outcome.entries
    given.written += outcome.written
    given.refused += outcome.refused
    given.in_force += outcome.in_force
