"""What is wrong as YAML, or refused although it is YAML."""

import pytest

from conventions.loading import syntax
from tests.conventions.loading.samples import FULL, MINIMAL, changed, line_with

QUOTE_EXCLAMATION = "un texte qui commence par « ! » se met entre guillemets"
QUOTE_STAR = "un texte qui commence par « * » se met entre guillemets"
QUOTE_AMPERSAND = "un texte qui commence par « & » se met entre guillemets"

# What is written instead of what ("§" on the line that is told), and the message.
SYNTAX = {
    "a colon in a text": (
        "titre: Accueillir\n", "§titre: Accueillir : tous\n", syntax.COLON,
    ),
    "a quoted text that goes on": (
        "titre: Accueillir\n", '§titre: "Accueillir" tous\n', syntax.ALIGNMENT,
    ),
    "a quote that is never closed": (
        'etp: "0.3"}', '§etp: "0.3}', syntax.UNCLOSED_QUOTE,
    ),
    "a tabulation before a key": (
        "    titre: Accueillir\n", "§\ttitre: Accueillir\n", syntax.TABULATION,
    ),
    "a tabulation before a dash": (
        "  - numero: 1\n    titre: Acc", "§\t- numero: 1\n    titre: Acc", syntax.TABULATION,
    ),
    "a key that is out of line": (
        "    titre: Accueillir\n", "   §titre: Accueillir\n", syntax.ALIGNMENT,
    ),
    "a key that is too far right": (
        "    titre: Accueillir\n", "      §titre: Accueillir\n", syntax.COLON,
    ),
    "a line without a colon": (
        "    titre: Accueillir\n", "    §titre Accueillir\n", syntax.NO_COLON,
    ),
    "a dash out of line": (
        "          - titre: Soutenir", "         §- titre: Soutenir", syntax.ALIGNMENT,
    ),
    "a dash after a key": (
        "    titre: Accueillir\n", "    §titre: - Accueillir\n", "un tiret n’a pas sa place ici",
    ),
    "a brace that is never closed": (
        "secret: {seuil: 5}", "§secret: {seuil: 5",
        "une accolade « { » n’est pas refermée, ou une virgule manque ; un texte qui contient une "
        "virgule ou une accolade se met entre guillemets",
    ),
    "a bracket that is never closed": (
        "  - {insee: 2A004, nom: Bourg, membre_epci: non}\n", "  §- [a, b\n",
        "un crochet « [ » n’est pas refermé, ou une virgule manque",
    ),
    "two commas": (
        "{insee: 2A004, nom", "§{insee: 2A004,, nom",
        "une virgule est de trop, ou une valeur manque",
    ),
    "a text that begins with an at sign": (
        "titre: Accueillir\n", "§titre: @ccueillir\n",
        "un texte qui commence par « @ » se met entre guillemets",
    ),
    "a text that begins with a percent sign": (
        "titre: Accueillir\n", "§titre: %accueillir\n",
        "un texte qui commence par « % » se met entre guillemets",
    ),
    "a backslash": (
        "titre: Accueillir\n", '§titre: "C:\\logos"\n', syntax.ESCAPE,
    ),
    "a character that does not exist": (
        "titre: Accueillir\n", '§titre: "\\ud800"\n', syntax.ESCAPE,
    ),
    "a broken escape": (
        "titre: Accueillir\n", '§titre: "\\xZZ"\n', syntax.ESCAPE,
    ),
    "a text on the line of its bar": (
        "preambule: |\n", "§preambule: | Bonjour\n",
        "après « | » ou « > », le texte commence à la ligne suivante",
    ),
    "a text in italics": (
        "titre: Accueillir\n", "§titre: *Accueillir*\n", syntax.MARK,
    ),
    "a star alone": (
        "titre: Accueillir\n", "§titre: ** Accueillir **\n", syntax.MARK,
    ),
    "a question mark": (
        "titre: Accueillir\n", "§titre: ? Accueillir\n", syntax.MARK,
    ),
    "an undeclared tag": (
        "titre: Accueillir\n", "§titre: !a!b Accueillir\n", syntax.MARK,
    ),
    "a directive": (
        "format: 1\n", "%§FORMAT 1\nformat: 1\n", syntax.MARK,
    ),
}  # fmt: skip

# What PyYAML would accept.
REFUSED = {
    "an object of Python": (
        "titre: Accueillir\n", "§titre: !!python/name:os.system\n",
        "axes n°\u00a01, titre : une étiquette « !… » n’est pas admise ; " + QUOTE_EXCLAMATION,
    ),
    "an explicit type": (
        "titre: Accueillir\n", "§titre: !!str Accueillir\n",
        "axes n°\u00a01, titre : une étiquette « !… » n’est pas admise ; " + QUOTE_EXCLAMATION,
    ),
    "a text that begins with an exclamation mark": (
        "titre: Accueillir\n", "§titre: !Accueillir\n",
        "axes n°\u00a01, titre : une étiquette « !… » n’est pas admise ; " + QUOTE_EXCLAMATION,
    ),
    "an anchor": (
        "titre: Accueillir\n", "§titre: &a Accueillir\n",
        "axes n°\u00a01, titre : une ancre « &nom » n’est pas admise ; " + QUOTE_AMPERSAND,
    ),
    "a text that begins with a star": (
        "titre: Accueillir\n", "§titre: *Accueillir\n",
        "axes n°\u00a01, titre : un renvoi « *nom » n’est pas admis ; " + QUOTE_STAR,
    ),
    "a control character, escaped": (
        "titre: Accueillir\n", '§titre: "Accueillir\\0"\n',
        "axes n°\u00a01, titre : ce texte contient un caractère invisible (« \\… ») ; l’effacer",
    ),
    "a control character": (
        "titre: Accueillir\n", "§titre: Accueillir\x07\n",
        "fichier : cette ligne contient un caractère invisible ; l’effacer ou retaper la ligne",
    ),
    "a line separator of a word processor": (
        "titre: Accueillir\n", "§titre: Accueillir\u2028\n",
        "fichier : cette ligne contient un caractère invisible ; l’effacer ou retaper la ligne",
    ),
    "a byte order mark in the middle": (
        "titre: Accueillir\n", "§titre: \ufeffAccueillir\n",
        "fichier : cette ligne contient un caractère invisible ; l’effacer ou retaper la ligne",
    ),
    "a second document": (
        "axes:\n", "§---\naxes:\n",
        "fichier : un fichier décrit une seule convention : retirer « --- »",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "message"), SYNTAX.values(), ids=SYNTAX)
