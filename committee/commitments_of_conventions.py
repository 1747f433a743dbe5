"""What the convention itself commits to: its signed text, and the committee's objectives."""

from django.urls import reverse
from django.utils import timezone

from committee.commitments import SIGNED, Commitment, register
from committee.fields import Day, Flag, Number, Text
from committee.voices import advises
from conventions.models import Annex, Article, Axis, Convention, Objective, Origin, Theme
from conventions.rights import COORDINATION_ONLY, coordinates
from ctg_portal.rules import Refusal
from ctg_portal.templatetags.french import long_date

NOT_SIGNED = Refusal(
    "La convention n’est pas signée : le comité ne la complète qu’après la signature."
)


class SignedText(Commitment):
    """A part of the text that only the signature agrees to."""

    def signed_rows(self, convention):
        """As signed, or amended since, and in force on the day that is read."""
        rows = self.subjects().filter(**{f"{self.path}convention": convention})
        day = convention.reading_day(timezone.localdate())
        rows = rows.drafted() if day is None else rows.effective(day)
        return rows.filter(since__signed_on__isnull=False)

    path = ""

    def convention_of(self, row):
        return row.convention


class ArticleCommitment(SignedText):
    kind, name, schema, model = "article", "article", 1, Article
    fields = (Number("number", "Numéro"), Text("title", "Titre"), Text("text", "Texte", True))

    def subjects(self):
        return Article.objects.select_related("convention")

    def heading(self, row):
        return f"Article {row.number}"


class AnnexCommitment(ArticleCommitment):
    kind, name, schema, model = "annex", "annexe", 1, Annex
    is_feminine = True

    def subjects(self):
        return Annex.objects.select_related("convention")

    def heading(self, row):
        return f"Annexe {row.number}"


class AxisCommitment(SignedText):
    kind, name, schema, model = "axis", "axe", 1, Axis
    fields = (
        Number("number", "Numéro"),
        Text("title", "Titre"),
        Text("text", "Introduction", True),
        Flag("is_priority", "Prioritaire"),
    )

    def subjects(self):
        return Axis.objects.select_related("convention")

    def axis_of(self, row):
        return row

    def heading(self, row):
        return f"{row.convention.words.axis.title} {row.number}"


class ThemeCommitment(SignedText):
    kind, name, schema, model = "theme", "thématique", 1, Theme
    is_feminine = True
    path = "axis__"
    fields = (Text("number", "Numéro"), Text("title", "Titre"))

    def subjects(self):
        return Theme.objects.select_related("axis__convention")

    def signed_rows(self, convention):
        # The theme of an axis without themes has no title: nobody ever read it, nor signed it.
        return super().signed_rows(convention).exclude(title="")

    def convention_of(self, row):
        return row.axis.convention

    def axis_of(self, row):
        return row.axis

    def heading(self, row):
        return f"{row.axis.convention.words.theme.title} {row.number}".strip()


class OfCommittee(Commitment):
    """What the committee defines from nothing, once the convention is signed (art. 4 and 7): its
    row has a convention and a theme."""

    is_decided = True

    def convention_of(self, row):
        return row.convention

    def axis_of(self, row):
        return row.theme.axis

    def may_draft(self, user, convention, row=None):
        return may_prepare(user, convention)

    def hold(self, convention):
        """What two people propose or add at once is compared: the second waits for the first."""
        rows = Convention.objects.select_for_update(of=("self",), no_key=True)
        rows.get(pk=convention.pk)


def may_prepare(user, convention: Convention) -> Refusal | None:
    """The coordinator, or an adviser who prepares; once the convention is signed."""
    if not convention.is_signed:
        return NOT_SIGNED
    if user is None or coordinates(user, convention) or advises(user, convention):
        return None
    return COORDINATION_ONLY


class ObjectiveCommitment(SignedText):
    """Signed objectives, which stay as they are, and the committee's own (art. 4)."""

    kind, name, schema, model = "objective", "objectif", 1, Objective
    is_decided = True
    path = "theme__axis__"
    fields = (
        Text("title", "Intitulé"),
        Day("due_on", "Échéance"),
        Text("measure", "Mesure"),
        Flag("is_priority", "Prioritaire"),
    )

    def subjects(self):
        return Objective.objects.select_related("theme__axis__convention", "parent", "since")

    def signed_rows(self, convention):
        return super().signed_rows(convention).filter(origin=Origin.SIGNATURE)

    def convention_of(self, row):
        return row.theme.axis.convention

    def axis_of(self, row):
        return row.theme.axis

    def heading(self, row):
        words = row.theme.axis.convention.words.objective
        if row.origin == Origin.COMMITTEE:
            return f"{words.title} du comité"
        return words.title if row.level == 1 else f"Sous-{words.one}"

    def may_draft(self, user, convention, row=None):
        """The coordinator, or an adviser who prepares; on the committee's own objectives only."""
        if row is not None and row.origin == Origin.SIGNATURE:
            return SIGNED
        return may_prepare(user, convention)

    def missing(self, convention, content, row=None):
        """The committee's objectives are dated, within the term, and measurable."""
        due_on = Day("due_on", "").parse(content["due_on"])
        if not content["title"].strip() or not content["measure"].strip() or due_on is None:
            an = convention.words.objective.an
            return Refusal(
                f"{an[:1].upper()}{an[1:]} du comité a un intitulé, une échéance et une mesure."
            )
        if not convention.start <= due_on <= convention.end:
            return Refusal(
                f"L’échéance se situe pendant la convention, du {long_date(convention.start)} "
                f"au {long_date(convention.end)}."
            )
        return None

    def edit_url(self, row):
        slug = row.theme.axis.convention.slug
        return reverse("committee:edit_objective", args=[slug, row.pk])

    def end_url(self, row):
        return reverse("committee:end_objective", args=[row.theme.axis.convention.slug, row.pk])


for commitment in (ArticleCommitment, AnnexCommitment, AxisCommitment, ThemeCommitment,
                   ObjectiveCommitment):  # fmt: skip
    register(commitment())
