"""What the parties agree to about an action, section by section."""

from dataclasses import dataclass

from django import forms

from accounts.models import User
from actions.plan.commitments import ACTORS, CALENDAR, CONTENT, ESSENTIAL, MEANS, ActionCommitment
from actions.plan.events import canonical_content
from actions.plan.faults import MOST_FTE, TITLE, incoherent
from actions.plan.line_fields import EurosField, LineRow, RowChoice, label_organisations, text_field
from actions.plan.models import Action, Lead
from actions.plan.people import assignable_people
from agreements.commitments.fields import ordered_like
from committee.forms import Tokens
from conventions.form_choices import (
    ObjectivesField,
    OrganisationsField,
    Several,
    ThemeField,
    ThemesField,
)
from conventions.models import Commune, Contact, Coverage, Objective, Organisation, Theme
from ctg_portal.forms.fields import FrenchDecimalField, WholeTextField, prose
from ctg_portal.forms.rows import RowForm, WithRows
from ctg_portal.forms.sections import SectionsHelper, set_words, side_by_side
from ctg_portal.search.rows import fold
from ctg_portal.text.numbers import Asked

SHORT = frozenset({"is_continuous"})
NEXT, MORE = "suite", "encore"


@dataclass(frozen=True)
class SheetSection:
    """The fields of the commitment that are written on one page."""

    key: str
    title: str
    help_text: str

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all fields of the section."""
        return tuple(field.name for field in ActionCommitment.fields if field.section == self.key)

    @property
    def rows(self) -> tuple[str, ...]:
        """The names of the fields that are sets of rows."""
        return tuple(name for name in self.names if name in ROWS)

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the fields that are not sets of rows."""
        return tuple(name for name in self.names if name not in ROWS)

    @property
    def next(self) -> "SheetSection | None":
        """The section that follows; None for the last one."""
        place = SECTIONS.index(self) + 1
        return SECTIONS[place] if place < len(SECTIONS) else None


ROWS = {"leads", "means", "fundings"}
SECTIONS = [
    SheetSection(ESSENTIAL, "L’essentiel", "Ce que l’action est, et ce qu’elle sert."),
    SheetSection(CONTENT, "Pourquoi et quoi", "Ce que quelqu’un qui ne connaît pas l’action doit "
                 "comprendre."),
    SheetSection(ACTORS, "Qui", "Qui la conduit et avec qui. Une personne qui a accès au portail "
                 "pourra tenir le suivi."),
    SheetSection(CALENDAR, "Quand et où", ""),
    SheetSection(MEANS, "Avec quels moyens", "Ce qui est prévu. Ce qui sera accordé et dépensé se "
                 "dit ensuite, dans le suivi."),
]  # fmt: skip


def section_by_key(key: str) -> SheetSection | None:
    """Return the section that an address names; None for an unknown key."""
    return next((section for section in SECTIONS if section.key == key), None)


class LeadRow(RowForm):
    """An organisation that leads, and a person of it: a member, a contact without account, or
    anybody by name. Of a person without account only the name is stored, no link to the contact.

    ``people`` and ``left`` map rows to labels: who may be chosen, and leads of the version who
    have no access any more, whom the form refuses with a reason.
    """

    organisation = RowChoice(label="Organisme")
    user = RowChoice(label="Personne connue", empty_label="Aucune")
    name = text_field("ou son nom")
    capacity = text_field("Fonction")

    def __init__(self, *args, organisations, people, left, **kwargs):
        super().__init__(*args, **kwargs)
        self.left = left
        # The name of who has access is theirs; of who has left, it may be kept.
        if self.initial.get("user") not in {None, *(user.pk for user in left)}:
            self.initial = self.initial | {"name": ""}
        self.fields["organisation"].choose_from(organisations)
        self.fields["user"].choose_from(people | left)

    def clean_user(self):
        """Return who was chosen: a user, a contact or None. Refuses who has no access any more."""
        user = self.cleaned_data["user"]
        if user in self.left:
            raise forms.ValidationError(
                f"{user} n’a plus accès à la convention : choisissez une autre personne, ou "
                "« Aucune » et gardez son nom."
            )
        return user

    def clean(self):
        """Return the row; a member has their stored name, a contact becomes a mere name."""
        cleaned = super().clean()
        if isinstance(contact := cleaned.get("user"), Contact):
            return self._clean_contact(cleaned, contact)
        self.lacks("organisation", "Choisissez l’organisme qui conduit l’action.")
        if user := cleaned.get("user"):
            if fold(cleaned.get("name", "")) not in ("", fold(str(user))):
                self.add_error(
                    "name", f"{user} est choisi à côté : effacez ce nom, ou choisissez « Aucune »."
                )
            cleaned["name"] = str(user)
        return cleaned

    def _clean_contact(self, cleaned: dict, contact: Contact) -> dict:
        """Return the values for a contact without account: their organisation, name and function,
        unless other ones contradict them."""
        organisation = cleaned.get("organisation") or contact.organisation
        if organisation != contact.organisation:
            reason = f"{contact.name} est dans la liste de {contact.organisation} : choisissez-le."
            self.add_error("organisation", reason)
        if fold(cleaned.get("name", "")) not in ("", fold(contact.name)):
            reason = f"{contact.name} est choisi à côté : effacez ce nom, ou choisissez « Aucune »."
            self.add_error("name", reason)
        capacity = cleaned.get("capacity") or contact.capacity
        return cleaned | {"organisation": organisation, "user": None, "name": contact.name,
                          "capacity": capacity}  # fmt: skip


