"""A correct file: every scalar typed by its key, defaults for what is absent."""

import datetime
from decimal import Decimal

import pytest

from tests.conventions.loading.samples import FULL, MINIMAL, changed


@pytest.fixture
def content(read_text):
    return read_text(FULL).content


def test_every_key_of_the_convention_is_typed(content):
    assert content["format"] == 1
    assert content["convention"] == {
        "identifiant": "vallee-exemple-2021",
        "titre": "Convention territoriale globale",
        "territoire": "Communauté de communes de la Vallée-Exemple",
        "signee_le": datetime.date(2021, 6, 30),
        "signee_a": "Exempleville",
        "debut": datetime.date(2021, 1, 1),
        "fin": datetime.date(2025, 12, 31),
        "preavis_mois": 6,
        "libelles": {
            "axe": "Enjeu",
            "thematique": {"un": "Volet", "des": "Volets", "genre": "m"},
            "objectif": "Objectif",
        },
        "succede_a": "vallee-exemple-2017",
        "communes_annoncees": 3,
        "preambule": "La vallée est un **territoire** : elle a des habitants.\n\n- un\n- deux",
        "chiffres": [
            {
                "libelle": "Habitants",
                "valeur": Decimal(84904),
                "unite": "habitants",
                "source": "Insee, RP 2016",
            },
            {"libelle": "Part", "valeur": Decimal("19.4")},
        ],
        "points_a_verifier": ["Les axes sont annoncés dans un ordre et détaillés dans un autre."],
    }


def test_every_key_of_a_party_is_typed(content):
    caf, epci = content["parties"]
    assert caf == {
        "sigle": "CAF 99",
        "nom": "Caisse d'allocations familiales d'Exemple",
        "type": "caf",
        "siren": "123456789",
        "courriel": "contact@caf.example",
        "siege": "1 rue de l'Exemple, 99000 Exempleville",
        "mention_source": "Source CAF d'Exemple",
        "secret": {"seuil": 5},
        "co_anime": True,
        "co_valide": True,
        "valide_analyses": False,
        "signataires": [
            {"nom": "Jeanne MARTIN", "qualite": "Directrice"},
            {"nom": "Paul DURAND", "qualite": "Président"},
        ],
    }
    assert epci["secret"] == {"arrondi": 5}
    assert (epci["co_anime"], epci["co_valide"]) == (False, False)
    assert epci["deliberation"] == datetime.date(2021, 5, 12)
    assert content["organismes"][1] == {
        "sigle": "Amis", "nom": "Les amis de la vallée", "type": "autre",
    }  # fmt: skip


def test_numbers_of_themes_and_codes_stay_texts(content):
    theme = content["axes"][0]["thematiques"][0]
    assert theme["numero"] == "1.10"
    assert [commune["insee"] for commune in content["communes"]] == ["01001", "2A004", "99003"]


def test_every_key_of_the_structure_is_typed(content):
    axis = content["axes"][0]
    assert (axis["numero"], axis["texte"], axis["prioritaire"]) == (1, "Une introduction.", True)
    first, second = axis["thematiques"][0]["objectifs"]
    assert first == {
        "titre": "Ouvrir un lieu d'accueil",
        "code": "LAEP",
        "prioritaire": True,
        "est_un_objectif": True,
        "sous_objectifs": [
            "Trouver un local",
            {"titre": "Former : les accueillants", "code": "FORM"},
        ],
    }
    assert (second["prioritaire"], second["sous_objectifs"]) == (False, [])


def test_every_key_of_a_commune_is_typed(content):
    assert content["communes"][0] == {
        "insee": "01001",
        "nom": "Exempleville",
        "nom_dans_le_texte": "Exemple-Ville",
        "membre_epci": True,
        "entree": datetime.date(2021, 1, 1),
        "sortie": datetime.date(2023, 12, 31),
        "fin_cej": datetime.date(2020, 12, 31),
        "population": 1234,
        "lon": Decimal("0.5"),
        "lat": Decimal("46.8"),
    }
    assert content["communes"][1]["membre_epci"] is False


def test_the_post_is_typed_exactly(content):
    post = content["cooperation"]
    assert (post["etp"], post["cout_indicatif_etp"]) == (Decimal(1), Decimal(48000))
    assert [share["etp"] for share in post["repartition"]] == [Decimal("0.7"), Decimal("0.3")]


