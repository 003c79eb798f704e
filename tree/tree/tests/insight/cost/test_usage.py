"""What a request is for, and that quantities add up to the last digit."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.activities import Activity
from chalicelib.insight.cost import usage
from chalicelib.insight.cost.prices import Meter
from chalicelib.insight.cost.usage import added, billed, of_function, of_route, shared

QUANTITIES = st.dictionaries(
    st.sampled_from([usage.LAMBDA_DURATION, usage.READ_UNIT, usage.MAIL]),
    st.decimals(min_value=0, max_value=1_000_000, places=9),
)


@pytest.mark.parametrize(
    ("method", "route", "activity"),
    [
        ("GET", "/programme", Activity.LOOKING),
        ("GET", "/sessions/{session_id}", Activity.LOOKING),
        ("POST", "/sessions/{session_id}", Activity.REGISTERING),
        ("POST", "/prepare", Activity.PREPARING),
        ("POST", "/api/passes", Activity.PREPARING),
        ("GET", "/opening/{opening_id}", Activity.REGISTERING),
        ("GET", "/openings/{opening_id}", Activity.LOOKING),
        ("POST", "/api/registrations", Activity.REGISTERING),
        ("POST", "/api/registrations/{registration_id}/acceptance", Activity.OFFERS),
        ("POST", "/api/staff/registrations", Activity.DESK),
        ("POST", "/office/openings/{opening_id}/draw", Activity.DRAW),
        ("GET", "/office/statistics", Activity.OFFICE),
        ("GET", "/swimming/{slot_id}", Activity.SWIMMING),
        ("GET", "/api/health", Activity.SYSTEM),
    ],
)
def test_a_route_is_for_one_activity(method: str, route: str, activity: Activity):
    assert of_route(route, method) is activity


def test_a_message_may_be_about_something_else_than_a_mail():
    assert of_function("mails", "confirmed") is Activity.MAILS
    assert of_function("mails", "advance") is Activity.OFFERS
    assert of_function("mails", "result") is Activity.DRAW
    assert of_function("unheard-of") is Activity.SYSTEM


@given(QUANTITIES, st.integers(min_value=1, max_value=100))
def test_parts_add_up_to_the_whole(whole: dict[Meter, Decimal], among: int):
    parts = shared(whole, among)

    assert len(parts) == among
    assert added(parts) == whole


def test_what_nobody_bills_has_no_price():
    assert billed({usage.MAIL: Decimal(2), usage.REGISTRATION: Decimal(1)}) == {usage.MAIL: Decimal(2)}
