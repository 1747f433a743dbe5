"""What parties know of an evaluation: what a change is told from."""

from collections.abc import Iterable, Sequence

from agreements.models import Agreement
from conventions.models import Organisation
from evaluation.models import Edition, Validation, ValidationWord


def known_to(editions: Sequence[Edition], organisations: Iterable[Organisation]) -> Edition | None:
    """The first of ``editions``, the newest first, that each of these organisations knows: it was
    published, or they have answered it, as to its analyses or as a point. What was submitted in
    between and taken back before anybody answered hides nothing: what it changed is told again; nor
    does what a delay has agreed to, for silence has read nothing.
    """
    answered = _answered(editions)
    wanted = {organisation.pk for organisation in organisations}
    return next((one for one in editions if one.is_published or wanted <= answered[one.pk]), None)


def _answered(editions: Sequence[Edition]) -> dict[int, set[int]]:
    """By edition, the organisations that have said something of it."""
    found = {edition.pk: set() for edition in editions}
    said = Validation.objects.filter(edition__in=found).exclude(word=ValidationWord.OPINION)
    for edition, organisation in said.order_by().values_list("edition", "organisation"):
        found[edition].add(organisation)
    asked = {edition.version_id for edition in editions} - {None}
    spoken = Agreement.objects.uncontested().by_people().filter(version__in=asked)
    by_version = list(spoken.order_by().values_list("version", "organisation"))
    for edition in editions:
        found[edition.pk] |= {one for version, one in by_version if version == edition.version_id}
    return found
