"""The convention: who sees it, where its term stands, what its territory calls things."""

import datetime
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conventions.dashboard.views import term_of
from conventions.legal.words import Word, Words, plural_of
from conventions.models import Convention
from tests import factories as f

START, END = datetime.date(2020, 1, 1), datetime.date(2024, 12, 31)
DAY = timedelta(days=1)
DAYS = st.integers(0, 40).map(lambda n: START + n * DAY)


# Who sees it ---------------------------------------------------------------------------------


def test_convention_is_visible_to_whoever_has_access(db):
    access = f.MembershipFactory()
    f.ConventionFactory()
    assert list(Convention.objects.visible_to(access.user)) == [access.organisation.convention]


def test_convention_is_visible_once_to_who_has_several_accesses(db):
    access = f.MembershipFactory()
    f.MembershipFactory(user=access.user, organisation=access.organisation, reader=True)
    f.MembershipFactory(user=access.user, convention=access.organisation.convention)
    assert Convention.objects.visible_to(access.user).count() == 1


def test_ended_access_shows_nothing(db):
    access = f.MembershipFactory(ended=True)
    assert not Convention.objects.visible_to(access.user).exists()


def test_access_given_again_shows_the_convention_again(db):
    access = f.MembershipFactory(ended=True)
    f.MembershipFactory(user=access.user, organisation=access.organisation)
    assert Convention.objects.visible_to(access.user).exists()


def test_convention_that_has_ended_stays_visible(db):
    access = f.MembershipFactory(convention=f.ConventionFactory(ended=True))
    assert Convention.objects.visible_to(access.user).exists()


def test_superuser_sees_no_convention_without_access(db):
    f.MembershipFactory()
    assert not Convention.objects.visible_to(f.UserFactory(is_superuser=True)).exists()


# Its term ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "ended", "running", "days_left", "term"),
    [
        (START - DAY, False, False, 1828, "coming"),
        (START, False, True, 1827, "running"),
        (END - DAY, False, True, 2, "running"),
        (END, False, True, 1, "running"),
        (END + DAY, True, False, 0, "ended"),
        (END + 500 * DAY, True, False, 0, "ended"),
    ],
)
def test_the_first_and_last_day_belong_to_the_term(today, ended, running, days_left, term):
    convention = f.ConventionFactory.build(signed_on=START, start=START, end=END)
    assert convention.has_ended(today) == ended
    assert convention.is_running(today) == running
    assert convention.days_left(today) == days_left
    assert term_of(convention, today) == term


@pytest.mark.parametrize("start", [None, START])
def test_unsigned_convention_is_a_project_that_does_not_run(start):
    convention = f.ConventionFactory.build(signed_on=None, start=start, end=END)
    assert not convention.is_signed
    assert not convention.is_running(START)
    assert term_of(convention, START) == "project"
    assert term_of(convention, END + DAY) == "project"


@pytest.mark.parametrize(
    ("today", "years"),
    [
        (START, [2020, 2021, 2022, 2023, 2024]),
        (datetime.date(2024, 2, 29), [2024]),
        (END, [2024]),
        (END + DAY, [2024]),
        (END + 500 * DAY, [2024]),
    ],
)
def test_a_project_without_a_first_day_has_the_years_to_come_or_its_last(today, years):
    convention = f.ConventionFactory.build(project=True, end=END)
    assert [*convention.years(today)] == years
    assert convention.covers(END)
    assert convention.covers(START)
    assert not convention.covers(END + DAY)
    assert convention.describe_term() == "jusqu’au 31\xa0décembre 2024"


def test_a_day_before_the_first_is_none_of_the_term():
    convention = f.ConventionFactory.build(signed_on=START, start=START, end=END)
    assert convention.covers(START)
    assert not convention.covers(START - DAY)
    assert convention.describe_term() == "du 1er\xa0janvier 2020 au 31\xa0décembre 2024"


