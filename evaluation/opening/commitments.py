"""What the parties agree to about what everybody may read (art. 6)."""

from django.urls import reverse

from accounts.models import User
from agreements.commitments.commitment import Commitment
from agreements.commitments.fields import Flag
from conventions.access.rights import COORDINATION_ONLY, coordinates
from evaluation.opening.models import PublicPage


class Opening(Flag):
    """Whether the page is open, shown in words: « non » would not say what is closed."""

    def show(self, value) -> str:
        return "lues par tous, sans compte, avec leurs chiffres" if value else "réservées"

    def is_informative(self, value) -> bool:
        """Return True: a plain reading shows a closing too."""
        return True


class PublicPageCommitment(Commitment):
    """Whether the published evaluations are open to everybody, and no more than they are.

    Open is what all parties agree to today: who takes their agreement to a closing back opens
    nothing.
    """

    kind, name, schema, model = "public_page", "ouverture au public", 1, PublicPage
    is_feminine = True
    is_decided = True
    binds = False
    comes_back = False
    fields = (Opening("is_open", "Les évaluations publiées"),)

    def subjects(self):
        return PublicPage.objects.select_related("convention")

    def convention_of(self, row):
        return row.convention

    def title_of(self, row, content):
        """Return what a version with this content says, open or closed."""
        return str(row) if content["is_open"] else "Évaluations réservées aux personnes invitées"

    def may_draft(self, user: User | None, convention, row=None):
        """Return why ``user`` may not propose to open or close, or None: coordinators may, and the
        system (None)."""
        if user is None or coordinates(user, convention):
            return None
        return COORDINATION_ONLY

    def describe_row(self, content):
        if content["is_open"]:
            return ["Les évaluations publiées seront lues par tous, sans compte."]
        return ["Les évaluations publiées seront réservées aux personnes invitées."]

    def link_to_page(self, row):
        return "L’ouverture au public", reverse("evaluation:opening", args=[row.convention.slug])

    @property
    def plural(self) -> str:
        return "ouvertures au public"
