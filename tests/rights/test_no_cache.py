"""No cache may store a page that says something of a family: of every route, what it answers to one that is known."""

import re

import pytest

from chalicelib.routes import ROUTES, Route
from tests.camps import family, published, request
from tests.pages.frame.browsing import HOST_ONLY
from tests.rights.test_erasing import ZEB

# What is the same for whoever asks: nothing in it changes with who it is.
OF_EVERYBODY = re.compile(
    r"/assets/|/status|/ledger|/reports[.]geojson|/api/(health|openapi|sessions|ledger|openings|cancellation|forms)"
)
GETS = [route for route in ROUTES if route.method == "GET" and not route.roles]


@pytest.mark.parametrize("route", GETS, ids=lambda route: route.address)
def test_what_a_family_is_shown_is_stored_by_nobody(table: None, route: Route) -> None:
    zeb, camp = family(ZEB, email="zeb@example.be"), published()
    registered = zeb.register(camp, ZEB).json_body["registration_id"]
    values = {"session_id": camp.session_id, "registration_id": registered, "child_id": ZEB.child_id}
    address = re.sub(r"\{(\w+)\}", lambda found: values.get(found[1], "2027-aaaaaa"), route.address)

    answer = request(
        "GET",
        address,
        headers={**zeb.authorization, "Cookie": f"{HOST_ONLY}pass={zeb.token}", "Host": "kamp.kaprijke.example"},
    )

    kept = answer.headers["Cache-Control"]
    says = any(word in answer.body.decode("utf-8", "replace") for word in (ZEB.last_name, "zeb@example.be", registered))
    assert not (says and kept != "no-store"), kept
    if kept.startswith("public") and not OF_EVERYBODY.match(route.address):
        assert "Cookie" in answer.headers.get("Vary", "")  # the same for whoever has no cookie of ours
