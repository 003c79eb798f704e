"""What a helper and a family are told: the link, that a help began, and when it is over all that was done."""

from datetime import timedelta

import pytest

from chalicelib.city.work import table as works
from chalicelib.mail import of_help, returning
from chalicelib.mail.sending import MailRefused
from chalicelib.people.assistance import helping, naming, table
from chalicelib.people.assistance.rules import HelpEndedBy
from chalicelib.people.families import desk_numbers
from chalicelib.people.staff.rules import Role
from tests.booking.offers.conftest import Town, city, town  # noqa: F401 the fixtures
from tests.camps import LOU, family, published
from tests.pages.frame.browsing import Browser
from tests.people.assistance.given import code, helping_browser, named, now


def text(mail: object) -> str:
    return mail.get_body(("plain",)).get_content()  # type: ignore[attr-defined,no-any-return]


@pytest.mark.usefixtures("town")
def test_a_helper_gets_a_link_that_works_once(town: Town) -> None:  # noqa: F811
    named()
    (mail,) = town.run()

    assert mail["To"] == "jan@bib.example"
    assert "/helping/enter?token=" in text(mail)
    assert "Bibliotheek Kaprijke" in text(mail)


def test_the_family_hears_at_once_and_of_all_that_was_done_when_time_is_over(town: Town) -> None:  # noqa: F811
    claeys, camp = family(LOU, language="nl"), published()
    library = helping_browser(named(), claeys)

    begun = [mail for mail in town.run() if mail["To"] == claeys.pass_.email]
    assert [mail["Subject"] for mail in begun] == ["Iemand helpt je: Jan Maes (Bibliotheek Kaprijke)"]
    assert "to=/assistance" in text(begun[0])
    library.get(f"/sessions/{camp.session_id}")
    library.submit({"child_ids": [LOU.child_id]}, button="Register now")
    library.get("/account")
    town.run()

    (receipt,) = town.run_at(now() + timedelta(minutes=31))
    assert "Ingeschreven voor een kamp: Bouwkamp (Lembeke)" in text(receipt)
    assert "Een pagina bekeken (niet gebeurd)" in text(receipt)
    assert town.run_at(now() + timedelta(days=1)) == []


def test_an_end_brings_the_receipt_at_once_and_the_timer_brings_no_second_one(town: Town) -> None:  # noqa: F811
    claeys = family(LOU)
    begun = helping.begin_by_code(named(), code(claeys), now()).help
    town.run()
    town.go_to(now() + timedelta(minutes=3))
    helping.end(begun, HelpEndedBy.FAMILY, now())

    (receipt,) = town.run()
    assert "Beëindigd door het gezin." in text(receipt)
    assert "Er is niets gedaan." in text(receipt)
    assert town.run_at(now() + timedelta(hours=1)) == []


def test_a_family_without_mail_gets_both_on_paper(town: Town) -> None:  # noqa: F811
    published()
    claeys = family(LOU, email="")
    of = claeys.pass_
    desk_numbers.give(of.family_id, int((now() + timedelta(days=9)).timestamp()))
    helping.begin_by_code(named(), code(claeys), now())

    town.run()
    town.run_at(now() + timedelta(hours=1))
    assert [one.work.kind.value for one in works.of_family(of.family_id)] == ["help-letter", "help-letter"]


def bounce(mail: object, kind: str, message: str, **more: str) -> dict[str, object]:
    """What SES says of a mail that came back."""
    tags = {"kind": [kind], "message": [message], **{name: [value] for name, value in more.items()}}
    about = {"eventType": "Bounce", "bounce": {"bounceType": "Permanent", "timestamp": "2027-03-06T18:05:02.669Z"}}
    return {"detail": {**about, "mail": {"tags": tags}}}


def test_a_helpers_link_that_comes_back_is_seen_by_who_named_them_and_no_other_goes_there(town: Town) -> None:  # noqa: F811
    helper = named()
    (mail,) = town.run()

    returning.take(bounce(mail, "helper", helper.helper_id))

    assert [one.unreached for one in table.every()] == ["gone"]
    shown = Browser("en").sign_in(Role.MANAGER).get("/office/assistance").text
    assert "The last link did not arrive at this address (gone)." in shown
    town.go_to(now() + timedelta(hours=1))
    naming.ask_for_link(helper.email, "1.2.3.4", now())
    assert town.run() == []
    naming.end(helper.helper_id, now())
    assert [one.unreached for one in [named()]] == [""], "named anew"
    assert len(town.run()) == 1


def test_a_link_that_ses_refuses_for_good_is_seen_and_no_dead_letter(
    town: Town,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object) -> None:
        raise MailRefused("MessageRejected", is_for_now=False)

    monkeypatch.setattr(of_help, "post", refuse)
    named()

    assert town.run() == []
    assert [one.unreached for one in table.every()] == ["MessageRejected"]


def test_a_family_whom_ses_takes_no_mail_for_or_whose_mail_comes_back_gets_a_letter(
    town: Town,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    published()
    claeys = family(LOU)
    begun = helping.begin_by_code(named(), code(claeys), now()).help
    (mail,) = [one for one in town.run() if one["To"] == claeys.pass_.email]
    about = {"family": begun.family_id, "pass": claeys.pass_.pass_id, "address": "x"}

    returning.take(bounce(mail, "help", f"{begun.family_id}_{begun.help_id}", **about))
    assert town.run() == []
    assert len(works.of_family(begun.family_id)) == 1

    def refuse(*_: object) -> None:
        raise MailRefused("MessageRejected", is_for_now=False)

    monkeypatch.setattr(of_help, "send", refuse)
    assert town.run_at(now() + timedelta(hours=1)) == []
    assert len(works.of_family(begun.family_id)) == 2
