"""Registrations that ended, so that the desk finds them by what a family says: those that stand are found by the seats
and the waiting lists, and these by a line each, written when they end.

| pk         | sk                         | what                       |
| ---------- | -------------------------- | -------------------------- |
| ENDED#year | session_id#registration_id | expires: it ended that year |

One write unit for each registration that ends; registering writes none. Some 60 bytes each: half a read unit for 60.
"""

from collections.abc import Container, Iterator
from datetime import datetime, timedelta

from chalicelib.core import table
from chalicelib.core.moments import today

PARTITION = "ENDED#"
# Longer than the desk looks back.
KEPT = timedelta(days=2 * 365)


def put(session_id: str, registration_id: str, at: datetime) -> None:
    """Again is the same."""
    expires = {"N": str(int((at + KEPT).timestamp()))}
    table.call("PutItem", Item={**_key(session_id, registration_id, at), "expires": expires})


def of_year(year: int, session_ids: Container[str]) -> Iterator[str]:
    """The registrations of these sessions that ended in that year."""
    for item in table.query("pk = :year", {":year": {"S": f"{PARTITION}{year}"}}):
        session_id, _, registration_id = item["sk"]["S"].rpartition("#")
        if session_id in session_ids:
            yield registration_id


def of_session(session_id: str, year: int) -> Iterator[str]:
    values = {":year": {"S": f"{PARTITION}{year}"}, ":session": {"S": f"{session_id}#"}}
    for item in table.query("pk = :year AND begins_with(sk, :session)", values):
        yield item["sk"]["S"].rpartition("#")[2]


def forget(session_id: str, registration_id: str, at: datetime) -> None:
    """It is erased. Again is the same."""
    table.call("DeleteItem", Key=_key(session_id, registration_id, at))


def _key(session_id: str, registration_id: str, at: datetime) -> dict[str, dict[str, str]]:
    return table.key(f"{PARTITION}{today(at).year}", f"{session_id}#{registration_id}")
