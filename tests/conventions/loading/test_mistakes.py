"""Every mistake of the format, at its line, in words that help."""

import pytest

from conventions.loading.mistakes import Mistake, place_text
from tests.conventions.loading.samples import FULL, MINIMAL, changed, line_with

# What is written instead of what; the line of "§" is the mistake’s.
TYPES = {
    "a French date": (
        "fin: 2025-12-31", "§fin: 31/12/2025",
        "convention, fin : « 31/12/2025 » n’est pas une date ; une date s’écrit 2025-12-31",
    ),
    "a French date with one-digit numbers": (
        "fin: 2025-12-31", "§fin: 1.2.2025",
        "convention, fin : « 1.2.2025 » n’est pas une date ; une date s’écrit 2025-02-01",
    ),
    "a day that does not exist": (
        "signee_le: 2021-06-30", "§signee_le: 2021-02-30",
        "convention, signee_le : « 2021-02-30 » : ce jour n’existe pas",
    ),
    "a year that no convention has known": (
        "fin_cej: 2020-12-31", "§fin_cej: 0202-12-31",
        "communes n°\u00a01, fin_cej : « 0202-12-31 » : l’année d’une date va de 1900 à 2100",
    ),
    "a year that no convention will know": (
        "fin: 2025-12-31", "§fin: 2205-12-31",
        "convention, fin : « 2205-12-31 » : l’année d’une date va de 1900 à 2100",
    ),
    "a compact date": (
        "deliberation: 2021-05-12", "§deliberation: 20210512",
        "parties n°\u00a02, deliberation : « 20210512 » n’est pas une date ; une date "
        "s’écrit 2021-06-30",
    ),
    "a date with a time": (
        "fin_cej: 2020-12-31", "§fin_cej: 2020-12-31 10:00:00",
        "communes n°\u00a01, fin_cej : « 2020-12-31 10:00:00 » n’est pas une date ; "
        "une date s’écrit 2021-06-30",
    ),
    "a list for a date": (
        "fin: 2025-12-31", "§fin: [2025-12-31]",
        "convention, fin : un texte est attendu, pas une liste",
    ),
    "a decimal where a whole number is": (
        "preavis_mois: 6", "§preavis_mois: 1.5",
        "convention, preavis_mois : « 1.5 » n’est pas un nombre entier",
    ),
    "words for a number": (
        "preavis_mois: 6", "§preavis_mois: trois",
        "convention, preavis_mois : « trois » n’est pas un nombre entier",
    ),
    "a decimal comma": (
        "valeur: 19.4", '§valeur: "19,4"',
        "convention, chiffres n°\u00a02, valeur : « 19,4 » n’est pas un nombre ; "
        "l’écrire avec un point : 19.4",
    ),
    "a spaced number": (
        "population: 1234", "§population: 1 234",
        "communes n°\u00a01, population : « 1 234 » n’est pas un nombre entier ; "
        "l’écrire sans séparateur : 1234",
    ),
    "a number with a no-break space": (
        "cout_indicatif_etp: 48000", "§cout_indicatif_etp: 48\u202f000",
        "cooperation, cout_indicatif_etp : « 48\u202f000 » n’est pas un nombre ; "
        "l’écrire sans séparateur : 48000",
    ),
    "a list for a number": (
        "population: 1234", "§population: [1234]",
        "communes n°\u00a01, population : un nombre entier est attendu, pas une liste",
    ),
    "digits of another script": (
        "population: 1234", "§population: ١٢٣",
        "communes n°\u00a01, population : « ١٢٣ » n’est pas un nombre entier",
    ),
    "a number beyond all measure": (
        "population: 1234", "§population: " + "9" * 5000,
        f"communes n°\u00a01, population : « {'9' * 60}… » n’est pas un nombre entier",
    ),
    "a number that is too large": (
        "preavis_mois: 6", "§preavis_mois: 100",
        "convention, preavis_mois : 100 est trop grand ; le maximum est 60",
    ),
    "too many decimals": (
        "cout_indicatif_etp: 48000", "§cout_indicatif_etp: 48000.123",
        "cooperation, cout_indicatif_etp : 48000,123 a trop de décimales ; 2 au plus",
    ),
    "neither yes nor no": (
        "co_anime: true", "§co_anime: peut-être",
        "parties n°\u00a01, co_anime : « peut-être » n’est ni « oui » ni « non »",
    ),
    "keys for a boolean": (
        "co_anime: true", "§co_anime: {oui: oui}",
        "parties n°\u00a01, co_anime : « oui » ou « non » est attendu, pas des clés",
    ),
    "a list for a text": (
        "signee_a: Exempleville", "§signee_a: [Exempleville]",
        "convention, signee_a : un texte est attendu, pas une liste",
    ),
    "a list for one of some words": (
        "type: epci", "§type: [epci]",
        "parties n°\u00a02, type : un texte est attendu, pas une liste",
    ),
    "a word for the number of the format": (
        "format: 1", "§format: un",
        "format : « un » n’est pas un nombre entier",
    ),
    "a colon in a text, between braces": (
        "{numero: 2, titre: Les enjeux}", "§{numero: 2, titre: {Les: enjeux}}",
        "articles n°\u00a02, titre : un texte est attendu, pas des clés ; "
        "un texte qui contient « : » se met entre guillemets",
    ),
    "a colon in an item of a list": (
        "- Les axes sont annoncés dans un ordre et détaillés dans un autre.", "§- Note : à voir",
        "convention, points_a_verifier n°\u00a01 : un texte est attendu, pas des clés ; "
        "un texte qui contient « : » se met entre guillemets",
    ),
    "keys for a list": (
        "    objectifs:\n      - titre: Rénover les logements",
        "    §objectifs:\n        titre: Rénover les logements",
        "axes n°\u00a02, objectifs : une liste est attendue (un tiret devant chaque "
        "élément), pas des clés",
    ),
    "a text for a list": (
        "organismes:\n  - {sigle: Insee, nom: Institut national de la statistique, type: etat}\n"
        "  - {sigle: Amis, nom: Les amis de la vallée}\n", "§organismes:\n  Insee\n",
        "organismes : une liste est attendue (un tiret devant chaque élément), pas un texte",
    ),
    "a text for keys": (
        "  - {insee: 2A004, nom: Bourg, membre_epci: non}", "  §- Bourg",
        "communes n°\u00a02 : des clés sont attendues (insee, nom, nom_dans_le_texte, membre_epci, "
        "entree, sortie, fin_cej, secteur, population, lon, lat), pas un texte",
    ),
    "a key without a space": (
        "secret: {seuil: 5}", "§secret: seuil:5",
        "parties n°\u00a01, secret : une règle s’écrit « {seuil: 5} », avec une espace après les "
        "deux-points, « {arrondi: 5} », ou « aucun »",
    ),
    "an empty item": (
        "  - {insee: 2A004, nom: Bourg, membre_epci: non}", "  §-",
        "communes n°\u00a02 : cet élément de liste est vide ; le compléter ou retirer son tiret",
    ),
    "a text on two lines where one is wanted": (
        "territoire: Communauté de communes de la Vallée-Exemple",
        "§territoire: |\n    Vallée\n    Exemple",
        "convention, territoire : ce texte tient sur une seule ligne",
    ),
    "a text that is too long": (
        "signee_a: Exempleville", "§signee_a: " + "x" * 201,
        "convention, signee_a : ce texte est trop long : 201 caractères, 200 au plus",
    ),
}  # fmt: skip

