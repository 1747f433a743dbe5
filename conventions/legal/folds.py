"""The themes of the page of the structure, each folded to a line that tells what is beneath it,
and what addresses say to have them, or the parts of the text, open."""

from collections.abc import Iterable

from conventions.legal.words import Words
from conventions.models import Axis
from ctg_portal.templatetags.french import plural

ALL = "tous"  # what the address says to have every theme open
ALL_PARTS = "toutes"  # and every part of the text


def tell_themes(axes: Iterable[Axis], words: Words, asked) -> None:
    """Tell of each theme what it counts (``told``) and whether it is open (``is_open``): the one
    of the objective that the address asks for, all where it says so, the only one there is."""
    themes = [theme for axis in axes for theme in axis.themes_read]
    objective, opened = asked.get("objectif", ""), asked.get("themes", "")
    for theme in themes:
        below = [sub for one in theme.orientations for sub in one.sub_objectives_read]
        known = [*theme.orientations, *below]
        proposed = sum(one.is_proposed for one in known)
        counts = [
            (len(theme.orientations), words.objective.forms),
            (len(below), words.objective.sub_forms),
            (proposed, "proposition,propositions"),
        ]
        theme.told = ", ".join(plural(count, forms) for count, forms in counts if count)
        is_asked = any(str(one.pk) == objective for one in known)
        theme.is_open = opened == ALL or is_asked or len(themes) == 1
