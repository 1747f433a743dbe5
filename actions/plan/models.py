"""An action sheet: what the parties undertake, with what money, and where it is."""

import datetime
import re
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch, Q
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from accounts.models import User
from conventions.models import (
    Membership,
    Objective,
    Role,
    StandingQuerySet,
    StandingRow,
    Theme,
)
from ctg_portal.forms.revisions import Revised
from ctg_portal.search.rows import Searchable, SearchableQuerySet
from ctg_portal.templatetags.french import long_date

# « 4.1.3 », or the number of a theme, beneath which others are.
NUMBER = re.compile(r"\w+(\.\d+)+")
HEAVIEST = 100
AMOUNT: dict[str, Any] = {"max_digits": 12, "decimal_places": 2, "null": True, "blank": True}
FIRST_YEAR, LAST_YEAR = 1990, 2100


class ActionState(models.TextChoices):
    """The state of an action. « En retard » is not one: it is computed (``Action.is_late``)."""

    TO_COME = "to_come", "à venir"
    IN_PROGRESS = "in_progress", "en cours"
    DONE = "done", "terminée"
    PAUSED = "paused", "en pause"
    BLOCKED = "blocked", "bloquée"
    ABANDONED = "abandoned", "abandonnée"

    @classmethod
    def with_reason(cls) -> list[str]:
        """Return the states that need a reason."""
        return [cls.PAUSED, cls.BLOCKED, cls.ABANDONED]

    @classmethod
    def over(cls) -> list[str]:
        """Return the states in which nothing is awaited any more."""
        return [cls.DONE, cls.ABANDONED]


class Priority(models.TextChoices):
    HIGH = "high", "haute"
    NORMAL = "normal", "moyenne"
    LOW = "low", "basse"


class ActionQuerySet(StandingQuerySet, SearchableQuerySet):
    def of(self, convention):
        return self.filter(convention=convention)

    def in_reading_order(self):
        """Order by axis, theme and rank, as the convention is read. Twin, for past days:
        ``actions.plan.as_agreed``."""
        return self.order_by("theme__axis__number", "theme__rank", "rank", "pk")

    def matching(self, query):
        """Keep the actions whose text contains every word of the query.

        A query that is the number of an action or of a theme (« 4.1 ») keeps those with this number
        or one beneath it, if there are any: its digits are in many other texts.
        """
        number = query.strip()
        if NUMBER.fullmatch(number):
            numbered = self.filter(Q(number__iexact=number) | Q(number__istartswith=f"{number}."))
            if numbered.exists():
                return numbered
        return super().matching(query)

    def followed(self):
        """Keep the actions in force, neither done nor given up. Twin: ``Action.is_open``."""
        return self.agreed().exclude(state__in=["done", "abandoned"])

    def late(self, on: datetime.date):
        """Keep the followed actions that are behind what was agreed. Twin: ``Action.is_late``.

        The last day has passed, its own or that of the convention; a milestone is overdue; or the
        first day has passed and the action has not begun.
        """
        overdue = Milestone.objects.filter(
            action=OuterRef("pk"), due_on__lt=on, done_on__isnull=True
        )
        past = Q(ends_on__lt=on) | Q(convention__end__lt=on)
        behind = past | Q(state="to_come", starts_on__lt=on) | Exists(overdue)
        return self.followed().filter(behind)

    def running_in(self, year: int):
        """Keep the actions whose period touches a year; one without a first day does not. Twin:
        ``Action.runs_in``."""
        first, last = datetime.date(year, 1, 1), datetime.date(year, 12, 31)
        return self.filter(starts_on__lte=last).filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=first)
        )

    def led_by(self, user: User):
        """Keep the actions that a person leads: by name, or as somebody who enters data for an
        organisation that leads. Only where they have access. Twin:
        ``actions.follow_up.rights.is_lead``."""
        memberships = Membership.objects.effective().filter(user=user)
        organisations = memberships.filter(role__in=Role.entering()).values("organisation")
        here = memberships.filter(organisation__convention=OuterRef("action__convention"))
        leads = Lead.objects.filter(action=OuterRef("pk"))
        return self.filter(
            Exists(leads.filter(Q(organisation__in=organisations) | Q(Exists(here), user=user)))
        )

    def involving(self, organisation):
        """Keep the actions that an organisation leads, shares, staffs or funds."""
        own = {"action": OuterRef("pk")}
        return self.filter(
            Q(Exists(Lead.objects.filter(organisation=organisation, **own)))
            | Q(Exists(Means.objects.filter(organisation=organisation, **own)))
            | Q(Exists(Funding.objects.filter(funder=organisation, **own)))
            | Q(pk__in=organisation.actions_shared.values("pk"))
        )

    def concerning(self, commune):
        """Keep the actions of the whole territory and those that name the commune."""
        named = self.model.communes.through.objects.filter(action=OuterRef("pk"), commune=commune)
        return self.filter(Q(is_whole_territory=True) | Exists(named))

    def under(self, theme):
        """Keep the actions of which a theme is the main one, or one of the others."""
        others = self.model.other_themes.through.objects.filter(action=OuterRef("pk"), theme=theme)
        return self.filter(Q(theme=theme) | Exists(others))

    def serving(self, objective):
        """Keep the actions that serve an objective, or one directly beneath it."""
        through = self.model.objectives.through.objects.filter(action=OuterRef("pk"))
        wanted = Q(objective=objective) | Q(objective__parent=objective)
        return self.filter(Exists(through.filter(wanted)))

    def with_relations(self):
        """Prefetch what lists show: theme and axis, leads, milestones."""
        return self._with_leads(Lead.objects.select_related("organisation"))

    def _with_leads(self, leads):
        """Prefetch theme, axis, milestones, and ``leads`` (a queryset) as the leads."""
        return self.select_related("convention", "theme__axis__convention").prefetch_related(
            Prefetch("leads", leads), "milestones"
        )

    def with_sheet(self):
        """Prefetch all that the sheets show."""
        others = Theme.objects.select_related("axis")
        objectives = Objective.objects.select_related("theme__axis__convention")
        leads = Lead.objects.select_related("organisation", "user")
        return self._with_leads(leads).prefetch_related(
            Prefetch("other_themes", others),
            Prefetch("objectives", objectives),
            "partners",
            "communes",
            Prefetch("means", Means.objects.select_related("organisation")),
            Prefetch("fundings", Funding.objects.select_related("funder")),
            "notes",
        )


