"""The forms of an organisation and of somebody without account."""

from django import forms

from conventions.directory.likeness import Likeness
from conventions.directory.models import Contact
from conventions.parties.models import Organisation
from ctg_portal.forms.revisions import RevisedForm
from ctg_portal.text.numbers import key_in
from ctg_portal.text.typography import polish


class RowForm(RevisedForm):
    """A row of the list as it is typed."""

    @property
    def values(self) -> dict[str, str]:
        """The cleaned values of the form's fields, without its revision."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class OrganisationForm(RowForm, forms.ModelForm):
    """An organisation to add; ``others``: primary keys of those that it is not."""

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
        """Leave the row as it is: the event validates it, and a refused form changes nothing."""

    @property
    def others(self) -> set[int]:
        """The primary keys of the organisations that the user has ticked as different ones."""
        return {key for text in self.data.getlist("autres") if (key := key_in(text))}

    def ask_about(self, likenesses: list[Likeness]) -> None:
        """Set the organisations that the page asks about; none where one is the same."""
        self.alike = [] if likenesses[0].is_same else likenesses

    @property
    def alike_choices(self) -> list[tuple[int, str]]:
        """The organisations that look like the typed one, to tick as different ones: primary key
        and label."""
        choices = []
        for organisation in (entry.organisation for entry in self.alike):
            town = f", {organisation.town}" if organisation.town else ""
            label = f"C’est un autre organisme que « {organisation.name} »{town}"
            choices.append((organisation.pk, polish(label)))
        return choices


class ContactForm(RowForm, forms.ModelForm):
    class Meta:
        model = Contact
        fields = ("name", "capacity", "email")
        labels = {"capacity": "Fonction (facultatif)", "email": "Courriel (facultatif)"}

    def _post_clean(self):
        """Leave the row as it is, as ``OrganisationForm`` does."""
