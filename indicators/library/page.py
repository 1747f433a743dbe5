"""The library as one convention reads it: what it has taken up already is marked.

It is drawn once for all who may take up the same, and kept.
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from urllib.parse import urlencode

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from accounts.models import User
from conventions.models import Convention, Standing
from ctg_portal.marks.cache import cached
from ctg_portal.marks.models import Subject
from ctg_portal.search.rows import fold
from ctg_portal.templatetags.french import in_words, plural
from documents.tables import Column
from indicators.definitions.models import Indicator
from indicators.definitions.reading import can_draft
from indicators.library.entries import THEMES, LibraryEntry, search_entries
from indicators.library.sharing import all_entries


class LibraryForm(forms.Form):
    """Words and theme. No word is refused; a theme that does not exist makes the form invalid, and
    the page empty."""

    mots = forms.CharField(
        label="Mots",
        required=False,
        max_length=200,
        widget=forms.TextInput({"type": "search", "autocomplete": "off"}),
    )
    thematique = forms.ChoiceField(
        label="Domaine", required=False, choices=[("", "Tous"), *THEMES.items()]
    )


@dataclass(frozen=True)
class Shelf:
    """An entry as one convention reads it. ``taken``: the title of its indicator that comes from
    the entry, empty without one; ``line``: its drawn words."""

    entry: LibraryEntry
    taken: str
    line: SafeString


COLUMNS = (
    Column("Code", lambda shelf: shelf.entry.code),
    Column("Domaine", lambda shelf: shelf.entry.theme_title),
    Column("Indicateur", lambda shelf: shelf.entry.title),
    Column("Unité", lambda shelf: shelf.entry.unit),
    Column("Nature", lambda shelf: shelf.entry.kind.label),
    Column("Sens attendu", lambda shelf: shelf.entry.direction.label),
    Column("Fournisseur habituel", lambda shelf: shelf.entry.source),
    Column("Périodicité", lambda shelf: shelf.entry.periodicity.label),
    Column("Définition", lambda shelf: shelf.entry.documented.definition),
    Column("Ce que l’on divise", lambda shelf: shelf.entry.documented.numerator),
    Column("Par quoi l’on divise", lambda shelf: shelf.entry.documented.denominator),
    Column("Limites", lambda shelf: shelf.entry.documented.limits),
    Column("Documents", lambda shelf: "\n".join(map(str, shelf.entry.documented.sources))),
    Column("Repris dans la convention", lambda shelf: shelf.taken or None),
)


@cached(Subject.TEXT, Subject.FIGURES)
def draw_lines(
    convention: Convention, entries: tuple[LibraryEntry, ...], *, can_draft: bool
) -> list[tuple[str, SafeString]]:
    """Return for each entry the title of the convention's indicator that has its code or title
    (empty without one), and its drawn words. Withdrawn indicators do not count; drafts count only
    for who may draft, who may also tick it."""
    known: dict[str, Indicator] = {}
    for row in Indicator.objects.of(convention).not_withdrawn().order_by("pk"):
        if can_draft or row.standing != Standing.DRAFT:
            row.convention = convention
            known[fold(row.title)] = row
            known |= {code: row for code in (row.code, row.library_code) if code}
    lines = []
    for entry in entries:
        taken = known.get(entry.code) or known.get(fold(entry.title))
        context = {"entry": entry, "taken": taken, "can_draft": can_draft}
        line = mark_safe(render_to_string("indicators/library/parts/line.html", context).strip())
        lines.append((taken.title if taken else "", line))
    return lines


class LibraryPage:
    """The library as ``user`` reads it for a convention; ``asked``: the query parameters."""

    def __init__(self, convention: Convention, user: User, asked):
        self.convention, self.user = convention, user
        self.can_draft = can_draft(user, convention)
        # No person types a NUL, no page may hold one.
        self.form = LibraryForm({name: asked[name].replace("\0", "") for name in asked})
        self.ticked = frozenset(asked.getlist("codes"))
        self.values = self.form.cleaned_data if self.form.is_valid() else None

    @cached_property
    def library(self) -> list[Shelf]:
        """All entries, by theme in the order of ``THEMES``."""
        order = list(THEMES)
        entries = sorted(all_entries(), key=lambda entry: order.index(entry.theme))
        lines = draw_lines(self.convention, tuple(entries), can_draft=self.can_draft)
        return [Shelf(entry, *line) for entry, line in zip(entries, lines, strict=True)]

    @cached_property
    def shelves(self) -> list[Shelf]:
        """The entries that match the form; none if the form is invalid."""
        if self.values is None:
            return []
        entries = [shelf.entry for shelf in self.library]
        matches = set(search_entries(self.values["mots"], self.values["thematique"], entries))
        return [shelf for shelf in self.library if shelf.entry in matches]

    @property
    def offered(self) -> list[Shelf]:
        """The matching entries that the convention does not have yet."""
        return [shelf for shelf in self.shelves if not shelf.taken]

    @property
    def followed(self) -> list[Shelf]:
        """The matching entries that it has."""
        return [shelf for shelf in self.shelves if shelf.taken]

    @property
    def ticked_elsewhere(self) -> list[Shelf]:
        """The ticked entries that the search leaves out, so that it unticks none."""
        return [
            shelf
            for shelf in self.library
            if shelf.entry.code in self.ticked and not shelf.taken and shelf not in self.shelves
        ]

    @property
    def themes(self) -> list[tuple[str, list[Shelf]]]:
        """The entries offered, under the title of each theme that has some."""
        return [
            (title, list(shelves))
            for title, shelves in groupby(self.offered, lambda shelf: shelf.entry.theme_title)
        ]

    @cached_property
    def taken_count(self) -> int:
        return sum(bool(shelf.taken) for shelf in self.library)

    @property
    def title(self) -> str:
        """The number of entries that the convention does not follow yet."""
        left = len(self.library) - self.taken_count
        if not left:
            return "Tous les indicateurs de la bibliothèque sont suivis"
        if not self.taken_count:
            return f"{plural(left, 'indicateur,indicateurs')} à choisir dans la bibliothèque"
        several = left >= 2
        return (
            f"{in_words(left, 'indicateur,indicateurs').capitalize()} de la bibliothèque ne "
            f"{'sont' if several else 'est'} pas encore {'suivis' if several else 'suivi'}"
        )

    @property
    def query(self) -> str:
        return urlencode({name: value for name, value in (self.values or {}).items() if value})

    @property
    def is_searched(self) -> bool:
        """Whether the address asks for some entries only, or cannot be understood."""
        return self.values is None or any(self.values.values())