VALUES = {
    "another format": ("format: 1\n", "§format: 2\n", "format : seul le format 1 est connu"),
    "an identifier in capitals": (
        "identifiant: vallee-exemple-2021", "§identifiant: Vallee-Exemple",
        "convention, identifiant : un identifiant s’écrit en minuscules sans accent, chiffres et "
        "tirets, par exemple « vallee-exemple-2021 »",
    ),
    "a type in capitals": (
        "type: epci", "§type: EPCI",
        "parties n°\u00a02, type : « EPCI » n’est pas admis ; sans doute « epci » ; les "
        "valeurs admises sont caf, msa, cgss, epci, commune, departement, region, etat, syndicat, "
        "ccas, cpam, carsat, association, autre",
    ),
    "a type with an accent": (
        "type: epci", "§type: département",
        "parties n°\u00a02, type : « département » n’est pas admis ; sans doute « "
        "departement » ; les valeurs admises sont caf, msa, cgss, epci, commune, departement, "
        "region, etat, syndicat, ccas, cpam, carsat, association, autre",
    ),
    "a gender": (
        "genre: m", "§genre: neutre",
        "convention, libelles, thematique, genre : « neutre » n’est pas admis ; les "
        "valeurs admises "
        "sont m, f",
    ),
    "an address that is none": (
        "courriel: contact@caf.example", "§courriel: contact(at)caf.example",
        "parties n°\u00a01, courriel : une adresse électronique s’écrit contact@organisme.fr",
    ),
    "two addresses": (
        "courriel: contact@caf.example", '§courriel: "a@caf.example, b@caf.example"',
        "parties n°\u00a01, courriel : une adresse électronique s’écrit contact@organisme.fr",
    ),
    "a spaced SIREN": (
        'siren: "123456789"', "§siren: 123 456 789",
        "parties n°\u00a01, siren : un numéro SIREN compte neuf chiffres, sans espace",
    ),
    "an INSEE code that lost its zero": (
        "insee: 01001", "§insee: 1001",
        "communes n°\u00a01, insee : un code Insee compte cinq caractères, par exemple « "
        "01001 » ou "
        "« 2A004 »",
    ),
    "a threshold that masks nothing": (
        "secret: {seuil: 5}", "§secret: {seuil: 1}",
        "parties n°\u00a01, secret, seuil : 1 est trop petit ; le minimum est 2",
    ),
    "both secrecy rules": (
        "secret: {seuil: 5}", "§secret: {seuil: 5, arrondi: 5}",
        "parties n°\u00a01, secret : « seuil » et « arrondi » s’excluent ; garder l’une "
        "des deux clés",
    ),
    "a negative population": (
        "population: 1234", "§population: -1",
        "communes n°\u00a01, population : -1 est trop petit ; le minimum est 0",
    ),
    "a longitude off the Earth": (
        "lon: 0.5", "§lon: 180.5",
        "communes n°\u00a01, lon : 180,5 est trop grand ; le maximum est 180",
    ),
    "a latitude off the Earth": (
        "lat: 46.8", "§lat: -91",
        "communes n°\u00a01, lat : -91 est trop petit ; le minimum est -90",
    ),
    "no posts at all": (
        "etp: 1\n", "§etp: 0\n",
        "cooperation, etp : 0 est trop petit ; il faut plus que 0",
    ),
    "a negative share": (
        "etp: 0.7", "§etp: -0.7",
        "cooperation, repartition n°\u00a01, etp : -0,7 est trop petit ; il faut plus que 0",
    ),
}  # fmt: skip

