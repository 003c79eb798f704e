"""Cases as the service requests of Open311, and which of them a program asks for. Plain rules."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from chalicelib.core.http.problems import invalid
from chalicelib.core.languages import N_
from chalicelib.core.moments import brussels
from chalicelib.front_door.cases.rules import Case, Way, case_id_of, receipt_of
from chalicelib.front_door.open311.documents import Value
from chalicelib.front_door.reports.rules import Report, Stage, why_not
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
class ServiceRequest:
    """The public part of a case. `street`, `lat`, `long`: "" and None where nobody may see where it is."""

    receipt: str
    form_id: str
    title: Mapping[str, str]
    unit_id: str
    is_open: bool
    received_at: datetime
    answer_by: date
    answered_on: date | None
    street: str
    lat: float | None
    long: float | None

    @property
    def status(self) -> str:
        return OPEN if self.is_open else CLOSED


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

    def has(self, one: ServiceRequest) -> bool:
        """Whether one that was not asked for by its id is among them."""
        return (
            self.since <= one.received_at <= self.until
            and (not self.codes or one.form_id in self.codes)
            and (not self.statuses or one.status in self.statuses)
        )


@dataclass(frozen=True)
class Found:
    """`requests`: the newest first. `goes_on`: the last moment of those that were not looked at, because there are more
    than MOST_REQUESTS in the span; None: all were."""

    requests: Sequence[ServiceRequest]
    goes_on: datetime | None = None


def looked_at(newest: Sequence[Report]) -> tuple[Sequence[Report], datetime | None]:
    """Of the newest of a span, one more than MOST_REQUESTS if there are as many: those of whole days, and the last
    moment of the day before. A list of a day begins nowhere in the middle, so nobody gets one twice."""
    if len(newest) <= MOST_REQUESTS:
        return newest, None
    last = newest[-1].received_on
    whole = [one for one in newest if one.received_on > last]
    if not whole:  # a day has that many
        return newest[:MOST_REQUESTS], _end_of(last - timedelta(days=1))
    return whole, _end_of(last)


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


def is_shown(case: Case) -> bool:
    """Whether everybody may see that it is there: staff let them."""
    return case.is_public and why_not(case) is None


def is_known_by_id(case: Case) -> bool:
    """Whether a program that has its id is told how it stands: the program that sent it was given the id, and nobody
    guesses one."""
    return is_shown(case) or (case.way is Way.OPEN311 and not case.is_confidential and not case.is_canary)


def of_report(report: Report) -> ServiceRequest:
    """Of what everybody sees on the public map: the same, to ten metres."""
    return ServiceRequest(
        receipt=receipt_of(report.case_id),
        form_id=report.form_id,
        title=report.title,
        unit_id=report.unit_id,
        is_open=report.stage is not Stage.DONE,
        received_at=report.received_at,
        answer_by=report.answer_by,
        answered_on=report.answered_on,
        street=report.street,
        lat=report.lat,
        long=report.long,
    )


def of_case(case: Case, title: Mapping[str, str]) -> ServiceRequest:
    """Of one that is not on the map, for the program that sent it: no place, never what somebody wrote."""
    return ServiceRequest(
        receipt=case.receipt,
        form_id=case.form_id,
        title=title,
        unit_id=case.unit_id,
        is_open=case.is_in_hand,
        received_at=case.received_at,
        answer_by=case.answer_by,
        answered_on=case.answered_on,
        street="",
        lat=None,
        long=None,
    )


def document(one: ServiceRequest, agency: str, language: str) -> dict[str, Value]:
    """`agency`: the name of its unit. Nothing that somebody wrote: an address may be a mail's subject."""
    return {
        "service_request_id": one.receipt,
        "status": one.status,
        "status_notes": None,
        "service_name": said(one.title, language),
        "service_code": one.form_id,
        "description": None,
        "agency_responsible": agency,
        "service_notice": None,
        "requested_datetime": w3(one.received_at),
        "updated_datetime": w3(_changed(one)),
        "expected_datetime": w3(_end_of(one.answer_by)),
        "address": one.street or None,
        "address_id": None,
        "zipcode": None,
        "lat": one.lat,
        "long": one.long,
        "media_url": None,
    }


def newest_first(some: Iterable[ServiceRequest]) -> list[ServiceRequest]:
    return sorted(some, key=lambda one: (one.received_at, one.receipt), reverse=True)


def _changed(one: ServiceRequest) -> datetime:
    """When it was answered; that somebody took it or wrote a note is nobody's business."""
    if one.answered_on is None:
        return one.received_at
    return max(one.received_at, datetime.combine(one.answered_on, time(12), brussels()).astimezone(UTC))


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
