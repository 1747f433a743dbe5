"""A state moves by a verb, and every move is kept: from, to, who, in which capacity, when and why.

A subject declares its verbs beside its states (``Verb``: who does it, from where to where), keeps
what happened in a log of its own (a ``Transition`` with a foreign key whose related name is
``transitions``), and changes its ``state`` by ``move`` or ``move_all``, nowhere else.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TypeVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from ctg_portal.search.rows import Searchable

Account = TypeVar("Account", bound=AbstractUser)

# The state of a row that is not there yet.
NEW = ""


@dataclass(frozen=True)
class Step:
    """From which states a verb leads to which one (None: it stays as it is), and who does it."""

    froms: Iterable[str]
    to: str | None
    who: str
    has_reason: bool = False


class Verb(models.TextChoices):
    """The table of transitions of a subject, a line a verb: ``NAME = "stored", Step(…), "label"``.

    What is stored is kept for ever; the label says in French what has become of the row.
    """

    step: Step

    def __new__(cls, value: str, step: Step):
        verb = str.__new__(cls, value)
        verb._value_, verb.step = value, step
        return verb

    @classmethod
    def field(cls) -> models.CharField:
        return models.CharField("acte", max_length=20, choices=cls.choices)

    @classmethod
    def with_reason(cls) -> list[str]:
        return [verb.value for verb in cls if verb.step.has_reason]

    @classmethod
    def constraints(cls, name: str) -> list[models.BaseConstraint]:
        """Return constraints: a log has only moves of the table, with the reasons they ask for."""
        lines = [
            Q(
                verb=verb.value,
                from_state__in=[str(state) for state in verb.step.froms],
                to_state=F("from_state") if verb.step.to is None else str(verb.step.to),
            )
            for verb in cls
        ]
        constraints: list[models.BaseConstraint] = [
            models.CheckConstraint(
                name=f"{name}_in_table",
                condition=reduce(or_, lines),
                violation_error_message="Cet acte ne mène pas de cet état à cet autre.",
            )
        ]
        if cls.with_reason():
            constraints.append(
                models.CheckConstraint(
                    name=f"{name}_has_reason",
                    condition=~Q(verb__in=cls.with_reason()) | ~Q(reason=""),
                    violation_error_message="Cet acte demande un motif.",
                )
            )
        return constraints


class Transition(models.Model):
    """What was done to a row, by whom and why. Rows are added, and that is all.

    ``by`` is the person whose act it was, None for the portal or an ``Outsider``; name and capacity
    stay as they were then. ``KEPT``: fields of the row that are kept with it, as they were after
    the act. A log names its table, ``verbs``.
    """

    KEPT: tuple[str, ...] = ()
    verbs: type[Verb]

    from_state = models.CharField("de", max_length=20, blank=True)
    to_state = models.CharField("à", max_length=20)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name="par",
    )  # fmt: skip
    by_name = models.CharField("nom", max_length=300, blank=True)
    capacity = models.CharField("qualité", max_length=850, blank=True)
    reason = models.TextField("motif", blank=True)
    created_at = models.DateTimeField("le", default=timezone.now)

    class Meta:
        abstract = True
        ordering = ["created_at", "pk"]

    def __str__(self):
        return f"{self.get_verb_display()} ({self.by_name or 'portail'})"

    def save(self, **kwargs):
        """Save a new entry. Raises ValueError for one that is stored already."""
        if self.pk:
            raise ValueError("What was done is never changed.")
        super().save(**kwargs)


class Outsider:
    """Somebody who acts without an account; ``str`` is the name that they gave."""


def account_of(by: Account | Outsider | None) -> Account | None:
    """Return the account of the person who acts; None for an outsider, and for the portal."""
    return None if isinstance(by, Outsider) else by


def move(
    row, verb: Verb, *, by: AbstractUser | Outsider | None, reason: str = "", capacity: str = "",
    **changes,
):  # fmt: skip
    """Apply ``verb`` to a row that the caller has locked; return the new row of its log.

    A new row is created. ``changes`` are fields that change with the state and are saved with it;
    without any, the row is saved whole, as the caller has changed it. Raises ValueError if the verb
    does not lead on from the state of the row, or lacks its reason.
    """
    entry = _entry(row, verb, by, reason, capacity)
    _change(row, entry.to_state, changes)
    if changes and not row._state.adding:
        row.save(update_fields=["state", *changes])
    elif verb.step.to is not None:
        row.save()
    _keep(entry, row)
    entry.save()
    return entry


def move_all(
    rows: Iterable, verb: Verb, *, by: AbstractUser | Outsider | None, reason: str = "",
    capacity: str = "", **changes,
) -> list[Transition]:  # fmt: skip
    """Apply ``verb`` to many rows of one model, as ``move`` does, in as many queries as for one;
    return the new rows of the log.

    ``save`` is not called: what it would do for new rows is the caller's.
    """
    rows = list(rows)
    if not rows:
        return []
    model, new = type(rows[0]), [row for row in rows if row._state.adding]
    there = [row.pk for row in rows if not row._state.adding]
    entries = [_entry(row, verb, by, reason, capacity) for row in rows]
    for row, entry in zip(rows, entries, strict=True):
        _change(row, entry.to_state, changes)
    model.objects.bulk_create(new)
    if there:
        columns = changes if verb.step.to is None else changes | {"state": verb.step.to}
        model.objects.filter(pk__in=there).update(**columns)
    for row, entry in zip(rows, entries, strict=True):
        _keep(entry, row)
        if isinstance(entry, Searchable):
            entry.index()
    return type(entries[0]).objects.bulk_create(entries)


def _entry(
    row, verb: Verb, by: AbstractUser | Outsider | None, reason: str, capacity: str
) -> Transition:
    """Return the unsaved entry of a move, by the state that the row has now. Raises ValueError
    where the verb does not lead on from there, or lacks its reason."""
    before = NEW if row._state.adding else row.state
    if before not in verb.step.froms:
        raise ValueError(f"« {verb.label} » does not lead on from {str(before)!r}.")
    if verb.step.has_reason and not reason.strip():
        raise ValueError(f"« {verb.label} » is done for a reason.")
    log = type(row)._meta.get_field("transitions")
    return log.related_model(
        **{log.field.name: row},
        from_state=before,
        to_state=before if verb.step.to is None else verb.step.to,
        verb=verb,
        by=account_of(by),
        by_name=str(by or ""),
        capacity=capacity,
        reason=reason.strip(),
    )


def _change(row, state: str, changes: dict) -> None:
    """Set the fields of ``changes``, and the state, without saving."""
    for name, value in {**changes, "state": state}.items():
        setattr(row, name, value)


def _keep(entry: Transition, row) -> None:
    """Copy the fields named in ``KEPT`` from the row to the entry."""
    for name in entry.KEPT:
        setattr(entry, name, getattr(row, name))


def logs() -> list[type[Transition]]:
    """Return the models of all logs, ordered by the name of their table."""
    return sorted(Transition.__subclasses__(), key=lambda log: log._meta.db_table)


def model_of(log: type[Transition]) -> type[models.Model]:
    """Return the model whose moves a log keeps."""
    [model] = [
        field.related_model
        for field in log._meta.fields
        if field.remote_field and field.remote_field.related_name == "transitions"
    ]
    return model


def tables() -> Iterator[str]:
    """Yield the lines of a Markdown document: a table of verbs for each subject of the house."""
    for log in logs():
        model = model_of(log)
        states = dict(model._meta.get_field("state").choices)
        yield f"## {str(model._meta.verbose_name).capitalize()} (`{model.__name__}`)"
        yield ""
        yield "| Acte | De | À | Qui | Motif |"
        yield "|---|---|---|---|---|"
        for verb in log.verbs:
            step = verb.step
            froms = ", ".join(states[state] if state else "(rien)" for state in step.froms)
            to = "(inchangé)" if step.to is None else states[step.to]
            reason = "exigé" if step.has_reason else ""
            yield f"| {verb.label} (`{verb}`) | {froms} | {to} | {step.who} | {reason} |"
        yield ""