class MeansRow(RowForm):
    """Staff of an organisation, in full-time equivalents."""

    organisation = RowChoice(label="Organisme")
    fte = FrenchDecimalField(
        asked=Asked("ETP"), label="ETP", required=False, max_digits=8, decimal_places=2
    )
    note = text_field("Précision")

    def __init__(self, *args, organisations, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choose_from(organisations)

    def clean_fte(self):
        """Return the number, None if left empty. Refuses 0, less, and more than ``MOST_FTE``."""
        fte = self.cleaned_data["fte"]
        if fte is not None and not 0 < fte <= MOST_FTE:
            raise forms.ValidationError(
                f"Un nombre d’ETP est au-dessus de 0, et de {MOST_FTE} au plus."
            )
        return fte

    def clean(self):
        """Return the row, which needs an organisation and a number."""
        cleaned = super().clean()
        self.lacks("organisation", "Choisissez l’organisme.")
        self.lacks("fte", "Donnez un nombre d’ETP.")
        return cleaned


class PlannedRow(LineRow):
    """A line of funding as the parties plan it."""

    planned = EurosField(label="Prévu (€)")

    def clean(self):
        """Return the row, which needs a planned amount beside what every line needs; 0 is one."""
        cleaned = super().clean()
        self.lacks("planned", "Donnez le montant prévu ; 0 s’il n’y en a pas.")
        return cleaned


class Communes(Several):
    widget = forms.CheckboxSelectMultiple


class TermsField(WholeTextField):
    """Texts, one on each line; its value is a list."""

    widget = forms.Textarea(attrs={"rows": 3})

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value):
        """Return the lines that are not empty, each once, in their order."""
        lines = (" ".join(line.split()) for line in super().to_python(value).split("\n"))
        return [line for line in dict.fromkeys(lines) if line]

    def run_validators(self, value):
        super().run_validators("\n".join(value))

    def has_changed(self, initial, data):
        return self.to_python(data or "") != (initial or [])