KEYS = {
    "an accent": (
        "signee_a: Exempleville", "§signée_à: Exempleville",
        "convention, signée_à : cette clé est inconnue ; elle s’écrit « signee_a »",
    ),
    "a capital": (
        "preavis_mois: 6", "§Preavis_mois: 6",
        "convention, Preavis_mois : cette clé est inconnue ; elle s’écrit « preavis_mois »",
    ),
    "a singular": (
        "articles:\n", "§article:\n",
        "article : cette clé est inconnue ; elle s’écrit « articles »",
    ),
    "a plural": (
        "territoire: Com", "§territoires: Com",
        "convention, territoires : cette clé est inconnue ; elle s’écrit « territoire »",
    ),
    "a hyphen": (
        "points_a_verifier:", "§points-à-vérifier:",
        "convention, points-à-vérifier : cette clé est inconnue ; "
        "elle s’écrit « points_a_verifier »",
    ),
    "a no-break space before the colon": (
        "signee_a: Exempleville", "§signee_a\u00a0: Exempleville",
        "convention, signee_a\u00a0 : cette clé est inconnue ; elle s’écrit « signee_a »",
    ),
    "a letter too few": (
        "communes_annoncees: 3", "§comunes_annoncees: 3",
        "convention, comunes_annoncees : cette clé est inconnue ; vouliez-vous dire « "
        "communes_annoncees » ?",
    ),
    "a key of another place": (
        "signee_a: Exempleville", "§population: 12",
        "convention, population : cette clé est inconnue ; les clés admises ici sont identifiant, "
        "titre, territoire, signee_le, signee_a, debut, fin, preavis_mois, "
        "delai_contestation_jours, libelles, succede_a, communes_annoncees, "
        "source_habitants, preambule, chiffres, points_a_verifier",
    ),
    "an unquoted text with a colon, between braces": (
        '{titre: "Former : les accueillants", code: FORM}', "§Former : les accueillants",
        "axes n°\u00a01, thematiques n°\u00a01, objectifs n°\u00a01, sous_objectifs "
        "n°\u00a02, Former : « Former » n’est pas une "
        "clé ; un texte qui contient « : » se met entre guillemets, de même qu’un texte qui "
        "contient une virgule entre accolades",
    ),
    "no key at all, where a text or keys may stand": (
        "- Trouver un local", "§- {}",
        "axes n°\u00a01, thematiques n°\u00a01, objectifs n°\u00a01, sous_objectifs n°\u00a01, "
        "titre : cette clé est obligatoire et manque",
    ),
    "no key at all, of a criterion": (
        "    axe: Enjeu", "    axe: Enjeu\n    criteres:\n      §- {}",
        "convention, libelles, criteres n°\u00a01, nom : cette clé est obligatoire et manque",
    ),
    "a key twice": (
        "signee_a: Exempleville", "signee_a: Exempleville\n  §signee_a: Bourg",
        "convention, signee_a : cette clé est déjà écrite ligne 7",
    ),
}  # fmt: skip


