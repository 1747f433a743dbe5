"""Define what the parties agree to about being compared with other territories."""

from django.urls import reverse

from accounts.models import User
from agreements.commitments.commitment import Commitment
from agreements.commitments.fields import Flag
from conventions.access.rights import COORDINATION_ONLY, coordinates
from indicators.comparison.models import Comparison


class Compared(Flag):
    """A flag that both of its values are shown for, in words: « non » would not say what is not."""

    def show(self, value) -> str:
        return "comparés à ceux de territoires semblables" if value else "comparés à nul autre"

    def is_informative(self, value) -> bool:
        return True


class ComparisonCommitment(Commitment):
    """The agreement that the convention's figures count among those of similar territories, and
    that its readers see theirs.

    It holds only while all parties agree today: withdrawing an agreement to its end restarts
    nothing.
    """

    kind, name, schema, model = "comparison", "comparaison entre territoires", 1, Comparison
    is_feminine = True
    is_decided = True
    binds = False
    comes_back = False
    fields = (Compared("is_compared", "Nos chiffres"),)

    def subjects(self):
        return Comparison.objects.select_related("convention")

    def convention_of(self, row):
        return row.convention

    def title_of(self, row, content):
        """Return the title of a version: that figures are compared, or that they no longer are."""
        return str(row) if content["is_compared"] else "Chiffres comparés à nul autre territoire"

    def may_draft(self, user: User | None, convention, row=None):
        """Return a refusal unless ``user`` coordinates; ``None``, the system, may."""
        if user is None or coordinates(user, convention):
            return None
        return COORDINATION_ONLY

    def describe_row(self, content):
        if content["is_compared"]:
            return [
                "Nos chiffres compteront parmi ceux de territoires semblables.",
                "En retour, nous lirons les nôtres à côté des leurs.",
            ]
        return ["Nos chiffres ne seront plus comparés à ceux d’autres territoires."]

    def link_to_page(self, row):
        return "Se comparer", reverse("indicators:comparison", args=[row.convention.slug])

    @property
    def plural(self) -> str:
        return "comparaisons entre territoires"
