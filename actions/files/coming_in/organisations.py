"""Match the organisations and people that a cell names with those of the convention."""

import re
import zlib
from collections.abc import Iterator

from accounts.models import User
from actions.plan.people import label_members
from conventions.directory.events import add_organisation
from conventions.models import Convention, Organisation, OrganisationKind
from ctg_portal.search.rows import fold
from spreadsheets.columns.headings import bare
from spreadsheets.columns.likeness import likeness, matcher_of
from spreadsheets.columns.questions import LEFT, Asking, Choice
from spreadsheets.columns.typed import Wrong
from spreadsheets.reading.cells import Cell

# What people call the only one of its kind.
KINDS = {
    OrganisationKind.CAF: "caf, caisse d allocations familiales, la caf",
    OrganisationKind.MSA: "msa, mutualite sociale agricole, la msa",
    OrganisationKind.CGSS: "cgss",
    OrganisationKind.EPCI: "agglomeration, agglo, communaute d agglomeration, epci, cdc, comcom, "
    "communaute de communes, intercommunalite, communaute urbaine, metropole, l agglomeration, "
    "l agglo",
    OrganisationKind.DEPARTMENT: "departement, conseil departemental, le departement, cd",
    OrganisationKind.REGION: "region, conseil regional, la region",
    OrganisationKind.CCAS: "ccas, cias, centre communal d action sociale, le ccas",
    OrganisationKind.CPAM: "cpam, assurance maladie",
    OrganisationKind.CARSAT: "carsat",
}
_KINDS_BY_NAME = {name.strip(): kind for kind, names in KINDS.items() for name in names.split(",")}
TITLED = re.compile(r"^(?:M\.?|Mr|Mme|Mlle|Mmes|Monsieur|Madame|Dr|Docteur)\.?\s+\S", re.IGNORECASE)
ROLE = re.compile(
    r"^(?:co-?)?(?:pilotes?|porteurs?|référente?s?|responsables?|chef de file)\s*:\s*",
    re.IGNORECASE,
)
WITHIN = re.compile(r"(?P<out>[^()\[\]]+?)\s*[(\[](?P<within>[^()\[\]]+)[)\]]\s*\.?")
DASHED = re.compile(
    r"(?P<out>.+?)\s+[-–—:]\s+(?P<within>.+)|(?P<out2>[^:]+?)\s*:\s*(?P<within2>.+)"
)
# Signs of a text that holds names; of so many texts, the organisations likest to each come first.
LONGEST, LIKENED = 2_000, 300
LONGEST_NAME = Organisation._meta.get_field("name").max_length or 200
OUTSIDE_BRACKETS = r"(?![^(\[]*[)\]])"
SEPARATORS = [
    re.compile(rf"[\n;•|]+{OUTSIDE_BRACKETS}"),
    re.compile(rf"\s*[/+&]\s*{OUTSIDE_BRACKETS}"),
    re.compile(rf"\s+et\s+{OUTSIDE_BRACKETS}"),
    re.compile(rf"\s*,\s*{OUTSIDE_BRACKETS}"),
]


ADDED, EACH = "ajouter", "chacun"
# How the key of a question about one organisation begins, and that of all that are not known, which
# is asked from so many on.
UNKNOWN, EVERY, SEVERAL = "organisme:", "organismes@", 3


def new_organisation(name: str) -> Organisation:
    """Return an organisation that is not stored yet; its negative key is that of its name, in the
    preview of one file and of the next."""
    name = " ".join(name.split())[:LONGEST_NAME]
    return Organisation(pk=-zlib.crc32(bare(name).encode()) - 1, name=name, acronym=name)


def add_new(convention: Convention, content: dict, *, by: User | None) -> dict:
    """Return a content whose new organisations are added to the convention, each once."""
    added: dict[int, Organisation] = {}

    def stored(link):
        if link["id"] not in added:
            known = Organisations(convention, Asking()).known(link["name"])
            values = {"name": link["name"], "kind": OrganisationKind.OTHER.value}
            others = set(
                Organisation.objects.filter(convention=convention).values_list("pk", flat=True)
            )
            added[link["id"]] = known or add_organisation(convention, values, by=by, others=others)
        row = added[link["id"]]
        return {"id": row.pk, "name": str(row)}

    def walk(value):
        if isinstance(value, dict):
            is_new = isinstance(value.get("id"), int) and value["id"] < 0
            return stored(value) if is_new else {key: walk(item) for key, item in value.items()}
        return [walk(item) for item in value] if isinstance(value, list) else value

    return walk(content)


