"""The database refuses impossible states of the plan, and says why in French."""

import datetime

import pytest
from django.core.files.base import ContentFile

from actions import models
from actions.follow_up.events import attach_document
from actions.models import Action
from documents.models import StoredFile
from tests.actions.factories import draft_action, funding
from tests.agreements.factories import committee_of
from tests.constraints import (
    another,
    assert_kept,
    assert_refused,
    assert_told,
    constraints_of,
    each_of,
    with_changes,
)
from tests.documents.files import PDF
from tests.stories import told_once

pytestmark = pytest.mark.both

DAY, NEXT_DAY = datetime.date(2024, 1, 1), datetime.date(2024, 1, 2)
YEAR = 2024


@told_once
def drafted(db):
    """The action of which all rows are."""
    draft_action(committee_of(), fundings=[])


def action(**changes) -> Action:
    return with_changes(Action.objects.get(), **changes)


def second(**changes) -> Action:
    return another(action(), **changes)


def means(**changes):
    row = action()
    return models.Means(action=row, organisation=row.leads.get().organisation, **changes)


def line(**changes):
    row = action()
    values = {"funder": row.leads.get().organisation, "year": YEAR} | changes
    return models.Funding(action=row, **values)


def line_twice(funder=None, **changes):
    committee = committee_of()
    version = draft_action(committee, fundings=[funding(funder or committee.caf, YEAR)])
    return another(version.subject.fundings.get(), **changes)


def milestone(**changes):
    return models.Milestone(
        **{"action": action(), "title": "Local trouvé", "due_on": DAY} | changes
    )


def unclear(**changes):
    values = {"about": "leads", "label": "Pilote", "text": "La Ruche"}
    return models.UnclearText(**{"action": action()} | values | changes)


def brought_twice():
    first = models.BroughtPart(action=action(), part="etat", content="{}")
    first.save()
    return another(first)


def note(**changes):
    return models.FollowUp(**{"action": action(), "year": YEAR, "text": "Fait."} | changes)


def note_twice():
    first = note()
    first.save()
    return note(action=first.action)


def document(title):
    row = action()
    upload = ContentFile(PDF, name="a.pdf")
    row.standing = "in_force"
    row.save()
    coordinator = row.convention.versions.get().author
    attach_document(row, upload, title="Convention", by=coordinator)
    return models.ActionDocument(action=row, document=StoredFile.objects.get(), title=title)


CHOICES = "L’état ou la priorité de cette action est inconnu."
REASON = "Dites pourquoi l’action est en pause, bloquée ou abandonnée."
PROGRESS = "Un avancement estimé va de 0 à 100 %, et l’est un jour donné."
ONE_FUNDER = "Un financement a un financeur : un organisme de la convention, ou un autre."
SAME_LINE = "Cette action a déjà cette ligne de financement."
NEGATIVE = "Un montant n’est pas négatif."
FTE = "Un moyen humain se compte en ETP, au-dessus de zéro."
WEIGHT = "Le poids d’un jalon va de 1 à 100."

IMPOSSIBLE = [
    ("action_standing_known", lambda: action(standing="agreed"), "Cet état est inconnu."),
    ("action_number_unique", second, "Cette convention a déjà une fiche action de ce numéro."),
    ("action_has_title", lambda: action(title=""), "Une fiche action a un titre."),
    ("action_choices_known", lambda: action(state="late"), CHOICES),
    ("action_choices_known", lambda: action(priority="urgent"), CHOICES),
    ("action_ends_after_start", lambda: action(starts_on=NEXT_DAY, ends_on=DAY),
     "La fin de l’action précède son début."),
    ("action_continuous_has_no_end", lambda: action(is_continuous=True),
     "Une action en continu n’a pas de date de fin."),
    *(("action_reason_given", lambda state=state: action(state=state), REASON)
      for state in models.ActionState.with_reason()),
    ("action_stated_progress_up_to_100", lambda: action(stated_progress=101, stated_on=DAY),
     PROGRESS),
    ("action_stated_progress_up_to_100", lambda: action(stated_progress=40), PROGRESS),
    ("action_stated_progress_up_to_100", lambda: action(stated_on=DAY), PROGRESS),
    ("means_fte_positive", lambda: means(fte=0), FTE),
    ("means_fte_positive", lambda: means(fte=-1), FTE),
    ("funding_one_funder", lambda: line(funder=None), ONE_FUNDER),
    ("funding_one_funder", lambda: line(funder_name="Région"), ONE_FUNDER),
    ("funding_line_unique", line_twice, SAME_LINE),
    ("funding_other_line_unique", lambda: line_twice("Région"), SAME_LINE),
    *(("funding_amounts_not_negative", lambda name=name: line(**{name: -1}), NEGATIVE)
      for name in ("planned", "granted", "spent")),
    ("funding_nature_known", lambda: line(nature="gift"),
     "Cette nature de financement est inconnue."),
    ("milestone_weight_from_1_to_100", lambda: milestone(weight=0), WEIGHT),
    ("milestone_weight_from_1_to_100", lambda: milestone(weight=101), WEIGHT),
    ("milestone_has_title", lambda: milestone(title=""), "Un jalon a un titre."),
    ("follow_up_year_unique", note_twice, "Cette action a déjà un bilan pour cette année."),
    ("follow_up_has_text", lambda: note(text=""), "Un bilan a un texte."),
    ("unclear_text_labelled", lambda: unclear(label=""), "Un texte à préciser a un intitulé."),
    ("unclear_text_taken_once_settled", lambda: unclear(was_taken=True),
     "Un texte repris dans la fiche est réglé."),
    ("brought_part_unique", brought_twice, "Cette partie du suivi attend déjà l’accord."),
    ("action_document_has_title", lambda: document(""), "Un document a un intitulé."),
]  # fmt: skip

# What looks like an impossible state and is not.
POSSIBLE = {
    "a day": lambda: action(starts_on=DAY, ends_on=DAY),
    "without calendar": lambda: action(starts_on=None, ends_on=None),
    "in continuity": lambda: action(ends_on=None, is_continuous=True),
    "the same number elsewhere": lambda: second(convention=committee_of().convention),
    "nothing done yet": lambda: action(stated_progress=0, stated_on=DAY),
    "blocked, with its reason": lambda: action(state="blocked", state_reason="Local inondé"),
    "a line of another year": lambda: line_twice(year=YEAR + 1),
    "a line of another nature": lambda: line_twice(nature="investment"),
    "a line of another scheme": lambda: line_twice("Région", scheme="Bonus"),
    "nothing planned": lambda: line(planned=None, spent=0),
    "a document": lambda: document("Autre convention"),
}

each_impossible_state = each_of(IMPOSSIBLE)


def test_every_constraint_is_in_the_table():
    assert {name for name, _, _ in IMPOSSIBLE} == constraints_of("actions")


@each_impossible_state
def test_an_impossible_state_is_reported_in_french_and_refused_by_the_database(
    name, build, message, drafted
):
    row = build()
    assert_told(row, message)
    assert_refused(row, name)


@pytest.mark.parametrize("build", POSSIBLE.values(), ids=POSSIBLE.keys())
def test_possible_state_is_accepted(build, drafted):
    assert_kept(build())
