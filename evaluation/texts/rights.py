"""Who may write the texts of an evaluation: the coordination, and who is given a theme to write."""

from collections.abc import Iterable

from django.utils import timezone

from accounts.models import User
from conventions.access.rights import COORDINATION_ONLY, coordinates
from conventions.access.viewer import accesses_of
from conventions.models import Convention, Theme
from ctg_portal.rules import Refusal
from evaluation.texts.models import Writer

NOT_GIVEN = Refusal(
    "Ce texte est écrit par la coordination de la convention, et par les personnes à qui elle le "
    "confie."
)
NO_ACCESS = Refusal("Cette personne n’a pas d’accès confirmé à la convention : invitez-la d’abord.")


def may_write_narrative(asker: User | None, convention: Convention) -> Refusal | None:
    """Return why ``asker`` may not write all texts, or None: coordinators and the system may."""
    if asker is None or coordinates(asker, convention):
        return None
    return COORDINATION_ONLY


def may_write_theme(asker: User | None, theme: Theme, year: int | None) -> Refusal | None:
    """Return why ``asker`` may not write a theme, or None: who may write all, or is given it."""
    is_given = theme.pk in written_by(asker, theme.axis.convention, [theme], year)
    return None if is_given else NOT_GIVEN


def written_by(
    asker: User | None, convention: Convention, themes: Iterable[Theme], year: int | None
) -> set[int]:
    """Return the primary keys of those ``themes`` whose text for a year ``asker`` may write today:
    all for the coordination, else those given, while the access is effective. One query at most."""
    keys = {theme.pk for theme in themes}
    if may_write_narrative(asker, convention) is None:
        return keys
    if not accesses_of(asker, convention):
        return set()
    rows = Writer.objects.standing(timezone.localdate()).filter(user=asker, year=year)
    return keys.intersection(rows.filter(theme__in=keys).values_list("theme", flat=True))


def may_give(asker: User, theme: Theme, person: User | None = None) -> Refusal | None:
    """Return why ``asker`` may not give the text of a theme to ``person``, or take it back (without
    ``person``); or None. The person needs an access to the convention."""
    convention = theme.axis.convention
    if refusal := may_write_narrative(asker, convention):
        return refusal
    return NO_ACCESS if person is not None and not accesses_of(person, convention) else None
