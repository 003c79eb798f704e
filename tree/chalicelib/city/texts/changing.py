"""Texts as staff handle them: read, try, change, and bring back earlier versions. Each change is a version more."""

from collections.abc import Mapping
from datetime import datetime

from chalicelib.city.texts import table
from chalicelib.city.texts.rules import KEYS, TextKey, TextVersion, checked
from chalicelib.core.http.problems import CHANGED, NOT_FOUND, Problem, existing
from chalicelib.core.refusals import Interfered
from chalicelib.people.staff.rules import Staff


def every() -> list[TextVersion]:
    """Each text as it is now, in the order of KEYS."""
    table.forget()
    return list(table.remembered().values())


def look(name: str) -> tuple[TextVersion, list[TextVersion]]:
    """A text as it is now, and its versions, the newest first. Raises Problem `not-found`."""
    key = _key(name)
    return table.get(key), table.history(key)


def attempt(name: str, texts: Mapping[str, str]) -> TextVersion:
    """The next version as it would be; nothing is stored. Raises Problem `invalid`, `not-found`."""
    key = _key(name)
    return TextVersion(key, table.get(key).number + 1, checked(key, texts))


def change(name: str, number: int, texts: Mapping[str, str], by: Staff, now: datetime) -> TextVersion:
    """Writes the next version. `number`: the version that staff had before their eyes.

    Raises Problem `invalid`, `not-found`, and `changed` if there is a newer one meanwhile. The same texts once more are
    no new version.
    """
    key = _key(name)
    new = TextVersion(key, number + 1, checked(key, texts), by, now)
    current = table.get(key)
    if current.number != number:
        raise Problem(CHANGED)
    if current.texts == new.texts:
        return current
    try:
        table.write(new)
    except Interfered:
        raise Problem(CHANGED) from None
    return new


def restore(name: str, number: int, older: int, by: Staff, now: datetime) -> TextVersion:
    """Makes an older version the newest one, by a version more; 0 is the code's own. Raises as `change` does."""
    found = existing(table.version(_key(name), older))
    return change(name, number, found.texts, by, now)


def _key(name: str) -> TextKey:
    if name not in KEYS:
        raise Problem(NOT_FOUND)
    return KEYS[name]
