"""Store the links by which organisations without an account give their figures of one year."""

import datetime

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from ctg_portal.transitions import NEW, Step, Transition, Verb

# How long it is kept to whom a link went, and who opened it, once it has expired.
KEPT_ONCE_ENDED = datetime.timedelta(days=365)


class LinkState(models.TextChoices):
    SENT = "sent", "envoyé"
    CUT = "cut", "coupé"


class LinkVerb(Verb):
    """What is done with a link, and by whom; who opens it states their name."""

    SENT = "sent", Step([NEW], LinkState.SENT, "coordination"), "envoyé"
    OPENED = "opened", Step([LinkState.SENT], None, "qui tient le lien"), "ouvert"
    GAVE = "gave", Step([LinkState.SENT], None, "qui tient le lien"), "utilisé pour transmettre"
    CUT = "cut", Step([LinkState.SENT], LinkState.CUT, "coordination"), "coupé"


class EntryLinkQuerySet(models.QuerySet):
    def of(self, convention):
        return self.filter(campaign__convention=convention)

    def with_relations(self):
        return self.select_related("campaign__convention", "organisation")

    def with_history(self):
        return self.select_related("organisation").prefetch_related("transitions")

    def get_for_page(self, pk: int) -> "EntryLink | None":
        """Return the link of this key, open or not, with its campaign and organisation; or None."""
        return self.with_relations().filter(pk=pk).first()

    def long_ended(self, now):
        """Return the links that expired a year ago or before and whose address is still stored."""
        return self.filter(expires_at__lte=now - KEPT_ONCE_ENDED).exclude(address="")

    def open(self):
        """Return the links that are neither cut nor expired. Twin: ``EntryLink.is_open``."""
        return self.filter(state=LinkState.SENT, expires_at__gt=timezone.now())

    def open_for(self, organisation):
        """Return the open links of an organisation."""
        return self.open().filter(organisation=organisation)

    def open_by_organisation(self) -> dict[int, "EntryLink"]:
        """Return the last open link of each organisation that has one, by the organisation's
        key."""
        return {link.organisation_id: link for link in self.open().order_by("created_at", "pk")}


class EntryLink(models.Model):
    """A link that was sent to an address for one organisation and one campaign. Its token is signed
    and not stored; ``address`` is empty once it is forgotten."""

    campaign = models.ForeignKey(
        "indicators.Campaign", models.CASCADE, related_name="entry_links",
        verbose_name="recueil annuel",
    )  # fmt: skip
    organisation = models.ForeignKey(
        "conventions.Organisation", models.PROTECT, related_name="+", verbose_name="organisme"
    )
    address = models.EmailField("adresse")
    state = models.CharField("état", max_length=20, choices=LinkState.choices)
    created_at = models.DateTimeField("envoyé le", default=timezone.now)
    expires_at = models.DateTimeField("valable jusqu’au")

    objects = EntryLinkQuerySet.as_manager()

    class Meta:
        verbose_name = "lien de saisie"
        verbose_name_plural = "liens de saisie"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="entry_link_state_known",
                condition=Q(state__in=LinkState.values),
                violation_error_message="Cet état est inconnu.",
            ),
            models.CheckConstraint(
                name="entry_link_expires_later",
                condition=Q(expires_at__gt=F("created_at")),
                violation_error_message="Un lien expire après avoir été envoyé.",
            ),
        ]

    def __str__(self):
        return f"Lien de saisie de {self.organisation} ({self.campaign.year})"

    @property
    def is_cut(self) -> bool:
        return self.state == LinkState.CUT

    @property
    def is_expired(self) -> bool:
        return self.expires_at <= timezone.now()

    @property
    def is_open(self) -> bool:
        return not self.is_cut and not self.is_expired


class LinkTransition(Transition):
    """An act on a link. Who has no account is named as they said."""

    verbs = LinkVerb

    link = models.ForeignKey(
        EntryLink, models.CASCADE, related_name="transitions", verbose_name="lien de saisie"
    )
    verb = LinkVerb.field()

    class Meta(Transition.Meta):
        verbose_name = "acte sur un lien de saisie"
        verbose_name_plural = "actes sur les liens de saisie"
        constraints = LinkVerb.constraints("entrylink_transition")
