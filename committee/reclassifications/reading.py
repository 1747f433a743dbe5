"""What the parties had agreed that passages of the signed text are: today, or at a past moment."""

import datetime
from collections.abc import Collection

from django.db.models import Q, QuerySet

from agreements.models import Version
from committee.reclassifications.models import Nature, Reclassification
from conventions.models import Convention, Objective, Origin, Standing
from ctg_portal.house import house, in_turn
from ctg_portal.marks.cache import cached
from ctg_portal.marks.models import Subject
from ctg_portal.templatetags.french import enumerate_words, plural


def signed_passages(convention: Convention, today: datetime.date) -> QuerySet[Objective]:
    """Return the passages of the signed text in force, in reading order."""
    passages = Objective.objects.of(convention).as_read_on(convention.reading_day(today))
    signed = passages.filter(origin=Origin.SIGNATURE)
    return signed.select_related("theme__axis__convention").in_reading_order()


def alike_beneath(passage: Objective, signed: QuerySet[Objective]) -> QuerySet[Objective]:
    """Return a passage, and those beneath it in ``signed`` that are what it is."""
    own = Q(pk=passage.pk) | Q(parent=passage)
    return signed.filter(own, is_objective=passage.is_objective)


def standing_together(row: Reclassification) -> QuerySet[Objective]:
    """Return the signed passages that a reclassification names, and those above and beneath, in
    reading order."""
    named = list(row.objectives.all())
    tops = {passage.parent_id or passage.pk for passage in named}
    together = Q(pk__in=tops) | Q(parent__in=tops)
    passages = Objective.objects.of(row.convention).filter(together, origin=Origin.SIGNATURE)
    return passages.in_reading_order()


def readable_reclassifications(
    convention: Convention, *, with_drafts: bool
) -> QuerySet[Reclassification]:
    """Return the corrections that a person may read; drafts only for who may write one."""
    rows = Reclassification.objects.of(convention).select_related("convention")
    return rows if with_drafts else rows.exclude(standing=Standing.DRAFT)


@cached(Subject.COMMITTEE)
def points_about(convention: Convention) -> dict[int, tuple[int, bool]]:
    """Map each passage that a reclassification discussed or in force names, by primary key, to the
    key of its version, and whether that is still discussed. Of several, the one proposed last
    counts."""
    versions = Version.objects.of(convention).filter(kind="reclassification", ends=False)
    return {
        link["id"]: (version.pk, version.is_proposed)
        for version in versions.live().order_by("proposed_at", "pk")
        for link in version.content["objectives"]
    }


def natures_agreed(
    convention: Convention, before: datetime.datetime | None = None
) -> dict[int, bool]:
    """Map each passage on which the parties have agreed by now, or had ``before`` a moment, by
    primary key, to whether they agreed that it is an objective: what was agreed to last holds. One
    query."""
    versions = Version.objects.of(convention).filter(kind="reclassification", ends=False)
    if before is None:
        return _natures(versions.in_force().order_by("in_force_at", "pk"))
    return _natures(versions.in_force_before(before).order_by("in_force_since", "pk"))


def discussed_in(convention: Convention, *, other_than: Reclassification | None) -> set[int]:
    """Return the primary keys of the passages that the points of other reclassifications, still
    discussed, are about. One query."""
    versions = Version.objects.of(convention).filter(kind="reclassification").proposed()
    if other_than:
        versions = versions.exclude(object_id=other_than.pk)
    return {link["id"] for version in versions for link in version.content["objectives"]}


def foretell(convention: Convention, passages: Collection[int], *, becomes_text: bool) -> str:
    """Return what follows once the parties agree that these passages (keys) are texts, or
    objectives, in French sentences: what changes, and what stays, links included."""
    some = len(passages) > 1
    if becomes_text:
        follows = (
            "Ces passages s’y liront toujours, sans être appréciés ni comptés."
            if some
            else "Ce passage s’y lira toujours, sans être apprécié ni compté."
        )
    else:
        follows = (
            "Ces passages seront appréciés et comptés."
            if some
            else "Ce passage sera apprécié et compté."
        )
    counts = in_turn(house().linked_to_objectives, convention, passages)
    linked = enumerate_words(plural(count, forms) for count, forms in counts if count)
    sentences = [
        f"Le texte signé ne change pas. {follows}",
        f"Ce qui s’y rattache déjà ({linked}) y reste." if linked else "",
        "Une évaluation déjà soumise ou publiée ne change pas.",
    ]
    return " ".join(filter(None, sentences))


def _natures(versions: QuerySet[Version]) -> dict[int, bool]:
    """Map the key of each passage that these versions name to whether it becomes an objective; of
    several versions the last counts."""
    return {
        link["id"]: version.content["becomes"] == Nature.OBJECTIVE
        for version in versions
        for link in version.content["objectives"]
    }
