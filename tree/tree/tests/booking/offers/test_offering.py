"""A seat becomes free: who is asked, what happens if they answer, and what if they do not."""

import json
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

import pytest

from chalicelib.booking.offers.advance import MARGIN, advance
from chalicelib.booking.offers.rules import REMINDED_BEFORE, reminded_at
from chalicelib.booking.registrations import table as registrations
from chalicelib.core import table
from chalicelib.people.families.rules import Child, child
from chalicelib.programme.sessions import table as programme
from chalicelib.seats import item as seats_item
from chalicelib.seats import table as seats_table
from chalicelib.seats.changing import closing
from chalicelib.seats.waiting_list import table as waiting_list
from tests import dynamodb_local
from tests.booking.offers.conftest import EVENING, THE_NEXT_EVENING, Town, opened, seats_of
from tests.booking.registrations.test_registering import problem, seats_left
from tests.camps import JEF, LOU, NOOR, Family, family, published, request
from tests.mail.conftest import part

THE_TWINS = child("Ada", "Wouters", date(2022, 6, 1)), child("Bas", "Wouters", date(2022, 6, 1))

pytestmark = pytest.mark.usefixtures("town")


@pytest.fixture
def claeys() -> Family:
    return family(LOU, JEF)


@pytest.fixture
def amrani() -> Family:
    return family(NOOR, email="fatima@example.be", language="fr")


@pytest.fixture
def maes() -> Family:
    return family(JEF, email="piet@example.be", language="en")


def child_number(number: int) -> Child:
    return child(f"Kind {'abcdefgh'[number]}", "Janssens", date(2022, 6, 1))


def registered(of: Family, session, *children, **more) -> str:
    answer = of.register(session, *(children or of.pass_.children), **more)
    assert answer.status_code == 201, answer.body
    return answer.json_body["registration_id"]


def status(of: Family, id_: str) -> str:
    return of.get(f"/api/registrations/{id_}").json_body["status"]


def accepts(of: Family, id_: str):
    return request("POST", f"/api/registrations/{id_}/acceptance", headers=of.authorization)


def asks_for_time(of: Family, id_: str):
    return request("POST", f"/api/registrations/{id_}/extension", headers=of.authorization)


def test_a_freed_seat_is_offered_to_who_is_next_until_eight_the_next_evening(town: Town, claeys, amrani, maes):
    session = published(capacity=1)
    first, second, third = registered(claeys, session, LOU), registered(amrani, session), registered(maes, session)
    town.run()

    claeys.cancel(first)
    mails = town.run()

    offered = amrani.get(f"/api/registrations/{second}").json_body
    assert (offered["status"], datetime.fromisoformat(offered["held_until"])) == ("offered", THE_NEXT_EVENING)
    assert maes.get(f"/api/registrations/{third}").json_body["waitlist_position"] == 1
    (mail,) = [one for one in mails if one["To"] == "fatima@example.be"]
    assert "samedi 8 mai 2027 à 20h00" in part(mail, "plain")
    assert not list(mail.iter_attachments())
    assert {one["To"] for one in mails} == {"fatima@example.be", "an.claeys@example.be"}


def test_who_accepts_is_registered_and_gets_the_confirmation_with_its_calendar_file(town: Town, claeys, amrani):
    session = published(capacity=1)
    first, second = registered(claeys, session, LOU), registered(amrani, session)
    claeys.cancel(first)
    town.run()

    answer = accepts(amrani, second)

    assert (answer.status_code, answer.json_body["status"], answer.json_body["held_until"]) == (200, "confirmed", None)
    (mail,) = town.run()
    assert part(mail, "calendar")
    assert town.run_at(THE_NEXT_EVENING + timedelta(days=2)) == []
    assert status(amrani, second) == "confirmed"


