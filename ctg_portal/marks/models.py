"""Marks of conventions: a random word for each subject, which every change replaces."""

from django.db import models


class Subject(models.TextChoices):
    """The parts of a convention by which readings are cached: one for each room, and one for the
    people who act and sit. Agreements belong to the committee."""

    TEXT = "conventions", "texte, parties et territoire"
    PEOPLE = "people", "accès et sièges"
    COMMITTEE = "committee", "comité"
    PLAN = "actions", "plan d’actions"
    FIGURES = "indicators", "indicateurs et chiffres"
    EVALUATION = "evaluation", "évaluations"

    @classmethod
    def of(cls, row: models.Model) -> "Subject":
        """Return the subject of a row that the committee agrees to: that of its room."""
        return cls(row._meta.app_label)


# Marks that all conventions share.
STATISTICS = "statistics"
COMPARISON = "comparison"
# All marks at once: a name or a file is gone that may have been anywhere.
EVERYTHING = "everything"


class Mark(models.Model):
    """A random word that every event of a subject replaces at the end of its transaction.

    It is random so that after a restored backup no word stands for two states. It is not the
    ``revision`` of a form: nobody is refused because of it.
    """

    # « 12/figures », or a key that all conventions share.
    key = models.CharField("sujet", max_length=40, primary_key=True)
    word = models.CharField("marque", max_length=32)

    class Meta:
        verbose_name = "marque"

    def __str__(self) -> str:
        return self.key


def key_of(convention: int, subject: Subject) -> str:
    """Return the key of a mark: that of a convention, by primary key, and subject."""
    return f"{convention}/{subject.value}"
