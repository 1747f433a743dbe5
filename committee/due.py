"""Which conventions have something to tell: the one question that the clock asks each minute.

Asked of the database for all conventions at once, so that a thousand that have nothing new cost
no more queries than one. It follows ``committee.news``, which then says exactly what, and to whom.
"""

import datetime
from functools import reduce
from operator import or_

from django.db.models import (
    CharField,
    DateField,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.functions import Cast, Concat
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
)
from committee.news import NEWS_FOR, horizon
from committee.rhythm import last_monday
from conventions.models import Convention, Membership

AT_ONCE = MailRhythm.AT_ONCE


def conventions_with_news(now: datetime.datetime) -> QuerySet[Convention]:
    """Where somebody does not know yet of something that is to be told."""
    look = Look(now)
    questions = [
        look.awaiting(Seat.objects.committing(look.today), "organisation"),
        look.awaiting(Delegation.objects.answering(look.today), "seat__organisation"),
        look.entries(),
        look.complete(),
    ]
    pks = {pk for found in questions for pk in found.order_by()}
    return Convention.objects.filter(pk__in=pks).order_by("pk")


class Look:
    """The questions, at one moment; each finds primary keys of conventions."""

    def __init__(self, now: datetime.datetime):
        self.today, self.monday = timezone.localdate(now), last_monday(now)
        self.recent, self.horizon = now - NEWS_FOR, horizon(now)
        self.recent_day = timezone.localdate(self.recent)

    # What awaits: from those who answer to what they do not know of ---------------------------

    def awaiting(self, ears: QuerySet, body: str) -> QuerySet:
        """Seats or delegations (``body``: their organisation) by which something is awaited."""
        points = Version.objects.annotate(moment=F("proposed_at"))
        held = DossierPoint.objects.filter(dossier__completed_at__isnull=True)
        held = held.annotate(moment=F("dossier__sent_at"))
        passed = Agreement.objects.current().filter(
            answer=Answer.DELIBERATION, body_date__lt=self.today, organisation=OuterRef(body)
        )
        passed = passed.annotate(moment=Cast("body_date", DateTimeField()))
        waits = [
            self._waiting(_unspoken(points, "pk", body), body, "", version="pk"),
            self._waiting(
                _unspoken(held, "version", body), body, "version__", dossier="dossier"
            ),
            self._waiting(passed, body, "version__", agreement="pk"),
        ]  # fmt: skip
        asked = ears.filter(
            reduce(or_, waits), user__is_active=True, **{f"{body}__party__agreement_required": True}
        )
        return asked.values_list(f"{body}__convention", flat=True)

    def _waiting(self, rows: QuerySet, body: str, path: str, **about: str) -> Q:
        """Whether one of these rows awaits the seat or delegation outside, unknown to its user.

        Their version is at ``path``; the row, or who is to answer, is new; it is time to write.
        """
        [(field, named)] = about.items()
        known = Notice.objects.filter(user=OuterRef(OuterRef("user")), **{field: OuterRef(named)})
        is_delegated = body == "seat__organisation"
        waiting = rows.annotate(
            rhythm=_outer("user__mail_rhythm", CharField()),
            named_on=_outer("starts_on", DateField()),
            sits_since=_outer("seat__starts_on" if is_delegated else "starts_on", DateField()),
        ).filter(
            Q(moment__gte=self.horizon)
            | Q(named_on__gte=self.recent_day)
            | Q(sits_since__gte=self.recent_day),
            Q(rhythm=AT_ONCE) | Q(moment__lte=self.monday),
            ~Exists(known),
            ~_returned(f"{path}pk"),
            **{
                f"{path}state": State.PROPOSED,
                f"{path}convention": OuterRef(f"{body}__convention"),
            },
        )
        return Q(Exists(_covered(waiting, f"{path}kind") if is_delegated else waiting))

    # What was said: from what is to be told to who does not know ----------------------------

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
        since = _outer(moment, DateTimeField())
        return ears.annotate(moment=since).filter(
            Q(user__mail_rhythm=AT_ONCE) | Q(moment__lte=self.monday)
        )


def untold(*ears: QuerySet, **about: str) -> Q:
    """Whether one of these people has no notice of a row: ``version="pk"`` is where it is named."""
    [(field, outer)] = about.items()
    told = Notice.objects.filter(**{"user": OuterRef("user"), field: OuterRef(OuterRef(outer))})
    return reduce(or_, (Q(Exists(listening.filter(~Exists(told)))) for listening in ears))


def _outer(path: str, output_field) -> ExpressionWrapper:
    return ExpressionWrapper(OuterRef(path), output_field)


def _unspoken(rows: QuerySet, version: str, body: str) -> QuerySet:
    """Of which the organisation outside has said nothing yet."""
    said = Agreement.objects.by_parties().filter(
        version=OuterRef(version), organisation=OuterRef(OuterRef(body))
    )
    return rows.filter(~Exists(said))


def _covered(rows: QuerySet, kind: str) -> QuerySet:
    """Of a kind for which the delegation outside was given. Twin: ``Delegation.covers``."""
    quoted = Concat(Value('"'), F(kind), Value('"'), output_field=TextField())
    rows = rows.annotate(kinds_text=Cast(OuterRef("kinds"), TextField()))
    return rows.filter(Q(kinds_text="[]") | Q(kinds_text__contains=quoted))


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