def test_an_absent_key_has_the_default_of_the_format(read_text):
    content = read_text(MINIMAL).content
    convention = content["convention"]
    assert convention["preavis_mois"] == 3
    assert "delai_contestation_jours" not in convention
    assert convention["chiffres"] == convention["points_a_verifier"] == []
    assert "signee_le" not in convention
    assert "debut" not in convention
    party = content["parties"][0]
    assert (party["type"], party["co_anime"], party["signataires"]) == ("autre", False, [])
    for section in ("organismes", "articles", "annexes", "communes"):
        assert content[section] == []
    assert "cooperation" not in content


def test_defaults_are_not_shared_between_files(read_text):
    read_text(MINIMAL).content["organismes"].append("spoilt")
    assert read_text(MINIMAL).content["organismes"] == []


def test_a_convention_without_start_starts_when_it_is_signed(read_text):
    text = changed("  debut: 2021-01-01\n", "")
    assert read_text(text).content["convention"]["debut"] == datetime.date(2021, 6, 30)


@pytest.mark.parametrize("nothing", ["", " ", " ~", " null", ' ""', " '  '"])
def test_an_empty_value_counts_as_absent(read_text, nothing):
    text = changed("  signee_le: 2021-06-30\n", f"  signee_le:{nothing}\n")
    assert "signee_le" not in read_text(text).content["convention"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [("oui", True), ("Oui", True), ("true", True), ('"oui"', True), ("TRUE", True),
     ("non", False), ("false", False), ("NON", False)],
)  # fmt: skip
def test_booleans_are_read_in_french_and_english(read_text, written, meant):
    text = changed("    co_anime: true\n", f"    co_anime: {written}\n")
    assert read_text(text).content["parties"][0]["co_anime"] is meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("84904", 84904),
        ("+5", 5),
        ("-3.25", "-3.25"),
        ('"7.5"', "7.5"),
        ("007", 7),
        ("0.1", "0.1"),
        ("1.50000", "1.5"),
    ],
)
def test_numbers_are_exact(read_text, written, meant):
    text = changed("valeur: 84904", f"valeur: {written}")
    assert read_text(text).content["convention"]["chiffres"][0]["valeur"] == Decimal(meant)


@pytest.mark.parametrize(
    "title", ["non", "1.0", "2021-06-30", "0x1F", "1e3", "12:30", "Null", "=", "12_000", "010"]
)
def test_a_title_stays_as_written_whatever_it_looks_like(read_text, title):
    text = changed("titre: Accueillir\n", f"titre: {title}\n")
    assert read_text(text).content["axes"][0]["titre"] == title


def test_texts_lose_the_spaces_around_them_only(read_text):
    text = changed("titre: Accueillir\n", 'titre: "  Accueillir  tous "\n')
    assert read_text(text).content["axes"][0]["titre"] == "Accueillir  tous"


def test_a_folded_text_is_one_line(read_text):
    text = changed("titre: Accueillir\n", "titre: >-\n      Accueillir\n      chacun\n")
    assert read_text(text).content["axes"][0]["titre"] == "Accueillir chacun"


def test_accents_typed_in_two_characters_are_one(read_text):
    text = changed("titre: Accueillir\n", "titre: E\u0301couter\n")
    assert read_text(text).content["axes"][0]["titre"] == "Écouter"


def test_a_place_has_its_line(read_text):
    file = read_text(FULL)
    assert file.line("convention", "titre") == 4
    lines = FULL.split("\n")
    place = ("axes", 0, "thematiques", 0, "objectifs", 0, "sous_objectifs", 1, "code")
    assert "FORM" in lines[file.line(*place) - 1]
    assert "Habiter" in lines[file.line("axes", 1, "titre") - 1]
    assert "CAF 99" in lines[file.line("parties", 0, "logo") - 1]
    assert file.line("axes", 2) == file.line("axes") == lines.index("axes:") + 1
    assert file.line("nulle part", 3) == 1


def test_a_later_mistake_carries_its_line(read_text):
    mistake = read_text(FULL).mistake(("convention", "fin"), "trop tôt")
    assert str(mistake) == "ligne 9 : convention, fin : trop tôt"


@pytest.mark.parametrize("line_end", ["\r\n", "\r"])
def test_line_ends_of_other_systems_are_read(read_text, content, line_end):
    assert read_text(FULL.replace("\n", line_end)).content == content


def test_a_byte_order_mark_is_left_out(read_text, content):
    assert read_text(b"\xef\xbb\xbf" + FULL.encode()).content == content


def test_comments_and_a_document_start_are_yaml(read_text, content):
    assert read_text("# Un commentaire\n---\n" + FULL).content == content
