"""Notify people of an evaluation before and once it is published."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from agreements.seats.voices import Bench, bench_of
from conventions.access.capacities import coordinator_pks
from conventions.legal.reading import validating_article
from conventions.models import Convention, Membership, Organisation
from conventions.notices import ConventionLetter, ConventionNews
from ctg_portal.templatetags.french import long_date
from evaluation.editions.models import (
    Edition,
    EditionTransition,
    EditionVerb,
    Validation,
    ValidationWord,
)
from evaluation.editions.standing import standing_of
from notifications.news import Notification

KIND = "evaluation"  # of the voices that validate


@dataclass(frozen=True)
class Reading:
    """What the notices of a convention read once."""

    convention: Convention
    now: datetime.datetime

    @cached_property
    def bench(self) -> Bench:
        return bench_of(self.convention, timezone.localdate(self.now))

    @cached_property
    def readers(self) -> set[int]:
        """The primary keys of everybody who has access."""
        memberships = Membership.objects.effective().of(self.convention)
        return set(memberships.values_list("user", flat=True))

    def speaking_for(self, organisation: Organisation) -> set[int]:
        """Return the primary keys of the active people with access who may validate for a party
        today."""
        return {user.pk for user in self._people if self.bench.voice(user, organisation, KIND)}

    def advisers_not_speaking_for(self, organisations: Iterable[Organisation]) -> set[int]:
        """Return the primary keys of the active people with access who may give an avis today and
        speak for none of these organisations."""
        advisers = {user.pk for user in self._people if self.bench.advice(user)}
        return advisers.difference(*(self.speaking_for(row) for row in organisations))

    @cached_property
    def _people(self) -> list[User]:
        return list(User.objects.filter(pk__in=self.readers, is_active=True))


class EditionNews(ConventionNews, abstract=True):
    """News about one edition, identified by its key; links to the page of its publication."""

    def __init__(self, edition: Edition):
        self.edition, self.convention = edition, edition.evaluation.convention

    @property
    def about(self) -> str:
        return str(self.edition.pk)

    @classmethod
    def load(cls, keys: Iterable[str], reading: Reading) -> dict[str, ConventionNews]:
        """Return the news of the editions that still exist, by key."""
        rows = Edition.objects.of(reading.convention).filter(pk__in=keys).with_all()
        return {str(row.pk): cls(row) for row in rows}

    def link(self) -> str:
        return reverse("evaluation:publication", args=[self.convention.slug, self.edition.year])


class ToAnswer(EditionNews, abstract=True):
    """Analyses are to be read and answered: it stays until the edition is no longer submitted."""

    may_wait = False
    stays = True
    is_shown = False

    @classmethod
    def settled(cls, keys: Iterable[str]) -> set[str]:
        """Return the keys, « edition » or « edition:organisation », whose edition is no longer
        submitted to validation."""
        submitted = Edition.objects.in_hand().filter(version=None)
        live = {str(pk) for pk in submitted.values_list("pk", flat=True)}
        return {key for key in keys if key.split(":")[0] not in live}

    @property
    def submitted(self) -> str:
        """« Anne Petit les a soumises le 3 mars 2026. »"""
        who = self.edition.submitted_by_name or "La coordination"
        return f"{who} les a soumises le {long_date(self.edition.submitted_at)}."

    def link(self) -> str:
        return reverse("evaluation:validate", args=[self.convention.slug, self.edition.year])


class AnalysesAwaited(ToAnswer):
    """A party is asked to validate the analyses of its data: for whoever speaks for it."""

    kind = "analyses_awaited"

    def __init__(self, edition: Edition, organisation: Organisation):
        super().__init__(edition)
        self.organisation = organisation

    @property
    def about(self) -> str:
        """« edition:organisation », their keys."""
        return f"{self.edition.pk}:{self.organisation.pk}"

    @classmethod
    def load(cls, keys, reading: Reading):
        """Return the news by key, without those whose edition or organisation is gone."""
        pairs = {key: key.split(":") for key in keys}
        editions = Edition.objects.of(reading.convention).with_all()
        editions = editions.in_bulk([int(edition) for edition, _ in pairs.values()])
        organisations = reading.convention.organisations.in_bulk(
            [int(organisation) for _, organisation in pairs.values()]
        )
        return {
            key: cls(editions[int(edition)], organisations[int(organisation)])
            for key, (edition, organisation) in pairs.items()
            if int(edition) in editions and int(organisation) in organisations
        }

    def is_obsolete(self, reading: Reading) -> bool:
        """Return whether the last word of the party is a validation, it is no longer asked, or the
        edition is no longer submitted to validation."""
        if not self.edition.is_submitted:
            return True
        return self.organisation not in standing_of(self.edition).awaited

    def recipients(self, reading: Reading) -> dict[int, Notification]:
        """Return the people who may validate for the party today, by primary key."""
        since = self.edition.submitted_at
        return {pk: Notification(self, since) for pk in reading.speaking_for(self.organisation)}

    @classmethod
    def subject(cls, notifications, *, alone: bool) -> str:
        """Return how many evaluations await the reader, or the name of the only one."""
        if len(notifications) > 1:
            return f"les analyses de {len(notifications)} évaluations attendent votre validation"
        evaluation = notifications[0].news.edition.period.evaluation
        return f"les analyses de {evaluation} attendent votre validation"

    def summary(self, notification) -> str:
        """Return who submitted the analyses, when, and by which article they are validated."""
        return (
            f"{self.submitted} La convention demande qu’elles soient "
            f"validées avant d’être publiées{self._where_asked}."
        )

    @cached_property
    def _where_asked(self) -> str:
        """« (art. 5) », the article by which analyses are validated; empty where none says so."""
        day = self.convention.reading_day(timezone.localdate())
        article = validating_article(self.convention, day)
        return f" (art. {article})" if article else ""


class AdviceAwaited(ToAnswer):
    """Analyses may be commented before they are published: for whoever gives an avis, until they
    have given theirs."""

    kind = "analyses_advice_awaited"

    def is_obsolete(self, reading: Reading) -> bool:
        return not self.edition.is_submitted

    def recipients(self, reading: Reading) -> dict[int, Notification]:
        """Return, by primary key, who may give an avis today, has given none and speaks for no
        party that is asked."""
        standing = standing_of(self.edition)
        asked = reading.advisers_not_speaking_for(standing.asked) - standing.advised
        return {pk: Notification(self, self.edition.submitted_at) for pk in asked}

    @classmethod
    def subject(cls, notifications, *, alone: bool) -> str:
        """Return how many evaluations await an avis, or the name of the only one."""
        if len(notifications) > 1:
            return f"les analyses de {len(notifications)} évaluations attendent votre avis"
        evaluation = notifications[0].news.edition.period.evaluation
        return f"les analyses de {evaluation} attendent votre avis"

    def summary(self, notification) -> str:
        """Return who submitted the analyses, when, and that an avis commits to nothing."""
        return (
            f"{self.submitted} Donner un avis n’engage pas votre "
            "organisme : la coordination et les membres le lisent avant la publication."
        )


class AnalysesAnswered(ConventionNews):
    """A party has validated the analyses, asks for a change, or retracts its word: for the
    coordinators."""

    kind = "analyses_answered"

    def __init__(self, validation: Validation):
        self.validation, self.convention = validation, validation.edition.evaluation.convention

    @property
    def about(self) -> str:
        return str(self.validation.pk)

    @classmethod
    def load(cls, keys, reading: Reading):
        """Return the news by key of the validation, without those that are gone."""
        rows = Validation.objects.filter(pk__in=keys).select_related(
            "organisation", "edition__evaluation__convention"
        )
        return {str(row.pk): cls(row) for row in rows}

    def recipients(self, reading: Reading) -> dict[int, Notification]:
        """Return the coordinators by primary key; for who answered themselves it is their own
        act."""
        validation = self.validation
        return {
            pk: Notification(self, validation.created_at, is_own=pk == validation.user_id)
            for pk in coordinator_pks(reading.convention)
        }

    @classmethod
    def subject(cls, notifications, *, alone: bool) -> str:
        """Return how many answers there are, or what the only one says, of which party."""
        if len(notifications) > 1:
            return f"{len(notifications)} réponses sur les analyses d’évaluations"
        validation = notifications[0].news.validation
        evaluation = validation.edition.period.evaluation
        acts = {
            ValidationWord.VALIDATED: f"a validé les analyses de {evaluation}",
            ValidationWord.CHANGE: f"demande une modification de {evaluation}",
            ValidationWord.RETRACTED: f"a retiré sa validation des analyses de {evaluation}",
        }
        return f"{validation.organisation.the} {acts[ValidationWord(validation.word)]}"

    def summary(self, notification) -> str:
        """Return who answered, in which capacity, and the text if there is one."""
        validation = self.validation
        who = (
            f"{validation.person_name}, {validation.capacity}"
            if validation.capacity
            else validation.person_name
        )
        return f"{who} : « {validation.text} »" if validation.text else f"{who}."

    def link(self) -> str:
        """Return the page of the publication."""
        return reverse(
            "evaluation:publication", args=[self.convention.slug, self.validation.edition.year]
        )


class EvaluationReturned(EditionNews):
    """An edition was returned to its writers: for the coordinators, who submit it again."""

    kind = "evaluation_returned"

    @cached_property
    def act(self) -> EditionTransition | None:
        """The last act that returned the edition; None where nothing did."""
        return self.edition.transitions.filter(verb=EditionVerb.RETURNED).last()

    def is_obsolete(self, reading: Reading) -> bool:
        """Return whether another edition was submitted since, or it was not returned."""
        later = self.edition.evaluation.editions.filter(pk__gt=self.edition.pk)
        return self.act is None or later.exists()

    def recipients(self, reading: Reading) -> dict[int, Notification]:
        """Return the coordinators by primary key; for who returned it themselves it is their own
        act."""
        act = self.act
        return {
            pk: Notification(self, act.created_at, is_own=pk == act.by_id)
            for pk in coordinator_pks(reading.convention)
        }

    @classmethod
    def subject(cls, notifications, *, alone: bool) -> str:
        """Return how many evaluations are returned, or the name of the only one."""
        if len(notifications) > 1:
            return f"{len(notifications)} évaluations sont rendues à la rédaction"
        return f"{notifications[0].news.edition.period.evaluation} est rendue à la rédaction"

    def summary(self, notification) -> str:
        return f"« {self.act.reason} » Elle est à soumettre de nouveau."


class EvaluationPublished(EditionNews):
    """An evaluation was published: for everybody who has access, the Caf among them (art. 5)."""

    kind = "evaluation_published"

    def recipients(self, reading: Reading) -> dict[int, Notification]:
        """Return everybody who has access today, by primary key."""
        since = self.edition.published_at
        return {pk: Notification(self, since) for pk in reading.readers}

    @classmethod
    def subject(cls, notifications, *, alone: bool) -> str:
        """Return how many evaluations are published, or the name and version of the only one."""
        if len(notifications) > 1:
            return f"{len(notifications)} évaluations sont publiées"
        edition = notifications[0].news.edition
        subject = f"{edition.period.evaluation} est publiée"
        return subject if edition.number == 1 else f"{subject}, version {edition.number}"

    def summary(self, notification) -> str:
        """Return that the parties agreed, or what a later version corrects."""
        edition = self.edition
        if edition.number == 1:
            return "Les parties dont l’accord était requis l’ont donné à ce document."
        return f"Ce qui est corrigé : {edition.reason}"


class EvaluationLetter(ConventionLetter):
    """The news of the evaluations of a convention."""

    kinds = (
        AnalysesAwaited,
        AdviceAwaited,
        AnalysesAnswered,
        EvaluationReturned,
        EvaluationPublished,
    )

    @cached_property
    def reading(self) -> Reading | None:
        """The rows that the notices of one letter read once; None where the convention is gone."""
        convention = self.convention()
        return Reading(convention, self.now) if convention else None
