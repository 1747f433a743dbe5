"""What the look is made of: fonts of the portal's own, colours told once, sheets that are used."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from fontTools.ttLib import TTFont

from actions.templatetags.action_states import LOOKS
from ctg_portal.templatetags.components import LIGHTS
from ctg_portal.text.colours import AXIS_COLOURS

STATIC = Path(settings.BASE_DIR, "static")
FONTS = sorted((STATIC / "portal/fonts").glob("*.woff2"))
TEMPLATES = Path(settings.BASE_DIR, "templates")
SHEETS = [STATIC / "portal/portal.css"] + [
    path for path in STATIC.glob("*/*.css") if path.stem == path.parent.name != "portal"
]
# Arrows, mathematical and geometric signs, numbers in circles, dingbats.
SIGN = re.compile("[\u2190-\u22ff\u2460-\u2473\u25a0-\u27bf]")
# Classes whose end is told by a row.
BUILT = re.compile(r"(axis|cej|row|moved|milestone|reply)-")


def css_of(path: Path) -> str:
    return re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)


def tokens(path: Path) -> dict[str, str]:
    root = re.search(r":root[^{]*\{(.*?)\}", css_of(path), re.DOTALL)[1]
    return dict(re.findall(r"(--[\w-]+):\s*([^;]+);", root))


# Fonts ---------------------------------------------------------------------------------------


def test_the_portal_has_at_most_four_light_fonts():
    assert 1 <= len(FONTS) <= 4
    assert all(font.stat().st_size <= 25_000 for font in FONTS)


def test_each_font_is_declared_and_shown_without_waiting():
    css = css_of(STATIC / "portal/portal.css")
    faces = re.findall(r"@font-face\s*\{(.*?)\}", css, re.DOTALL)
    for font in FONTS:
        (face,) = [face for face in faces if f"fonts/{font.name}" in face]
        assert "font-display: swap" in face
    assert sum("size-adjust" in face for face in faces) == 2


def test_fonts_bear_names_of_their_own_and_their_licence():
    for path in FONTS:
        names = {record.nameID: record.toUnicode() for record in TTFont(path)["name"].names}
        called = " ".join(names[key] for key in (1, 4, 6))
        assert called.startswith("CTG ")
        assert not re.search("Source|Bitstream|Vera|DejaVu", called)
    assert len(list((STATIC / "portal/fonts").glob("LICENCE-*.txt"))) == 3


def signs_shown() -> set[str]:
    """The signs of lights, of states, of templates and style sheets, of the templates' helpers."""
    signs = "".join(LIGHTS.values()) + "".join(sign for _, sign in LOOKS.values())
    files = [path for path in TEMPLATES.rglob("*.html") if "mail" not in path.parts]
    files += [*SHEETS, *Path(settings.BASE_DIR).glob("*/templatetags/*.py")]
    return set(SIGN.findall(signs + "".join(path.read_text(encoding="utf-8") for path in files)))


def test_the_fonts_have_every_sign_that_pages_show():
    covered = {chr(code) for path in FONTS for code in TTFont(path).getBestCmap()}
    shown = signs_shown()
    assert set("✓✎○◷↻▲▼") <= shown | {"▲", "▼"}
    assert shown - covered == set()


def test_letters_of_french_are_in_each_font_of_text():
    letters = "abcdefghijklmnopqrstuvwxyzàâæçéèêëîïôœùûüÿ«»’“”–—…€°²³×−\u00a0\u202f"
    for path in FONTS:
        if "signes" not in path.name:
            assert {ord(one) for one in letters + letters.upper()} - {0x178, 0x2B3} <= set(
                TTFont(path).getBestCmap()
            )


# Colours -------------------------------------------------------------------------------------


@pytest.mark.parametrize("sheet", ["portal/portal.css", "documents/print.css"])
def test_axis_colours_of_each_sheet_are_those_of_the_code(sheet):
    colours = tokens(STATIC / sheet)
    axis_colours = [colours[f"--axis-{number}"] for number in range(1, len(AXIS_COLOURS) + 1)]
    assert tuple(axis_colours) == AXIS_COLOURS
    assert f"--axis-{len(AXIS_COLOURS) + 1}" not in colours


def test_screen_and_paper_have_the_same_colours():
    screen, paper = tokens(STATIC / "portal/portal.css"), tokens(STATIC / "documents/print.css")
    colours = {name: value for name, value in paper.items() if value.startswith("#")}
    assert len(colours) > 15
    assert colours == {name: screen[name] for name in colours}


def luminance(colour: str) -> float:
    whole = colour if len(colour) == 7 else "#" + "".join(2 * one for one in colour[1:])
    channels = [int(whole[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(part * weight for part, weight in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))


def contrast(first: str, other: str) -> float:
    dark, light = sorted([luminance(first), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


def test_text_and_meaningful_lines_stand_out():
    colours = tokens(STATIC / "portal/portal.css")
    text = ["--ink", "--muted", "--blue", "--ok", "--refused", "--again"]
    for name in [*text, *(f"--axis-{n}" for n in range(1, len(AXIS_COLOURS) + 1))]:
        assert contrast(colours[name], "#ffffff") >= 4.5, name
    for name in ("--blue", "--ok", "--refused", "--again"):
        assert contrast(colours[name], colours[f"{name}-wash"]) >= 4.5, name
    assert contrast(colours["--strong-line"], "#ffffff") >= 3


# Sheets --------------------------------------------------------------------------------------


def test_what_a_room_s_sheet_names_is_drawn_somewhere():
    """A class that no template, helper or form names has no rule in the rooms' sheets."""
    roots = [TEMPLATES, *(Path(settings.BASE_DIR, sheet.parent.name) for sheet in SHEETS)]
    roots += [Path(settings.BASE_DIR, "ctg_portal"), STATIC / "portal"]
    code = " ".join(
        path.read_text(encoding="utf-8")
        for root in roots
        for path in root.rglob("*")
        if path.suffix in {".html", ".py", ".js"}
    )
    words = set(re.findall(r"[A-Za-z_][\w-]*", code))
    for sheet in SHEETS[1:]:
        selectors = re.sub(r"\{[^{}]*\}", " ", css_of(sheet))
        named = set(re.findall(r"\.([A-Za-z_][\w-]*)", selectors))
        assert {one for one in named - words if not BUILT.match(one)} == set(), sheet.name


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_sheets_are_written_to_be_read(sheet):
    lines = sheet.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if len(line) > 160] == []
