"""Show a row of a grid through a link: of what a secrecy rule protects it shows nothing, not even
what was typed there."""

from copy import copy

from indicators.figures.values import Value, ValueTransition
from indicators.values.grid.page import GridRow
from indicators.values.links.visitor import is_kept_secret

HIDDEN = "donné, n’est plus montré"
RESERVED = "le motif est réservé à l’organisme : demandez-le à la coordination, ou à un collègue."


class LinkedRow(GridRow):
    """A row through a link. Of a protected value it shows only that it is there, and its state."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.is_protected = is_kept_secret(self.entry)
        if self.is_protected:
            self.entry.taken_over = ""
        self.value = self.see(self.value)

    @property
    def is_hidden(self) -> bool:
        return self.is_protected and self.value is not None

    def see(self, value: Value | None) -> Value | None:
        """Return a value as it is or, if it is protected, a copy without its figure and texts."""
        return emptied(value) if value is not None and self.is_protected else value

    @property
    def text(self) -> str:
        return HIDDEN if self.is_hidden else super().text

    @property
    def variation(self) -> str:
        return "" if self.is_hidden else super().variation

    @property
    def doubts(self) -> list[str]:
        return [] if self.is_hidden else super().doubts

    @property
    def returned(self) -> ValueTransition | None:
        """The last return of the value, its reason replaced where this row is hidden; None if it is
        not returned."""
        act = super().returned
        if act is None or not self.is_hidden:
            return act
        act = copy(act)
        act.reason = RESERVED
        return act


def emptied(value: Value) -> Value:
    """Return a copy of a value without its figure and the texts beside it."""
    bare = copy(value)
    bare.number = bare.numerator = bare.denominator = None
    bare.absence = bare.reason = bare.comment = bare.source = ""
    bare.provisional = False
    return bare
