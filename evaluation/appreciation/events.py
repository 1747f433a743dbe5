"""The coordinator says what a year, or the term, made of an objective, and keeps what should be
adapted. Without a ``year`` it is of the term."""

from django.utils import timezone
from django.utils.text import capfirst

from accounts.models import User
from agreements.commitments.canonical import plain
from agreements.models import Version
from committee.amendments.events import propose_amendment
from committee.amendments.reading import as_read
from committee.models import AmendmentProposal
from conventions.models import Objective
from ctg_portal.marks.events import event
from ctg_portal.marks.models import Subject
from ctg_portal.revisions import Rewritten, check_revision
from ctg_portal.rules import Refusal, Refused, enforce
from evaluation.appreciation.models import Appreciated, Appreciation
from evaluation.period import Period
from evaluation.publication.events import follow_text, hold
from evaluation.writing.rights import may_write_narrative

REWRITTEN = Rewritten(
    "Cette appréciation a été modifiée entre-temps : lisez les deux, puis choisissez."
)
WITHOUT_REASON = Refusal("Dites pourquoi : cette appréciation ne se comprend pas sans motif.")


@event(Subject.EVALUATION)
def appreciate(
    objective: Objective, year: int | None, verdict: str, text: str, *, revision: int, by: User
) -> Appreciation:
    """Say what a year made of an objective, and why; without a verdict, keep the text begun.

    ``revision``: the revision that the writer had before her, 0 when there was none. Raises Refused
    when ``by`` may not, where a reason is missing, or when something else was said meanwhile. What
    she has not changed since she saw it changes nothing, whatever was said meanwhile.
    """
    convention = objective.theme.axis.convention
    enforce(may_write_narrative(by, convention))
    hold(convention)  # the first appreciation of a year is no row yet
    told = {"objective": objective, "year": year}
    kept = Appreciation.objects.filter(**told).first() or Appreciation(**told)
    if says_otherwise(kept, verdict, text, revision=revision):
        enforce(was_in_force(objective, year))
        say(kept, verdict, text, by=by)
        follow_text(convention, year, by=by)
    return kept


def says_otherwise(kept: Appreciated, verdict: str, text: str, *, revision: int) -> bool:
    """Whether what is said is neither what is kept, nor what the writer saw and has not changed.

    Raises Refused where a reason is missing, or something else was said since ``revision``.
    """
    text = plain(text).strip()
    if (verdict, text) in {(kept.verdict, kept.text), _said_at(kept, revision)}:
        return False
    check_revision(kept, revision, REWRITTEN)
    if verdict in kept.verdicts.with_reason() and not text:
        raise Refused(WITHOUT_REASON)
    return True


def say(kept: Appreciated, verdict: str, text: str, *, by: User | None) -> None:
    kept.verdict, kept.text = kept.verdicts(verdict) if verdict else "", plain(text).strip()
    kept.updated_at = timezone.now()
    kept.updated_by_name = str(by or "")
    kept.save()


def _said_at(kept: Appreciated, revision: int) -> tuple[str, str]:
    """What a revision said, by the history."""
    past = kept.history.filter(revision=revision).first() if kept.pk and revision else None
    return (past.verdict, past.text) if past else ("", "")


def was_in_force(objective: Objective, year: int | None) -> Refusal | None:
    """Why it is not appreciated for a year: the text had it no more, or not yet, on its last day;
    nor had the committee agreed to it by then, or today while the year goes on."""
    convention, period = objective.theme.axis.convention, Period(year)
    if objective.is_signed:
        day = convention.reading_day(period.last_day(convention))
        found = Objective.objects.as_read_on(day).agreed().filter(pk=objective.pk)
    else:
        versions = Version.objects.about(objective).filter(ends=False)
        found = versions.in_force_on(period.end(convention, timezone.localdate()))
    if found.exists():
        return None
    this = convention.words.objective.this
    return Refusal(f"{capfirst(this)} n’était pas en vigueur à la fin de {period.subject}.")


@event(Subject.EVALUATION)
def keep_wish(objective: Objective, wording: str, *, reason: str, by: User) -> AmendmentProposal:
    """Keep among what a later amendment should change how a signed objective should read; a
    wording that is kept already, whoever proposed it, is not kept twice."""
    Objective.objects.select_for_update(of=("self",), no_key=True).get(pk=objective.pk)
    for wish in AmendmentProposal.objects.about(objective).kept():
        if as_read(wish.wording) == as_read(wording):
            return wish
    return propose_amendment(objective, wording=wording, reason=reason, by=by)
