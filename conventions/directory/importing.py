"""Import of organisations and people without account from a file: read, compared, and saved by the
events that pages call."""

import copy
import hashlib
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.urls import reverse

from accounts.models import User
from conventions.directory import headings as named
from conventions.directory.events import (
    NAMES,
    add_contact,
    add_organisation,
    correct_contact,
    correct_organisation,
    default_acronym,
    withdraw_contact,
    withdraw_organisation,
)
from conventions.directory.likeness import Known
from conventions.directory.models import Contact
from conventions.directory.rights import may_correct_added, may_manage_directory, may_rename
from conventions.imports import ImportIntoConvention
from conventions.legal.convention import Convention
from conventions.parties.models import Organisation, OrganisationKind
from ctg_portal.rules import Refusal, Refused, enforce
from ctg_portal.search.rows import fold
from spreadsheets.columns.lines import KnowledgeOfLines
from spreadsheets.columns.questions import LEFT, Asking, Choice
from spreadsheets.columns.tables import Row, Table, Told
from spreadsheets.importing.adapter import GONE, ImportWords, Undoing
from spreadsheets.importing.lines import FileOfLines, LineOfFile
from spreadsheets.importing.preview import Line, Mistake, Outcome, Preview
from spreadsheets.reading.cells import Book

NO_TABLE = Refusal(
    "Aucun tableau d’organismes n’est reconnu : il faut une ligne de titres avec le nom, et au "
    "moins le sigle, la nature, la commune, le courriel ou un contact."
)
WRITTEN_SINCE = Refusal("Cette ligne a été corrigée depuis l’import.")
ORGANISATION_GONE = Refusal("Cet organisme a été retiré depuis l’import.")
PERSON_GONE = Refusal("Cette personne a été retirée depuis l’import.")
# How many names are compared while a page waits: in a second, where all are alike.
COMPARED = 50_000
LONGEST_NAME = Organisation._meta.get_field("name").max_length
NEW = "nouveau"
ERASE = "effacer"
MOST_NEIGHBOURS = 2
LABELS = {heading.name: heading.label.lower() for heading in named.HEADINGS}
# What people write for a nature; the user is asked about any other word.
SPELLINGS = {
    "association loi 1901": "association", "asso": "association", "centre social": "association",
    "associatif": "association", "mairie": "commune", "ville": "commune",
    "collectivite": "commune", "communaute de communes": "epci", "agglomeration": "epci",
    "communaute d agglomeration": "epci", "cc": "epci", "ca": "epci", "conseil departemental":
    "departement", "ccas": "ccas", "cias": "ccas", "conseil regional": "region",
}  # fmt: skip


@dataclass
class FileLine:
    """A line of the file: an organisation, and somebody there. ``others``: primary keys of
    organisations that it was said not to be; ``adding``: the place of the line that adds the
    organisation, this line or an earlier one, where it is not in the database yet."""

    row: Row
    values: dict[str, str]
    person: dict[str, str]
    organisation: Organisation | None = None
    others: list[int] = field(default_factory=list)
    adding: str = ""

    @property
    def label(self) -> str:
        """The name of the organisation and, if the line names one, of the person."""
        who = self.person.get("name", "")
        return f"{self.values['name']} : {who}" if who else self.values["name"]

    @property
    def key(self) -> str:
        """The digest of organisation, town and person by which a repeated line is recognised."""
        parts = [self.values["name"], self.values.get("town", ""), self.person.get("name", "")]
        return hashlib.sha256("|".join(map(fold, parts)).encode()).hexdigest()[:32]


