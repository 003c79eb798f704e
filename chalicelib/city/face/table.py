"""Faces in the table, all under one key, and the pictures of logos, each under its own name.

| pk    | sk           | what                                                            |
| ----- | ------------ | --------------------------------------------------------------- |
| FACES | ALL          | logo and colours of the whole city                              |
| FACES | OF#place     | a municipality's own: also its name, phone and mail             |
| LOGOS | digest.png   | a logo, as bytes; a page that is on its way may still ask for it |

Every page reads the faces: one query for all of them, at most once in SECONDS_REMEMBERED for a container, half a read
unit for each 4 KB. What is said of the whole city in words stands in its texts (city/texts/table.py).
"""

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import BotoCoreError
from pynamodb.attributes import BinaryAttribute, JSONAttribute, NumberAttribute
from pynamodb.exceptions import PynamoDBException

from chalicelib.city.face.logos import LOGO_NAME, Logo
from chalicelib.city.face.rules import ALL, Face, Faces
from chalicelib.core import table
from chalicelib.core.memory import Memory
from chalicelib.core.observability import log

PK, LOGOS = "FACES", "LOGOS"
_WHOLE, _OF = "ALL", "OF#"
# With the seconds that browsers keep a page, a change is everywhere within ten.
SECONDS_REMEMBERED = 4.0
_remembered: Memory[str, Faces] = Memory(SECONDS_REMEMBERED)
# A logo is 25 read units, and each family's browser asks for it once; under its name it never changes.
_logos: Memory[str, bytes] = Memory(24 * 3600)


class FaceItem(table.Item):
    """`said`: what it says of itself; `by`: staff_id and name, `at`: ISO 8601, UTC, of who changed it last."""

    version = NumberAttribute()
    said = JSONAttribute()
    by = JSONAttribute()


class LogoItem(table.Item):
    content = BinaryAttribute(legacy_encoding=False)


def remembered() -> Faces:
    """As they were at most SECONDS_REMEMBERED ago. No page fails for want of them: while DynamoDB does not answer they
    stay what they were, or nobody has one."""
    return _remembered.get(PK, _read)


def _read() -> Faces:
    try:
        found = [_face(item) for item in FaceItem.query(PK)]
    except (PynamoDBException, BotoCoreError) as error:
        log.warning("faces_not_read", error=type(error).__name__)
        return _remembered.last(PK) or Faces()
    return Faces({face.of: face for face in found})


def get(of: str) -> Face:
    """As it is now."""
    item = FaceItem.find(PK, _sk(of))
    return _face(item) if item else Face(of)


def logo(name: str) -> bytes | None:
    """The picture of that name; None: there is none. What can be no name is not looked up."""
    if not LOGO_NAME.fullmatch(name):
        return None
    if (known := _logos.fresh(name)) is not None:
        return known
    item = LogoItem.find(LOGOS, name)
    if item is None:
        return None
    _logos.put(name, content := bytes(item.content))
    return content


def putting(face: Face, by: Mapping[str, str], picture: bytes | None) -> list[dict[str, Any]]:
    """The writes that put it in the place of the version before it; refused unless that is the last one. `picture`: of
    a logo that is new."""
    said = {
        "names": dict(face.names),
        "phone": face.phone,
        "mail": face.mail,
        "action": face.action,
        "bar": face.bar,
        "logo": [face.logo.name, face.logo.width, face.logo.height] if face.logo else None,
    }
    item = FaceItem(PK, _sk(face.of), version=face.number, said=said, by=dict(by))
    writes = [{"Put": {"Item": item.serialize(), **table.as_read("version", face.number - 1)}}]
    if picture is not None and face.logo:
        writes.append({"Put": {"Item": LogoItem(LOGOS, face.logo.name, content=picture).serialize()}})
    return writes


def forget() -> None:
    """For whoever wants them as they are now."""
    _remembered.forget()


def _sk(of: str) -> str:
    return _OF + of if of != ALL else _WHOLE


def _face(item: FaceItem) -> Face:
    said = item.said
    return Face(
        of=item.sk.removeprefix(_OF) if item.sk != _WHOLE else ALL,
        names=said["names"],
        phone=said["phone"],
        mail=said["mail"],
        action=said["action"],
        bar=said["bar"],
        logo=Logo(*said["logo"]) if said["logo"] else None,
        number=int(item.version),
    )
