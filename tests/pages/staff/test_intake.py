"""Somebody at the desk takes in a call, a letter and a mail, with the keyboard and without a script."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine

from chalicelib.core import table as items
from chalicelib.front_door.arriving import known_table
from chalicelib.front_door.arriving.known import KnownAnswer
from chalicelib.front_door.cases import acting, sending, table
from chalicelib.front_door.cases.acting import Deed
from chalicelib.front_door.cases.rules import Act, Case, CaseStatus, Way
from chalicelib.front_door.daybook import table as daybook
from chalicelib.front_door.forms.rules import FormKind
from chalicelib.front_door.open311 import listing
from tests.front_door import city
from tests.front_door.arriving.mails import mail
from tests.front_door.city import COMPLAINT, NADIA, NOW, STREET, report, said
from tests.pages.frame.browsing import Browser, Seen

ASK = replace(COMPLAINT, form_id="ask", kind=FormKind.QUESTION, title=said("Een vraag", "Une question", "A question"))
BAGS = KnownAnswer("bags", said("Waar koop ik vuilniszakken?"), said("In elke supermarkt van de stad."), "restafval")


@pytest.fixture(autouse=True)
def _city(table: None) -> Iterator[None]:
    city.a_city()
    listing.forget()
    known_table.put(BAGS)
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def desk() -> Browser:
    return Browser().sign_in("desk")


def looked(desk: Browser, words: str, **more: str) -> Seen:
    return desk.open("/office/intake").send({"words": words, **more}, button="Kijk wat past")


def only_case() -> Case:
    (case,) = [one for unit in city.UNITS for entry in table.inbox(unit.unit_id) if (one := table.get(entry.case_id))]
    return case
