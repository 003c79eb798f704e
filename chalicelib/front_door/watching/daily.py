"""The look of each day: counts, what waits too long, silence, addresses, canaries; each on its own, so that one that
fails keeps no other from looking. What it saw is kept for ever, and what is wrong rings.

A city without a form pays for one read. Doing it twice on a day is harmless.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from chalicelib.core import settings
from chalicelib.core.moments import today
from chalicelib.core.observability import log, where
from chalicelib.core.refusals import Interfered
from chalicelib.front_door.arriving import table as arriving
from chalicelib.front_door.cases import table as cases
from chalicelib.front_door.cases.rules import unsent, waits_too_long
from chalicelib.front_door.forms import canary
from chalicelib.front_door.forms import table as forms
from chalicelib.front_door.forms.rules import Form, FormHead, FormKind
from chalicelib.front_door.handling import handling
from chalicelib.front_door.units import table as units
from chalicelib.front_door.units.rules import Unit
from chalicelib.front_door.watching import addresses, counting, silences, table
from chalicelib.front_door.watching.addresses import Asked
from chalicelib.front_door.watching.reconciling import Reconciled, reconcile
from chalicelib.front_door.watching.rules import SILENCES, Overdue, Ring, RingKind, days_of, overdue
from chalicelib.front_door.watching.table import Link, State

A_DAY = timedelta(1)
# A weekend lies between.
MAIL_WAITS = timedelta(3)
# What is answered is looked at for so long.
UNSENT_DAYS = timedelta(7)
CASES_AT_ONCE, MOST_NAMED = 100, 10
# Days before it that the first look counts, and that of each MONDAY counts anew: what was done to a case of a month
# that is settled, and was done with before the next look, no other look sees.
FIRST_DAYS = 365
MONDAY = 0


@dataclass
class Looked:
    """What a look did: for the log, and for whoever queues mails. `late`: units whose head is told, and whether the
    unit above is too. `unsent`: case_ids with a mail that is not out, to be queued again."""

    day: date
    new_rings: list[Ring] = field(default_factory=list)
    late: list[tuple[str, bool]] = field(default_factory=list)
    unsent: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    said: dict[str, Any] = field(default_factory=dict)


@dataclass
class _Look:
    """The city as a look finds it. `reconciled`: None where that failed. `seen`: ring_ids of what is wrong now;
    `kinds`: the kinds that were looked for."""

    now: datetime
    heads: Mapping[str, FormHead]
    forms: Mapping[str, Form]
    units: Mapping[str, Unit]
    looked: Looked
    reconciled: Reconciled | None = None
    seen: set[str] = field(default_factory=set)
    kinds: set[RingKind] = field(default_factory=set)

    @property
    def day(self) -> date:
        return self.looked.day

    def found(self, kinds: Iterable[RingKind], rings: Iterable[Ring]) -> None:
        for one in rings:
            self.seen.add(one.ring_id)
            if table.begin(one):
                self.looked.new_rings.append(one)
        self.kinds |= set(kinds)


Ask = Callable[..., Asked]


def look(now: datetime, ask: Ask = addresses.ask) -> Looked:
    """`ask`: how an address is asked; tests have their own web."""
    looked = Looked(today(now))
    heads = forms.heads()
    if not heads:
        return looked
    forms.forget()
    at = _Look(now, heads, forms.published(), units.every(), looked)
    for name, part in (
        ("counts", _counts),
        ("people", _people),
        ("complaints", _complaints),
        ("unsent", _unsent),
        ("silence", _silence),
        ("mails", _mails),
        ("canaries", _canaries),
        ("addresses", lambda one: _addresses(one, ask)),
    ):
        try:
            part(at)
        except Exception as error:  # noqa: BLE001 the others look all the same; Lambda tries again
            log.error("look_failed", part=name, error=type(error).__name__, frames=where(error))
            looked.failed.append(name)
    _gone(at)
    looked.said["failed"] = looked.failed
    table.put_day(looked.day, looked.said)
    return looked


def _counts(at: _Look) -> None:
    state = table.state()
    yesterday = at.day - A_DAY
    a_year_ago = at.day - timedelta(FIRST_DAYS)
    last = state.last_before(at.day) or a_year_ago
    months = {*state.months, *_months(a_year_ago if at.day.weekday() == MONDAY else last, yesterday)}
    found = at.reconciled = reconcile(at.units, months, at.day)
    walked = {*months, *(line.day.replace(day=1) for line in found.lines)}
    days = [day for month in walked for day in days_of(month, yesterday)]
    counting.count_days(at.heads, at.forms, found.lines, days)
    left = counting.count_months({*walked, at.day.replace(day=1)}, found.lines, _all_silences(at.day), at.day)
    at.found([RingKind.COUNT], [Ring(RingKind.COUNT, one, at.day, at.day, {}) for one in sorted(found.gone)])
    table.well_again(RingKind.COUNT, at.seen)
    in_hand_of = sorted({one.unit_id for one in found.entries})
    at.found([], [_nobody_in(unit_id, "", at.day) for unit_id in in_hand_of if not _is_peopled(at, unit_id)])
    late = [
        overdue(unit_id, (one for one in found.entries if one.unit_id == unit_id), at.day, last)
        for unit_id in in_hand_of
    ]
    at.looked.late = [(one.unit_id, bool(one.weeks)) for one in late if one.new or one.weeks]
    at.looked.said |= _said(found, late)
    table.put_state(State(tuple(left), at.day, last))


def _said(found: Reconciled, late: Iterable[Overdue]) -> dict[str, Any]:
    return {
        "sums": [
            [form_id, way.value, one.received, one.answered, one.in_hand] for (form_id, way), one in found.sums.items()
        ],
        "noted": len(found.noted),
        "put_back": len(found.put_back),
        "taken_away": len(found.taken_away),
        "gone": len(found.gone),
        "late": {one.unit_id: len(one.entries) for one in late if one.entries},
    }


def _months(first: date, last: date) -> Iterator[date]:
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = (month + timedelta(31)).replace(day=1)


def _all_silences(on: date) -> list[Ring]:
    """Open ones, and those looked at this year and the last."""
    ended = [one for year in (on.year, on.year - 1) for one in table.looked_at(year)]
    return [one for one in (*table.rings(), *ended) if one.kind in SILENCES]


def _people(at: _Look) -> None:
    """Units to which a published form leads, and in which nobody is any more; also of a form that went dark for it."""
    rings = []
    for form_id, head in at.heads.items():
        form = at.forms.get(form_id) or (forms.version(form_id, head.published) if head.published else None)
        for unit_id in form.units if form else ():
            if not _is_peopled(at, unit_id):
                rings.append(_nobody_in(unit_id, form_id, at.day))
    at.found([RingKind.PEOPLE], rings)


def _complaints(at: _Look) -> None:
    """Complaints that people have in hand whom they are about, because they joined a unit or left it: each goes to
    somebody else, and one for whom there is nobody rings."""
    units.forget()
    mine = [one for unit_id in at.units for one in cases.inbox(unit_id) if one.kind is FormKind.COMPLAINT]
    rings = []
    for entry in mine:
        case = cases.get(entry.case_id)
        if case and handling.settle(case, at.now).is_stuck:
            rings.append(Ring(RingKind.INDEPENDENT, case.case_id, at.day, at.day, {"unit": case.unit_id}))
    at.found([RingKind.INDEPENDENT], rings)


def _unsent(at: _Look) -> None:
    """Mails about cases in hand, or answered within UNSENT_DAYS, that did not go out: their messages broke off each
    time, or are lost."""
    if at.reconciled is None:
        return
    since = at.day - UNSENT_DAYS
    answered = [line.case_id for line in at.reconciled.lines if line.answered_on and line.answered_on >= since]
    case_ids = list(dict.fromkeys([*(entry.case_id for entry in at.reconciled.entries), *answered]))
    receipts: dict[str, date] = {}
    for begins in range(0, len(case_ids), CASES_AT_ONCE):
        for case in cases.several(case_ids[begins : begins + CASES_AT_ONCE]).values():
            due = unsent(case, cases.history(case)) if case.contact.email else []
            if due:
                at.looked.unsent.append(case.case_id)
            if due and waits_too_long(due[0], at.now):
                receipts[case.receipt] = today(due[0].at)
    rings = []
    if receipts:
        said = {"count": str(len(receipts)), "receipts": ", ".join(sorted(receipts)[:MOST_NAMED])}
        rings = [Ring(RingKind.UNSENT, "cases", min(receipts.values()), at.day, said)]
    at.found([RingKind.UNSENT], rings)


def _is_peopled(at: _Look, unit_id: str) -> bool:
    unit = at.units.get(unit_id)
    return unit is not None and bool(unit.people)


def _nobody_in(unit_id: str, form_id: str, day: date) -> Ring:
    """`form_id`: that leads there; "": it has cases in hand."""
    return Ring(RingKind.PEOPLE, f"{form_id}/{unit_id}", day, day, {"unit": unit_id})


def _silence(at: _Look) -> None:
    watches = table.form_watches()
    rings: list[Ring] = []
    for form_id, form in at.forms.items():
        watch = watches.get(form_id) or table.FormWatch(form_id)
        found = silences.past(form, watch, at.day - A_DAY)
        if found:
            rings += silences.rings_of(form, watch, found, at.day)
    at.found([*SILENCES, RingKind.UNSAID], rings)


def _mails(at: _Look) -> None:
    """Mails that became no case, and that nobody at the desk saw to for MAIL_WAITS: they run out by themselves."""
    part = arriving.left()
    days = [today(one.at) for one in part.mails]
    rings = []
    if days and at.day - days[0] >= MAIL_WAITS:
        rings.append(Ring(RingKind.MAILS, "desk", days[0], at.day, {"count": f"{len(days)}{'+' if part.next else ''}"}))
    at.found([RingKind.MAILS], rings)


def _canaries(at: _Look) -> None:
    """Of each form that takes something today, each way that its cases can go; those that a look before this one left
    behind are removed."""
    canary.sweep(at.units, at.now)
    rings, through = [], 0
    for form_id, form in at.forms.items():
        if not form.is_open(at.day):
            continue
        try:
            through += canary.fly(form, at.now)
        except canary.CanaryLost as lost:
            said = {"step": lost.step, "unit": lost.branch.unit_id}
            rings.append(Ring(RingKind.CANARY, form_id, at.day, at.day, said))
    at.looked.said["canaries"] = through
    at.found([RingKind.CANARY], rings)


def _addresses(at: _Look, ask: Ask) -> None:
    rings, links = [], table.links()
    pages = {form_id: f"{settings.public_url()}/forms/{form_id}" for form_id in at.forms}
    of_forms = [
        partial(ask, pages[form_id], form.title.get("nl", ""), "nl", is_ours=True) for form_id, form in at.forms.items()
    ]
    asked = addresses.several([*of_forms, *(partial(ask, link.url, link.must) for link in links)])
    for (form_id, url), one in zip(pages.items(), asked, strict=False):
        if one.trouble:
            rings.append(Ring(RingKind.ADDRESS, form_id, at.day, at.day, {"url": url, "why": one.why}))
    for link, one in zip(links, asked[len(pages) :], strict=True):
        if one.trouble:
            said = {"url": link.url, "why": one.why, "where": link.where}
            rings.append(Ring(RingKind.LINK, link.link_id, at.day, at.day, said))
        _note(link, one, at.day)
    at.looked.said |= {"asked": len(asked)}
    at.found([RingKind.ADDRESS, RingKind.LINK], rings)


def _note(link: Link, asked: Asked, day: date) -> None:
    try:
        table.put_link(
            replace(link, is_well=asked.trouble is None, why=asked.why, asked_on=day, edition=link.edition + 1)
        )
    except Interfered:
        log.info("link_changed_meanwhile")


def _gone(at: _Look) -> None:
    """What rings and is not seen any more says so, and rings on until somebody looked."""
    for one in table.rings():
        if one.kind not in at.kinds:
            continue
        gone_on = None if one.ring_id in at.seen else one.gone_on or at.day
        if gone_on != one.gone_on:
            table.change(replace(one, gone_on=gone_on, edition=one.edition + 1))
