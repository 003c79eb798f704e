"""A camp is cancelled or corrected: what reaches its families, and what is left of what they had."""

from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
import time_machine
from icalendar import Calendar

from chalicelib.booking.draw import table as draws
from chalicelib.booking.draw.table import Entered
from chalicelib.booking.registrations import days
from chalicelib.booking.registrations import table as registrations
from chalicelib.city.work import table as works
from chalicelib.city.work.rules import WorkKind
from chalicelib.core import table
from chalicelib.core.http.problems import Problem
from chalicelib.mail import camps, undelivered
from chalicelib.mail.rules import MailKind
from chalicelib.money.orders import table as orders
from chalicelib.money.refunds import releasing
from chalicelib.office.camps import cancelling, correcting
from chalicelib.people.families import leaving
from chalicelib.people.families import table as families
from chalicelib.people.families.rules import Pass
from chalicelib.people.staff.rules import Role, Staff
from chalicelib.programme.sessions import editing, news
from chalicelib.programme.sessions import table as programme
from chalicelib.programme.sessions.cells import LABELS
from chalicelib.programme.sessions.rules import Session
from chalicelib.seats import table as seats
from chalicelib.seats.rules import Claim, Reason
from chalicelib.seats.waiting_list import table as waiting_list
from tests.booking.draw.lots import drawn_opening
from tests.mail.conftest import DIALLO, NOW, PEETERS, City, part
from tests.money.payees.given import pays_to

ELS = Staff("sub-els", "Els Maes", frozenset({Role.MANAGER}))
REASON = "De begeleider is ziek en niemand kan haar vervangen."
MESSAGE = {
    "nl": "Onze begeleider is ziek.\nHet spijt ons.",
    "fr": "Notre animatrice est malade.",
    "en": "Our leader is ill.",
}
LOTTE, WOUT = PEETERS.children


def cancel(session: Session, message: dict[str, str] = MESSAGE) -> None:
    cancelling.cancel(session.session_id, message, REASON, ELS, NOW + timedelta(hours=1))


def correct(session: Session, *, tell: bool = False, keep: Any = (), **sent: str) -> Session:
    known = editing.edition(editing.get(session.session_id))
    at = NOW + timedelta(hours=1)
    return correcting.correct(
        session.session_id, known, sent, LABELS, by=ELS, reason=REASON, tell=tell, now=at, keep=keep
    )


def publish(city: City, **changes: Any) -> Session:
    """A camp that is still to come, for twelve-year-olds by now."""
    days = {"starts_on": date(2027, 8, 16), "ends_on": date(2027, 8, 18), "age_min": 6, "age_max": 16}
    return city.publish(**{**days, **changes})


def to(mails: list[EmailMessage], family: Pass) -> list[EmailMessage]:
    return [mail for mail in mails if mail["To"] == family.email]


def events(mail: EmailMessage) -> list[tuple[str, Any]]:
    """The method and the event of each calendar file."""
    files = [Calendar.from_ical(str(one.get_content())) for one in mail.iter_attachments()]
    return [(str(one["METHOD"]), one.events[0]) for one in files]


def all_of(city: City) -> list[EmailMessage]:
    """Until nothing happens any more."""
    before = len(city.mailbox)
    city.outbox()
    while messages := city.queued():
        assert city.deliver(messages) == []
        city.outbox()
    return city.mailbox[before:]