class Action(Searchable, Revised, StandingRow):
    """An action of the plan. What the parties agree to is written by versions only
    (``actions.plan.commitments``); ``state`` to ``stated_on`` and ``related`` are its follow-up,
    which ``actions.follow_up.events.follow_up`` writes.

    ``number`` (« 4.1.3 »: the main theme's and a rank) is given once and never changes, whatever
    becomes of the theme. ``is_continuous``: it has no last day. ``stated_progress``, in percent,
    was stated by hand on ``stated_on``; absent, progress is read from the milestones. ``state`` is
    so since ``state_on``. ``is_fictional``: of a demonstration, which every page says.
    """

    SEARCH_FIELDS = ("number", "title", "description", "diagnosis", "audience", "expected_results")

    convention = models.ForeignKey(
        "conventions.Convention", models.CASCADE, related_name="actions", verbose_name="convention"
    )
    theme = models.ForeignKey(
        "conventions.Theme", models.PROTECT, related_name="actions", verbose_name="thématique"
    )
    rank = models.PositiveIntegerField("rang")
    number = models.CharField("numéro", max_length=40)

    # What is agreed to
    title = models.CharField("titre", max_length=200)
    other_themes = models.ManyToManyField(
        "conventions.Theme", related_name="+", blank=True, verbose_name="autres thématiques"
    )
    objectives = models.ManyToManyField(
        "conventions.Objective", related_name="actions", blank=True, verbose_name="objectifs servis"
    )
    diagnosis = models.TextField("diagnostic", blank=True)
    description = models.TextField("description", blank=True)
    audience = models.CharField("public", max_length=300, blank=True)
    expected_results = models.TextField("résultats attendus", blank=True)
    elected_referent = models.CharField("élu référent", max_length=300, blank=True)
    partners = models.ManyToManyField(
        "conventions.Organisation", related_name="actions_shared", blank=True,
        verbose_name="partenaires",
    )  # fmt: skip
    other_partners = models.TextField("autres partenaires", blank=True)
    is_whole_territory = models.BooleanField("tout le territoire", default=True)
    communes = models.ManyToManyField(
        "conventions.Commune", related_name="actions", blank=True, verbose_name="communes"
    )
    starts_on = models.DateField("début", null=True, blank=True)
    ends_on = models.DateField("fin", null=True, blank=True)
    is_continuous = models.BooleanField("en continu", default=False)
    priority = models.CharField(
        "priorité", max_length=20, choices=Priority.choices, default=Priority.NORMAL
    )
    plans = models.JSONField("autres plans", default=list, blank=True)
    is_innovative = models.BooleanField("initiative ou innovation", default=False)

    # Its follow-up
    state = models.CharField(
        "état", max_length=20, choices=ActionState.choices, default=ActionState.TO_COME
    )
    state_reason = models.TextField("motif de l’état", blank=True)
    state_on = models.DateField("dans cet état depuis le", null=True, blank=True)
    stated_progress = models.PositiveSmallIntegerField(
        "avancement estimé (%)", null=True, blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )  # fmt: skip
    stated_on = models.DateField("estimé le", null=True, blank=True)
    related = models.ManyToManyField("self", blank=True, verbose_name="actions liées")

    is_fictional = models.BooleanField("données fictives", default=False)

    objects = ActionQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["search_text"])

    class Meta:
        verbose_name = "fiche action"
        verbose_name_plural = "fiches action"
        ordering = ["theme__axis__number", "theme__rank", "rank", "pk"]
        indexes = [
            models.Index(fields=["convention", "standing"], name="action_by_standing"),
            models.Index(fields=["convention", "state"], name="action_by_state"),
        ]
        constraints = [
            *StandingRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["convention", "number"],
                name="action_number_unique",
                violation_error_message="Cette convention a déjà une fiche action de ce numéro.",
            ),
            models.CheckConstraint(
                name="action_has_title",
                condition=~Q(title=""),
                violation_error_message="Une fiche action a un titre.",
            ),
            models.CheckConstraint(
                name="action_choices_known",
                condition=Q(state__in=ActionState.values) & Q(priority__in=Priority.values),
                violation_error_message="L’état ou la priorité de cette action est inconnu.",
            ),
            models.CheckConstraint(
                name="action_ends_after_start",
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
                violation_error_message="La fin de l’action précède son début.",
            ),
            models.CheckConstraint(
                name="action_continuous_has_no_end",
                condition=Q(is_continuous=False) | Q(ends_on__isnull=True),
                violation_error_message="Une action en continu n’a pas de date de fin.",
            ),
            models.CheckConstraint(
                name="action_reason_given",
                condition=~Q(state__in=["paused", "blocked", "abandoned"]) | ~Q(state_reason=""),
                violation_error_message="Dites pourquoi l’action est en pause, bloquée ou "
                "abandonnée.",
            ),
            models.CheckConstraint(
                name="action_stated_progress_up_to_100",
                condition=Q(stated_progress__isnull=True, stated_on__isnull=True)
                | Q(stated_progress__isnull=False, stated_progress__lte=100,
                    stated_on__isnull=False),
                violation_error_message="Un avancement estimé va de 0 à 100 %%, et l’est un jour "
                "donné.",
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.number} {self.title}"

    def get_absolute_url(self):
        return reverse("actions:action", args=[self.convention.slug, self.pk])

    @property
    def anchor(self) -> str:
        return f"action-{self.pk}"

    @property
    def period(self) -> str:
        """The period in words: « du 1er mars 2021 au 31 décembre 2025 », « depuis le 1er mars 2021,
        en continu »; empty without a first day."""
        if self.starts_on is None:
            return ""
        start = long_date(self.starts_on)
        if self.is_continuous:
            return f"depuis le {start}, en continu"
        return (
            f"du {start} au {long_date(self.ends_on)}" if self.ends_on else f"à partir du {start}"
        )

    @property
    def is_over(self) -> bool:
        """Whether it is done or given up."""
        return self.state in ActionState.over()

    @property
    def is_open(self) -> bool:
        """Whether it is in force and goes on. Twin: ``ActionQuerySet.followed``."""
        return self.is_agreed and not self.is_over

    @property
    def progress(self) -> int | None:
        """The progress in percent: 100 once done, else as stated by hand, else the weights of the
        milestones reached among all, rounded down; None where nothing says it."""
        if self.state == ActionState.DONE:
            return 100
        if self.stated_progress is not None:
            return self.stated_progress
        milestones = list(self.milestones.all())
        total = sum(milestone.weight for milestone in milestones)
        done = sum(milestone.weight for milestone in milestones if milestone.done_on)
        return 100 * done // total if total else None

    def overdue(self, on: datetime.date) -> list["Milestone"]:
        """Return the milestones that are overdue on a day."""
        return [m for m in self.milestones.all() if m.is_overdue(on)]

    def is_late(self, on: datetime.date) -> bool:
        """Return whether it is behind what was agreed. Twin: ``ActionQuerySet.late``."""
        if not self.is_open:
            return False
        has_ended = self.convention.has_ended(on) or (self.ends_on and self.ends_on < on)
        should_have_begun = (
            self.state == ActionState.TO_COME and self.starts_on is not None and self.starts_on < on
        )
        return bool(has_ended or should_have_begun or self.overdue(on))

    def runs_in(self, year: int) -> bool:
        """Return whether its period touches a year. Twin: ``ActionQuerySet.running_in``."""
        if self.starts_on is None or self.starts_on.year > year:
            return False
        return self.ends_on is None or self.ends_on.year >= year