def test_a_syntax_error_is_in_french_with_its_line(mistakes, old, new, message):
    marked = changed(old, new)
    line = line_with("§", marked)
    assert mistakes(marked.replace("§", "")) == [f"ligne {line} : fichier : {message}"]


@pytest.mark.parametrize(("old", "new", "expected"), REFUSED.values(), ids=REFUSED)
def test_refused_yaml_is_a_mistake_of_its_line(mistakes, old, new, expected):
    marked = changed(old, new)
    line = line_with("§", marked)
    assert mistakes(marked.replace("§", "")) == [f"ligne {line} : {expected}"]


def test_a_key_that_is_a_list_is_refused(mistakes):
    printed = mistakes(changed("format: 1\n", "? [a, b]\n: 1\nformat: 1\n"))
    assert printed == [
        "ligne 1 : fichier : une clé est un mot suivi de « : », ni une liste ni un ensemble"
    ]


def test_a_merge_key_is_an_unknown_key(mistakes):
    printed = mistakes(changed("format: 1\n", "format: 1\n<<: {titre: a}\n"))
    assert printed[0].startswith("ligne 2 : << : cette clé est inconnue")


@pytest.mark.parametrize("text", ["", "\n\n", "# Rien encore\n", "---\n", "\ufeff", "--- # rien\n"])
def test_an_empty_file_is_a_mistake(mistakes, text):
    assert mistakes(text) == ["ligne 1 : fichier : le fichier est vide"]


def test_the_mistake_of_another_encoding_has_the_line_of_the_first_accent(mistakes):
    line = line_with("é", FULL)
    assert mistakes(FULL.encode("latin-1", "replace")) == [
        f"ligne {line} : fichier : le fichier n’est pas en UTF-8 ; l’enregistrer de nouveau en "
        "choisissant cet encodage"
    ]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-32"])
def test_a_file_in_wide_characters_is_refused(mistakes, encoding):
    (mistake,) = mistakes(FULL.encode(encoding))
    assert " : fichier : le fichier n’est pas en UTF-8 ; " in mistake


def test_an_object_of_python_is_not_made(mistakes):
    text = changed("titre: Accueillir\n", "titre: !!python/object/apply:os.abort []\n")
    assert any("une étiquette" in line for line in mistakes(text))


def test_the_line_is_right_with_windows_line_ends_and_another_encoding(mistakes):
    line = line_with("é", FULL)
    (mistake,) = mistakes(FULL.replace("\n", "\r\n").encode("cp1252", "replace"))
    assert mistake.startswith(f"ligne {line} : ")


def test_aliases_cannot_multiply(mistakes):
    levels = ["a0: &a0 [lol, lol, lol]"]
    levels += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    printed = mistakes("\n".join(levels))
    assert sum("un renvoi" in line for line in printed) == 99
    assert sum("une ancre" in line for line in printed) == 12


@pytest.mark.parametrize(
    "bomb",
    ["a: " + "[" * 1_000_000, "{" * 1_000_000, "- " * 1_000_000, "? " * 1_000_000,
     "".join("  " * depth + "a:\n" for depth in range(500))],
    ids=["brackets", "braces", "dashes", "keys", "steps"],
)  # fmt: skip
def test_depth_is_refused_before_it_costs_anything(mistakes, bomb):
    assert any(line.endswith(" : trop de niveaux imbriqués") for line in mistakes(bomb))


def test_the_deepest_place_of_the_format_is_not_too_deep(read_text):
    assert read_text(FULL).content["axes"][0]["thematiques"][0]["objectifs"][0]["sous_objectifs"]


def test_a_text_that_contains_quotes_and_signs_between_quotes_is_accepted(read_text):
    title = "* L’axe « n° 1 » : & # @ % ! | > { [ 'simples' \\"
    text = changed("titre: Premier axe", "titre: '" + title.replace("'", "''") + "'", MINIMAL)
    assert read_text(text).content["axes"][0]["titre"] == title


def test_a_file_without_its_last_line_end_is_read(read_text):
    assert read_text(MINIMAL.rstrip("\n")).content["axes"][0]["numero"] == 1


def test_the_mistake_of_a_file_that_breaks_off_is_within_the_file(mistakes):
    text = MINIMAL + '    texte: "Une introduction\n\n\n'
    (mistake,) = mistakes(text)
    assert int(mistake.split()[1]) <= text.count("\n")
