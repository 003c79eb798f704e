"""A family declares what a price depends on, uploads a proof and takes it back; somebody of the city decides.

A family declares; a person who saw the proof says so. Nothing here refuses anything by itself but what cannot be: a
name that no tariff asks for, a child of another family, days that no check can cover.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from chalicelib.city.work.rules import Worker
from chalicelib.core import uploads
from chalicelib.core.http.fields import ID, LINE, LINES, Day, Model, OrNull, Text, check
from chalicelib.core.http.problems import CHANGED, NOT_FOUND, Problem, existing, invalid, not_now
from chalicelib.core.ids import by_chance
from chalicelib.core.languages import N_
from chalicelib.core.moments import today
from chalicelib.core.refusals import Busy, Interfered
from chalicelib.money.entitlements import forgetting, papers, table
from chalicelib.money.entitlements.rules import (
    INCOME,
    MOST_NAME,
    MOST_OF_FAMILY,
    MOST_TEXT,
    Decision,
    Declarable,
    Declaration,
    Declared,
    Paper,
    ProofStatus,
    declarable,
    last_day,
)
from chalicelib.money.payees.rules import Payees
from chalicelib.money.tariffs import table as tariffs
from chalicelib.money.tariffs.document import NotAnAmount, cents_of
from chalicelib.people.families.identity import CHILD_LENGTH
from chalicelib.people.staff.rules import Staff

ID_LENGTH = 10
MOST_AHEAD = timedelta(days=366)

AS_NAME = N_("Choose what you declare.")
AS_CHILD = N_("Choose one of your children, or the whole family.")
FOR_A_CHILD = N_("Choose the child that goes to this school.")
FOR_THE_FAMILY = N_("An income is of the whole family.")
AS_INCOME = N_("Give the income of a year in euros, such as 31 000 or 31000,00.")
AS_SINCE = N_("Choose a day within a year from today.")
AS_UNTIL = N_("Choose a day from {first} to {last}: what is shown counts for a year at most.")
AS_SEEN = N_("Write down what you saw, such as “attestation of the health insurance fund”. At most {most} characters.")
AS_REASON = N_("Write down why, so that the family understands it. At most {most} characters.")
AS_VERDICT = N_("Choose whether it is proven.")
ALREADY = N_("You declared this already. It waits for somebody of the city to look at it.")
TOO_MANY = N_("There are {most} declarations already. Call your municipality.")
NO_FILE = N_("Choose a file first.")
NOT_A_PAPER = N_("This is no PDF, JPEG or PNG. Take a picture of the paper, or save it as a PDF.")
TOO_LARGE = N_(
    "The file has {size} MB, and at most 4 MB are possible. Take a picture with fewer dots, or scan it in grey."
)
IS_DECIDED = N_("Somebody of the city has looked at it by now. Declare it again to show another proof.")

DECLARED = Model(
    {
        "name": Text(AS_NAME, LINE, MOST_NAME),
        "child_id": OrNull(Text(AS_CHILD, ID, CHILD_LENGTH)),
        "since": OrNull(Day()),
        "until": OrNull(Day()),
        "income": OrNull(Text(AS_INCOME, LINE, 20)),
    }
)


class Verdict(StrEnum):
    PROVEN = "proven"
    REFUSED = "refused"


@dataclass(frozen=True)
class Place:
    """With whom something can be declared. `municipality`: the payee's, "" for the whole city; `covers`: the
    municipalities of the programme in which families pay to it; `asked`: what their tariffs ask for."""

    municipality: str
    covers: tuple[str, ...]
    asked: Declarable


def places(payees: Payees, municipalities: Iterable[str], day: date) -> list[Place]:
    """The places where anything can be declared; `municipalities`: of the programme. Reads the tariffs, which are
    remembered."""
    by_payee: dict[str, list[str]] = {payee: [] for payee in payees.by_municipality}
    for each in sorted(set(municipalities)):
        if payee := payees.of(each):
            by_payee[payee.municipality].append(each)
    found = [Place(payee, tuple(covers), _asked(payee, covers, day)) for payee, covers in sorted(by_payee.items())]
    return [place for place in found if place.asked.every]


def _asked(payee: str, covers: Iterable[str], day: date) -> Declarable:
    known = [declarable(tariff, day) for each in {payee, *covers} if (tariff := tariffs.in_force(each))]
    return Declarable(
        tuple(sorted({name for each in known for name in each.names})),
        tuple(sorted({level for each in known for level in each.levels})),
        any(each.asks_income for each in known),
    )


def declared_of(sent: Mapping[str, Any], place: Place, children: Collection[str], now: datetime) -> Declared:
    """The declaration that was typed, if it can be made. Raises Problem `invalid`, at its field."""
    given = check(DECLARED, sent)
    name, child_id = given["name"], given["child_id"]
    if name not in place.asked:
        raise invalid("name", AS_NAME)
    if child_id is not None and child_id not in children:
        raise invalid("child_id", AS_CHILD)
    since = given["since"] or today(now)
    if abs(since - today(now)) > MOST_AHEAD:
        raise invalid("since", AS_SINCE)
    first, last = max(since, today(now)), last_day(max(since, today(now)))
    until = given["until"] or last
    if not first <= until <= last:
        raise invalid("until", AS_UNTIL, first=first, last=last)
    declared = Declared(name, place.municipality, child_id, since, until, _income(name, given["income"]))
    if declared.level and child_id is None:
        raise invalid("child_id", FOR_A_CHILD)
    if name == INCOME and child_id is not None:
        raise invalid("child_id", FOR_THE_FAMILY)
    return declared


def _income(name: str, typed: str | None) -> int | None:
    if name != INCOME:
        return None
    try:
        return cents_of("".join((typed or "").split()))
    except NotAnAmount:
        raise invalid("income", AS_INCOME) from None


def declare(family_id: str, declared: Declared, now: datetime, declaration_id: str = "") -> Declaration:
    """The family says so. `declaration_id`: of the form, so that one that is sent twice is one; empty: a new one.
    Raises Problem `invalid`, `not-now`."""
    known = table.of_family(family_id)
    again = next((each for each in known if each.declaration_id == declaration_id), None)
    if again and again.declared == declared:
        return again
    if again:  # somebody went back and typed something else
        declaration_id = new_id()
    if any(each.waits and each.declared.says_the_same(declared) for each in known):
        raise invalid("name", ALREADY)
    return _put(Declaration(declaration_id or new_id(), family_id, declared, now), known)


def new_id() -> str:
    return by_chance(ID_LENGTH)


def is_id(text: str) -> bool:
    return len(text) == ID_LENGTH and text.isascii() and text.isalnum()


def seen(by: Staff, family_id: str, declared: Declared, what: str, now: datetime) -> Declaration:
    """Somebody at the desk was shown it. What the family declared itself and nobody decided is decided by it. Raises
    Problem `invalid`, `not-now`, `changed`."""
    text = _text("seen", AS_SEEN, what)
    known = table.of_family(family_id)
    waits = next((each for each in known if each.waits and each.declared.says_the_same(declared)), None)
    decision = Decision(_worker(by), now, seen=text)
    if waits:
        return _decided(waits, replace(waits, declared=declared, status=ProofStatus.PROVEN, decision=decision))
    new = Declaration(new_id(), family_id, declared, now, _worker(by), ProofStatus.PROVEN, decision=decision)
    return _put(new, known)


def _put(declaration: Declaration, known: Sequence[Declaration]) -> Declaration:
    if len(known) >= MOST_OF_FAMILY:
        raise not_now(TOO_MANY, most=MOST_OF_FAMILY)
    try:
        table.put(declaration)
    except Interfered:  # the same form, at the same moment
        return existing(table.get(declaration.family_id, declaration.declaration_id))
    return declaration


def paper_kind(content: bytes) -> str:
    """Raises Problem `invalid` for what is no proof that we take."""
    if not content:
        raise invalid("file", NO_FILE)
    if len(content) > uploads.MOST_BYTES:
        raise invalid("file", TOO_LARGE, size=f"{len(content) / 1_000_000:.1f}")
    kind = uploads.kind_of(content)
    if kind is None:
        raise invalid("file", NOT_A_PAPER)
    return kind


def upload(family_id: str, declaration_id: str, content: bytes, now: datetime) -> Declaration:
    """A proof of what waits, in the place of the one before. Raises Problem `invalid`, `not-found`, `not-now`."""
    kind = paper_kind(content)
    before = existing(table.get(family_id, declaration_id))
    if not before.waits:
        raise not_now(IS_DECIDED)
    papers.put(family_id, declaration_id, content)
    after = replace(before, paper=Paper(kind, len(content), now), edition=before.edition + 1)
    try:
        table.replace(before, after)
    except Interfered:
        _forget_unless_it_waits(family_id, declaration_id)
        raise Problem(CHANGED) from None
    return after


def _forget_unless_it_waits(family_id: str, declaration_id: str) -> None:
    """Somebody decided, or took it back, while it was uploaded; of two uploads at once one is kept."""
    now_is = table.get(family_id, declaration_id)
    if now_is is None or not now_is.waits:
        forgetting.forget_object(family_id, declaration_id)


def take_back(family_id: str, declaration_id: str) -> None:
    """The family declares it no more. Raises Problem `not-found`, `not-now`, `changed`."""
    found = existing(table.get(family_id, declaration_id))
    if not found.waits:
        raise not_now(IS_DECIDED)
    forgetting.forget_object(family_id, declaration_id)  # first, so that none is left that nothing leads to
    try:
        table.delete(found)
    except Interfered:
        raise Problem(CHANGED) from None


@dataclass(frozen=True)
class Judgement:
    """The verdict of somebody of the city on a declaration. `edition`: as they saw it. `until`: of what is proven;
    None: as it was declared, a year at most."""

    verdict: Verdict
    edition: int
    text: str
    until: date | None = None


def judge(
    by: Staff, found: Declaration, judgement: Judgement, now: datetime, more: Sequence[table.Write] = ()
) -> Declaration:
    """Also of what was decided before: a family may object, and somebody may have been wrong. `more`: writes of the
    same transaction. Raises Problem `invalid`, `changed`."""
    if found.edition != judgement.edition:
        raise Problem(CHANGED)
    if judgement.verdict is Verdict.REFUSED:
        decision = Decision(_worker(by), now, reason=_text("reason", AS_REASON, judgement.text))
        return _decided(found, replace(found, status=ProofStatus.REFUSED, decision=decision), more)
    last = last_day(today(now))
    until = judgement.until or min(found.declared.until, last)
    if not found.declared.since <= until <= last:
        raise invalid("until", AS_UNTIL, first=found.declared.since, last=last)
    decision = Decision(_worker(by), now, seen=_text("saw", AS_SEEN, judgement.text))
    declared = replace(found.declared, until=until)
    return _decided(found, replace(found, declared=declared, status=ProofStatus.PROVEN, decision=decision), more)


def _decided(before: Declaration, after: Declaration, more: Sequence[table.Write] = ()) -> Declaration:
    """The uploaded paper is deleted after the decision, which stands whether S3 answers or not."""
    after = replace(after, edition=before.edition + 1)
    try:
        table.replace(before, after, more)
    except Interfered:
        raise Problem(CHANGED) from None
    return tidied(after)


def tidied(declaration: Declaration) -> Declaration:
    """Without the paper that was not deleted when it was decided, should that have broken off: whoever comes upon it
    does it. The bucket deletes it in the end."""
    if declaration.waits or declaration.paper is None:
        return declaration
    try:
        forgetting.forget_paper(declaration)
    except Busy:
        return declaration
    return replace(declaration, paper=None)


def paper_of(declaration: Declaration) -> bytes:
    """Raises Problem `not-found`, also for one that is deleted by now, and Busy."""
    if declaration.paper is None:
        raise Problem(NOT_FOUND)
    return existing(papers.get(declaration.family_id, declaration.declaration_id))


def _text(field: str, expects: str, typed: str) -> str:
    try:
        return Text(expects, LINES, MOST_TEXT).parse(typed)
    except ValueError:
        raise invalid(field, expects, most=MOST_TEXT) from None


def _worker(by: Staff) -> Worker:
    return Worker(by.staff_id, by.name)
