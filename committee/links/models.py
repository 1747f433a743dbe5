"""Since when the earlier personal links of a person's mail are invalid: the only thing stored of
links."""

from django.conf import settings
from django.db import models


class LinksCut(models.Model):
    """The links that were sent to a person until ``cut_at`` are invalid."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="personne"
    )
    cut_at = models.DateTimeField("coupés le")

    class Meta:
        verbose_name = "liens coupés"
        verbose_name_plural = "liens coupés"

    def __str__(self):
        return f"Liens de {self.user}"
