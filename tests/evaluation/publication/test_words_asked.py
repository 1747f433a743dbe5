"""What a form lacks is asked for in words."""

import pytest
from django.utils import timezone

from evaluation.comments.forms import TextCommentForm
from evaluation.publication.forms import (
    CheckForm,
    OpinionForm,
    ReturnForm,
    SubmitForm,
    ValidationForm,
)
from evaluation.writing.image_forms import ImageForm
from indicators.collection.forms import CampaignForm, ReminderForm, ReopenForm

FORMS = [
    TextCommentForm({}),
    ImageForm({}),
    CheckForm({}),
    ReturnForm({}),
    SubmitForm({}, corrects=True),
    ReopenForm({}),
    ReminderForm({}, asks_again=False),
    CampaignForm({}, today=timezone.localdate()),
    OpinionForm({}, voices=[]),
    ValidationForm({}, voices=[]),
]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: type(form).__name__)
def test_an_empty_form_asks_in_words(form):
    errors_shown = [one for errors in form.errors.values() for one in errors]
    assert errors_shown
    assert "Ce champ est obligatoire." not in errors_shown
