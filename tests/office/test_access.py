"""Who saw or changed what about a family is a line, on each route of the office that shows personal data; made from the
table of routes: whatever else is read there reads nobody."""

from datetime import UTC, datetime
from unittest.mock import patch

import pytest

from chalicelib.office.attendance import rules
from chalicelib.people.access import child_digest, family_digest
from chalicelib.people.assistance import table as helps
from chalicelib.people.families import namings
from chalicelib.people.staff.rules import Role
from chalicelib.programme.sessions import leaders
from chalicelib.routes import ROUTES, Route
from tests.camps import post, signed_in
from tests.city.ledger.chains import REASON
from tests.office.desk.counter import typed
from tests.office.two_towns import MILA, WORDS, Town, ask, personal_reads, two_towns
from tests.pages.frame.browsing import Browser
from tests.people.assistance.given import let_in, named

pytestmark = pytest.mark.usefixtures("table")

DAY = "?day=2027-08-16"
# Each route by which staff see somebody, with what stands behind its address.
SHOWS = {
    "GET /api/staff/registrations": "?email=zeegers@example.be",
    "GET /office/desk": "",
    "GET /office/desk/families/{family_id}": "",
    "GET /office/desk/families/{family_id}/assistance": "",
    "GET /office/desk/families/{family_id}/assistance/{help_id}/receipt.pdf": "",
    "GET /api/staff/work": "",
    "GET /office/desk/register": "?like={registration_id}",
    "GET /office/desk/registrations/{registration_id}": "",
    "GET /office/desk/registrations/{registration_id}/letter.pdf": "",
    "GET /office/desk/registrations/{registration_id}/children/{child_id}": "",
    "GET /office/desk/registrations/{registration_id}/children/{child_id}/parents": "",
    "GET /office/desk/registrations/{registration_id}/answers": "",
    "GET /office/desk/registrations/{registration_id}/move": "",
    "GET /office/desk/registrations/{registration_id}/fines": "",
    "GET /office/desk/families/{family_id}/corrections": "",
    "GET /api/staff/namings": "",
    "GET /office/desk/namings": "",
    "GET /office/desk/namings/{child_id}": "",
    "GET /office/attendance/tomorrow.pdf": DAY,
    "GET /office/attendance/{session_id}": DAY,
    "GET /office/attendance/{session_id}/list.csv": DAY,
    "GET /office/attendance/{session_id}/list.xlsx": DAY,
    "GET /office/attendance/{session_id}/gate": DAY,
    "GET /office/attendance/{session_id}/groups": DAY,
    "GET /api/staff/sessions/{session_id}/attendance/{date}": "",
    "GET /office/entitlements/{family_id}": "",
    "GET /office/citypass/families/{family_id}": "",
    # Entries, whose reasons are about a family.
    "GET /api/staff/ledger": "",
    "GET /office/ledger": "",
    "GET /office/ledger.csv": "",
}
# Who helps a family is shown without its children.
WITHOUT_CHILDREN = {name for name in SHOWS if "assistance" in name or "ledger" in name}
# And each by which they change something of hers.
CHANGES = {
    "POST /api/staff/registrations",
    "POST /api/staff/registrations/search",
    "POST /api/staff/families/{family_id}/conversations",
    "POST /office/desk/families/{family_id}",
    "POST /office/desk/families/{family_id}/assistance",
    "POST /api/staff/registrations/{registration_id}/acceptance",
    "POST /api/staff/registrations/{registration_id}/cancellation",
    "POST /api/staff/sessions/{session_id}/grants",
    "POST /api/staff/namings/{child_id}",
    "POST /api/staff/namings/{child_id}/joining",
    "POST /api/staff/namings/{child_id}/parting",
    "POST /api/staff/families/corrections",
    "POST /api/staff/families/joining",
    "POST /office/desk/families/{family_id}/corrections",
    "POST /api/staff/families/limits",
    "POST /office/desk/namings",
    "POST /office/desk/namings/{child_id}",
    "POST /office/desk/register",
    "POST /office/desk/registrations/{registration_id}",
    "POST /office/desk/registrations/{registration_id}/children/{child_id}",
    "POST /office/desk/registrations/{registration_id}/children/{child_id}/parents",
    "POST /office/desk/registrations/{registration_id}/answers",
    "POST /office/desk/registrations/{registration_id}/move",
    "POST /office/desk/registrations/{registration_id}/fines",
    "POST /api/staff/registrations/{registration_id}/transfer",
    "POST /office/sessions/{session_id}/seats",
    "PUT /api/staff/sessions/{session_id}/attendance/{date}",
    "POST /office/attendance/{session_id}/gate",
    "POST /office/attendance/{session_id}/groups",
    "POST /office/entitlements/{family_id}",
    "POST /office/citypass/families/{family_id}",
    "POST /office/citypass/families/{family_id}/{application_id}",
}
OF_STAFF = {f"{route.method} {route.address}": route for route in ROUTES if route.roles}


