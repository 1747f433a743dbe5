"""Noting what one will answer, changing it, and giving it: all at once, when it was read again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby

from django.utils import timezone

from accounts.models import User
from agreements.answers.events import Outcome, RefusedVersion, Reply, answer_all, refuse_reply
from agreements.answers.lights import Point, points_without_earlier, required_of
from agreements.models import Version
from agreements.seats.voices import bench_of
from committee.answers.models import NotedAnswerQuerySet
from committee.answers.noted import reply_of
from committee.answers.notices import AnswersNoted
from committee.dossiers.events import answer_dossier
from committee.models import Dossier, NotedAnswer
from conventions.models import Organisation
from ctg_portal.marks.events import event
from ctg_portal.revisions import by_chance
from ctg_portal.rules import Refusal, Refused
from documents.events import erase
from documents.models import StoredFile
from notifications.news import notify

CHANGED = Refusal(
    "Vous avez changé cette réponse dans une autre fenêtre depuis : relisez-la, puis confirmez."
)


@dataclass
class Noting:
    """What became of replies to be noted."""

    noted: list[NotedAnswer] = field(default_factory=list)
    refused: list[RefusedVersion] = field(default_factory=list)


@event()
def note(reply: Reply, *, by: User, organisation: Organisation, dossier: Dossier | None = None):
    """Note one answer. Raises Refused as answering would."""
    noting = note_all([reply], by=by, organisation=organisation, dossier=dossier)
    for one in noting.refused:
        raise Refused(one.refusal)
    return noting.noted[0]


@event()
def note_all(replies: Iterable[Reply], *, by: User, organisation: Organisation,
             dossier: Dossier | None = None) -> Noting:  # fmt: skip
    """Note what ``by`` will say of versions of one convention in the name of ``organisation``,
    instead of what they had noted there; nobody is committed, and nobody is told but ``by``, by a
    reminder, should nothing come of it."""
    replies = list({reply.version.pk: reply for reply in replies}.values())
    if not replies:
        return Noting()
    convention, today = replies[0].version.convention, timezone.localdate()
    bench = bench_of(convention, today)
    now = Version.objects.in_bulk([reply.version.pk for reply in replies])
    versions = [now[reply.version.pk] for reply in replies]
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
    last = point.last_answers.get(organisation.pk)
    return NotedAnswer(
        user=by, organisation=organisation, version=reply.version, dossier=dossier,
        answer=reply.answer, last_rank=last.rank if last else 0, reason=reply.reason.strip(),
        body=reply.body.strip(), body_date=reply.body_date, act=reply.act, revision=by_chance(),
    )  # fmt: skip


def _write(noted: list[NotedAnswer], mine: NotedAnswerQuerySet) -> None:
    """Instead of what was noted of the same versions, perhaps at this very moment elsewhere; what
    is given at this moment is a note no more, and its document proves the answer."""
    replaced = mine.filter(version__in=[one.version for one in noted], act__isnull=False)
    replaced = replaced.order_by("pk").select_for_update(of=("self",))
    kept = {one.act for one in noted}
    former = [one.act for one in replaced.select_related("act") if one.act not in kept]
    NotedAnswer.objects.bulk_create(
        noted, update_conflicts=True, unique_fields=["user", "organisation", "version"],
        update_fields=["dossier", "answer", "last_rank", "reason", "body", "body_date", "act",
                       "noted_at", "revision"],
    )  # fmt: skip
    for act in former:
        _let_go(act)


def _let_go(act: StoredFile) -> None:
    """The document of an answer that was never given proves nothing."""
    erase(
        act, asked_by="la personne qui l’avait joint",
        reason="La réponse qu’il accompagnait n’a pas été donnée.", by=None,
    )  # fmt: skip


@event()
def forget(notes: Iterable[NotedAnswer]) -> int:
    """Take back what was noted: it was said to nobody. Returns how many there were."""
    rows = NotedAnswer.objects.filter(pk__in=[noted.pk for noted in notes]).order_by("pk")
    rows = list(rows.select_for_update(of=("self",)).select_related("act"))
    NotedAnswer.objects.filter(pk__in=[row.pk for row in rows]).delete()
    for row in rows:
        if row.act:
            _let_go(row.act)
    return len(rows)


def forget_fallen() -> None:
    """What was noted and can no longer be given goes, with its document, some time after."""
    forget(NotedAnswer.objects.long_fallen(timezone.now()))


def forget_all_of(user: User) -> None:
    """With an account goes what it had not said yet."""
    forget(NotedAnswer.objects.filter(user=user))


@event()
def confirm_noted(revisions: Mapping[int, int], *, by: User, organisation: Organisation) -> Outcome:
    """Give the answers that were noted and read again: ``revisions`` are those shown, by the key of
    the note.

    What can be taken is; what has changed meanwhile is told in the outcome, and stays noted. The
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
    for _dossier, held in groupby(current, key=lambda noted: noted.dossier_id):
        _give(list(held), given, by=by, organisation=organisation)
    said = {entry.version_id for entry in given.entries}
    NotedAnswer.objects.filter(pk__in=[n.pk for n in current if n.version_id in said]).delete()
    return given


def _give(
    notes: list[NotedAnswer], given: Outcome, *, by: User, organisation: Organisation
) -> None:
    """The answers to one dossier, or to none. Once it is called back, they are to be read again as
    answers to each point."""
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
