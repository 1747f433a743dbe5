"""Syntax errors of the YAML parser, in French."""

import yaml

from conventions.loading.mistakes import WHOLE_FILE, Mistake

ALIGNMENT = (
    "cette ligne n’est pas alignée avec celles de son groupe, ou un guillemet est mal placé (ici "
    "ou plus haut)"
)
UNCLOSED_QUOTE = "un guillemet ouvert à cette ligne n’est pas refermé"
COLON = (
    "un « : » n’a pas sa place ici ; un texte qui contient « : » se met entre guillemets (sinon, "
    "vérifier l’alignement de la ligne)"
)
NO_COLON = (
    "cette ligne n’est pas de la forme « clé: valeur », avec une espace après les deux-points"
)
TABULATION = "une tabulation se trouve là où il faut des espaces"
MARK = "un texte qui commence par « ! », « & », « * », « % » ou « ? » se met entre guillemets"
ESCAPE = "entre guillemets doubles, une barre oblique inverse s’écrit deux fois : « \\\\ »"
UNKNOWN = "cette ligne n’est pas écrite en YAML correct"

# A part of what libyaml says, what a coordinator should understand, and whether the line to show
# is where reading began to go wrong ("start") or where it stopped ("stop").
MESSAGES = (
    ("mapping values are not allowed", COLON, "stop"),
    ("found unexpected ':'", COLON, "stop"),
    ("could not find expected ':'", NO_COLON, "start"),
    ("block sequence entries are not allowed", "un tiret n’a pas sa place ici", "stop"),
    ("did not find expected '-' indicator", ALIGNMENT, "stop"),
    ("did not find expected key", ALIGNMENT, "stop"),
    ("did not find expected ',' or ']'", "un crochet « [ » n’est pas refermé, ou une virgule "
     "manque", "start"),
    ("did not find expected ',' or '}'", "une accolade « { » n’est pas refermée, ou une virgule "
     "manque ; un texte qui contient une virgule ou une accolade se met entre guillemets", "start"),
    ("found a tab character", TABULATION, "stop"),
    ("found unexpected end of stream", UNCLOSED_QUOTE, "start"),
    ("found unexpected document indicator", UNCLOSED_QUOTE, "start"),
    ("found unknown escape character", ESCAPE, "stop"),
    ("did not find expected hexdecimal number", ESCAPE, "stop"),
    ("found invalid Unicode character escape code", ESCAPE, "stop"),
    ("did not find expected comment or line break", "après « | » ou « > », le texte commence à la "
     "ligne suivante", "stop"),
    ("found an indentation indicator equal to 0", "après « | » ou « > », le texte commence à la "
     "ligne suivante", "stop"),
    ("did not find expected alphabetic or numeric character", MARK, "stop"),
    ("mapping keys are not allowed", MARK, "stop"),
    ("directive", MARK, "start"),
    ("tag", MARK, "start"),
    ("did not find expected <document start>", "le fichier décrit une seule convention, et ses "
     "clés commencent en début de ligne", "stop"),
    ("did not find expected node content", "une virgule est de trop, ou une valeur manque", "stop"),
    ("exceeded maximum nesting depth", "trop de niveaux imbriqués", "stop"),
)  # fmt: skip


def syntax_mistake(error: yaml.MarkedYAMLError, text: str) -> Mistake:
    """Return the mistake, in French, that stopped the parser, on a line that the file has."""
    problem = f"{error.problem} {error.context or ''}"
    stop = error.problem_mark or error.context_mark
    start = error.context_mark or stop
    if stop and "cannot start any token" in problem:
        line, mark = text.split("\n")[stop.line], stop
        character = line[stop.column : stop.column + 1]
        message = f"un texte qui commence par « {character} » se met entre guillemets"
        if character == "\t" or "\t" in line[: stop.column]:
            message = TABULATION
    else:
        message, where = next(
            ((message, where) for part, message, where in MESSAGES if part in problem),
            (UNKNOWN, "stop"),
        )
        mark = start if where == "start" else stop
    # A file that breaks off is reported one line after its last.
    return Mistake(min(mark.line + 1, text.rstrip("\n").count("\n") + 1), WHOLE_FILE, message)
