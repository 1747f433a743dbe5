"""An SVG drawn as a PNG, for what reads no SVG.

The drawing is done by a process of its own: filters and masks can ask for hours of work, which
nothing but the clock ends.
"""

import subprocess
import sys
from pathlib import Path

from documents.logos.errors import LogoError

# Enough for a logo of five centimetres in print.
SIDE = 600
SECONDS = 10

UNDRAWN = "cette image SVG ne peut pas être dessinée ; l’enregistrer de nouveau"


def draw(svg: bytes) -> bytes:
    """A PNG of a cleaned SVG, SIDE pixels wide or high, on a transparent ground."""
    script = Path(__file__).with_name("draw.py")
    try:
        drawn = subprocess.run(  # noqa: S603 our own script
            [sys.executable, "-I", script, str(SIDE)],
            input=svg, capture_output=True, timeout=SECONDS, check=True,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise LogoError("cette image SVG est trop longue à dessiner pour un logo") from None
    except subprocess.CalledProcessError:
        raise LogoError(UNDRAWN) from None
    return drawn.stdout