class ImportOfOrganisations(ImportIntoConvention):
    """The import of organisations and people into a convention; ``scope``: its slug."""

    name = "conventions.organisations"
    words = ImportWords(
        things="ligne,lignes",
        layouts="Il faut une ligne de titres avec le nom, et au moins le sigle, la nature, la "
        "commune, le courriel ou un contact ; puis un organisme ou une personne par ligne.",
        onward="Voir les organismes et les personnes",
        undoing="un organisme qui sert depuis, ou qui a été corrigé, reste.",
    )

    def refusal(self, scope, user: User | None):
        """Return why the user may not import into the convention, or None; None for the command (no
        user). Raises Refused where they have no access to it."""
        convention = convention_in(scope)
        if user is None:
            return None
        if not Convention.objects.visible_to(user).filter(pk=convention.pk).exists():
            raise Refused(GONE)
        return may_manage_directory(user, convention)

    def cells_at_once(self, scope):
        """Return how many cells a page may read itself: fewer, the more organisations there are."""
        # Each line, of three cells or so, is compared with all that are there and all before it.
        known = convention_in(scope).organisations.count()
        lines = math.isqrt(known**2 + 2 * COMPARED) - known
        return min(super().cells_at_once(scope), 3 * lines)

    def office(self, scope, user: User | None):
        return scope

    def origin(self, scope):
        return reverse("conventions:directory", args=[scope])

    def title(self, scope):
        return "Organismes et personnes"

    def readable(self, scope, keys, user: User | None):
        """Return the lines that the user may read: all of them, or none."""
        may_read = may_manage_directory(user, convention_in(scope)) is None
        return set(keys) if may_read else set()

    def preview(self, scope, book: Book, asking: Asking, user: User | None):
        """Return what the file would change, its mistakes and the questions that it raises; a
        refusal where the user may not, or no table is recognised."""
        if refusal := self.refusal(scope, user):
            return Preview(refusal=refusal)
        convention = convention_in(scope)
        file = FileOfLines(book, KnowledgeOfLines(named.vocabulary()), asking)
        result = Preview(told=file.remarks, refusal=None if file.tables else NO_TABLE)
        lines = Lines(convention, asking, result, user)
        lines.read(file.tables)
        result.questions = asking.questions
        file.add_lines(result, lines.given)
        result.sheetful = file.sheetful
        result.sort([sheet.name for sheet in book.sheets])
        return result

    def keep(self, scope, line, *, by: User | None):
        return self.keeper(scope, [line], by=by)(line)

    def keeper(self, scope, lines, *, by: User | None):
        """Return the function that saves one of these lines and returns what undoes it. An
        organisation of several lines is added with the first."""
        convention = convention_in(scope)
        # By the place of the line that adds it or, of one that is there, by its primary key.
        added: dict[str, Organisation] = {}
        written: dict[str | int, Organisation] = {}

        def keep(line: Line) -> Undoing:
            given: FileLine = line.content
            place = given.adding or given.organisation.pk
            before: dict[str, Any] = {}
            organisation = written.get(place) or given.organisation
            if organisation.pk is None:
                values = {"kind": OrganisationKind.OTHER} | given.values
                # The preview has shown the others that the file adds as doubts about this one.
                others = [*given.others, *(row.pk for row in added.values())]
                organisation = add_organisation(convention, values, others=others, by=by)
                added[place] = written[place] = organisation
                before["is_added"] = True
            else:
                organisation.convention = convention
                changed = changed_values(organisation, given.values)
                if changed:
                    before["was"] = {name: getattr(organisation, name) for name in changed}
                    organisation = _correct(organisation, changed, by)
                    written[place] = organisation
            person = _keep_person(organisation, given.person, before, by)
            before |= {"organisation": organisation.pk, "contact": person.pk if person else None,
                       "is": _digest_of(organisation, None)}  # fmt: skip
            return Undoing(before, _digest_of(organisation, person))

        return keep

    def undo(self, scope, key, before, writing, *, by: User | None):
        """Undo a line: delete what it added, put back what it changed. Do nothing where what was
        added is gone. Raises Refused where the rows were written, or are gone, since."""
        convention = convention_in(scope)
        organisation = convention.organisations.filter(pk=before["organisation"]).first()
        contact = Contact.objects.filter(pk=before["contact"]).first()
        if organisation is None and before.get("is_added"):
            return  # withdrawn since, as it is to be
        enforce(None if organisation else ORGANISATION_GONE)
        organisation.convention = convention
        if contact:
            contact.organisation = organisation
        if before["contact"] and contact is None:
            # Whom the line has added is to go, and has gone; the organisation is put back all the
            # same, unless it was written since.
            enforce(PERSON_GONE if before.get("person_was") else None)
            writing = before.get("is")
        enforce(None if _digest_of(organisation, contact) == writing else WRITTEN_SINCE)
        if contact and before.get("has_person"):
            withdraw_contact(contact, by=by)
        elif contact and before.get("person_was"):
            correct_contact(contact, before["person_was"], revision=contact.revision, by=by)
        if before.get("is_added"):
            # Those of the file are gone by then: what it did last is undone first.
            if organisation.contacts.exists():
                raise Refused(WRITTEN_SINCE)
            withdraw_organisation(organisation, by=by)
        elif before.get("was"):
            _correct(organisation, before["was"], by)


