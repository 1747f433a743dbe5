"""The fields of a commitment: how each is read from a row, written to it, and shown."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, ClassVar, Self

from django import forms
from django.db.models import IntegerField, Model
from django.utils.text import capfirst

from agreements.commitments.canonical import plain
from ctg_portal.forms.fields import (
    DayField,
    FrenchDecimalField,
    WholeNumberField,
    WholeTextField,
    prose,
)
from ctg_portal.templatetags.french import long_date, number
from ctg_portal.text.typography import CONTROLS, polish

# Where a document shows a field of what is agreed to.
FACT = "fact"  # among the short facts, in the order of the fields
LAST = "last"  # among the short facts, after the others
APART = "apart"  # in a place of its own: the document says where


@dataclass(frozen=True)
class Field:
    """A field of the commitment's row, of the same name: declared once, for all that show it.

    ``label`` is what people read; without one, it is that of the model. A form has it in its part
    ``section``, labels it ``asked`` where that is not the label, with the ``help`` beside it.
    ``shown``: where documents show it. ``column``: whether tables of the rows have a column of it.
    """

    name: str
    label: str = ""
    section: str = field(default="", kw_only=True)
    asked: str = field(default="", kw_only=True)
    help: str = field(default="", kw_only=True)
    shown: str = field(default=FACT, kw_only=True)
    column: bool = field(default=True, kw_only=True)

    kind: ClassVar[str] = "text"  # of its column (documents.tables.Column)

    def bind(self, model: type[Model]) -> Self:
        """Return the field completed from its model: with its label, where none is given."""
        if self.label:
            return self
        column: Any = model._meta.get_field(self.name)
        is_reverse = column.auto_created
        label = (
            column.related_model._meta.verbose_name_plural if is_reverse else column.verbose_name
        )
        return replace(self, label=capfirst(str(label)))

    def formfield(self, model: type[Model]) -> forms.Field | None:
        """Return the form field that asks for it; None where one form field is not enough."""
        return None

    @property
    def words(self) -> dict[str, Any]:
        """The label and help text of its form field."""
        return {"label": self.asked or self.label, "help_text": self.help}

    def read(self, row):
        """Return the canonical value of the field of ``row``, which may be a new one."""
        return self.plain(getattr(row, self.name))

    def parse(self, value):
        """Return the value of the model's field for a canonical one."""
        return value

    def plain(self, value):
        """Return the canonical value for a value of the model's field or of a form; a canonical one
        stays as it is."""
        return plain(value)

    def restore_keys(self, before, value):
        """Return the canonical ``value`` with the keys of those children that ``before`` has
        already (``Key``); ``value`` itself for fields without children."""
        return value

    def ordered_like(self, before, value):
        """Return the canonical ``value`` in the order of ``before``, where the order of its items
        has no meaning."""
        return value

    def show(self, value) -> str:
        """Format a canonical value in French; empty for none."""
        return "" if value is None else str(value)

    def cell(self, value):
        """Return a canonical value as a cell of a table: text, number, day or boolean."""
        return self.show(value)

    def is_informative(self, value) -> bool:
        """Return whether a plain reading shows the value: nothing, or "no", would be noise
        there."""
        return bool(self.show(value))

    def change(self, before, after, content: Mapping) -> str:
        """Return a French sentence on the change from one canonical value to another, within
        ``content``; empty where the common sentence will do."""
        return ""


@dataclass(frozen=True)
class Text(Field):
    """A text. ``is_prose``: in Markdown; ``rows``: the height of the box in which it is typed."""

    is_prose: bool = False
    rows: int = field(default=4, kw_only=True)

    def formfield(self, model):
        """Return a line of text, where the model limits its length, else a box for Markdown."""
        longest = model._meta.get_field(self.name).max_length
        if longest:
            return WholeTextField(required=False, max_length=longest, **self.words)
        return prose(required=False, rows=self.rows, **self.words)

    def plain(self, value):
        # What no person types: no page may hold it, and no database takes a NUL.
        return plain(CONTROLS.sub("", value or ""))


@dataclass(frozen=True)
class Day(Field):
    kind = "date"

    def formfield(self, model):
        return DayField(required=False, **self.words)

    def cell(self, value):
        return self.parse(value)

    def parse(self, value):
        return datetime.date.fromisoformat(value) if value else None

    def show(self, value) -> str:
        return long_date(self.parse(value))


@dataclass(frozen=True)
class Number(Field):
    """A decimal, or a whole number; ``unit`` is written after it."""

    unit: str = ""

    kind = "number"

    def formfield(self, model):
        """Return a field for a whole number or a decimal, by the model's column."""
        if isinstance(model._meta.get_field(self.name), IntegerField):
            return WholeNumberField(unit=self.unit, required=False, **self.words)
        return FrenchDecimalField(required=False, **self.words)

    def cell(self, value):
        return self.parse(value)

    def parse(self, value):
        return Decimal(value) if isinstance(value, str) else value

    def show(self, value) -> str:
        return "" if value is None else f"{number(value)}\u00a0{self.unit}".strip()