@given(
    start=st.none() | DAYS,
    length=st.integers(0, 20),
    is_signed=st.booleans(),
    day=DAYS,
)
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_queries_and_properties_agree_on_the_term(start, length, is_signed, day, db):
    end = (start or START) + length * DAY
    signed_on = START if start and is_signed else None
    with transaction.atomic():
        convention = f.ConventionFactory(start=start, end=end, signed_on=signed_on)
        rows = Convention.objects.filter(pk=convention.pk)
        assert rows.ended(day).exists() == convention.has_ended(day)
        assert rows.running(day).exists() == convention.is_running(day)
        assert (convention.days_left(day) == 0) == convention.has_ended(day)


def test_predecessor_is_the_loaded_convention_of_that_name(db):
    earlier = f.ConventionFactory(slug="vallee-2015")
    convention = f.ConventionFactory(predecessor_slug="vallee-2015")
    assert Convention.objects.predecessor_of(convention) == earlier
    assert Convention.objects.predecessor_of(earlier) is None
    convention.predecessor_slug = "vallee-2010"
    assert Convention.objects.predecessor_of(convention) is None


def test_predecessor_is_looked_for_among_what_is_visible_only(db):
    f.ConventionFactory(slug="vallee-2015")
    access = f.MembershipFactory(organisation__convention__predecessor_slug="vallee-2015")
    visible = Convention.objects.visible_to(access.user)
    assert visible.predecessor_of(access.organisation.convention) is None


# What its territory calls things -------------------------------------------------------------