class LeadQuerySet(models.QuerySet):
    def of(self, convention):
        return self.filter(action__convention=convention)

    def without_access(self):
        """Keep the leads whose account has no access to the convention any more; a lead without an
        account is left out."""
        memberships = Membership.objects.active().of(OuterRef("action__convention"))
        gone = ~Exists(memberships.filter(user=OuterRef("user")))
        return self.filter(gone, user__isnull=False)


class Lead(models.Model):
    """Who leads an action: an organisation, and a person of it, with an account or without.

    ``rank`` is its place in the text. ``name`` and ``capacity`` are as when the parties agreed;
    ``user`` lets the person follow it.
    """

    action = models.ForeignKey(
        Action, models.CASCADE, related_name="leads", verbose_name="fiche action"
    )
    rank = models.PositiveSmallIntegerField("rang", default=0)
    organisation = models.ForeignKey(
        "conventions.Organisation", models.PROTECT, related_name="actions_led",
        verbose_name="organisme",
    )  # fmt: skip
    name = models.CharField("nom", max_length=200, blank=True)
    capacity = models.CharField("fonction", max_length=200, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="actions_led", null=True, blank=True,
        verbose_name="compte",
    )  # fmt: skip

    objects = LeadQuerySet.as_manager()

    class Meta:
        verbose_name = "pilote"
        ordering = ["rank", "pk"]

    def __str__(self):
        return self.name or str(self.organisation)


