from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.core import table as items
from chalicelib.core.http.problems import Problem
from chalicelib.front_door.cases import sending, table
from chalicelib.front_door.cases.rules import CaseStatus, Contact
from chalicelib.front_door.forms import table as forms
from chalicelib.front_door.units import table as units
from tests.front_door import city
from tests.front_door.city import NOW


@pytest.fixture(autouse=True)
def _city(table: None) -> None:
    city.a_city()


def wrong(refused: Problem) -> list[str]:
    return [error.field for error in refused.errors]


def test_a_report_is_in_the_inbox_of_its_unit_as_soon_as_it_has_a_receipt() -> None:
    case = sending.send(city.report(), NOW).case

    assert table.get(case.case_id) == case
    assert [entry.case_id for entry in table.inbox("streets")] == [case.case_id]
    assert (case.status, case.answer_by) == (CaseStatus.RECEIVED, city.day("2027-03-22"))


def test_a_case_is_one_call_that_writes_two_items_and_reads_none(monkeypatch: pytest.MonkeyPatch) -> None:
    sending.send(city.report("first"), NOW)  # what a container remembers is there
    asked: list[str] = []
    client: Any = items.Item._get_connection().connection.client
    call = client._make_api_call
    monkeypatch.setattr(client, "_make_api_call", lambda name, given: (asked.append(name), call(name, given))[1])

    sending.send(city.report("second"), NOW)

    assert asked == ["TransactWriteItems"]


def test_the_same_key_again_is_the_same_case_with_the_same_secret() -> None:
    first = sending.send(city.report(), NOW)

    again = sending.send(city.report(), NOW + timedelta(minutes=3))

    assert (first.is_new, again.is_new) == (True, False)
    assert again.case == first.case
    assert len(list(table.inbox("streets"))) == 1


def test_a_key_that_said_something_else_before_opens_nobodys_case() -> None:
    sending.send(city.report("1"), NOW)

    with pytest.raises(Problem) as refused:
        sending.send(replace(city.report("1"), answers={"what": "Iets anders"}), NOW)

    assert wrong(refused.value) == ["Idempotency-Key"]


def test_answers_lead_to_another_unit() -> None:
    case = sending.send(city.report(sort="lamp"), NOW).case

    assert case.unit_id == "office"
    assert [entry.case_id for entry in table.inbox("office")] == [case.case_id]


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"answers": {}}, ["answers.what"]),
        ({"answers": {"what": "Stuk", "sort": "tree"}}, ["answers.sort"]),
        ({"answers": {"what": "Stuk", "admin": True}}, ["answers.admin"]),
        ({"place": None}, ["location"]),
        ({"photos": ("a", "b", "c", "d")}, ["photos"]),
    ],
)
def test_what_is_missing_or_wrong_is_named_and_nothing_is_stored(changes: dict[str, Any], fields: list[str]) -> None:
    with pytest.raises(Problem) as refused:
        sending.send(replace(city.report(), **changes), NOW)

    assert wrong(refused.value) == fields
    assert list(table.inbox("streets")) == []


def test_a_complaint_says_how_it_can_be_answered() -> None:
    with pytest.raises(Problem) as refused:
        sending.send(replace(city.complaint(), contact=Contact()), NOW)

    assert wrong(refused.value) == ["contact"]


def test_a_report_may_come_from_nobody_in_particular() -> None:
    case = sending.send(replace(city.report(), contact=Contact()), NOW).case

    assert sending.opened(case.receipt, case.secret) == case


def test_what_was_typed_before_the_form_changed_is_taken_for_a_month() -> None:
    city.publish(replace(city.STREET, version=2), edition=2, before=1, at=NOW)
    old = replace(city.report(), version=1)

    assert sending.send(old, NOW + timedelta(days=29)).case.form_version == 1
    with pytest.raises(Problem) as refused:
        sending.send(replace(old, key="2"), NOW + timedelta(days=31))
    assert refused.value.kind.slug == "not-now"


def test_a_dark_form_takes_nothing() -> None:
    head = forms.head("street")
    assert head
    items.transact_write([forms.putting_head(replace(head, dark_since=NOW, dark_why="nobody", edition=2))])
    forms.forget()

    with pytest.raises(Problem) as refused:
        sending.send(city.report(), NOW)

    assert refused.value.kind.slug == "not-now"


def test_a_key_is_answered_with_its_case_though_the_form_went_dark_meanwhile() -> None:
    first = sending.send(city.report(), NOW).case
    head = forms.head("street")
    assert head
    items.transact_write([forms.putting_head(replace(head, dark_since=NOW, dark_why="nobody", edition=2))])
    forms.forget()

    again = sending.send(city.report(), NOW + timedelta(minutes=3))

    assert (again.case, again.is_new) == (first, False)
    with pytest.raises(Problem) as refused:
        sending.send(replace(city.report(), answers={"what": "Iets anders"}), NOW)
    assert refused.value.kind.slug == "not-now"


def test_a_form_that_there_never_was_is_not_found() -> None:
    with pytest.raises(Problem) as refused:
        sending.send(replace(city.report(), form_id="parking"), NOW)

    assert refused.value.kind.slug == "not-found"


def test_a_receipt_opens_nothing_without_its_secret() -> None:
    case = sending.send(city.report(), NOW).case
    other = sending.send(city.report("another"), NOW).case

    for secret in ("", other.secret, case.secret[:-1], case.secret + "A", "é" * 16):
        with pytest.raises(Problem) as refused:
            sending.opened(case.receipt, secret)
        assert refused.value.kind.slug == "not-found"
    assert sending.opened(case.receipt.lower(), case.secret.lower()) == case


def test_a_unit_of_youth_care_makes_its_cases_confidential() -> None:
    asked = replace(city.complaint("zorg"), form_id="youth-care", answers={"ask": "Wie helpt mij?"})

    assert sending.send(asked, NOW).case.is_confidential


def test_a_canary_is_in_no_list_that_people_see() -> None:
    sending.send(replace(city.report(), is_canary=True), NOW)

    assert list(table.inbox("streets")) == []
    assert len(list(table.whole_inbox("streets"))) == 1


def test_a_unit_that_is_gone_is_said_and_nothing_is_stored() -> None:
    units.UnitItem(units.PK, "streets").delete()
    units.forget()

    with pytest.raises(Problem) as refused:
        sending.send(city.report(), NOW)

    assert refused.value.kind.slug == "not-now"
