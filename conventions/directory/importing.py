"""Organisations and people without account that come in from a file: read, compared, kept as those
that are typed."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.urls import reverse

from conventions.directory import headings as named
from conventions.directory.events import (
    add_contact,
    add_organisation,
    correct_contact,
    correct_organisation,
    token_of,
    withdraw_contact,
    withdraw_organisation,
)
from conventions.directory.likeness import Known
from conventions.directory.rights import may_correct, may_manage_directory
from conventions.imports import ImportIntoConvention
from conventions.models import Contact, Convention, Organisation, OrganisationKind
from ctg_portal.rules import Refusal, Refused
from ctg_portal.search import fold
from spreadsheets.importing.adapter import GONE, ImportWords
from spreadsheets.importing.preview import Line, Mistake, Outcome, Preview
from spreadsheets.matching.questions import LEFT, Asking, Choice
from spreadsheets.matching.tables import Row, Table, Told, find_tables
from spreadsheets.reading.cells import Book

NO_TABLE = Refusal(
    "Aucun tableau d’organismes n’est reconnu : il faut une ligne de titres avec le nom, et au "
    "moins le sigle, la nature, la commune, le courriel ou un contact."
)
WRITTEN_SINCE = Refusal("Cette ligne a été corrigée depuis l’import.")
# How many names are compared while a page waits: in a second, where all are alike.
COMPARED = 50_000
NEW = "nouveau"
ERASE = "effacer"
# What people write for a nature; what is none of these is asked.
SPELLINGS = {
    "association loi 1901": "association", "asso": "association", "centre social": "association",
    "associatif": "association", "mairie": "commune", "ville": "commune",
    "collectivite": "commune", "communaute de communes": "epci", "agglomeration": "epci",
    "communaute d agglomeration": "epci", "cc": "epci", "ca": "epci", "conseil departemental":
    "departement", "ccas": "ccas", "cias": "ccas", "conseil regional": "region",
}  # fmt: skip


@dataclass
class Given:
    """What a line says of an organisation and of somebody there; ``others``: those that it was
    told not to be."""

    row: Row
    values: dict
    person: dict
    organisation: Organisation | None = None
    others: list[int] = field(default_factory=list)

    @property
    def label(self) -> str:
        who = self.person.get("name", "")
        return f"{self.values['name']} : {who}" if who else self.values["name"]

    @property
    def key(self) -> str:
        told = [self.values["name"], self.values.get("town", ""), self.person.get("name", "")]
        return hashlib.sha256("|".join(map(fold, told)).encode()).hexdigest()[:32]


class ImportOfOrganisations(ImportIntoConvention):
    """The organisations of a convention; ``scope``: its slug."""

    name = "conventions.organisations"
    words = ImportWords(
        things="ligne,lignes",
        heading="Organisme ou personne",
        onward="Voir les organismes et les personnes",
        undoing="un organisme qui sert depuis, ou qui a été corrigé, reste.",
    )

    def refusal(self, scope, user):
        convention = convention_in(scope)
        if user is None:
            return None
        if not Convention.objects.visible_to(user).filter(pk=convention.pk).exists():
            raise Refused(GONE)
        return may_manage_directory(user, convention)

    def cells_at_once(self, scope):
        # Each line, of three cells or so, is compared with all that are there.
        known = convention_in(scope).organisations.count()
        return min(super().cells_at_once(scope), 3 * COMPARED // max(known, 1))

    def office(self, scope, user):
        return scope

    def origin(self, scope):
        return reverse("conventions:directory", args=[scope])

    def title(self, scope):
        return "Organismes et personnes"

    def may_read(self, scope, keys, user):
        return may_manage_directory(user, convention_in(scope)) is None

    def preview(self, scope, book: Book, asking: Asking, user):
        if refusal := self.refusal(scope, user):
            return Preview(refusal=refusal)
        convention = convention_in(scope)
        tables = find_tables(book, named.vocabulary(), asking)
        result = Preview(told=tables.told, refusal=None if tables.found else NO_TABLE)
        Lines(convention, asking, result, user).read(tables.found)
        result.questions = asking.questions
        result.sort([sheet.name for sheet in book.sheets])
        return result

    def keep(self, scope, line, *, by):
        given: Given = line.content
        convention, before = convention_in(scope), {}
        organisation = given.organisation or _named(convention, given.values)
        if organisation is None:
            values = {"kind": OrganisationKind.OTHER} | given.values
            organisation = add_organisation(convention, values, others=given.others, by=by)
            before["is_added"] = True
        else:
            organisation.convention = convention
            changed = changed_values(organisation, given.values)
            if changed:
                before["was"] = {name: getattr(organisation, name) for name in changed}
                organisation = _correct(organisation, changed, by)
        person = _keep_person(organisation, given.person, before, by)
        before |= {"organisation": organisation.pk, "contact": person.pk if person else None}
        return before, _seen(organisation, person)

    def undo(self, scope, key, before, seen, *, by):
        convention = convention_in(scope)
        organisation = convention.organisations.filter(pk=before["organisation"]).first()
        contact = Contact.objects.filter(pk=before["contact"]).first()
        if organisation is None or (before["contact"] and contact is None):
            return  # withdrawn since, or with another line of the same file
        organisation.convention = convention
        if contact:
            contact.organisation = organisation
        if _seen(organisation, contact) != seen:
            raise Refused(WRITTEN_SINCE)
        if contact and before.get("has_person"):
            withdraw_contact(contact, by=by)
        elif contact and before.get("person_was"):
            correct_contact(contact, before["person_was"], seen=token_of(contact), by=by)
        if before.get("is_added"):
            withdraw_organisation(organisation, by=by)
        elif before.get("was"):
            _correct(organisation, before["was"], by)


def _seen(organisation: Organisation, contact: Contact | None) -> str:
    """Which writing of the rows of a line was kept."""
    told = "\n".join(token_of(row) for row in (organisation, contact) if row)
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def _correct(organisation: Organisation, values: dict, by) -> Organisation:
    """What is there already is not asked again whether it is something else."""
    others = organisation.convention.organisations.values_list("pk", flat=True)
    seen = token_of(organisation)
    return correct_organisation(organisation, values, seen=seen, others=set(others), by=by)


def _keep_person(organisation, person: dict, before: dict, by) -> Contact | None:
    if not person:
        return None
    contact = person_of(organisation, person["name"])
    if contact is None:
        contact = add_contact(organisation, person, by=by)
        before["has_person"] = True
        return contact
    contact.organisation = organisation
    changed = changed_values(contact, person)
    if not changed:
        return contact
    before["person_was"] = {name: getattr(contact, name) for name in changed}
    return correct_contact(contact, changed, seen=token_of(contact), by=by)


def convention_in(scope: str) -> Convention:
    """The convention that a scope names. Raises Refused without one."""
    convention = Convention.objects.filter(slug=scope).first()
    if convention is None:
        raise Refused(Refusal(f"Il n’y a pas de convention {scope}."))
    return convention


def person_of(organisation: Organisation, name: str) -> Contact | None:
    found = organisation.contacts.all()
    return next((one for one in found if fold(one.name) == fold(name)), None)


def _named(convention: Convention, values: dict) -> Organisation | None:
    """The one that an earlier line of the file has just added."""
    for row in convention.organisations.added():
        if (fold(row.name), fold(row.town)) == (fold(values["name"]),
                                               fold(values.get("town", ""))):  # fmt: skip
            return row
    return None


def changed_values(row: Organisation | Contact, values: dict) -> dict:
    """What a line says otherwise than the row: names stay as they are spelled there."""
    return {
        name: value
        for name, value in values.items()
        if name != "name" and value != getattr(row, name)
    }


class Lines:
    """The lines of a file, each about an organisation and perhaps somebody there."""

    def __init__(self, convention: Convention, asking: Asking, result: Preview, user):
        self.convention, self.asking, self.result = convention, asking, result
        self.user = user
        rows = convention.organisations.select_related("party").prefetch_related("contacts")
        self.known = list(rows)
        for row in self.known:
            row.convention = convention
        self.named = Known(self.known)
        self.seen: dict[str, str] = {}
        self.fresh: set[tuple[str, str]] = set()

    def read(self, tables: list[Table]) -> None:
        for table in tables:
            for row in table.rows:
                for given in self._given_in(row):
                    self._compare(given)

    def _given_in(self, row: Row) -> Iterator[Given]:
        name = " ".join(row.text(named.NAME).split())
        if row.is_alone or row.is_total or not name:
            text = f"« {row.first.text[:80]} » : ligne laissée de côté, sans nom d’organisme."
            self.result.told.append(Told(row.first.address, text))
            return
        mistakes = len(self.result.mistakes)
        given = Given(row, {"name": name} | self._values(row), self._person(row))
        if given.key in self.seen:
            text = f"Cette ligne répète celle de {self.seen[given.key]} : elle n’est pas lue."
            self.result.told.append(Told(row.first.address, text))
            return
        self.seen[given.key] = row.first.address
        if len(self.result.mistakes) == mistakes:
            yield given

    def _wrong(self, row: Row, name: str, text: str) -> None:
        self.result.mistakes.append(Mistake(row.place_of(name), text, row.text(named.NAME)))

    def _values(self, row: Row) -> dict:
        """An empty cell says nothing; « effacer » takes away what is there."""
        found = {}
        for name in (named.ACRONYM, named.TOWN, named.EMAIL):
            if text := self._text(row, name):
                found[name] = "" if fold(text) == ERASE else text
        if text := row.text(named.KIND):
            found["kind"] = self._kind(text, row.place_of(named.KIND))
        return found

    def _person(self, row: Row) -> dict:
        told = {"name": self._text(row, named.PERSON), "capacity": self._text(row, named.CAPACITY),
                "email": self._text(row, named.PERSON_EMAIL)}  # fmt: skip
        if not told["name"]:
            for name in (named.CAPACITY, named.PERSON_EMAIL):
                if row.text(name):
                    self._wrong(row, name, "Donnez aussi le nom de cette personne.")
            return {}
        return {name: text for name, text in told.items() if text}

    def _text(self, row: Row, name: str) -> str:
        text = " ".join(row.text(name).split())
        longest = {named.ACRONYM: 60, named.TOWN: 100}.get(name, 200)
        if len(text) > longest:
            self._wrong(row, name, f"{longest} caractères au plus.")
            return ""
        if text and name in (named.EMAIL, named.PERSON_EMAIL) and fold(text) != ERASE:
            try:
                validate_email(text)
            except ValidationError:
                self._wrong(row, name, f"« {text[:60]} » n’est pas une adresse électronique.")
                return ""
        return text

    def _kind(self, text: str, place: str) -> str:
        folded = fold(text)
        for kind in OrganisationKind:
            if folded in (fold(kind.label), fold(str(kind.value))):
                return str(kind.value)
        if folded in SPELLINGS:
            return SPELLINGS[folded]
        choices = [Choice(str(kind.value), str(kind.label)) for kind in OrganisationKind]
        question = f"De quelle nature est « {text[:60]} » ?"
        return self.asking.ask(f"nature:{folded}", question, place, choices)

    def _compare(self, given: Given) -> None:
        """What a line says beside what is there."""
        if not self._recognise(given) or given.values.get("kind") == "":
            return  # what is asked of it is not answered yet
        organisation = given.organisation
        if organisation is None:
            told = (fold(given.values["name"]), fold(given.values.get("town", "")))
            outcome, was = Outcome.NEW, ""
            if told in self.fresh and not given.person:
                return
            self.fresh.add(told)
        else:
            changed = changed_values(organisation, given.values)
            if changed and (refusal := may_correct(self.user, organisation)):
                names = ", ".join(changed)
                text = f"{refusal.reason} Le fichier dit autre chose ({names})."
                self.result.told.append(Told(given.row.first.address, text))
                given.values = {"name": given.values["name"]}
                changed = {}
            contact = person_of(organisation, given.person["name"]) if given.person else None
            is_new = bool(given.person) and contact is None
            moved = changed_values(contact, given.person) if contact else {}
            outcome = Outcome.CHANGED if changed or moved or is_new else Outcome.UNCHANGED
            was = _told(organisation, contact)
        self.result.lines.append(
            Line(
                key=given.key, label=given.label, place=given.row.first.address, outcome=outcome,
                before=was, after=_after(given),
                seen=token_of(organisation) if organisation else "", about=organisation,
                content=given,
            )
        )  # fmt: skip

    def _recognise(self, given: Given) -> bool:
        """Find the organisation that a line is about, if it is there; whether that is clear."""
        values = {"acronym": "", "town": ""} | given.values
        told = {name: values[name] for name in ("name", "acronym", "town")}
        alike = self.named.likenesses(**told)
        same = [one.organisation for one in alike if one.is_same]
        if same:
            given.organisation = same[0]
            return True
        if not alike:
            return True
        place = given.row.place_of(named.NAME)
        choices = [Choice(NEW, "C’est un autre organisme, à ajouter")]
        choices += [
            Choice(str(one.organisation.pk), f"C’est « {one.organisation.name} »")
            for one in alike[:5]
        ]
        choices.append(Choice(LEFT, "Laisser cette ligne de côté"))
        question = f"« {given.values['name'][:80]} » ressemble à un organisme déjà là : lequel ?"
        key = f"organisme:{fold(given.values['name'])}|{fold(values['town'])}"
        answer = self.asking.ask(key, question, place, choices)
        if answer == NEW:
            given.others = [one.organisation.pk for one in alike]
        elif answer.isdecimal():
            given.organisation = next(row for row in self.known if str(row.pk) == answer)
        return bool(answer) and answer != LEFT


def _told(organisation: Organisation, contact: Contact | None) -> str:
    told = [organisation.get_kind_display(), organisation.town, organisation.contact_email]
    return ", ".join(filter(None, [*told, str(contact) if contact else ""]))


def _after(given: Given) -> str:
    kind = given.values.get("kind")
    told = [OrganisationKind(kind).label if kind else "", given.values.get("town", ""),
            given.values.get("contact_email", "")]  # fmt: skip
    person = [given.person.get(name, "") for name in ("name", "capacity", "email")]
    return ", ".join(filter(None, [*map(str, told), *person]))
