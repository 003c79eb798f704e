"""Texts as staff handle them: read, try, change, and bring back earlier versions. Each change is a version more."""

from collections.abc import Mapping

from chalicelib.api.answering import Call
from chalicelib.api.problems import CHANGED, NOT_FOUND, Problem
from chalicelib.staff.rules import Role
from chalicelib.staff.signed_in import staff
from chalicelib.texts import table
from chalicelib.texts.rules import KEYS, Key, Version, checked

# Staff of the desk and the auditor may see what families are told, and who wrote it.
MAY_LOOK = tuple(Role)
MAY_CHANGE = (Role.MANAGER,)


def every(call: Call) -> list[Version]:
    """Each text as it is now, in the order of KEYS."""
    staff(call, *MAY_LOOK)
    table.forget()
    return list(table.remembered().values())


def look(call: Call, name: str) -> tuple[Version, list[Version]]:
    """A text as it is now, and its versions, the newest first. Raises Problem `not-found`."""
    staff(call, *MAY_LOOK)
    key = _key(name)
    return table.get(key), table.history(key)


def attempt(call: Call, name: str, texts: Mapping[str, str]) -> Version:
    """The next version as it would be; nothing is stored. Raises Problem `invalid`, `not-found`."""
    staff(call, *MAY_CHANGE)
    key = _key(name)
    return Version(key, table.get(key).number + 1, checked(key, texts))


def change(call: Call, name: str, number: int, texts: Mapping[str, str]) -> Version:
    """Writes the next version. `number`: the version that staff had before their eyes.

    Raises Problem `invalid`, `not-found`, and `changed` if there is a newer one meanwhile. The same texts once more are
    no new version.
    """
    by = staff(call, *MAY_CHANGE)
    key = _key(name)
    new = Version(key, number + 1, checked(key, texts), by, call.now)
    current = table.get(key)
    if current.number != number:
        raise Problem(CHANGED)
    if current.texts == new.texts:
        return current
    try:
        table.write(new)
    except table.Interfered:
        raise Problem(CHANGED) from None
    return new


def restore(call: Call, name: str, number: int, older: int) -> Version:
    """Makes an older version the newest one, by a version more; 0 is the code's own. Raises as `change` does."""
    found = table.version(_key(name), older)
    if found is None:
        raise Problem(NOT_FOUND)
    return change(call, name, number, found.texts)


def _key(name: str) -> Key:
    if name not in KEYS:
        raise Problem(NOT_FOUND)
    return KEYS[name]