class TestACampIsCancelled:
    def test_who_wishes_for_it_in_a_draw_to_come_is_told_once_and_can_choose_anew(self, city: City) -> None:
        gone, other = publish(city, opens_at=None), publish(city, title="Danskamp", opens_at=None)
        opening = drawn_opening(gone, other, until=datetime.now(UTC) + timedelta(days=7))
        for family, session in ((PEETERS, gone), (DIALLO, other)):
            child = family.children[0]
            draws.put_entry(
                Entered(
                    opening.opening_id,
                    family.family_id,
                    family.pass_id,
                    {child.child_id: child.birth_date},
                    (((child.child_id, session.session_id),),),
                    NOW,
                )
            )

        cancel(gone)
        (mail,) = all_of(city)

        assert mail["To"] == PEETERS.email
        assert mail["Subject"] == f"Een kamp uit je wensen gaat niet door: {gone.title}"
        text = part(mail, "plain")
        assert "Onze begeleider is ziek." in text
        assert "kan je een ander kamp kiezen" in text
        assert f"to=/wishes/{opening.opening_id}" in text
        assert "Danskamp" not in text
        # a message that comes again, and one about a family that chose anew
        again = {"kind": "wish-off", "session_id": gone.session_id}
        assert city.deliver([{**again, "id": f"{opening.opening_id}/{PEETERS.family_id}"}]) == []
        assert city.deliver([{**again, "id": f"{opening.opening_id}/{DIALLO.family_id}"}]) == []
        assert all_of(city) == []

    def test_when_no_more_wishes_are_taken_its_mail_promises_nothing(self, city: City) -> None:
        gone = publish(city, opens_at=None)
        opening = drawn_opening(gone, until=datetime.now(UTC) + timedelta(hours=2))
        child = PEETERS.children[0]
        wish = (((child.child_id, gone.session_id),),)
        births = {child.child_id: child.birth_date}
        draws.put_entry(Entered(opening.opening_id, PEETERS.family_id, PEETERS.pass_id, births, wish, NOW))

        cancel(gone)

        with time_machine.travel(datetime.now(UTC) + timedelta(hours=3)):
            texts = [part(mail, "plain") for mail in all_of(city)]
        assert len(texts) == 1
        assert "Je kan geen wensen meer doorgeven." in texts[0]
        assert "/wishes/" not in texts[0]

    def test_a_family_that_is_erased_while_the_draw_needs_its_entry_fails_no_message(self, city: City) -> None:
        gone = publish(city, opens_at=None)
        opening = drawn_opening(gone, until=datetime.now(UTC) + timedelta(hours=2))
        lotte = PEETERS.children[0]
        wish, births = (((lotte.child_id, gone.session_id),),), {lotte.child_id: lotte.birth_date}
        draws.put_entry(Entered(opening.opening_id, PEETERS.family_id, PEETERS.pass_id, births, wish, NOW))
        leaving.ask(PEETERS.family_id, NOW)
        leaving.erase_rest(PEETERS.family_id, 100)

        cancel(gone)

        assert all_of(city) == []

    def test_every_family_gets_one_mail_in_its_language_with_the_citys_text(self, city: City) -> None:
        # Given two registrations of one family, and another family that waits
        session = city.publish(capacity=2)
        city.register(PEETERS, session, ["Lotte"])
        city.register(PEETERS, session, ["Wout"], key="key-2")
        city.register(DIALLO, session)
        all_of(city)
        # When the camp is cancelled
        cancel(session)
        mails = all_of(city)
        # Then each family has one mail
        assert len(mails) == 2
        (own,), (other,) = to(mails, PEETERS), to(mails, DIALLO)
        assert own["Subject"] == "Dit kamp gaat niet door: Bouwkamp (Lembeke), 19 augustus 2019"
        text = part(own, "plain")
        assert "Onze begeleider is ziek." in text.splitlines()
        assert "Het spijt ons." in text
        assert "Lotte" in text
        assert "Wout" in text
        assert "Notre animatrice est malade." in part(other, "plain")

    def test_each_calendar_entry_goes(self, city: City) -> None:
        session = city.publish()
        one = city.register(PEETERS, session, ["Lotte"]).registration.registration_id
        two = city.register(PEETERS, session, ["Wout"], key="key-2").registration.registration_id
        confirmed = all_of(city)
        before = {str(event["UID"]): int(event["SEQUENCE"]) for mail in confirmed for _, event in events(mail)}

        cancel(session)
        (mail,) = all_of(city)

        assert [method for method, _ in events(mail)] == ["CANCEL", "CANCEL"]
        assert {str(event["UID"]) for _, event in events(mail)} == {f"{one}@stormloop", f"{two}@stormloop"}
        assert all(int(event["SEQUENCE"]) > before[str(event["UID"])] for _, event in events(mail))
        types = [one["Content-Type"] for one in mail.iter_attachments()]
        assert all('method="CANCEL"' in one for one in types)

    def test_nobody_has_anything_there_any_more_and_nobody_can(self, city: City) -> None:
        session = city.publish(capacity=1)
        seated = city.register(PEETERS, session, ["Lotte"]).registration
        waits = city.register(DIALLO, session).registration
        all_of(city)

        cancel(session)
        all_of(city)

        now = seats.get([session.session_id])[session.session_id]
        assert not now.holders
        assert now.free == now.capacity
        assert waiting_list.is_empty(session.session_id)
        for one in (seated, waits):
            kept = registrations.get(one.registration_id)
            assert kept is not None
            assert kept.called_off
            assert kept.cancelled_at == NOW + timedelta(hours=1)
        claim = Claim(session.session_id, "diallo23456abcdefgh", {"child": LOTTE.birth_date}, int(NOW.timestamp()))
        refused = seats.claim(claim)
        assert refused is not None
        assert refused.reason is Reason.CLOSED
        assert now.for_anyone(int(NOW.timestamp())) == 0

    def test_what_is_paid_back_is_work_once_for_each_registration_that_had_a_seat(self, city: City) -> None:
        session = city.publish(capacity=1)
        seated = city.register(PEETERS, session, ["Lotte"]).registration
        city.register(DIALLO, session)
        all_of(city)

        cancel(session)
        all_of(city)
        camps.spread(session.session_id, NOW)

        (work,), _ = works.open_work(["Kaprijke"], kinds=[WorkKind.PAY_BACK])
        assert work.work.about["registration_id"] == seated.registration_id

    def test_what_an_order_has_goes_back_as_a_refund_and_is_no_work(self, city: City) -> None:
        pays_to()
        session = publish(city)
        seated = city.register(PEETERS, session, ["Lotte"]).registration
        all_of(city)
        order = orders.get(seated.registration_id)
        assert order is not None
        table.transact_write(orders.moving_money(order, received=order.amount_cents))

        cancel(session)
        mails = to(all_of(city), PEETERS)

        assert works.open_work(["Kaprijke"], kinds=[WorkKind.PAY_BACK]) == ([], None)
        assert [one.cents for one in releasing.of_order(order.order_id).waiting] == [order.amount_cents]
        assert "Dan betaalt Kaprijke je terug" in " ".join(part(mails[-1], "plain").split())

    def test_it_names_camps_that_have_seats_and_fit(self, city: City, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PUBLIC_URL", "https://kamp.example")
        soon = datetime.now(UTC).date() + timedelta(days=30)
        born = LOTTE.birth_date
        years = {"age_min": soon.year - born.year - 2, "age_max": soon.year - born.year + 2}
        session = city.publish(starts_on=soon, ends_on=soon, **years)
        fits = city.publish(title="Danskamp", starts_on=soon + timedelta(7), ends_on=soon + timedelta(8), **years)
        city.publish(
            title="Peuterkamp", starts_on=soon + timedelta(7), ends_on=soon + timedelta(8), age_min=0, age_max=1
        )
        city.register(PEETERS, session, ["Lotte"])
        all_of(city)

        cancel(session)
        (mail,) = all_of(city)

        text = part(mail, "plain")
        assert f"https://kamp.example/sessions/{fits.session_id}" in text
        assert "Peuterkamp" not in text

    def test_a_language_that_the_city_left_empty_reads_our_sentence(self, city: City) -> None:
        session = city.publish()
        city.register(DIALLO, session)
        all_of(city)

        cancel(session, {"nl": "Onze begeleider is ziek."})
        (mail,) = all_of(city)

        assert "Malheureusement" in part(mail, "plain")

    def test_who_has_no_address_is_the_desks_work_for_each_registration(self, city: City) -> None:
        session = city.publish()
        city.register(PEETERS, session, ["Lotte"])
        city.register(PEETERS, session, ["Wout"], key="key-2")
        all_of(city)
        families.put(PEETERS.__class__(**{**vars(PEETERS), "email": ""}))

        cancel(session)
        assert all_of(city) == []

        found = [one for one in undelivered.every() if one.kind is MailKind.CALLED_OFF]
        assert len(found) == 2

    def test_it_goes_on_where_it_broke_off(self, city: City, monkeypatch: pytest.MonkeyPatch) -> None:
        session = city.publish()
        city.register(PEETERS, session, ["Lotte"])
        city.register(DIALLO, session)
        all_of(city)
        cancel(session)
        # Given that it broke off behind each of its steps in turn
        for home, name in ((registrations, "call_off"), (works, "hand_in"), (camps, "_queue"), (seats, "release")):
            with monkeypatch.context() as broken:
                real = getattr(home, name)

                def breaks(*given: Any, real: Any = real, **more: Any) -> None:
                    real(*given, **more)
                    raise ConnectionError

                broken.setattr(home, name, breaks)
                with pytest.raises(ConnectionError):
                    camps.spread(session.session_id, NOW)
        # When the message comes again
        mails = all_of(city)
        # Then each family has its one mail, and nothing is left
        assert sorted(str(mail["To"]) for mail in mails) == sorted([PEETERS.email, DIALLO.email])
        assert not seats.get([session.session_id])[session.session_id].holders

    def test_a_run_that_has_no_more_time_is_followed_by_another(
        self, city: City, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        session = city.publish()
        city.register(PEETERS, session, ["Lotte"])
        city.register(DIALLO, session)
        all_of(city)
        monkeypatch.setattr(camps, "FAMILIES_AT_ONCE", 1)
        clock = iter(range(0, 100_000, 15))
        monkeypatch.setattr(camps, "monotonic", lambda: float(next(clock)))

        cancel(session)
        mails = all_of(city)

        assert len(mails) == 2

    def test_a_family_that_begins_to_wait_at_that_moment_is_told_too(self, city: City) -> None:
        session = city.publish(capacity=1)
        city.register(PEETERS, session, ["Lotte"])
        all_of(city)
        late = city.register(DIALLO, session).registration  # its place comes when the rest was done
        city.queued()
        cancel(session)
        camps.spread(session.session_id, NOW)
        waiting_list.join(session.session_id, late.child_ids, late.registration_id)

        mails = all_of(city)

        assert waiting_list.is_empty(session.session_id)
        assert to(mails, DIALLO)

    def test_who_had_cancelled_before_hears_nothing(self, city: City) -> None:
        session = city.publish()
        mine = city.register(PEETERS, session, ["Lotte"]).registration
        all_of(city)
        city.cancel(PEETERS, mine.registration_id)
        all_of(city)

        cancel(session)

        assert all_of(city) == []

    def test_what_a_family_was_just_giving_up_is_not_paid_back(self, city: City) -> None:
        session = city.publish()
        mine = city.register(PEETERS, session, ["Lotte"]).registration
        all_of(city)
        registrations.mark_cancelled(mine.registration_id, NOW)  # and its seat was not released yet

        cancel(session)
        camps.spread(session.session_id, NOW)

        assert works.open_work(["Kaprijke"], kinds=[WorkKind.PAY_BACK]) == ([], None)
        assert not seats.get([session.session_id])[session.session_id].holders

    def test_a_confirmation_that_is_still_on_its_way_does_not_come(self, city: City) -> None:
        session = city.publish()
        city.register(PEETERS, session, ["Lotte"])
        cancel(session)

        mails = all_of(city)

        assert [str(mail["Subject"]).split(":")[0] for mail in mails] == ["Dit kamp gaat niet door"]


class TestACampIsCorrected:
    def test_a_family_reads_what_was_and_what_is(self, city: City) -> None:
        session = publish(city)
        city.register(PEETERS, session)
        city.register(DIALLO, session)
        (confirmed, _) = all_of(city)
        before = events(confirmed)[0][1]

        correct(session, place="Sporthal Lembeke", daily_from="09:00", daily_until="16:00")
        mails = all_of(city)

        (own,), (other,) = to(mails, PEETERS), to(mails, DIALLO)
        assert own["Subject"] == "Gewijzigd: Bouwkamp (Lembeke), 16 augustus 2027"
        text = part(own, "plain")
        assert "Waar: Sporthal Lembeke (voorheen: nog niet bekend)" in text
        assert "van 9.00 tot 16.00" in text
        ((method, event),) = events(own)
        assert method == "PUBLISH"
        assert str(event["UID"]) == str(before["UID"])
        assert int(event["SEQUENCE"]) > int(before["SEQUENCE"])
        assert str(event["LOCATION"]) == "Sporthal Lembeke"
        assert "Sporthal Lembeke" in part(other, "plain")

    def test_of_what_families_do_not_go_by_they_hear_if_they_are_to(self, city: City) -> None:
        session = publish(city)
        city.register(PEETERS, session)
        all_of(city)

        correct(session, price_eur="50")
        assert all_of(city) == []
        correct(session, price_eur="55", tell=True)
        (mail,) = all_of(city)

        assert "€ 55,00" in part(mail, "plain").replace("\xa0", " ")

    def test_two_changes_before_the_mail_went_are_one_mail(self, city: City) -> None:
        session = publish(city)
        city.register(PEETERS, session)
        all_of(city)

        correct(session, place="Sporthal Lembeke")
        correct(session, place="De Kring")
        (mail,) = all_of(city)

        assert "De Kring" in part(mail, "plain")
        assert "Sporthal" not in part(mail, "plain")

    def test_what_is_changed_back_is_no_news(self, city: City) -> None:
        session = publish(city, place="De Kring")
        city.register(PEETERS, session)
        all_of(city)

        correct(session, place="Sporthal Lembeke")
        correct(session, place="De Kring")

        assert all_of(city) == []

    def test_who_registers_later_saw_it_already(self, city: City) -> None:
        session = publish(city)
        city.register(PEETERS, session)
        all_of(city)
        correcting.correct(
            session.session_id,
            editing.edition(editing.get(session.session_id)),
            {"place": "De Kring"},
            LABELS,
            by=ELS,
            reason=REASON,
            tell=False,
            now=NOW - timedelta(hours=1),
        )

        assert all_of(city) == []

    def test_the_days_of_its_children_move_and_nobody_is_ended(self, city: City) -> None:
        # Given a child in two camps, a week apart
        session = publish(city)
        other = publish(
            city, title="Danskamp", starts_on=session.starts_on + timedelta(7), ends_on=session.ends_on + timedelta(7)
        )
        mine = city.register(PEETERS, session, ["Lotte"]).registration
        there = city.register(PEETERS, other, ["Lotte"], key="key-2").registration
        all_of(city)
        # When the first one moves to a day of the other one
        moved = correct(
            session,
            starts_on=(other.starts_on - timedelta(2)).isoformat(),
            ends_on=other.starts_on.isoformat(),
        )
        (mail,) = all_of(city)
        # Then both stay, the child has the free days by it, and the family is told
        assert session.session_id == moved.session_id
        now = seats.get([session.session_id, other.session_id])
        assert LOTTE.child_id in now[session.session_id].holders
        assert LOTTE.child_id in now[other.session_id].holders
        every = [session.starts_on, moved.starts_on, other.starts_on]
        assert days.owners([LOTTE.child_id], every)[LOTTE.child_id] == {
            moved.starts_on: mine.registration_id,
            other.starts_on: there.registration_id,
        }
        assert "Danskamp" in part(mail, "plain")

    def test_a_child_that_does_not_fit_any_more_is_kept_by_name_or_nothing_changes(self, city: City) -> None:
        session = publish(city)
        mine = city.register(PEETERS, session).registration
        all_of(city)

        with pytest.raises(Problem) as raised:
            correct(session, age_max="12")
        assert raised.value.extra["child_ids"] == [LOTTE.child_id]
        assert programme.get(session.session_id).age_max == 16
        correct(session, age_max="12", keep=[LOTTE.child_id])
        all_of(city)

        (work,), _ = works.open_work(["Kaprijke"], kinds=[WorkKind.AGE_NO_LONGER_FITS])
        assert work.work.about["child_id"] == LOTTE.child_id
        assert work.work.about["registration_id"] == mine.registration_id
        assert LOTTE.child_id in seats.get([session.session_id])[session.session_id].holders
        assert not any(one.kept for one in news.every(session.session_id))

    def test_a_child_that_waits_and_is_kept_gets_its_offer(self, city: City) -> None:
        from chalicelib.booking.offers.advance import advance

        session = publish(city, capacity=1)
        mine = city.register(DIALLO, session).registration
        waits = city.register(PEETERS, session, ["Lotte"]).registration
        all_of(city)
        correct(session, age_min="14", keep=[LOTTE.child_id, *mine.child_ids])
        all_of(city)

        city.cancel(DIALLO, mine.registration_id)
        advance(session.session_id, datetime.now(UTC))

        assert seats.get([session.session_id])[session.session_id].holders == {LOTTE.child_id: waits.registration_id}
