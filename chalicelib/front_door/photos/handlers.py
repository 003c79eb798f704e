"""The API of photos: leave to upload one, and how it stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from chalicelib.core.http.answering import Answer, Call
from chalicelib.core.http.answers import Count
from chalicelib.core.http.problems import existing
from chalicelib.core.languages import translate
from chalicelib.front_door.photos import table, uploading
from chalicelib.front_door.photos.rules import MOST_BYTES, PhotoState, Position, Unfit, is_key
from chalicelib.front_door.photos.words import UNFIT


@dataclass(frozen=True)
class Upload:
    key: Annotated[str, "What a case names it by."]
    url: Annotated[str, "Send a form (multipart/form-data) here: `fields`, then the photo as `file`."]
    fields: Mapping[str, str]
    most_bytes: Count
    expires_at: Annotated[datetime, "Until then. The same leave uploads one photo: what comes second is deleted."]


@dataclass(frozen=True)
class PhotoSeen:
    key: str
    state: Annotated[PhotoState, "Ask again while it is waiting; a case may take it meanwhile."]
    position: Annotated[
        Position | None, "Where it was taken, if the phone said so; only until a case takes it. It is in no copy."
    ]
    unfit: Annotated[Unfit | None, "Why it was refused."]
    why: Annotated[str | None, "The same for a person, in the language of the request."]


def create_upload(call: Call) -> Answer:
    key, leave = uploading.begin(call.source, call.now)
    return Answer(201, Upload(key, leave.url, leave.fields, MOST_BYTES, leave.expires_at))


def get_photo(call: Call, key: str) -> Answer:
    """Whoever knows the key was given it."""
    photo = table.get(existing(key if is_key(key) else None))
    why = translate(UNFIT[photo.unfit], call.language) if photo.unfit else None
    return Answer(
        200, PhotoSeen(key, photo.state, photo.position, photo.unfit, why), {"Content-Language": call.language}
    )
