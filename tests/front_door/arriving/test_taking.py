"""Mails that become cases, and those that continue one."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.core import table as items
from chalicelib.front_door.arriving import addresses, table, taking
from chalicelib.front_door.arriving.reading import read
from chalicelib.front_door.arriving.taking import TakenMail, Why
from chalicelib.front_door.cases import acting, sending
from chalicelib.front_door.cases import table as cases
from chalicelib.front_door.cases.acting import Deed
from chalicelib.front_door.cases.rules import Act, Case, CaseStatus, Place, Way
from chalicelib.front_door.forms import table as forms
from chalicelib.front_door.forms.rules import FormHead
from tests.front_door import city
from tests.front_door.arriving.mails import AN, DOMAIN, WORDS, mail
from tests.front_door.city import NADIA, NOW, SORT, STREET, WHAT, report

PROVEN = {"Authentication_Results": "amazonses.com; spf=pass; dkim=pass; dmarc=pass header.from=example.org"}


@pytest.fixture(autouse=True)
def _city(table: None) -> None:
    city.a_city()


def take(raw: bytes, *, hours: int = 0) -> TakenMail:
    return taking.take(read(raw), DOMAIN, NOW + timedelta(hours=hours))


def case_of(raw: bytes, **how: Any) -> Case:
    taken = take(raw, **how)
    assert taken.case is not None, taken.why
    return taken.case


def of_case(case: Case) -> str:
    return addresses.reply_address(case.case_id, DOMAIN)


def now_of(case: Case) -> Case:
    found = cases.get(case.case_id)
    assert found is not None
    return found


def done(case: Case, status: CaseStatus, act: Act = Act.ANSWERED) -> Case:
    return acting.change(case, Deed(act, acting.actor(NADIA), NOW, status, text="Het is hersteld."))


# A mail to a form


def test_a_mail_to_a_forms_address_is_a_case_of_it() -> None:
    case = case_of(mail())

    assert (case.form_id, case.way, case.unit_id, case.status) == ("complaint", Way.MAIL, "office", CaseStatus.RECEIVED)
    assert case.answers == {"story": f"Lamp stuk\n\n{WORDS}"}
    assert (case.contact.email, case.contact.name) == (AN, "An Claeys")


def test_the_same_mail_twice_is_one_case_and_other_words_under_its_id_another() -> None:
    first, again, other = take(mail()), take(mail()), take(mail("Iets anders."))

    assert first.case == again.case
    assert (first.is_new, again.is_new, other.is_new) == (True, False, True)
    assert again.case
    assert other.case
    assert again.case.case_id != other.case.case_id


def test_what_is_longer_than_the_question_takes_follows_and_is_not_lost() -> None:
    text = "Het begon zo. " * 200
    case = case_of(mail(text))
    take(mail(text))  # the queue hands it in again

    begins, *rest = cases.history(now_of(case))
    assert begins.act is Act.RECEIVED
    assert [entry.act for entry in rest] == [Act.REPLIED]
    whole = now_of(case).answers["story"] + " " + rest[0].text
    assert whole.split() == ["Lamp", "stuk", *text.split()]


@pytest.mark.parametrize(
    ("to", "why"),
    [
        ("complaint@elsewhere.example", Why.NO_FORM),
        (f"parking@{DOMAIN}", Why.NO_FORM),
        (f"market@{DOMAIN}", Why.NO_FORM),  # it is dark
        (f"survey@{DOMAIN}", Why.FORM),  # it asks what a mail does not say
        (f"case+ACDEFGHJKMNPR.ACDEFGHJKMNP@{DOMAIN}", Why.NO_FORM),
    ],
)
def test_what_leads_to_no_form_says_why(to: str, why: Why) -> None:
    city.publish(replace(STREET, form_id="survey", questions=(replace(SORT, required=True), WHAT)))
    city.publish(city.DARK)
    head = FormHead("market", 1, NOW, 0, 1, NOW, "De dienst bestaat niet meer.", 2)
    items.transact_write([forms.putting_head(head)])
    forms.forget()
    assert take(mail(to=to)).why is why


def test_a_report_by_mail_has_the_place_that_its_subject_says() -> None:
    case = case_of(mail(to=f"street@{DOMAIN}"))

    assert (case.place, case.unit_id) == (Place(None, None, "Lamp stuk"), "streets")


@pytest.mark.parametrize(
    ("headers", "why"), [({"Auto_Submitted": "auto-replied"}, Why.MACHINE), ({"Return_Path": "<>"}, Why.NOBODY)]
)
def test_a_machine_begins_no_case(headers: dict[str, str], why: Why) -> None:
    assert take(mail(**headers)) == TakenMail(why=why)


def test_who_writes_through_a_list_gets_a_case_and_no_mail() -> None:
    case = case_of(mail(Precedence="bulk"))

    assert (case.contact.email, case.contact.address) == ("", AN)


def test_in_somebody_elses_name_a_stranger_has_us_write_to_them_once_a_day() -> None:
    emails = [case_of(mail(f"Mail {number}")).contact.email for number in range(3)]
    again = case_of(mail("Mail 0"))

    assert emails == [AN, "", ""]
    assert again.contact.email == AN, "the queue hands the first one in again"
    assert case_of(mail("Morgen"), hours=25).contact.email == AN


def test_whom_the_receiver_knows_to_be_the_sender_is_written_to_each_time() -> None:
    assert [case_of(mail(f"Mail {number}", **PROVEN)).contact.email for number in range(2)] == [AN, AN]


def test_spam_begins_nothing_and_may_still_answer() -> None:
    case = sending.send(report(), NOW).case

    assert take(mail(X_SES_Spam_Verdict="FAIL")).why is Why.SPAM
    assert take(mail(to=of_case(case), X_SES_Spam_Verdict="FAIL")).case


# A mail to a case


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (CaseStatus.RECEIVED, CaseStatus.RECEIVED),
        (CaseStatus.WAITING_FOR_CITIZEN, CaseStatus.IN_PROGRESS),
        (CaseStatus.ANSWERED, CaseStatus.REOPENED),
        (CaseStatus.CLOSED, CaseStatus.REOPENED),
    ],
)
def test_an_answer_goes_to_its_case_and_continues_it(before: CaseStatus, after: CaseStatus) -> None:
    case = sending.send(report(), NOW - timedelta(days=50)).case
    case = case if before is case.status else done(case, before)

    take(mail("Nummer 3.\n\nOp ma 8 mrt schreef Kaprijke:\n> Welk huis?", to=of_case(case)))
    found = now_of(case)
    last = cases.history(found)[-1]
    assert (found.status, last.act, last.text) == (after, Act.REPLIED, "Nummer 3.")
    if after is CaseStatus.REOPENED:
        assert (found.reopened, found.answer_by > NOW.date()) == (1, True)


def test_what_was_answered_long_ago_is_not_opened_again_but_comes_as_a_case_of_its_own() -> None:
    case = done(case_of(mail()), CaseStatus.ANSWERED)
    later = take(mail("Alweer stuk.", to=of_case(case)), hours=24 * 90)

    assert later.case
    assert (later.is_new, later.case.form_id, later.case.case_id != case.case_id) == (True, "complaint", True)
    assert now_of(case) == case


def test_the_same_answer_twice_is_one_entry() -> None:
    case = sending.send(report(), NOW).case
    for _ in range(3):
        take(mail("Nummer 3.", to=of_case(case)))

    assert len(cases.history(now_of(case))) == 2


def test_an_address_in_small_letters_or_behind_ten_thousand_others_is_the_same() -> None:
    case = sending.send(report(), NOW).case
    many = ", ".join([*(f"p{number}@example.org" for number in range(200)), of_case(case).lower()])

    assert case_of(mail("Nummer 3.", to=many)).case_id == case.case_id


@pytest.mark.parametrize("headers", [{"Auto_Submitted": "auto-replied"}, {"Return_Path": "<>"}, {"X_Autoreply": "yes"}])
def test_an_out_of_office_reopens_nothing(headers: dict[str, str]) -> None:
    case = done(sending.send(report(), NOW).case, CaseStatus.ANSWERED)

    assert take(mail("Ik ben weg tot maandag.", to=of_case(case), **headers)).case is None
    assert now_of(case) == case


def test_two_machines_stop_after_ten_mails_in_an_hour() -> None:
    case = sending.send(report(), NOW).case
    taken = [take(mail(f"Ping {number}", to=of_case(case))) for number in range(12)]

    assert [one.why for one in taken] == [*[None] * table.MOST_AN_HOUR, Why.TOO_MANY, Why.TOO_MANY]
    assert take(mail("Later", to=of_case(case)), hours=1).case


def test_whoever_has_the_address_adds_words_and_is_named_to_staff_alone() -> None:
    case = sending.send(report(), NOW).case
    take(mail("Sluit deze zaak.", to=of_case(case), sender="Iemand <iemand@example.net>"))

    last = cases.history(now_of(case))[-1]
    assert (now_of(case).status, now_of(case).contact) == (CaseStatus.RECEIVED, case.contact)
    assert last.text == "Sluit deze zaak."
    assert "Iemand <iemand@example.net>" in last.note


def test_who_writes_in_the_name_of_the_citizen_and_is_not_proven_is_named_to_staff() -> None:
    case = sending.send(report(), NOW).case
    notes = []
    for number, headers in enumerate([{}, PROVEN]):
        take(mail(f"Nummer {number}.", to=of_case(case), **headers))
        notes.append(cases.history(now_of(case))[-1].note)

    assert ["An Claeys <an.claeys@example.org>" in note for note in notes] == [True, False]
    assert notes[1] == ""


def test_the_token_of_one_case_opens_no_other() -> None:
    mine = sending.send(report("mine"), NOW).case
    other = sending.send(report("other"), NOW).case
    stolen = of_case(mine).replace(mine.case_id, other.case_id)

    assert take(mail("Ik ben het.", to=stolen)).case is None
    assert addresses.case_of(of_case(mine), "elsewhere.example") is None
    assert mine.secret not in of_case(mine)


def test_a_duplicates_words_are_no_other_citizens_to_read() -> None:
    """It stands by itself again, as when its citizen opens it on the page."""
    first = sending.send(report("first"), NOW).case
    second = sending.send(report("second"), NOW).case
    joined = {"merged_into": first.case_id}
    acting.change(second, Deed(Act.MERGED, acting.actor(NADIA), NOW, CaseStatus.CLOSED, changes=joined))

    assert case_of(mail("Ook hier.", to=of_case(second))).case_id == second.case_id

    again = now_of(second)
    assert (again.status, again.merged_into) == (CaseStatus.REOPENED, "")
    assert cases.history(again)[-1].text == "Ook hier."
    assert [entry.text for entry in cases.history(now_of(first))] == [""]


def test_what_was_left_is_listed_once_until_somebody_saw_to_it() -> None:
    for minutes, name, why, digest in [
        (0, "a1", Why.NO_FORM, "d1"),
        (1, "a1", Why.NO_FORM, "d1"),
        (2, "b2", Why.FORM, "d2"),
    ]:
        table.leave(f"mails/{name}", why, digest, NOW + timedelta(minutes=minutes))

    first, second = table.left().mails
    assert [(one.name, one.why) for one in (first, second)] == [("mails/a1", "no-form"), ("mails/b2", "form")]
    table.settle(first.left_id)
    table.leave("mails/a1", Why.NO_FORM, "d1", NOW + timedelta(hours=1))
    assert [one.name for one in table.left().mails] == ["mails/b2"]
    assert table.left_one(second.left_id) == second
    assert table.left_one(first.left_id) is None


def test_of_many_that_were_left_a_part_is_read_and_the_next_one_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "MOST_LEFT", 2)
    for minute, name in enumerate("abcde"):
        table.leave(f"mails/{name}", Why.SPAM, name, NOW + timedelta(minutes=minute))

    after: str | None = ""
    parts = []
    while after is not None:
        part = table.left(after)
        parts.append([one.name[-1] for one in part.mails])
        after = part.next
    assert parts == [["a", "b"], ["c", "d"], ["e"]]
