"""The forms by which a document is composed."""

from collections.abc import Iterable, Mapping

from django import forms
from django.http import QueryDict

from ctg_portal.forms.revisions import RevisedForm
from evaluation.layout.candidates import Candidate, grouped
from evaluation.layout.events import TWICE, Pick, refuse_pick
from evaluation.layout.models import LONGEST_SENTENCE, MOST, HighlightKind
from evaluation.layout.reading import Choice, Chosen
from evaluation.report.sections import BY_KEY

# The names of what a page of sections sends: their order, those that are kept, the one to be moved.
ORDER, KEPT, UP, DOWN = "ordre", "garder", "monter", "descendre"


def choice_in(data: QueryDict) -> Choice:
    """Return the choice that the page of sections sent, with the section moved whose button was
    pressed; sections that it does not name are at their usual place, unknown ones are left out."""
    order = tuple(key for key in data.getlist(ORDER) if key in BY_KEY)
    left_out = frozenset(order) - set(data.getlist(KEPT))
    choice = Choice(order, left_out)
    for name, step in ((UP, -1), (DOWN, 1)):
        if name in data:
            choice = choice.moved(data[name], step)
    return choice


class HighlightsForm(RevisedForm):
    """Three places for successes and three for difficulties: each from what the year found
    (``known``, by kind), in its words or in the writer's own."""

    def __init__(
        self, *args, known: Mapping[str, dict[str, Candidate]], chosen: Iterable[Chosen], **kwargs
    ):
        super().__init__(*args, **kwargs)
        self.known = known
        for kind in HighlightKind:
            for rank in range(1, MOST + 1):
                self._add_place(kind, rank)
        self.initial.update(self.values_of(chosen))

    def values_of(self, chosen: Iterable[Chosen]) -> dict[str, str]:
        """Return what the fields would hold for these choices, by name; empty texts elsewhere."""
        values = dict.fromkeys(set(self.fields) - {"revision"}, "")
        for kind in HighlightKind:
            here = [highlight for highlight in chosen if highlight.kind == kind]
            for rank, highlight in enumerate(here, 1):
                values[f"{kind}-{rank}-source"] = "" if highlight.is_gone else highlight.source
                values[f"{kind}-{rank}-sentence"] = highlight.sentence
        return values

    def _add_place(self, kind: HighlightKind, rank: int) -> None:
        """Add the two fields of a place: a finding of the year, and the writer's own words."""
        options = [("", "Rien")] + [
            (group, [(row.key, f"{row.line.title} : {row.line.text}") for row in candidates])
            for group, candidates in grouped(self.known[kind]).items()
        ]
        self.fields[f"{kind}-{rank}-source"] = forms.ChoiceField(
            label=f"{kind.label} {rank}, d’après ce que l’année dit",
            choices=options,
            required=False,
        )
        self.fields[f"{kind}-{rank}-sentence"] = forms.CharField(
            label=f"{kind.label} {rank}, dans vos mots",
            required=False,
            max_length=LONGEST_SENTENCE,
        )

    @property
    def groups(self) -> list[tuple[HighlightKind, list]]:
        """The fields, by kind: for each place, a finding of the year and the writer's own words."""
        return [
            (kind, [
                (self[f"{kind}-{rank}-source"], self[f"{kind}-{rank}-sentence"])
                for rank in range(1, MOST + 1)
            ])
            for kind in HighlightKind
        ]  # fmt: skip

    def clean(self):
        """Refuse the same source twice in a kind, and what ``refuse_pick`` refuses."""
        for kind in HighlightKind:
            sources = set()
            for rank in range(1, MOST + 1):
                pick = self._typed_pick(kind, rank)
                name = f"{kind}-{rank}-source"
                if pick.source in sources:
                    self.add_error(name, TWICE.reason)
                elif (pick.source or pick.sentence) and (
                    refusal := refuse_pick(pick, self.known[kind])
                ):
                    self.add_error(f"{kind}-{rank}-sentence", refusal.reason)
                sources |= {pick.source} - {""}
        return self.cleaned_data

    def _typed_pick(self, kind: HighlightKind, rank: int) -> Pick:
        """Return what was typed at a place, empty where nothing was."""
        read = self.cleaned_data.get
        return Pick(read(f"{kind}-{rank}-source", ""), read(f"{kind}-{rank}-sentence", ""))

    @property
    def picks(self) -> dict[HighlightKind, list[Pick]]:
        """For each kind its ``MOST`` picks by rank, blank ones included."""
        return {
            kind: [self._typed_pick(kind, rank) for rank in range(1, MOST + 1)]
            for kind in HighlightKind
        }
