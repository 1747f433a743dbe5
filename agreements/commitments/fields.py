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
from ctg_portal.form_fields import (
    DayField,
    FrenchDecimalField,
    WholeNumberField,
    WholeTextField,
    prose,
)
from ctg_portal.templatetags.french import long_date, number
from ctg_portal.typography import CONTROLS, polish

# How a document tells a field of what is agreed to.
FACT = "fact"  # among the short facts, in the order of the fields
LAST = "last"  # the same, after the others
APART = "apart"  # in a place of its own: the document says where


@dataclass(frozen=True)
class Field:
    """A field of the commitment's row, of the same name: told once, read by all who show it.

    ``label`` is what people read; without one, it is that of the model. A form has it in its part
    ``section``, calls it ``asked`` where that is not the label, and says ``help`` beside it.
    ``shown``: how documents tell it. ``column``: whether tables of the rows have a column of it.
    """

    name: str
    label: str = ""
    section: str = field(default="", kw_only=True)
    asked: str = field(default="", kw_only=True)
    help: str = field(default="", kw_only=True)
    shown: str = field(default=FACT, kw_only=True)
    column: bool = field(default=True, kw_only=True)

    kind: ClassVar[str] = "text"  # of its column (documents.tables.Column)

    def of(self, model: type[Model]) -> Self:
        """The field with what its model says of it: the label, where none is given."""
        if self.label:
            return self
        column: Any = model._meta.get_field(self.name)
        is_reverse = column.auto_created
        label = (
            column.related_model._meta.verbose_name_plural if is_reverse else column.verbose_name
        )
        return replace(self, label=capfirst(str(label)))

    def formfield(self, model: type[Model]) -> forms.Field | None:
        """What a form asks it with; None where that takes more than a field of its kind."""
        return None

    @property
    def words(self) -> dict[str, Any]:
        """What a form says of it."""
        return {"label": self.asked or self.label, "help_text": self.help}

    def read(self, row):
        """The row's value as canonical content carries it."""
        return self.plain(getattr(row, self.name))

    def parse(self, value):
        """The model's value for a canonical one."""
        return value

    def plain(self, value):
        """The canonical value of a model's, or a form's, one."""
        return plain(value)

    def recognise(self, before, value):
        """The canonical ``value``, where it comes after ``before``: rows that were there already
        get their keys again."""
        return value

    def arranged(self, before, value):
        """The canonical ``value``, in the order of ``before`` where an order says nothing."""
        return value

    def show(self, value) -> str:
        """A canonical value in French; empty for none."""
        return "" if value is None else str(value)

    def cell(self, value):
        """A canonical value as a cell of a table: words, a number, a day, yes or no."""
        return self.show(value)

    def tells(self, value) -> bool:
        """Whether a plain reading shows it: nothing, or "no", would be noise there."""
        return bool(self.show(value))

    def change(self, before, after, content: Mapping) -> str:
        """A sentence on what changes from one canonical value to another, within ``content``; empty
        where the sentence of any field does."""
        return ""


@dataclass(frozen=True)
class Text(Field):
    """A text, empty where none is told. ``is_prose``: in Markdown; ``rows``: how tall a box it is
    typed in."""

    is_prose: bool = False
    rows: int = field(default=4, kw_only=True)

    def formfield(self, model):
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

    def tells(self, value) -> bool:
        return value is True


@dataclass(frozen=True)
class Choice(Field):
    """One of the model's choices, by its key; ``labels`` are read from the model."""

    labels: Mapping[str, str] = field(default_factory=dict)

    def of(self, model):
        labels = self.labels or dict(model._meta.get_field(self.name).flatchoices)
        return replace(super().of(model), labels=labels)

    def formfield(self, model):
        choices = [(key, str(label).capitalize()) for key, label in self.labels.items()]
        initial = model._meta.get_field(self.name).get_default()
        return forms.ChoiceField(choices=choices, initial=initial, **self.words)

    def show(self, value) -> str:
        return str(self.labels.get(value, value or ""))


@dataclass(frozen=True)
class Key(Field):
    """The key of a child's row, where its text carries it: never shown, nor written."""

    name: str = "id"
    label: str = ""

    def show(self, value) -> str:
        return ""


