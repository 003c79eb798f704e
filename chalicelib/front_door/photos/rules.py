"""A photo: its limits, its places in the bucket, its states. Nothing but Python's own library: the function
that develops photos carries this file alone."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

# An id by chance, of core/ids.ALPHABET: 119 bits, which nobody guesses.
KEY_LENGTH = 24
KEY = f"[23456789a-hjkmnp-z]{{{KEY_LENGTH}}}"

MOST_BYTES = 15_000_000
# A phone's largest photo has 50 million pixels, and is unpacked no larger than it is needed. No phone makes a PNG of
# one: that is a picture of a screen, which is unpacked whole, four bytes for each pixel.
MOST_PIXELS = 64_000_000
MOST_PIXELS_OF_PNG = 25_000_000
MOST_SIDE = 20_000
# A progressive JPEG has ten scans or so; each goes over the whole picture, however little it says.
MOST_SCANS = 100
# The longer side of the photo as it is kept, and of the small one for lists and maps.
LARGE, SMALL = 1600, 400

UPLOAD_SECONDS = 600
# How long a photo that no case takes is known; the bucket deletes it within a day after that (infra/template.yaml).
LOOSE_DAYS = 2
# After that a photo of a case, which was uploaded before or never, is on its way no more.
COMES_WITHIN = timedelta(minutes=15)
# A photo that ended the function twice is not tried a third time.
MOST_TRIES = 2

# As it came; developed, and no case's yet; developed, and a case's.
ARRIVING, LOOSE, KEPT = "arriving/", "loose/", "kept/"


class PhotoState(StrEnum):
    """WAITING: nothing came yet, or it is being developed. Nobody is told whether a key was ever given out."""

    WAITING = "waiting"
    READY = "ready"
    REFUSED = "refused"


class Unfit(StrEnum):
    """Why a file is no photo that we take."""

    NOT_A_PHOTO = "not-a-photo"
    BROKEN = "broken"
    TOO_LARGE = "too-large"
    TOO_MANY_PIXELS = "too-many-pixels"
    TOO_HARD = "too-hard"


class Standing(StrEnum):
    """Of a photo of a case, for whoever has that in hand. MISSING: it was never uploaded or developed, or not kept in
    time."""

    THERE = "there"
    COMING = "coming"
    REFUSED = "refused"
    MISSING = "missing"


class Size(StrEnum):
    LARGE = "large"
    SMALL = "small"


@dataclass(frozen=True)
class Position:
    """Degrees, WGS 84, to five decimals: a metre."""

    lat: float
    long: float

    def __str__(self) -> str:
        return f"{self.lat:.5f},{self.long:.5f}"


@dataclass(frozen=True)
class Photo:
    """`position`: where it was taken, as the telephone says; only until a case takes the photo. `case_id`: whose it is,
    "" for nobody's yet. `unfit`: why it was refused. `is_kept`: it lies where nothing deletes it."""

    key: str
    state: PhotoState
    position: Position | None = None
    case_id: str = ""
    unfit: Unfit | None = None
    is_kept: bool = False


def standing(photo: Photo, taken_at: datetime, now: datetime) -> Standing:
    """`taken_at`: when the case came that took it."""
    match photo.state:
        case PhotoState.REFUSED:
            return Standing.REFUSED
        case PhotoState.WAITING:
            return Standing.COMING if now - taken_at < COMES_WITHIN else Standing.MISSING
        case PhotoState.READY:
            is_there = photo.is_kept or now - taken_at < timedelta(days=LOOSE_DAYS)
            return Standing.THERE if is_there else Standing.MISSING


def is_key(text: object) -> bool:
    return isinstance(text, str) and re.fullmatch(KEY, text, re.ASCII) is not None


def position_of(text: str) -> Position | None:
    """The position that `str(position)` wrote; None for anything else."""
    match = re.fullmatch(r"(-?\d{1,2}\.\d{5}),(-?\d{1,3}\.\d{5})", text, re.ASCII)
    return position(float(match[1]), float(match[2])) if match else None


def position(lat: float, long: float) -> Position | None:
    """None where there is no such place; and for 0, 0, which telephones write that do not know."""
    if not (-90 <= lat <= 90 and -180 <= long <= 180) or (lat == 0 and long == 0):
        return None
    return Position(round(lat, 5), round(long, 5))


def pk(key: str) -> str:
    """Partition of a photo's item."""
    return f"PHOTO#{key}"


SK = "PHOTO"


def arriving(key: str) -> str:
    """The place in the bucket to which the upload goes."""
    return ARRIVING + key


def key_in(place: str) -> str | None:
    """The key of what was uploaded to `place`; None: nothing that we asked for."""
    key = place.removeprefix(ARRIVING)
    return key if place.startswith(ARRIVING) and is_key(key) else None


def loose(key: str, size: Size) -> str:
    return f"{LOOSE}{key}.{size}.jpg"


def kept(key: str, size: Size) -> str:
    return f"{KEPT}{key}.{size}.jpg"
