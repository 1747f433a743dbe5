"""What is asked with a proposal to open, or to close."""

from django import forms

from ctg_portal.form_fields import prose


class OpeningForm(forms.Form):
    note = prose("Pourquoi (les parties le liront)", required=False, rows=3)
