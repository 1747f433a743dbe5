"""The follow-up of an action, part by part: how each is read, shown, checked and written.

A part is to the follow-up what a commitment is to agreements: fields of plain content, but free to
move. ``actions.events.follow_up`` writes it and keeps in the journal what it was before.
"""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from actions.commitments import Euros
from actions.faults import TITLE, amount_fault
from actions.models import Action, ActionState, FollowUp, Funding, Milestone
from actions.models.followup import HEAVIEST
from actions.models.funding import FIRST_YEAR, LAST_YEAR
from committee import canonical
from committee.commitments import Line
from committee.differences import Changes, changes
from committee.fields import Children, Choice, Day, Field, Link, Links, Number, Text
from conventions.models import Organisation
from ctg_portal.templatetags.french import long_date

Fault = tuple[str, str]


class Part:
    """One part of the follow-up; ``key`` names it in addresses and in the journal."""

    key: str
    title: str
    fields: Sequence[Field]

    def read(self, action: Action) -> dict:
        """What there is, as plain content by field name."""
        return {field.name: field.read(action) for field in self.fields}

    def write(self, action: Action, content: dict) -> None:
        """Bring a content to the rows; the action is locked."""
        raise NotImplementedError

    def faults(self, action: Action, content: dict, today: datetime.date) -> Iterator[Fault]:
        """What is wrong with a content: the field it is told beside, and why."""
        return iter(())

    def day(self, content: dict, today: datetime.date) -> datetime.date:
        """From when on what a content tells holds."""
        return today

    def plain(self, values: dict) -> dict:
        """The canonical content of values by field name, as forms give them."""
        return {field.name: field.plain(values.get(field.name)) for field in self.fields}

    def lines(self, content: dict) -> list[Line]:
        """The content as a page shows it."""
        return [
            Line(one.label, one.show(content[one.name]), getattr(one, "is_prose", False),
                 one.tells(content[one.name]))
            for one in self.fields
            if one.name in content
        ]  # fmt: skip

    def changes(self, before: dict, after: dict) -> Changes:
        """Every field, word by word, from one content to another."""
        return changes(self, before, after)


def token_of(content: dict) -> str:
    """Which content a form was filled from: the same content has the same token."""
    return canonical.digest(canonical.canonical(content))[:32]


@dataclass(frozen=True)
class Percent(Number):
    unit: str = "%"


class StatePart(Part):
    """Where the action is, since when, why; how far, where that is stated by hand."""

    key, title = "etat", "État et avancement"
    fields = (
        Choice("state", "État", dict(ActionState.choices)),
        Day("state_on", "Depuis le"),
        Text("state_reason", "Motif"),
        Percent("stated_progress", "Avancement estimé"),
        Day("stated_on", "Estimé le"),
    )

    def day(self, content, today):
        return Day("state_on", "").parse(content["state_on"]) or today

    def faults(self, action, content, today):
        state = content["state"]
        if state in ActionState.with_reason() and not content["state_reason"].strip():
            told = ActionState(state).label
            yield "state_reason", f"Une action {told} a un motif : que se passe-t-il ?"
        if not content["state_on"]:
            yield "state_on", "Dites depuis quel jour."
        for name in ("state_on", "stated_on"):
            if content[name] and content[name] > today.isoformat():
                yield name, "Ce jour n’est pas encore venu."
        yield from self._of_progress(state, content["stated_progress"], content["stated_on"])

    def _of_progress(self, state, progress, stated_on):
        if progress is None:
            return
        if not 0 <= progress <= 100:
            yield "stated_progress", "Un avancement va de 0 à 100 %."
        elif state == ActionState.DONE and progress < 100:
            yield (
                "stated_progress",
                (
                    "Une action terminée est faite à 100 % : laissez l’avancement vide, ou changez "
                    "d’état."
                ),
            )
        elif state == ActionState.TO_COME and progress > 0:
            yield "stated_progress", "Une action à venir n’est pas commencée : changez d’état."
        if not stated_on:
            yield "stated_on", "Dites quel jour l’avancement a été estimé."

    def write(self, action, content):
        for one in self.fields:
            setattr(action, one.name, one.parse(content[one.name]))
        action.save()


