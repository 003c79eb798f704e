"""The field by which photos are added to a form: what photo_field.html needs, and what its page's policy lets it do."""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.core import settings
from chalicelib.core.http.answering import File
from chalicelib.core.languages import translate
from chalicelib.front_door.mapping import files
from chalicelib.front_door.photos import bucket, table
from chalicelib.front_door.photos.rules import MOST_BYTES, PhotoState, is_key
from chalicelib.front_door.photos.words import UNFIT
from chalicelib.pages.frame.forms import Form
from chalicelib.pages.frame.visit import Visit


@dataclass(frozen=True)
class AddedPhoto:
    """`why`: it was refused, in the visitor's language; "": it was not."""

    key: str
    is_ready: bool
    why: str


@dataclass(frozen=True)
class PhotoField:
    most: int
    photos: Sequence[AddedPhoto]
    most_bytes: int = MOST_BYTES


def photo_field(visit: Visit, typed: Form, most: int) -> PhotoField | None:
    """Of a form that takes `most` photos. A page of its own uploads without a script and leads back here with
    `?photos=key`. None: the city or the form takes none."""
    if not most or not settings.takes_photos():
        return None
    given = typed.all("photos") if typed.has("photos") else visit.query.get("photos", "").split(",")
    keys = list(dict.fromkeys(filter(is_key, given)))[:most]
    return PhotoField(most, [_added(key, visit.language) for key in keys])


def _added(key: str, language: str) -> AddedPhoto:
    photo = table.get(key)
    why = translate(UNFIT[photo.unfit], language) if photo.unfit else ""
    return AddedPhoto(key, photo.state is PhotoState.READY, why)


def picture(content: bytes) -> tuple[File, dict[str, str]]:
    """A photo to be shown within a page. It stays the same, but not for ever: a case ends."""
    headers = {"Content-Disposition": "inline", "Cache-Control": "private, max-age=3600"}
    return File(content, "image/jpeg", "photo.jpg"), headers


def policy(visit: Visit) -> dict[str, str]:
    """Headers of a page on which photos or the map may be used: it may speak to our two buckets, and ask where the
    phone is. No script comes from there."""
    from chalicelib.pages.frame.edge import SECURITY  # noqa: PLC0415 it stands on pages that stand on this

    places = " ".join(filter(None, ("'self'", bucket.origin(), files.origin() if settings.city_map() else "")))
    return {
        "Content-Security-Policy": SECURITY["Content-Security-Policy"]
        .replace("connect-src 'self'", f"connect-src {places}")
        .replace("img-src 'self' data:", "img-src 'self' data: blob:"),
        "Permissions-Policy": SECURITY["Permissions-Policy"].replace("geolocation=()", "geolocation=(self)"),
    }
