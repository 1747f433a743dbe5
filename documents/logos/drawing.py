"""Drawing of an SVG as a PNG, for programs that read no SVG.

It is done in a process of its own: filters and masks can take hours, which only a time limit ends.
"""

import subprocess
from pathlib import Path

from documents.apart import run_apart
from documents.logos.png import LogoError

# Enough for a logo of five centimetres in print.
SIDE = 600
SECONDS = 10
MEMORY = 1024 * 1024 * 1024
UNDRAWN = "cette image SVG ne peut pas être dessinée ; l’enregistrer de nouveau"


def draw(svg: bytes) -> bytes:
    """Draw a cleaned SVG as a PNG, SIDE pixels wide or high, on a transparent ground. Raises
    LogoError."""
    script = Path(__file__).with_name("draw.py")
    try:
        return run_apart(script, svg, str(SIDE), seconds=SECONDS, memory=MEMORY)
    except subprocess.TimeoutExpired:
        raise LogoError("cette image SVG est trop longue à dessiner pour un logo") from None
    except subprocess.CalledProcessError:
        raise LogoError(UNDRAWN) from None
