"""The forms of an organisation and of somebody without account."""

from django import forms

from conventions.directory.likeness import Likeness
from conventions.models import Contact, Organisation
from ctg_portal.numbers import key_in
from ctg_portal.revisions import RevisedForm
from ctg_portal.typography import polish


class RowForm(RevisedForm):
    """A row of the list as it is typed."""

    @property
    def values(self) -> dict:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class OrganisationForm(RowForm, forms.ModelForm):
    """An organisation of the coordinator's; ``others``: those that she says it is not."""

    class Meta:
        model = Organisation
        fields = ("name", "acronym", "kind", "town", "contact_email")
        labels = {"acronym": "Sigle (facultatif)", "kind": "Nature",
                  "town": "Commune (facultatif)",
                  "contact_email": "Courriel de contact (facultatif)"}  # fmt: skip
        help_texts = {
            "contact_email": "Pour lui écrire : il ne donne aucun accès au portail. L’adresse "
            "officielle d’un organisme est donnée par qui agit pour lui."
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["acronym"].required = False
        self.alike: list[Likeness] = []

    def _post_clean(self):
        """The event looks at the row: a form that is refused leaves it as it is."""

    @property
    def others(self) -> set[int]:
        return {key for text in self.data.getlist("autres") if (key := key_in(text))}

    def tell_alike(self, found: list[Likeness]) -> None:
        """Have the page ask whether they are others, where that can be."""
        self.alike = [] if found[0].is_same else found

    @property
    def asked(self) -> list[tuple[int, str]]:
        return [(one.organisation.pk, polish(_told(one.organisation))) for one in self.alike]


def _told(organisation: Organisation) -> str:
    town = f", {organisation.town}" if organisation.town else ""
    return f"C’est un autre organisme que « {organisation.name} »{town}"


class ContactForm(RowForm, forms.ModelForm):
    class Meta:
        model = Contact
        fields = ("name", "capacity", "email")
        labels = {"capacity": "Fonction (facultatif)", "email": "Courriel (facultatif)"}

    def _post_clean(self):
        """As for an organisation."""
