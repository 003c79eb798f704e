"""Files of cases in the private bucket of photos (infra/template.yaml), below a prefix that nothing deletes by itself.

They are stored and given out as bytes to be saved, whatever they are: no browser shows one as a page.
"""

from urllib.parse import quote

from chalicelib.core import settings
from chalicelib.core.bucket import unless_away
from chalicelib.front_door.photos.bucket import client
from chalicelib.front_door.photos.rules import LOOSE

_BYTES = "application/octet-stream"
# Whoever may not list a bucket is told that they may not read what is not there.
_GONE = ("403", "404", "AccessDenied", "NoSuchKey")
# Leave to save one file, for whoever has its address.
LINK_SECONDS = 120
# Mails that the desk uploaded, until their files are kept; the bucket deletes them after two days.
_UPLOADED = f"{LOOSE}mail-"


def put(case_id: str, batch_id: str, place: int, content: bytes) -> None:
    """Again is the same. Raises Busy."""
    _put(_key(case_id, batch_id, place), content)


def put_mail(digest: str, content: bytes) -> str:
    """A mail that somebody uploaded; what it is kept as. Raises Busy."""
    _put(_UPLOADED + digest, content)
    return _UPLOADED + digest


def get_mail(name: str) -> bytes | None:
    """One of those; None: it is there no more, or `name` is none of theirs. Raises Busy."""
    if not name.startswith(_UPLOADED):
        return None
    s3 = client()
    with unless_away():
        try:
            content: bytes = s3.get_object(Bucket=settings.photos(), Key=name)["Body"].read()
        except s3.exceptions.ClientError as error:
            if error.response["Error"]["Code"] in _GONE:
                return None
            raise
    return content


def link(case_id: str, batch_id: str, place: int, name: str) -> str:
    """Where one file can be saved for LINK_SECONDS, under its name."""
    plain = "".join(each if each.isascii() and each not in '"\\%' else "_" for each in name)
    asked: str = client().generate_presigned_url(
        "get_object",
        Params={
            "Bucket": settings.photos(),
            "Key": _key(case_id, batch_id, place),
            "ResponseContentType": _BYTES,
            "ResponseContentDisposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}",
            "ResponseCacheControl": "no-store",
        },
        ExpiresIn=LINK_SECONDS,
    )
    return asked


def forget(case_id: str, batch_id: str, places: int) -> None:
    """Raises Busy."""
    for place in range(places):
        with unless_away():
            client().delete_object(Bucket=settings.photos(), Key=_key(case_id, batch_id, place))


def _put(key: str, content: bytes) -> None:
    with unless_away():
        client().put_object(Bucket=settings.photos(), Key=key, Body=content, ContentType=_BYTES)


def _key(case_id: str, batch_id: str, place: int) -> str:
    return f"files/{case_id}/{batch_id}/{place}"
