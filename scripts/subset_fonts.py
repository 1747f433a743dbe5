"""Makes the portal's four fonts: ``python scripts/subset_fonts.py`` (fonttools and brotli).

Source Sans and Source Serif come from the packages that documents are drawn with, the signs from
the machine's DejaVu (Debian: fonts-dejavu-core). Each is cut to what French and the signs of
the portal need, and bears another name: the licences keep "Source", "Bitstream" and "Vera" for the
whole fonts. The results are kept in ``static/portal/fonts``; run this again when a sign is added.
"""

import sys
from pathlib import Path
from shutil import copyfile

import font_source_sans_pro
import font_source_serif_pro
from fontTools import subset
from fontTools.ttLib.tables._g_l_y_f import Glyph

SANS = Path(font_source_sans_pro.font_directory)
SERIF = Path(font_source_serif_pro.font_directory)
DEJAVU = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
FOLDER = Path(__file__).parent.parent / "static/portal/fonts"

# French and its neighbours' letters, punctuation, spaces, currencies, exponents, arrows, relations.
LETTERS = (
    "U+20-7E,U+A0-FF,U+141,U+142,U+152,U+153,U+178,U+2B3,U+1D49,U+2009-2015,U+2018-201E,U+2020,"
    "U+2022,U+2026,U+202F,U+2030,U+2039,U+203A,U+2070,U+2074-2079,U+2080-2089,U+20AC,U+2190-2193,"
    "U+2212,U+2248,U+2260,U+2264,U+2265"
)
# The lights, the states of actions and values, trends, folds, steps.
SIGNS = "=↻↺∅≡▲△▴▸▼▽▾▴◀▶■□◆◇○●◐◷☰⚠✎✐✓✕★❝①②③④⑤⑥⑦⑧⑨"
NARROW = 0x202F
FEATURES = ["kern", "liga", "tnum", "lnum", "ccmp", "locl", "mark", "sups"]
NAME_IDS = [0, 1, 2, 3, 4, 5, 6, 13, 14]  # among them the copyright and the licence


def add_narrow_space(font) -> None:
    """The space within French numbers, which the serif lacks: a fallback's would be another's."""
    space = font.getBestCmap()[ord(" ")]
    font.setGlyphOrder([*font.getGlyphOrder(), "uni202F"])
    font["glyf"]["uni202F"] = Glyph()
    width, side = font["hmtx"][space]
    font["hmtx"]["uni202F"] = (round(width * 0.625), side)
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[NARROW] = "uni202F"


def cut(source: Path, file: str, family: str, weight: int, unicodes) -> None:
    """The part of a font that the portal shows, under the portal's name for it."""
    options = subset.Options()
    options.flavor, options.hinting, options.notdef_outline = "woff2", False, True
    options.layout_features, options.name_IDs = FEATURES, NAME_IDS
    font = subset.load_font(source, options)
    if NARROW in unicodes and NARROW not in font.getBestCmap():
        add_narrow_space(font)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=unicodes)
    subsetter.subset(font)
    called = {
        1: family,
        3: f"{family} {weight}",
        4: f"{family} {weight}",
        6: f"{family.replace(' ', '')}-{weight}",
    }
    for record in font["name"].names:
        if record.nameID in called:
            record.string = called[record.nameID]
    subset.save_font(font, FOLDER / file, options)
    sys.stdout.write(f"{file}: {(FOLDER / file).stat().st_size / 1000:.1f} kB\n")


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    letters = subset.parse_unicodes(LETTERS)
    cut(SANS / "SourceSansPro-Regular.ttf", "ctg-sans-400.woff2", "CTG Sans", 400, letters)
    cut(SANS / "SourceSansPro-Semibold.ttf", "ctg-sans-600.woff2", "CTG Sans", 600, letters)
    cut(SERIF / "SourceSerifPro-Semibold.ttf", "ctg-serif-600.woff2", "CTG Serif", 600, letters)
    cut(DEJAVU, "ctg-signes.woff2", "CTG Signes", 400, [ord(sign) for sign in SIGNS])
    copyfile(SANS / "LICENSE.txt", FOLDER / "LICENCE-sans.txt")
    copyfile(SERIF / "LICENSE.txt", FOLDER / "LICENCE-serif.txt")


if __name__ == "__main__":
    main()
