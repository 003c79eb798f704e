"""Sets of questions in the table, and what the seats know of them; the races on DynamoDB Local."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from threading import Event

import pytest

from chalicelib.core import table as core_table
from chalicelib.core.refusals import Refused
from chalicelib.programme.openings import table as openings
from chalicelib.programme.questions import table as questions
from chalicelib.seats import table as seats_table
from chalicelib.seats.rules import AskedBy, Claim, Reason, Seats
from tests.camps import BOUWKAMP, LOU, published
from tests.programme.openings.plans import approved, drafted, publish, published_opening, stored
from tests.programme.questions.examples import LUNCH, PHOTOS, SHOE, asked

NOW = datetime(2027, 3, 7, 20, tzinfo=UTC)
SESSION = BOUWKAMP.session_id
OWN = asked(PHOTOS, of=SESSION)


def seats(session_id: str = SESSION) -> Seats:
    return seats_table.get([session_id])[session_id]


def claims(number: int, until: int | None = None) -> Claim:
    now = int(datetime.now(UTC).timestamp())
    return Claim(SESSION, f"registration-{number}", {f"child{number}": date(2022, 5, 1)}, now, until)


def of_opening(opening_id: str, *questions, version: int = 1):
    return asked(*(replace(one, key=f"o_{one.key}") for one in questions), of=opening_id, version=version)


def test_a_set_is_stored_with_what_the_seats_know_of_it(table):
    published()
    assert _store(OWN) == OWN

    assert seats().asks == {AskedBy.SESSION}
    assert fresh().questions_of(SESSION, NOW).questions == (PHOTOS,)
    assert questions.versions([(SESSION, 1), (SESSION, 2)]) == {(SESSION, 1): OWN}


def fresh():
    questions.forget()
    return questions


def _store(new, *session_ids: str, **more):
    questions.store(new, list(seats_table.get(session_ids or [SESSION]).values()), **more)
    return questions.get(new.of)


def test_what_need_not_be_answered_holds_no_seat_and_what_must_no_longer_be_frees_them(table):
    published()
    _store(asked(SHOE, of=SESSION))
    assert seats().asks == frozenset()

    _store(asked(SHOE, PHOTOS, of=SESSION, version=2))
    assert seats().asks == {AskedBy.SESSION}

    _store(asked(SHOE, of=SESSION, version=3))
    assert seats().asks == frozenset()
    assert questions.versions([(SESSION, 2)])[SESSION, 2].questions == (SHOE, PHOTOS)


def test_of_two_who_change_a_set_at_once_one_does(table):
    published()
    _store(OWN)
    _store(asked(LUNCH, of=SESSION, version=2))

    with pytest.raises(Refused):
        _store(asked(SHOE, of=SESSION, version=2))

    assert questions.get(SESSION).questions == (LUNCH,)
    assert seats().asks == {AskedBy.SESSION}


def test_a_session_that_is_not_there_asks_nothing(table):
    gone = Seats(SESSION, 20, 20, {}, None, 0, date(2020, 1, 1), date(2024, 1, 1))

    with pytest.raises(Refused):
        questions.store(OWN, [gone])

    assert questions.get(SESSION) is None


def test_what_needs_no_entry_in_the_ledger_is_refused_once_somebody_has_a_seat(table):
    published()
    before = seats()
    assert seats_table.claim(claims(1)) is None

    with pytest.raises(Refused):
        questions.store(OWN, [before], is_untouched=True)
    assert questions.get(SESSION) is None

    questions.store(OWN, [seats()], is_untouched=True)
    assert seats().asks == {AskedBy.SESSION}


def test_a_published_opening_s_questions_come_first_and_each_asks_for_itself(table):
    published(opens_at=None)
    opening = published_opening()
    asks = of_opening(opening.opening_id, LUNCH)
    _store(asks)
    _store(OWN)
    openings.forget()

    both = fresh().questions_of(SESSION, NOW)
    assert [one.key for one in both.questions] == ["o_lunch", "photo_consent"]
    assert seats().asks == {AskedBy.SESSION, AskedBy.OPENING}

    _store(asked(of=SESSION, version=2))
    assert seats().asks == {AskedBy.OPENING}


def test_a_session_asks_what_its_opening_asks_from_when_it_joins_it(table):
    published(opens_at=None)
    opening_id = approved()
    questions.store(of_opening(opening_id, LUNCH), [])
    assert seats().asks == frozenset()

    assert publish(opening_id).status_code == 200

    assert seats().asks == {AskedBy.OPENING}
    assert [one.key for one in fresh().questions_of(SESSION, NOW).questions] == ["o_lunch"]


def test_a_draft_s_questions_are_nobody_s_yet(table):
    published()
    questions.store(of_opening(drafted(), LUNCH), [])

    assert fresh().questions_of(SESSION, NOW).questions == ()


def test_a_session_does_not_join_on_questions_that_are_others_by_now(table):
    """The set changes between the look of whoever publishes and the write of the session."""
    published(opens_at=None)
    opening_id = approved()
    questions.store(of_opening(opening_id, LUNCH), [])
    get = questions.get

    def changed_meanwhile(of):
        found = get(of)
        if found and found.version == 1:
            questions.store(of_opening(opening_id, SHOE, version=2), [seats()])
        return found

    questions.get = changed_meanwhile
    try:
        assert publish(opening_id).status_code == 409
    finally:
        questions.get = get
    assert stored(opening_id).is_live
    assert publish(opening_id).status_code == 200
    assert seats().asks == frozenset()


def test_an_opening_with_more_sessions_than_a_transaction_takes(table, monkeypatch):
    """Its seats ask before the set does, and stop after it; what broke off is done by `repeat`."""
    camps = [published(title=f"Speelplein {letter}").session_id for letter in "ABC"]
    monkeypatch.setattr(questions, "MOST_AT_ONCE", 2)
    opening_id = "2027-k7m2xq"
    every = list(seats_table.get(camps).values())

    def breaks_off(writes):
        raise ConnectionError

    with pytest.raises(ConnectionError):
        questions.store(of_opening(opening_id, LUNCH), every, carry_out=breaks_off)
    assert [bool(one.asks) for one in seats_table.get(camps).values()].count(True) == 2

    questions.store(of_opening(opening_id, LUNCH), every)
    assert all(one.asks == {AskedBy.OPENING} for one in seats_table.get(camps).values())

    broken = iter([None, ConnectionError()])
    whole = core_table.transact_write_patiently

    def second_breaks_off(writes):
        if error := next(broken):
            raise error
        whole(writes)

    monkeypatch.setattr(core_table, "transact_write_patiently", second_breaks_off)
    none = of_opening(opening_id, SHOE, version=2)
    with pytest.raises(ConnectionError):
        questions.store(none, every, carry_out=second_breaks_off)
    assert [bool(one.asks) for one in seats_table.get(camps).values()].count(True) == 1
    monkeypatch.setattr(core_table, "transact_write_patiently", whole)

    questions.repeat(none, every)
    assert not any(one.asks for one in seats_table.get(camps).values())


def test_nobody_gets_a_seat_for_good_past_a_question_that_is_there(real_table):
    """Families claim while the set is stored: whoever begins after it gets seats until a moment, or none."""
    published(capacity=60)
    is_there, go = Event(), Event()

    def come(number: int) -> tuple[bool, Reason | None]:
        go.wait()
        was_there = is_there.is_set()
        refused = seats_table.claim(claims(number))
        if refused and refused.reason is Reason.ASKS:
            assert seats_table.claim(claims(number, refused.seats.closes)) is None
        return was_there, refused and refused.reason

    def ask() -> None:
        go.wait()
        questions.store(OWN, [seats()])
        is_there.set()

    with ThreadPoolExecutor(12) as all_:
        asking = all_.submit(ask)
        families = [all_.submit(come, number) for number in range(40)]
        go.set()
        asking.result()
        outcomes = [one.result() for one in families]
        late = all_.submit(come, 41).result()

    assert late == (True, Reason.ASKS)
    assert (True, None) not in outcomes
    now = seats()
    final = [one for one in now.registrations if one not in now.until]
    assert len(final) == [reason for _, reason in outcomes].count(None)
    assert now.free + len(now.holders) == 60
    assert LOU.child_id not in now.holders