class Organisations:
    """The organisations of a convention, and the people who have access, as a file names them."""

    def __init__(self, convention: Convention, asking: Asking, *, may_add: bool = False):
        """``may_add`` states whether whoever imports may add organisations to the convention."""
        self.asking, self.may_add = asking, may_add
        # The cells that are to be kept as texts, as was answered: places, without a reason.
        self.as_text: list[tuple[str, str]] = []
        self.rows = list(Organisation.objects.filter(convention=convention))
        self.by_key = {str(row.pk): row for row in self.rows}
        self.by_name: dict[str, list[Organisation]] = {}
        for row in self.rows:
            acronym = fold(row.acronym)
            for name in {acronym, acronym.replace(" ", ""), fold(row.name), bare(row.name)} - {""}:
                self.by_name.setdefault(name, []).append(row)
        self.people = {fold(str(user)): user for user in label_members(convention)}
        self.matchers = {row.pk: matcher_of(bare(row.name)) for row in self.rows}
        self.sorted_choices = {"": self._sorted_by_likeness("", None)}

    def linked(self, link: dict) -> Organisation:
        """Return the organisation of a link in a content, which may be a new one."""
        return self.by_key.get(str(link["id"])) or new_organisation(link["name"])

    @property
    def names(self) -> dict[str, str]:
        """Return our name of each organisation that is named without doubt, by what it is called
        (as ``bare`` compares headings)."""
        by_text = {bare(text): self.known(text) for text in (*self.by_name, *_KINDS_BY_NAME)}
        return {text: row.acronym or row.name for text, row in by_text.items() if row}

    # Organisations --------------------------------------------------------------------------------

    def known(self, text: str) -> Organisation | None:
        """Return the organisation that a text names outright, or None."""
        matches = self.by_name.get(fold(text)) or self.by_name.get(bare(text), [])
        if not matches and (kind := _KINDS_BY_NAME.get(fold(text))):
            matches = [one for one in self.rows if one.kind == kind]
        return matches[0] if len(matches) == 1 else None

    def is_ambiguous(self, text: str) -> bool:
        """Return whether several organisations are called so."""
        kind = _KINDS_BY_NAME.get(fold(text))
        return self.known(text) is None and bool(
            self.by_name.get(fold(text)) or any(one.kind == kind for one in self.rows)
        )

    def find(self, text: str, cell: Cell, as_what: str) -> Organisation | None:
        """Return the organisation that a text names; asks where it is not plain. None for one that
        was left out. Raises Wrong until the question is answered."""
        if (organisation := self.known(text)) is not None:
            return organisation
        answer = self.asking.ask(
            f"{UNKNOWN}{fold(text)}",
            f"« {text[:60]} » est quel organisme ?",
            cell.address,
            [
                *self._choices(text),
                *([Choice(ADDED, "un nouvel organisme : l’ajouter")] if self.may_add else []),
                Choice(LEFT, "aucun de ceux-ci : le garder en texte, à préciser"),
            ],
        )
        answer = answer or self.asking.answers.get(EVERY, "")
        if answer == ADDED and self.may_add:
            return new_organisation(text)
        return self._organisation_answered(answer, text, cell, as_what)

    def gather_unknown(self) -> None:
        """Ask about all organisations that are not known at once, where they are several."""
        asking = self.asking
        unknown = [
            question for key, question in asking.asked.items()
            if key.startswith(UNKNOWN) and not question.answer
        ]  # fmt: skip
        answer = asking.answers.get(EVERY, "")
        if answer == EACH or not (answer or len(unknown) >= SEVERAL):
            return
        names = ", ".join(question.text.rpartition(" est ")[0] for question in unknown[:6])
        more = "…" if len(unknown) > 6 else ""
        places = [place for question in unknown for place in asking.places.get(question.key, ())]
        for question in unknown:
            del asking.asked[question.key]
        text = f"Organismes que le portail ne connaît pas : {names}{more}. Que faire de tous ?"
        adding = [Choice(ADDED, "les ajouter aux organismes de la convention")]
        choices = [
            *(adding if self.may_add else []),
            Choice(LEFT, "les garder en texte, à préciser"),
            Choice(EACH, "répondre pour chacun"),
        ]
        for place in places or [""]:
            asking.ask(EVERY, text, place, choices)

    def ask_organisation_of(self, name: str, cell: Cell) -> Organisation | None:
        """Return the organisation of a person who is named alone, as was answered; None for one
        that was left out. Raises Wrong until the question is answered."""
        answer = self.asking.ask(
            f"personne:{fold(name)}",
            f"« {name[:60]} » est de quel organisme ?",
            cell.address,
            [
                *self._choices(""),
                Choice(LEFT, "aucun de ceux-ci : garder ce nom en texte, à préciser"),
            ],
        )
        return self._organisation_answered(answer, name, cell, "l’organisme de cette personne")

    def _organisation_answered(
        self, answer: str, text: str, cell: Cell, as_what: str
    ) -> Organisation | None:
        if answer == LEFT:
            self.as_text.append((cell.address, ""))
            return None
        if answer not in self.by_key:
            names = ", ".join(one.acronym for one in self.rows[:8])
            more = "…" if len(self.rows) > 8 else ""
            question = f"« {text[:60]} » : dites {as_what}, par exemple {names}{more}"
            raise Wrong((cell.address, question))
        return self.by_key[answer]

    def _choices(self, text: str) -> list[Choice]:
        """Return the choices among all organisations, those with a similar name first."""
        name = bare(text)
        if name not in self.sorted_choices:
            if len(self.sorted_choices) >= LIKENED:
                return self._choices("")
            self.sorted_choices[name] = self._sorted_by_likeness(
                name, _KINDS_BY_NAME.get(fold(text))
            )
        return self.sorted_choices[name]

    def _sorted_by_likeness(self, name: str, kind: OrganisationKind | None) -> list[Choice]:
        ordered = sorted(
            self.rows,
            key=lambda row: (
                row.kind != kind,
                -likeness(name, self.matchers[row.pk], 0.4),
            ),
        )
        return [Choice(str(row.pk), f"{row.acronym} – {row.name}") for row in ordered]

    # Several in a cell ----------------------------------------------------------------------------

    def pieces(self, text: str, *, is_list: bool = False) -> Iterator[str]:
        """Yield the names in a text. Commas and « et » also stand within names: they separate only
        organisations that are known, or all names of a list (``is_list``)."""
        text = ROLE.sub("", text.strip(" \t\n.-–•")).strip()
        if not text:
            return
        if self.known(text) or len(text) > LONGEST:
            yield text
            return
        for place, separator in enumerate(SEPARATORS):
            parts = [part for part in separator.split(text) if part.strip()]
            parted = len(parts) > 1 and (
                place < 2 or (is_list and place == 3) or any(map(self._is_organisation, parts))
            )
            if parted and not (place == 3 and WITHIN.fullmatch(text)):
                for part in parts:
                    yield from self.pieces(part, is_list=is_list)
                return
        yield text

    def _is_organisation(self, text: str) -> bool:
        return bool(self.known(text) or self.is_ambiguous(text))

    # Leads ----------------------------------------------------------------------------------------

    def leads(self, text: str, cell: Cell) -> list[dict]:
        """Return the leads that a text names, as values of a lead's row:
        « M. Dupont, directeur (CCAS) », « Caf / CCAS »."""
        rows = (self._lead(piece, cell) for piece in self.pieces(text))
        return [lead for lead in rows if lead]

    def _lead(self, piece: str, cell: Cell) -> dict | None:
        if self.known(piece) or self.is_ambiguous(piece):
            return self._lead_row(self.find(piece, cell, "quel organisme"), "")
        is_short = len(piece) <= LONGEST
        if is_short and (match := WITHIN.fullmatch(piece) or DASHED.fullmatch(piece)):
            texts = [text for text in match.groups() if text]
            out, within = texts[0].strip(), texts[1].strip()
            if self.known(out) and not self.known(within):
                out, within = within, out
            if self._is_organisation(within):
                return self._lead_row(self.find(within, cell, "quel organisme"), out)
            if TITLED.match(out) or fold(out) in self.people:
                return self._lead_row(self.find(within, cell, "quel organisme"), out)
        if user := self.people.get(fold(piece)):
            row = self._lead_row(self._organisation_of_user(user, piece, cell), piece)
            return row and row | {"user": user, "name": str(user)}
        if TITLED.match(piece):
            return self._lead_row(self.ask_organisation_of(piece, cell), piece)
        return self._lead_row(self.find(piece, cell, "quel organisme"), "")

    def _organisation_of_user(self, user: User, name: str, cell: Cell) -> Organisation | None:
        """Return the organisation of a user who has access through only one; else asks."""
        accesses = user.memberships.active().filter(organisation__in=self.rows)
        organisations = {access.organisation for access in accesses.select_related("organisation")}
        return (
            organisations.pop() if len(organisations) == 1 else self.ask_organisation_of(name, cell)
        )

    def _lead_row(self, organisation: Organisation | None, person: str) -> dict | None:
        if organisation is None:
            return None
        name, _, capacity = person.partition(",")
        if person and not any(letter.isupper() for letter in person):
            name, capacity = "", person  # « Caf (service social) »: nobody is named
        return {
            "organisation": organisation,
            "name": " ".join(name.split()),
            "capacity": " ".join(capacity.split()),
            "user": None,
        }