def test_who_declines_makes_room_for_the_next(town: Town, claeys, amrani, maes):
    session = published(capacity=1)
    first, second, third = registered(claeys, session, LOU), registered(amrani, session), registered(maes, session)
    claeys.cancel(first)
    town.run()

    assert amrani.cancel(second).status_code == 204
    mails = town.run()

    assert (status(amrani, second), status(maes, third)) == ("cancelled", "offered")
    (declined,) = [one for one in mails if one["To"] == "fatima@example.be"]
    assert "Vous avez rendu la place" in part(declined, "plain")
    assert not list(declined.iter_attachments())


def test_an_offer_that_nobody_answers_moves_on_and_the_family_is_told(town: Town, claeys, amrani, maes):
    session = published(capacity=1)
    first, second, third = registered(claeys, session, LOU), registered(amrani, session), registered(maes, session)
    claeys.cancel(first)
    town.run()

    (reminder,) = town.run_at(THE_NEXT_EVENING - timedelta(seconds=1))
    assert reminder["Subject"].startswith("Répondez avant samedi 8 mai")
    mails = town.run_at(THE_NEXT_EVENING + MARGIN)

    assert (status(amrani, second), status(maes, third)) == ("cancelled", "offered")
    assert [one["To"] for one in mails] == ["fatima@example.be", "piet@example.be"]
    assert "Votre place n’est plus gardée" in part(mails[0], "plain")
    assert "20:00 on Sunday 9 May 2027" in part(mails[1], "plain")


def test_when_nobody_is_left_the_seat_is_for_anyone_and_no_timer_waits(town: Town, claeys, amrani):
    session = published(capacity=1)
    first = registered(claeys, session, LOU)
    registered(amrani, session)
    claeys.cancel(first)
    town.run()

    town.run_at(THE_NEXT_EVENING + MARGIN)

    assert seats_left(session) == 1
    assert not seats_of(session).until  # nothing is left of it
    assert town.timers.waiting == {}
    assert status(claeys, registered(claeys, session, JEF)) == "confirmed"


def test_no_timer_is_made_where_nobody_waits_for_an_end(town: Town, claeys, amrani):
    session = published(capacity=1)
    first = registered(claeys, session, LOU)
    registered(amrani, session)
    town.run()
    assert town.timers.made == 0

    claeys.cancel(first)
    town.run()

    assert town.timers.moments == [THE_NEXT_EVENING - REMINDED_BEFORE, THE_NEXT_EVENING + MARGIN]


def test_a_seat_that_is_free_is_not_for_who_comes_along_while_somebody_waits(town: Town, claeys, amrani, maes):
    session = published(capacity=1)
    first = registered(claeys, session, LOU)
    registered(amrani, session)
    claeys.cancel(first)  # and nothing is delivered yet

    assert problem(maes.register(session, JEF, waitlist=False)) == "sold-out"
    assert seats_left(session) == 0


def test_siblings_wait_for_two_seats_but_block_the_others_no_longer_than_a_day(town: Town, amrani, maes):
    peeters, claeys = family(LOU, email="jo@example.be"), family(LOU, JEF)
    session = published(capacity=2)
    seat, _ = registered(peeters, session), registered(maes, session)
    twins = family(*THE_TWINS, email="tweeling@example.be")
    two, one = registered(twins, session), registered(amrani, session)
    town.run()
    peeters.cancel(seat)
    town.run()
    assert (status(twins, two), status(amrani, one)) == ("waitlisted", "waitlisted")
    assert problem(claeys.register(session, LOU, waitlist=False)) == "sold-out"

    town.run_at(EVENING + timedelta(hours=24) + MARGIN)

    assert (status(twins, two), status(amrani, one)) == ("waitlisted", "offered")
    assert seats_of(session).blocked is None


def test_siblings_get_both_seats_when_the_second_becomes_free_in_time(town: Town, amrani, maes):
    peeters, twins = family(LOU, email="jo@example.be"), family(*THE_TWINS, email="tweeling@example.be")
    session = published(capacity=2)
    seats = registered(peeters, session), registered(maes, session)
    two, one = registered(twins, session), registered(amrani, session)
    peeters.cancel(seats[0])
    town.run()
    town.go_to(EVENING + timedelta(hours=23))

    maes.cancel(seats[1])
    town.run()

    assert (status(twins, two), status(amrani, one)) == ("offered", "waitlisted")