class Means(models.Model):
    """Staff that an organisation gives an action, in full-time equivalents."""

    action = models.ForeignKey(
        Action, models.CASCADE, related_name="means", verbose_name="fiche action"
    )
    rank = models.PositiveSmallIntegerField("rang", default=0)
    organisation = models.ForeignKey(
        "conventions.Organisation", models.PROTECT, related_name="+", verbose_name="organisme"
    )
    fte = models.DecimalField("ETP", max_digits=6, decimal_places=2)
    note = models.CharField("précision", max_length=200, blank=True)

    class Meta:
        verbose_name = "moyen humain"
        verbose_name_plural = "moyens humains"
        ordering = ["rank", "pk"]
        constraints = [
            models.CheckConstraint(
                name="means_fte_positive",
                condition=Q(fte__gt=0),
                violation_error_message="Un moyen humain se compte en ETP, au-dessus de zéro.",
            )
        ]

    def __str__(self):
        return f"{self.organisation} : {self.fte} ETP"


class MilestoneQuerySet(models.QuerySet):
    def unreached(self):
        """Keep the milestones that are not reached."""
        return self.filter(done_on__isnull=True)


class Milestone(models.Model):
    """A step on the way: due, done; ``weight`` is its share in the progress of the action."""

    action = models.ForeignKey(
        Action, models.CASCADE, related_name="milestones", verbose_name="fiche action"
    )
    title = models.CharField("jalon", max_length=200)
    due_on = models.DateField("échéance")
    done_on = models.DateField("atteint le", null=True, blank=True)
    weight = models.PositiveSmallIntegerField(
        "poids", default=1, validators=[MinValueValidator(1), MaxValueValidator(HEAVIEST)]
    )

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        verbose_name = "jalon"
        verbose_name_plural = "jalons"
        ordering = ["action_id", "due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="milestone_weight_from_1_to_100",
                condition=Q(weight__gte=1, weight__lte=HEAVIEST),
                violation_error_message="Le poids d’un jalon va de 1 à 100.",
            ),
            models.CheckConstraint(
                name="milestone_has_title",
                condition=~Q(title=""),
                violation_error_message="Un jalon a un titre.",
            ),
        ]

    def __str__(self):
        return self.title

    def is_overdue(self, on: datetime.date) -> bool:
        return self.done_on is None and self.due_on < on


class Nature(models.TextChoices):
    """Whether money pays for something that lasts, or for running costs."""

    OPERATING = "operating", "fonctionnement"
    INVESTMENT = "investment", "investissement"


