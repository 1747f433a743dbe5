"""Indicators of conventions that are offered to the library, and what became of the offer."""

from django.db import models
from django.db.models import Q

from ctg_portal.transitions import NEW, Step, Transition, Verb


class OfferState(models.TextChoices):
    OFFERED = "offered", "à examiner"
    ACCEPTED = "accepted", "dans la bibliothèque"
    REFUSED = "refused", "refusé"


class OfferVerb(Verb):
    """The coordination offers, whoever hosts the portal answers."""

    OFFERED = (
        "offered",
        Step([NEW], OfferState.OFFERED, "coordination"),
        "proposé pour la bibliothèque",
    )
    ACCEPTED = (
        "accepted",
        Step([OfferState.OFFERED], OfferState.ACCEPTED, "l’hébergeur"),
        "repris dans la bibliothèque",
    )
    REFUSED = (
        "refused",
        Step([OfferState.OFFERED], OfferState.REFUSED, "l’hébergeur", has_reason=True),
        "refusé",
    )


class OfferQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(state=OfferState.OFFERED)

    def accepted(self):
        return self.filter(state=OfferState.ACCEPTED)


class Offer(models.Model):
    """An indicator of a convention, as agreed to in a ``version``, that others may take up.

    ``theme`` is a key of the library's themes; ``code`` its code there, once it is accepted.
    """

    indicator = models.ForeignKey(
        "indicators.Indicator", models.CASCADE, related_name="offers", verbose_name="indicateur"
    )
    version = models.ForeignKey(
        "agreements.Version", models.PROTECT, related_name="+", verbose_name="version"
    )
    theme = models.CharField("domaine", max_length=40)
    code = models.CharField("code dans la bibliothèque", max_length=20, blank=True)
    state = models.CharField("état", max_length=20, choices=OfferState.choices)

    objects = OfferQuerySet.as_manager()

    class Meta:
        verbose_name = "indicateur proposé pour la bibliothèque"
        verbose_name_plural = "indicateurs proposés pour la bibliothèque"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="library_offer_state_known",
                condition=Q(state__in=OfferState.values),
                violation_error_message="Cet état est inconnu.",
            ),
            models.CheckConstraint(
                name="library_offer_accepted_has_code",
                condition=Q(state=OfferState.ACCEPTED) & ~Q(code="")
                | ~Q(state=OfferState.ACCEPTED) & Q(code=""),
                violation_error_message="Un indicateur de la bibliothèque y a un code, et lui "
                "seul.",
            ),
            models.UniqueConstraint(
                fields=["code"],
                condition=~Q(code=""),
                name="library_offer_code_unique",
                violation_error_message="La bibliothèque a déjà un indicateur de ce code.",
            ),
            models.UniqueConstraint(
                fields=["indicator"],
                condition=Q(state__in=[OfferState.OFFERED, OfferState.ACCEPTED]),
                name="library_offer_once",
                violation_error_message="Cet indicateur est déjà proposé pour la bibliothèque.",
            ),
        ]  # fmt: skip

    def __str__(self):
        return self.version.title


class OfferTransition(Transition):
    """What became of an offer."""

    verbs = OfferVerb

    offer = models.ForeignKey(
        Offer, models.CASCADE, related_name="transitions", verbose_name="indicateur proposé"
    )
    verb = OfferVerb.field()

    class Meta(Transition.Meta):
        verbose_name = "acte sur un indicateur proposé"
        verbose_name_plural = "actes sur les indicateurs proposés"
        constraints = OfferVerb.constraints("offer_transition")