def test_an_opening_says_how_long_an_offer_lasts(town: Town, claeys, amrani):
    session = published(capacity=1)
    opened(session, offer_days=3, offer_hour=12)
    first, second = registered(claeys, session, LOU), registered(amrani, session)
    claeys.cancel(first)
    town.run()

    held_until = amrani.get(f"/api/registrations/{second}").json_body["held_until"]

    assert held_until == "2027-05-10T10:00:00+00:00"


def test_no_offer_outlasts_the_registration_for_its_session(town: Town, claeys, amrani):
    session = published(capacity=1)
    first, second = registered(claeys, session, LOU), registered(amrani, session)
    town.run()
    town.go_to(datetime.fromisoformat("2027-08-15T22:00+02:00"))  # it closes at midnight
    claeys.cancel(first)
    town.run()

    held_until = amrani.get(f"/api/registrations/{second}").json_body["held_until"]

    assert datetime.fromisoformat(held_until) == datetime.fromisoformat("2027-08-16T00:00+02:00")


def test_once_the_session_is_closed_nothing_is_offered(town: Town, claeys, amrani):
    session = published(capacity=1)
    first, second = registered(claeys, session, LOU), registered(amrani, session)
    town.run()
    town.go_to(datetime.fromisoformat("2027-08-16T00:00:10+02:00"))
    claeys.cancel(first)
    town.run()

    assert status(amrani, second) == "waitlisted"
    assert town.timers.made == 0


