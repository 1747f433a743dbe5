"""The forms of the steps. Each edits a part of the content of a project; nothing is required before
the convention is created, and what the format refuses is said at its field."""

import hashlib
import re
from typing import Any

from django import forms
from django.utils.text import slugify

from conventions.access.models import Role
from conventions.legal.convention import Convention
from conventions.loading.mistakes import Place
from conventions.parties.models import OrganisationKind
from conventions.setting_up.articles import read_articles, text_of
from conventions.setting_up.content import faults_of, is_missing
from conventions.setting_up.models import Project
from conventions.setting_up.territory import read_lines, set_communes
from ctg_portal.forms.fields import DayField
from ctg_portal.forms.revisions import RevisedForm
from documents.forms import LogoField

MOST_TEXT = 200_000


class StepForm(RevisedForm):
    """A step of a project. ``place``: where its fields are in the content; ``keys`` maps a field
    to its key there."""

    place: Place = ()
    keys: dict[str, str] = {}
    cleaned_data: dict[str, Any]

    def __init__(self, *args, project: Project, **kwargs):
        self.project = project
        initial = self.values_of(project) | {"revision": project.revision}
        super().__init__(*args, initial=initial | kwargs.pop("initial", {}), **kwargs)

    def values_of(self, project: Project) -> dict[str, Any]:
        """Return what a project has in the fields of this form."""
        raise NotImplementedError

    def write(self, project: Project) -> None:
        """Write the cleaned values into a project."""
        raise NotImplementedError

    def clean(self):
        """Try the values on a copy of the project; refuse what the format refuses at their
        place."""
        cleaned = super().clean()
        if not self.errors:
            tried = Project(content=self.project.content, notes=self.project.notes)
            tried.content = _copied(self.project.content)
            tried.notes = _copied(self.project.notes)
            self.write(tried)
            for place, message in faults_of(tried.content):
                name = self._field_at(place)
                if name and not is_missing(message):
                    self.add_error(name, message)
        return cleaned

    def _field_at(self, place: Place) -> str | None:
        """Return the field in which a place is written; None for one of another step."""
        if place[: len(self.place)] != self.place:
            return None
        key = place[len(self.place)] if len(place) > len(self.place) else None
        return next((name for name, known in self.keys.items() if known == key), None)


def _copied(value: Any) -> Any:
    """Return a copy of a content, its lists and mappings too."""
    if isinstance(value, dict):
        return {key: _copied(item) for key, item in value.items()}
    return [_copied(item) for item in value] if isinstance(value, list) else value


