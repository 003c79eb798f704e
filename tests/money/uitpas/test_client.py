"""The client at the documented API, over HTTP."""

import pytest

from chalicelib.money.uitpas.client import UitpasClient
from chalicelib.money.uitpas.rules import UitpasTariff, as_event, as_number
from chalicelib.money.uitpas.service import UitpasAway, UitpasUnclear
from infra.local.uitpas import CLIENT_ID, COUPONS, EVENT, SECRET, SOCIAL, Uitpas, serving


def test_one_token_serves_until_it_ends_and_a_ticket_is_sold_and_cancelled() -> None:
    with serving(Uitpas()) as standin:
        client = UitpasClient(CLIENT_ID, SECRET, standin.address, standin.address)
        (tariff,) = client.tariffs(EVENT, SOCIAL, 1235).tariffs
        sale_id, sold = client.sell(EVENT, SOCIAL, 1235, tariff.tariff_id)
        standin.tokens.clear()  # they ended
        client.cancel(sale_id)
        client.cancel(sale_id)

    assert tariff == sold == UitpasTariff("SOCIALTARIFF", "Kansentarief", 247)
    assert standin.sales == {}
    assert [one for one in standin.asked if "token" in one] == ["POST /oauth/token"] * 2


def test_what_was_asked_without_an_answer_is_not_clear_and_what_was_not_asked_is_away() -> None:
    with serving(Uitpas()) as standin:
        client = UitpasClient(CLIENT_ID, SECRET, standin.address, standin.address)
        client.tariffs(EVENT, COUPONS, 4500)
        standin.way = "lost"
        with pytest.raises(UitpasUnclear):
            client.sell(EVENT, COUPONS, 4500, "COUPON_1079")
    with pytest.raises(UitpasAway) as away:
        UitpasClient(CLIENT_ID, SECRET, standin.address, standin.address).tariffs(EVENT, SOCIAL, 4500)
    assert SOCIAL not in repr(away.value)


@pytest.mark.parametrize("price", [-1, 45.01, 1.005, "2", None, True, float("inf")])
def test_a_price_that_nobody_understands_is_not_offered(price: object) -> None:
    from decimal import Decimal

    from chalicelib.money.uitpas.client import _tariff

    read = Decimal(str(price)) if isinstance(price, float) else price
    assert _tariff({"id": "X", "name": "X", "price": read}, 4500) is None


def test_numbers_and_events_are_read_as_people_type_them() -> None:
    assert as_number(" 0900 0000 67513 ") == SOCIAL
    assert [as_number(one) for one in ("090000006751", "09000000675131", "x", "")] == [None] * 4
    assert as_event(f"https://www.uitdatabank.be/event/{EVENT.upper()}/preview") == as_event(EVENT) == EVENT
    assert [as_event(one) for one in ("", "x", EVENT[:-1], EVENT + "0")] == [None] * 4
