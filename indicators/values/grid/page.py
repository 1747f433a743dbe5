"""Show what one's organisations owe as a grid, for a theme or for all."""

from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from urllib.parse import urlencode

from django.urls import reverse

from conventions.models import Theme
from indicators.values.entry import EntryPage
from indicators.values.entry_row import EntryRow
from indicators.values.grid.forms import GridRowForm


@dataclass(frozen=True)
class Onward:
    """The link to where a figure that was given is changed, corrected or read with its history."""

    address: str
    label: str


class GridRow(EntryRow):
    """A row of the grid; what was given stays in its place, to be read. ``is_opened``: it is typed
    anew there; ``onward``: where else more of it is done or read; ``secrecy``: why others are not
    shown it."""

    form_class = GridRowForm
    is_opened = False
    onward: Onward | None = None
    secrecy = ""

    @property
    def takes_figures(self) -> bool:
        return self.is_opened or super().takes_figures

    @property
    def is_unfolded(self) -> bool:
        return True


@dataclass
class GridPage(EntryPage):
    """The grid of all that a person owes of the whole territory. ``theme``: the key of the theme
    that is shown; empty for all."""

    theme: str = ""

    row_class = GridRow

    @cached_property
    def themes(self) -> list[Theme]:
        """The themes of all rows, in reading order."""
        return list(dict.fromkeys(row.entry.indicator.theme for row in self.rows))

    @property
    def shown(self) -> list[EntryRow]:
        """The rows of the theme that is shown, or all; what is given as well, so that none
        moves."""
        if not self.theme:
            return self.rows
        return [row for row in self.rows if str(row.entry.indicator.theme_id) == self.theme]

    @property
    def groups(self) -> list[tuple[Theme, list[EntryRow]]]:
        """The rows that are shown by theme, in reading order, each theme with its rows."""
        by_theme = groupby(self.shown, key=lambda row: row.entry.indicator.theme)
        return [(theme, list(rows)) for theme, rows in by_theme]

    @property
    def address(self) -> str:
        """The address of the grid, where its rows are saved."""
        return reverse("indicators:grid", args=[self.campaign.convention.slug, self.campaign.year])

    @property
    def query(self) -> str:
        return self.query_of(pour=self.pour, theme=self.theme)

    def query_of(self, **params: str) -> str:
        """Return the query of an address, « ?theme=3 »; empty parameters are left out."""
        filled = {name: text for name, text in params.items() if text}
        return f"?{urlencode(filled)}" if filled else ""

    @property
    def theme_links(self) -> list[tuple[str, str, bool]]:
        """The links to all rows, then to each theme alone: query, name, whether it is shown."""
        links = [(self.query_of(pour=self.pour), "Tout ce que je dois", not self.theme)]
        for theme in self.themes:
            key = str(theme.pk)
            name = theme.title or theme.axis.title
            links.append((self.query_of(pour=self.pour, theme=key), name, key == self.theme))
        return links
