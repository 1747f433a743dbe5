"""A dossier of many points: a box to tick where one does not agree, its fields on the next page."""

import pytest
from django.conf import settings

from agreements.answers import events as answers
from agreements.answers.events import Reply
from agreements.models import Agreement, Answer
from committee.dossiers.reading import LONG
from tests.agreements.factories import SeatFactory, committee_of
from tests.committee.dossiers.scene import dossier_of, seen_text, told, url_of, versions_of
from tests.stories import told_once

pytestmark = [pytest.mark.django_db, pytest.mark.once]

MANY = LONG + 2


@told_once
def committee():
    return committee_of()


@pytest.fixture
def caf(committee, client):
    client.force_login(committee.caf_member)
    return client


@told_once
def dossier(committee):
    return dossier_of(committee, MANY)


def sent(page, *ticked) -> dict:
    """What the browser sends: a box that is not ticked is not in it."""
    seen = page.context["sheet"].seen_field.value()
    return {"seen": seen, "autrement": [version.pk for version in ticked]}


def test_one_button_agrees_to_every_point(dossier, caf):
    page = caf.get(url_of(dossier))
    assert page.context["sheet"].forms == []
    after = caf.post(url_of(dossier), sent(page), follow=True)
    assert told(after) == [f"Votre accord sur {MANY} points est enregistré."]
    assert set(Agreement.objects.values_list("answer", flat=True)) == {Answer.AGREED}
    assert Agreement.objects.filter(dossier_answer__dossier=dossier).count() == MANY


def test_the_number_of_fields_does_not_grow_with_the_points(dossier, caf):
    """Above a number of fields a request is refused whole: 600 points must stay below it."""
    html = caf.get(url_of(dossier)).content.decode().split("dossier-answer", 1)[1]
    form = html.split("</form>", 1)[0]
    boxes = form.count('type="checkbox"')
    assert boxes == MANY
    assert form.count(" name=") - boxes < 6
    # All of them ticked is one field of the same name for each.
    assert settings.DATA_UPLOAD_MAX_NUMBER_FIELDS > 600 + 6


def test_what_is_ticked_is_asked_next_and_nothing_is_recorded_before(dossier, caf):
    one, two, *_others = versions_of(dossier)
    page = caf.get(url_of(dossier))
    asked = caf.post(url_of(dossier), sent(page, one, two))
    assert asked.status_code == 200
    assert not Agreement.objects.exists()
    assert [form.version for form in asked.context["sheet"].forms] == [one, two]
    text = seen_text(asked)
    assert "Rien n’est encore enregistré." in text
    assert "Dites ce que vous répondez aux deux points cochés" in text
    assert f'href="#id_p{one.pk}-answer_0"' in text
    # Whoever ticked the box did not agree: nothing is preselected.
    assert "checked" not in text.split("dossier-answer", 1)[1]


def test_the_answers_to_what_was_ticked_are_written_with_the_rest(dossier, caf):
    one, two, *others = versions_of(dossier)
    asked = caf.post(url_of(dossier), sent(caf.get(url_of(dossier)), one, two))
    data = sent(asked, one, two)
    for version, answer, reason in [(one, "change_requested", "Plus tôt"), (two, "later", "")]:
        fields = {"answer": answer, "reason": reason, "body": "", "body_date": ""}
        data |= {f"p{version.pk}-{name}": value for name, value in fields.items()}
    after = caf.post(url_of(dossier), data, follow=True)
    assert Agreement.objects.get(version=one).reason == "Plus tôt"
    assert not Agreement.objects.filter(version=two).exists()
    assert Agreement.objects.filter(version__in=others, answer="agreed").count() == MANY - 2
    assert told(after)[0].startswith(f"{MANY - 1} réponses sont enregistrées, dont")
    assert "Un point attend la réponse" in seen_text(after)


def test_a_point_ticked_and_left_unanswered_is_a_mistake_at_its_place(dossier, caf):
    one, two, *_others = versions_of(dossier)
    data = sent(caf.get(url_of(dossier)), one, two)
    data |= {f"p{one.pk}-reason": "", f"p{one.pk}-body": "", f"p{one.pk}-body_date": ""}
    data |= {f"p{two.pk}-answer": "change_requested", f"p{two.pk}-reason": "Gardé"}
    back = caf.post(url_of(dossier), data)
    assert [item.version for item in back.context["sheet"].to_correct] == [one]
    text = seen_text(back)
    assert "À corriger" in text
    assert "Gardé" in text
    assert not Agreement.objects.exists()


def test_a_point_changed_or_answered_meanwhile_is_told(committee, dossier, caf):
    changed, overtaken, *_others = versions_of(dossier)
    colleague = SeatFactory(organisation=committee.caf, capacity="Présidente").user
    page = caf.get(url_of(dossier))
    newer = committee.edited(changed, title="Autrement dit")
    answers.answer(Reply(overtaken, Answer.AGENDA), by=colleague)
    back = caf.post(url_of(dossier), sent(page))
    text = seen_text(back)
    assert f"Votre accord sur {MANY - 2} points est enregistré." in text
    assert "Deux réponses n’ont pas été prises" in text
    assert f"/points/{newer.pk}/?depuis=1" in text
    assert f"{colleague} vient de répondre" in text


def test_contents_are_folded_and_read_all_the_same(dossier, caf):
    text = seen_text(caf.get(url_of(dossier)))
    assert text.count("<summary>Lire le point</summary>") == MANY
    assert text.count("Nombre d’espaces ouverts") == MANY
