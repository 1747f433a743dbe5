"""The form of a proposal for a later amendment."""

from django import forms

from agreements.commitments.canonical import plain
from committee.amendments.models import LONGEST_WORDING
from committee.amendments.reading import normalized
from ctg_portal.forms.fields import prose


class AmendmentForm(forms.Form):
    """Another wording of the signed text, and the reason."""

    wording = forms.CharField(
        label="Rédaction proposée",
        max_length=LONGEST_WORDING,
        help_text="Le texte signé est déjà là\u00a0: modifiez-le. La liste montrera ce qui change.",
    )
    reason = prose(
        "Motif", rows=4, help_text="Les parties le liront quand elles prépareront un avenant."
    )

    def __init__(self, *args, signed: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.signed = signed
        self.fields["wording"].initial = signed
        lines = sum(len(line) // 70 + 1 for line in signed.splitlines())
        self.fields["wording"].widget = forms.Textarea({"rows": min(max(lines + 1, 4), 24)})

    def clean_wording(self):
        """Return the wording as plain text; refuse the signed text unchanged but for typography."""
        wording = plain(self.cleaned_data["wording"])
        if normalized(wording) == normalized(self.signed):
            raise forms.ValidationError("C’est encore le texte signé : modifiez-le.")
        return wording
