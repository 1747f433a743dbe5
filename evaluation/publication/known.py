"""Find the edition that parties know, from which changes are described."""

from collections.abc import Iterable, Sequence

from agreements.models import Agreement
from conventions.models import Organisation
from evaluation.editions.models import Edition, Validation, ValidationWord


def known_to(editions: Sequence[Edition], organisations: Iterable[Organisation]) -> Edition | None:
    """Return the first of ``editions``, the newest first, that each of these organisations knows:
    it was published, or they have answered it, its analyses or the point. None without any.

    An edition that was taken back before anybody answered does not count, so what it changed is
    described again; nor does an agreement by the end of a delay, as nobody has read anything.
    """
    answered = _answered(editions)
    wanted = {organisation.pk for organisation in organisations}
    return next((row for row in editions if row.is_published or wanted <= answered[row.pk]), None)


def _answered(editions: Sequence[Edition]) -> dict[int, set[int]]:
    """Return, by edition, the organisations that have answered it."""
    answered = {edition.pk: set() for edition in editions}
    validations = Validation.objects.filter(edition__in=answered).exclude(
        word=ValidationWord.OPINION
    )
    for edition, organisation in validations.order_by().values_list("edition", "organisation"):
        answered[edition].add(organisation)
    asked = {edition.version_id for edition in editions} - {None}
    spoken = Agreement.objects.uncontested().by_people().filter(version__in=asked)
    by_version = list(spoken.order_by().values_list("version", "organisation"))
    for edition in editions:
        answered[edition.pk] |= {pk for version, pk in by_version if version == edition.version_id}
    return answered
