"""What the desk has to do, in one list: mails that reached nobody, what others handed in, and who has it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chalicelib.booking.answers import answering
from chalicelib.booking.offers.advance import advance
from chalicelib.booking.registrations.rules import RegistrationStatus
from chalicelib.city.work import table as works
from chalicelib.city.work.rules import Work, WorkKind, work_id
from chalicelib.core import table
from chalicelib.mail import undelivered
from chalicelib.mail.rules import OF_REGISTRATIONS, MailKind, Message
from chalicelib.mail.undelivered import TO_PRINT
from chalicelib.office.desk import missing
from chalicelib.office.desk.rules import SAYS, is_news, is_soon, mail_of, of_mail
from chalicelib.people.child_info import entering
from chalicelib.people.families import sharing
from chalicelib.people.staff.rules import Role
from chalicelib.programme.sessions.rules import Session
from tests.booking.answers.asking import asks
from tests.camps import JEF, LOU, NOOR, family, post, published, request, signed_in
from tests.office.desk.counter import DESK, cancel, register

pytestmark = pytest.mark.usefixtures("table")

NOW = datetime(2027, 7, 1, 9, 0, tzinfo=UTC)
REGISTRATION = "g2bxdsa4e9vk2m4p6r8"
KAPRIJKE = signed_in(Role.DESK, groups=["municipality:kaprijke"], name="Tom De Wilde")


def listed(query: str = "", by: dict[str, str] = DESK) -> list[dict[str, Any]]:
    answer = request("GET", f"/api/staff/work{query}", headers=by)
    assert answer.status_code == 200, answer.body
    found: list[dict[str, Any]] = answer.json_body["work"]
    return found


def handle(one: dict[str, Any], do: str, note: str | None = None, by: dict[str, str] = DESK) -> int:
    sent = {"work_id": one["work_id"], "edition": one["edition"], "do": do, "note": note}
    return post("/api/staff/work", sent, by).status_code


def reached_nobody(kind: MailKind, registration_id: str, session: Session, reason: str = TO_PRINT) -> None:
    undelivered.keep(Message(kind, registration_id, session.session_id), reason, datetime.now(UTC))


def a_letter(session: Session) -> dict[str, Any]:
    """A family without mail registers."""
    made: dict[str, Any] = register(session, NOOR, email=None, addressee={"phone": "0470 12 34 56"}).json_body
    reached_nobody(MailKind.CONFIRMED, made["registration_id"], session)
    return made


# The rules


@pytest.mark.parametrize("kind", OF_REGISTRATIONS)
def test_each_mail_about_a_registration_leaves_work_that_says_which(kind):
    for is_letter in (True, False):
        work = of_mail(kind, REGISTRATION, is_letter=is_letter)

        assert mail_of(work) == (kind, REGISTRATION)
        assert work.family_id == REGISTRATION[:11]
    assert of_mail(kind, REGISTRATION, is_letter=False).kind is WorkKind.UNREACHED


def test_an_offer_without_mail_is_a_call_because_a_letter_would_come_too_late():
    assert of_mail(MailKind.OFFERED, REGISTRATION, is_letter=True).kind is WorkKind.CALL
    assert of_mail(MailKind.CANCELLED, REGISTRATION, is_letter=True).kind is WorkKind.LETTER


def test_a_mail_is_news_as_long_as_it_says_what_is_so():
    assert set(SAYS) == set(OF_REGISTRATIONS)
    assert is_news(MailKind.OFFERED, REGISTRATION, RegistrationStatus.OFFERED)
    assert not is_news(MailKind.OFFERED, REGISTRATION, RegistrationStatus.CONFIRMED)
    assert not is_news(MailKind.CONFIRMED, REGISTRATION, None)
    assert is_news(MailKind.CHILD_LEFT, REGISTRATION, RegistrationStatus.CONFIRMED)
    assert not is_news(MailKind.CHILD_LEFT, REGISTRATION, RegistrationStatus.CANCELLED)
    assert is_news(MailKind.CHANGED, REGISTRATION, RegistrationStatus.WAITLISTED)
    assert is_news(MailKind.CALLED_OFF, REGISTRATION, RegistrationStatus.CANCELLED)


@pytest.mark.parametrize(("day", "soon"), [("2027-07-01", False), ("2027-07-02", True), ("2027-07-08", True),
                                           ("2027-07-09", False)])  # fmt: skip
def test_a_camp_is_soon_from_a_week_before_until_the_day_before(day, soon):
    assert is_soon(date.fromisoformat(day), NOW) is soon


# The list


def test_a_letter_is_on_the_list_until_it_is_done():
    session = published()
    made = a_letter(session)

    (one,) = listed()
    assert (one["kind"], one["phone"], one["reason"]) == ("letter", "0470 12 34 56", TO_PRINT)
    assert (one["registration_id"], one["desk_number"]) == (made["registration_id"], made["desk_number"])
    assert [child["first_name"] for child in one["children"]] == ["Noor"]

    assert handle(one, "done") == 204
    assert listed() == []
    assert undelivered.every() == []
    reached_nobody(MailKind.CONFIRMED, made["registration_id"], session)  # a message that comes again
    assert listed() == []


def test_who_took_it_and_what_was_noted_are_seen_and_nobody_writes_over_it_unseen():
    a_letter(published())
    (one,) = listed()

    assert handle(one, "take") == 204
    assert handle(one, "take", by=signed_in(Role.DESK, name="Els Maes")) == 409
    (taken,) = listed()
    assert handle(taken, "note", "Komt het zelf halen.") == 204
    (noted,) = listed()

    assert (noted["taken_by"], noted["note"], noted["edition"]) == ("Tom De Wilde", "Komt het zelf halen.", 2)


def test_a_note_that_was_typed_is_kept_whichever_button_was_pressed():
    a_letter(published())
    (one,) = listed()

    assert handle(one, "take", "Belt morgen terug.") == 204
    (taken,) = listed()
    assert (taken["taken_by"], taken["note"]) == ("Tom De Wilde", "Belt morgen terug.")
    assert handle(one, "leave", "Ik zag het niet.") == 409

    assert handle(taken, "done", "Gehaald.") == 204
    assert works.get(work_id(one["work_id"])).handling.note == "Gehaald."


def test_an_offer_to_a_family_without_mail_is_a_call_until_it_is_answered():
    session = published(capacity=1)
    claeys = family(LOU)
    held = claeys.register(session, LOU).json_body["registration_id"]
    waiting = register(session, NOOR, email=None).json_body["registration_id"]
    claeys.cancel(held)
    advance(session.session_id, datetime.now(UTC))
    reached_nobody(MailKind.WAITLISTED, waiting, session)
    reached_nobody(MailKind.OFFERED, waiting, session)

    (one,) = listed()  # that it waits is no news any more
    assert (one["kind"], one["phone"]) == ("call", None)
    assert one["offered_until"] is not None
    cancel(waiting)
    assert listed() == []


def test_a_mail_that_came_back_says_why():
    session = published()
    made = family(LOU).register(session, LOU).json_body["registration_id"]
    reached_nobody(MailKind.CONFIRMED, made, session, "gone")

    (one,) = listed()

    assert (one["kind"], one["reason"], one["email"]) == ("unreached", "gone", "an.claeys@example.be")


def test_a_mail_that_did_not_reach_the_other_parent_is_work_about_that_one():
    session = published()
    claeys, father = family(LOU, JEF), family(LOU, email="youssef@example.be")
    made = claeys.register(session, LOU, JEF).json_body["registration_id"]
    first, second = claeys.pass_.family_id, father.pass_.family_id
    for side, kind, other in ((first, "SHARED#", second), (second, "SHARES#", first)):
        keys = {"pk": {"S": f"F#{side}"}, "sk": {"S": f"{kind}{LOU.child_id}"}}
        table.call("PutItem", Item={**keys, "family_id": {"S": other}, "since": {"N": "1"}})
    reached_nobody(MailKind.OTHER_PARENT, f"{made}/{LOU.child_id}/confirmed", session, "gone")
    reached_nobody(MailKind.OTHER_PARENT, f"{made}/{LOU.child_id}/waitlisted", session, "gone")  # no news any more

    (one,) = listed()
    assert (one["kind"], one["email"]) == ("unreached", "youssef@example.be")
    assert [child["first_name"] for child in one["children"]] == ["Lou"]
    assert handle(one, "take") == 204
    assert works.of_family(first) == []
    assert len(works.of_family(second)) == 1
    assert handle(listed()[0], "done") == 204
    assert listed() == []

    claeys.cancel(made)
    reached_nobody(MailKind.OTHER_PARENT, f"{made}/{LOU.child_id}/cancelled", session, "gone")
    assert [one["email"] for one in listed()] == ["youssef@example.be"]
    sharing.end(first, LOU.child_id)
    assert listed() == []


def test_in_parts_by_kind_and_by_municipality_and_nobody_elses():
    here, there = published(), published(municipality="Zelzate", title="Zeekamp")
    a_letter(here)
    made = family(LOU).register(there, LOU).json_body["registration_id"]
    about = {"family_id": made[:11], "registration_id": made, "session_id": there.session_id}
    works.hand_in(Work(WorkKind.PAY_BACK, made, "Zelzate", about, date(2020, 7, 1), NOW))

    assert [one["kind"] for one in listed()] == ["pay-back", "letter"]
    assert [one["kind"] for one in listed("?kind=letter")] == ["letter"]
    assert [one["kind"] for one in listed("?municipality=Zelzate")] == ["pay-back"]
    assert [one["kind"] for one in listed(by=KAPRIJKE)] == ["letter"]
    of_zelzate = listed("?kind=pay-back")[0]
    assert handle(of_zelzate, "done", by=KAPRIJKE) == 404
    assert listed("?kind=pay-back") == [of_zelzate]


@pytest.mark.parametrize("work_id", ["letter/g2bxdsa4e9v/confirmed#g2bxdsa4e9vk2m4p6r8", "parcel//x", "x", "call//y",
                                     "twice-named//bvt9rrpxwh"])  # fmt: skip
def test_what_is_not_there_is_not_found(work_id):
    published()

    assert handle({"work_id": work_id, "edition": 0}, "take") == 404


# What the camp must know


def test_a_week_before_the_camp_the_desk_hears_of_children_of_whom_nothing_is_known():
    session = published(starts_on=date(2027, 7, 5), ends_on=date(2027, 7, 9))
    claeys = family(LOU)
    made = claeys.register(session, LOU).json_body["registration_id"]

    assert [missing.hand_in(NOW - timedelta(days=7)), missing.hand_in(NOW), missing.hand_in(NOW)] == [0, 1, 1]

    (one,) = listed()
    assert (one["kind"], one["due"], one["registration_id"]) == ("care-missing", "2027-07-05", made)
    content = {"contacts": [{"name": "An", "phone": "0470 12 34 56"}], "medical": None, "pick_up": []}
    entering.enter(claeys.pass_.family_id, LOU.child_id, content, datetime.now(UTC))
    assert listed() == []
    assert works.of_family(claeys.pass_.family_id) == []  # it went when it was come upon


def test_and_of_children_of_whom_a_required_question_is_not_answered():
    session = published(starts_on=date(2027, 7, 5), ends_on=date(2027, 7, 9))
    claeys = family(LOU)
    made = claeys.register(session, LOU).json_body["registration_id"]
    content = {"contacts": [{"name": "An", "phone": "0470 12 34 56"}], "medical": None, "pick_up": []}
    entering.enter(claeys.pass_.family_id, LOU.child_id, content, datetime.now(UTC))
    asks(session)

    assert [missing.hand_in(NOW - timedelta(days=7)), missing.hand_in(NOW), missing.hand_in(NOW)] == [0, 1, 1]

    (one,) = listed()
    assert (one["kind"], one["due"], one["registration_id"]) == ("answers-missing", "2027-07-05", made)
    given = {LOU.child_id: {"lunch": "own", "photo_consent": False}}
    answering.answer(claeys.pass_.bearer, made, given, datetime.now(UTC))
    assert listed() == []
    assert works.of_family(claeys.pass_.family_id) == []
