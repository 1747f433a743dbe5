"""YAML read as nodes: texts, lists and keys with their lines, nothing interpreted.

The nodes are put together from the parser’s events, not by PyYAML’s own composer: an alias or a
tag is refused when it is met, before anything could multiply, and no depth can exhaust the stack.
"""

import re
import unicodedata
from dataclasses import dataclass, field

import yaml

from conventions.loading.mistakes import WHOLE_FILE, ConventionFileError, Mistake, Place, place_text
from conventions.loading.syntax import syntax_mistake

MAX_DEPTH = 20

# What YAML forbids, and the invisible line breaks that word processors leave, which would make
# line numbers differ from those of a text editor.
FORBIDDEN = re.compile(
    "[^\t\n -~\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)


@dataclass(slots=True)
class Scalar:
    """A text as written. ``plain``: it stands without quotes."""

    text: str
    line: int
    plain: bool = True


@dataclass(slots=True)
class Sequence:
    line: int
    items: list["Node"] = field(default_factory=list)


@dataclass(slots=True)
class KeyValue:
    """A key’s value; ``line`` is the key’s own."""

    line: int
    value: "Node"


@dataclass(slots=True)
class Mapping:
    line: int
    entries: dict[str, KeyValue] = field(default_factory=dict)


Node = Scalar | Sequence | Mapping

# Stands for a key that is none, which is already a mistake: its value is left out.
NO_KEY = Scalar("?", 0)


def line_of(root: Node, place: Place) -> int:
    """Return the line of a place, or of the nearest part of the file around it."""
    node, line = root, root.line
    for step in place:
        if isinstance(node, Mapping) and step in node.entries:
            line, node = node.entries[step].line, node.entries[step].value
        elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
            line = node.line
        else:
            break
    return line


def decode(data: bytes) -> str:
    """Return the text of the file, with line feeds and composed accents (NFC). Raises
    ConventionFileError where it is not UTF-8, or has an invisible character."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig", "replace")
        raise _refusal(
            _plain_line_ends(before).count("\n") + 1,
            "le fichier n’est pas en UTF-8 ; l’enregistrer de nouveau en choisissant cet encodage",
        ) from None
    # A text typed on a Mac may hold "e" + accent: it must equal the same text typed elsewhere.
    text = unicodedata.normalize("NFC", _plain_line_ends(text))
    if forbidden := FORBIDDEN.search(text):
        raise _refusal(
            text.count("\n", 0, forbidden.start()) + 1,
            "cette ligne contient un caractère invisible ; l’effacer ou retaper la ligne",
        )
    return text


def parse(text: str) -> tuple[Node, list[Mistake]]:
    """Return the root node of a YAML document, and the mistakes that do not prevent reading on.
    Raises ConventionFileError for others."""
    builder = _Builder()
    try:
        # The parser in C: ten times faster on a large file, and part of every PyYAML wheel.
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        raise ConventionFileError([*builder.mistakes, syntax_mistake(error, text)]) from None
    if builder.root is None:
        raise _refusal(1, "le fichier est vide")
    return builder.root, builder.mistakes


def _plain_line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _refusal(line: int, message: str) -> ConventionFileError:
    return ConventionFileError([Mistake(line, WHOLE_FILE, message)])


@dataclass(slots=True)
class _Frame:
    """A list or a mapping that is being read; ``key`` is a mapping’s key awaiting its value."""

    node: Sequence | Mapping
    key: Scalar | None = None


class _Builder:
    """Puts the nodes together and notes what is refused on the way."""

    def __init__(self):
        self.root: Node | None = None
        self.mistakes: list[Mistake] = []
        self._frames: list[_Frame] = []
        self._documents = 0

    def take(self, event: yaml.Event) -> None:
        """Add what a parser event begins or ends to the nodes; note what is refused."""
        line = event.start_mark.line + 1
        match event:
            case yaml.ScalarEvent():
                self._refuse_marks(event, line)
                if FORBIDDEN.search(event.value):  # written as an escape: "\0"
                    message = "ce texte contient un caractère invisible (« \\… ») ; l’effacer"
                    self._refuse(line, message)
                    self._add(Scalar(FORBIDDEN.sub(" ", event.value), line, plain=False))
                else:
                    # "!Important" is a tag without a text: what was meant is there all the same.
                    text = event.value or event.tag or ""
                    self._add(Scalar(text, line, plain=not event.style))
            case yaml.SequenceStartEvent():
                self._open(event, Sequence(line))
            case yaml.MappingStartEvent():
                self._open(event, Mapping(line))
            case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                self._add(self._frames.pop().node)
            case yaml.AliasEvent():
                self._refuse(line, "un renvoi « *nom » n’est pas admis ; " + _quote_it("*"))
                self._add(Scalar(f"*{event.anchor}", line))
            case yaml.DocumentStartEvent():
                self._documents += 1
                if self._documents > 1:
                    message = "un fichier décrit une seule convention : retirer « --- »"
                    second = Mistake(line, WHOLE_FILE, message)
                    raise ConventionFileError([*self.mistakes, second])

    def _open(self, event: yaml.NodeEvent, node: Sequence | Mapping) -> None:
        """Begin a list or a mapping. Raises ConventionFileError where it is nested too deep."""
        self._refuse_marks(event, node.line)
        if len(self._frames) >= MAX_DEPTH:
            message = "trop de niveaux imbriqués"
            raise ConventionFileError([*self.mistakes, Mistake(node.line, self._place(), message)])
        frame = self._frames[-1] if self._frames else None
        if frame and isinstance(frame.node, Mapping) and frame.key is None:
            self._refuse(
                node.line, "une clé est un mot suivi de « : », ni une liste ni un ensemble"
            )
        self._frames.append(_Frame(node))

    def _add(self, node: Node) -> None:
        """Add a finished node where it belongs: as root, item, key, or value of the key before it;
        note a repeated key."""
        if not self._frames:
            if not (isinstance(node, Scalar) and node.plain and not node.text):
                self.root = node
            return
        frame = self._frames[-1]
        if isinstance(frame.node, Sequence):
            frame.node.items.append(node)
        elif frame.key is None:
            frame.key = node if isinstance(node, Scalar) else NO_KEY
        else:
            key, values = frame.key, frame.node.entries
            if key is not NO_KEY and (first := values.get(key.text)):
                self._refuse(key.line, f"cette clé est déjà écrite ligne {first.line}")
            elif key is not NO_KEY:
                values[key.text] = KeyValue(key.line, node)
            frame.key = None

    def _refuse_marks(self, event: yaml.NodeEvent, line: int) -> None:
        """Note a mistake for a tag or an anchor."""
        if event.tag is not None:
            self._refuse(line, "une étiquette « !… » n’est pas admise ; " + _quote_it("!"))
        if event.anchor is not None:
            self._refuse(line, "une ancre « &nom » n’est pas admise ; " + _quote_it("&"))

    def _refuse(self, line: int, message: str) -> None:
        self.mistakes.append(Mistake(line, self._place(), message))

    def _place(self) -> str:
        """Return the place that is being read, in words."""
        steps = []
        for frame in self._frames:
            if isinstance(frame.node, Sequence):
                steps.append(len(frame.node.items))
            elif frame.key is not None:
                steps.append(frame.key.text)
        return place_text(tuple(steps))


def _quote_it(sign: str) -> str:
    return f"un texte qui commence par « {sign} » se met entre guillemets"
