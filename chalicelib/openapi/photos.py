from datetime import UTC, datetime

from chalicelib.core.http.problems import NOT_NOW
from chalicelib.front_door.photos.handlers import PhotoSeen, Upload
from chalicelib.front_door.photos.rules import MOST_BYTES, PhotoState, Position
from chalicelib.openapi.examples import IDS
from chalicelib.openapi.operations import Operation, Part

KEY = IDS["key"]
PART = Part(
    tag="photos",
    about="Photos for cases. They go straight to the city's own store, and are made anew there: what a case keeps has "
    "no position and no word of whose phone it was.",
    answers={
        "PhotoUpload": Upload(
            KEY,
            "https://photos.example.s3.eu-west-1.amazonaws.com/",
            {"key": f"arriving/{KEY}", "Content-Type": "application/octet-stream", "policy": "eyJleHBpcmF0aW9u"},
            MOST_BYTES,
            datetime(2027, 3, 8, 9, 40, tzinfo=UTC),
        ),
        "Position": Position,
        "Photo": PhotoSeen(KEY, PhotoState.READY, Position(51.2205, 3.6117), None, None),
    },
    operations={
        "POST /api/photos": Operation(
            "createPhoto",
            "Ask leave to upload a photo",
            "PhotoUpload",
            refusals=(NOT_NOW,),
            about="JPEG, PNG or HEIC, at most 15 MB. Send the photo within ten minutes as a form, then name its `key` "
            "in a case. A photo that no case names is deleted after two days.",
            statuses=(201,),
        ),
        "GET /api/photos/{key}": Operation(
            "getPhoto",
            "See whether a photo is taken",
            "Photo",
            about="`waiting` also for a key that nobody knows: it tells nothing about others.",
        ),
    },
)
