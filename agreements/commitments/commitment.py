"""What can be agreed to: each model that takes part declares its commitment here.

A commitment says which fields of a row the parties agree to (children included), how they are
shown, and how a version that comes into force reaches the row. The mechanism knows nothing else
of the model: a room names its own among its contributions (``versions``).
"""

import datetime
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Model, QuerySet, Value

from accounts.models import User
from agreements import upcasters
from agreements.commitments.fields import Children, Field, links_in, links_of
from conventions.legal.reading import rows_of
from conventions.legal.words import Word
from conventions.models import Axis, Convention
from ctg_portal.house import house
from ctg_portal.rules import Refusal

SIGNED = Refusal("Ce texte a été signé par toutes les parties : il ne change que par un avenant.")


@dataclass(frozen=True)
class Line:
    """One field as a page shows it; ``tells``: a plain reading of the content has it."""

    label: str
    text: str
    is_prose: bool = False
    tells: bool = True


class Commitment(ABC):
    """How the rows of ``model`` take part in agreements. Subclass, and contribute one.

    ``kind`` is stored and in delegations; ``name`` is its French word ("objectif"). ``schema``
    counts the shapes that ``fields`` have had; ``steps[1]`` brings a text of the first to the
    second (``agreements.upcasters``). The texts agreed to earlier stay as they are.
    """

    kind: str
    name: str
    is_feminine = False
    is_decided = False  # by the committee; the rest only by signing
    binds = True  # to do something; what tells of the past is agreed to after the term too
    # Whether what was in force before is so again once an agreement to what followed is taken back.
    comes_back = True
    is_read_apart = False  # what is agreed to is read on its own page, before one answers
    schema: int
    steps: Mapping[int, upcasters.Step] = {}
    model: type[Model]
    fields: Sequence[Field]
    # From a row to the axis under which its points are listed, as the database follows it; empty
    # where they are listed under the convention as a whole.
    axis_path: str = ""

    def __init_subclass__(cls):
        if "fields" in vars(cls):
            cls.fields = tuple(one.of(cls.model) for one in cls.fields)

    def __init__(self):
        upcasters.check(self)

    # To be said by each model -----------------------------------------------------------------

    @abstractmethod
    def convention_of(self, row) -> Convention: ...

    def subjects(self) -> QuerySet:
        """All rows, with what ``convention_of``, ``axis_of`` and ``heading`` need."""
        return self.model._default_manager.all()

    def signed_rows(self, convention: Convention) -> QuerySet | None:
        """Rows that the signature of the convention has agreed to; None where there are none."""
        return None

    def axis_of(self, row) -> Axis | None:
        """The axis under which the point is listed; None for the convention as a whole."""
        return None

    def heading(self, row) -> str:
        """What the row is called before its title: "Objectif du comité", "Article 5"."""
        return self.name.capitalize()

    def title_of(self, row, content: dict) -> str:
        return str(content.get("title") or row)

    def may_draft(self, user: User | None, convention: Convention, row=None) -> Refusal | None:
        """Who may write a version; by default nobody: the text was signed."""
        return SIGNED

    def hold(self, convention: Convention) -> None:  # noqa: B027  (most compare with nothing)
        """Lock what ``missing`` compares a content with; called before any other lock."""

    def missing(self, convention: Convention, content: dict, row=None) -> Refusal | None:
        """What a content of ``row`` still lacks before it can be proposed, whatever the way in."""
        return None

    def foretold(self, row, content: dict) -> str:
        """What would follow from a content of ``row`` that whoever agrees to it should know first,
        as French sentences; empty for nothing."""
        return ""

    def begins_on(self, content: dict) -> datetime.date | None:
        """From when on a content binds the parties; None for as soon as it is in force."""
        return None

    def edit_url(self, row) -> str | None:
        """The page on which a version of ``row`` is written; None where none is."""
        return None

    def end_url(self, row) -> str | None:
        """The page on which its end is proposed, once it is in force; None where none is."""
        return None

    def page_of(self, row) -> tuple[str, str] | None:
        """What its own page shows beside what is agreed, and its address: (name of a link, url)."""
        return None

    def built_on(self, version) -> str:
        """What has been done on the strength of a version in force, as a French sentence without
        its full stop: who agreed to it does not simply undo that. Empty for nothing."""
        return ""

    def overtaken(self, version) -> str:
        """Why what the parties are asked to agree to no longer stands, as French sentences; empty
        where it does. For who reads its page: it may read much."""
        return ""

    # The same for all ---------------------------------------------------------------------------

    def content(self, row) -> dict:
        """What the row commits to, as plain JSON values by field name."""
        return {field.name: field.read(row) for field in self.fields}

    def plain(self, values: dict) -> dict:
        """The canonical content for values by field name, as forms and code have them; what is not
        told is as for a new row."""
        blank = self.content(self.model())
        return {
            field.name: field.plain(values[field.name]) if field.name in values
            else blank[field.name]
            for field in self.fields
        }  # fmt: skip

    def apply(self, row, content: dict, standing: str) -> None:
        """Bring a version to its row. ``row`` is locked and saved here."""
        for field in self.fields:
            if not isinstance(field, Children):
                setattr(row, field.name, field.parse(content[field.name]))
        self.stand(row, standing)
        for field in self.fields:
            if isinstance(field, Children):
                field.write(row, content[field.name])

    def stand(self, row, standing: str) -> None:
        """Say on the row where it stands, where it can tell, and save it."""
        if hasattr(row, "standing"):
            row.standing = standing
        row.save()

    def lines(self, content: dict) -> list[Line]:
        """A content, or a part of one, as a page shows it."""
        return [
            Line(
                field.label,
                field.show(content[field.name]),
                getattr(field, "is_prose", False),
                field.tells(content[field.name]),
            )
            for field in self.fields
            if field.name in content
        ]

    def named(self, content: dict, model: type[Model]) -> set[int]:
        """The keys of the rows of ``model`` that a content points to."""
        return {link["id"] for link in links_in(self.fields, content, model)}

    def gone(self, convention: Convention, content: dict) -> Refusal | None:
        """Why a content that points to a row that is not, or no longer, of its convention is not
        proposed."""
        for model in {link.model for link in links_of(self.fields)}:
            names = {link["id"]: link["name"] for link in links_in(self.fields, content, model)}
            there = rows_of(model, convention).filter(pk__in=names).values_list("pk", flat=True)
            for pk in sorted(names.keys() - set(there)):
                return Refusal(f"« {names[pk]} » n’est plus dans la convention : choisissez.")
        return None

    @property
    def plural(self) -> str:
        """« objectifs »; a name of several words gives its own."""
        return f"{self.name}s"

    def word(self, convention: Convention) -> Word:
        """What the convention calls it: « l’ambition », « la fiche action »."""
        return Word(self.name, self.plural, "f" if self.is_feminine else "m")


