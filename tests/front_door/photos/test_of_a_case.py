"""A case is sent with photos: each is this case's, or nothing is stored."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.core import table as items
from chalicelib.core.http.problems import Problem
from chalicelib.front_door.cases import ending, sending
from chalicelib.front_door.cases import table as cases
from chalicelib.front_door.photos import table
from chalicelib.front_door.reports import showing
from chalicelib.front_door.reports import table as reports
from chalicelib.mail import of_cases
from chalicelib.mail.rules import MailKind, Message
from tests.front_door import city
from tests.front_door.city import NOW
from tests.front_door.photos.conftest import stored
from tests.front_door.photos.taken import jpeg

KEY, OTHER = "abcdefghjkmnpqrstuvwxyz2", "23456789abcdefghjkmnpqrs"
Arrive = Callable[[str, bytes], None]


@pytest.fixture(autouse=True)
def _city(photos: None) -> None:
    city.a_city()


def wrong(request: sending.CaseRequest) -> list[str]:
    with pytest.raises(Problem) as refused:
        sending.send(request, NOW)
    return [error.field for error in refused.value.errors]


def test_a_case_with_photos_is_still_one_call(arrives: Arrive, monkeypatch: pytest.MonkeyPatch) -> None:
    arrives(KEY, jpeg())
    sending.send(city.report("first"), NOW)
    asked: list[str] = []
    client: Any = items.Item._get_connection().connection.client
    call = client._make_api_call
    monkeypatch.setattr(client, "_make_api_call", lambda name, given: (asked.append(name), call(name, given))[1])

    case = sending.send(replace(city.report(), photos=(KEY, OTHER)), NOW).case

    assert asked == ["TransactWriteItems"]
    assert {table.get(key).case_id for key in (KEY, OTHER)} == {case.case_id}


def test_the_same_request_again_is_the_same_case(arrives: Arrive) -> None:
    arrives(KEY, jpeg())
    wanted = replace(city.report(), photos=(KEY,))

    first, again = sending.send(wanted, NOW), sending.send(wanted, NOW)

    assert (again.case, again.is_new) == (first.case, False)


def test_somebody_elses_photo_is_in_no_other_case(arrives: Arrive) -> None:
    arrives(KEY, jpeg())
    sending.send(replace(city.report("1"), photos=(KEY,)), NOW)

    assert wrong(replace(city.report("2"), photos=(OTHER, KEY))) == ["photos[1]"]
    assert table.get(OTHER).case_id == ""
    assert len(list(cases.inbox("streets"))) == 1


def test_a_refused_photo_and_what_is_no_key_are_named(arrives: Arrive) -> None:
    arrives(KEY, b"%PDF-1.7")

    assert wrong(replace(city.report(), photos=(KEY,))) == ["photos[0]"]
    assert wrong(replace(city.report(), photos=(OTHER, "../kept/x", OTHER))) == ["photos[1]", "photos[2]"]


def test_a_city_that_takes_no_photos_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAKES_PHOTOS", "no")

    assert wrong(replace(city.report(), photos=(KEY,))) == ["photos"]
    assert sending.send(city.report(), NOW).is_new


def test_behind_the_stream_its_photos_are_kept(arrives: Arrive) -> None:
    arrives(KEY, jpeg())
    case = sending.send(replace(city.report(), photos=(KEY, OTHER)), NOW).case

    for _ in range(2):
        of_cases.changed(Message(MailKind.CASE, case.case_id))

    assert table.get(KEY).is_kept
    assert {f"kept/{KEY}.large.jpg", f"kept/{KEY}.small.jpg"} <= stored()
    assert not table.get(OTHER).is_kept


def test_a_photo_that_nobody_could_see_is_shown_to_nobody(arrives: Arrive) -> None:
    case = sending.send(replace(city.report(), photos=(KEY,)), NOW).case

    with pytest.raises(Problem) as refused:
        showing.show(case, city.NADIA, case.edition, "", [KEY], NOW)
    assert refused.value.kind.slug == "changed"

    arrives(KEY, jpeg())  # and now it can be seen
    assert showing.show(case, city.NADIA, case.edition, "", [KEY], NOW).is_public


def test_photos_and_the_public_report_of_a_case_go_with_it(arrives: Arrive) -> None:
    arrives(KEY, jpeg())
    case = sending.send(replace(city.report(), photos=(KEY,)), NOW).case
    of_cases.changed(Message(MailKind.CASE, case.case_id))
    shown = showing.show(case, city.NADIA, case.edition, "Losse tegel", [KEY], NOW)

    assert ending._is_deleted(shown)

    assert stored() == set()
    assert (cases.get(case.case_id), reports.get(reports.id_of(case))) == (None, None)
    assert table.get(KEY).case_id == ""
