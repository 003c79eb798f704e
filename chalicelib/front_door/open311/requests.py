"""Cases as the service requests of Open311, and which of them a program asks for. Plain rules."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from chalicelib.core.http.problems import invalid
from chalicelib.core.languages import N_
from chalicelib.core.moments import brussels, today
from chalicelib.front_door.cases.rules import Case, Way, case_id_of
from chalicelib.front_door.forms.rules import Form
from chalicelib.front_door.open311.documents import Value
from chalicelib.front_door.reports.rules import DECIMALS
from chalicelib.programme.questions.rules import said

# As the standard has them.
MOST_DAYS, MOST_REQUESTS = 90, 1000
MOST_IDS = 50
# In the place of what reads like no receipt.
NO_ID = "-"
OPEN, CLOSED = "open", "closed"
W3 = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2}))?")
WHOLE = re.compile("[1-9][0-9]{0,5}")

AS_W3 = N_("Give a moment with its offset, for example 2027-05-07T19:00:00Z.")
AS_RANGE = N_("Ask for at most 90 days at once.")
AS_STATUS = N_("Give open, closed, or both with a comma between.")
AS_PAGE = N_("Give a whole number from 1.")
AS_IDS = N_("Give at most {most} ids, with commas between.")


@dataclass(frozen=True)
class Wanted:
    """Which requests a program asks for. `case_ids`: these and no others; empty: by what follows. `since`, `until`: the
    moments between which they came, in UTC, both included. `codes`, `statuses`: empty: any. `page` counts from 1."""

    case_ids: tuple[str, ...]
    since: datetime
    until: datetime
    codes: frozenset[str]
    statuses: frozenset[str]
    page: int
    page_size: int

    def has(self, case: Case) -> bool:
        """Whether a case is among them; by its id it was found already."""
        if self.case_ids:
            return True
        return (
            self.since <= case.received_at <= self.until
            and (not self.codes or case.form_id in self.codes)
            and (not self.statuses or status_of(case) in self.statuses)
        )

    @property
    def days(self) -> list[date]:
        """The days in Brussels on which they came, the last one first."""
        last, first = today(self.until), today(self.since)
        return [last - timedelta(days=n) for n in range((last - first).days + 1)]


def wanted(query: Mapping[str, str], now: datetime) -> Wanted:
    """Raises Problem `invalid`. A parameter that is empty is not there."""
    since, until = _range(query, now)
    statuses = frozenset(_listed(query, "status"))
    if statuses - {OPEN, CLOSED}:
        raise invalid("status", AS_STATUS)
    ids = _listed(query, "service_request_id")
    if len(ids) > MOST_IDS:
        raise invalid("service_request_id", AS_IDS, most=MOST_IDS)
    return Wanted(
        case_ids=tuple(case_id_of(each) or NO_ID for each in ids),
        since=since,
        until=until,
        codes=frozenset(_listed(query, "service_code")),
        statuses=statuses,
        page=_whole(query, "page", 1),
        page_size=min(_whole(query, "page_size", MOST_REQUESTS), MOST_REQUESTS),
    )


def status_of(case: Case) -> str:
    return OPEN if case.is_in_hand else CLOSED


def is_shown(case: Case) -> bool:
    """Whether everybody may see that it is there: staff let them."""
    return case.is_public and not case.is_confidential and not case.is_canary and not case.merged_into


def is_known_by_id(case: Case) -> bool:
    """Whether a program that has its id is told how it stands: the program that sent it was given the id, and nobody
    guesses one."""
    return is_shown(case) or (case.way is Way.OPEN311 and not case.is_confidential and not case.is_canary)


def request(case: Case, form: Form, agency: str, street: str, language: str) -> dict[str, Value]:
    """`agency`: the name of its unit. The place only of what staff let be seen, to ten metres, with the name of the
    `street` there, as on the public map; never what somebody wrote: an address may be a mail's subject."""
    place = case.place if is_shown(case) else None
    return {
        "service_request_id": case.receipt,
        "status": status_of(case),
        "status_notes": None,
        "service_name": said(form.title, language),
        "service_code": case.form_id,
        "description": None,
        "agency_responsible": agency,
        "service_notice": None,
        "requested_datetime": w3(case.received_at),
        "updated_datetime": w3(_changed(case)),
        "expected_datetime": w3(_end_of(case.answer_by)),
        "address": (street or None) if place else None,
        "address_id": None,
        "zipcode": None,
        "lat": _to_ten_metres(place.lat) if place else None,
        "long": _to_ten_metres(place.long) if place else None,
        "media_url": None,
    }


def _to_ten_metres(degrees: float | None) -> float | None:
    return None if degrees is None else round(degrees, DECIMALS)


def newest_first(cases: Iterable[Case]) -> list[Case]:
    return sorted(cases, key=lambda case: (case.received_at, case.case_id), reverse=True)


def _changed(case: Case) -> datetime:
    """When it was answered; that somebody took it or wrote a note is nobody's business."""
    if case.answered_on is None:
        return case.received_at
    return max(case.received_at, datetime.combine(case.answered_on, time(12), brussels()).astimezone(UTC))


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59), brussels())


def w3(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _range(query: Mapping[str, str], now: datetime) -> tuple[datetime, datetime]:
    span = timedelta(days=MOST_DAYS)
    since, until = _moment(query, "start_date"), _moment(query, "end_date")
    if since is None and until is None:
        return now - span, now
    if since is None:
        assert until is not None
        since = until - span
    if until is None:
        until = since + span
    if until - since > span:
        raise invalid("start_date", AS_RANGE)
    return since, min(until, now)


def _moment(query: Mapping[str, str], name: str) -> datetime | None:
    """Aware, in UTC; a day alone is its beginning in Brussels. None: it is not there."""
    text = query.get(name, "").strip()
    if not text:
        return None
    if not W3.fullmatch(text) or not text.startswith("20"):
        raise invalid(name, AS_W3)
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=brussels())).astimezone(UTC)
    except ValueError:
        raise invalid(name, AS_W3) from None


def _listed(query: Mapping[str, str], name: str) -> list[str]:
    return [each.strip() for each in query.get(name, "").split(",") if each.strip()]


def _whole(query: Mapping[str, str], name: str, default: int) -> int:
    text = query.get(name, "").strip()
    if text and not WHOLE.fullmatch(text):
        raise invalid(name, AS_PAGE)
    return int(text or default)
