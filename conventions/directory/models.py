"""People of an organisation who have no account: who to call, who may lead an action by name."""

from django.db import models
from django.db.models import Q

from ctg_portal.forms.revisions import Revised


class ContactQuerySet(models.QuerySet):
    def of(self, convention):
        return self.filter(organisation__convention=convention)


class Contact(Revised):
    """Somebody of an organisation without account, by name; ``capacity``: what they do there. The
    row gives no rights and has no log: what is withdrawn is gone."""

    organisation = models.ForeignKey(
        "conventions.Organisation", models.CASCADE, related_name="contacts",
        verbose_name="organisme",
    )  # fmt: skip
    name = models.CharField("nom", max_length=200)
    capacity = models.CharField("fonction", max_length=200, blank=True)
    email = models.EmailField("courriel", blank=True)

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = "personne sans compte"
        verbose_name_plural = "personnes sans compte"
        ordering = ["organisation_id", "name", "pk"]
        constraints = [
            models.CheckConstraint(
                name="contact_has_name",
                condition=~Q(name=""),
                violation_error_message="Une personne a un nom.",
            ),
            models.UniqueConstraint(
                fields=["organisation", "name"],
                name="contact_name_unique",
                violation_error_message="Cet organisme a déjà une personne de ce nom.",
            ),
        ]

    def __str__(self):
        return f"{self.name}, {self.capacity}" if self.capacity else self.name
