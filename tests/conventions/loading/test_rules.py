"""What parts of a file say of one another."""

import pytest

from conventions.loading import rules
from tests.conventions.loading.samples import FULL, MINIMAL, changed, line_with

# What is written instead of what ("§" on the line that is told), and the mistake.
CASES = {
    "the identifier of a page": (
        "identifiant: vallee-exemple-2021", "§identifiant: nouvelle",
        "convention, identifiant : « nouvelle » est une page du portail ; prendre un autre nom",
    ),
    "the end before the start": (
        "fin: 2025-12-31", "§fin: 2020-12-31",
        "convention, fin : la fin (2020-12-31) précède le début (2021-01-01)",
    ),
    "a term that is longer than any": (
        "debut: 2021-01-01\n  fin: 2025-12-31", "debut: 1990-01-01\n  §fin: 2025-12-31",
        "convention, fin : la convention durerait plus de 30 ans (du 1990-01-01 au 2025-12-31) ; "
        "vérifier le début et la fin",
    ),
    "an axis with themes and objectives": (
        "    thematiques:\n", "    objectifs: [{titre: Autre}]\n    thematiques:\n",
        "axes n°\u00a01 : « thematiques » et « objectifs » s’excluent ; garder l’une des deux clés",
    ),
    "an axis with neither": (
        "    objectifs:\n      - titre: Rénover les logements\n", "",
        "axes n°\u00a02 : il manque « thematiques » ou « objectifs »",
    ),
    "two axes alike": (
        "  - numero: 2\n    titre: Hab", "  - §numero: 1\n    titre: Hab",
        "axes n°\u00a02, numero : « 1 » figure déjà dans axes n°\u00a01",
    ),
    "two themes alike": (
        'numero: "1.2"', '§numero: "1.10"',
        "axes n°\u00a01, thematiques n°\u00a02, numero : « 1.10 » figure déjà dans axes "
        "n°\u00a01, thematiques n°\u00a01",
    ),
    "two codes alike": (
        "code: FORM", "§code: LAEP",
        "axes n°\u00a01, thematiques n°\u00a01, objectifs n°\u00a01, sous_objectifs "
        "n°\u00a02, code : « LAEP » figure déjà dans "
        "axes n°\u00a01, thematiques n°\u00a01, objectifs n°\u00a01",
    ),
    "two codes alike in distant axes": (
        "      - titre: Rénover les logements\n",
        "      - titre: Rénover les logements\n        §code: laep\n",
        "axes n°\u00a02, objectifs n°\u00a01, code : « laep » figure déjà dans "
        "axes n°\u00a01, thematiques n°\u00a01, objectifs n°\u00a01",
    ),
    "two parties alike": (
        "sigle: CCVE", "§sigle: caf  99",
        "parties n°\u00a02, sigle : « caf  99 » figure déjà dans parties n°\u00a01",
    ),
    "a party and an organisation alike": (
        "sigle: Insee", "§sigle: CAF 99",
        "organismes n°\u00a01, sigle : « CAF 99 » figure déjà dans parties n°\u00a01",
    ),
    "two communes alike": (
        'insee: "99003"', '§insee: "01001"',
        "communes n°\u00a03, insee : « 01001 » figure déjà dans communes n°\u00a01",
    ),
    "two articles alike": (
        "numero: 2, titre: Les enjeux", "§numero: 1, titre: Les enjeux",
        "articles n°\u00a02, numero : « 1 » figure déjà dans articles n°\u00a01",
    ),
    "two annexes alike": (
        "annexes:\n", "annexes:\n  - {numero: 1, titre: Autre}\n",
        "annexes n°\u00a02, numero : « 1 » figure déjà dans annexes n°\u00a01",
    ),
    "somebody who signs twice for a party": (
        "nom: Paul DURAND", "§nom: Jeanne Martin",
        "parties n°\u00a01, signataires n°\u00a02, nom : « Jeanne Martin » figure déjà dans "
        "parties n°\u00a01, signataires n°\u00a01",
    ),
    "shares that do not add up": (
        "etp: 0.7", "etp: 0.75",
        "cooperation, repartition : les parts font 1,05 ETP, et le poste 1",
    ),
    "nobody to agree": (
        "co_valide: oui", "co_valide: non",
        "parties : aucune partie n’a « co_valide: oui » ; il en faut au moins une",
    ),
    "a commune that leaves before it joins": (
        "sortie: 2023-12-31", "§sortie: 2020-12-31",
        "communes n°\u00a01, sortie : la sortie (2020-12-31) précède l’entrée (2021-01-01)",
    ),
    "a convention that succeeds itself": (
        "succede_a: vallee-exemple-2017", "§succede_a: vallee-exemple-2021",
        "convention, succede_a : une convention ne succède pas à elle-même",
    ),
}  # fmt: skip

