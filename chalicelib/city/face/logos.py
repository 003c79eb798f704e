"""Logos: which pictures can be one. Looked at by their first bytes and their parts; nothing here decodes a picture.

PNG (ISO/IEC 15948) and WebP (RFC 9649). Of what a browser is sent nothing may run, move, or grow beyond what a phone
can hold: no SVG, no animation, at most MOST_PIXELS each way, however few bytes that takes.
"""

import hashlib
import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.core.http.problems import FieldError
from chalicelib.core.languages import N_

MOST_BYTES = 100_000
MOST_PIXELS = 2_000
FEWEST_PIXELS = 16

IS_LARGE = N_("This file has {size} kB, and a logo has at most {most} kB. Save it smaller: 400 pixels wide is enough.")
IS_SVG = N_("An SVG can carry scripts. Export the logo as a PNG, about 400 pixels wide, and choose that.")
IS_OTHER = N_("This is a {kind} file. Save the logo as a PNG, with the program that shows it, and choose that.")
IS_NONE = N_("This file is no picture that we know. Choose a PNG or a WebP file.")
IS_BROKEN = N_("This picture is damaged, or it has something behind its end. Save it anew as a PNG.")
MOVES = N_("This picture moves. Choose one that stands still: what moves distracts people who want to read.")
TOO_MANY_PIXELS = N_("This picture is {width} by {height} pixels. A logo has {fewest} to {most} each way.")

LOGO_NAME = re.compile(r"[0-9a-f]{32}\.(png|webp)", re.ASCII)
PNG = b"\x89PNG\r\n\x1a\n"
# Others that people have, by their first bytes.
OTHERS = {b"GIF8": "GIF", b"\xff\xd8\xff": "JPEG", b"%PDF": "PDF", b"BM": "BMP", b"II*\0": "TIFF", b"MM\0*": "TIFF"}


@dataclass(frozen=True)
class Logo:
    """`name`: of the file at its address, by its content, with its ending. Pixels."""

    name: str
    width: int
    height: int


class _WrongPicture(ValueError):
    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message)
        self.message, self.values = message, values


def checked_logo(field: str, content: bytes, errors: list[FieldError]) -> Logo | None:
    """The logo that this file is; None: `errors` says why it is none."""
    try:
        ending, (width, height) = _read(content)
        if not all(FEWEST_PIXELS <= pixels <= MOST_PIXELS for pixels in (width, height)):
            raise _WrongPicture(TOO_MANY_PIXELS, width=width, height=height, fewest=FEWEST_PIXELS, most=MOST_PIXELS)
    except _WrongPicture as wrong:
        errors.append(FieldError(field, wrong.message, wrong.values))
        return None
    return Logo(f"{hashlib.sha256(content).hexdigest()[:32]}.{ending}", width, height)


def _read(content: bytes) -> tuple[str, tuple[int, int]]:
    """Its ending, and its width and height."""
    if b"<svg" in content[:4096].lower():
        raise _WrongPicture(IS_SVG)
    if kind := next((kind for first, kind in OTHERS.items() if content.startswith(first)), None):
        raise _WrongPicture(IS_OTHER, kind=kind)
    is_png, is_webp = content.startswith(PNG), content[:4] == b"RIFF" and content[8:12] == b"WEBP"
    if not is_png and not is_webp:
        raise _WrongPicture(IS_NONE)
    if len(content) > MOST_BYTES:
        raise _WrongPicture(IS_LARGE, size=-(-len(content) // 1000), most=MOST_BYTES // 1000)
    try:
        return ("png", _of_png(content)) if is_png else ("webp", _of_webp(content))
    except (struct.error, IndexError):
        raise _WrongPicture(IS_BROKEN) from None


def _of_png(content: bytes) -> tuple[int, int]:
    parts = list(_png_parts(content))
    names = [name for name, _ in parts]
    if b"acTL" in names:
        raise _WrongPicture(MOVES)
    if names[:1] != [b"IHDR"] or names[-1:] != [b"IEND"] or b"IDAT" not in names or names.count(b"IEND") != 1:
        raise _WrongPicture(IS_BROKEN)
    width, height = struct.unpack(">II", parts[0][1][:8])
    return width, height


def _png_parts(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Each part's name and data, to the end of the file."""
    place = len(PNG)
    while place < len(content):
        (length,) = struct.unpack(">I", content[place : place + 4])
        named = content[place + 4 : place + 8 + length]
        (check,) = struct.unpack(">I", content[place + 8 + length : place + 12 + length])
        if zlib.crc32(named) != check:
            raise _WrongPicture(IS_BROKEN)
        yield named[:4], named[4:]
        place += 12 + length


def _of_webp(content: bytes) -> tuple[int, int]:
    (size,) = struct.unpack("<I", content[4:8])
    if size + 8 != len(content):
        raise _WrongPicture(IS_BROKEN)
    every = list(_webp_parts(content))
    parts = dict(every)
    if b"ANIM" in parts or b"ANMF" in parts:
        raise _WrongPicture(MOVES)
    if sum(name in (b"VP8 ", b"VP8L") for name, _ in every) != 1:  # of two, each program shows another one
        raise _WrongPicture(IS_BROKEN)
    if (found := parts.get(b"VP8 ")) is not None and found[3:6] == b"\x9d\x01\x2a":
        width, height = struct.unpack("<HH", found[6:10])
        return width & 0x3FFF, height & 0x3FFF
    if (found := parts.get(b"VP8L")) is not None and found[:1] == b"\x2f":
        (bits,) = struct.unpack("<I", found[1:5])
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    raise _WrongPicture(IS_BROKEN)


def _webp_parts(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = 12
    while place < len(content):
        name = content[place : place + 4]
        (length,) = struct.unpack("<I", content[place + 4 : place + 8])
        data = content[place + 8 : place + 8 + length]
        if len(data) != length:
            raise _WrongPicture(IS_BROKEN)
        yield name, data
        place += 8 + length + length % 2
