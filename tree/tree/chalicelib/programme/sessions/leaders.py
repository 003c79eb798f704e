"""The leaders of each session, by their mail addresses: `LEADERS / session_id`. They read the lists of its children
around its days (office/attendance/rules.py).

Not in the item of the session: that one everybody reads, and these are people.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from pynamodb.attributes import ListAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.core import table
from chalicelib.core.http.problems import invalid
from chalicelib.core.languages import N_
from chalicelib.people.families.addresses import EMAIL
from chalicelib.programme.sessions.rules import Session

PK = "LEADERS"
MOST, MOST_CHARACTERS = 20, 254
# After the last day; nobody reads a list by it so long.
KEPT_DAYS = 90

AS_LEADERS = N_("Give at most {most} mail addresses, one on each line.")


class LeadersItem(table.Item):
    emails: ListAttribute[Any] = ListAttribute(of=UnicodeAttribute)
    expires = NumberAttribute(null=True)


def of_session(session_id: str) -> Sequence[str]:
    """In small letters, in the order of the alphabet."""
    item = LeadersItem.find(PK, session_id)
    return list(item.emails) if item else []


def sessions_of(email: str) -> set[str]:
    """The ids of the sessions that this person leads; none for nobody. Half a read unit for each 4 KB
    of all leaders."""
    if not email:
        return set()
    return {item.sk for item in LeadersItem.query(PK) if email in item.emails}


def name(session: Session, emails: Iterable[str]) -> None:
    """In the place of those who were named; raises Problem `invalid`."""
    wanted = {one.strip().lower() for one in emails if one.strip()}
    if len(wanted) > MOST or not all(len(one) <= MOST_CHARACTERS and re.fullmatch(EMAIL, one) for one in wanted):
        raise invalid("leaders", AS_LEADERS, most=MOST)
    LeadersItem(
        PK,
        session.session_id,
        emails=sorted(wanted),
        expires=_expiry(session.ends_on) if session.ends_on else None,
    ).save()


def _expiry(last_day: date) -> int:
    return int((datetime.combine(last_day, time.min, UTC) + timedelta(days=KEPT_DAYS)).timestamp())
