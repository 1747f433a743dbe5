"""The database refuses impossible states of files that were brought, and says why."""

import pytest
from django.utils import timezone

from documents.drawing.models import CompositionVerb
from spreadsheets.models import (
    Answer,
    Application,
    ApplicationTransition,
    FileReading,
    FileReadingTransition,
    Import,
    ImportTransition,
    ImportVerb,
    KeptColumns,
    KeptLine,
)
from tests.constraints import (
    another,
    assert_refused,
    assert_told,
    constraints_of,
    each_of,
    with_changes,
)
from tests.factories import UserFactory

pytestmark = pytest.mark.both

NOW = timezone.now()
UNKNOWN, NOT_IN_TABLE = "Cet état est inconnu.", "Cet acte ne mène pas de cet état à cet autre."


def brought(**changes):
    row = Import.objects.create(
        adapter="indicators.values", scope="x/2023", name="a.xlsx", size=3, sha256="0" * 64,
        brought_by=UserFactory(),
    )  # fmt: skip
    return with_changes(row, **changes)


def application(**changes):
    row = Application.objects.create(import_row=brought(), preview="0" * 64)
    return with_changes(row, **changes)


def reading(**changes):
    return with_changes(FileReading.objects.create(import_row=brought()), **changes)


def reading_act():
    return FileReadingTransition(reading=reading(), verb=CompositionVerb.KEPT,
                             from_state="queued", to_state="ready")  # fmt: skip


def kept():
    return KeptLine.objects.create(
        import_row=brought(), key="1", label="Places", place="F!B2", before={}
    )


def columns() -> KeptColumns:
    return KeptColumns.objects.create(adapter="x", office="1", shape="a", columns={})


def answered():
    return Answer.objects.create(adapter="a", office="1", key="organisme:caf", value="1")


def import_act():
    row = brought()
    return ImportTransition(import_row=row, verb=ImportVerb.UNDONE, from_state="received",
                            to_state="undone")  # fmt: skip


def application_act():
    return ApplicationTransition(application=application(), verb=CompositionVerb.KEPT,
                                 from_state="queued", to_state="ready")  # fmt: skip


IMPOSSIBLE = [
    ("import_state_known", lambda: brought(state="burnt"), UNKNOWN),
    ("import_applied_has_moment", lambda: brought(state="applied"),
     "Un import enregistré l’est depuis un moment."),
    ("import_applied_has_moment", lambda: brought(applied_at=NOW),
     "Un import enregistré l’est depuis un moment."),
    ("import_transition_in_table", import_act, NOT_IN_TABLE),
    ("kept_line_once", lambda: another(kept()), "Cet import a déjà enregistré cette ligne."),
    ("answer_once", lambda: another(answered()), "Cette question a déjà une réponse."),
    ("kept_columns_once", lambda: another(columns()),
     "Les colonnes de ces fichiers sont déjà retenues."),
    ("application_state_known", lambda: application(state="burnt"), UNKNOWN),
    ("application_ready_has_file", lambda: application(state="ready"),
     "Un document prêt a un fichier et son empreinte."),
    ("application_composing_has_lease", lambda: application(state="composing"),
     "Un document en préparation est attendu jusqu’à un moment."),
    ("application_one_unfinished", lambda: another(application()),
     "Cet import est déjà en cours d’enregistrement."),
    ("application_transition_in_table", application_act, NOT_IN_TABLE),
    ("filereading_state_known", lambda: reading(state="burnt"), UNKNOWN),
    ("filereading_ready_has_file", lambda: reading(state="ready"),
     "Un document prêt a un fichier et son empreinte."),
    ("filereading_composing_has_lease", lambda: reading(state="composing"),
     "Un document en préparation est attendu jusqu’à un moment."),
    ("reading_one_unfinished", lambda: another(reading()),
     "Ce fichier est déjà en cours de lecture."),
    ("filereading_transition_in_table", reading_act, NOT_IN_TABLE),
]  # fmt: skip
each_impossible_state = each_of(IMPOSSIBLE)


def test_every_constraint_is_in_the_table():
    assert {name for name, _, _ in IMPOSSIBLE} == constraints_of("spreadsheets")


@each_impossible_state
def test_impossible_state_is_told_in_french_and_refused_by_the_database(name, build, message, db):
    row = build()
    assert_told(row, message)
    assert_refused(row, name)
