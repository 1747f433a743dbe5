"""What the parties agree to about an action, section by section."""

from dataclasses import dataclass

from django import forms

from actions.form_rows import organisations_of
from actions.models import Action, Lead
from actions.plan.commitments import ACTORS, CALENDAR, CONTENT, ESSENTIAL, MEANS, ActionCommitment
from actions.plan.events import canonical_content
from actions.plan.faults import TITLE, incoherent
from actions.plan.form_rows import LeadRow, MeansRow, PlannedRow
from actions.plan.people import people_of
from agreements.commitments.fields import ordered_like
from committee.forms import Tokens
from conventions.form_choices import (
    ObjectivesField,
    OrganisationsField,
    Several,
    ThemeField,
    ThemesField,
)
from conventions.models import Commune, Coverage, Objective, Organisation, Theme
from ctg_portal.form_fields import WholeTextField, prose
from ctg_portal.form_rows import WithRows
from ctg_portal.form_sections import SectionsHelper, set_words, side_by_side

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
        return tuple(one.name for one in ActionCommitment.fields if one.section == self.key)

    @property
    def rows(self) -> tuple[str, ...]:
        """Those that are sets of rows."""
        return tuple(name for name in self.names if name in ROWS)

    @property
    def fields(self) -> tuple[str, ...]:
        return tuple(name for name in self.names if name not in ROWS)

    @property
    def next(self) -> "SheetSection | None":
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


def section_of(key: str) -> SheetSection | None:
    return next((section for section in SECTIONS if section.key == key), None)


class Communes(Several):
    widget = forms.CheckboxSelectMultiple


class TermsField(WholeTextField):
    """Texts, one on each line; its value is a list."""

    widget = forms.Textarea(attrs={"rows": 3})

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value):
        lines = (" ".join(line.split()) for line in super().to_python(value).split("\n"))
        return [line for line in dict.fromkeys(lines) if line]

    def run_validators(self, value):
        super().run_validators("\n".join(value))

    def has_changed(self, initial, data):
        return self.to_python(data or "") != (initial or [])


class ActionForm(Tokens, WithRows):
    """The fields of one ``section``. A draft may lack all but its title and theme.

    What is plain is asked as the commitment tells it; here is what takes more than that.

    ``content`` is what the version says of that section, ``shown`` tells which state of it the form
    was filled from.
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
        # What the version says beside this section: what is typed is read together with it.
        self.source = source or canonical_content({})
        # The fields of the section, in its order, and no other.
        for one in ActionCommitment.fields:
            if one.name not in section.fields:
                self.fields.pop(one.name, None)
            elif one.name not in self.fields:
                self.fields[one.name] = one.formfield(Action)
        self.order_fields(["base", "revision", "shown", *section.fields, "note"])
        self._choose_within(day)
        organisations = organisations_of(convention) if section.rows else {}
        if "leads" in section.rows:
            self.make_rows("leads", LeadRow, "Pilotes", organisations=organisations,
                           people=people_of(convention), left=self._left)  # fmt: skip
        if "means" in section.rows:
            self.make_rows("means", MeansRow, "Moyens humains", organisations=organisations)
            self.make_rows("fundings", PlannedRow, "Financement prévu",
                           organisations=organisations)  # fmt: skip
        for field in self.fields.values():
            set_words(field)
        fields = side_by_side(self, section.fields, short=SHORT)
        self.helper = SectionsHelper("base", "revision", "shown", fields, "note")

    def _choose_within(self, day) -> None:
        """Nothing of another convention can be chosen."""
        convention, words, known = self.convention, self.convention.words, self.fields
        if "theme" in known:
            named = self.source
            kept = [link["id"] for link in [named["theme"], *named["other_themes"]] if link]
            themes = Theme.objects.filter(axis__convention=convention).to_choose(day, kept)
            themes = themes.select_related("axis").order_by("axis__number", "rank", "pk")
            known["theme"].queryset = known["other_themes"].queryset = themes
            served = [link["id"] for link in named["objectives"]]
            objectives = Objective.objects.of(convention).readable().to_choose(day, served)
            known["objectives"].queryset = objectives.select_related(
                "theme__axis"
            ).in_reading_order()
            # An axis without themes stands there itself.
            place = words.theme if themes.exclude(title="").exists() else words.axis
            concerned = "concernée" if place.is_feminine else "concerné"
            known["theme"].label = f"{place.title} d’abord {concerned}"
            known["other_themes"].label = f"Autres {place.many}"
            served = "servies" if words.objective.is_feminine else "servis"
            known["objectives"].label = f"{words.objective.titles} {served}"
        if "partners" in known:
            known["partners"].queryset = Organisation.objects.filter(convention=convention)
        if "communes" in known:
            here = Coverage.objects.of(convention).perimeter(day).values("commune")
            known["communes"].queryset = Commune.objects.filter(pk__in=here)
            told = f"La convention va {convention.describe_term()}"
            known["ends_on"].help_text = f"{told} ; une action peut aller plus loin."

    @property
    def _left(self) -> dict:
        """The people who lead the action by what stands, and have no access any more."""
        named = {(lead["user"] or {}).get("id") for lead in self.source["leads"]}
        gone = Lead.objects.of(self.convention).who_left().filter(user__in=named - {None})
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
        cleaned = super().clean()
        if all(rows.is_valid() for rows in self.rows.values()):
            self.tell(
                (name, reason)
                for name, reason in incoherent(self.content)
                if name in self.section.names
            )
        return cleaned

    @property
    def own_content(self) -> dict:
        """What the version would say of this section, canonical; as before where it is wrong."""
        told = {
            field.name: field.plain(self.cleaned_data[field.name])
            for field in ActionCommitment.fields
            if field.name in self.section.names and field.name in self.cleaned_data
        }
        return ordered_like(ActionCommitment.fields, self.source, told)

    @property
    def content(self) -> dict:
        """What the whole version would say."""
        return self.source | self.own_content