def _digest_of(organisation: Organisation, contact: Contact | None) -> str:
    """Return a digest of all fields, except revisions, of an organisation and a contact: equal
    again once former values are put back."""
    rows = [row for row in (organisation, contact) if row]
    values = [
        [str(getattr(row, field.attname)) for field in row._meta.fields if field.name != "revision"]
        for row in rows
    ]
    return hashlib.sha256(repr(values).encode()).hexdigest()[:32]


def _correct(organisation: Organisation, values: dict[str, str], by: User | None) -> Organisation:
    """Correct an organisation without asking whether it is another one of the list."""
    others = organisation.convention.organisations.values_list("pk", flat=True)
    return correct_organisation(
        organisation, values, revision=organisation.revision, others=set(others), by=by
    )


def _keep_person(
    organisation: Organisation, person: dict[str, str], before: dict[str, Any], by: User | None
) -> Contact | None:
    """Add or correct the person of a line; note in ``before`` what undoes it. Return the person, or
    None for a line without one."""
    if not person:
        return None
    contact = find_contact(organisation, person["name"])
    if contact is None:
        contact = add_contact(organisation, person, by=by)
        before["has_person"] = True
        return contact
    contact.organisation = organisation
    changed = changed_values(contact, person)
    if not changed:
        return contact
    before["person_was"] = {name: getattr(contact, name) for name in changed}
    return correct_contact(contact, changed, revision=contact.revision, by=by)


def convention_in(scope: str) -> Convention:
    """Return the convention whose slug is the scope. Raises Refused where there is none."""
    convention = Convention.objects.filter(slug=scope).first()
    if convention is None:
        raise Refused(Refusal(f"Il n’y a pas de convention {scope}."))
    return convention


def find_contact(organisation: Organisation, name: str) -> Contact | None:
    """Return the person of this name, accents and capitals aside, or None."""
    contacts = organisation.contacts.all()
    return next((contact for contact in contacts if fold(contact.name) == fold(name)), None)


def changed_values(row: Organisation | Contact, values: dict[str, str]) -> dict[str, str]:
    """Return the values that differ from the row's. A name never does: spelling stays."""
    return {
        name: value
        for name, value in values.items()
        if name != "name" and value != getattr(row, name)
    }


