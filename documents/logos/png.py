"""PNG images, checked chunk by chunk."""

import struct
import zlib
from collections.abc import Iterator

from documents.logos.errors import LogoError

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MAX_SIDE = 4000

# Bit depths that each colour type allows (PNG specification, 11.2.2).
BIT_DEPTHS = {0: {1, 2, 4, 8, 16}, 2: {8, 16}, 3: {1, 2, 4, 8}, 4: {8, 16}, 6: {8, 16}}

DAMAGED = "cette image PNG est abîmée ; l’enregistrer de nouveau"


def check_png(data: bytes) -> None:
    """Raise LogoError unless ``data`` is a whole PNG of a reasonable size and nothing more."""
    kinds = []
    for kind, body in _chunks(data):
        if not kinds:
            _check_header(kind, body)
        if kinds and kind == b"IHDR":
            raise LogoError(DAMAGED)
        kinds.append(kind)
    if b"IDAT" not in kinds or kinds[-1] != b"IEND":
        raise LogoError(DAMAGED)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The chunks up to IEND, whose end must be the file’s."""
    position, kind = len(SIGNATURE), b""
    while kind != b"IEND":
        try:
            length, kind = struct.unpack_from(">I4s", data, position)
            (checksum,) = struct.unpack_from(">I", data, position + 8 + length)
        except struct.error:
            raise LogoError(DAMAGED) from None
        body = data[position + 8 : position + 8 + length]
        if zlib.crc32(kind + body) != checksum:
            raise LogoError(DAMAGED)
        position += length + 12
        yield kind, body
    if position != len(data):
        raise LogoError("cette image PNG est suivie d’autre chose ; l’enregistrer de nouveau")


def _check_header(kind: bytes, body: bytes) -> None:
    if kind != b"IHDR" or len(body) != 13:
        raise LogoError(DAMAGED)
    width, height, depth, colour, compression, filtering, interlace = struct.unpack(
        ">IIBBBBB", body
    )
    if not (0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE):
        raise LogoError(
            f"cette image mesure {width} × {height} pixels ; {MAX_SIDE} au plus de chaque côté"
        )
    if depth not in BIT_DEPTHS.get(colour, ()) or compression or filtering or interlace > 1:
        raise LogoError(DAMAGED)
