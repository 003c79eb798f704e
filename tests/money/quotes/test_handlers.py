"""`POST /api/quotes`: what something would cost, with all that the family has."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.booking.registrations import table as registrations
from chalicelib.core.table import Item
from chalicelib.money.entitlements import table as entitlements
from chalicelib.money.tariffs.conditions import Has, Order
from chalicelib.money.tariffs.rules import PriceRole, Unit
from tests.camps import BOUWKAMP, JEF, LOU, NOOR, Family, family, post, published, request
from tests.core.http.conftest import stored
from tests.money.payees.given import pays_to
from tests.money.quotes.test_booked import SOCIAL
from tests.money.tariffs.council import discount, line, tariff
from tests.money.tariffs.stored import accepted

CITY = tariff(
    line("day", 1000),
    line("meal", 350, role=PriceRole.EXTRA, name="meal"),
    line("trip", 1200, role=PriceRole.EXTRA, name="trip", unit=Unit.CAMP),
    discounts=(discount("second", 20, when=Order(2)), discount("social", 50, when=Has(("social",)))),
)


@pytest.fixture
def an(table: None) -> Family:
    pays_to()
    accepted(CITY)
    published()
    return family(LOU, JEF)


def ask(an: Family, *items: dict[str, Any], language: str = "en") -> Any:
    return post("/api/quotes", {"items": list(items)}, {**an.authorization, "Accept-Language": language})


def item(*children: Any, session: Any = BOUWKAMP, **more: Any) -> dict[str, Any]:
    return {"session_id": session.session_id, "child_ids": [child.child_id for child in children], **more}


@contextmanager
def operations() -> Iterator[list[str]]:
    seen: list[str] = []
    client: Any = Item._get_connection().connection.client
    note = lambda model, **_: seen.append(model.name)  # noqa: E731
    client.meta.events.register("before-call.dynamodb", note)
    yield seen
    client.meta.events.unregister("before-call.dynamodb", note)


def test_each_line_says_how_much_of_what_by_which_rule_and_article(an):
    answer = ask(an, item(LOU, JEF)).json_body

    assert (answer["total_cents"], answer["currency"]) == (3 * 1000 + 3 * 800, "EUR")
    said = [(one["child_id"], one["rule"], one["quantity"], one["amount_cents"]) for one in answer["lines"]]
    assert said == [
        (LOU.child_id, "day", 3, 3000),
        (JEF.child_id, "day", 3, 3000),
        (JEF.child_id, "second", 3, -600),
    ]
    assert answer["lines"][0] == {
        "session_id": BOUWKAMP.session_id,
        "child_id": LOU.child_id,
        "label": "day",
        "quantity": 3,
        "unit": "day",
        "size": 1,
        "unit_cents": 1000,
        "amount_cents": 3000,
        "rule": "day",
        "article": "art. day",
        "days": ["2027-08-16", "2027-08-17", "2027-08-18"],
    }


def test_what_the_family_has_counts_and_what_that_would_cost_otherwise_is_said(an):
    an.register(BOUWKAMP, JEF)

    answer = ask(an, item(LOU)).json_body

    assert (answer["total_cents"], answer["difference_cents"]) == (3000, 2400)
    assert answer["changes"] == [
        {
            "session_id": BOUWKAMP.session_id,
            "child_id": JEF.child_id,
            "before_cents": 3000,
            "after_cents": 2400,  # of two orders that cost the same, the older child is the first
        }
    ]


def test_what_is_asked_for_and_had_already_is_there_once(an):
    an.register(BOUWKAMP, LOU)

    answer = ask(an, item(LOU)).json_body

    assert (answer["total_cents"], answer["difference_cents"]) == (3000, 0)


def test_some_days_and_extras(an):
    answer = ask(an, item(LOU, days=["2027-08-16", "2027-08-18"], extras=["meal", "trip"])).json_body

    assert answer["total_cents"] == 2 * (1000 + 350) + 1200


def test_what_is_proven_counts(an):
    entitlements.put(replace(SOCIAL, family_id=an.pass_.family_id))

    assert ask(an, item(LOU)).json_body["total_cents"] == 3 * 500


def test_without_a_tariff_a_session_costs_its_own_price(table):
    published()
    an = family(LOU, JEF)

    answer = ask(an, item(LOU, JEF), language="fr").json_body

    assert answer["total_cents"] == 9000
    assert {(one["rule"], one["label"]) for one in answer["lines"]} == {("price", "Prix du stage")}


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ({}, "items"),
        ({"items": []}, "items"),
        ({"items": [item(LOU)] * 31}, "items"),
        ({"items": [{**item(LOU), "session_id": "no-such"}]}, "items[0].session_id"),
        ({"items": [item()]}, "items[0].child_ids"),
        ({"items": [item(LOU, NOOR)]}, "items[0].child_ids[1]"),
        ({"items": [item(LOU), item(LOU)]}, "items[1].child_ids[0]"),
        ({"items": [item(LOU, days=["2027-08-16", "2027-08-19"])]}, "items[0].days[1]"),
        ({"items": [item(LOU, days=["2027-08-16", "2027-08-16"])]}, "items[0].days[1]"),
        ({"items": [item(LOU, days=["yesterday"])]}, "items[0].days[0]"),
        ({"items": [item(LOU, days=[])]}, "items[0].days"),
        ({"items": [item(LOU, extras=["champagne"])]}, "items[0].extras[0]"),
        ({"items": [{**item(LOU), "price": 0}]}, "items[0].price"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(an, content, field):
    answer = post("/api/quotes", content, an.authorization)

    assert answer.status_code == 422
    assert [one["field"] for one in answer.json_body["errors"]] == [field]


def test_a_draft_and_a_cancelled_camp_have_no_price(an):
    draft = published(title="Ontwerp", price_cents=None, opens_at=None)

    assert ask(an, item(LOU, session=draft)).status_code == 422


def test_nobody_asks_without_a_pass(an):
    assert request("POST", "/api/quotes", b"{}").status_code == 401


def test_one_read_more_than_the_programme_and_nothing_written(an):
    an.register(BOUWKAMP, LOU)
    [record] = registrations.of_family(an.pass_.family_id)
    registrations.mark_mailed(record.registration_id, "confirmed")
    turnkamp = published(title="Turnkamp")
    ask(an, item(JEF, session=turnkamp))
    before = stored()

    with operations() as seen:
        answer = ask(an, item(JEF, session=turnkamp))

    assert answer.status_code == 200
    assert seen == ["Query"]
    assert stored() == before


def test_a_registration_whose_mail_is_not_out_yet_costs_one_read_more(an):
    an.register(BOUWKAMP, LOU)
    ask(an, item(JEF))

    with operations() as seen:
        answer = ask(an, item(JEF))

    assert answer.json_body["difference_cents"] == 3 * 800
    assert seen == ["Query", "BatchGetItem"]


@pytest.fixture
def three_camps(table: None) -> tuple[Family, list[Any]]:
    pays_to()
    accepted(CITY)
    days = {"Bos": 5, "Zee": 6, "Duin": 12}
    camps = [
        published(title=title, starts_on=date(2027, 7, day), ends_on=date(2027, 7, day + 2))
        for title, day in days.items()
    ]
    return family(LOU, JEF, NOOR), camps


@settings(max_examples=8)
@given(st.lists(st.permutations([LOU, JEF, NOOR]).map(lambda some: some[:2]), min_size=3, max_size=3))
def test_the_order_of_items_and_children_changes_no_total(three_camps, chosen):
    an, camps = three_camps
    items = [item(*children, session=camp) for children, camp in zip(chosen, camps, strict=True)]
    turned = [{**one, "child_ids": one["child_ids"][::-1]} for one in items]

    answers = [ask(an, *order).json_body for several in (items, turned) for order in permutations(several)]

    assert [answer["lines"] for answer in answers] == [answers[0]["lines"]] * 12
    assert {answer["total_cents"] for answer in answers} == {answers[0]["total_cents"]}
