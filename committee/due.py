"""Which conventions have something to tell: the one question that the clock asks each minute.

Asked of the database for all conventions at once, so that a thousand that have nothing new cost
no more queries than one. It follows ``committee.news``, which then says exactly what, and to whom.
"""

import datetime
from functools import reduce
from operator import or_

from django.db.models import DateTimeField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import MailRhythm
from committee.models import (
    Agreement,
    Answer,
    Delegation,
    Dossier,
    DossierPoint,
    Notice,
    Seat,
    State,
    Version,
)  # fmt: skip
from committee.news import NEWS_FOR, horizon
from committee.rhythm import last_monday
from conventions.models import Convention, Membership


def conventions_with_news(now: datetime.datetime) -> QuerySet[Convention]:
    """Where somebody does not know yet of something that is to be told."""
    look = Look(now)
    questions = [look.versions(), look.dossiers(), look.due(), look.entries(), look.complete()]
    pks = {pk for found in questions for pk in found}
    return Convention.objects.filter(pk__in=pks).order_by("pk")


class Look:
    """The questions, at one moment; each finds primary keys of conventions.

    ``ears`` are rows with a ``user``: seats, delegations, accesses. Their ``OuterRef`` lead to the
    row that is to be told, at ``path`` from which its version stands.
    """

    def __init__(self, now: datetime.datetime):
        self.today, self.recent, self.horizon = (
            timezone.localdate(now),
            now - NEWS_FOR,
            horizon(now),
        )
        self.recent_day, self.monday = timezone.localdate(self.recent), last_monday(now)

    def versions(self) -> QuerySet:
        """Points that await somebody."""
        ears = self._waiting("", "proposed_at")
        rows = Version.objects.proposed().filter(~_returned("pk"), untold(*ears, version="pk"))
        return rows.values_list("convention", flat=True)

    def dossiers(self) -> QuerySet:
        """Dossiers that hold such points."""
        ears = self._waiting("version__", "dossier__sent_at")
        rows = DossierPoint.objects.filter(
            ~_returned("version"), untold(*ears, dossier="dossier"),
            dossier__completed_at__isnull=True, version__state=State.PROPOSED,
        )  # fmt: skip
        return rows.values_list("dossier__convention", flat=True)

    def due(self) -> QuerySet:
        """Délibérations that were announced, and whose day has passed."""
        own = OuterRef("organisation")
        speakers = self._speakers("version__")
        ears = [self._new(e.filter(**{_body_of(e): own}), "body_date") for e in speakers]
        rows = Agreement.objects.current().filter(
            ~_returned("version"), untold(*ears, agreement="pk"),
            answer=Answer.DELIBERATION, body_date__lt=self.today, version__state=State.PROPOSED,
        )  # fmt: skip
        return rows.values_list("version__convention", flat=True)

    def entries(self) -> QuerySet:
        """Points returned, agreements recorded for somebody."""
        home = "version__convention"
        back = [_coordinators(home), _person("version__author", home)]
        speakers = self._speakers("version__")
        others = [e.exclude(**{_body_of(e): OuterRef("organisation")}) for e in speakers]
        calm = [self._in_rhythm(ears, "created_at") for ears in back]
        calm_others = [self._in_rhythm(ears, "created_at") for ears in others]
        denied = [*back, *speakers, _person("contests__entered_by", home)]
        rows = Agreement.objects.to_tell(self.recent).filter(
            Q(answer__in=[Answer.CHANGE_REQUESTED, Answer.RETRACTED])
            & untold(*calm, agreement="pk")
            | Q(answer=Answer.RETRACTED) & untold(*calm_others, agreement="pk")
            | Q(answer=Answer.CONTESTED) & untold(*denied, agreement="pk")
            | Q(is_recorded=True) & untold(_person("user", home), agreement="pk")
        )
        return rows.values_list("version__convention", flat=True)

    def complete(self) -> QuerySet:
        """Dossiers to which everybody has answered."""
        told = [_coordinators("convention"), _person("sent_by", "convention")]
        ears = [self._in_rhythm(ears, "completed_at") for ears in told]
        rows = Dossier.objects.completed_since(self.recent).filter(untold(*ears, dossier="pk"))
        return rows.values_list("convention", flat=True)

    # Who listens -------------------------------------------------------------------------------

    def _waiting(self, path: str, moment: str) -> list[QuerySet]:
        """By whom a version is awaited: the organisation has not spoken."""
        found = []
        for ears in self._speakers(path):
            spoken = Agreement.objects.by_parties().filter(
                version=OuterRef(OuterRef(f"{path}pk")), organisation=OuterRef(_body_of(ears))
            )
            found.append(self._new(ears.filter(~Exists(spoken)), moment))
        return found

    def _new(self, ears: QuerySet, moment: str) -> QuerySet:
        """What is awaited since ``moment`` is new, or the person who is to answer."""
        seat = _body_of(ears).removesuffix("organisation")
        named = Q(starts_on__gte=self.recent_day)
        named |= Q(**{f"{seat}starts_on__gte": self.recent_day})
        return self._in_rhythm(ears, moment).filter(Q(moment__gte=self.horizon) | named)

    def _speakers(self, path: str) -> list[QuerySet]:
        """Seats, and delegations, by which somebody answers for a party that must agree."""
        seats = Seat.objects.committing(self.today)
        given = Delegation.objects.answering(self.today).covering(OuterRef(f"{path}kind"))
        return [
            ears.filter(**{
                "user__is_active": True,
                f"{_body_of(ears)}__convention": OuterRef(f"{path}convention"),
                f"{_body_of(ears)}__party__agreement_required": True,
            })
            for ears in (seats, given)
        ]  # fmt: skip

    def _in_rhythm(self, ears: QuerySet, moment: str) -> QuerySet:
        """Those who are written to now about what is news since ``moment``."""
        since = ExpressionWrapper(OuterRef(moment), DateTimeField())
        at_once = Q(user__mail_rhythm=MailRhythm.AT_ONCE)
        return ears.annotate(moment=since).filter(at_once | Q(moment__lte=self.monday))


def untold(*ears: QuerySet, **about: str) -> Q:
    """Whether one of these people has no notice of a row: ``version="pk"`` is where it is named."""
    [(field, outer)] = about.items()
    told = Notice.objects.filter(**{"user": OuterRef("user"), field: OuterRef(OuterRef(outer))})
    return reduce(or_, (Q(Exists(listening.filter(~Exists(told)))) for listening in ears))


def _coordinators(convention: str) -> QuerySet:
    return _insiders(convention).coordinators()


def _person(user: str, convention: str) -> QuerySet:
    return _insiders(convention).filter(user=OuterRef(user))


def _insiders(convention: str) -> QuerySet:
    accesses = Membership.objects.active().filter(user__is_active=True)
    return accesses.filter(organisation__convention=OuterRef(convention))


def _returned(version: str) -> Exists:
    """A party wants something else: the point awaits nobody but its author."""
    said = Agreement.objects.current().filter(answer__in=Answer.returning())
    required = said.filter(organisation__party__agreement_required=True)
    return Exists(required.filter(version=OuterRef(version)))


def _body_of(ears: QuerySet) -> str:
    """Where these rows name the organisation."""
    return "seat__organisation" if ears.model is Delegation else "organisation"
