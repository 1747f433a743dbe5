"""Several posts of cooperation in one file: each found again, whoever employs it."""

import pytest

from conventions.models import CooperationPost, Organisation
from tests.conventions.loading.samples import FULL, changed, line_with
from tests.conventions.loading.test_apply_again import writes_of

BEFORE = FULL[: FULL.index("cooperation:")]
NURSERY = """\
  - intitule: Petite enfance
    employeur: CCVE
    etp: 0.7
    repartition: [{domaine: Relais, etp: 0.5}, {domaine: Crèches, etp: 0.2}]
"""
YOUTH = """\
  - {intitule: Jeunesse, employeur: Amis, etp: 0.5, cout_indicatif_etp: 40000}
"""


def posts(*posts_in_yaml: str) -> str:
    return f"{BEFORE}cooperation:\n{''.join(posts_in_yaml)}"


TWO = posts(NURSERY, YOUTH)


def loaded() -> list[tuple]:
    return [
        (post.rank, post.title, post.employer and post.employer.acronym, str(post.fte))
        for post in CooperationPost.objects.in_text().with_parts()
    ]


@pytest.fixture
def pk_of(db):
    return lambda title: CooperationPost.objects.get(title=title).pk


def test_each_post_has_its_employer_and_its_shares(load_text):
    report = load_text(TWO)
    assert report.created["poste de coopération"] == 2
    assert loaded() == [(1, "Petite enfance", "CCVE", "0.70"), (2, "Jeunesse", "Amis", "0.50")]
    assert [p.shares.count() for p in CooperationPost.objects.all()] == [2, 0]


def test_a_file_with_two_posts_loaded_twice_writes_nothing(load_text):
    load_text(TWO)
    reports = []
    assert not writes_of(lambda: reports.append(load_text(TWO)))
    assert not reports[0].has_changes


def test_the_only_post_becomes_the_first_of_two(load_text):
    load_text(FULL)
    key = CooperationPost.objects.get().pk
    load_text(TWO)
    assert CooperationPost.objects.get(rank=1).pk == key
    load_text(FULL)
    assert CooperationPost.objects.get().pk == key


def test_posts_in_another_order_keep_their_rows(load_text, pk_of):
    load_text(TWO)
    before = {title: pk_of(title) for title in ("Petite enfance", "Jeunesse")}
    load_text(posts(YOUTH, NURSERY))
    assert [row[1] for row in loaded()] == ["Jeunesse", "Petite enfance"]
    assert {title: pk_of(title) for title in before} == before


def test_a_post_with_another_title_or_employer_keeps_its_row(load_text, pk_of):
    load_text(TWO)
    youth = pk_of("Jeunesse")
    load_text(TWO.replace("Jeunesse", "Jeunesse et familles"))
    assert pk_of("Jeunesse et familles") == youth
    load_text(TWO.replace("employeur: Amis", "employeur: CAF 99"))
    assert pk_of("Jeunesse") == youth


def test_a_post_that_the_file_has_no_more_is_deleted_or_kept(load_text, hanging, pk_of):
    load_text(TWO)
    hanging[CooperationPost.objects.get(title="Jeunesse")] = "1 suivi en dépend"
    report = load_text(posts(NURSERY))
    assert report.warnings[0] == (
        "le poste de coopération « Jeunesse (Amis) » n’est plus dans le fichier ; "
        "il est conservé car 1 suivi en dépend."
    )
    assert [row[1] for row in loaded()] == ["Petite enfance"]
    youth = pk_of("Jeunesse")
    load_text(TWO)
    assert pk_of("Jeunesse") == youth
    hanging.clear()
    assert load_text(posts(NURSERY)).deleted == {"poste de coopération": 1}


def test_an_employer_that_leaves_with_its_post_is_gone_at_once(load_text):
    load_text(TWO)
    text = posts(NURSERY).replace("  - {sigle: Amis, nom: Les amis de la vallée}\n", "")
    assert load_text(text).deleted == {"poste de coopération": 1, "organisme": 1}
    assert not Organisation.objects.filter(acronym="Amis").exists()
    assert not load_text(text).has_changes


def test_an_employer_whose_post_goes_to_another_is_deleted(load_text):
    load_text(TWO)
    text = TWO.replace("  - {sigle: Amis, nom: Les amis de la vallée}\n", "")
    report = load_text(text.replace("employeur: Amis", "employeur: Insee"))
    assert report.deleted == {"organisme": 1}


WRONG = {
    "an employer that nobody is": (
        "employeur: CCVE", "employeur: CCV",
        "    employeur:",
        "cooperation n°\u00a01, employeur : aucune partie ni aucun organisme n’a le sigle "
        "« CCV » ; sans doute « CCVE »",
    ),
    "shares that do not add up": (
        "domaine: Relais, etp: 0.5", "domaine: Relais, etp: 0.4",
        "    repartition:",
        "cooperation n°\u00a01, repartition : les parts font 0,6 ETP, et le poste 0,7",
    ),
    "a key that is missing": (
        "    etp: 0.7\n", "",
        "  - intitule: Petite",
        "cooperation n°\u00a01, etp : cette clé est obligatoire et manque",
    ),
    "a key that is unknown": (
        "intitule: Jeunesse", "titre: Jeunesse",
        "  - {titre: Jeun",
        "cooperation n°\u00a02, titre : cette clé est inconnue ; les clés admises ici sont "
        "intitule, employeur, etp, cout_indicatif_etp, repartition",
    ),
    "two that are alike": (
        "intitule: Jeunesse, employeur: Amis", "intitule: petite  Enfance, employeur: CCVE",
        "  - {intitule: petite",
        "cooperation n°\u00a02 : rien ne distingue ce poste de cooperation n°\u00a01 ; leur "
        "donner des intitulés ou des employeurs différents",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "at", "expected"), WRONG.values(), ids=WRONG)
def test_a_mistake_has_its_place(mistakes, old, new, at, expected):
    text = changed(old, new, TWO)
    assert mistakes(text) == [f"ligne {line_with(at, text)} : {expected}"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cooperation: []\n", "cette liste est vide ; il faut au moins un élément"),
        (
            "cooperation: un poste\n",
            "des clés sont attendues (intitule, employeur, etp, cout_indicatif_etp, "
            "repartition), pas un texte",
        ),
    ],
)
def test_a_value_that_is_no_post_is_a_mistake(mistakes, text, expected):
    line = BEFORE.count("\n") + 1
    assert mistakes(BEFORE + text) == [f"ligne {line} : cooperation : {expected}"]


def test_two_posts_without_a_name_are_a_mistake(mistakes):
    [mistake] = mistakes(posts("  - {etp: 1}\n  - {etp: 0.5}\n"))
    assert "rien ne distingue ce poste" in mistake
