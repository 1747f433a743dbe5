"""The marks of conventions: what each subject of one looked like last, told by a random word."""

from django.db import models


class Subject(models.TextChoices):
    """What readings are kept by: the rows of a room, named as the room is; who acts and sits are
    a subject of its own, and what is agreed to is the committee's."""

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


# The marks that all conventions share.
STATISTICS = "statistics"
COMPARISON = "comparison"
# All marks there are: a name or a file is gone that may stand anywhere.
EVERYTHING = "everything"


class Mark(models.Model):
    """A random word that every event of a subject replaces, last in its transaction.

    Random, so that a database restored from a backup never has a word that stood for something
    else. It is not the ``revision`` of a form: nobody is refused by it.
    """

    # « 12/figures », or the name of one that all conventions share.
    key = models.CharField("sujet", max_length=40, primary_key=True)
    word = models.CharField("marque", max_length=32)

    class Meta:
        verbose_name = "marque"

    def __str__(self) -> str:
        return self.key


def key_of(convention: int, subject: Subject) -> str:
    return f"{convention}/{subject.value}"