class TerritoryForm(StepForm):
    place = ("convention",)
    keys = {"territory": "territoire"}

    territory = forms.CharField(
        label="Nom du territoire", max_length=300, required=False,
        help_text="Tel que la convention l’appelle.",
    )  # fmt: skip
    query = forms.CharField(
        label="Chercher un EPCI, un département, une commune", max_length=100, required=False,
        help_text="Nom, numéro SIREN ou code Insee.",
    )  # fmt: skip
    lines = forms.CharField(
        label="Ajouter une liste de communes", required=False, max_length=MOST_TEXT,
        help_text="Une par ligne : son nom ou son code Insee. Les anciennes communes sont "
        "reconnues.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.notes: list[str] = []
        self.pasted: list[dict[str, Any]] = []

    def values_of(self, project):
        return {"territory": project.territory}

    def clean_lines(self) -> str:
        """Read the communes that were pasted; refuse, line by line, those that cannot be."""
        pasted = read_lines(self.cleaned_data["lines"])
        self.notes, self.pasted = pasted.notes, pasted.communes
        if pasted.mistakes:
            raise forms.ValidationError(pasted.mistakes)
        return self.cleaned_data["lines"]

    @property
    def ticked(self) -> list[str]:
        """The codes of the communes that are ticked: those sent, else those of the project."""
        if self.is_bound:
            sent: Any = self.data
            return sent.getlist("communes")
        return [commune["insee"] for commune in self.project.communes]

    def write(self, project):
        _set(project.heading, "territoire", self.cleaned_data["territory"])
        set_communes(project, self.ticked, self.pasted)


def _set(values: dict[str, Any], key: str, value: Any) -> None:
    """Set a key of the content, or take it out where there is nothing to say."""
    if value in ("", None, [], {}, False):
        values.pop(key, None)
    else:
        values[key] = value


class FrameForm(StepForm):
    """Title, identifier, term, notice and words."""

    place = ("convention",)
    keys = {
        "title": "titre", "slug": "identifiant", "start": "debut", "end": "fin",
        "notice": "preavis_mois", "axis": "libelles", "predecessor": "succede_a",
        "announced": "communes_annoncees",
    }  # fmt: skip

    title = forms.CharField(label="Titre", max_length=300, required=False)
    start = DayField(
        label="Premier jour", required=False, help_text="À défaut, le jour de la signature."
    )
    end = DayField(label="Dernier jour", required=False)
    notice = forms.IntegerField(
        label="Préavis de résiliation, en mois", required=False, min_value=0, max_value=60
    )
    slug = forms.CharField(
        label="Identifiant", max_length=80, required=False,
        help_text="La fin de l’adresse de la convention sur ce portail, par exemple "
        "« pays-de-lumbres-2027 » : minuscules, chiffres et tirets. À vide, il vient du nom du "
        "territoire et de l’année. Il ne change plus une fois la convention créée.",
    )  # fmt: skip
    axis = forms.CharField(label="Votre mot pour « axe »", max_length=40, required=False)
    theme = forms.CharField(label="Votre mot pour « thématique »", max_length=40, required=False)
    objective = forms.CharField(label="Votre mot pour « objectif »", max_length=40, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.project.convention_id:
            self.fields["slug"].disabled = True

    def values_of(self, project):
        heading, labels = project.heading, project.heading.get("libelles", {})
        year = str(heading.get("debut") or heading.get("fin") or "")[:4]
        proposed = slugify(f"{project.territory} {year}")[:80].strip("-")

        def word(key: str) -> str:
            label = labels.get(key, "")
            return label if isinstance(label, str) else label.get("un", "")

        return {
            "title": heading.get("titre", "Convention territoriale globale"),
            "start": heading.get("debut"), "end": heading.get("fin"),
            "notice": heading.get("preavis_mois", 3),
            "slug": heading.get("identifiant", proposed if year else ""),
            "axis": word("axe"), "theme": word("thematique"), "objective": word("objectif"),
        }  # fmt: skip

    def clean_slug(self) -> str:
        """Refuse the identifier of another convention of the portal."""
        slug = self.cleaned_data["slug"]
        holder = Convention.objects.filter(slug=slug).first()
        if holder is not None and holder.pk != self.project.convention_id:
            raise forms.ValidationError("Une convention de ce portail a déjà cet identifiant.")
        return slug

    def write(self, project):
        cleaned, heading = self.cleaned_data, project.heading
        _set(heading, "titre", cleaned["title"])
        _set(heading, "debut", cleaned["start"] and cleaned["start"].isoformat())
        _set(heading, "fin", cleaned["end"] and cleaned["end"].isoformat())
        heading.pop("preavis_mois", None)
        if cleaned["notice"] is not None:
            heading["preavis_mois"] = cleaned["notice"]
        slug = cleaned["slug"]
        if not slug and cleaned["end"]:
            year = (cleaned["start"] or cleaned["end"]).year
            slug = slugify(f"{project.territory} {year}")[:80].strip("-")
        _set(heading, "identifiant", slug)
        labels = dict(heading.get("libelles", {}))
        for name, key in (("axis", "axe"), ("theme", "thematique"), ("objective", "objectif")):
            former = labels.get(key)
            if not (isinstance(former, dict) and former.get("un") == cleaned[name]):
                _set(labels, key, cleaned[name])
        _set(heading, "libelles", labels)


DEFAULT, THRESHOLD, ROUNDING, NONE = "", "seuil", "arrondi", "aucun"
SECRECY = [
    (DEFAULT, "Effectifs de 1 à 4 masqués (la règle par défaut)"),
    (THRESHOLD, "Effectifs masqués sous un seuil plus haut, à écrire ci-dessous"),
    (ROUNDING, "Effectifs arrondis à un multiple de 5"),
    (NONE, "Aucune règle : écrit et montré auprès de la partie"),
]
SIGNATORY = re.compile(r"\s*(?P<name>[^,;]+?)\s*[,;]\s*(?P<capacity>.+?)\s*")


def logo_path(image: bytes) -> str:
    """Return the path of a logo in a content: the same for the same image."""
    return f"logos/{hashlib.sha256(image).hexdigest()[:16]}.png"


class PartyForm(StepForm):
    """A party, or a new one; ``number`` counts from 1."""

    keys = {
        "acronym": "sigle", "name": "nom", "kind": "type", "siren": "siren", "address": "siege",
        "email": "courriel", "source_mention": "mention_source", "secrecy": "secret",
        "signatories": "signataires", "council": "deliberation",
    }  # fmt: skip

    name = forms.CharField(label="Nom", max_length=300, required=False)
    acronym = forms.CharField(
        label="Sigle", max_length=60, required=False, help_text="Un nom court : « Caf 86 »."
    )
    kind = forms.ChoiceField(label="Nature", choices=OrganisationKind.choices)
    agrees = forms.BooleanField(
        label="Son accord est requis pour ce que le comité décide", required=False
    )
    chairs = forms.BooleanField(label="Elle co-anime le comité de pilotage", required=False)
    validates = forms.BooleanField(
        label="Elle valide les analyses de ses données avant leur publication", required=False
    )
    signatories = forms.CharField(
        label="Signataires", required=False, max_length=5000,
        help_text="Une personne par ligne : son nom, une virgule, sa qualité.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    email = forms.CharField(
        label="Adresse électronique officielle", max_length=254, required=False,
        help_text="L’hébergeur y enverra le lien qui désigne le référent des accès, une fois qu’il "
        "l’a confirmée.",
    )  # fmt: skip
    email_source = forms.CharField(
        label="D’où vient cette adresse", max_length=200, required=False,
        help_text="Le site de l’organisme, un courrier…",
    )  # fmt: skip
    address = forms.CharField(label="Siège", max_length=300, required=False)
    logo = LogoField(label="Logo", required=False)
    siren = forms.CharField(label="Numéro SIREN", max_length=20, required=False)
    council = DayField(
        label="Délibération qui autorise la signature", required=False,
    )  # fmt: skip
    source_mention = forms.CharField(
        label="Source à citer auprès de ses chiffres", max_length=300, required=False,
        help_text="À défaut, « Source » et son nom.",
    )  # fmt: skip
    secrecy = forms.ChoiceField(label="Secret statistique", choices=SECRECY, required=False)
    threshold = forms.IntegerField(
        label="Seuil", required=False, min_value=5, max_value=1000,
        help_text="Les effectifs de 1 au seuil moins un sont masqués.",
    )  # fmt: skip

    def __init__(self, *args, project: Project, number: int | None, **kwargs):
        self.number = number
        self.place = ("parties", number - 1 if number else len(project.parties))
        super().__init__(*args, project=project, **kwargs)

    def values_of(self, project):
        number = self.number or 0
        party = project.parties[number - 1] if 1 <= number <= len(project.parties) else {}
        rule = party.get("secret", {})
        kind = rule if isinstance(rule, str) else next(iter(rule), DEFAULT)
        return {
            "name": party.get("nom", ""), "acronym": party.get("sigle", ""),
            "kind": party.get("type", OrganisationKind.OTHER),
            "siren": party.get("siren", ""), "address": party.get("siege", ""),
            "email": party.get("courriel", ""),
            "email_source": project.notes.get("address_sources", {}).get(party.get("sigle"), ""),
            "agrees": party.get("co_valide", False), "chairs": party.get("co_anime", False),
            "validates": party.get("valide_analyses", False),
            "source_mention": party.get("mention_source", ""),
            "council": party.get("deliberation"),
            "signatories": "\n".join(
                f"{person['nom']}, {person['qualite']}" for person in party.get("signataires", [])
            ),
            "secrecy": kind,
            "threshold": rule.get(THRESHOLD) if kind == THRESHOLD else None,
        }  # fmt: skip

    def clean_siren(self) -> str:
        return re.sub(r"\s", "", self.cleaned_data["siren"])

    def clean_signatories(self) -> list[dict[str, str]]:
        """Return the people who sign; refuse a line without comma."""
        people, mistakes = [], []
        for number, line in enumerate(self.cleaned_data["signatories"].splitlines(), start=1):
            if match := SIGNATORY.fullmatch(line):
                people.append({"nom": match["name"], "qualite": match["capacity"]})
            elif line.strip():
                mistakes.append(
                    f"ligne {number} : une virgule sépare le nom de la qualité, par exemple "
                    "« Jeanne Martin, présidente »"
                )
        if mistakes:
            raise forms.ValidationError(mistakes)
        return people

    def clean_threshold(self) -> int | None:
        threshold = self.cleaned_data["threshold"]
        if self.data.get("secrecy") == THRESHOLD and threshold is None:
            raise forms.ValidationError("Écrivez le seuil, 5 au moins.")
        return threshold

    def write(self, project):
        cleaned = self.cleaned_data
        if self.number:
            party = project.parties[self.number - 1]
        else:
            party = {}
            project.parties.append(party)
        former = party.get("sigle")
        rules: dict[str, Any] = {
            THRESHOLD: {"seuil": cleaned["threshold"]}, ROUNDING: {"arrondi": 5}, NONE: "aucun",
        }  # fmt: skip
        values = {
            "sigle": cleaned["acronym"], "nom": cleaned["name"], "type": cleaned["kind"],
            "siren": cleaned["siren"], "courriel": cleaned["email"], "siege": cleaned["address"],
            "mention_source": cleaned["source_mention"],
            "secret": rules.get(cleaned["secrecy"]),
            "co_anime": cleaned["chairs"], "co_valide": cleaned["agrees"],
            "valide_analyses": cleaned["validates"], "signataires": cleaned["signatories"],
            "deliberation": cleaned["council"] and cleaned["council"].isoformat(),
        }  # fmt: skip
        for key, value in values.items():
            _set(party, key, value)
        if cleaned["logo"]:
            party["logo"] = logo_path(cleaned["logo"])
        sources = project.notes.setdefault("address_sources", {})
        sources.pop(former, None)
        if cleaned["acronym"] and cleaned["email_source"]:
            sources[cleaned["acronym"]] = cleaned["email_source"]
        if former and project.notes.get("coordinates_for") == former:
            project.notes["coordinates_for"] = cleaned["acronym"]


class OutlineForm(StepForm):
    """The outline as it is pasted."""

    outline = forms.CharField(
        label="Plan, une ligne par élément", required=False, max_length=MOST_TEXT, strip=False,
        widget=forms.Textarea(attrs={"rows": 16, "class": "outline", "spellcheck": "true"}),
    )  # fmt: skip
    has_themes = forms.ChoiceField(
        label="Sous chaque axe viennent",
        choices=[("oui", "des thématiques, puis des objectifs"), ("non", "des objectifs")],
        widget=forms.RadioSelect,
    )

    def values_of(self, project):
        has_themes = project.outline_choices.get("themes", True)
        return {"outline": project.outline, "has_themes": "oui" if has_themes else "non"}

    def write(self, project):
        """Write the outline; what the view adds is read from it."""


class ArticlesForm(StepForm):
    """Preamble, articles and annexes as one text."""

    text = forms.CharField(
        label="Préambule, articles et annexes", required=False, max_length=1_000_000, strip=False,
        help_text="Une ligne « # Article 1 : titre » ou « # Annexe 1 : titre » ouvre un article ou "
        "une annexe ; ce qui précède est le préambule. Texte en Markdown.",
        widget=forms.Textarea(attrs={"rows": 24, "class": "outline", "spellcheck": "true"}),
    )  # fmt: skip

    def values_of(self, project):
        return {"text": text_of(project.content)}

    def write(self, project):
        parts = read_articles(self.cleaned_data["text"])
        _set(project.heading, "preambule", parts.preamble)
        _set(project.content, "articles", parts.articles)
        _set(project.content, "annexes", parts.annexes)

    def clean(self):
        """Refuse what the format refuses of articles and annexes, with the line of each."""
        cleaned = super().clean()
        if not self.errors:
            parts = read_articles(cleaned["text"])
            content = {"articles": parts.articles, "annexes": parts.annexes}
            for place, message in faults_of(content):
                if place[:2] in parts.lines:
                    wrong = "le titre manque" if is_missing(message) else message
                    self.add_error("text", f"ligne {parts.lines[place[:2]]} : {wrong}")
        return cleaned


MOST_INVITED, MORE_LINES = 30, 3
INVITED_AS = [(role.value, role.label.capitalize()) for role in (Role.CONTRIBUTOR, Role.READER)]


class PeopleForm(StepForm):
    """For whom the person who creates the convention coordinates, and whom the portal invites then:
    lines of an address, a party and an access."""

    coordinates_for = forms.ChoiceField(
        label="Vous coordonnez la convention pour", required=False,
        help_text="La partie dont vous êtes l’agent. Qui coordonne pour elle n’agit pour aucune "
        "autre.",
    )  # fmt: skip

    def __init__(self, *args, project: Project, **kwargs):
        invited = project.notes.get("invitations", [])
        self.rows = range(1, min(len(invited) + MORE_LINES, MOST_INVITED) + 1)
        super().__init__(*args, project=project, **kwargs)
        parties = [
            (p["sigle"], p.get("nom", p["sigle"])) for p in project.parties if p.get("sigle")
        ]
        field: Any = self.fields["coordinates_for"]
        field.choices = [("", "à choisir"), *parties]
        for row in self.rows:
            self.fields[f"email_{row}"] = forms.EmailField(
                label=f"Adresse électronique, personne {row}", required=False, max_length=254
            )
            self.fields[f"party_{row}"] = forms.ChoiceField(
                label=f"Pour, personne {row}", required=False, choices=[("", "à choisir"), *parties]
            )
            self.fields[f"role_{row}"] = forms.ChoiceField(
                label=f"Accès, personne {row}", choices=INVITED_AS, required=False
            )

    @property
    def lines(self) -> list[list[forms.BoundField]]:
        """The three fields of each person to invite."""
        return [[self[f"{name}_{row}"] for name in ("email", "party", "role")] for row in self.rows]

    def values_of(self, project):
        values = {"coordinates_for": project.notes.get("coordinates_for", "")}
        for row, person in enumerate(project.notes.get("invitations", []), start=1):
            values |= {f"{name}_{row}": person[name] for name in ("email", "party", "role")}
        return values

    def clean(self):
        """Refuse an address without party, and the other way round."""
        cleaned = super().clean()
        for row in self.rows:
            email, party = cleaned.get(f"email_{row}"), cleaned.get(f"party_{row}")
            if email and not party:
                self.add_error(f"party_{row}", "Dites pour quelle partie.")
            elif party and not email and f"email_{row}" not in self.errors:
                self.add_error(f"email_{row}", "Écrivez l’adresse de la personne.")
        return cleaned

    def write(self, project):
        cleaned = self.cleaned_data
        project.notes["coordinates_for"] = cleaned["coordinates_for"]
        people = [
            {name: cleaned[f"{name}_{row}"] for name in ("email", "party", "role")}
            for row in self.rows
            if cleaned.get(f"email_{row}")
        ]
        project.notes["invitations"] = [
            person | {"role": person["role"] or Role.READER.value} for person in people
        ]


class ShareForm(forms.Form):
    """The address of an account with whom a project is shared."""

    email = forms.EmailField(label="Adresse électronique de la personne", max_length=254)