CASES = {**TYPES, **VALUES, **KEYS}


@pytest.mark.parametrize(("old", "new", "expected"), CASES.values(), ids=CASES)
def test_a_mistake_is_printed_once_with_its_line(mistakes, old, new, expected):
    marked = changed(old, new)
    line = line_with("§", marked)
    assert mistakes(marked.replace("§", "")) == [f"ligne {line} : {expected}"]


# What is removed, the key that is then missing, and what stands on the line that tells it.
MISSING = [
    ("format: 1\n", "format", "convention:"),
    ("  identifiant: vallee-exemple-2021\n", "convention, identifiant", "convention:"),
    ("  titre: Convention territoriale globale\n", "convention, titre", "convention:"),
    ("  territoire: Vallée-Exemple\n", "convention, territoire", "convention:"),
    ("  fin: 2025-12-31\n", "convention, fin", "convention:"),
    ("    nom: Caisse d'allocations familiales d'Exemple\n", "parties n°\u00a01, nom", "- sigle"),
    ("    titre: Premier axe\n", "axes n°\u00a01, titre", "- numero: 1"),
]


@pytest.mark.parametrize(("removed", "place", "where"), MISSING, ids=[case[1] for case in MISSING])
def test_a_required_key_is_missing_from_what_should_have_it(mistakes, removed, place, where):
    text = changed(removed, "", MINIMAL)
    line = line_with(where, text)
    assert mistakes(text) == [f"ligne {line} : {place} : cette clé est obligatoire et manque"]


@pytest.mark.parametrize("section", ["parties", "axes"])
def test_a_required_section_is_missing(mistakes, section):
    start = MINIMAL.index(f"{section}:")
    end = MINIMAL.index("axes:") if section == "parties" else len(MINIMAL)
    expected = f"ligne 1 : {section} : cette clé est obligatoire et manque"
    assert mistakes(MINIMAL[:start] + MINIMAL[end:]) == [expected]


@pytest.mark.parametrize(
    ("removed", "place"),
    [
        (", valeur: 19.4", "convention, chiffres n°\u00a02, valeur"),
        (", qualite: Président", "parties n°\u00a01, signataires n°\u00a02, qualite"),
        ("{numero: 2, titre: Les enjeux}", "articles n°\u00a02, titre"),
        ('numero: "1.2"\n        ', "axes n°\u00a01, thematiques n°\u00a02, numero"),
        (", nom: Champs", "communes n°\u00a03, nom"),
        ("  etp: 1\n", "cooperation, etp"),
        ("domaine: Autres actions, ", "cooperation, repartition n°\u00a02, domaine"),
        ('titre: "Former : les accueillants", ',
         "axes n°\u00a01, thematiques n°\u00a01, objectifs n°\u00a01, "
         "sous_objectifs n°\u00a02, titre"),
    ],
)  # fmt: skip
def test_a_required_key_is_missing_deeper(mistakes, removed, place):
    replacement = "{numero: 2}" if "numero: 2" in removed else ""
    printed = mistakes(changed(removed, replacement))
    assert [line.split(" : ", 1)[1] for line in printed] == [
        f"{place} : cette clé est obligatoire et manque"
    ]


