"""The standing of a row that the committee may decide: written, proposed, in force, withdrawn."""

from django.db import models
from django.db.models import Q


class Standing(models.TextChoices):
    """How far a row is from being agreed; only ``in_force`` is agreed, and only that is counted."""

    DRAFT = "draft", "brouillon"
    PROPOSED = "proposed", "proposé"
    IN_FORCE = "in_force", "en vigueur"
    WITHDRAWN = "withdrawn", "retiré"


READABLE = [Standing.PROPOSED, Standing.IN_FORCE]


class StandingQuerySet(models.QuerySet):
    def agreed(self):
        """Keep the rows in force, which nobody has to agree to any more. Twin:
        ``StandingRow.is_agreed``."""
        return self.filter(standing=Standing.IN_FORCE)

    def readable(self):
        """Keep the rows that members are shown: agreed ones, and proposed ones, marked as such."""
        return self.filter(standing__in=READABLE)

    def count_drafted_and_readable(self) -> tuple[int, int]:
        """Return how many rows are drafts, and how many members are shown. One query."""
        rows = self.order_by().values_list("standing")
        counts = dict(rows.annotate(count=models.Count("pk")))
        return counts.get(Standing.DRAFT, 0), sum(counts.get(state, 0) for state in READABLE)


class StandingRow(models.Model):
    """A row that the committee may bring in: what was signed is in force from the outset.

    A model with constraints of its own lists ``*StandingRow.Meta.constraints`` among them.
    """

    standing = models.CharField(
        "état", max_length=20, choices=Standing.choices, default=Standing.IN_FORCE
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_standing_known",
                condition=Q(standing__in=Standing.values),
                violation_error_message="Cet état est inconnu.",
            )
        ]

    @property
    def is_agreed(self) -> bool:
        return self.standing == Standing.IN_FORCE

    @property
    def is_proposed(self) -> bool:
        return self.standing == Standing.PROPOSED
