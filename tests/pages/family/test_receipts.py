"""The public list of what was received: anybody finds theirs, and learns nothing of others."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from chalicelib.front_door.cases import following, sending
from chalicelib.front_door.cases.rules import Case
from chalicelib.front_door.daybook import table as daybook
from tests.front_door import city
from tests.front_door.city import NOW
from tests.pages.frame.browsing import Browser

NEXT_DAY = NOW + timedelta(days=1)


@pytest.fixture(autouse=True)
def _city(table: None) -> Iterator[None]:
    with time_machine.travel(NEXT_DAY, tick=False):
        city.a_city()
        yield


def came(number: int) -> Case:
    case = sending.send(city.report(key=f"stoep-{number}"), NOW).case
    daybook.note(case)
    return case


def test_a_day_lists_codes_in_their_own_order_and_nothing_else() -> None:
    cases = [came(number) for number in range(6)]
    daybook.note(following.close(cases[0], "", NEXT_DAY))

    shown = Browser("en").get("/receipts/2027-03-08/list.csv")

    lines = shown.body.decode().split("\r\n")
    digests = sorted(case.digest for case in cases)
    states = {digest: "answered" if digest == cases[0].digest else "received" for digest in digests}
    assert lines == ["digest,state", *(f"{digest},{states[digest]}" for digest in digests), ""]


def test_anybody_works_out_their_own_code_without_us() -> None:
    case = came(1)

    own = hashlib.sha256(f"{case.receipt} {case.secret}".encode()).hexdigest()

    shown = Browser("en").get("/receipts/2027-03-08")
    assert own in shown.text
    assert shown.headers["Cache-Control"] == "public, max-age=60"
    for unsaid in (case.receipt, "street", "Straten", "stoep"):
        assert unsaid not in shown.html


def test_the_days_lead_to_their_lists_and_a_day_can_be_asked_for() -> None:
    browser = Browser("en")
    browser.get("/receipts")

    assert browser.submit({"day": "2026-12-24"}, "Show").heading == "Received on Thursday 24 December 2026"


@pytest.mark.parametrize("day", ["2027-03-10", "2027-02-30", "vandaag", "20270308", "2027-W10-1"])
def test_what_is_no_day_or_has_not_come_has_no_list(day: str) -> None:
    assert Browser("en").get(f"/receipts/{day}").status == 404
    assert Browser("en").get(f"/receipts?day={day}").status == 404