def test_each_route_that_shows_somebody_says_who_looked(accesses):
    """And no other route reads a pass, what is known of a child, or wishes."""
    kaprijke, zelzate = two_towns()
    the_desk_cancels_the_other(zelzate)
    for number, one in enumerate((zelzate.family, kaprijke.family)):
        at = datetime.fromtimestamp(1_800_000_000 + number, UTC)
        namings.name([MILA.child_id], one.pass_.family_id, at, 1_900_000_000)

    let_in(named(), zelzate.family)
    (helped,) = helps.of_family(zelzate.family.pass_.family_id)
    path = {**zelzate.path, "help_id": helped.help_id}

    for name, route in OF_STAFF.items():
        if route.method != "GET":
            continue
        accesses.clear()
        with personal_reads() as read:
            answer = ask(route, path, SHOWS.get(name, "").format(**path))
        assert bool(accesses) == (name in SHOWS), name
        if name not in SHOWS:
            assert read == [], name
            continue
        assert answer.status_code == 200, name
        line = accesses[-1]
        assert (line["who"], line["route"]) == ("sub-Els Maes", name)
        assert family_digest(zelzate.family.pass_.family_id) in line["families"], name
        if name not in WITHOUT_CHILDREN:
            assert child_digest(MILA.child_id) in line["children"], name
        written = (*WORDS, zelzate.family.pass_.family_id, MILA.child_id)
        assert [word for word in written if word in str(line)] == []


def test_each_route_that_changes_something_of_a_family_is_known_here():
    """Whatever is below a registration, what registers or grants, and what marks."""
    assert {name for name, route in OF_STAFF.items() if route.method != "GET" and changes_a_family(route)} == CHANGES


def changes_a_family(route: Route) -> bool:
    parts, ends = (
        ("/registrations", "/namings", "/families/", "/entitlements/"),
        ("/grants", "/desk/register", "}/seats"),
    )
    ends += ("/gate", "/groups", "/attendance/{date}")
    return any(part in route.address for part in parts) or route.address.endswith(ends)


def test_what_is_changed_at_the_desk_says_who_did(accesses):
    _, zelzate = two_towns()
    mila = family_digest(zelzate.family.pass_.family_id)
    browser = Browser("en").sign_in(Role.DESK)
    child = f"/office/desk/registrations/{zelzate.registration_id}/children/{MILA.child_id}"
    browser.get(child)
    accesses.clear()

    assert browser.submit({"medical": "Bijenallergie en astma"}, button="Save").status == 200
    assert (accesses[0]["route"], accesses[0]["families"]) == (
        "POST /office/desk/registrations/{registration_id}/children/{child_id}",
        [mila],
    )
    assert "Bijenallergie: EpiPen" in browser.get(child).text  # what stood there before

    accesses.clear()
    cancelled = f"/api/staff/registrations/{zelzate.registration_id}/cancellation"
    post(cancelled, {"reason": REASON}, signed_in(Role.DESK))
    again = typed(MILA, session_id=zelzate.session.session_id, email="zeegers@example.be")
    post("/api/staff/registrations", again, signed_in(Role.DESK) | {"Idempotency-Key": "again-1"})
    granted = typed(MILA, email="zeegers@example.be", **{"from": "free"})
    grants = f"/api/staff/sessions/{zelzate.session.session_id}/grants"
    post(grants, granted, signed_in(Role.MANAGER) | {"Idempotency-Key": "again-2"})  # refused, after it had read
    assert [(one["route"].rpartition("/")[2], one["families"]) for one in accesses] == [
        ("cancellation", [mila]),
        ("registrations", [mila]),
        ("grants", [mila]),
    ]


def test_a_list_says_of_how_many_children_it_showed_medical_notes(accesses):
    _, zelzate = two_towns()
    leaders.name(zelzate.session, ["els@zelzate.example"])
    leader = Browser("en").sign_in(Role.LEADER, email="els@zelzate.example", municipalities=())
    early = leader.get(f"/office/attendance/{zelzate.session.session_id}{DAY}")
    assert (early.status, accesses) == (404, [])

    with patch.object(rules, "DAYS_BEFORE", 365):
        shown = leader.get(f"/office/attendance/{zelzate.session.session_id}{DAY}")

    assert "Bijenallergie" in shown.text
    assert [(one["notes"], one["sessions"]) for one in accesses] == [(1, [zelzate.session.session_id])]


def the_desk_cancels_the_other(town: Town) -> None:
    """Given an entry in the ledger about the family: of a second camp, so that it keeps its seat in the first."""
    from tests.camps import published

    other = town.family.register(published(title="Duinenkamp", municipality="Zelzate"), MILA)
    path = f"/api/staff/registrations/{other.json_body['registration_id']}/cancellation"
    assert post(path, {"reason": REASON}, signed_in(Role.DESK)).status_code == 200
