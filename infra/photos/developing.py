"""From the bytes that somebody uploaded to two clean JPEGs: a plain function, which runs anywhere.

Nothing of the file is believed but what its first bytes say; its size in pixels is looked at before anything is
unpacked. What comes out has pixels and nothing else: no position, no name of a camera, no text, no preview of before a
cut.
"""

import io
import math
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pillow_heif
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from chalicelib.front_door.photos.rules import (
    LARGE,
    MOST_BYTES,
    MOST_PIXELS,
    MOST_PIXELS_OF_PNG,
    MOST_SCANS,
    MOST_SIDE,
    SMALL,
    Position,
    Unfit,
    position,
)

pillow_heif.register_heif_opener(thumbnails=False)
Image.MAX_IMAGE_PIXELS = MOST_PIXELS
warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # what is too large is refused here

QUALITY = 82
WHITE = (255, 255, 255)
# What comes from here is read and not repaired.
_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
# In a scan, 0xFF and what is neither data nor a mark to begin anew.
_NEXT = re.compile(rb"\xff+([^\x00\xff\xd0-\xd7])")
_SCAN, _END = 0xDA, 0xD9


class NotTaken(Exception):
    def __init__(self, unfit: Unfit) -> None:
        super().__init__(unfit)
        self.unfit = unfit


@dataclass(frozen=True)
class Developed:
    """JPEGs, the longer side at most LARGE and SMALL pixels. `position`: where the telephone says it was taken."""

    large: bytes
    small: bytes
    position: Position | None


def develop(content: bytes) -> Developed:
    """Raises NotTaken."""
    if len(content) > MOST_BYTES:
        raise NotTaken(Unfit.TOO_LARGE)
    kind = _kind_of(content)
    if kind is None:
        raise NotTaken(Unfit.NOT_A_PHOTO)
    if kind == "JPEG" and _scans(content) > MOST_SCANS:
        raise NotTaken(Unfit.TOO_HARD)
    try:
        with Image.open(io.BytesIO(content), formats=(kind,)) as opened:
            return _developed(opened)
    except NotTaken:
        raise
    except Image.DecompressionBombError:
        raise NotTaken(Unfit.TOO_MANY_PIXELS) from None
    except UnidentifiedImageError:
        raise NotTaken(Unfit.NOT_A_PHOTO) from None
    except Exception as error:
        raise NotTaken(Unfit.BROKEN) from error


def _kind_of(content: bytes) -> str | None:
    """As Pillow calls it, whatever the file is called."""
    if content.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS:
        return "HEIF"
    return None


def _scans(content: bytes) -> int:
    """Of a JPEG's picture, without those of a preview, and of what stands behind its end: a film, in a moving photo."""
    number = 0
    at = 2
    while number <= MOST_SCANS and (mark := _NEXT.search(content, at)):
        if mark[1][0] == _END:
            break
        number += mark[1][0] == _SCAN
        at = mark.end() + int.from_bytes(content[mark.end() : mark.end() + 2], "big")
    return number


def _developed(opened: Image.Image) -> Developed:
    width, height = opened.size
    most = MOST_PIXELS_OF_PNG if opened.format == "PNG" else MOST_PIXELS
    if width * height > most or max(width, height) > MOST_SIDE:
        raise NotTaken(Unfit.TOO_MANY_PIXELS)
    if min(width, height) < 1:
        raise NotTaken(Unfit.BROKEN)
    place = _position_of(opened)
    # A JPEG is unpacked no larger than it is needed.
    large = _clean(ImageOps.exif_transpose(_fitted(opened, LARGE)))
    small = large.copy()
    return Developed(_jpeg(large), _jpeg(_fitted(small, SMALL)), place)


def _fitted(picture: Image.Image, longest: int) -> Image.Image:
    """The same picture, whose longer side is at most this."""
    if picture.mode in ("1", "P"):
        picture = picture.convert("RGBA")
    if picture.mode.startswith("I"):  # a scanner's 65,536 greys, of which Pillow would make white whatever is over 255
        picture = picture.convert("I").point(lambda grey: grey / 256).convert("L")
    picture.thumbnail((longest, longest), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return picture


def _clean(picture: Image.Image) -> Image.Image:
    """Its pixels on white, in a picture of ours: nothing that came beside them is in it."""
    as_rgba = picture.convert("RGBA")
    clean = Image.new("RGB", picture.size, WHITE)
    clean.paste(as_rgba, mask=as_rgba.getchannel("A"))
    return clean


def _jpeg(clean: Image.Image) -> bytes:
    written = io.BytesIO()
    clean.save(written, "JPEG", quality=QUALITY, optimize=True)
    return written.getvalue()


def _position_of(opened: Image.Image) -> Position | None:
    """As the telephone wrote it; None if it wrote none, or nonsense: no photo is refused for that."""
    try:
        gps: Mapping[int, Any] = opened.getexif().get_ifd(ExifTags.IFD.GPSInfo)
        lat = _degrees(gps[ExifTags.GPS.GPSLatitude], gps[ExifTags.GPS.GPSLatitudeRef], "S")
        long = _degrees(gps[ExifTags.GPS.GPSLongitude], gps[ExifTags.GPS.GPSLongitudeRef], "W")
    except Exception:  # noqa: BLE001 as above
        return None
    return position(lat, long) if math.isfinite(lat) and math.isfinite(long) else None


def _degrees(parts: Any, half: str, negative: str) -> float:
    degrees, minutes, seconds = (float(one) for one in parts)
    whole = degrees + minutes / 60 + seconds / 3600
    return -whole if half.strip("\0 ").upper() == negative else whole
