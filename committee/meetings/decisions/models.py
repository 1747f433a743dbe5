"""Decisions of meetings, who does what of them until when, and what became of them."""

import datetime

from django.db import models
from django.db.models import F, Q

from committee.meetings.models import COORDINATION, AgendaItem, Meeting
from ctg_portal.forms.revisions import Revised
from ctg_portal.transitions import NEW, Step, Transition, Verb

OWNER = "coordination, ou qui agit pour l’organisme chargé de la décision"


class DecisionState(models.TextChoices):
    TO_FOLLOW = "to_follow", "à suivre"
    TAKEN = "taken", "prise"
    DONE = "done", "faite"
    DROPPED = "dropped", "abandonnée"


class DecisionVerb(Verb):
    TAKEN = ("taken", Step([NEW], DecisionState.TAKEN, COORDINATION), "prise")
    ENTRUSTED = ("entrusted", Step([NEW], DecisionState.TO_FOLLOW, COORDINATION), "prise, à suivre")
    CORRECTED = (
        "corrected",
        Step([DecisionState.TAKEN, DecisionState.TO_FOLLOW], None, COORDINATION),
        "corrigée",
    )
    REPORTED = (
        "reported",
        Step([DecisionState.TO_FOLLOW], None, OWNER, has_reason=True),
        "suite donnée",
    )
    DONE = ("done", Step([DecisionState.TO_FOLLOW], DecisionState.DONE, OWNER), "faite")
    DROPPED = (
        "dropped",
        Step([DecisionState.TO_FOLLOW], DecisionState.DROPPED, COORDINATION, has_reason=True),
        "abandonnée",
    )
    REOPENED = (
        "reopened",
        Step(
            [DecisionState.DONE, DecisionState.DROPPED], DecisionState.TO_FOLLOW, COORDINATION,
            has_reason=True,
        ),
        "à suivre de nouveau",
    )  # fmt: skip


class DecisionQuerySet(models.QuerySet):
    def of(self, convention):
        return self.filter(convention=convention)

    def to_follow(self):
        return self.filter(state=DecisionState.TO_FOLLOW)

    def late(self, on: datetime.date):
        """Return the decisions still to be followed up after their day. Twin:
        ``Decision.is_late``."""
        return self.to_follow().filter(due_on__lt=on)

    def taken_in(self, meeting):
        """Return the decisions of a meeting, in their order."""
        return self.filter(meeting=meeting).order_by("number")


class Decision(Revised):
    """A decision of a meeting, numbered by convention and year: « 2023-04 ».

    ``owner``: the organisation in charge of what follows, where one is; ``due_on``: until when.
    """

    KEPT_TEXT = 5000

    convention = models.ForeignKey(
        "conventions.Convention", models.CASCADE, related_name="decisions",
        verbose_name="convention",
    )  # fmt: skip
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, related_name="decisions", verbose_name="réunion"
    )
    item = models.ForeignKey(
        AgendaItem, models.SET_NULL, related_name="decisions", null=True, blank=True,
        verbose_name="point de l’ordre du jour",
    )  # fmt: skip
    year = models.PositiveSmallIntegerField("année")
    number = models.PositiveSmallIntegerField("numéro")
    text = models.TextField("décision", max_length=KEPT_TEXT)
    state = models.CharField(
        "état", max_length=20, choices=DecisionState.choices, default=DecisionState.TAKEN
    )
    owner = models.ForeignKey(
        "conventions.Organisation", models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name="organisme chargé",
    )  # fmt: skip
    due_on = models.DateField("échéance", null=True, blank=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = "décision"
        ordering = [F("year").desc(), F("number").desc(), "-pk"]
        constraints = [
            models.CheckConstraint(
                name="decision_has_text",
                condition=~Q(text=""),
                violation_error_message="Une décision a un texte.",
            ),
            models.CheckConstraint(
                name="decision_state_known",
                condition=Q(state__in=DecisionState.values),
                violation_error_message="Cet état est inconnu.",
            ),
            models.UniqueConstraint(
                fields=["convention", "year", "number"],
                name="decision_number_unique",
                violation_error_message="Une décision de l’année porte déjà ce numéro.",
            ),
        ]

    def __str__(self):
        return f"Décision {self.mark}"

    @property
    def mark(self) -> str:
        """The number as it is quoted: « 2023-04 »."""
        return f"{self.year}-{self.number:02}"

    @property
    def is_to_follow(self) -> bool:
        return self.state == DecisionState.TO_FOLLOW

    @property
    def is_closed(self) -> bool:
        return self.state in (DecisionState.DONE, DecisionState.DROPPED)

    def is_late(self, on: datetime.date) -> bool:
        """Return whether it is still to be followed up after its day."""
        return self.is_to_follow and self.due_on is not None and self.due_on < on


class DecisionTransition(Transition):
    """An act on a decision: taken, corrected, followed up, done, given up."""

    verbs = DecisionVerb

    decision = models.ForeignKey(
        Decision, models.CASCADE, related_name="transitions", verbose_name="décision"
    )
    verb = DecisionVerb.field()

    class Meta(Transition.Meta):
        verbose_name = "acte sur une décision"
        verbose_name_plural = "actes sur les décisions"
        constraints = DecisionVerb.constraints("decision_transition")
