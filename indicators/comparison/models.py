"""Store whether the figures of a convention are compared with those of others, by common
agreement."""

from django.db import models

from conventions.models import StandingQuerySet, StandingRow


class ComparisonQuerySet(StandingQuerySet):
    def taking_part(self):
        """Keep those that all parties agree to today. Twin: ``Comparison.takes_part``."""
        return self.agreed().filter(is_compared=True)


class Comparison(StandingRow):
    """What the parties of a convention say of being compared: not before all agree.

    ``is_compared`` is what is proposed, until something is in force: ``standing`` tells which. An
    end that lost an agreement is proposed again, and nothing is compared.
    """

    convention = models.OneToOneField(
        "conventions.Convention",
        models.PROTECT,
        related_name="comparison",
        verbose_name="convention",
    )
    is_compared = models.BooleanField("comparés", default=False)

    objects = ComparisonQuerySet.as_manager()

    class Meta(StandingRow.Meta):
        abstract = False
        verbose_name = "comparaison avec d’autres territoires"
        verbose_name_plural = "comparaisons avec d’autres territoires"

    def __str__(self):
        return "Chiffres comparés à ceux de territoires semblables"

    @property
    def takes_part(self) -> bool:
        return self.is_compared and self.is_agreed