# Word, plural, gender; then with "the", "of the", "this", "no".
REAL_WORDS = [
    ("Axe", "axes", "m", "l’axe, de l’axe, cet axe, aucun axe"),
    ("Axe stratégique", "axes stratégiques", "m",
     "l’axe stratégique, de l’axe stratégique, cet axe stratégique, aucun axe stratégique"),
    ("Enjeu", "enjeux", "m", "l’enjeu, de l’enjeu, cet enjeu, aucun enjeu"),
    ("Volet", "volets", "m", "le volet, du volet, ce volet, aucun volet"),
    ("Orientation", "orientations", "f",
     "l’orientation, de l’orientation, cette orientation, aucune orientation"),
    ("Ambition", "ambitions", "f", "l’ambition, de l’ambition, cette ambition, aucune ambition"),
    ("Champ d'intervention", "champs d'intervention", "m",
     "le champ d'intervention, du champ d'intervention, ce champ d'intervention, "
     "aucun champ d'intervention"),
    ("Champ d’action", "champs d’action", "m",
     "le champ d’action, du champ d’action, ce champ d’action, aucun champ d’action"),
    ("Priorité", "priorités", "f", "la priorité, de la priorité, cette priorité, aucune priorité"),
    ("Travail", "travaux", "m", "le travail, du travail, ce travail, aucun travail"),
    ("Finalité", "finalités", "f", "la finalité, de la finalité, cette finalité, aucune finalité"),
    ("Défi", "défis", "m", "le défi, du défi, ce défi, aucun défi"),
    ("Cap", "caps", "m", "le cap, du cap, ce cap, aucun cap"),
    ("Thématique", "thématiques", "f",
     "la thématique, de la thématique, cette thématique, aucune thématique"),
    ("Objectif général", "objectifs généraux", "m",
     "l’objectif général, de l’objectif général, cet objectif général, aucun objectif général"),
    ("Objectif de progrès", "objectifs de progrès", "m",
     "l’objectif de progrès, de l’objectif de progrès, cet objectif de progrès, "
     "aucun objectif de progrès"),
    ("Domaine", "domaines", "m", "le domaine, du domaine, ce domaine, aucun domaine"),
    ("Échéance", "échéances", "f",
     "l’échéance, de l’échéance, cette échéance, aucune échéance"),
    ("Mission", "missions", "f", "la mission, de la mission, cette mission, aucune mission"),
    ("Parcours", "parcours", "m", "le parcours, du parcours, ce parcours, aucun parcours"),
    ("Lycée", "lycées", "m", "le lycée, du lycée, ce lycée, aucun lycée"),
    ("Stratégie", "stratégies", "f",
     "la stratégie, de la stratégie, cette stratégie, aucune stratégie"),
    ("Perspective", "perspectives", "f",
     "la perspective, de la perspective, cette perspective, aucune perspective"),
    ("Démarche", "démarches", "f", "la démarche, de la démarche, cette démarche, aucune démarche"),
    ("Horizon", "horizons", "m", "l’horizon, de l’horizon, cet horizon, aucun horizon"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("label", "many", "gender", "around"), REAL_WORDS, ids=[row[0] for row in REAL_WORDS]
)
def test_a_word_has_its_french_article_gender_and_plural(label, many, gender, around):
    word = Word.from_label(label)
    assert (word.singular, word.plural, word.gender) == (label[0].lower() + label[1:], many, gender)
    assert [word.the, word.genitive, word.this, word.no] == around.split(", ")
    assert word.an == f"{'une' if gender == 'f' else 'un'} {word.singular}"
    assert word.title == label
    assert word.titles == many[0].upper() + many[1:]
    assert word.forms == f"{word.singular},{many}"
    assert word.sub_forms == f"sous-{word.singular},sous-{many}"


@pytest.mark.parametrize(
    ("gender", "labels"),
    [
        ("f", ["Compétence", "Gouvernance", "Ouverture", "Facette", "Expertise", "Filière",
               "Semaine", "Visée", "Thématique transversale"]),
        ("m", ["Comité", "Côté", "Traité", "Chantier", "Levier", "Pilier", "Champ", "Programme",
               "Objectif de qualité"]),
    ],
)  # fmt: skip
def test_gender_is_likely(gender, labels):
    assert {Word.from_label(label).gender for label in labels} == {gender}


@pytest.mark.parametrize(
    ("name", "plural"),
    [
        ("Axe stratégique majeur", "axes stratégiques majeurs"),
        ("Champ du possible", "champs du possible"),
        ("Pôle des familles", "pôles des familles"),
        ("Réponse à donner", "réponses à donner"),
        ("Mise en œuvre", "mises en œuvre"),
        ("Action pour tous", "actions pour tous"),
    ],
)
def test_plural_of_a_name_leaves_its_complement_alone(name, plural):
    assert Word.from_label(name).plural == plural


def test_file_may_state_the_forms_and_the_gender():
    word = Word.from_label({"un": "Piste", "des": "Pistes à suivre", "genre": "f"})
    assert (word.title, word.titles) == ("Piste", "Pistes à suivre")
    assert (word.the, word.this, word.no) == ("la piste", "cette piste", "aucune piste")


def test_file_may_state_a_part_of_the_forms():
    assert Word.from_label({"un": "Enjeu"}).plural == "enjeux"
    assert Word.from_label({"un": "Voie", "genre": "f"}).the == "la voie"
    assert Word.from_label({"un": "Bal", "des": ""}).plural == "bals"


@pytest.mark.parametrize(
    ("label", "singular", "plural"),
    [
        ("PEDT", "PEDT", "PEDT"),
        ("AAP local", "AAP local", "AAP locaux"),
        ("À-côté", "à-côté", "à-côtés"),
    ],
)
def test_acronym_keeps_its_capitals_and_takes_no_plural(label, singular, plural):
    word = Word.from_label(label)
    assert (word.singular, word.plural, word.title) == (singular, plural, label)


@pytest.mark.parametrize(
    ("word", "plural"),
    [
        ("travail", "travaux"),
        ("Travail", "Travaux"),
        ("festival", "festivals"),
        ("canal", "canaux"),
        ("tuyau", "tuyaux"),
        ("jeu", "jeux"),
        ("choix", "choix"),
        ("nez", "nez"),
        ("lycée", "lycées"),
    ],
)
def test_a_word_has_its_french_plural(word, plural):
    assert plural_of(word) == plural


def test_convention_without_labels_speaks_of_axes_themes_and_objectives():
    words = f.ConventionFactory.build(labels={}).words
    assert (words.axis.titles, words.theme.titles, words.objective.titles) == (
        "Axes",
        "Thématiques",
        "Objectifs",
    )
    assert Words.from_labels({"axe": "", "objectif": None}) == words


def test_each_label_names_its_own_notion():
    labels = {"axe": "Enjeu", "thematique": "Volet", "objectif": "Orientation"}
    words = f.ConventionFactory.build(labels=labels).words
    assert words.axis.title == "Enjeu"
    assert words.theme.title == "Volet"
    assert words.objective.title == "Orientation"
    assert words.objective.is_feminine
    assert not words.axis.is_feminine
