"""The coordinator says what became of a shared stake in a year, or, without a ``year``, over the
term."""

from django.utils import timezone

from accounts.models import User
from committee.models import Stake
from ctg_portal.marks.events import event
from ctg_portal.marks.models import Subject
from ctg_portal.rules import Refusal, enforce
from evaluation.editions.following import follow_text, hold
from evaluation.period import Period
from evaluation.stakes.models import StakeAppreciation
from evaluation.stakes.reading import stakes_in_force
from evaluation.texts.rights import may_write_narrative
from evaluation.verdicts.events import is_changed, write_appreciation

NOT_IN_FORCE = Refusal("Cet enjeu partagé n’était pas en vigueur à la fin de l’année.")
NOT_AT_THE_END = Refusal("Cet enjeu partagé n’était pas en vigueur à la fin de la convention.")


@event(Subject.EVALUATION)
def appreciate_stake(
    stake: Stake, year: int | None, verdict: str, text: str, *, revision: int, by: User
) -> StakeAppreciation:
    """Save and return the appreciation of a stake, as ``appreciate`` does with an objective."""
    convention = stake.convention
    enforce(may_write_narrative(by, convention))
    hold(convention)  # the first appreciation of a year is no row yet
    key = {"stake": stake, "year": year}
    appreciation = StakeAppreciation.objects.filter(**key).first() or StakeAppreciation(**key)
    if is_changed(appreciation, verdict, text, revision=revision):
        enforce(may_appreciate_stake(stake, year))
        write_appreciation(appreciation, verdict, text, by=by)
        follow_text(convention, year, by=by)
    return appreciation


def may_appreciate_stake(stake: Stake, year: int | None) -> Refusal | None:
    """Return why a stake may not be appreciated for a year, or the term, by anybody, or None: it
    was in force on its last day, or is today while that goes on."""
    convention, period = stake.convention, Period(year)
    end = period.end(convention, timezone.localdate())
    if stakes_in_force(convention, end).filter(object_id=stake.pk).exists():
        return None
    return NOT_AT_THE_END if period.is_term else NOT_IN_FORCE