@dataclass(frozen=True)
class MilestoneRows(Children):
    """« 15 janvier 2021 : convention signée, atteint le 1er février 2021 »."""

    fields: tuple[Field, ...] = field(
        default=(
            Text("title", "Jalon"),
            Day("due_on", "Échéance"),
            Day("done_on", "Atteint le"),
            Number("weight", "Poids"),
        )
    )

    def plain(self, value):
        rows = super().plain(value)
        return sorted(rows, key=lambda row: (row["due_on"] or "", row["title"]))

    def read(self, row):
        return self.plain(super().read(row))

    def show_child(self, child: dict) -> str:
        title, due, done, weight = (part.show(child[part.name]) for part in self.fields)
        told = f"{due} : {title}" + (f", atteint le {done}" if done else "")
        return told if child["weight"] == 1 else f"{told} (poids {weight})"


class MilestonesPart(Part):
    """The steps on the way, each due within the period that was agreed."""

    key, title = "jalons", "Jalons"
    fields = (MilestoneRows("milestones", "Jalons"),)

    def faults(self, action, content, today):
        there = {row["due_on"] for row in self.read(action)["milestones"]}
        for row in content["milestones"]:
            for reason in self._wrong(action, row, today, there):
                yield "milestones", reason

    def _wrong(self, action, row, today, there):
        title = row["title"].strip()
        if not title or not row["due_on"]:
            yield "Un jalon a un titre et une échéance."
            return
        if len(title) > TITLE:
            yield f"Le titre d’un jalon a {TITLE} caractères au plus."
        # The calendar may have been changed since: what was there is not refused afterwards.
        if row["due_on"] not in there:
            yield from outside(action, title, row["due_on"])
        if row["done_on"] and row["done_on"] > today.isoformat():
            yield f"« {title} » : le jour où il a été atteint n’est pas encore venu."
        if row["weight"] is None or not 1 <= row["weight"] <= HEAVIEST:
            yield f"« {title} » : un poids va de 1 à {HEAVIEST}."

    def write(self, action, content):
        action.milestones.all().delete()
        parse = self.fields[0].fields
        for row in content["milestones"]:
            values = {part.name: part.parse(row[part.name]) for part in parse}
            Milestone.objects.create(action=action, **values)


def outside(action: Action, title: str, due_on: str) -> Iterator[str]:
    """Why a milestone is not due that day: the action has not begun, or is over, by then."""
    if action.starts_on and due_on < action.starts_on.isoformat():
        yield f"« {title} » est avant le début de l’action, le {long_date(action.starts_on)}."
    if action.ends_on and due_on > action.ends_on.isoformat():
        yield f"« {title} » est après la fin de l’action, le {long_date(action.ends_on)}."


@dataclass(frozen=True)
class SpendingRows(Children):
    """« CAF 86, 2021, fonctionnement (bonus territoire) : accordé 12 000 €, dépensé 11 350 € »."""

    fields: tuple[Field, ...] = field(
        default=(
            Link("funder", "Financeur", model=Organisation),
            Text("funder_name", "Autre financeur"),
            Number("year", "Année"),
            Choice("nature", "Nature"),
            Text("scheme", "Dispositif"),
            Euros("granted", "Accordé"),
            Euros("spent", "Dépensé"),
        )
    )

    def show_child(self, child: dict) -> str:
        who = (child["funder"] or {}).get("name") or child["funder_name"]
        scheme = f" ({child['scheme']})" if child["scheme"] else ""
        granted, spent = (Euros(name, "").show(child[name]) for name in ("granted", "spent"))
        told = [f"accordé {granted}" if granted else "", f"dépensé {spent}" if spent else ""]
        amounts = ", ".join(filter(None, told)) or "rien d’indiqué"
        return f"{who}, {child['year']}{scheme} : {amounts}"


