"""Objectives: those that were signed, and the committee's own."""

from django.urls import reverse

from accounts.models import User
from agreements.commitments.by_committee import may_prepare
from agreements.commitments.commitment import SIGNED
from agreements.commitments.fields import Day, Flag, Text
from agreements.commitments.signed_text import SignedText
from conventions.models import Objective, Origin
from ctg_portal.rules import Refusal
from ctg_portal.templatetags.french import long_date
from ctg_portal.text.sentences import first_sentence, uncapitalized


class ObjectiveCommitment(SignedText):
    """Signed objectives, which stay as they are, and the committee's own (art. 4)."""

    kind, name, schema, model = "objective", "objectif", 1, Objective
    is_decided = True
    path, axis_path = "theme__axis__", "theme__axis"
    fields = (
        Text("title", "Intitulé"),
        Day("due_on", "Échéance"),
        Text("measure", "Mesure", rows=3,
             help="Un nombre, une date, un fait que chacun pourra constater."),
        Flag("is_priority", "Prioritaire"),
    )  # fmt: skip

    def subjects(self):
        return Objective.objects.select_related("theme__axis__convention", "parent", "since")

    def signed_rows(self, convention):
        return super().signed_rows(convention).filter(origin=Origin.SIGNATURE)

    def convention_of(self, row):
        return row.theme.axis.convention

    def word(self, convention):
        return convention.words.objective

    def axis_of(self, row):
        return row.theme.axis

    def heading(self, row):
        """Return « Objectif du comité », « Objectif » or « Sous-objectif », in the words of the
        convention."""
        words = row.theme.axis.convention.words.objective
        if row.origin == Origin.COMMITTEE:
            return f"{words.title} du comité"
        return words.title if row.level == 1 else f"Sous-{words.singular}"

    def may_draft(self, user: User | None, convention, row=None):
        """Return why the user may not draft an objective, or None: the coordinator and advisers who
        prepare may, on the committee's own objectives."""
        if row is not None and row.origin == Origin.SIGNATURE:
            return SIGNED
        return may_prepare(user, convention)

    def refuse_incomplete(self, convention, content, row=None):
        """Return a refusal of a content without title, measure or a day within the convention, or
        None."""
        due_on = Day("due_on", "").parse(content["due_on"])
        if not content["title"].strip() or not content["measure"].strip() or due_on is None:
            an = convention.words.objective.an
            return Refusal(
                f"{an[:1].upper()}{an[1:]} du comité a un intitulé, une échéance et une mesure."
            )
        if not convention.covers(due_on):
            return Refusal(
                f"L’échéance se situe pendant la convention, {convention.describe_term()}."
            )
        return None

    def describe_row(self, content):
        """Return by when it is to be reached, and what will show it."""
        due_on = Day("due_on", "").parse(content["due_on"])
        measure = first_sentence(content["measure"])
        return [
            *([f"À atteindre le {long_date(due_on)}."] if due_on else []),
            *([f"Ce qui le montrera\u00a0: {uncapitalized(measure)}"] if measure else []),
        ]

    def edit_url(self, row):
        """Return the address of the page that edits an objective."""
        slug = row.theme.axis.convention.slug
        return reverse("committee:edit_objective", args=[slug, row.pk])

    def end_url(self, row):
        return reverse("committee:end_objective", args=[row.theme.axis.convention.slug, row.pk])
