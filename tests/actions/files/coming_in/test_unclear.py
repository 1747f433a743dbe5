"""Every action of a file comes in: what no field takes is kept in its words, to be specified."""

import pytest
from django.urls import reverse

from actions.models import Action, BroughtPart, UnclearText
from agreements.answers import events as answers
from agreements.models import Version
from agreements.versions import events as drafts
from committee.dossiers.events import propose_dossier
from conventions.models import Organisation
from spreadsheets.importing import events
from tests.actions.factories import agree, draft_action
from tests.actions.files.coming_in.office import bring, keep
from tests.agreements.factories import SeatFactory
from tests.indicators.values.files.office import plain
from tests.spreadsheets.files import xlsx

pytestmark = pytest.mark.django_db

HEAD = ["Thématique", "Action", "Pilote", "Calendrier", "Coût (€ TTC)", "État", "Bilan 2023"]
ODD = ["Petite enfance", "Ouvrir une crèche", "La Ruche", "printemps 2023", "CC 100 %", "réflexion"]


@pytest.fixture
def brought(office):
    """``brought(*rows)``: what a file of these rows has written, kept with what was read of it."""

    def brought(*rows):
        row = bring(office, office.coordinator, HEAD, *rows)
        keep(row, office.coordinator, is_partial=True)
        return row

    return brought


def texts_of(action) -> dict[str, str]:
    return dict(action.unclear_texts.order_by("pk").values_list("label", "text"))


def test_a_title_and_a_place_make_a_draft_and_each_other_cell_stays_as_text(brought):
    brought(ODD)
    action = Action.objects.get(title="Ouvrir une crèche")
    assert texts_of(action) == {
        "Pilote": "La Ruche", "Calendrier": "printemps 2023", "Coût (€ TTC)": "CC 100 %",
        "État": "réflexion", "Ce qu’elle sert": "", "Description": "",
    }  # fmt: skip
    assert action.fundings.count() == action.leads.count() == 0
    draft = Version.objects.about(action).get()
    assert "La Ruche" not in draft.text
    assert "CC 100" not in draft.text


def test_the_same_file_again_keeps_no_text_twice(office, brought):
    brought(ODD)
    [line] = office.read("plan.xlsx", xlsx(HEAD, ODD)).lines
    assert not line.is_to_keep
    assert office.read("plan.xlsx", xlsx(HEAD, ODD)).mistakes == []


def test_a_file_without_a_whole_reading_writes_nothing_unless_asked_for(office):
    row = bring(office, office.coordinator, HEAD, ODD)
    preview = office.read("plan.xlsx", xlsx(HEAD, ODD))
    assert not preview.is_whole
    assert events.why_not_kept(preview, is_partial=False) is not None
    assert events.why_not_kept(preview, is_partial=True) is None
    assert row.is_received


def test_an_action_with_texts_is_proposed_and_agreed_to_and_they_stay(office, brought):
    brought(ODD)
    action = Action.objects.get(title="Ouvrir une crèche")
    draft = Version.objects.about(action).get()
    assert "Reste à préciser ensuite" in draft.commitment.describe_consequences(
        action, draft.content
    )
    propose_dossier(office.committee.convention, [draft], title="Plan", by=office.coordinator)
    agree(office.committee, Version.objects.get(pk=draft.pk))
    action.refresh_from_db()
    assert action.is_agreed
    assert texts_of(action)["Pilote"] == "La Ruche"


def test_without_a_text_what_is_missing_still_keeps_it_from_being_proposed(office):
    draft = draft_action(office.committee, title="Sans pilote", leads=[])
    refusal = draft.commitment.refuse_incomplete(
        office.committee.convention, draft.content, draft.subject
    )
    assert refusal is not None


def test_undoing_the_import_takes_its_texts_away(office, brought):
    row = brought(ODD)
    events.undo(row, by=office.coordinator)
    assert not UnclearText.objects.exists()
    assert not Action.objects.filter(title="Ouvrir une crèche").exists()


def test_undoing_the_import_takes_the_follow_up_of_new_actions_away(office, brought):
    row = brought(["Petite enfance", "Ouvrir une crèche", "", "2023", "", "en cours", "Ouverte."])
    assert BroughtPart.objects.exists()
    events.undo(row, by=office.coordinator)
    assert not BroughtPart.objects.exists()
    assert not Action.objects.filter(title="Ouvrir une crèche").exists()


def test_the_sheet_lists_texts_for_who_may_settle_them_and_for_nobody_else(office, brought, client):
    brought(ODD)
    action = Action.objects.get(title="Ouvrir une crèche")
    propose_dossier(
        office.committee.convention, Version.objects.about(action), title="A",
        by=office.coordinator,
    )  # fmt: skip
    client.force_login(office.committee.caf_member)
    assert "La Ruche" not in client.get(action.get_absolute_url()).content.decode()
    client.force_login(office.coordinator)
    page = plain(client.get(action.get_absolute_url()).content.decode())
    assert "À préciser" in page
    assert "La Ruche" in page
    text = action.unclear_texts.get(label="Pilote")
    address = reverse(
        "actions:settle_text", args=[office.committee.convention.slug, action.pk, text.pk]
    )
    client.post(address, {"regler": "oui"})
    other = action.unclear_texts.get(label="Calendrier")
    client.post(address.replace(f"/{text.pk}/", f"/{other.pk}/"), {"ecarter": "oui"})
    text.refresh_from_db()
    other.refresh_from_db()
    assert (text.was_taken, text.settled_by) == (True, office.coordinator)
    assert (other.was_taken, bool(other.settled_at)) == (False, True)
    assert "La Ruche" not in client.get(action.get_absolute_url()).content.decode()
    client.force_login(office.committee.caf_member)
    left = action.unclear_texts.open().first()
    assert client.post(address.replace(f"/{text.pk}/", f"/{left.pk}/")).status_code == 404