class SpendingPart(Part):
    """What was granted and spent, by line of funding; lines that were not planned may be added."""

    key, title = "depenses", "Financement accordé et dépensé"
    fields = (SpendingRows("fundings", "Lignes"),)

    def faults(self, action, content, today):
        keys = []
        for row in content["fundings"]:
            name = (row["funder"] or {}).get("name") or row["funder_name"].strip()
            if bool(row["funder"]) == bool(row["funder_name"].strip()):
                yield (
                    "fundings",
                    "Une ligne a un financeur : un organisme, ou un autre.",
                )
            elif row["year"] is None or not FIRST_YEAR <= row["year"] <= LAST_YEAR:
                yield "fundings", f"{name} : une année va de {FIRST_YEAR} à {LAST_YEAR}."
            for amount in (row["granted"], row["spent"]):
                if reason := amount_fault(None if amount is None else Decimal(amount)):
                    yield "fundings", f"{name}, {row['year']} : {reason[0].lower()}{reason[1:]}"
            keys.append(self._key(row))
        if len(keys) != len(set(keys)):
            yield (
                "fundings",
                (
                    "Deux lignes ont le même financeur, la même année, la même nature et le même "
                    "dispositif : réunissez-les."
                ),
            )

    def write(self, action, content):
        lines = {line.key: line for line in action.fundings.all()}
        for row in content["fundings"]:
            values = {p.name: p.parse(row[p.name]) for p in self.fields[0].fields}
            amounts = {name: values.pop(name) for name in ("granted", "spent")}
            line = lines.pop(self._key(row), None) or Funding(action=action, **values)
            self._keep(line, amounts)
        for line in lines.values():
            self._keep(line, {"granted": None, "spent": None})

    def _keep(self, line: Funding, amounts: dict) -> None:
        """A line of which nothing is planned, given or spent is none."""
        for name, amount in amounts.items():
            setattr(line, name, amount)
        if line.planned is None and not any(v is not None for v in amounts.values()):
            if line.pk:
                line.delete()
            return
        line.save()

    @staticmethod
    def _key(row: dict) -> tuple:
        funder = (row["funder"] or {}).get("id")
        return funder, row["funder_name"], row["year"], row["nature"], row["scheme"]


class LinksPart(Part):
    """Other actions that go with this one."""

    key, title = "liens", "Actions liées"
    fields = (Links("related", "Actions liées", model=Action),)

    def faults(self, action, content, today):
        named = {link["id"]: link["name"] for link in content["related"]}
        known = Action.objects.of(action.convention).filter(pk__in=named)
        there = set(known.values_list("pk", flat=True))
        if action.pk in named:
            yield "related", "Une action n’est pas liée à elle-même."
        for pk in sorted(named.keys() - there):
            yield "related", f"« {named[pk]} » n’est plus dans le plan d’actions."

    def write(self, action, content):
        action.related.set([link["id"] for link in content["related"]])


class NotePart(Part):
    """The note of one year."""

    fields = (
        Text("text", "Bilan", True),
        Text("brakes", "Freins", True),
        Text("levers", "Leviers", True),
        Text("prospects", "Perspectives", True),
    )

    def __init__(self, year: int):
        self.year = year
        self.key, self.title = f"bilan-{year}", f"Bilan {year}"

    def note_of(self, action: Action) -> FollowUp | None:
        """The note as it is, from the notes that were read with the action."""
        return next((note for note in action.notes.all() if note.year == self.year), None)

    def read(self, action):
        note = self.note_of(action)
        return {one.name: getattr(note, one.name) if note else "" for one in self.fields}

    def faults(self, action, content, today):
        if not content["text"].strip() and any(content[n].strip() for n in content):
            yield "text", "Écrivez le bilan lui-même : ce qui a été fait cette année."
        if self.year > today.year:
            yield "text", "Cette année n’a pas commencé."

    def write(self, action, content):
        FollowUp.objects.filter(action=action, year=self.year).delete()
        if content["text"].strip():
            FollowUp.objects.create(action=action, year=self.year, **content)


STATE, MILESTONES, SPENDING, LINKED = StatePart(), MilestonesPart(), SpendingPart(), LinksPart()
PARTS = {part.key: part for part in (STATE, MILESTONES, SPENDING, LINKED)}


def part_of(key: str) -> Part | None:
    """The part that an address or a journal entry names; None for what is none."""
    head, _, year = key.partition("-")
    if head == "bilan" and year.isdecimal() and FIRST_YEAR <= int(year[:5]) <= LAST_YEAR:
        return NotePart(int(year))
    return PARTS.get(key)
