"""From a case in the stream to a line in the daybook."""

from typing import Any

import pytest

from chalicelib.front_door.cases import sending
from chalicelib.front_door.daybook import table as daybook
from chalicelib.mail import of_cases
from chalicelib.mail.rules import MailKind, Message, messages
from tests.front_door import city
from tests.front_door.city import NOW

KEYS = {"pk": "CASE#ACEFGHJKMNPRA", "sk": "CASE"}


@pytest.mark.parametrize(
    ("change", "keys", "due"),
    [
        ("INSERT", KEYS, [Message(MailKind.CASE, "ACEFGHJKMNPRA")]),
        ("MODIFY", KEYS, [Message(MailKind.CASE, "ACEFGHJKMNPRA")]),
        ("REMOVE", KEYS, []),
        ("INSERT", {**KEYS, "sk": "H#000002"}, []),
        ("INSERT", {"pk": "INBOX#streets", "sk": "2027-03-22#ACEFGHJKMNPRA"}, []),
    ],
)
def test_a_case_that_came_or_changed_is_told(change: str, keys: dict[str, str], due: list[Message]) -> None:
    image: dict[str, Any] = {"form_id": "street"}
    assert messages(change, keys, image, image) == due
    assert [Message.from_json(one.to_json()) for one in due] == due


def test_a_case_is_written_into_the_daybook(table: None) -> None:
    city.a_city()
    case = sending.send(city.report(), NOW).case

    of_cases.changed(Message(MailKind.CASE, case.case_id))
    of_cases.changed(Message(MailKind.CASE, case.case_id))

    assert [line.case_id for line in daybook.of_day(city.day("2027-03-08"))] == [case.case_id]
