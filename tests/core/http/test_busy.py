"""Whichever call to DynamoDB fails, of whichever route: it says that it is busy, and whoever asks again gets what they
asked for, once."""

from collections.abc import Iterator

import pytest

from tests.containers import forget
from tests.core.http import summer
from tests.core.http.test_answers import GOES_WELL
from tests.core.http.test_faults import Failing, refused

# A second answer to the same key: its first is another way in which the route goes well.
ASKED_TWICE = [("POST /api/registrations", 200), ("POST /api/staff/registrations", 200)]
ASKED_TWICE += [("POST /api/staff/sessions/{session_id}/grants", 200), ("POST /api/cases", 200)]
# What always says the same, whatever happens (tests/money/online).
SAYS_NOTHING = {("POST /api/payments/provider", 200)}


# What takes effect once. If it did before the answer broke off, whoever asks again is told so, and sees it by looking.
ONCE = {
    "POST /api/registrations/{registration_id}/extension",
    "PUT /api/staff/openings/{opening_id}",
    "POST /api/staff/openings/{opening_id}/approvals",
    "POST /api/staff/openings/{opening_id}/incidents",
    "POST /api/staff/openings/{opening_id}/incidents/{number}/approval",
}


@pytest.fixture(scope="module", autouse=True)
def everything() -> Iterator[None]:
    with summer.summer():
        yield


@pytest.mark.parametrize(("route", "status"), sorted(GOES_WELL.keys() - ASKED_TWICE - SAYS_NOTHING), ids=str)
def test_a_route_whose_nth_call_fails_is_busy_and_asked_again_goes_well(route: str, status: int) -> None:
    ask = GOES_WELL[route, status][0]
    for nth in range(1, 100):
        forget()
        with Failing(refused("ThrottlingException"), nth) as dynamodb:
            answer = ask()
        if dynamodb.calls < nth:
            break
        assert answer.status_code == 503, (nth, answer.body)
    if not route.startswith("GET"):
        summer.again()
    assert answer.status_code in ({status, 200, 409} if route in ONCE else {status, 200}), (nth, answer.body)