@dataclass(frozen=True)
class Flag(Field):
    def formfield(self, model):
        return forms.BooleanField(required=False, **self.words)

    def cell(self, value):
        return value

    def show(self, value) -> str:
        return {True: "oui", False: "non"}.get(value, "")

    def is_informative(self, value) -> bool:
        return value is True


@dataclass(frozen=True)
class Choice(Field):
    """One of the model's choices, by its key; ``labels`` are read from the model."""

    labels: Mapping[str, str] = field(default_factory=dict)

    def bind(self, model):
        """Complete the labels of the choices, too, from the model's column."""
        labels = self.labels or dict(model._meta.get_field(self.name).flatchoices)
        return replace(super().bind(model), labels=labels)

    def formfield(self, model):
        """Return a required choice, without an empty one; first the default of the model."""
        choices = [(key, str(label).capitalize()) for key, label in self.labels.items()]
        initial = model._meta.get_field(self.name).get_default()
        return forms.ChoiceField(choices=choices, initial=initial, **self.words)

    def show(self, value) -> str:
        return str(self.labels.get(value, value or ""))


@dataclass(frozen=True)
class Key(Field):
    """The key of a child's row, where the text has it: never shown, nor written to the row."""

    name: str = "id"
    label: str = ""

    def show(self, value) -> str:
        return ""


class Digest(Key, Text):
    """The digest of what is agreed to and stored apart, which no page of the point shows."""

    def show(self, value) -> str:
        return value

    def is_informative(self, value) -> bool:
        """Return False: a plain reading leaves it out."""
        return False


@dataclass(frozen=True)
class Children(Field):
    """Rows that belong to the commitment, behind the relation ``name``, in their order.

    A version has them all; applying it changes, adds and removes rows, so that what refers to one
    stays. A child is matched with the row of the same values, else with one that has the same
    values of one tuple of ``identity`` (names of fields), the surest first; equal ones are matched
    in their order. ``rank``: the column of the order, for children that nothing else orders.
    """

    fields: tuple[Field, ...] = ()
    identity: tuple[tuple[str, ...], ...] = ()
    rank: str = ""

    def read(self, row):
        return [self.child(child) for child in getattr(row, self.name).all()] if row.pk else []

    def child(self, row: Model) -> dict:
        """Return the canonical values of a child's row, by field name."""
        return {part.name: part.read(row) for part in self.fields}

    def plain(self, value):
        """Return the canonical values of children: of dictionaries by field name, None for a field
        that one has not."""
        return [
            {part.name: part.plain(child.get(part.name)) for part in self.fields}
            for child in value or []
        ]

    def match_places(self, before: Sequence[dict], after: Sequence[dict]) -> list[int | None]:
        """Match each child of ``after`` with one of ``before``: return its index there, or None for
        a new one.

        Children of equal values are matched first, then those of equal ``identity``; each once.
        """
        places: list[int | None] = [None] * len(after)
        unmatched = dict.fromkeys(range(len(before)))
        for names in (tuple(part.name for part in self.fields), *self.identity):
            candidates = defaultdict(list)
            for place in unmatched:
                candidates[_values_of(before[place], names)].append(place)
            for rank, child in enumerate(after):
                if places[rank] is None and (matches := candidates[_values_of(child, names)]):
                    place = places[rank] = matches.pop(0)
                    del unmatched[place]
        return places

    def restore_keys(self, before, value):
        """Return the children of ``value``, each with the key of the one of ``before`` that it
        matches, None for a new one.

        Where children have no key, ``value`` is returned as it is.
        """
        keys = [part.name for part in self.fields if isinstance(part, Key)]
        if not keys:
            return value
        return [
            child | {key: None if place is None else before[place][key] for key in keys}
            for child, place in zip(value, self.match_places(before, value), strict=True)
        ]

    def write(self, row, value: list[dict]) -> None:
        """Save the children of ``row`` as ``value`` has them: those that match are changed where
        they differ, others added, the rest removed."""
        manager = getattr(row, self.name)
        getattr(row, "_prefetched_objects_cache", {}).pop(self.name, None)
        links = [part.name for part in self.fields if isinstance(part, Link)]
        rows = list(manager.select_related(*links) if links else manager.select_related(None))
        before = [self.child(child) for child in rows]
        places = self.match_places(before, value)
        for index, former in enumerate(rows):
            if index not in places:
                self.remove(former)
        for rank, (child, place) in enumerate(zip(value, places, strict=True)):
            ranked = {self.rank: rank} if self.rank else {}
            if place is None:
                parsed = {part.name: part.parse(child[part.name]) for part in self._written}
                manager.create(**parsed, **ranked)
                continue
            changed = {
                part.name: part.parse(child[part.name])
                for part in self._written
                if _values_of(child, [part.name]) != _values_of(before[place], [part.name])
            } | {name: rank for name, rank in ranked.items() if getattr(rows[place], name) != rank}
            for name, new_value in changed.items():
                setattr(rows[place], name, new_value)
            if changed:
                rows[place].save(update_fields=list(changed))

    def remove(self, child: Model) -> None:
        """Delete the row of a child that a version no longer has."""
        child.delete()

    @property
    def _written(self) -> list[Field]:
        return [part for part in self.fields if not isinstance(part, Key)]

    def show(self, value) -> str:
        return "\n".join(self.show_child(child) for child in value or [])

    def cell(self, value):
        return polish(self.show(value))

    def show_child(self, child: dict) -> str:
        """Format one child on one line: "Domaine : Petite enfance ; part : 0,7"; parts without
        text are left out."""
        parts = ((part.label, part.show(child.get(part.name))) for part in self.fields)
        return "\u202f; ".join(f"{label}\u00a0: {text}" for label, text in parts if text)