def commitments() -> Sequence[Commitment]:
    """All that can be agreed to, in the order of the house."""
    return house().versions


def decided() -> list[Commitment]:
    """What the committee decides on, and a member may so delegate."""
    return [commitment for commitment in commitments() if commitment.is_decided]


def commitment_of(row: Model) -> Commitment:
    """The commitment that a row's model has declared. Raises KeyError without one."""
    return {one.model: one for one in commitments()}[type(row)]


def by_kind(kind: str) -> Commitment:
    return {one.kind: one for one in commitments()}[kind]


def axes_of_rows(rows: Iterable[tuple[str, int]]) -> dict[tuple[str, int], int | None]:
    """Return the axes under which rows, by kind and key, are listed, as keys, without reading the
    rows: in one query. Those of the convention as a whole have none. Twin: ``axis_of``."""
    keys = defaultdict(set)
    for kind, pk in rows:
        keys[kind].add(pk)
    listed = [one for one in commitments() if one.axis_path and one.kind in keys]
    if not listed:
        return {}
    first, *others = (
        one.model._base_manager.filter(pk__in=keys[one.kind])
        .order_by()
        .values_list(Value(one.kind), "pk", one.axis_path)
        for one in listed
    )
    return {(kind, pk): axis for kind, pk, axis in first.union(*others, all=True)}
