"""What a card says of a version: a sentence made of the fields that differ, never invented."""

import pytest

from agreements.commitments.commitment import axes_of_rows
from agreements.commitments.fields import Children, Day, Flag, Key, Number, Text
from agreements.versions.endings import draft_ending
from committee.points.gist import describe_change, gist_of, sentences_of
from indicators.definitions.commitments import Targets
from tests.agreements.factories import committee_of
from tests.stories import told_once

pytestmark = pytest.mark.django_db


@told_once
def committee():
    return committee_of()


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def test_what_is_new_says_its_first_facts(committee):
    gist = plain(gist_of(committee.proposed("Ouvrir deux espaces"), None))
    assert gist.startswith("Nouvel objectif. Échéance : ")
    assert gist.endswith(" ; mesure : Nombre d’espaces ouverts.")


def test_a_second_fact_is_given_where_two_lines_of_a_telephone_hold_it(committee):
    measure = "Nombre d’espaces labellisés, à moins de vingt minutes"
    gist = plain(gist_of(committee.proposed("Ouvrir deux espaces", measure=measure), None))
    assert gist.startswith("Nouvel objectif. Échéance : ")
    assert "mesure" not in gist


def test_a_single_changed_field_is_given_before_and_after(committee):
    first = committee.in_force("Ouvrir deux espaces")
    second = committee.edited(first, title="Ouvrir trois espaces")
    assert plain(gist_of(second, first)) == (
        "Intitulé : « Ouvrir trois espaces » au lieu de « Ouvrir deux espaces »."
    )


def test_several_fields_are_counted_and_named(committee):
    first = committee.in_force("Ouvrir deux espaces")
    second = committee.edited(first, title="Trois", measure="Autre", is_priority=True)
    assert plain(gist_of(second, first)) == (
        "Trois champs changent : intitulé, mesure et prioritaire."
    )


def test_a_version_that_ends_an_objective_says_so_in_its_gist(committee):
    first = committee.in_force("Ouvrir deux espaces")
    end = draft_ending(first.subject, by=committee.coordinator, note="Fait")
    assert gist_of(end, first) == "L’objectif prend fin."


def sentences(version, before=None, reader=None) -> list[str]:
    return [plain(sentence) for sentence in sentences_of(version, before, reader)]


def test_a_new_objective_says_by_when_and_what_will_show_it(committee):
    first, second = sentences(committee.proposed("Ouvrir", measure="Nombre d’espaces ouverts."))
    assert first.startswith("À atteindre le ")
    assert second == "Ce qui le montrera : nombre d’espaces ouverts."


def test_two_changed_fields_have_a_sentence_each_and_more_are_named(committee):
    first = committee.in_force("Ouvrir deux espaces")
    second = committee.edited(first, title="Trois", is_priority=True)
    title = "Intitulé : « Trois » au lieu de « Ouvrir deux espaces »."
    assert sentences(second, first) == [title, "Prioritaire : oui au lieu de non."]
    third = committee.edited(first, title="Trois", measure="Autre", is_priority=True)
    assert sentences(third, first) == [
        title, "Deux autres champs changent : mesure et prioritaire.",
    ]  # fmt: skip


def test_an_end_says_what_it_means(committee):
    first = committee.in_force("Ouvrir deux espaces")
    end = draft_ending(first.subject, by=committee.coordinator, note="Fait")
    assert sentences(end, first) == [
        "L’objectif prend fin : on cesse de le poursuivre dès que toutes les parties l’ont accepté."
    ]


LONG = (
    "Un texte qui ne tient pas dans une phrase, et que l’on ne résume pas à la place des parties."
)
PEOPLE = Children("people", "Pilotes", fields=(Key(), Text("name", "Nom")))


@pytest.mark.parametrize(
    ("field", "before", "after", "gist"),
    [
        (Day("x", "Fin"), "2024-12-31", "2025-06-30",
         "Fin : 30 juin 2025 au lieu du 31 décembre 2024."),
        (Number("x", "Budget", "€"), 10, 12, "Budget : 12 € au lieu de 10 €."),
        (Flag("x", "Prioritaire"), False, True, "Prioritaire : oui au lieu de non."),
        (Text("x", "Public"), "", "Familles", "Public : « Familles »."),
        (Text("x", "Public"), "Familles", "", "Public : plus rien n’est dit."),
        (Text("x", "Public"), "Familles", LONG, "Le texte change : public."),
        (Text("x", "Public"), "", LONG, "Public : un texte."),
        (PEOPLE, [], [{"id": 1, "name": "Anne"}], "Pilotes : « Nom : Anne » en plus."),
        (PEOPLE, [{"name": "Anne"}], [], "Pilotes : « Nom : Anne » en moins."),
        (PEOPLE, [{"name": "A"}, {"name": "B"}], [{"name": "B"}, {"name": "A"}],
         "Pilotes : l’ordre change."),
        (PEOPLE, [{"name": "A"}, {"name": "B"}], [{"name": "C"}],
         "Pilotes : une ligne en plus, deux lignes en moins."),
        (Targets("x", "Cibles"), [{"year": 2022, "value": 448}], [{"year": 2022, "value": 460}],
         "La cible 2022 passe de 448 à 460 places."),
        (Targets("x", "Cibles"), [], [{"year": None, "value": 460}],
         "Nouvelle cible à terme : 460 places."),
        (Targets("x", "Cibles"), [{"year": 2022, "value": 448}], [],
         "La cible 2022 est retirée ; elle était de 448."),
        (Targets("x", "Cibles"), [{"year": 2022, "value": 1}, {"year": 2023, "value": 2}],
         [{"year": 2022, "value": 3}, {"year": 2023, "value": 4}],
         "Les cibles 2022 et 2023 changent."),
    ],
)  # fmt: skip
def test_each_kind_of_field_has_its_sentence(field, before, after, gist):
    sentence = describe_change(field, {"x": before, "people": before},
                           {"x": after, "people": after, "unit": "places"})  # fmt: skip
    assert plain(sentence) == gist


def test_axes_are_found_without_reading_rows(committee):
    """The path that the database follows leads where the row itself does."""
    version = committee.proposed()
    axis = version.commitment.axis_of(version.subject)
    row = (version.kind, version.object_id)
    assert axes_of_rows([row]) == {row: axis.pk}
