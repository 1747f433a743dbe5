"""The coordinator says what became of a shared stake in a year, or, without a ``year``, over the
term."""

from django.utils import timezone

from accounts.models import User
from committee.models import Stake
from ctg_portal.marks.events import event
from ctg_portal.marks.models import Subject
from ctg_portal.rules import Refusal, enforce
from evaluation.appreciation.events import is_changed, write_appreciation
from evaluation.period import Period
from evaluation.publication.events import follow_text, hold
from evaluation.stakes.models import StakeAppreciation
from evaluation.stakes.reading import in_force
from evaluation.writing.rights import may_write_narrative

NOT_IN_FORCE = Refusal("Cet enjeu partagé n’était pas en vigueur à la fin de l’année.")
NOT_AT_THE_END = Refusal("Cet enjeu partagé n’était pas en vigueur à la fin de la convention.")


@event(Subject.EVALUATION)
def appreciate_stake(
    stake: Stake, year: int | None, verdict: str, text: str, *, revision: int, by: User
) -> StakeAppreciation:
    """Say what a year, or the term, made of a stake, and why; as ``appreciate`` of an objective."""
    convention = stake.convention
    enforce(may_write_narrative(by, convention))
    hold(convention)  # the first appreciation of a year is no row yet
    told = {"stake": stake, "year": year}
    kept = StakeAppreciation.objects.filter(**told).first()
    kept = kept or StakeAppreciation(**told)
    if is_changed(kept, verdict, text, revision=revision):
        enforce(was_in_force(stake, year))
        write_appreciation(kept, verdict, text, by=by)
        follow_text(convention, year, by=by)
    return kept


def was_in_force(stake: Stake, year: int | None) -> Refusal | None:
    """Why it is not appreciated for a year, or the term: it was not in force on its last day, or is
    not today while it goes on."""
    convention, period = stake.convention, Period(year)
    end = period.end(convention, timezone.localdate())
    if in_force(convention, end).filter(object_id=stake.pk).exists():
        return None
    return NOT_AT_THE_END if period.is_term else NOT_IN_FORCE
