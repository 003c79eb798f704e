"""A face as staff change it: all of it in one form, and all or nothing of it is written.

Of the whole city, name, phone and mail are its texts (city/texts), which are written together with logo and colours:
each stands once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from chalicelib.city.face import table
from chalicelib.city.face.logos import checked_logo
from chalicelib.city.face.rules import ALL, MAIL, NAME, PHONE, Face, checked_colour, checked_texts
from chalicelib.city.texts import table as texts
from chalicelib.city.texts.rules import KEYS, InLanguages, TextVersion
from chalicelib.core.http.problems import CHANGED, INVALID, FieldError, Problem
from chalicelib.core.languages import LANGUAGES
from chalicelib.core.refusals import Interfered, unless_interfered
from chalicelib.core.table import transact_write
from chalicelib.people.staff.rules import Staff


@dataclass(frozen=True)
class FaceSent:
    """`fields`: `name.nl` …, `phone`, `mail`, `action`, `bar`, as typed. `logo`: the file that was chosen; None: the
    logo stays, unless it `leaves`. `version`: what staff had before their eyes."""

    fields: Mapping[str, str]
    logo: bytes | None
    leaves: bool
    version: str


def look(of: str) -> Face:
    """As it is now; of the whole city with what its texts say."""
    face = table.get(of)
    return replace(face, **_of_texts(_said())) if of == ALL else face


def version(face: Face) -> str:
    """Another one as soon as anybody changes something of it."""
    return _version(face, _said() if face.of == ALL else {})


def _version(face: Face, said: Mapping[str, TextVersion]) -> str:
    return "-".join(map(str, [face.number, *(text.number for text in said.values())]))


def has_no_name() -> bool:
    """Whether nobody has said yet what the whole city is called."""
    return texts.get(KEYS[NAME]).number == 0


def change(of: str, sent: FaceSent, by: Staff, now: datetime) -> Face:
    """Raises Problem `invalid` that names each field, and `changed` if it is another one meanwhile. The same once more
    is no new version."""
    errors: list[FieldError] = []
    before, said = table.get(of), _said() if of == ALL else {}
    names, phone, mail = checked_texts(sent.fields, errors, needs_name=of == ALL)
    logo = checked_logo("logo", sent.logo, errors) if sent.logo is not None else None if sent.leaves else before.logo
    after = Face(
        of=of,
        names=names if of != ALL else {},
        phone=phone if of != ALL else "",
        mail=mail if of != ALL else "",
        action=checked_colour("action", sent.fields.get("action", ""), errors),
        bar=checked_colour("bar", sent.fields.get("bar", ""), errors),
        logo=logo,
        number=before.number,
    )
    if errors:
        raise Problem(INVALID, errors=errors)
    if sent.version != _version(before, said):
        raise Problem(CHANGED)
    writes: list[Mapping[str, Any]] = []
    if after != before:
        who = {"staff_id": by.staff_id, "name": by.name, "at": now.astimezone(UTC).isoformat()}
        after = replace(after, number=before.number + 1)
        writes += table.putting(after, who, sent.logo)
    if of == ALL:
        told = {NAME: names, PHONE: dict.fromkeys(LANGUAGES, phone), MAIL: dict.fromkeys(LANGUAGES, mail)}
        writes += _writes_of_texts(said, told, by, now)
    if writes:
        try:
            with unless_interfered():
                transact_write(writes)
        except Interfered:
            raise Problem(CHANGED) from None
        table.forget()
        texts.forget()
    return after


def _said() -> dict[str, TextVersion]:
    return {key: texts.get(KEYS[key]) for key in (NAME, PHONE, MAIL)}


def _of_texts(said: Mapping[str, TextVersion]) -> dict[str, Any]:
    one = LANGUAGES[0]
    return {"names": said[NAME].texts, "phone": said[PHONE].texts[one], "mail": said[MAIL].texts[one]}


def _writes_of_texts(
    said: Mapping[str, TextVersion], told: Mapping[str, InLanguages], by: Staff, now: datetime
) -> list[Mapping[str, Any]]:
    changed = [key for key, text in told.items() if dict(text) != dict(said[key].texts)]
    new = [TextVersion(KEYS[key], said[key].number + 1, told[key], by, now) for key in changed]
    return [write for one in new for write in texts.writes_of(one)]
