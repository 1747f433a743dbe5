"""Who pays for an action, year by year: planned, granted, spent."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

AMOUNT = {"max_digits": 12, "decimal_places": 2, "null": True, "blank": True}
FIRST_YEAR, LAST_YEAR = 1990, 2100


class Nature(models.TextChoices):
    """Whether money builds something that lasts, or has something work."""

    OPERATING = "operating", "fonctionnement"
    INVESTMENT = "investment", "investissement"


class FundingQuerySet(models.QuerySet):
    def of(self, convention):
        return self.filter(action__convention=convention)


class Funding(models.Model):
    """What one funder gives an action in one year, under one scheme; amounts in euros.

    The line and ``planned`` are agreed to; ``granted`` and ``spent`` are its follow-up, and stay
    when a later version does not plan the line any more (``planned`` is then absent). The funder
    is an organisation of the convention, or another, by name.
    """

    KEY = ("funder_id", "funder_name", "year", "nature", "scheme")

    action = models.ForeignKey(
        "actions.Action", models.CASCADE, related_name="fundings", verbose_name="fiche action"
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

    objects = FundingQuerySet.as_manager()

    class Meta:
        verbose_name = "financement"
        ordering = ["action", "year", "pk"]
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
        """The funder as it is called: an acronym, or the name of one outside the convention."""
        return str(self.funder) if self.funder_id else self.funder_name

    @property
    def key(self) -> tuple:
        """What tells the line from the others of its action."""
        return tuple(getattr(self, name) for name in self.KEY)
