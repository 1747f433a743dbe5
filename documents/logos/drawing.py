"""An SVG drawn as a PNG, for what reads no SVG.

The drawing is done by a process of its own: filters and masks can ask for hours of work, which
nothing but the clock ends.
"""

import subprocess
from pathlib import Path

from documents.apart import run_apart
from documents.logos.errors import LogoError

# Enough for a logo of five centimetres in print.
SIDE = 600
SECONDS = 10
MEMORY = 1024 * 1024 * 1024

UNDRAWN = "cette image SVG ne peut pas être dessinée ; l’enregistrer de nouveau"


def draw(svg: bytes) -> bytes:
    """A PNG of a cleaned SVG, SIDE pixels wide or high, on a transparent ground."""
    script = Path(__file__).with_name("draw.py")
    try:
        return run_apart(script, svg, str(SIDE), seconds=SECONDS, memory=MEMORY)
    except subprocess.TimeoutExpired:
        raise LogoError("cette image SVG est trop longue à dessiner pour un logo") from None
    except subprocess.CalledProcessError:
        raise LogoError(UNDRAWN) from None
