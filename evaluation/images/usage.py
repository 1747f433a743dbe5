"""Where an image is shown: in texts as they are saved, and in what was frozen of them."""

from collections.abc import Iterable

from conventions.models import Convention
from ctg_portal.markdown import references_in
from documents.models import StoredFile
from evaluation.images.image import TextImage, image_of
from evaluation.models import (
    CriterionText,
    Edition,
    Illustration,
    Narrative,
    OwnDraft,
    YearText,
)


def shown_in(convention: Convention, texts: Iterable[str]) -> list[TextImage]:
    """The images of the convention that texts refer to, by their key. One query at most."""
    keys = set().union(*map(references_in, texts))
    if not keys:
        return []
    rows = Illustration.objects.of(convention).kept().filter(pk__in=keys)
    return [image_of(row) for row in rows.select_related("stored").order_by("pk")]


def hold_shown(convention: Convention, text: str) -> None:
    """Lock the images that a text is about to show: who removes one at this moment waits, and is
    then told of the text. At most one query."""
    if keys := references_in(text):
        rows = Illustration.objects.of(convention).filter(pk__in=keys).order_by("pk")
        list(rows.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))


def texts_with(illustration: Illustration) -> list[Narrative | YearText | CriterionText]:
    """The saved texts that show an image. Three queries."""
    convention = illustration.convention
    whole = YearText.objects.of(convention)
    themes = Narrative.objects.of(convention).select_related("theme__axis__convention")
    criteria = CriterionText.objects.of(convention)
    return [row for rows in (whole, themes, criteria) for row in _showing(illustration, rows)]


def drafts_with(illustration: Illustration) -> list[OwnDraft]:
    """What somebody is writing with it, whoever it is."""
    return _showing(illustration, OwnDraft.objects.filter(convention=illustration.convention))


def submitted_with(illustration: Illustration) -> list[Edition]:
    """The evaluations on their way that were frozen with it."""
    shown = Edition.objects.in_hand().filter(snapshot__images=illustration)
    return list(shown.with_all())


def _showing(illustration: Illustration, rows) -> list:
    # « image:12 » is found in « image:123 » too.
    found = rows.filter(text__contains=illustration.reference)
    return [row for row in found if illustration.pk in references_in(row.text)]


def why_kept(row) -> str | None:
    """Why the file of an image is not erased: what is published with it never changes (rule 8)."""
    if not isinstance(row, StoredFile):
        return None
    shown = Edition.objects.published().filter(snapshot__images__stored=row).with_all()
    edition = shown.order_by("evaluation__year", "number").first()
    return f"cette image figure dans l’{_called(edition)}" if edition else None


def _called(edition: Edition) -> str:
    told = str(edition)
    return f"{told[:1].lower()}{told[1:]}, publiée"


def deposited(convention: Convention):
    """The files of images, removed or not."""
    return [
        Illustration.objects.of(convention).values("stored"),
        Illustration.history.filter(convention=convention).values("stored"),
    ]
