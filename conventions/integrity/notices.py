"""Notify the coordination and the host of stored files that are missing or altered."""

from collections.abc import Iterable
from functools import cached_property

from django.conf import settings
from django.urls import reverse

from accounts.models import User
from conventions.access.capacities import coordinator_pks
from conventions.access.mail import send
from conventions.access.notices import Reading
from conventions.legal.convention import Convention
from conventions.notices import Capacity, ConventionLetter, ConventionNews
from ctg_portal.templatetags.french import in_words, plural
from documents.damaged_files import Damage
from documents.models import DamagedFile
from notifications.news import Notification, notify

FEW = 20


class FileDamaged(ConventionNews):
    """A stored file of the convention was found missing or altered: for the coordinators."""

    kind = "file_damaged"
    may_wait = False

    def __init__(self, file: DamagedFile, convention: Convention):
        self.file, self.convention = file, convention

    @property
    def about(self) -> str:
        return str(self.file.pk)

    @classmethod
    def load(cls, keys: Iterable[str], reading: Reading) -> dict[str, ConventionNews]:
        """Return the news by key, without the files that are whole again."""
        files = DamagedFile.objects.filter(pk__in=keys)
        return {str(file.pk): cls(file, reading.convention) for file in files}

    def recipients(self, reading: Reading) -> dict[int, Notification]:
        return {
            pk: Notification(self, self.file.since) for pk in coordinator_pks(reading.convention)
        }

    @classmethod
    def subject(cls, notifications, *, alone: bool) -> str:
        """Return what the only file is and what is wrong with it, or how many are damaged."""
        if len(notifications) > 1:
            return in_words(len(notifications), "fichier est abîmé,fichiers sont abîmés")
        file = notifications[0].news.file
        return f"un fichier est {file.get_fault_display()}\u00a0: {file.label}"

    def summary(self, notification) -> str:
        """Return what follows for readers, and who repairs it."""
        return (
            "Il n’est plus remis à personne. L’hébergeur du portail, prévenu aussi, le reprend "
            "dans une sauvegarde."
        )

    def link(self) -> str:
        return self.file.link or reverse("conventions:dashboard", args=[self.convention.slug])


class FilesLetter(ConventionLetter):
    kinds = (FileDamaged,)
    reason_capacities = [Capacity.COORDINATION]

    @cached_property
    def reading(self) -> Reading | None:
        """The reading of the convention at ``now``; None if the convention no longer exists."""
        convention = self.convention()
        return Reading(convention, self.now) if convention else None


def follow_damage(damages: list[Damage]) -> None:
    """Notify the coordination of each convention of its files, and write to the host, in one
    message a person, of all of them."""
    for damage in damages:
        notify(*(FileDamaged(damage.file, convention) for convention in damage.conventions))
    hosts = User.objects.filter(is_superuser=True, is_active=True).order_by("pk")
    addresses = list(hosts.values_list("email", flat=True)) or [settings.OPERATOR["email"]]
    files = [damage.file for damage in damages]
    context = {"files": files[:FEW], "left_over": len(files[FEW:])}
    subject = plural(len(files), "fichier du portail est abîmé,fichiers du portail sont abîmés")
    for address in filter(None, addresses):
        send("conventions/integrity/mail/damaged", to=[address], subject=subject, context=context)
