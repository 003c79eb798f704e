"""What a family is answered while an opening is paused, and what its attempt counts for afterwards."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.booking.registrations import table as registrations
from chalicelib.booking.registrations.rules import Registration, registration_id
from chalicelib.core import table
from chalicelib.people.families import table as families
from chalicelib.people.families import tokens
from chalicelib.programme.openings.admission import draw_key, drawn, moment
from tests.camps import BOUWKAMP, JEF, LOU, NOOR, Family, family, named_by, post
from tests.office.incidents.conftest import TEXTS, after, approved, at, done, report
from tests.programme.openings.plans import PASSES_UNTIL

# Half an hour of spread: everybody who is not late is admitted by then.
ALL_IN = 30


@pytest.fixture
def claeys(opening):
    return in_time()


def in_time(email: str = "an.claeys@example.be", *children: object) -> Family:
    return known_since(PASSES_UNTIL - timedelta(days=1), email, *children)


def late(email: str = "an.claeys@example.be", *children: object) -> Family:
    """Their pass came an hour before the opening: after the deadline for passes."""
    return known_since(after(-60), email, *children)


def known_since(since: datetime, email: str, *children) -> Family:
    made = family(*children, email=email)
    ids = [child.child_id for child in made.pass_.children]
    pass_ = replace(made.pass_, created_at=since, namings=named_by(made.pass_.family_id, *ids, at=since))
    families.put(pass_)
    with at(since):
        return Family(pass_, tokens.sign(pass_))


def own_moment(opening, who: Family) -> datetime:
    key = draw_key(opening.opening_id, who.pass_.family_id)
    return moment(opening.plan.windows[0], drawn(opening.seed, key))


def record_of(who: Family, key: str) -> Registration | None:
    return registrations.get(registration_id(who.pass_.family_id, key))


def paused_from(opening, minutes: float) -> None:
    with at(after(minutes)):
        done(report(opening.opening_id, "pause"))


def resumed(opening, minutes: float) -> None:
    with at(after(minutes)):
        done(report(opening.opening_id, "resume"))


# While it is paused.


@pytest.mark.parametrize(
    ("language", "title"), [("nl", "De inschrijving is even onderbroken"), ("en", "Registration is paused")]
)
def test_a_family_reads_why_in_its_language(opening, claeys, language, title):
    paused_from(opening, 0)
    with at(after(ALL_IN)):
        answer = claeys.get("/api/pass")  # the pass stays what it is
        assert answer.status_code == 200
        headers = {"Accept-Language": language}
        refused = register(claeys, "key-1", headers)
    assert refused.status_code == 425
    body = refused.json_body
    assert (body["title"], body["detail"], body["why"]) == (title, TEXTS[language], TEXTS[language])
    assert body["type"].endswith("/too-early")
    assert refused.headers["Retry-After"] == "60"


def register(who: Family, key: str, headers: dict[str, str] | None = None):
    wish = {"session_id": BOUWKAMP.session_id, "child_ids": [who.pass_.children[0].child_id]}
    return post("/api/registrations", wish, {**who.authorization, "Idempotency-Key": key, **(headers or {})})


def test_an_attempt_is_kept_and_shown_to_nobody_as_a_registration(opening, claeys):
    paused_from(opening, 0)
    with at(after(ALL_IN)):
        assert register(claeys, "key-1").status_code == 425
        assert claeys.get("/api/registrations").json_body == {"registrations": []}
        number = registration_id(claeys.pass_.family_id, "key-1")
        assert claeys.get(f"/api/registrations/{number}").status_code == 404
    assert record_of(claeys, "key-1") is not None


def test_an_attempt_before_ones_moment_hears_the_same_and_is_not_kept(opening, claeys):
    paused_from(opening, -10)
    with at(after(-5)):
        assert register(claeys, "key-1").json_body["detail"] == TEXTS["nl"]
    assert record_of(claeys, "key-1") is None


def test_who_registered_before_the_pause_is_told_so_again_during_it(opening, claeys):
    own = own_moment(opening, claeys)
    with at(own):
        first = register(claeys, "key-1")
    assert first.status_code == 201
    with at(own + timedelta(seconds=1)):
        done(report(opening.opening_id, "pause"))
    with at(own + timedelta(minutes=5)):
        again = register(claeys, "key-1")
    assert (again.status_code, again.json_body["status"]) == (200, "confirmed")


def test_a_key_of_another_registration_is_refused_during_a_pause_too(opening):
    both = in_time("an.claeys@example.be", LOU, JEF)
    paused_from(opening, 0)
    with at(after(ALL_IN)):
        assert both.register(BOUWKAMP, LOU, key="key-1").status_code == 425
        assert both.register(BOUWKAMP, JEF, key="key-1").status_code == 422


def test_within_the_seconds_until_it_holds_everything_is_as_before(opening, claeys):
    own = own_moment(opening, claeys)
    with at(own):
        done(report(opening.opening_id, "pause"))
    with at(own + timedelta(seconds=9)):
        assert register(claeys, "key-1").status_code == 201


# Afterwards.


def test_the_same_key_registers_after_the_pause_and_the_record_says_when(opening, claeys):
    own = own_moment(opening, claeys)
    with at(own - timedelta(seconds=10)):
        done(report(opening.opening_id, "pause"))
    with at(own + timedelta(minutes=1)):
        assert register(claeys, "key-1").status_code == 425
    with at(own + timedelta(minutes=20) - timedelta(seconds=10)):
        done(report(opening.opening_id, "resume"))
    with at(own + timedelta(minutes=20)):
        answer = register(claeys, "key-1")
    assert (answer.status_code, answer.json_body["status"]) == (200, "confirmed")
    record = record_of(claeys, "key-1")
    assert record.created_at == (own + timedelta(minutes=20)).astimezone(UTC)
    assert record.tried_at == (own + timedelta(minutes=1)).astimezone(UTC)
    assert datetime.fromisoformat(answer.json_body["created_at"]) == record.created_at.replace(microsecond=0)


def test_nobody_is_admitted_all_at_once_when_it_goes_on(opening, claeys):
    own = own_moment(opening, claeys)
    with at(own - timedelta(minutes=2)):
        done(report(opening.opening_id, "pause"))
    with at(own + timedelta(minutes=10)):
        done(report(opening.opening_id, "resume"))
    with at(own + timedelta(minutes=10, seconds=30)):
        assert register(claeys, "key-1").status_code == 425
    with at(own + timedelta(minutes=12)):
        assert register(claeys, "key-1").status_code == 201


def test_time_to_live_does_not_take_an_attempt_before_its_pass_ends(opening, claeys):
    paused_from(opening, 0)
    with at(after(ALL_IN)):
        register(claeys, "key-1")
    item = registrations.RegistrationItem.get(
        f"F#{claeys.pass_.family_id}", f"R#{record_of(claeys, 'key-1').registration_id[11:]}"
    )
    assert item.expires == int((after(ALL_IN) + timedelta(days=180)).timestamp())


# Who is late for the draw.


def test_a_late_family_that_tried_during_the_pause_is_not_late_any_more(opening):
    tried, did_not = late(), late("m.diallo@example.be", NOOR)
    paused_from(opening, ALL_IN - 1)
    with at(after(ALL_IN + 1)):  # its moment has come, and fails through us
        assert register(tried, "key-1").status_code == 425
    resumed(opening, ALL_IN + 19)
    with at(after(ALL_IN + 19.5)):  # half a minute before the late are admitted
        assert register(tried, "key-1").status_code == 200
        assert register(did_not, "key-1").status_code == 425
    assert record_of(tried, "key-1").admission.is_late is False


def test_a_pause_gives_no_place_in_the_order_to_whom_nobody_knew_before_it(opening):
    paused_from(opening, ALL_IN - 1)
    new = [known_since(after(ALL_IN + 1), f"a{number}@example.be", NOOR) for number in range(8)]
    with at(after(ALL_IN + 2)):
        assert {register(who, "key-1").status_code for who in new} == {425}
    resumed(opening, ALL_IN + 19)
    with at(after(ALL_IN + 19.5)):  # half a minute before the late are admitted
        assert {register(who, "key-1").status_code for who in new} == {425}
    with at(after(ALL_IN + 20)):
        assert register(new[0], "key-1").status_code == 200
    assert record_of(new[0], "key-1").admission.is_late is True


def test_at_a_new_moment_a_late_family_that_tried_draws_with_all_others(opening):
    who = late()
    paused_from(opening, ALL_IN)
    with at(after(ALL_IN + 1)):
        register(who, "key-1")
    with at(after(60)):
        approved(opening.opening_id, "restart", opens_at="2027-05-14T19:00")
    own = own_moment(opening, who) + timedelta(days=7)
    with at(own - timedelta(seconds=1)):
        assert register(who, "key-1").status_code == 425
    with at(own):
        answer = register(who, "key-2")
    # The session itself opens anew by the work that follows an incident; that is another test's.
    assert answer.status_code == 201


def test_a_late_family_that_did_not_try_stays_late(opening):
    who = late()
    with at(after(60)):
        approved(opening.opening_id, "restart", opens_at="2027-05-14T19:00")
    with at(own_moment(opening, who) + timedelta(days=7)):
        assert register(who, "key-1").status_code == 425
    with at(after(ALL_IN) + timedelta(days=7)):
        assert register(who, "key-1").status_code == 201


def test_an_attempt_for_one_child_does_not_count_for_its_sister(opening):
    who = late("an.claeys@example.be", LOU, JEF)
    paused_from(opening, ALL_IN)
    with at(after(ALL_IN + 1)):
        assert who.register(BOUWKAMP, LOU, key="key-1").status_code == 425
    with at(after(60)):
        approved(opening.opening_id, "restart", opens_at="2027-05-14T19:00")
    with at(own_moment(opening, who) + timedelta(days=7)):
        assert who.register(BOUWKAMP, LOU, JEF, key="key-2").status_code == 425
        assert who.register(BOUWKAMP, LOU, key="key-1").status_code == 200


@pytest.fixture
def calls(monkeypatch):
    """The calls of DynamoDB, by name."""
    made: list[str] = []
    client = table.Item._get_connection().connection.client
    original = client._make_api_call
    monkeypatch.setattr(client, "_make_api_call", lambda name, asked: made.append(name) or original(name, asked))
    return made


def test_whoever_is_in_time_costs_no_read_after_an_incident_either(opening, claeys, calls):
    paused_from(opening, 1)
    resumed(opening, 10)
    with at(after(10.5)):
        register(claeys, "key-0")  # the container reads the openings
        calls.clear()
        assert register(claeys, "key-1").status_code == 425
    assert calls == []


def test_a_late_family_costs_one_read_after_an_incident_and_none_without(opening, calls):
    who = late()
    with at(after(1)):
        register(who, "key-0")
        calls.clear()
        assert register(who, "key-1").status_code == 425
        assert calls == []
        done(report(opening.opening_id, "extend", minutes=5))
    with at(after(2)):
        register(who, "key-0")
        calls.clear()
        assert register(who, "key-1").status_code == 425
    assert calls == ["Query"]