# Follow-up ------------------------------------------------------------------------------------

TOLD = ["Petite enfance", "Créer un relais", "Caf", "2021-2023", None, "fait", "Trois réunions."]


def test_the_follow_up_waits_with_the_draft_and_begins_with_the_agreement(office, brought, client):
    brought(TOLD)
    action = Action.objects.get(title="Créer un relais")
    assert (action.state, action.notes.count(), action.journal.count()) == ("to_come", 0, 0)
    draft = Version.objects.about(action).get()
    propose_dossier(office.committee.convention, [draft], title="A", by=office.coordinator)
    client.force_login(office.committee.caf_member)
    assert "Trois réunions" not in client.get(action.get_absolute_url()).content.decode()
    kept = BroughtPart.objects.get(part="etat")
    agree(office.committee, Version.objects.get(pk=draft.pk))
    action = Action.objects.get(pk=action.pk)
    assert (action.state, action.notes.get().text) == ("done", "Trois réunions.")
    assert not BroughtPart.objects.exists()
    entry = action.journal.get(part="etat")
    assert (entry.user, entry.created_at) == (office.coordinator, kept.brought_at)


def test_follow_up_that_came_with_a_file_does_not_keep_the_agreement_from_being_undone(
    office, brought
):
    brought(TOLD)
    draft = Version.objects.drafts().get()
    propose_dossier(office.committee.convention, [draft], title="A", by=office.coordinator)
    version = Version.objects.get(pk=draft.pk)
    agree(office.committee, version)
    version.refresh_from_db()
    last = version.agreements.latest("pk")
    answers.undo([last], by=last.entered_by)
    version.refresh_from_db()
    assert version.is_proposed
    agree(office.committee, version)
    assert version.subject.journal.count() == 2


def test_a_draft_that_is_given_up_drops_its_follow_up(office, brought):
    brought(TOLD)
    drafts.discard_draft(Version.objects.drafts().get(), by=office.coordinator)
    assert not BroughtPart.objects.exists()
    assert not UnclearText.objects.exists()


def test_the_same_follow_up_again_changes_nothing(office, brought):
    brought(TOLD)
    [line] = office.read("plan.xlsx", xlsx(HEAD, TOLD)).lines
    assert not line.is_to_keep


# Organisations --------------------------------------------------------------------------------


def test_new_organisations_are_added_in_one_answer_for_all_lines_that_name_them(office):
    rows = [
        HEAD,
        ["Petite enfance", "Ouvrir une crèche", "La Ruche"],
        ["Petite enfance", "Ouvrir un jardin", "La Ruche et la Caf"],
    ]
    preview = office.read("plan.xlsx", xlsx(*rows))
    [question] = [one for one in preview.open_questions if "La Ruche" in one.text]
    assert not Organisation.objects.filter(name="La Ruche").exists()
    answered = office.read("plan.xlsx", xlsx(*rows), **{question.key: "ajouter"})
    assert answered.is_whole
    office.keep(answered)
    added = Organisation.objects.get(name="La Ruche")
    assert added.is_added
    actions = office.actions()
    assert [lead.organisation for lead in actions["Ouvrir une crèche"].leads.all()] == [added]
    assert added in [lead.organisation for lead in actions["Ouvrir un jardin"].leads.all()]
    again = office.read("plan.xlsx", xlsx(*rows), **{question.key: "ajouter"})
    assert again.to_keep == []


def test_who_may_not_add_organisations_is_not_offered_to(office):
    adviser = SeatFactory(organisation=office.committee.epci, adviser=True).user
    rows = [HEAD, ["Petite enfance", "Ouvrir une crèche", "La Ruche"]]
    for user, is_offered in [(office.coordinator, True), (adviser, False)]:
        preview = office.read("plan.xlsx", xlsx(*rows), user=user)
        values = [choice.value for one in preview.questions for choice in one.choices]
        assert ("ajouter" in values) == is_offered


def test_an_organisation_may_stay_a_text_without_being_a_mistake(office):
    rows = [HEAD, ["Petite enfance", "Ouvrir une crèche", "La Ruche"]]
    [question] = office.read("plan.xlsx", xlsx(*rows)).open_questions
    preview = office.read("plan.xlsx", xlsx(*rows), **{question.key: "-"})
    assert preview.is_whole
    office.keep(preview)
    assert texts_of(Action.objects.get(title="Ouvrir une crèche"))["Pilote"] == "La Ruche"


def test_the_page_of_a_draft_proposes_it_with_what_is_to_be_specified(office, brought, client):
    brought(ODD)
    action = Action.objects.get(title="Ouvrir une crèche")
    client.force_login(office.coordinator)
    page = client.get(reverse("actions:edit", args=[office.scope, action.pk])).content.decode()
    assert "Proposer au comité" in page
