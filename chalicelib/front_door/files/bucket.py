"""Files of cases in the private bucket of photos (infra/template.yaml), below a prefix that nothing deletes by itself.

They are stored and given out as bytes to be saved, whatever they are: no browser shows one as a page.
"""

from urllib.parse import quote

from chalicelib.core import settings
from chalicelib.front_door.photos.bucket import client, unless_gone
from chalicelib.front_door.photos.rules import LOOSE

_BYTES = "application/octet-stream"
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
    with unless_gone():
        content: bytes = client().get_object(Bucket=settings.photos(), Key=name)["Body"].read()
        return content
    return None


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
        with unless_gone():
            client().delete_object(Bucket=settings.photos(), Key=_key(case_id, batch_id, place))


def _put(key: str, content: bytes) -> None:
    with unless_gone():
        client().put_object(Bucket=settings.photos(), Key=key, Body=content, ContentType=_BYTES)


def _key(case_id: str, batch_id: str, place: int) -> str:
    return f"files/{case_id}/{batch_id}/{place}"
