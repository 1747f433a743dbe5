"""The commitment of a reclassification: the passages, and what they are."""

from django.db.models import Q
from django.urls import reverse

from agreements.commitments.by_committee import CommitteeCommitment
from agreements.commitments.fields import Choice, Links
from committee.reclassifications.models import Nature, Reclassification
from committee.reclassifications.reading import discussed_in, foretell, natures_agreed
from conventions.models import Objective, Origin
from ctg_portal.marks.events import changed
from ctg_portal.marks.models import Subject
from ctg_portal.rules import Refusal
from ctg_portal.templatetags.french import plural

EMPTY = Refusal("Choisissez au moins un passage du texte signé.")
NOT_SIGNED = Refusal("Seuls les passages du texte signé se requalifient.")
ALREADY = Refusal("Ces passages sont déjà lus ainsi : il n’y a rien à corriger.")
DISCUSSED = Refusal("L’un de ces passages est déjà en discussion dans un autre point du comité.")
# As much of a passage as a title quotes.
QUOTED = 90


class ReclassificationCommitment(CommitteeCommitment):
    """A correction of what passages of the signed text are: objectives, or text (art. 9).

    The text stays as it was signed, and nothing new binds anybody.
    """

    kind, name, schema, model = "reclassification", "requalification", 1, Reclassification
    is_feminine = True
    binds = False
    axis_path = "objectives__theme__axis"
    fields = (
        Links("objectives", "Ce dont il s’agit", model=Objective),
        Choice("becomes", "Ce que c’est"),
    )

    def subjects(self):
        """Return all reclassifications, with the axes of their passages."""
        return Reclassification.objects.select_related("convention").prefetch_related(
            "objectives__theme__axis__convention"
        )

    def axis_of(self, row):
        """Return the axis of the first passage; None without passages."""
        first = next(iter(row.objectives.all()), None)
        return first and first.theme.axis

    def title_of(self, row, content):
        """Return « « Investigations du diagnostic » : un texte, et non un objectif », in the
        convention's own word; of several passages the first is quoted, the others counted."""
        names = [link["name"] for link in content["objectives"]]
        if not names:
            return "Requalification"
        first = names[0] if len(names[0]) <= QUOTED else f"{names[0][: QUOTED - 1].rstrip()}…"
        quoted = f"«\u00a0{first}\u00a0»"
        if others := len(names) - 1:
            quoted += f" et {plural(others, 'autre passage,autres passages')}"
        an = row.convention.words.objective.an
        is_objective = content["becomes"] == Nature.OBJECTIVE
        return f"{quoted}\u00a0: {an if is_objective else f'un texte, et non {an}'}"

    def describe_row(self, content):
        is_one = len(content["objectives"]) == 1
        passages = "ce passage" if is_one else "ces passages"
        becomes = dict(Nature.choices)[content["becomes"]]
        return [
            "Le texte reste tel qu’il a été signé.",
            f"Seule change la façon de lire {passages} : {becomes}.",
        ]

    def refuse_incomplete(self, convention, content, row=None):
        """Return a refusal of a content without passages, with one that was not signed or that
        another point is about, or that changes nothing, or None."""
        keys = self.linked_keys(content, Objective)
        passages = list(Objective.objects.of(convention).filter(pk__in=keys))
        if not passages:
            return EMPTY
        if any(passage.origin != Origin.SIGNATURE for passage in passages):
            return NOT_SIGNED
        is_objective = content["becomes"] == Nature.OBJECTIVE
        if all(passage.is_objective == is_objective for passage in passages):
            return ALREADY
        others = discussed_in(convention, other_than=row)
        return DISCUSSED if others & keys else None

    def describe_consequences(self, row, content):
        """Return what follows once the parties agree to a content, as ``foretell`` says."""
        keys = self.linked_keys(content, Objective)
        becomes_text = content["becomes"] == Nature.TEXT
        return foretell(row.convention, keys, becomes_text=becomes_text)

    def set_standing(self, row, standing):
        """Set the standing of the row, and write to the passages of the convention what is agreed
        of them by now."""
        super().set_standing(row, standing)
        convention = row.convention
        agreed = natures_agreed(convention)
        named = Q(reclassifications__isnull=False) | Q(pk__in=agreed)
        for passage in Objective.objects.of(convention).filter(named).distinct():
            is_objective = agreed.get(passage.pk, passage.came_as_objective)
            if passage.is_objective != is_objective:
                passage.is_objective = is_objective
                passage.save(update_fields=["is_objective"])
                changed(convention, Subject.TEXT)

    def edit_url(self, row):
        return reverse("committee:edit_reclassification", args=[row.convention.slug, row.pk])

    def link_to_page(self, row):
        """Return label and address of the passage among the axes."""
        return "Lire le passage dans le texte", row.get_absolute_url()
