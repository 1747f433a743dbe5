"""Declare what the parties agree to about an evaluation (art. 7): its very content."""

from django.urls import reverse

from accounts.models import User
from agreements.commitments.commitment import Commitment
from agreements.commitments.fields import Digest, Text
from conventions.access.rights import COORDINATION_ONLY, coordinates
from evaluation.editions.models import Edition, Evaluation
from evaluation.publication.current import changed_since

OVERTAKEN = (
    "Des textes, des chiffres ou des noms ont changé depuis que cette évaluation est soumise. Elle "
    "ne peut plus être publiée telle quelle : la coordination la soumettra de nouveau."
)


class Submitted(Text):
    """The field with what is submitted, in words."""

    def change(self, before, after, content) -> str:
        """Return that the content changed: the text itself describes how."""
        return "Son contenu a changé depuis la version précédente."


class EvaluationCommitment(Commitment):
    """The whole content, by its digest, and what it changes in the words of a reader."""

    kind, name, schema, model = "evaluation", "évaluation", 1, Evaluation
    is_feminine = True
    is_decided = True
    binds = False
    is_read_apart = True
    fields = (
        Submitted("changes", "Ce qui est soumis", is_prose=True),
        Digest("digest", "Empreinte du contenu"),
    )

    def subjects(self):
        return Evaluation.objects.select_related("convention")

    def convention_of(self, row):
        return row.convention

    def title_of(self, row, content):
        """Return « Évaluation annuelle 2023 », « Évaluation finale »."""
        return str(row)

    def describe_row(self, content):
        return [
            "L’accord porte sur les textes, chiffres et appréciations, tels qu’ils sont soumis.",
            "Acceptée par toutes les parties, l’évaluation peut être publiée ; elle ne change plus "
            "ensuite.",
        ]

    def describe_overtaken(self, version):
        """Return a sentence where the submitted content is no longer what the portal says; empty
        otherwise, and for a version that is no longer in hand. Reads the whole report."""
        asked = Edition.objects.in_hand().filter(version=version).with_all().first()
        return OVERTAKEN if asked and changed_since(asked) else ""

    def may_draft(self, user: User | None, convention, row=None):
        """Return why ``user`` may not write a version, or None: coordinators may, and the system
        (None)."""
        if user is None or coordinates(user, convention):
            return None
        return COORDINATION_ONLY

    def link_to_page(self, row):
        """Return the label and the address of a link to the page of its publication."""
        return "Lire l’évaluation", reverse(
            "evaluation:publication", args=[row.convention.slug, row.year]
        )