class ActionForm(Tokens, WithRows):
    """The fields of one ``section``. A draft may lack all but its title and theme.

    Plain fields are made from the declaration of the commitment; those that take more are here.

    ``source`` is the canonical content that the form is filled from; the hidden field ``shown`` has
    the fingerprint of its section (``actions.plan.merging.fingerprint``).
    """

    shown = forms.CharField(required=False, widget=forms.HiddenInput)
    title = WholeTextField(
        label="Titre", max_length=TITLE, widget=forms.Textarea({"rows": 2}),
        help_text="Commencez par un verbe : ouvrir, former, coordonner…",
    )  # fmt: skip
    theme = ThemeField(queryset=Theme.objects.none(), empty_label="Choisir…")
    other_themes = ThemesField(queryset=Theme.objects.none(), required=False)
    objectives = ObjectivesField(queryset=Objective.objects.none(), required=False)
    plans = TermsField(
        label="Autres plans dont elle fait partie", required=False, max_length=2000,
        help_text="Un par ligne : schéma départemental des services aux familles, contrat local "
        "de santé, contrat de ville, programme local de l’habitat, Action cœur de ville…",
    )  # fmt: skip
    partners = OrganisationsField(
        label="Partenaires", queryset=Organisation.objects.none(), required=False
    )
    communes = Communes(label="Communes concernées", queryset=Commune.objects.none(),
                        required=False)  # fmt: skip
    note = prose("Motif (facultatif)", required=False, rows=2, help_text="Les membres du comité le "
                 "liront avec ce qui change.")  # fmt: skip

    def __init__(self, *args, section: SheetSection, convention, day, source=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.section, self.convention = section, convention
        # What is typed is checked together with the other sections.
        self.source = source or canonical_content({})
        # The fields of the section, in its order, and no other.
        for declared in ActionCommitment.fields:
            if declared.name not in section.fields:
                self.fields.pop(declared.name, None)
            elif declared.name not in self.fields:
                self.fields[declared.name] = declared.formfield(Action)
        self.order_fields(["base", "revision", "shown", *section.fields, "note"])
        self._choose_within(day)
        organisations = label_organisations(convention) if section.rows else {}
        if "leads" in section.rows:
            self.make_rows("leads", LeadRow, "Pilotes", organisations=organisations,
                           people=assignable_people(convention),
                           left=self._leads_without_access)  # fmt: skip
        if "means" in section.rows:
            self.make_rows("means", MeansRow, "Moyens humains", organisations=organisations)
            self.make_rows("fundings", PlannedRow, "Financement prévu",
                           organisations=organisations)  # fmt: skip
        for field in self.fields.values():
            set_words(field)
        fields = side_by_side(self, section.fields, short=SHORT)
        self.helper = SectionsHelper("base", "revision", "shown", fields, "note")

    def _choose_within(self, day) -> None:
        """Limit choices to rows of the convention in force on ``day`` or named by the source."""
        convention, words, fields = self.convention, self.convention.words, self.fields
        if "theme" in fields:
            source = self.source
            named = [link["id"] for link in [source["theme"], *source["other_themes"]] if link]
            themes = Theme.objects.filter(axis__convention=convention).selectable(day, named)
            themes = themes.select_related("axis").order_by("axis__number", "rank", "pk")
            fields["theme"].queryset = fields["other_themes"].queryset = themes
            served = [link["id"] for link in source["objectives"]]
            objectives = Objective.objects.of(convention).readable().selectable(day, served)
            fields["objectives"].queryset = objectives.select_related(
                "theme__axis"
            ).in_reading_order()
            # An axis without themes stands there itself.
            place = words.theme if themes.exclude(title="").exists() else words.axis
            concerned = "concernée" if place.is_feminine else "concerné"
            fields["theme"].label = f"{place.title} d’abord {concerned}"
            fields["other_themes"].label = f"Autres {place.plural}"
            served = "servies" if words.objective.is_feminine else "servis"
            fields["objectives"].label = f"{words.objective.titles} {served}"
        if "partners" in fields:
            fields["partners"].queryset = Organisation.objects.filter(convention=convention)
        if "communes" in fields:
            here = Coverage.objects.of(convention).perimeter(day).values("commune")
            fields["communes"].queryset = Commune.objects.filter(pk__in=here)
            term = f"La convention va {convention.describe_term()}"
            fields["ends_on"].help_text = f"{term} ; une action peut aller plus loin."

    @property
    def _leads_without_access(self) -> dict[User, str]:
        """The labels of the leads named by the source who have no access any more."""
        named = {(lead["user"] or {}).get("id") for lead in self.source["leads"]}
        gone = Lead.objects.of(self.convention).without_access().filter(user__in=named - {None})
        return {lead.user: f"{lead.user} (n’a plus accès)" for lead in gone.select_related("user")}

    @property
    def is_staying(self) -> bool:
        """Whether the button says to come back to this section, for more rows."""
        return self.data.get("action") == MORE

    @property
    def goes_on(self) -> bool:
        """Whether the button says to go on with the next section."""
        return self.data.get("action") == NEXT

    def clean_title(self):
        return " ".join(self.cleaned_data["title"].split())

    def clean(self):
        """Add the contradictions of the whole content that concern this section."""
        cleaned = super().clean()
        if all(rows.is_valid() for rows in self.rows.values()):
            self.add_faults(
                (name, reason)
                for name, reason in incoherent(self.content)
                if name in self.section.names
            )
        return cleaned

    @property
    def own_content(self) -> dict:
        """The canonical content of this section as typed; of a wrong field, as in the source."""
        typed = {
            field.name: field.plain(self.cleaned_data[field.name])
            for field in ActionCommitment.fields
            if field.name in self.section.names and field.name in self.cleaned_data
        }
        return ordered_like(ActionCommitment.fields, self.source, typed)

    @property
    def content(self) -> dict:
        """The canonical content of the whole version, with this section as typed."""
        return self.source | self.own_content
