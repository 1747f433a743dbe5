"""Script: draw an SVG as a PNG, in a process of its own, which imports nothing of the portal."""

import sys

import font_source_sans_pro
import resvg_py


def main() -> None:
    """Draw the SVG on stdin as a PNG on stdout, in a square whose side is the argument."""
    side = int(sys.argv[1])
    png = resvg_py.svg_to_bytes(
        svg_string=sys.stdin.buffer.read().decode(), width=side, height=side,
        skip_system_fonts=True, font_dirs=[font_source_sans_pro.font_directory],
        font_family="Source Sans Pro",
    )  # fmt: skip
    sys.stdout.buffer.write(bytes(png))


if __name__ == "__main__":
    main()
