"""An opening while it runs: seats by second, who comes, who is refused and why, how far behind the mails are.

The figures are a fragment of their own, which a script fetches every few seconds; without it, a link loads the page.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import not_now
from chalicelib.core.languages import N_, translate
from chalicelib.core.moments import brussels
from chalicelib.insight.cost.estimate import StepName, measured, so_far
from chalicelib.insight.cost.figures import dollars, total
from chalicelib.insight.cost.prices import PriceMissing, shipped
from chalicelib.insight.live import Live, LivePoint
from chalicelib.insight.live import live as figures_of
from chalicelib.office.publication import drafts
from chalicelib.pages.frame.pages import page
from chalicelib.pages.frame.pictures import Point, bars, line, number
from chalicelib.pages.frame.visit import Visit
from chalicelib.pages.staff import words
from chalicelib.pages.staff.waiting import CONFIRMATION, INCIDENTS
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.openings.rules import title

REFRESH_SECONDS = 5
MOST_MINUTES = 30

NOT_PUBLISHED = N_("This opening is not published yet: there is nothing to watch.")
SEATS = N_("Seats given since the beginning")
SEATS_ABOUT = N_("{seats} seats by {until}; {last} of them in the last minute.")
ARRIVALS = N_("Requests, by ten seconds")
ARRIVALS_ABOUT = N_("At most {most} within ten seconds; {failed} failed because of us.")
REFUSALS = N_("Refusals, by reason")
REFUSALS_ABOUT = N_("{number} refusals, most often: {reason}.")
NO_REFUSALS = N_("Nobody was refused.")
MAILS = N_("Mails about these seats")
MAILS_ABOUT = N_("{sent} are sent. {waiting} are under way, the oldest for {seconds} seconds.")
SENT, UNDER_WAY, NOT_DELIVERED = N_("Mails sent"), N_("Mails under way"), N_("Not delivered")
SPENT = N_("about {usd}: {requests} requests of everybody since {since}, and the mails, at list price")
CHANNELS = N_("Seats, by channel")
CHANNELS_ABOUT = N_("{given} of {capacity} seats are given or held back.")


def show(visit: Visit, by: Staff, opening_id: str) -> Answer:
    return _page(visit, opening_id, "pages/staff/live.html")


def figures(visit: Visit, by: Staff, opening_id: str) -> Answer:
    """Only what changes."""
    return _page(visit, opening_id, "pages/staff/live_figures.html")


def _page(visit: Visit, opening_id: str, template: str) -> Answer:
    opening = drafts.get(opening_id)
    if not opening.is_live:
        raise not_now(NOT_PUBLISHED)
    live = figures_of(opening_id, visit.now)
    return page(
        visit,
        template,
        opening_id=opening_id,
        title=title(opening.plan, visit.language),
        state=opening.state,
        states=words.in_language(words.OPENING_STATE, visit.language),
        badges=words.BADGES,
        refresh=REFRESH_SECONDS,
        may_act=visit.may("POST", INCIDENTS) or visit.may("POST", CONFIRMATION),
        **_shown(live, visit.language),
    )


def _shown(live: Live, language: str) -> dict[str, Any]:
    def said(text: str, **values: object) -> str:
        return translate(text, language, **values)

    end = live.end
    recent = sum(one.number for one in live.seats if one.at > end - timedelta(minutes=1))
    given = live.counts.seats
    channels = words.in_language(words.CHANNELS, language)
    reasons = words.in_language(words.REASONS, language)
    refusals = [(reasons.get(slug, slug), times) for slug, times in live.refusals.items()]
    seats_about = said(
        SEATS_ABOUT, seats=number(sum(one.number for one in live.seats)), until=_clock(end), last=number(recent)
    )
    arrivals_about = said(
        ARRIVALS_ABOUT,
        most=number(max((one.number for one in live.arrivals), default=0)),
        failed=number(sum(one.number for one in live.failures)),
    )
    refusals_about = (
        said(REFUSALS_ABOUT, number=number(sum(times for _, times in refusals)), reason=refusals[0][0])
        if refusals
        else said(NO_REFUSALS)
    )
    mails = live.mails
    lag = int(mails.lag.total_seconds())
    mails_about = said(MAILS_ABOUT, sent=number(mails.sent), waiting=number(mails.waiting), seconds=number(lag))
    by_mail = [
        (said(SENT), mails.sent),
        (said(UNDER_WAY), mails.waiting),
        (said(NOT_DELIVERED), mails.undelivered),
    ]
    spent = _spent(live)
    capacity = live.counts.capacity
    channels_about = said(CHANNELS_ABOUT, given=number(capacity - given["free"]), capacity=number(capacity))
    by_channel = [(channels.get(name, name), times) for name, times in given.items()]
    return {
        "at": _clock(live.at),
        "day_shown": live.at.astimezone(brussels()).date(),
        "mails": mails,
        "lag": lag,
        "spent": said(SPENT, usd=spent, requests=number(_answered(live)), since=_clock(live.start)) if spent else "",
        "registrations": live.counts.registrations,
        "with_waiting_list": live.counts.with_waiting_list,
        "pictures": [
            (said(SEATS), seats_about, line(said(SEATS), seats_about, _totals(live), is_total=True)),
            (said(ARRIVALS), arrivals_about, line(said(ARRIVALS), arrivals_about, _points(live, live.arrivals))),
            (said(REFUSALS), refusals_about, bars(said(REFUSALS), refusals_about, refusals) if refusals else ""),
            (said(MAILS), mails_about, bars(said(MAILS), mails_about, by_mail)),
            (said(CHANNELS), channels_about, bars(said(CHANNELS), channels_about, by_channel)),
        ],
        "refusals": refusals,
        "by_channel": by_channel,
        "minutes": _minutes(live),
    }


def _answered(live: Live) -> int:
    return sum(one.number for one in live.arrivals)


def _spent(live: Live) -> str:
    """The cost of everybody's requests in this stretch and of this opening's mails, by what a step was measured to use;
    empty where a price is missing."""
    refused = sum(one.number for one in live.refused)
    registered = live.counts.registrations
    taken = {
        StepName.REFUSAL: refused,
        StepName.REGISTRATION: registered,
        StepName.PAGE: max(0, _answered(live) - refused - registered),
        StepName.MAIL: live.mails.sent,
    }
    try:
        return dollars(total(so_far({step: Decimal(often) for step, often in taken.items()}, measured(), shipped())))
    except PriceMissing:
        return ""


def _totals(live: Live) -> list[Point]:
    """How many seats were given by each second; what was given before the beginning is there from the start."""
    total = sum(one.number for one in live.seats if one.at < live.start)
    points = [_point(live.start, total)]
    for one in sorted(live.seats, key=lambda one: one.at):
        if live.start <= one.at <= live.end:
            total += one.number
            points.append(_point(one.at, total))
    return [*points, _point(live.end, total)]


def _points(live: Live, series: Iterable[LivePoint]) -> list[Point]:
    return [_point(live.start, 0), *(_point(one.at, one.number) for one in series), _point(live.end, 0)]


def _point(at: datetime, value: float) -> Point:
    return Point(at.timestamp(), value, _clock(at))


def _minutes(live: Live) -> list[tuple[str, int, int, int, int]]:
    """Minute, seats, requests, refusals, failures: the latest first, what nothing happened in left out."""
    counted = [_by_minute(series) for series in (live.seats, live.arrivals, live.refused, live.failures)]
    found = sorted({minute for one in counted for minute in one if minute >= live.start}, reverse=True)[:MOST_MINUTES]
    return [(f"{minute.astimezone(brussels()):%H:%M}", *(one[minute] for one in counted)) for minute in found]  # type: ignore[misc]


def _by_minute(series: Sequence[LivePoint]) -> Counter[datetime]:
    counted: Counter[datetime] = Counter()
    for one in series:
        counted[one.at.astimezone(UTC).replace(second=0, microsecond=0)] += one.number
    return counted


def _clock(at: datetime) -> str:
    return f"{at.astimezone(brussels()):%H:%M:%S}"
