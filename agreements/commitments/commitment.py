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
from typing import Any

from django.db.models import Model, QuerySet, Value

from accounts.models import User
from agreements.commitments import upcasters
from agreements.commitments.fields import Children, Field, links_in, links_of
from conventions.legal.reading import rows_of
from conventions.legal.words import Word
from conventions.models import Axis, Convention, Organisation
from ctg_portal.house import house
from ctg_portal.rules import Refusal

SIGNED = Refusal("Ce texte a été signé par toutes les parties : il ne change que par un avenant.")


@dataclass(frozen=True)
class Line:
    """One field of a content as a page shows it. ``is_informative``: shown also where the content
    is read plainly, and not only where two are compared."""

    label: str
    text: str
    is_prose: bool = False
    is_informative: bool = True


class Commitment(ABC):
    """The declaration of how the rows of ``model`` take part in agreements. Subclass it, and
    contribute an instance.

    ``kind`` is stored in versions and delegations; ``name`` is its French word ("objectif").
    ``schema`` counts the shapes that ``fields`` have had; ``steps[1]`` upgrades a text of the first
    to the second (``upcasters`` beside it). The texts agreed to earlier stay as they are.
    """

    kind: str
    name: str
    is_feminine = False
    is_decided = False  # by the committee; the rest only by signing
    is_drafted_before_signature = False  # and proposed once the convention is signed
    binds = True  # to do something; what is about the past is agreed to after the term too
    # Whether what was in force before is so again once an agreement to what followed is taken back.
    comes_back = True
    is_read_apart = False  # what is agreed to is read on its own page, before one answers
    # Whether parties that need not agree may, beside those that must.
    others_may_agree = False
    schema: int
    steps: Mapping[int, upcasters.Step] = {}
    model: type[Model]
    fields: Sequence[Field]
    # From a row to the axis under which its points are listed, as the database follows it; empty
    # where they are listed under the convention as a whole.
    axis_path: str = ""

    def __init_subclass__(cls):
        if "fields" in vars(cls):
            cls.fields = tuple(field.bind(cls.model) for field in cls.fields)

    def __init__(self):
        upcasters.check(self)

    # For subclasses to define -----------------------------------------------------------------

    @abstractmethod
    def convention_of(self, row) -> Convention:
        """Return the convention of a row, which ``subjects`` has joined."""

    def subjects(self) -> QuerySet:
        """Return all rows, joined with what ``convention_of``, ``axis_of`` and ``heading`` need."""
        return self.model._default_manager.all()

    def signed_rows(self, convention: Convention) -> QuerySet | None:
        """Return the rows of a convention that its signature agrees to; None, the default, for a
        model that is not signed."""
        return None

    def axis_of(self, row) -> Axis | None:
        """Return the axis under which the point is listed; None for the convention as a whole."""
        return None

    def heading(self, row) -> str:
        """Return the label before the title of a row: "Objectif du comité", "Article 5"."""
        return self.name.capitalize()

    def title_of(self, row, content: dict) -> str:
        """Return the title of a version of ``row``: that of its content, else the row as text."""
        return str(content.get("title") or row)

    def may_draft(self, user: User | None, convention: Convention, row=None) -> Refusal | None:
        """Return why ``user`` may not write a version (of ``row``, or of a new row), or None; by
        default nobody may, for the text was signed. ``user=None`` is the system."""
        return SIGNED

    def parties(self, convention: Convention, required: list[Organisation]) -> list[Organisation]:
        """Return the parties that must agree to a version, by default all those whose agreement the
        convention requires (``required``)."""
        return required

    def lock_compared_rows(self, convention: Convention) -> None:  # noqa: B027  (most compare with nothing)
        """Lock what ``refuse_incomplete`` compares a content with, by default nothing; called
        before any other lock."""

    def refuse_incomplete(self, convention: Convention, content: dict, row=None) -> Refusal | None:
        """Return why a content of ``row`` (None: of a new row) cannot be proposed yet, or None, as
        for any content by default."""
        return None

    def refuse_each(
        self, convention: Convention, drafts: Sequence[tuple[dict, Any]]
    ) -> list[Refusal | None]:
        """Return why each of these contents, with its row, cannot be proposed yet, as far as a list
        of drafts tells it: ``propose`` asks ``refuse_incomplete`` of each. Override it where that
        asks queries."""
        return [self.refuse_incomplete(convention, content, row) for content, row in drafts]

    def describe_consequences(self, row, content: dict) -> str:
        """Return what would follow from agreeing to a content of ``row``, as French sentences for
        whoever is asked to agree; empty for nothing."""
        return ""

    def describe_new(self, content: dict) -> str:
        """Return what a new row is about, as the end of a French sentence without full stop
        (« Nouvel indicateur : … »); empty for its first short fields."""
        return ""

    def describe_row(self, content: dict) -> list[str]:
        """Return what a new row is, as French sentences for whoever is asked to agree, at most
        two; empty for its first short fields."""
        return []

    def describe_part(
        self, organisation: Organisation | None, content: dict, before: dict | None
    ) -> str:
        """Return what a content asks of an organisation, or changes for it since ``before`` (None:
        of a new row), as a French sentence that says « vous » to it; where nobody in particular
        reads (None), what is asked and of whom. Empty where the kind asks nothing."""
        return ""

    def begins_on(self, content: dict) -> datetime.date | None:
        """Return the day from which a content binds the parties; None for as soon as it is in
        force."""
        return None

    def edit_url(self, row) -> str | None:
        """Return the address where a version of ``row`` is written; None where there is none."""
        return None

    def end_url(self, row) -> str | None:
        """Return the address where the end of a row in force is proposed; None where there is
        none."""
        return None

    def link_to_page(self, row) -> tuple[str, str] | None:
        """Return label and address of a link to the page of the row itself, which shows more than
        what is agreed; None without one."""
        return None

    def describe_later_work(self, version) -> str:
        """Return what was done on the strength of a version in force, as a French sentence without
        full stop: an agreement to it can then not be undone without a reason. Empty for nothing."""
        return ""

    def describe_overtaken(self, version) -> str:
        """Return why a proposed version is outdated, as French sentences; empty where it is not.
        Asked on the page of the version only: it may read much."""
        return ""

    # Common to all ------------------------------------------------------------------------------

    def content(self, row) -> dict:
        """Return what the row commits to, as plain JSON values by field name."""
        return {field.name: field.read(row) for field in self.fields}

    def plain(self, values: dict) -> dict:
        """Return the canonical content of all fields for ``values``, Python or canonical, by field
        name; a field that is not among them has the value of a new row."""
        blank = self.content(self.model())
        return {
            field.name: field.plain(values[field.name]) if field.name in values
            else blank[field.name]
            for field in self.fields
        }  # fmt: skip

    def apply(self, row, content: dict, standing: str) -> None:
        """Write a content, of all fields, to its row, which the caller has locked, set its
        standing, and save it with its children."""
        for field in self.fields:
            if not isinstance(field, Children):
                setattr(row, field.name, field.parse(content[field.name]))
        self.set_standing(row, standing)
        for field in self.fields:
            if isinstance(field, Children):
                field.write(row, content[field.name])

    def set_standing(self, row, standing: str) -> None:
        """Set the standing of a row, if its model has one, and save the row."""
        if hasattr(row, "standing"):
            row.standing = standing
        row.save()

    def lines(self, content: dict) -> list[Line]:
        """Return a line for each field that ``content`` has, in the order of the fields, those
        without a value too."""
        return [
            Line(
                field.label,
                field.show(content[field.name]),
                getattr(field, "is_prose", False),
                field.is_informative(content[field.name]),
            )
            for field in self.fields
            if field.name in content
        ]

    def linked_keys(self, content: dict, model: type[Model]) -> set[int]:
        """Return the keys of the rows of ``model`` that a content links to."""
        return {link["id"] for link in links_in(self.fields, content, model)}

    def refuse_dangling_links(self, convention: Convention, content: dict) -> Refusal | None:
        """Refuse a content that links to a row which is not, or no longer, in the convention."""
        [refusal] = self.refuse_each_dangling(convention, [content])
        return refusal

    def refuse_each_dangling(
        self, convention: Convention, contents: Sequence[dict]
    ) -> list[Refusal | None]:
        """Return, in the order of ``contents``, the refusal of each that links to a row no longer
        in the convention, or None; as ``refuse_dangling_links``, in one query for each linked
        model."""
        refusals: list[Refusal | None] = [None] * len(contents)
        for model in {link.model for link in links_of(self.fields)}:
            linked = [
                {link["id"]: link["name"] for link in links_in(self.fields, content, model)}
                for content in contents
            ]
            named = {pk for names in linked for pk in names}
            existing = set(
                rows_of(model, convention).filter(pk__in=named).values_list("pk", flat=True)
            )
            for place, names in enumerate(linked):
                for pk in sorted(names.keys() - existing)[:1]:
                    refusals[place] = refusals[place] or Refusal(
                        f"« {names[pk]} » n’est plus dans la convention : choisissez."
                    )
        return refusals

    @property
    def plural(self) -> str:
        """The plural of the name, « objectifs »; a name of several words overrides it."""
        return f"{self.name}s"

    def word(self, convention: Convention) -> Word:
        """Return the word of the convention for it: « l’ambition », « la fiche action »."""
        return Word(self.name, self.plural, "f" if self.is_feminine else "m")