def test_a_required_key_without_value_is_a_mistake_of_its_own_line(mistakes):
    text = changed("  fin: 2025-12-31\n", "  fin:\n")
    assert mistakes(text) == ["ligne 9 : convention, fin : cette clé est obligatoire et manque"]


def test_a_longitude_needs_a_latitude(mistakes):
    text = changed("    lat: 46.8\n", "")
    line = line_with("insee: 01001", text)
    assert mistakes(text) == [
        f"ligne {line} : communes n°\u00a01, lat : cette clé manque, car « lon » est présente"
    ]


def test_an_empty_list_of_what_is_required_is_a_mistake(mistakes):
    text = MINIMAL[: MINIMAL.index("axes:")] + "axes: []\n"
    assert mistakes(text) == [
        "ligne 11 : axes : cette liste est vide ; il faut au moins un élément"
    ]


def test_the_value_of_a_misspelt_key_is_checked(mistakes):
    text = changed("thematiques:", "thématiques:").replace("titre: Petite enfance", "titre: [a]")
    place = "axes n°\u00a01, thématiques"
    assert [line.split(" : ", 1)[1] for line in mistakes(text)] == [
        f"{place} : cette clé est inconnue ; elle s’écrit « thematiques »",
        "axes n°\u00a01, thematiques n°\u00a01, titre : un texte est attendu, pas une liste",
    ]


def test_a_misspelt_key_beside_the_right_one_replaces_nothing(mistakes):
    text = changed("    titre: Accueillir\n", "    titre: Accueillir\n    titres: Autre\n")
    line = line_with("titres", text)
    assert mistakes(text) == [
        f"ligne {line} : axes n°\u00a01, titres : cette clé est inconnue ; vouliez-vous "
        f"dire « titre » ?"
    ]


def test_all_mistakes_are_found_at_once_in_the_order_of_the_file(mistakes):
    text = FULL
    for old, new in [
        ("fin: 2025-12-31", "fin: 2020-12-31"),
        ("type: epci", "type: cc"),
        ("numero: 2\n    titre: Habiter", "numero: 1\n    titre: Habiter"),
        ("lon: 0.5", "lon: 500"),
        ("etp: 0.7", "etp: 0.6"),
        ("preavis_mois: 6", "préavis_mois: six"),
    ]:
        text = changed(old, new, text)
    printed = mistakes(text)
    assert [line.split(" : ")[1] for line in printed] == [
        "convention, fin",
        "convention, preavis_mois",
        "convention, préavis_mois",
        "parties n°\u00a02, type",
        "axes n°\u00a02, numero",
        "communes n°\u00a01, lon",
        "cooperation, repartition",
    ]
    lines = [int(line.split(" : ")[0].removeprefix("ligne ")) for line in printed]
    assert lines == sorted(lines)


@pytest.mark.parametrize(
    ("text", "actual"),
    [("- un\n- deux\n", "une liste"), ("bonjour\n", "un texte"), ('"format: 1"', "un texte")],
)
def test_a_file_that_is_no_set_of_keys_is_a_mistake(mistakes, text, actual):
    assert mistakes(text) == [
        "ligne 1 : fichier : des clés sont attendues (format, convention, parties, organismes, "
        f"articles, annexes, axes, communes, cooperation), pas {actual}"
    ]


def test_places_are_written_as_paths():
    assert (
        place_text(("axes", 2, "thematiques", 0, "titre"))
        == "axes n°\u00a03, thematiques n°\u00a01, titre"
    )
    assert place_text(()) == "fichier"
    assert place_text(("a", 0)) == "a n°\u00a01"


def test_a_mistake_stands_on_one_line_whatever_it_quotes(mistakes):
    text = MINIMAL + '"une\\nclé": 1\ncooperation: {etp: "un\\nou deux"}\n'
    printed = mistakes(text)
    assert printed[0].startswith("ligne 16 : une clé : ")
    assert printed[1] == "ligne 17 : cooperation, etp : « un ou deux » n’est pas un nombre"


def test_a_mistake_without_a_line_has_none_printed():
    assert str(Mistake(0, "absent.yaml", "ce fichier n’existe pas")) == (
        "absent.yaml : ce fichier n’existe pas"
    )