# Where the line is that of a whole part.
AT = {
    "axes n°\u00a01 : ": "- numero: 1\n    titre: Acc",
    "axes n°\u00a02 : ": "- numero: 2\n    titre: Hab",
    "annexes n°\u00a02, numero : ": '- {numero: 1, titre: "Chargé',
    "cooperation, repartition : ": "  repartition:",
    "parties : ": "parties:",
}


@pytest.mark.parametrize(("old", "new", "expected"), CASES.values(), ids=CASES)
def test_a_contradiction_is_a_mistake_of_its_line(mistakes, old, new, expected):
    marked = changed(old, new)
    text = marked.replace("§", "")
    part = next((part for start, part in AT.items() if expected.startswith(start)), None)
    line = line_with(part, text) if part else line_with("§", marked)
    assert mistakes(text) == [f"ligne {line} : {expected}"]


def test_the_signature_is_the_start_when_there_is_no_other(mistakes):
    text = changed("  debut: 2021-01-01\n", "").replace("fin: 2025-12-31", "fin: 2021-06-29")
    assert mistakes(text) == [
        "ligne 8 : convention, fin : la fin (2021-06-29) précède la signature, qui vaut début "
        "(2021-06-30)"
    ]


def test_a_convention_signed_after_its_end_is_no_mistake(read_text):
    text = changed("signee_le: 2021-06-30", "signee_le: 2026-01-15")
    assert read_text(text)


def test_a_convention_may_last_one_day(read_text):
    text = changed("debut: 2021-01-01", "debut: 2025-12-31")
    assert read_text(text)


def test_the_same_person_may_sign_for_two_parties(read_text):
    text = changed(
        "    deliberation: 2021-05-12\n",
        "    deliberation: 2021-05-12\n    signataires: [{nom: Paul DURAND, qualite: Maire}]\n",
    )
    assert read_text(text)


def test_the_same_number_may_name_an_article_an_annex_and_an_axis(read_text):
    content = read_text(FULL).content
    assert {content[part][0]["numero"] for part in ("articles", "annexes", "axes")} == {1}


def test_objectives_of_one_title_are_no_mistake(read_text):
    text = changed("titre: Soutenir les assistants maternels", "titre: Rénover les logements")
    assert read_text(text)


def test_thirds_of_a_post_add_up_exactly(read_text):
    shares = ", ".join(f"{{domaine: d{i}, etp: 0.1}}" for i in range(3))
    text = MINIMAL + f"cooperation: {{etp: 0.3, repartition: [{shares}]}}\n"
    assert read_text(text)


def test_a_post_that_is_not_shared_out_needs_no_sum(read_text):
    assert read_text(MINIMAL + "cooperation: {etp: 0.3}\n")
    assert read_text(MINIMAL + "cooperation: {etp: 0.3, repartition: []}\n")


@pytest.mark.parametrize(
    "spoilt",
    [
        "- {sigle: B, nom: B, co_valide: peut-être}",
        "- un texte",
        "-",
    ],
)
def test_a_party_that_cannot_be_read_may_be_the_one_that_agrees(mistakes, spoilt):
    text = changed("co_valide: oui\n", f"co_valide: non\n  {spoilt}\n", MINIMAL)
    assert not any("aucune partie" in line for line in mistakes(text))


WRONG = [None, "texte", 3, True, [], [None], ["texte"], [[]], {}, {"numero": []}, [{"numero": {}}],
         [{"sigle": {}, "code": [], "insee": None, "nom": 3}]]  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG, ids=repr)
def test_rules_skip_a_value_of_the_wrong_type(wrong):
    assert [message for _, message in rules.mistakes_in(wrong)] == []
    content = dict.fromkeys(
        ("convention", "parties", "organismes", "articles", "axes", "communes", "cooperation"),
        wrong,
    )
    messages = [message for _, message in rules.mistakes_in(content)]
    assert all("co_valide" in message for message in messages)


@pytest.mark.parametrize("wrong", WRONG, ids=repr)
@pytest.mark.parametrize("key", ["thematiques", "objectifs", "signataires", "repartition", "etp"])
def test_rules_skip_a_value_of_the_wrong_type_within_a_list(wrong, key):
    row = {key: wrong, "co_valide": True}
    content = {"parties": [row], "axes": [row], "cooperation": row, "convention": row}
    assert list(rules.mistakes_in(content)) == []
