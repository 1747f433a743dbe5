"""What is sent when a document is composed."""

from collections.abc import Iterable, Mapping

from django import forms
from django.http import QueryDict

from ctg_portal.revisions import RevisedForm
from evaluation.layout.candidates import Candidate, grouped
from evaluation.layout.events import TWICE, Told, refusal_of
from evaluation.layout.models import LONGEST_SENTENCE, MOST, HighlightKind
from evaluation.layout.reading import Choice, Chosen
from evaluation.report.sections import BY_KEY

# The names of what a page of sections sends: their order, those that are kept, the one to be moved.
ORDER, KEPT, UP, DOWN = "ordre", "garder", "monter", "descendre"


def choice_in(data: QueryDict) -> Choice:
    """The choice that was sent; sections that it does not know of stand at their usual place."""
    order = tuple(key for key in data.getlist(ORDER) if key in BY_KEY)
    left_out = frozenset(order) - set(data.getlist(KEPT))
    choice = Choice(order, left_out)
    for name, step in ((UP, -1), (DOWN, 1)):
        if name in data:
            choice = choice.moved(data[name], step)
    return choice


class HighlightsForm(RevisedForm):
    """Up to three successes and three difficulties: each from what the year tells (``known``, by
    kind), in its words or in one's own."""

    def __init__(
        self, *args, known: Mapping[str, dict[str, Candidate]], chosen: Iterable[Chosen], **kwargs
    ):
        super().__init__(*args, **kwargs)
        self.known = known
        for kind in HighlightKind:
            here = [one for one in chosen if one.kind == kind]
            for rank in range(1, MOST + 1):
                one = here[rank - 1] if rank <= len(here) else None
                self._add(kind, rank, one)

    def values_of(self, chosen: Iterable[Chosen]) -> dict[str, str]:
        """What the fields would say of others that were chosen."""
        told = dict.fromkeys(set(self.fields) - {"revision"}, "")
        for kind in HighlightKind:
            for rank, one in enumerate([one for one in chosen if one.kind == kind], 1):
                told[f"{kind}-{rank}-source"] = "" if one.is_gone else one.source
                told[f"{kind}-{rank}-sentence"] = one.sentence
        return told

    def _add(self, kind: HighlightKind, rank: int, chosen: Chosen | None) -> None:
        options = [("", "Rien")] + [
            (group, [(one.key, f"{one.line.title} : {one.line.text}") for one in found])
            for group, found in grouped(self.known[kind]).items()
        ]
        self.fields[f"{kind}-{rank}-source"] = forms.ChoiceField(
            label=f"{kind.label} {rank}, d’après ce que l’année dit",
            choices=options,
            required=False,
            initial="" if chosen is None or chosen.is_gone else chosen.source,
        )
        self.fields[f"{kind}-{rank}-sentence"] = forms.CharField(
            label=f"{kind.label} {rank}, dans vos mots",
            required=False,
            max_length=LONGEST_SENTENCE,
            initial=chosen.sentence if chosen else "",
        )

    @property
    def groups(self) -> list[tuple[HighlightKind, list]]:
        """The fields, by kind: of each place, what it is drawn from, and one's own words."""
        return [
            (kind, [
                (self[f"{kind}-{rank}-source"], self[f"{kind}-{rank}-sentence"])
                for rank in range(1, MOST + 1)
            ])
            for kind in HighlightKind
        ]  # fmt: skip

    def clean(self):
        for kind in HighlightKind:
            met = set()
            for rank in range(1, MOST + 1):
                one = self._told(kind, rank)
                name = f"{kind}-{rank}-source"
                if one.source in met:
                    self.add_error(name, TWICE.reason)
                elif (one.source or one.sentence) and (
                    refusal := refusal_of(one, self.known[kind])
                ):
                    self.add_error(f"{kind}-{rank}-sentence", refusal.reason)
                met |= {one.source} - {""}
        return self.cleaned_data

    def _told(self, kind: HighlightKind, rank: int) -> Told:
        read = self.cleaned_data.get
        return Told(read(f"{kind}-{rank}-source", ""), read(f"{kind}-{rank}-sentence", ""))

    @property
    def told(self) -> dict[HighlightKind, list[Told]]:
        return {
            kind: [self._told(kind, rank) for rank in range(1, MOST + 1)] for kind in HighlightKind
        }