class Lines:
    """The lines of a file, each about an organisation and perhaps somebody there."""

    def __init__(self, convention: Convention, asking: Asking, result: Preview, user: User | None):
        self.convention, self.asking, self.result = convention, asking, result
        self.user = user
        rows = convention.organisations.select_related("party").prefetch_related("contacts")
        self.known = list(rows)
        self.given: list[LineOfFile] = []
        for row in self.known:
            row.convention = convention
        self.named = Known(self.known)
        self.seen: dict[str, str] = {}
        # What the lines before add, by their places.
        self.added: dict[str, Organisation] = {}
        self.named_here = Known([])

    def read(self, tables: list[Table]) -> None:
        """Compare each line of these tables with the rows that are there and the lines before it;
        write outcomes, mistakes and notes to ``result``."""
        for table in tables:
            for row in table.rows:
                for given in self._given_in(row):
                    self._compare(given)

    def _given_in(self, row: Row) -> Iterator[FileLine]:
        """Yield the line of a row, if it can be compared; note a row without a name or that repeats
        another, and mistakes in its cells."""
        name = " ".join(row.text(named.NAME).split())
        if row.is_alone or row.is_total or not name:
            text = f"« {row.first.text[:80]} » : ligne laissée de côté, sans nom d’organisme."
            self.result.told.append(Told(row.first.address, text))
            return
        mistakes = len(self.result.mistakes)
        if len(name) > LONGEST_NAME:
            self._add_mistake(row, named.NAME, f"{LONGEST_NAME} caractères au plus.")
        given = FileLine(row, {"name": name} | self._values(row), self._person(row))
        if given.key in self.seen:
            text = f"Cette ligne répète celle de {self.seen[given.key]} : elle n’est pas lue."
            self.result.told.append(Told(row.first.address, text))
            return
        self.seen[given.key] = row.first.address
        self.given.append(LineOfFile(given.key, given.label, row.first.address, [row]))
        if len(self.result.mistakes) == mistakes:
            yield given

    def _add_mistake(self, row: Row, name: str, text: str) -> None:
        self.result.mistakes.append(Mistake(row.place_of(name), text, row.text(named.NAME)))

    def _values(self, row: Row) -> dict[str, str]:
        """Return the values of the organisation that a row gives, by field. An empty cell gives
        none; « effacer » gives ""."""
        values = {}
        for name in (named.ACRONYM, named.TOWN, named.EMAIL):
            if text := self._text(row, name):
                values[name] = "" if fold(text) == ERASE else text
        if text := row.text(named.KIND):
            values["kind"] = self._kind(text, row.place_of(named.KIND))
        return values

    def _person(self, row: Row) -> dict[str, str]:
        """Return the values of the person that a row gives, by field; empty without a name, with a
        mistake where other cells are filled."""
        person = {
            "name": self._text(row, named.PERSON),
            "capacity": self._text(row, named.CAPACITY),
            "email": self._text(row, named.PERSON_EMAIL),
        }
        if not person["name"]:
            for name in (named.CAPACITY, named.PERSON_EMAIL):
                if row.text(name):
                    self._add_mistake(row, name, "Donnez aussi le nom de cette personne.")
            return {}
        return {name: text for name, text in person.items() if text}

    def _text(self, row: Row, name: str) -> str:
        """Return a cell's text; "", and a mistake, where it is too long or no e-mail address."""
        text = " ".join(row.text(name).split())
        longest = {named.ACRONYM: 60, named.TOWN: 100}.get(name, 200)
        if len(text) > longest:
            self._add_mistake(row, name, f"{longest} caractères au plus.")
            return ""
        if text and name in (named.EMAIL, named.PERSON_EMAIL) and fold(text) != ERASE:
            try:
                validate_email(text)
            except ValidationError:
                self._add_mistake(row, name, f"« {text[:60]} » n’est pas une adresse électronique.")
                return ""
        return text

    def _kind(self, text: str, place: str) -> str:
        """Return the kind that a cell names, by label, value or usual spelling; else the answer to
        a question, "" until it is given."""
        folded = fold(text)
        for kind in OrganisationKind:
            if folded in (fold(kind.label), fold(str(kind.value))):
                return str(kind.value)
        if folded in SPELLINGS:
            return SPELLINGS[folded]
        choices = [Choice(str(kind.value), str(kind.label)) for kind in OrganisationKind]
        question = f"De quelle nature est « {text[:60]} » ?"
        return self.asking.ask(f"nature:{folded}", question, place, choices)

    def _compare(self, given: FileLine) -> None:
        """Append the outcome of a line to the preview, compared with the rows that are there and
        those that earlier lines add. Append nothing while a question about it is open, nor where it
        adds nothing or would be refused."""
        identity = {name: given.values.get(name, "") for name in ("name", "acronym", "town")}
        if not self._recognise(given, identity) or given.values.get("kind") == "":
            return  # what is asked of it is not answered yet
        place, organisation = given.row.first.address, given.organisation
        is_first = organisation is None
        if is_first:
            organisation = Organisation(convention=self.convention, is_added=True, **given.values)
            organisation.acronym = organisation.acronym or default_acronym(organisation)
            given.adding, given.organisation = place, organisation
        changed = changed_values(organisation, given.values)
        if given.adding:
            outcome, was = Outcome.NEW, ""
            if not (is_first or changed or given.person):
                text = f"Cette ligne n’ajoute rien à celle de {given.adding}."
                self.result.told.append(Told(place, text))
                return
        else:
            changed = self._allowed_changes(given, changed)
            contact = find_contact(organisation, given.person["name"]) if given.person else None
            is_new = bool(given.person) and contact is None
            moved = changed_values(contact, given.person) if contact else {}
            outcome = Outcome.CHANGED if changed or moved or is_new else Outcome.UNCHANGED
            was = _label_row(organisation, contact)
        close = self.named_here.close(**identity) if is_first else ()
        doubts = [
            f"Ce nom ressemble à « {row.name[:80]} » ({self._place_of(row)}) : si c’est le même "
            "organisme, écrivez-le de même."
            for row in islice(close, MOST_NEIGHBOURS)
        ]
        if (is_first or changed) and not self._has_name_of_its_own(given, changed):
            return
        self.result.lines.append(
            Line(
                key=given.key, label=given.label, place=place, outcome=outcome, before=was,
                after=_label_after(given), doubts=doubts, about=organisation, content=given,
                compared_with="" if given.adding else str(organisation.revision),
            )
        )  # fmt: skip

    def _allowed_changes(self, given: FileLine, changed: dict[str, str]) -> dict[str, str]:
        """Return the changes that the user may write; note why not others, and drop them."""
        rights = ((set(changed), may_correct_added), (set(changed) & set(NAMES), may_rename))
        for names, may_write in rights:
            if names and (refusal := may_write(self.user, given.organisation)):
                labels = ", ".join(LABELS[name] for name in changed if name in names)
                text = f"{refusal.reason} Le fichier dit autre chose ({labels})."
                self.result.told.append(Told(given.row.first.address, text))
                given.values = {n: value for n, value in given.values.items() if n not in names}
                return {name: value for name, value in changed.items() if name not in names}
        return changed

    def _recognise(self, given: FileLine, identity: dict[str, str]) -> bool:
        """Set the organisation of a line: one that is there, or that an earlier line adds; it stays
        None for a new one. Return False while the question which one it is has no answer, or the
        line is to be left aside."""
        alike = self.named.likenesses(**identity)
        same = [entry.organisation for entry in alike if entry.is_same]
        named_so = identity | {"acronym": ""}
        entries = self.named.likenesses(**named_so) if same else []
        by_name = [entry.organisation for entry in entries if entry.organisation in same]
        if by_name:
            exactly = (row for row in by_name if fold(row.name) == fold(identity["name"]))
            given.organisation = next(exactly, by_name[0])
            return True
        # What is called otherwise is something else, whatever acronym it is given.
        if row := next(self.named_here.same(**named_so), None):
            given.organisation, given.adding = row, self._place_of(row)
            return True
        if not alike:
            return True
        likely = [entry.organisation for entry in alike]
        place = given.row.place_of(named.NAME)
        choices = [Choice(NEW, "C’est un autre organisme, à ajouter")]
        choices += [Choice(str(row.pk), f"C’est « {row.name} »") for row in likely[:5]]
        choices.append(Choice(LEFT, "Laisser cette ligne de côté"))
        is_like = "porte le sigle d’un" if same else "ressemble à un"
        question = f"« {given.values['name'][:80]} » {is_like} organisme déjà là : lequel ?"
        key = f"organisme:{fold(identity['name'])}|{fold(identity['town'])}"
        answer = self.asking.ask(key, question, place, choices)
        if answer == NEW:
            given.others = [row.pk for row in likely]
        elif answer.isdecimal():
            given.organisation = next(row for row in self.known if str(row.pk) == answer)
        return bool(answer) and answer != LEFT

    def _place_of(self, organisation: Organisation) -> str:
        """Return the place of the line that adds an organisation; "" for one of the database."""
        return next((place for place, row in self.added.items() if row is organisation), "")

    def _has_name_of_its_own(self, given: FileLine, changed: dict[str, str]) -> bool:
        """Return whether no other organisation has the name or acronym that this line leads to, and
        record them for later lines. Otherwise add a mistake."""
        organisation = given.organisation
        became = copy.copy(organisation)
        for name, value in changed.items():
            setattr(became, name, value)
        acronym, town = became.acronym or default_acronym(became), became.town
        identity = {"name": became.name, "acronym": acronym, "town": town}
        same = chain(self.named.same(**identity), self.named_here.same(**identity))
        if other := next((row for row in same if row is not organisation), None):
            place = self._place_of(other)
            text = (
                f"« {other.name[:80]} »{f' ({place})' if place else ''} porte déjà ce nom ou ce "
                "sigle : si c’est un autre organisme, donnez-lui un sigle qui n’est qu’à lui."
            )
            cell = named.ACRONYM if given.values.get("acronym") else named.NAME
            self._add_mistake(given.row, cell, text)
            return False
        if given.adding:
            self.added.setdefault(given.adding, organisation)
            self.named_here.put(organisation, acronym=acronym, town=town)
            for name, value in changed.items():
                setattr(organisation, name, value)
        else:
            self.named.put(organisation, acronym=acronym, town=town)
        return True


def _label_row(organisation: Organisation, contact: Contact | None) -> str:
    """Return kind, town, address and person of a row as it stands, between commas."""
    parts = [organisation.get_kind_display(), organisation.town, organisation.contact_email]
    return ", ".join(filter(None, [*parts, str(contact) if contact else ""]))


def _label_after(given: FileLine) -> str:
    """Return kind, town, address and person as the line gives them, between commas."""
    kind = given.values.get("kind")
    parts = [OrganisationKind(kind).label if kind else "", given.values.get("town", ""),
            given.values.get("contact_email", "")]  # fmt: skip
    person = [given.person.get(name, "") for name in ("name", "capacity", "email")]
    return ", ".join(filter(None, [*map(str, parts), *person]))