@dataclass(frozen=True)
class Children(Field):
    """Rows that belong to the commitment, behind the relation ``name``, in their order.

    A version carries them whole; applying it changes, adds and removes rows, so that what hangs on
    one stays. A child is the row that says the same word for word, else one that is alike in a way
    of ``identity`` (names of fields), the surest first; two alike are told apart by their order.
    ``rank`` is the column that keeps the order, of children that nothing else orders.
    """

    fields: tuple[Field, ...] = ()
    identity: tuple[tuple[str, ...], ...] = ()
    rank: str = ""

    def read(self, row):
        return [self.child(child) for child in getattr(row, self.name).all()] if row.pk else []

    def child(self, row: Model) -> dict:
        """What a child's row says, in canonical values."""
        return {part.name: part.read(row) for part in self.fields}

    def plain(self, value):
        return [
            {part.name: part.plain(child.get(part.name)) for part in self.fields}
            for child in value or []
        ]

    def places(self, before: Sequence[dict], after: Sequence[dict]) -> list[int | None]:
        """Of each child of ``after``, its place in ``before``; None for a new one."""
        places: list[int | None] = [None] * len(after)
        left = dict.fromkeys(range(len(before)))
        for way in (tuple(part.name for part in self.fields), *self.identity):
            alike = defaultdict(list)
            for place in left:
                alike[_told(before[place], way)].append(place)
            for rank, child in enumerate(after):
                if places[rank] is None and (waiting := alike[_told(child, way)]):
                    place = places[rank] = waiting.pop(0)
                    del left[place]
        return places

    def recognise(self, before, value):
        keys = [part.name for part in self.fields if isinstance(part, Key)]
        if not keys:
            return value
        return [
            child | {key: None if place is None else before[place][key] for key in keys}
            for child, place in zip(value, self.places(before, value), strict=True)
        ]

    def write(self, row, value: list[dict]) -> None:
        manager = getattr(row, self.name)
        getattr(row, "_prefetched_objects_cache", {}).pop(self.name, None)
        links = [part.name for part in self.fields if isinstance(part, Link)]
        rows = list(manager.select_related(*links) if links else manager.select_related(None))
        before = [self.child(child) for child in rows]
        places = self.places(before, value)
        for index, gone in enumerate(rows):
            if index not in places:
                self.remove(gone)
        for rank, (child, place) in enumerate(zip(value, places, strict=True)):
            ranked = {self.rank: rank} if self.rank else {}
            if place is None:
                parsed = {part.name: part.parse(child[part.name]) for part in self._written}
                manager.create(**parsed, **ranked)
                continue
            changed = {
                part.name: part.parse(child[part.name])
                for part in self._written
                if _told(child, [part.name]) != _told(before[place], [part.name])
            } | {name: rank for name, rank in ranked.items() if getattr(rows[place], name) != rank}
            for name, told in changed.items():
                setattr(rows[place], name, told)
            if changed:
                rows[place].save(update_fields=list(changed))

    def remove(self, child: Model) -> None:
        """Of a row that the parties do not tell of any more."""
        child.delete()

    @property
    def _written(self) -> list[Field]:
        return [part for part in self.fields if not isinstance(part, Key)]

    def show(self, value) -> str:
        return "\n".join(self.show_child(child) for child in value or [])

    def cell(self, value):
        return polish(self.show(value))

    def show_child(self, child: dict) -> str:
        """One child on one line: "Domaine : Petite enfance ; part : 0,7"."""
        told = ((part.label, part.show(child.get(part.name))) for part in self.fields)
        return "\u202f; ".join(f"{label}\u00a0: {text}" for label, text in told if text)


def _told(child: Mapping, names: Iterable[str]) -> tuple:
    """What a child says under these names: a link by its key, for what it is called may change."""
    values = (child.get(name) for name in names)
    return tuple(value["id"] if isinstance(value, dict) else value for value in values)


@dataclass(frozen=True)
class Link(Field):
    """Another row, named as it was called when the version was written; ``model`` is its class."""

    model: type[Model] = None  # type: ignore[assignment]  # always given: after optional fields

    def read(self, row):
        # A new row may have none yet.
        return self.plain(getattr(row, self.name, None))

    def plain(self, value):
        """Of a row, or of what is canonical already."""
        if value is None or isinstance(value, dict):
            return value
        return {"id": value.pk, "name": plain(str(value))}

    def parse(self, value):
        """The row itself; None where it is gone."""
        return value and self.model._default_manager.filter(pk=value["id"]).first()

    def show(self, value) -> str:
        return value["name"] if value else ""


@dataclass(frozen=True)
class Links(Children):
    """Other rows, as a set: they are pointed to, and live on their own. Read in the order of their
    class; a version that follows another keeps that one's order, so that nothing seems to change
    where they are the same."""

    model: type[Model] = None  # type: ignore[assignment]  # always given: after optional fields

    def plain(self, value):
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

    def recognise(self, before, value):
        return value

    def arranged(self, before, value):
        places = {link["id"]: place for place, link in enumerate(before or [])}
        return sorted(value or [], key=lambda link: places.get(link["id"], len(places)))

    def cell(self, value):
        return polish(", ".join(self.show_child(child) for child in value or []))

    def show_child(self, child: dict) -> str:
        return child["name"]


def arranged(fields: Iterable[Field], before: Mapping, content: Mapping) -> dict:
    """A content as it is told, or kept, after ``before``: what is a set goes in its order."""
    told = {
        one.name: one.arranged(before[one.name], content[one.name])
        for one in fields
        if one.name in before and one.name in content
    }
    return {**content, **told}


def links_of(fields: Iterable[Field]) -> Iterator[Link | Links]:
    """The fields that point to other rows, those within children included."""
    for one in fields:
        if isinstance(one, Link | Links):
            yield one
        elif isinstance(one, Children):
            yield from links_of(one.fields)


def links_in(fields: Iterable[Field], content: Mapping, model: type[Model]) -> Iterator[dict]:
    """The links of a canonical content to rows of ``model``: ``{"id", "name"}``."""
    for one in fields:
        value = content.get(one.name)
        if isinstance(one, Links):
            yield from (value or []) if one.model is model else []
        elif isinstance(one, Link):
            yield from [value] if value and one.model is model else []
        elif isinstance(one, Children):
            for child in value or []:
                yield from links_in(one.fields, child, model)