class Funding(models.Model):
    """What one funder gives an action in one year, under one scheme; amounts in euros.

    The line and ``planned`` are agreed; ``granted`` and ``spent`` are its follow-up, and stay when
    a later version does not plan the line any more (``planned`` is then absent). The funder
    is an organisation of the convention, or another, by name.
    """

    KEY = ("funder_id", "funder_name", "year", "nature", "scheme")

    action = models.ForeignKey(
        Action, models.CASCADE, related_name="fundings", verbose_name="fiche action"
    )
    funder = models.ForeignKey(
        "conventions.Organisation", models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name="financeur",
    )  # fmt: skip
    funder_name = models.CharField("autre financeur", max_length=200, blank=True)
    year = models.PositiveSmallIntegerField(
        "année", validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)]
    )
    nature = models.CharField(
        "nature", max_length=20, choices=Nature.choices, default=Nature.OPERATING
    )
    scheme = models.CharField("dispositif", max_length=200, blank=True)
    planned = models.DecimalField("prévu", **AMOUNT)
    granted = models.DecimalField("accordé", **AMOUNT)
    spent = models.DecimalField("dépensé", **AMOUNT)

    class Meta:
        verbose_name = "financement"
        ordering = ["action_id", "year", "pk"]
        constraints = [
            models.CheckConstraint(
                name="funding_one_funder",
                condition=Q(funder__isnull=False, funder_name="")
                | Q(funder__isnull=True) & ~Q(funder_name=""),
                violation_error_message="Un financement a un financeur : un organisme de la "
                "convention, ou un autre.",
            ),
            models.UniqueConstraint(
                fields=["action", "funder", "year", "nature", "scheme"],
                condition=Q(funder__isnull=False),
                name="funding_line_unique",
                violation_error_message="Cette action a déjà cette ligne de financement.",
            ),
            models.UniqueConstraint(
                fields=["action", "funder_name", "year", "nature", "scheme"],
                condition=Q(funder__isnull=True),
                name="funding_other_line_unique",
                violation_error_message="Cette action a déjà cette ligne de financement.",
            ),
            models.CheckConstraint(
                name="funding_amounts_not_negative",
                condition=(Q(planned__isnull=True) | Q(planned__gte=0))
                & (Q(granted__isnull=True) | Q(granted__gte=0))
                & (Q(spent__isnull=True) | Q(spent__gte=0)),
                violation_error_message="Un montant n’est pas négatif.",
            ),
            models.CheckConstraint(
                name="funding_nature_known",
                condition=Q(nature__in=Nature.values),
                violation_error_message="Cette nature de financement est inconnue.",
            ),
        ]

    def __str__(self):
        return f"{self.who}, {self.year}"

    @property
    def who(self) -> str:
        """The funder's acronym, or the name of one outside the convention."""
        return str(self.funder) if self.funder_id else self.funder_name

    @property
    def key(self) -> tuple[int | str | None, ...]:
        """The values that identify the line within its action."""
        return tuple(getattr(self, name) for name in self.KEY)


class UnclearTextQuerySet(models.QuerySet):
    def open(self):
        """Keep the texts that nobody has settled yet."""
        return self.filter(settled_at__isnull=True)


class UnclearText(models.Model):
    """What a file says of an action in a cell that no field could take, in its own words.

    It is listed on the sheet until somebody settles it, and is part of nothing that is agreed to,
    of no sum and of no document. ``about``: the field of the commitment, or the key of the part of
    the follow-up, that it belongs to; ``label``: what the file calls it. Without a ``text`` the
    file says nothing of a field that a proposal asks for. ``was_taken``: whoever settled it has
    written it in the field, or has dropped it.
    """

    action = models.ForeignKey(
        Action, models.CASCADE, related_name="unclear_texts", verbose_name="fiche action"
    )
    about = models.CharField("champ", max_length=40)
    label = models.CharField("intitulé", max_length=200)
    text = models.TextField("texte", blank=True)
    place = models.CharField("cellule", max_length=200, blank=True)
    brought_at = models.DateTimeField("importé le", default=timezone.now)
    brought_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name="importé par",
    )  # fmt: skip
    settled_at = models.DateTimeField("réglé le", null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name="réglé par",
    )  # fmt: skip
    was_taken = models.BooleanField("repris dans la fiche", default=False)

    objects = UnclearTextQuerySet.as_manager()

    class Meta:
        verbose_name = "texte à préciser"
        verbose_name_plural = "textes à préciser"
        ordering = ["action_id", "pk"]
        constraints = [
            models.CheckConstraint(
                name="unclear_text_labelled",
                condition=~Q(label=""),
                violation_error_message="Un texte à préciser a un intitulé.",
            ),
            models.CheckConstraint(
                name="unclear_text_taken_once_settled",
                condition=Q(was_taken=False) | Q(settled_at__isnull=False),
                violation_error_message="Un texte repris dans la fiche est réglé.",
            ),
        ]

    def __str__(self):
        return f"{self.label}\u00a0: {self.text}" if self.text else self.label
