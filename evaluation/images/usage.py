"""Where an image is shown: in texts as they are saved, and in what was frozen of them."""

from collections.abc import Iterable

from django.db.models import Model, QuerySet

from conventions.models import Convention
from ctg_portal.text.markdown import references_in
from documents.models import StoredFile
from evaluation.editions.models import Edition
from evaluation.images.image import TextImage, image_of
from evaluation.images.models import Illustration
from evaluation.texts.models import CriterionText, Narrative, OwnDraft, YearText


def shown_in(convention: Convention, texts: Iterable[str]) -> list[TextImage]:
    """Return the images of the convention, not removed, that texts refer to, by order of key. One
    query at most."""
    keys = set().union(*map(references_in, texts))
    if not keys:
        return []
    rows = Illustration.objects.of(convention).not_removed().filter(pk__in=keys)
    return [image_of(row) for row in rows.select_related("stored").order_by("pk")]


def hold_shown(convention: Convention, text: str) -> None:
    """Lock the images that a text is about to show, so that nobody removes one meanwhile; do
    nothing without any."""
    if keys := references_in(text):
        rows = Illustration.objects.of(convention).filter(pk__in=keys).order_by("pk")
        list(rows.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))


def texts_with(illustration: Illustration) -> list[Narrative | YearText | CriterionText]:
    """Return the saved texts that show an image: of the whole, of themes, of criteria. Three
    queries."""
    convention = illustration.convention
    whole = YearText.objects.of(convention)
    themes = Narrative.objects.of(convention).select_related("theme__axis__convention")
    criteria = CriterionText.objects.of(convention)
    return [row for rows in (whole, themes, criteria) for row in _rows_showing(illustration, rows)]


def drafts_with(illustration: Illustration) -> list[OwnDraft]:
    """Return the unsaved drafts of anybody that show an image."""
    return _rows_showing(illustration, OwnDraft.objects.filter(convention=illustration.convention))


def submitted_with(illustration: Illustration) -> list[Edition]:
    """Return the editions, submitted and not yet published, that were frozen with an image."""
    shown = Edition.objects.in_hand().filter(snapshot__images=illustration)
    return list(shown.with_all())


def _rows_showing(illustration: Illustration, rows: QuerySet) -> list:
    """Return those of ``rows`` whose text shows the image."""
    # « image:12 » is found in « image:123 » too.
    candidates = rows.filter(text__contains=illustration.reference)
    return [row for row in candidates if illustration.pk in references_in(row.text)]


def why_kept(row: Model) -> str | None:
    """Return why a stored file must not be erased, in French: a published evaluation shows it (rule
    8). None otherwise, and for rows that are no stored file."""
    if not isinstance(row, StoredFile):
        return None
    shown = Edition.objects.published().filter(snapshot__images__stored=row).with_all()
    edition = shown.order_by("evaluation__year", "number").first()
    if edition is None:
        return None
    name = str(edition)
    return f"cette image figure dans l’{name[:1].lower()}{name[1:]}, publiée"


def deposited(convention: Convention) -> list[QuerySet]:
    """Return querysets of the keys of all stored files of images, of removed ones and of former
    ones too."""
    return [
        Illustration.objects.of(convention).values("stored"),
        Illustration.history.filter(convention=convention).values("stored"),
    ]