def _values_of(child: Mapping, names: Iterable[str]) -> tuple:
    """Return the canonical values of these fields of a child, None for one that it lacks; of a link
    its key alone, for its name may change."""
    values = (child.get(name) for name in names)
    return tuple(value["id"] if isinstance(value, dict) else value for value in values)


@dataclass(frozen=True)
class Link(Field):
    """Another row, with its name at the time when the version was written; ``model`` is its
    class."""

    model: type[Model] = None  # type: ignore[assignment]  # always given: after optional fields

    def read(self, row):
        # A new row may have none yet.
        return self.plain(getattr(row, self.name, None))

    def plain(self, value):
        """Return the canonical value of a row; of a canonical value, the value itself."""
        if value is None or isinstance(value, dict):
            return value
        return {"id": value.pk, "name": plain(str(value))}

    def parse(self, value):
        """Return the row that is linked; None where it is deleted."""
        return value and self.model._default_manager.filter(pk=value["id"]).first()

    def show(self, value) -> str:
        return value["name"] if value else ""


@dataclass(frozen=True)
class Links(Children):
    """A set of other rows, which exist on their own. Read in the order of their class; a version
    keeps the order of the one it follows, so that equal sets show no change."""

    model: type[Model] = None  # type: ignore[assignment]  # always given: after optional fields

    def plain(self, value):
        """Return ``{"id", "name"}`` of each row of a list or of a relation; a canonical link stays
        as it is."""
        rows = value if isinstance(value, list | tuple) else value.all()
        return [
            row if isinstance(row, dict) else {"id": row.pk, "name": plain(str(row))}
            for row in rows
        ]

    def read(self, row):
        return self.plain(getattr(row, self.name)) if row.pk else []

    def parse(self, value):
        return list(self.model._default_manager.filter(pk__in=[link["id"] for link in value or []]))

    def write(self, row, value: list[dict]) -> None:
        getattr(row, self.name).set(self.parse(value))

    def restore_keys(self, before, value):
        return value

    def ordered_like(self, before, value):
        """Return the links of ``value``: those of ``before`` in its order, then the others."""
        places = {link["id"]: place for place, link in enumerate(before or [])}
        return sorted(value or [], key=lambda link: places.get(link["id"], len(places)))

    def cell(self, value):
        return polish(", ".join(self.show_child(child) for child in value or []))

    def show_child(self, child: dict) -> str:
        return child["name"]


def ordered_like(fields: Iterable[Field], before: Mapping, content: Mapping) -> dict:
    """Return ``content`` with its sets (``Links``) in the order that they have in ``before``, the
    content that it follows. Either may lack fields."""
    ordered = {
        field.name: field.ordered_like(before[field.name], content[field.name])
        for field in fields
        if field.name in before and field.name in content
    }
    return {**content, **ordered}


def links_of(fields: Iterable[Field]) -> Iterator[Link | Links]:
    """Yield the fields that link to other rows, those within children included."""
    for part in fields:
        if isinstance(part, Link | Links):
            yield part
        elif isinstance(part, Children):
            yield from links_of(part.fields)


def links_in(fields: Iterable[Field], content: Mapping, model: type[Model]) -> Iterator[dict]:
    """Yield the links of a canonical content to rows of ``model``: ``{"id", "name"}``."""
    for part in fields:
        value = content.get(part.name)
        if isinstance(part, Links):
            yield from (value or []) if part.model is model else []
        elif isinstance(part, Link):
            yield from [value] if value and part.model is model else []
        elif isinstance(part, Children):
            for child in value or []:
                yield from links_in(part.fields, child, model)
