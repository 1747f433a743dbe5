"""SVG images, which are programs to a browser: only what draws is accepted."""

import re
from dataclasses import dataclass, field
from xml.parsers import expat

from documents.logos.errors import LogoError

SVG = "http://www.w3.org/2000/svg"
MAX_DEPTH = 100
# What references multiply into: a few lines of <use> can ask for billions of shapes.
MAX_DRAWN = 100_000

DRAWING = frozenset(
    """svg g defs symbol use title desc metadata switch view style
    path rect circle ellipse line polyline polygon text tspan textPath image
    linearGradient radialGradient stop pattern clipPath mask marker
    filter feBlend feColorMatrix feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting
    feDisplacementMap feDistantLight feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR
    feGaussianBlur feImage feMerge feMergeNode feMorphology feOffset fePointLight
    feSpecularLighting feSpotLight feTile feTurbulence""".split()  # noqa: SIM905
)
# Refused in whatever namespace: a drawing program’s own elements are let through otherwise.
ACTIVE = frozenset(
    """script foreignobject iframe object embed applet form input link meta base audio video
    handler listener animate animatemotion animatetransform set""".split()  # noqa: SIM905
)
FOREIGN_ACTIVE = ("http://www.w3.org/1999/xhtml", "http://www.w3.org/2001/xml-events")

ADDRESSES = frozenset(["href", "src", "data", "action", "formaction", "base"])
OWN_PART = re.compile(r"#[^\s\"'()]*")
EMBEDDED_IMAGE = re.compile(r"data:image/(png|jpeg|gif);base64,[A-Za-z0-9+/=\s]*", re.ASCII)
URL = re.compile(r"url\(\s*([\"']?)([^\"'()]*)\1\s*\)", re.IGNORECASE)
OPENED_URL = re.compile(r"url\s*\(", re.IGNORECASE)
# Other ways by which a style sheet fetches or runs something, and the escapes that would hide them.
ACTIVE_STYLE = re.compile(
    r"@import|@charset|@namespace|@font-face|image-set|(?<![\w-])(?:image|src|cross-fade)\s*\("
    r"|expression\s*\(|javascript:|behavior\s*:|-moz-binding|\\",
    re.IGNORECASE,
)

DAMAGED = "cette image SVG ne peut pas être lue ; l’enregistrer de nouveau"
OUTSIDE = "cette image SVG renvoie à un autre fichier ou à un site ; tout doit être dans l’image"
ACTIVE_CONTENT = (
    "cette image SVG contient un programme ou une page ; l’enregistrer en « SVG simple »"
)
DOCTYPE = "cette image SVG déclare un « DOCTYPE » ; l’enregistrer en « SVG simple »"
TOO_MUCH = "cette image SVG est trop compliquée pour un logo"


def check_svg(data: bytes) -> None:
    """Raise LogoError unless ``data`` is an SVG that draws, runs nothing and fetches nothing."""
    reading = _Reading()
    parser = expat.ParserCreate(encoding="utf-8", namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.ProcessingInstructionHandler = _refuse_instruction
    parser.StartElementHandler = reading.start
    parser.EndElementHandler = reading.end
    parser.CharacterDataHandler = reading.text
    try:
        parser.Parse(data, True)
    except expat.ExpatError:
        raise LogoError(DAMAGED) from None
    reading.check_amount()


def _refuse_doctype(*_args) -> None:
    raise LogoError(DOCTYPE)


def _refuse_instruction(*_args) -> None:
    raise LogoError(OUTSIDE)


@dataclass
class _Element:
    """What is kept of an element: how much it draws by itself and through what it refers to."""

    name: str
    parts: list["_Element"] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    drawn: int | None = None


class _Reading:
    def __init__(self):
        self.root = _Element("")
        self._open = [self.root]
        self._by_id: dict[str, _Element] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        namespace, _, local = name.rpartition(" ")
        if len(self._open) == 1 and (namespace, local) != (SVG, "svg"):
            raise LogoError("ce fichier n’est pas une image SVG")
        if len(self._open) > MAX_DEPTH:
            raise LogoError(TOO_MUCH)
        _check_name(namespace, local)
        element = _Element(local if namespace == SVG else "")
        for attribute, value in attributes.items():
            element.references += _checked_attribute(attribute, value)
        if "id" in attributes:
            self._by_id.setdefault(attributes["id"], element)
        self._open[-1].parts.append(element)
        self._open.append(element)

    def end(self, _name: str) -> None:
        element = self._open.pop()
        element.references += _checked_style("".join(element.text))

    def text(self, text: str) -> None:
        # Kept until the end of the element: the parser hands a long text in pieces.
        if self._open[-1].name == "style":
            self._open[-1].text.append(text)

    def check_amount(self) -> None:
        """Refuse an image whose references go round, or add up to more than a logo draws."""
        self._drawn_by(self.root, 0)

    def _drawn_by(self, element: _Element, depth: int) -> int:
        if depth > MAX_DEPTH or element.drawn == 0:  # 0: being counted, so it contains itself
            raise LogoError(TOO_MUCH)
        if element.drawn is None:
            element.drawn = 0
            referred = (self._by_id[ref] for ref in element.references if ref in self._by_id)
            parts = [*element.parts, *referred]
            element.drawn = 1 + sum(self._drawn_by(part, depth + 1) for part in parts)
        if element.drawn > MAX_DRAWN:
            raise LogoError(TOO_MUCH)
        return element.drawn


def _check_name(namespace: str, local: str) -> None:
    known = local in DRAWING if namespace == SVG else namespace not in FOREIGN_ACTIVE
    if local.lower() in ACTIVE or not known:
        raise LogoError(ACTIVE_CONTENT)


def _checked_attribute(name: str, value: str) -> list[str]:
    """The parts of the image that an attribute refers to."""
    namespace, _, local = name.lower().rpartition(" ")
    if local.startswith("on"):
        raise LogoError(ACTIVE_CONTENT)
    if local in ADDRESSES:
        return _checked_address(value)
    # Most of SVG’s own attributes are read as style sheets are, escapes included.
    return _checked_urls(value) if namespace else _checked_style(value)


def _checked_address(value: str) -> list[str]:
    value = value.strip()
    if OWN_PART.fullmatch(value):
        return [value[1:]]
    if EMBEDDED_IMAGE.fullmatch(value):
        return []
    raise LogoError(OUTSIDE)


def _checked_style(text: str) -> list[str]:
    if ACTIVE_STYLE.search(text):
        raise LogoError(OUTSIDE)
    return _checked_urls(text)


def _checked_urls(text: str) -> list[str]:
    found = [match[2] for match in URL.finditer(text)]
    if len(found) != len(OPENED_URL.findall(text)):
        raise LogoError(OUTSIDE)
    return [part for address in found for part in _checked_address(address)]
