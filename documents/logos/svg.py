"""SVG images, which are programs to a browser: rebuilt from their drawing elements.

svg-hush removes programs, pages, events, addresses of sites, comments and the notes of drawing
programs. A removed address would leave a hole in the image, and references may multiply its parts:
both are refused here.
"""

import base64
import re

from lxml import etree
from py_svg_hush import filter_svg

from documents.logos.png import LogoError, check_picture

SVG = "{http://www.w3.org/2000/svg}"
PICTURES = {"image": ["png", "jpeg", "gif"]}
REFERRING = {f"{SVG}image", f"{SVG}use", f"{SVG}feImage"}
MAX_DEPTH = 100
# The number of elements drawn, references included: a few lines of <use> can draw billions.
MAX_DRAWN = 100_000

OWN_PART = re.compile(r"#([^\s\"'()]+)")
PICTURE = re.compile(r"data:image/(?:png|jpeg|gif);base64,([A-Za-z0-9+/=\s]*)", re.ASCII)
URL = re.compile(r"url\(\s*([\"']?)([^\"'()]*)\1\s*\)", re.IGNORECASE)
OPENED_URL = re.compile(r"url\s*\(", re.IGNORECASE)
# Other ways by which a style fetches something, and the escapes that would hide them.
FETCHING = re.compile(
    r"@import|@charset|@namespace|@font-face|image-set|(?<![\w-])(?:image|src|cross-fade)\s*\("
    r"|expression\s*\(|javascript:|behavior\s*:|-moz-binding|\\",
    re.IGNORECASE,
)

DAMAGED = "cette image SVG ne peut pas être lue ; l’enregistrer de nouveau"
NOT_SVG = "ce fichier n’est pas une image SVG"
OUTSIDE = "cette image SVG renvoie à un autre fichier ou à un site ; tout doit être dans l’image"
ENTITIES = "cette image SVG déclare des abréviations ; l’enregistrer en « SVG simple »"
TOO_MUCH = "cette image SVG est trop compliquée pour un logo"


def clean_svg(data: bytes) -> bytes:
    """Return an SVG with its drawing elements only; cleaning it again changes nothing. Raises
    LogoError for one that is damaged, needs another file, or draws too much."""
    root = _parse(data)
    if root.tag != f"{SVG}svg":
        raise LogoError(NOT_SVG)
    dtd = root.getroottree().docinfo.internalDTD
    if dtd is not None and any(dtd.iterentities()):
        raise LogoError(ENTITIES)
    if _depth(root) > MAX_DEPTH:
        raise LogoError(TOO_MUCH)
    try:
        cleaned = filter_svg(data, PICTURES)
    except ValueError:
        raise LogoError(DAMAGED) from None
    drawing = _parse(cleaned)
    if drawing.tag != f"{SVG}svg":  # the namespace had a prefix, which svg-hush does not keep
        raise LogoError(DAMAGED)
    _check_amount(drawing)
    return cleaned


def _parse(data: bytes) -> etree._Element:
    """Parse XML without entities, DTD or network. Raises LogoError if it is malformed."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        raise LogoError(DAMAGED) from None


def _depth(root: etree._Element) -> int:
    """Return how many elements stand within each other at most, the root included."""
    deepest = depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest


def _check_amount(root: etree._Element) -> None:
    """Refuse an image whose references are circular, or multiply into too many elements."""
    elements = list(root.iter())  # all are kept alive, so that each is counted once
    by_id = {element.get("id"): element for element in reversed(elements)}
    references = {element: _references(element) for element in elements}
    drawn: dict[etree._Element, int] = {}

    def count(element: etree._Element, depth: int) -> int:
        if depth > MAX_DEPTH or drawn.get(element) == 0:  # 0: being counted, so it contains itself
            raise LogoError(TOO_MUCH)
        if element not in drawn:
            drawn[element] = 0
            referred = [by_id[name] for name in references[element] if name in by_id]
            drawn[element] = 1 + sum(count(part, depth + 1) for part in [*element, *referred])
        if drawn[element] > MAX_DRAWN:
            raise LogoError(TOO_MUCH)
        return drawn[element]

    count(root, 0)


def _references(element: etree._Element) -> list[str]:
    """Return the ids of the parts of the image that an element refers to. Raises LogoError for a
    reference to anything else."""
    if element.tag in REFERRING and "href" not in element.attrib:
        raise LogoError(OUTSIDE)  # there was one, and svg-hush has removed it
    addresses = []
    for name, value in element.attrib.items():
        addresses += [value.strip()] if name == "href" else _addresses(value)
    if element.tag == f"{SVG}style":
        addresses += _addresses(element.text or "")
    parts = []
    for address in addresses:
        if own := OWN_PART.fullmatch(address):
            parts.append(own[1])
        elif picture := PICTURE.fullmatch(address):
            check_picture(base64.b64decode(picture[1]))
        else:
            raise LogoError(OUTSIDE)
    return parts


def _addresses(style: str) -> list[str]:
    """Return the addresses in a style sheet, or in an attribute that is read as one. Raises
    LogoError for a style that fetches something in another way."""
    addresses = [match[2] for match in URL.finditer(style)]
    if FETCHING.search(style) or len(addresses) != len(OPENED_URL.findall(style)):
        raise LogoError(OUTSIDE)
    return addresses
