"""Whether anything is forgotten: what rings, who looked and what they found, what is late, addresses that are asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from math import isfinite

from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import INVALID, NOT_FOUND, Problem
from chalicelib.core.languages import N_, translate
from chalicelib.core.moments import today
from chalicelib.front_door.cases import table as cases
from chalicelib.front_door.cases.rules import InboxEntry, receipt_of
from chalicelib.front_door.deadlines import is_public_holiday
from chalicelib.front_door.forms import table as forms
from chalicelib.front_door.forms.rules import Form as CaseForm
from chalicelib.front_door.forms.rules import FormKind
from chalicelib.front_door.handling import handling
from chalicelib.front_door.handling.rules import Concerned
from chalicelib.front_door.units import table as units
from chalicelib.front_door.units.rules import Unit
from chalicelib.front_door.watching import looking, silences, table
from chalicelib.front_door.watching.rules import SILENCES, Finding, Ring, RingKind
from chalicelib.front_door.watching.silence import rules as silence
from chalicelib.front_door.watching.table import FormWatch, Link
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import page, redirect, refused
from chalicelib.pages.frame.visit import Visit
from chalicelib.pages.staff.watch_words import FINDINGS, KINDS, MAILS_AT, MAILS_OF_CASES, STEPS, WHY
from chalicelib.people.staff.rules import EVERYWHERE, Role, Staff

HOME, LINKS = "/office/watch", "/office/watch/links"
SHOWN_DAYS, SHOWN_LOOKS = 14, 50
# The look of a day is in the morning: one that did not come is said.
MISSED = timedelta(days=1)
# Entries of a unit that are shown; the rest is counted.
MOST_LATE = 100


@dataclass(frozen=True)
class ShownRing:
    """`what`: its sentence; `about`: a form's title, a unit's name, an address. `findings`: values and words to choose
    from. `is_yours`: False of whoever looked at the last one."""

    ring: Ring
    what: str
    about: str
    findings: tuple[tuple[str, str], ...]
    is_yours: bool


@dataclass(frozen=True)
class ShownForm:
    """`rings_on`: if nothing comes any more; None: it cannot ring. `is_linked`: an address of the city's list leads to
    it. `came`: in the last four weeks."""

    form_id: str
    title: str
    said: float | None
    came: int
    rings_on: date | None
    is_linked: bool


@dataclass(frozen=True)
class ShownUnit:
    """`entries`: None where the reader is not one of its people, and its cases are confidential.
    `complaints`: receipt of each whose units are written down, these units, whose it is."""

    name: str
    number: int
    entries: list[tuple[str, str, date, int, str]] | None
    complaints: list[tuple[str, str, str]]


def show(visit: Visit, by: Staff) -> Answer:
    return _page(visit, by, Form())


def act(visit: Visit, by: Staff) -> Answer:
    form = read_form(visit)
    what, _, subject = form["do"].partition(":")
    try:
        if what == "look":
            finding = Finding(form["finding"]) if form["finding"] in [*Finding] else None
            said = looking.Look(subject, _whole(form["edition"]), finding, form["words"], _number(form["expected"]))
            looking.look(said, by, visit.now)
        elif what == "expect" and subject in forms.heads():
            looking.expect(subject, _number(form["expected"]), by, visit.now)
        else:
            raise Problem(NOT_FOUND)
    except Problem as problem:
        if problem.kind is NOT_FOUND:
            raise
        wrong = form.wrong(problem, visit.language) if problem.errors else form
        return _page(visit, by, wrong, problem)
    return redirect(visit, f"{HOME}?done={what}")


def _page(visit: Visit, by: Staff, form: Form, problem: Problem | None = None) -> Answer:
    day, known = today(visit.now), forms.published()
    watches, state = table.form_watches(), table.state()
    links = table.links()
    days = _days(day)
    ended = list(islice((one for year in (day.year, day.year - 1) for one in table.looked_at(year)), SHOWN_LOOKS))
    return page(
        visit,
        "pages/staff/watch.html",
        problem.kind.status if problem else 200,
        form=form,
        problem=refused(visit, problem),
        at_fault=form["do"],
        done=visit.query.get("done", ""),
        rings=[_shown(visit, by, one, known) for one in table.rings()],
        forms=[_form(visit, one, watches.get(one.form_id), links, day) for one in known.values()],
        days=days,
        last=state.last,
        is_missed=bool(known) and (state.last is None or day - state.last > MISSED),
        ended=[(one, _what(visit, one), _about(visit, one, known), _finding(visit, one)) for one in ended],
    )


def show_late(visit: Visit, by: Staff) -> Answer:
    """Of the units that somebody leads or looks after, and of their own; managers and auditors of the city: of all."""
    known, titles, day = units.every(), forms.published(), today(visit.now)
    is_of_all = EVERYWHERE in by.municipalities and bool(by.roles & {Role.MANAGER, Role.AUDITOR})
    shown = []
    for unit in known.values():
        if not is_of_all and not unit.has(by.email) and by.email.lower() not in _heads(unit, known):
            continue
        in_hand = list(cases.inbox(unit.unit_id))
        late = [entry for entry in in_hand if entry.answer_by < day]
        is_seen = not unit.is_confidential or unit.has(by.email)
        lines = [
            (
                receipt_of(entry.case_id),
                _title(titles.get(entry.form_id), visit) or entry.form_id,
                entry.answer_by,
                (day - entry.answer_by).days,
                entry.assignee,
            )
            for entry in late[:MOST_LATE]
        ]
        told = _complaints(visit, in_hand, known, by) if is_seen else []
        shown.append(ShownUnit(_in(unit.name, visit), len(late), lines if is_seen else None, told))
    return page(visit, "pages/staff/watch_late.html", units=sorted(shown, key=lambda one: -one.number))


def _complaints(
    visit: Visit, in_hand: list[InboxEntry], known: Mapping[str, Unit], by: Staff
) -> list[tuple[str, str, str]]:
    """Nobody whom one is about sees it here."""
    of_kind = [entry.case_id for entry in in_hand if entry.kind is FormKind.COMPLAINT]
    rows = []
    for case in cases.several(of_kind).values():
        concerned = handling.concerned_now(case)
        if concerned == Concerned() or concerned.has(by.staff_id, by.email):
            continue
        named = ", ".join(_in(known[one].name, visit) for one in sorted(concerned.unit_ids) if one in known)
        nobody = translate(NOBODY_MAY, visit.language) if handling.is_stuck(case) else ""
        rows.append((case.receipt, named, nobody or case.assignee))
    return rows


NOBODY_MAY = N_("nobody may: name somebody else")


def show_links(visit: Visit, by: Staff) -> Answer:
    return _links(visit, Form())


def change_links(visit: Visit, by: Staff) -> Answer:
    form = read_form(visit)
    try:
        if form["away"]:
            looking.take_link_away(form["away"])
        else:
            looking.add_link(form["url"], form["where"], form["must"])
    except Problem as problem:
        if problem.kind is NOT_FOUND:
            raise
        return _links(visit, form.wrong(problem, visit.language) if problem.errors else form, problem)
    return redirect(visit, LINKS)


def _links(visit: Visit, form: Form, problem: Problem | None = None) -> Answer:
    return page(
        visit,
        "pages/staff/watch_links.html",
        problem.kind.status if problem else 200,
        form=form,
        problem=refused(visit, problem),
        links=[(one, _why(visit, one.why)) for one in table.links()],
    )


def _form(visit: Visit, form: CaseForm, watch: FormWatch | None, links: list[Link], day: date) -> ShownForm:
    watch = watch or FormWatch(form.form_id)
    past = silences.past(form, watch, day - timedelta(1))
    country = form.deadline.country
    rings_on = silence.rings_on(past, lambda one: not is_public_holiday(one, country)) if past else None
    return ShownForm(
        form.form_id,
        _title(form, visit),
        watch.said,
        sum(past.totals[-28:]) if past else 0,
        # The look of a day sees the days before it.
        rings_on + timedelta(1) if rings_on else None,
        any(one.url.rstrip("/").endswith(f"/forms/{form.form_id}") or form.form_id in one.must for one in links),
    )


def _days(day: date) -> list[tuple[date, int, int, int, int, int, bool]]:
    """Of each look: received, answered, in hand, mended, late, and whether the first is the sum of the next two."""
    found = table.days(day.year, SHOWN_DAYS)
    if len(found) < SHOWN_DAYS:
        found += table.days(day.year - 1, SHOWN_DAYS - len(found))
    rows = []
    for at, said in found:
        sums = said.get("sums", [])
        received, answered, in_hand = (sum(row[column] for row in sums) for column in (2, 3, 4))
        mended = said.get("noted", 0) + said.get("put_back", 0) + said.get("taken_away", 0)
        is_even = all(row[2] == row[3] + row[4] for row in sums) and "sums" in said and not said.get("failed")
        rows.append((at, received, answered, in_hand, mended, sum(said.get("late", {}).values()), is_even))
    return rows


def _shown(visit: Visit, by: Staff, ring: Ring, known: Mapping[str, CaseForm]) -> ShownRing:
    findings = [Finding.FAULT, *([Finding.FEWER] if ring.kind in SILENCES else []), Finding.NOTHING]
    return ShownRing(
        ring,
        _what(visit, ring),
        _about(visit, ring, known),
        tuple((one.value, translate(FINDINGS[one], visit.language)) for one in findings),
        ring.not_by != by.staff_id,
    )


def _what(visit: Visit, ring: Ring) -> str:
    said = dict(ring.said)
    if "why" in said:
        said["why"] = _why(visit, said["why"])
    if "step" in said:
        said["step"] = translate(STEPS.get(said["step"], said["step"]), visit.language)
    if "expected" in said and visit.language != "en":
        said["expected"] = said["expected"].replace(".", ",")
    if ring.kind is RingKind.UNSAID and ring.looked_at:
        return translate(EXPECTS, visit.language, expected=said.get("expected", ""), before=said.get("before") or "–")
    return translate(KINDS[ring.kind], visit.language, **said)


EXPECTS = N_("Expects {expected} cases a year; before: {before}.")


def _about(visit: Visit, ring: Ring, known: Mapping[str, CaseForm]) -> str:
    if ring.kind is RingKind.LINK:
        return ring.said.get("url", "")
    if ring.kind is RingKind.INDEPENDENT:
        return receipt_of(ring.subject)
    if ring.kind is RingKind.COUNT:
        return ring.subject
    if ring.kind is RingKind.UNSENT:
        return translate(MAILS_OF_CASES, visit.language)
    if ring.kind is RingKind.MAILS:
        return translate(MAILS_AT, visit.language)
    form_id, _, part = ring.subject.partition("/")
    title = _title(known.get(form_id), visit) or form_id
    return f"{title} ({part})" if part and title else title or part


def _finding(visit: Visit, ring: Ring) -> str:
    return translate(FINDINGS[ring.finding], visit.language) if ring.finding and ring.words else ""


def _why(visit: Visit, why: str) -> str:
    trouble, _, status = why.partition(" ")
    return translate(WHY[trouble], visit.language, status=status) if trouble in WHY else why


def _heads(unit: Unit, known: Mapping[str, Unit]) -> set[str]:
    """The addresses of its head and of each above it."""
    found, seen, at = set[str](), set[str](), unit.unit_id
    while at in known and at not in seen:
        seen.add(at)
        found |= {known[at].head.lower()} - {""}
        at = known[at].above
    return found


def _title(form: CaseForm | None, visit: Visit) -> str:
    return _in(form.title, visit) if form else ""


def _in(labels: Mapping[str, str], visit: Visit) -> str:
    return labels.get(visit.language) or labels.get("nl", "")


def _number(typed: str) -> float | None:
    try:
        number = float(typed.strip().replace(",", "."))
    except ValueError:
        return None
    return number if isfinite(number) else None


def _whole(typed: str) -> int:
    if not (typed.isascii() and typed.isdigit() and len(typed) < 10):
        raise Problem(INVALID)
    return int(typed)
