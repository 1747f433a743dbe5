"""The shared stakes of the territory, which the committee agrees to (art. 4)."""

from django.db import models
from django.db.models import Prefetch
from django.urls import reverse
from simple_history.models import HistoricalRecords

from conventions.models import StandingQuerySet, StandingRow, Theme


class StakeQuerySet(StandingQuerySet):
    def of(self, convention):
        return self.filter(convention=convention)

    def with_relations(self):
        """Select what lists of stakes show, in two queries whatever their number."""
        themes = Theme.objects.select_related("axis__convention")
        return self.select_related("convention").prefetch_related(Prefetch("themes", themes))


class Stake(StandingRow):
    """A stake that the parties share on their territory, as in force today; its past wordings are
    versions. In French always « enjeu partagé »: an axis may be called « enjeu ».

    ``themes`` are those that it concerns; none when it concerns all.
    """

    convention = models.ForeignKey(
        "conventions.Convention", models.CASCADE, related_name="stakes", verbose_name="convention"
    )
    title = models.CharField("intitulé", max_length=300)
    text = models.TextField("texte", blank=True)
    themes = models.ManyToManyField(
        "conventions.Theme", related_name="stakes", blank=True, verbose_name="thématiques"
    )

    objects = StakeQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta(StandingRow.Meta):
        abstract = False
        verbose_name = "enjeu partagé"
        verbose_name_plural = "enjeux partagés"
        ordering = ["convention_id", "pk"]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return f"{reverse('conventions:axes', args=[self.convention.slug])}#{self.anchor}"

    @property
    def anchor(self) -> str:
        return f"enjeu-partage-{self.pk}"
