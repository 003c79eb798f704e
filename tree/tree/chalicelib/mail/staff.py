"""Mails to who works for the city, when something waits for them: what it is, and the page that asks them to sign in.
Nothing about a family is in them.

Who is told of what stands in the table, so that each is told once of a matter, however often its message comes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from pynamodb.attributes import NumberAttribute, UnicodeSetAttribute

from chalicelib.core import table
from chalicelib.core.refusals import went_through
from chalicelib.mail.waiting import PARTITION

PREFIX = "TOLD#"
KEPT = timedelta(days=180)


@dataclass(frozen=True)
class Matter:
    """`name`: of this one matter. `what`, `more`: in English, marked with N_. `titles`: of the opening, by language.
    `path`: of the page on which it is done."""

    name: str
    what: str
    more: str
    titles: Mapping[str, str]
    path: str


class StaffToldItem(table.Item):
    """`staff`: the staff_id of everybody who was told of it."""

    staff = UnicodeSetAttribute(null=True)
    expires = NumberAttribute()


def begin(matter: Matter, staff_id: str, now: datetime) -> bool:
    """Whether this one is to be told; from now on they are."""
    item, expires = StaffToldItem(PARTITION, PREFIX + matter.name), int((now + KEPT).timestamp())
    return went_through(
        lambda: item.update(
            [StaffToldItem.staff.add({staff_id}), StaffToldItem.expires.set(expires)],
            ~StaffToldItem.staff.contains(staff_id),
        )
    )


def take_back(matter: Matter, staff_id: str) -> None:
    """The mail did not go: the next try tells them."""
    StaffToldItem(PARTITION, PREFIX + matter.name).update([StaffToldItem.staff.delete({staff_id})])
