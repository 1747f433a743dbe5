"""Which communes a cell of a plan names."""

import pytest

from actions.files.coming_in.places import Places
from conventions.models import Commune
from spreadsheets.columns.questions import Asking
from tests import factories as f
from tests.actions.files.coming_in.office import content_of
from tests.actions.files.coming_in.test_office_plans import read
from tests.indicators.values.files.office import plain, wrong

pytestmark = pytest.mark.django_db


@pytest.fixture
def where():
    convention = f.ConventionFactory()
    for code, name in [("86183", "Les Ormes"), ("86207", "La Roche-Posay"), ("86001", "Saint-Paul"),
                       ("37001", "Saint-Paul")]:  # fmt: skip
        f.CoverageFactory(commune__convention=convention, commune__name=name,
                          commune__insee_code=code)  # fmt: skip
    return Places(convention, convention.end, Asking({}))


def test_a_commune_is_known_by_its_article(where):
    found, unknown, is_all = where.communes_of("Commune des Ormes ; mairie de La Roche-Posay")
    assert [commune.name for commune in found] == ["Les Ormes", "La Roche-Posay"]
    assert not unknown
    assert not is_all


def test_a_name_that_two_communes_have_is_asked_about(where):
    found, unknown, _ = where.communes_of("Les Ormes, Saint-Paul")
    assert [commune.name for commune in found] == ["Les Ormes"]
    assert [(piece, len(among)) for piece, among in unknown.items()] == [("Saint-Paul", 2)]


@pytest.mark.parametrize("said", ["Saint-Paul (86)", "commune de St Paul (86001)"])
def test_its_departement_tells_which(where, said):
    found, unclear, _ = where.communes_of(said)
    assert [commune.insee_code for commune in found] == ["86001"]
    assert not unclear


@pytest.mark.parametrize(
    ("answer", "codes"), [("37001", ["37001"]), ("toutes", ["37001", "86001"]), ("", None)]
)
def test_which_of_two_communes_of_one_name_is_asked(office, answer, codes):
    for code, name in [("86001", "Saint-Paul (86)"), ("37001", "Saint-Paul (37)")]:
        f.CoverageFactory(commune__convention=office.convention, commune__name=name,
                          commune__insee_code=code)  # fmt: skip
    rows = [["Thématique", "Action", "Communes"], ["Petite enfance", "Une", "Saint-Paul"]]
    preview = read(office, *rows)
    [question] = preview.open_questions
    assert plain(question.text) == (
        "« Saint-Paul » est le nom de deux communes de la convention : laquelle ?"
    )
    if not answer:
        assert "écrivez « Saint-Paul (37) » ou « Saint-Paul (86) »" in wrong(preview)["Feuille!C2"]
        return
    content = content_of(read(office, *rows, **{question.key: answer}))["Une"]
    named = Commune.objects.filter(pk__in=[one["id"] for one in content["communes"]])
    assert sorted(named.values_list("insee_code", flat=True)) == codes
