"""What everybody sees of an opening: its page, and its list once the seed is public."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from click.testing import CliRunner

from chalicelib.core import table as stormloop_table
from chalicelib.core.http.problems import NOT_FOUND, NOT_NOW
from chalicelib.core.languages import LANGUAGES, translate
from chalicelib.office.publication import public
from chalicelib.office.publication.commands import verify_opening
from chalicelib.office.publication.public import LIST_LATER, counted
from chalicelib.programme.openings import table as openings
from chalicelib.programme.openings.admission import admission
from chalicelib.programme.openings.rules import Shift, State
from chalicelib.programme.openings.verification import NO_LIST, verify
from chalicelib.seats import item as seats_item
from chalicelib.seats import stream
from chalicelib.seats import table as seats
from chalicelib.seats.rules import Channel
from tests.camps import BOUWKAMP, LOU, family, published, request
from tests.containers import forget
from tests.core.http.problems import is_problem
from tests.programme.openings.plans import OPENS_AT, SPREAD, approved, drafted, publish, published_opening, stored

HELD = [{"session_id": BOUWKAMP.session_id, "staff": 2, "reduced": 1}]
OVER = OPENS_AT + SPREAD


@pytest.fixture(autouse=True)
def programme(table):
    published(opens_at=None, capacity=8)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    with time_machine.travel(moment, tick=False):
        forget()
        yield


def page(opening_id, path="", **headers):
    return request("GET", f"/api/openings/{opening_id}{path}", headers=headers)


def child_of(number):
    return replace(LOU, child_id=f"child{number:05d}", first_name="Lou")


def registered(opening, number):
    """Given a family that registered its child at the first moment that it may."""
    one = family(child_of(number), email=f"family{number}@example.be")
    with at(admission(opening, one.pass_.namings.values(), "9970").at):
        answer = one.register(BOUWKAMP, child_of(number))
        assert answer.status_code == 201, answer.json_body
    return one, answer.json_body["registration_id"]


def changed(opening_id, **more):
    opening, edition = openings.get(opening_id)
    openings.write(replace(opening, **more), edition)


def rows(answer):
    document = answer.json_body
    return [dict(zip(document["columns"], row, strict=True)) for row in document["rows"]]


def test_an_opening_is_public_with_its_commitment_and_without_its_seed():
    opening = published_opening()

    answer = page(opening.opening_id, **{"Accept-Language": "fr"})

    shown = answer.json_body
    assert answer.headers["Cache-Control"] == "public, max-age=5"
    assert (shown["title"], shown["titles"]) == ("Camps été 2027", dict(opening.plan.titles))
    assert (shown["kind"], shown["state"], shown["why"]) == ("first-come", "published", None)
    assert (shown["commitment"], shown["seed"]) == (opening.commitment, None)
    assert shown["windows"] == [
        {
            "opens_at": "2027-05-07T19:00:00+02:00",
            "ends_at": "2027-05-07T19:30:00+02:00",
            "planned_for": "2027-05-07T19:00:00+02:00",
            "spread_minutes": 30,
            "postcodes": [],
        }
    ]
    assert (shown["passes_until"], shown["session_ids"]) == ("2027-05-06T20:00:00+02:00", [BOUWKAMP.session_id])
    assert (shown["ledger"], shown["log"]) == ({"published": 1}, [])


def test_how_many_approved_and_when_is_public_and_who_is_not():
    opening = published_opening()

    answer = page(opening.opening_id)

    approvals = answer.json_body["approvals"]
    assert (approvals["number"], len(approvals["at"])) == (2, 2)
    assert all(moment.startswith("2027-03-06T") for moment in approvals["at"])
    for name in ("Anna", "Pauwels", "Wouters", "Maes", "sub-"):
        assert name not in answer.body.decode()


def test_the_list_of_openings_has_the_next_one_first_and_no_draft():
    published(opens_at=None, title="Beestenboel", starts_on=date(2027, 8, 23))
    first = published_opening()
    drafted()

    answer = request("GET", "/api/openings")

    (only,) = answer.json_body["openings"]
    whole = page(first.opening_id).json_body
    assert only == {name: whole[name] for name in only}
    assert answer.headers["Cache-Control"] == "public, max-age=5"


@pytest.mark.parametrize("opening_id", ["2027-abcdef", "2027", "x", "~", "2027-ABCDEF", "OPENINGS"])
def test_a_draft_is_as_unknown_as_what_does_not_exist(opening_id):
    for one in (opening_id, approved()):
        is_problem(page(one), NOT_FOUND)
        is_problem(page(one, "/list"), NOT_FOUND)


def test_an_opening_of_years_ago_can_still_be_read():
    opening = published_opening()
    with at(OPENS_AT + timedelta(days=3 * 365)):
        assert openings.remembered(datetime.now(UTC)) == []
        assert page(opening.opening_id).json_body["seed"] == opening.seed.hex()


def test_seats_are_counted_by_the_way_that_they_were_given():
    opening = published_opening(held_back=HELD)
    registered(opening, 1)
    _, by_desk = registered(opening, 2)
    stormloop_table.call(
        "UpdateItem",
        Key=seats_item.key(BOUWKAMP.session_id),
        UpdateExpression="SET #channel = :desk",
        ExpressionAttributeNames={"#channel": stream.CHANNEL + by_desk},
        ExpressionAttributeValues={":desk": {"S": Channel.DESK.value}},
    )
    with at(OVER):
        counts = page(opening.opening_id).json_body["counts"]

    assert counts["seats"] == {"opening": 1, "waiting-list": 0, "desk": 1, "exception": 0, "held-back": 3, "free": 3}
    assert (counts["capacity"], counts["registrations"], counts["with_waiting_list"]) == (8, 2, 0)


def test_what_was_held_until_now_counts_as_free():
    one = seats.get([BOUWKAMP.session_id])[BOUWKAMP.session_id]
    held = replace(one, free=7, holders={"lou": "registration-1"}, until={"registration-1": 100})

    assert counted([held], now=99).seats["opening"] == 1
    assert counted([held], now=100).seats == counted([one], now=100).seats


def test_while_it_is_paused_the_page_says_why_and_hides_the_seed():
    opening_id = published_opening().opening_id
    why = {"nl": "Storing", "fr": "Panne", "en": "Outage"}
    with at(OVER):
        changed(opening_id, state=State.PAUSED, why=why, paused_at=OPENS_AT)
        shown = page(opening_id).json_body

        assert (shown["state"], shown["why"], shown["seed"]) == ("paused", why, None)
        is_problem(page(opening_id, "/list"), NOT_NOW, why=page(opening_id, "/list").json_body["why"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_before_the_spread_is_over_there_is_no_list(language):
    opening = published_opening()
    with at(OVER - timedelta(milliseconds=1)):
        answer = page(opening.opening_id, "/list", **{"Accept-Language": language})

    is_problem(answer, NOT_NOW, language, why=translate(LIST_LATER, language, at=OVER))


def test_the_list_has_a_row_for_each_registration_and_says_who_nobody_is():
    opening = published_opening(held_back=HELD)
    one, registration_id = registered(opening, 1)
    moment = admission(opening, one.pass_.namings.values(), "9970")

    with at(OVER):
        answer = page(opening.opening_id, "/list")

    (row,) = rows(answer)
    assert row == {
        "keys": list(moment.keys),
        "window": 0,
        "is_late": False,
        "admitted_at": int(moment.at.timestamp() * 1000),
        "registered_at": int(moment.at.timestamp() * 1000),
        "session_id": BOUWKAMP.session_id,
        "channel": "opening",
        "children": 1,
        "status": "confirmed",
    }
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    for secret in (registration_id, one.pass_.family_id, one.pass_.pass_id, "child00001", "example.be"):
        assert secret.encode() not in answer.body


def test_who_waits_is_in_the_list_and_who_cancelled_is_not():
    opening = published_opening(held_back=HELD)
    family_of = {number: registered(opening, number) for number in range(7)}
    with at(OVER):
        waiting = [row for row in rows(page(opening.opening_id, "/list")) if row["status"] == "waitlisted"]
        assert [row["channel"] for row in waiting] == ["waiting-list", "waiting-list"]
    with at(OVER):
        confirmed, registration_id = family_of[0]
        confirmed.cancel(registration_id)
        assert len(rows(page(opening.opening_id, "/list"))) == 6


def test_the_list_is_in_the_order_of_arrival_and_verifies(tmp_path):
    opening = published_opening(held_back=HELD)
    for number in range(7):
        registered(opening, number)
    with at(OVER):
        answer = page(opening.opening_id, "/list")

    arrived = [row["registered_at"] for row in rows(answer)]
    assert arrived == sorted(arrived)
    verified = verify(answer.json_body)
    assert (verified.problems, verified.rows, verified.admissions, verified.entries) == ([], 7, 7, 1)
    (tmp_path / "list.json").write_bytes(answer.body)
    result = CliRunner().invoke(verify_opening, [str(tmp_path / "list.json")])
    assert result.exit_code == 0
    assert "7 rows" in result.output
    assert "7 admissions" in result.output


def test_a_long_list_comes_in_parts_that_verify_together_and_not_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(public, "MOST_ROWS", 3)
    opening = published_opening(held_back=HELD)
    for number in range(7):
        registered(opening, number)
    with at(OVER):
        parts = [page(opening.opening_id, f"/list{query}").json_body for query in ("", "?part=1", "?part=2")]
        assert page(opening.opening_id, "/list?part=3").status_code == 422

    assert [(len(part["rows"]), part["next"], part["ledger"] is None) for part in parts] == [
        (3, 1, False),
        (3, 2, True),
        (1, None, True),
    ]
    assert (verify(*parts).problems, verify(*parts).rows) == ([], 7)
    changed_meanwhile = [*parts[:2], {**parts[2], "hash": "0" * 64}]
    for broken in (parts[:1], parts[1:], parts[:2], [parts[0], parts[2], parts[1]], changed_meanwhile):
        assert verify(*broken).problems == [NO_LIST]
    (tmp_path / "list.json").write_text(json.dumps(parts))
    result = CliRunner().invoke(verify_opening, [str(tmp_path / "list.json")])
    assert (result.exit_code, "7 rows" in result.output) == (0, True)


def test_a_list_verifies_after_an_incident_moved_it():
    opening = published_opening()
    changed(opening.opening_id, shifts=(Shift(OPENS_AT + SPREAD / 2, timedelta(hours=2)),))
    for number in range(6):
        registered(stored(opening.opening_id), number)

    with at(OVER):
        assert page(opening.opening_id).json_body["seed"] is None
    with at(OVER + timedelta(hours=2)):
        assert verify(page(opening.opening_id, "/list").json_body).problems == []


def test_who_was_let_in_without_a_moment_is_found_by_the_verifier():
    """A seat that stands among those of the opening although no key admitted its family: the favour that the council
    asked about."""
    opening = published_opening()
    _, registration_id = registered(opening, 1)
    stormloop_table.call(
        "UpdateItem",
        Key={"pk": {"S": f"F#{registration_id[:11]}"}, "sk": {"S": f"R#{registration_id[11:]}"}},
        UpdateExpression="REMOVE opening_id",
    )
    with at(OVER):
        assert verify(page(opening.opening_id, "/list").json_body).problems == [
            "Row 1: it came by the opening, but no draw key admitted it."
        ]


def test_reading_the_page_again_within_a_second_asks_for_no_seats(monkeypatch):
    opening_id = published_opening().opening_id
    page(opening_id)
    asked = []
    monkeypatch.setattr(seats, "get", lambda *asked_for, **_: asked.append(asked_for) or {})

    page(opening_id)

    assert asked == []


def test_a_list_whose_file_was_changed_ends_with_1_and_says_where(tmp_path):
    opening = published_opening()
    registered(opening, 1)
    with at(OVER):
        document = page(opening.opening_id, "/list").json_body
    document["rows"][0][4] -= 1000
    file = tmp_path / "list.json"
    file.write_text(json.dumps(document))

    result = CliRunner().invoke(verify_opening, [str(file)])

    assert result.exit_code == 1
    assert "The list was changed after it was published: its SHA-256 is another." in result.output
    assert "Row 1: it was registered 1000 ms before its moment." in result.output


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", "null", '{"opening": {}}', '{"a": 1, "a": 2}', "[" * 100_000, "\ud800"]
)
def test_what_is_no_list_is_said_to_be_none(tmp_path, content):
    file = tmp_path / "list.json"
    file.write_text(content, errors="surrogatepass")

    result = CliRunner().invoke(verify_opening, [str(file)])

    assert (result.exit_code, result.output.startswith("This is no list of an opening")) == (1, True)


def test_publishing_is_needed_before_anything_is_public():
    opening_id = approved()
    is_problem(page(opening_id), NOT_FOUND)

    publish(opening_id)

    assert page(opening_id).status_code == 200