def commitments() -> Sequence[Commitment]:
    """Return the commitments that the rooms contribute, in the order of the house."""
    return house().versions


def committee_commitments() -> list[Commitment]:
    """Return the commitments that the committee decides on, and on which members may delegate."""
    return [commitment for commitment in commitments() if commitment.is_decided]


def commitment_of(row: Model) -> Commitment:
    """Return the commitment of the class of ``row``. Raises KeyError without one."""
    return {commitment.model: commitment for commitment in commitments()}[type(row)]


def by_kind(kind: str) -> Commitment:
    """Return the commitment of a kind. Raises KeyError for one that no room contributes."""
    return {commitment.kind: commitment for commitment in commitments()}[kind]


def axes_of_rows(rows: Iterable[tuple[str, int]]) -> dict[tuple[str, int], int | None]:
    """Return the key of the axis under which each row, given by kind and key, is listed, in one
    query; rows listed under the convention as a whole are left out. Twin: ``axis_of``."""
    keys = defaultdict(set)
    for kind, pk in rows:
        keys[kind].add(pk)
    querysets = [
        commitment.model._base_manager.filter(pk__in=keys[commitment.kind])
        .order_by()
        .values_list(Value(commitment.kind), "pk", commitment.axis_path)
        for commitment in commitments()
        if commitment.axis_path and commitment.kind in keys
    ]
    if not querysets:
        return {}
    first, *others = querysets
    return {(kind, pk): axis for kind, pk, axis in first.union(*others, all=True)}
