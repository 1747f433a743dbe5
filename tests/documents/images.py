"""Small images made by hand."""

import struct
import zlib


def chunk(kind: bytes, body: bytes = b"") -> bytes:
    """Return a chunk of a PNG, with its length and checksum."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


HEADER = {"width": 1, "height": 1, "depth": 8, "colour": 2, "compression": 0, "filtering": 0,
          "interlace": 0}  # fmt: skip


def header(**fields: int) -> bytes:
    """Return the header of a PNG, one pixel wide and high but for these fields."""
    return chunk(b"IHDR", struct.pack(">IIBBBBB", *(HEADER | fields).values()))


PIXELS = chunk(b"IDAT", zlib.compress(b"\x00\xff\xff\xff"))
END = chunk(b"IEND")
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}


def png(*chunks: bytes, **fields: int) -> bytes:
    """Return a PNG of these chunks; without any, a white one with these fields in its header."""
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks or white(**fields))


def white(**fields: int) -> list[bytes]:
    """Return the chunks of a white image; where the header is impossible, the pixels are those of a
    possible one."""
    values = HEADER | fields
    width, height = (min(values[side], 4000) for side in ("width", "height"))
    bits = width * values["depth"] * CHANNELS.get(values["colour"], 3)
    rows = (b"\0" + b"\xff" * ((bits + 7) // 8)) * height
    palette = [chunk(b"PLTE", b"\xff\xff\xff" * 2 ** min(values["depth"], 8))]
    pixels = chunk(b"IDAT", zlib.compress(rows))
    return [header(**fields), *(palette if values["colour"] == 3 else []), pixels, END]


def svg(content: str = '<path d="M0 0h9v9z"/>', attributes: str = "") -> bytes:
    """Return an SVG of this content."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"{attributes}>{content}</svg>'
    ).encode()
