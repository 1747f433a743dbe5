"""The form of the signature of a convention: a day, a place, who signed for each party, the
scan."""

from collections.abc import Sequence

from django import forms
from django.utils import timezone

from committee.signing.events import Recorded
from committee.signing.models import Signing
from committee.signing.reading import label_signatory
from conventions.models import Party
from ctg_portal.forms.fields import DayField
from ctg_portal.forms.revisions import RevisedForm, revision_of
from ctg_portal.rules import Refusal
from ctg_portal.templatetags.french import long_date
from ctg_portal.text.differences import Change, Changes, words_changed
from documents.forms import PDFField

LONGEST = 200


class SignatoriesField(forms.CharField):
    """The people who signed for a party, one a line: a name, a comma, a capacity. Its cleaned value
    is a list of pairs."""

    def __init__(self, **kwargs):
        super().__init__(
            widget=forms.Textarea({"rows": 2}), max_length=2000,
            help_text="Une personne par ligne : nom, qualité.", **kwargs,
        )  # fmt: skip

    def clean(self, value) -> list[tuple[str, str]]:
        """Return the pairs. Raises ValidationError with the line that has no capacity."""
        pairs = []
        for line in filter(str.strip, super().clean(value).splitlines()):
            name, _, capacity = (part.strip() for part in line.partition(","))
            if not name or not capacity:
                raise forms.ValidationError(
                    f"« {line.strip()} » : écrivez le nom, une virgule, puis la qualité."
                )
            if len(name) > LONGEST or len(capacity) > LONGEST:
                raise forms.ValidationError(
                    f"Un nom et une qualité ont {LONGEST} caractères au plus."
                )
            pairs.append((name, capacity))
        return pairs


class SigningForm(RevisedForm):
    """The signature as the coordination records it; without a new scan, the stored one stays."""

    signed_on = DayField(label="Signée le")
    signed_at = forms.CharField(label="Signée à", max_length=LONGEST)
    scan = PDFField(label="Le document signé, numérisé")

    def __init__(self, *args, signing: Signing | None, parties: Sequence[Party], **kwargs):
        """Fill in what is recorded, or, of ``signing=None``, the signatories that the text
        announces."""
        kwargs["initial"] = {
            "revision": revision_of(signing),
            "signed_on": signing.signed_on if signing else None,
            "signed_at": signing.signed_at if signing else "",
        }
        super().__init__(*args, **kwargs)
        self.signing, self.parties = signing, parties
        self.fields["scan"].required = signing is None
        if signing:
            self.fields["scan"].label = "Un autre document signé (facultatif)"
        for party in parties:
            acronym = party.organisation.acronym
            known = (
                [label_signatory(person) for person in signing.signatories.get(acronym, [])]
                if signing
                else [str(person) for person in party.signatories.all()]
            )
            self.fields[f"p{party.pk}"] = SignatoriesField(
                label=f"Signée, pour {party.organisation.the}, par", initial="\n".join(known)
            )
        self.order_fields(["revision", "signed_on", "signed_at", *self._names, "scan"])

    @property
    def _names(self) -> list[str]:
        return [f"p{party.pk}" for party in self.parties]

    def clean_signed_on(self):
        """Refuse a day that is still to come."""
        day = self.cleaned_data["signed_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(
                "Ce jour est à venir : la signature s’enregistre une fois la convention signée."
            )
        return day

    def clean(self):
        """Ask for the document again where the form has errors: the browser does not keep it."""
        data = super().clean() or {}
        if data.get("scan") and self.errors:
            self.add_error("scan", "Choisissez de nouveau ce document.")
        return data

    @property
    def recorded(self) -> Recorded:
        data = self.cleaned_data
        people = {party.organisation.acronym: data[f"p{party.pk}"] for party in self.parties}
        return Recorded(data["signed_on"], data["signed_at"], people, data.get("scan"))

    def show_recorded(self, refusal: Refusal, signing: Signing | None) -> None:
        """Show what somebody else has recorded beside what was typed; ``signing``: None where it is
        withdrawn meanwhile."""
        data = self.cleaned_data
        changes = [
            self._change("signed_on", long_date(signing.signed_on) if signing else "",
                         long_date(data.get("signed_on"))),
            self._change("signed_at", signing.signed_at if signing else "", data.get("signed_at")),
        ]  # fmt: skip
        for party in self.parties:
            people = signing.signatories.get(party.organisation.acronym, []) if signing else []
            now = " ; ".join(label_signatory(person) for person in people)
            typed = " ; ".join(", ".join(pair) for pair in data.get(f"p{party.pk}") or [])
            changes.append(self._change(f"p{party.pk}", now, typed))
        if signing and data.get("scan"):
            changes.append(self._change("scan", signing.scan.name, data["scan"].name))
        self.show_both(refusal, signing, Changes(changes))

    def _change(self, name: str, now: str | None, typed: str | None) -> Change:
        return Change(str(self.fields[name].label), words_changed(now or "", typed or ""))