def test_two_tabs_that_accept_get_the_same_registration(town: Town, claeys, amrani):
    session = published(capacity=1)
    first, second = registered(claeys, session, LOU), registered(amrani, session)
    claeys.cancel(first)
    town.run()

    answers = [accepts(amrani, second), accepts(amrani, second)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json_body == answers[1].json_body
    assert len(town.run()) == 1


def test_what_lapsed_cannot_be_accepted_and_the_answer_says_why(town: Town, claeys, amrani):
    session = published(capacity=1)
    first, second = registered(claeys, session, LOU), registered(amrani, session)
    claeys.cancel(first)
    town.run()
    town.go_to(THE_NEXT_EVENING)  # to the second, and no timer has rung

    answer = accepts(amrani, second)

    assert (answer.status_code, problem(answer)) == (409, "closed")
    assert "volgende gezin" in answer.json_body["detail"]
    assert status(amrani, second) == "cancelled"
    assert [one["status"] for one in amrani.get("/api/registrations").json_body["registrations"]] == ["cancelled"]


def test_what_was_cancelled_during_the_offer_cannot_be_accepted(town: Town, claeys, amrani):
    session = published(capacity=1)
    first, second = registered(claeys, session, LOU), registered(amrani, session)
    claeys.cancel(first)
    town.run()
    amrani.cancel(second)

    assert problem(accepts(amrani, second)) == "closed"


def test_who_waits_has_nothing_to_accept_yet(town: Town, claeys, amrani):
    session = published(capacity=1)
    registered(claeys, session, LOU)
    waits = registered(amrani, session)

    assert problem(accepts(amrani, waits)) == "not-now"
    assert problem(asks_for_time(amrani, waits)) == "not-now"


def test_nobody_accepts_for_another_family(town: Town, claeys, amrani):
    session = published(capacity=1)
    first, second = registered(claeys, session, LOU), registered(amrani, session)
    claeys.cancel(first)
    town.run()

    assert problem(accepts(claeys, second)) == "not-found"
    assert problem(asks_for_time(claeys, second)) == "not-found"
    assert problem(request("POST", f"/api/registrations/{second}/acceptance")) == "unauthorized"
    assert status(amrani, second) == "offered"


def test_whoever_needs_more_time_for_an_offer_gets_another_day_once(town: Town, claeys, amrani, maes):
    session = published(capacity=1)
    first, second, third = registered(claeys, session, LOU), registered(amrani, session), registered(maes, session)
    claeys.cancel(first)
    town.run()

    answer = asks_for_time(amrani, second)
    again = asks_for_time(amrani, second)

    another_day = THE_NEXT_EVENING + timedelta(days=1)
    assert datetime.fromisoformat(answer.json_body["held_until"]) == another_day
    assert (answer.json_body["status"], problem(again)) == ("offered", "not-now")
    town.run_at(THE_NEXT_EVENING + MARGIN)  # the first timers ring, and make the second
    assert (status(amrani, second), status(maes, third)) == ("offered", "waitlisted")
    assert town.timers.moments == [another_day - REMINDED_BEFORE, another_day + MARGIN]
    town.run_at(another_day + MARGIN)
    assert (status(amrani, second), status(maes, third)) == ("cancelled", "offered")


def test_a_container_whose_clock_is_ahead_takes_no_offer_early(town: Town, claeys, amrani):
    session = published(capacity=1)
    first, second = registered(claeys, session, LOU), registered(amrani, session)
    claeys.cancel(first)
    town.run()

    town.go_to(THE_NEXT_EVENING - timedelta(seconds=1))
    advance(session.session_id, THE_NEXT_EVENING + timedelta(seconds=4))

    assert accepts(amrani, second).status_code == 200


def test_a_child_that_may_not_come_any_more_is_passed_over(town: Town, claeys, amrani, maes):
    session = published(capacity=1)
    first, second, third = registered(claeys, session, LOU), registered(amrani, session), registered(maes, session)
    dynamodb_local.client().update_item(
        TableName="stormloop",
        Key=seats_item.key(session.session_id),
        UpdateExpression="SET born_from = :day",
        ExpressionAttributeValues={":day": {"S": "2022-03-01"}},  # Noor is older
    )
    claeys.cancel(first)
    town.run()

    assert (status(amrani, second), status(maes, third)) == ("cancelled", "offered")


def test_what_the_list_says_of_nobody_is_passed_over(town: Town, claeys, maes):
    session = published(capacity=1)
    first = registered(claeys, session, LOU)
    waiting_list.join(session.session_id, ["nobody"], "nobody23456" + "4ghx7r2p")
    third = registered(maes, session)
    claeys.cancel(first)
    town.run()

    assert status(maes, third) == "offered"


# Holds.


def test_a_held_seat_is_free_again_the_next_day_without_any_timer(town: Town, claeys, amrani):
    session = published(capacity=1)
    opened(session, hold=timedelta(hours=2))
    id_ = registered(claeys, session, LOU)
    held = claeys.get(f"/api/registrations/{id_}").json_body
    assert (held["status"], datetime.fromisoformat(held["held_until"])) == ("offered", EVENING + timedelta(hours=2))
    assert seats_left(session) == 0

    town.go_to(EVENING + timedelta(days=1))

    assert status(claeys, id_) == "cancelled"
    assert seats_left(session) == 1
    assert status(amrani, registered(amrani, session)) == "offered"


def test_the_family_is_told_until_when_and_what_is_asked(town: Town, claeys):
    session = published()
    opened(session, hold=timedelta(hours=2))
    registered(claeys, session, LOU)

    (mail,) = town.run()

    text = part(mail, "plain")
    assert "vrijdag 7 mei 2027 om 21.00 uur" in text
    assert "betaling" in text
    assert "één keer" in text
    assert not list(mail.iter_attachments())
    assert town.timers.moments == [EVENING + timedelta(hours=2) + MARGIN]


def test_a_hold_that_ends_is_told_and_the_record_says_so(town: Town, claeys):
    session = published()
    opened(session, hold=timedelta(hours=2))
    id_ = registered(claeys, session, LOU)
    town.run()

    (mail,) = town.run_at(EVENING + timedelta(hours=2) + MARGIN)

    assert "niet meer vrijgehouden" in part(mail, "plain")
    assert registrations.get(id_).cancelled_at is not None
    assert (seats_of(session).free, seats_of(session).until) == (20, {})
    assert status(claeys, id_) == "cancelled"


def test_what_lapsed_is_cancelled_also_while_its_message_is_still_under_way(town: Town, claeys, amrani):
    session = published(capacity=1)
    opened(session, hold=timedelta(hours=2))
    id_ = registered(claeys, session, LOU, key="one")
    town.run()
    town.go_to(EVENING + timedelta(days=1))

    registered(amrani, session)  # sweeps it

    assert status(claeys, id_) == "cancelled"
    again = claeys.register(session, LOU, key="one")
    assert (again.status_code, again.json_body["status"]) == (200, "cancelled")
    assert problem(accepts(claeys, id_)) == "closed"
    assert len(town.run()) == 2
    assert status(claeys, id_) == "cancelled"


def test_the_child_whose_hold_lapsed_may_be_registered_again(town: Town, claeys):
    session = published(capacity=1)
    opened(session, hold=timedelta(hours=2))
    registered(claeys, session, LOU)
    town.go_to(EVENING + timedelta(days=1))

    assert status(claeys, registered(claeys, session, LOU)) == "offered"
    assert town.run()


def test_a_hold_is_extended_once_for_as_long_again(town: Town, claeys):
    session = published()
    opened(session, hold=timedelta(hours=2))
    id_ = registered(claeys, session, LOU)

    answer = asks_for_time(claeys, id_)

    assert datetime.fromisoformat(answer.json_body["held_until"]) == EVENING + timedelta(hours=4)
    assert problem(asks_for_time(claeys, id_)) == "not-now"
    town.go_to(EVENING + timedelta(hours=3))
    assert accepts(claeys, id_).json_body["status"] == "confirmed"
    assert problem(asks_for_time(claeys, id_)) == "not-now"


def test_an_accepted_hold_is_confirmed_by_mail(town: Town, claeys):
    session = published()
    opened(session, hold=timedelta(hours=2))
    id_ = registered(claeys, session, LOU)
    accepts(claeys, id_)

    (mail,) = town.run()  # it was accepted before the mail about the hold was due

    assert "is bevestigd" in part(mail, "plain")
    assert part(mail, "calendar")


def test_many_holds_have_one_timer_at_a_time(town: Town):
    session = published()
    opened(session, hold=timedelta(hours=2))
    for number in range(4):
        town.go_to(EVENING + timedelta(minutes=number))
        registered(family(child_number(number), email=f"family{number}@example.be"), session)
        town.run()
        assert len(town.timers.waiting) == 1
    assert town.timers.made == 1

    for number in range(4):
        mails = town.run_at(EVENING + timedelta(hours=2, minutes=number) + MARGIN)
        assert [one["To"] for one in mails] == [f"family{number}@example.be"]

    assert town.timers.waiting == {}
    assert seats_of(session).free == 20


def test_the_link_in_the_mail_is_the_family_s_page(town: Town, claeys):
    session = published()
    opened(session, hold=timedelta(hours=2))
    registered(claeys, session, LOU)
    (mail,) = town.run()

    link = next(line for line in part(mail, "plain").splitlines() if line.startswith("https://"))

    assert urlsplit(link)[:3] == ("https", "kamp.kaprijke.example", "/offer")


def test_a_seat_that_became_free_after_the_deadline_is_offered_when_the_deadline_is_moved(town: Town, claeys, amrani):
    session = published(capacity=1)
    first, second = registered(claeys, session, LOU), registered(amrani, session)
    table.transact_write([closing(seats_of(session), EVENING + timedelta(hours=1))])
    town.run_at(EVENING + timedelta(hours=2))
    claeys.cancel(first)
    town.run()
    assert status(amrani, second) == "waitlisted"

    table.transact_write([closing(seats_of(session), EVENING + timedelta(days=5))])
    town.run()

    assert status(amrani, second) == "offered"


def test_a_seat_that_became_free_before_the_session_opens_again_is_offered_when_it_does(town: Town, claeys, amrani):
    session = published(capacity=1)
    first, second = registered(claeys, session, LOU), registered(amrani, session)
    programme.set_opening([session.session_id], EVENING + timedelta(hours=3))
    claeys.cancel(first)
    town.run()
    assert status(amrani, second) == "waitlisted"

    town.run_at(EVENING + timedelta(hours=3, minutes=1))

    assert status(amrani, second) == "offered"


def test_a_timer_that_rings_before_its_moment_by_a_slow_clock_is_followed_by_another(town: Town, claeys, amrani):
    session = published(capacity=1)
    opened(session, hold=timedelta(minutes=30))
    registered(claeys, session, LOU)
    waits = registered(amrani, session)
    town.run()
    ((moment, message),) = town.timers.waiting.values()

    town.go_to(moment - timedelta(milliseconds=200))
    town.city.deliver([json.loads(message)])  # and the timer that rang is still there
    town.timers.waiting = {name: timer for name, timer in town.timers.waiting.items() if timer[0] > moment}
    town.run_at(moment + timedelta(minutes=2))

    assert status(amrani, waits) == "offered"


# A reminder, some hours before it lapses.


def offered_to(town: Town, claeys: Family, amrani: Family, **more) -> tuple[str, str]:
    """Given an offer to the second; both registrations."""
    session = published(capacity=1, **more)
    first, second = registered(claeys, session, LOU), registered(amrani, session)
    claeys.cancel(first)
    town.run()
    return session.session_id, second


def test_who_has_not_answered_four_hours_before_is_reminded_once(town: Town, claeys, amrani):
    offered_to(town, claeys, amrani)

    assert town.run_at(THE_NEXT_EVENING - REMINDED_BEFORE - timedelta(minutes=1)) == []
    (mail,) = town.run_at(THE_NEXT_EVENING - REMINDED_BEFORE)

    assert mail["To"] == "fatima@example.be"
    assert "samedi 8 mai 2027 à 20h00" in mail["Subject"]
    assert "/offer?token=" in part(mail, "plain")
    assert town.run_at(THE_NEXT_EVENING - timedelta(minutes=1)) == []


@pytest.mark.parametrize("answer", [accepts, lambda of, id_: of.cancel(id_)])
def test_who_answered_is_not_reminded(town: Town, claeys, amrani, answer):
    _, second = offered_to(town, claeys, amrani)
    answer(amrani, second)
    town.run()

    assert town.run_at(THE_NEXT_EVENING - REMINDED_BEFORE) == []


def test_who_has_more_time_is_reminded_four_hours_before_its_new_end(town: Town, claeys, amrani):
    _, second = offered_to(town, claeys, amrani)
    assert asks_for_time(amrani, second).status_code == 200

    assert town.run_at(THE_NEXT_EVENING - REMINDED_BEFORE) == []
    until = datetime.fromisoformat(amrani.get(f"/api/registrations/{second}").json_body["held_until"])
    (mail,) = town.run_at(until - REMINDED_BEFORE)
    assert mail["To"] == "fatima@example.be"
    assert "plus de temps" not in part(mail, "plain")  # she had it


def test_during_a_pause_nobody_is_reminded_and_afterwards_before_the_end_that_moved(town: Town, claeys, amrani):
    session_id, _ = offered_to(town, claeys, amrani)
    stopped = int((THE_NEXT_EVENING - timedelta(hours=5)).timestamp())
    table.transact_write([seats_table.stopping(session_id, stopped)])

    assert town.run_at(THE_NEXT_EVENING - REMINDED_BEFORE) == []
    seats_table.move_on(session_id, {stopped: 2 * 3600})

    assert town.run_at(THE_NEXT_EVENING - REMINDED_BEFORE + timedelta(minutes=40)) == []
    (mail,) = town.run_at(THE_NEXT_EVENING + timedelta(hours=2) - REMINDED_BEFORE)
    assert "samedi 8 mai 2027 à 22h00" in mail["Subject"]


def test_an_offer_that_ends_the_same_day_has_no_reminder():
    made = datetime(2027, 5, 8, 7, tzinfo=UTC)
    assert reminded_at(made, made + timedelta(hours=11)) is None
    assert reminded_at(made, made + timedelta(hours=12)) == made + timedelta(hours=8)
