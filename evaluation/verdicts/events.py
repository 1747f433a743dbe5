"""Events of appreciations: what a year made of an objective, and what an amendment should adapt.
Without a ``year``, it is the whole term."""

from django.utils import timezone
from django.utils.text import capfirst

from accounts.models import User
from agreements.commitments.canonical import plain
from agreements.models import Version
from committee.amendments.events import propose_amendment
from committee.amendments.reading import normalized
from committee.models import AmendmentProposal
from conventions.models import Objective
from ctg_portal.forms.revisions import Rewritten, check_revision
from ctg_portal.marks.events import event
from ctg_portal.marks.models import Subject
from ctg_portal.rules import Refusal, Refused, enforce
from evaluation.editions.following import follow_text, hold
from evaluation.period import Period
from evaluation.texts.rights import may_write_narrative
from evaluation.verdicts.models import Appreciated, Appreciation
from evaluation.verdicts.yearly import is_objective_in, natures_in

REWRITTEN = Rewritten(
    "Cette appréciation a été modifiée entre-temps : lisez les deux, puis choisissez."
)
WITHOUT_REASON = Refusal("Dites pourquoi : cette appréciation ne se comprend pas sans motif.")


@event(Subject.EVALUATION)
def appreciate(
    objective: Objective, year: int | None, verdict: str, text: str, *, revision: int, by: User
) -> Appreciation:
    """Save what a year, or the term (None), made of an objective, and why; without a verdict, the
    text begun. Returns the appreciation, unsaved where there was none and nothing was given.

    ``revision``: the one that the writer saw, 0 when there was none. Raises Refused when ``by`` may
    not, the objective was not in force, a reason is missing, or something else was written
    meanwhile. Values as the writer saw them change nothing, whatever was written meanwhile.
    """
    convention = objective.theme.axis.convention
    enforce(may_write_narrative(by, convention))
    hold(convention)  # the first appreciation of a year is no row yet
    key = {"objective": objective, "year": year}
    appreciation = Appreciation.objects.filter(**key).first() or Appreciation(**key)
    if is_changed(appreciation, verdict, text, revision=revision):
        enforce(may_appreciate_objective(objective, year))
        write_appreciation(appreciation, verdict, text, by=by)
        follow_text(convention, year, by=by)
    return appreciation


def is_changed(appreciation: Appreciated, verdict: str, text: str, *, revision: int) -> bool:
    """Return whether verdict and text are to be saved: they differ both from the stored ones and
    from those of ``revision``, which the writer saw. Raises Refused if they do and something else
    was written since, or a reason is missing."""
    text = plain(text).strip()
    if (verdict, text) in {
        (appreciation.verdict, appreciation.text),
        _values_at(appreciation, revision),
    }:
        return False
    check_revision(appreciation, revision, REWRITTEN)
    if verdict in appreciation.verdicts.with_reason() and not text:
        raise Refused(WITHOUT_REASON)
    return True


def write_appreciation(
    appreciation: Appreciated, verdict: str, text: str, *, by: User | None
) -> None:
    """Save a verdict and a text, when and by whom; check neither state nor right."""
    appreciation.verdict, appreciation.text = (
        appreciation.verdicts(verdict) if verdict else "",
        plain(text).strip(),
    )
    appreciation.updated_at = timezone.now()
    appreciation.updated_by_name = str(by or "")
    appreciation.save()


def _values_at(appreciation: Appreciated, revision: int) -> tuple[str, str]:
    """Return verdict and text of a revision, from the history; both empty where there is none."""
    past = (
        appreciation.history.filter(revision=revision).first()
        if appreciation.pk and revision
        else None
    )
    return (past.verdict, past.text) if past else ("", "")


def may_appreciate_objective(objective: Objective, year: int | None) -> Refusal | None:
    """Return why nobody may appreciate an objective for a year, or None: a signed one was in the
    text on its last day, and is not only a text; another was agreed to then (today while the year
    goes on)."""
    convention, period = objective.theme.axis.convention, Period(year)
    if objective.is_signed:
        if not is_objective_in(objective, natures_in(convention, year)):
            return Refusal(f"Ce passage du texte n’est pas {convention.words.objective.an}.")
        day = convention.reading_day(period.last_day(convention))
        in_force = Objective.objects.as_read_on(day).agreed().filter(pk=objective.pk)
    else:
        versions = Version.objects.about(objective).filter(ends=False)
        in_force = versions.in_force_on(period.end(convention, timezone.localdate()))
    if in_force.exists():
        return None
    this = convention.words.objective.this
    return Refusal(f"{capfirst(this)} n’était pas en vigueur à la fin de {period.subject}.")


@event(Subject.EVALUATION)
def propose_wording(
    objective: Objective, wording: str, *, reason: str, by: User
) -> AmendmentProposal:
    """Propose for a later amendment how a signed objective should read, and return the proposal;
    where the same wording is proposed already, by anybody, return that one. Raises Refused."""
    Objective.objects.select_for_update(of=("self",), no_key=True).get(pk=objective.pk)
    for wish in AmendmentProposal.objects.about(objective).not_withdrawn():
        if normalized(wish.wording) == normalized(wording):
            return wish
    return propose_amendment(objective, wording=wording, reason=reason, by=by)
