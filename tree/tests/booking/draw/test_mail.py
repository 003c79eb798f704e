"""The result of a draw as a mail, through the stream and the queue."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.booking.draw import table
from chalicelib.mail.rules import MailKind, Message, messages
from tests import camps
from tests.booking.draw.lots import drawn_opening, enter, hold, result_of
from tests.camps import JEF, LOU, NOOR, family
from tests.mail.conftest import part

ENTRY = {"pk": "O#2027-k7m2xq", "sk": "D#peeters2345"}


def drawn(language: str = "nl"):
    """Given a draw in which one of two families has its first wish and the other one waits."""
    bouwkamp = camps.published(title="Bouwkamp", opens_at=None, capacity=1)
    opening = drawn_opening(bouwkamp)
    claeys, diallo = family(LOU, language=language), family(NOOR, email="fatima@example.be", language=language)
    enter(claeys, opening, [(LOU, bouwkamp)])
    enter(diallo, opening, [(NOOR, bouwkamp)])
    return opening, claeys, diallo


def about_the_draw(mails):
    return [mail for mail in mails if mail["Message-ID"].startswith("<result.")]


def test_every_family_gets_one_mail_with_its_result(city):
    opening, *families = drawn()
    city.run()
    hold(opening)

    mails = about_the_draw(city.run())

    assert sorted(mail["To"] for mail in mails) == ["an.claeys@example.be", "fatima@example.be"]
    assert {mail["Subject"] for mail in mails} == {"De uitslag van de loting: Zomer"}
    by_address = {mail["To"]: part(mail, "plain") for mail in mails}
    for one in families:
        text = by_address[one.pass_.email]
        result = result_of(one, opening)
        assert f"nummer {result['place']} van 2" in text
        granted = result["wishes"][0]["outcome"] == "granted"
        assert ("toegekend" in text) == granted
        assert ("Wachtlijst van Bouwkamp (16 augustus 2027): je bent nummer 1." in text) != granted
        assert f"kaprijke.example/openings/{opening.opening_id}\r\n" in text  # a page, no JSON
    assert all("Wachtlijst" in part(mail, "html") or "toegekend" in part(mail, "html") for mail in mails)


def test_whoever_has_a_seat_also_gets_its_confirmation_and_whoever_waits_no_further_mail(city):
    opening, *_ = drawn()
    city.run()
    hold(opening)

    mails = city.run()

    assert sorted(mail["Message-ID"].partition(".")[0] for mail in mails) == ["<confirmed", "<result", "<result"]


def test_a_message_that_comes_again_sends_nothing(city):
    opening, claeys, _ = drawn()
    city.run()
    hold(opening)
    city.run()

    message = {"kind": "result", "id": f"{opening.opening_id}/{claeys.pass_.family_id}"}
    before = len(city.mailbox)
    assert city.deliver([message, message]) == []
    assert len(city.mailbox) == before


@pytest.mark.parametrize(
    ("language", "words"), [("fr", "Au tirage au sort, vous étiez numéro"), ("en", "Your place in the order")]
)
def test_in_the_language_of_the_family(city, language, words):
    opening, *_ = drawn(language)
    city.run()
    hold(opening)

    assert all(words in part(mail, "plain") for mail in about_the_draw(city.run()))


def test_an_entry_without_a_result_or_a_withdrawn_one_is_no_mail(city):
    opening, claeys, _ = drawn()
    city.run()

    ids = [f"{opening.opening_id}/{claeys.pass_.family_id}", f"{opening.opening_id}/nobody"]
    before = len(city.mailbox)
    assert city.deliver([{"kind": "result", "id": one} for one in ids]) == []

    assert len(city.mailbox) == before


def test_without_its_pass_the_mail_is_kept_for_whoever_mends_it(city):
    opening, claeys, _ = drawn()
    hold(opening)
    entered = table.entry_of(opening.opening_id, claeys.pass_.family_id)
    table.DrawEntryItem(f"O#{opening.opening_id}", f"D#{claeys.pass_.family_id}").delete()
    table.put_entry(replace(entered, pass_id="gone", result=None, updated_at=entered.updated_at + timedelta(1)))
    table.put_results([(table.entry_of(opening.opening_id, claeys.pass_.family_id), entered.result)])

    message = {"kind": "result", "id": f"{opening.opening_id}/{claeys.pass_.family_id}"}
    assert city.deliver([message]) == [0]


def test_only_the_result_itself_is_news():
    before, after = {"wishes": "[]"}, {"wishes": "[]", "result": "{}"}

    assert messages("MODIFY", ENTRY, before, after) == [Message(MailKind.RESULT, "2027-k7m2xq/peeters2345")]
    assert messages("MODIFY", ENTRY, before, {"wishes": "[1]"}) == []
    assert messages("MODIFY", ENTRY, after, {**after, "mailed": True}) == []
    assert messages("INSERT", ENTRY, {}, after) == []


def test_its_message_goes_through_the_queue_unchanged():
    message = Message(MailKind.RESULT, "2027-k7m2xq/peeters2345")

    assert Message.from_json(message.to_json()) == message
    with pytest.raises(ValueError, match="outbox"):
        Message.from_json('{"kind": "result", "id": "peeters2345", "session_id": "k7mxfar3ct"}')


def test_siblings_in_two_sessions_read_of_all_of_them(city):
    bouwkamp = camps.published(title="Bouwkamp", opens_at=None)
    kook = camps.published(title="Kookkamp", opens_at=None)
    opening, claeys = drawn_opening(bouwkamp, kook), family(LOU, JEF)
    enter(claeys, opening, [(LOU, bouwkamp), (JEF, kook)])
    city.run()
    hold(opening)

    (mail,) = about_the_draw(city.run())

    assert "Bouwkamp (16 augustus 2027) en Kookkamp (16 augustus 2027)" in part(mail, "plain")
