"""The link of a pass, by mail."""

from urllib.parse import parse_qs, urlsplit

from chalicelib.mail.rules import MailKind, Message
from chalicelib.people.families import table as families
from chalicelib.people.families import tokens
from tests.mail.conftest import PEETERS, City, part

LOTTE, WOUT = PEETERS.children


def test_the_pass_comes_by_mail_and_its_link_says_who_they_are(city: City):
    message = Message(MailKind.PASS, f"{PEETERS.family_id}/{PEETERS.pass_id}")
    assert city.deliver([message.to_json()]) == []
    (mail,) = city.mailbox
    link = next(line for line in part(mail, "plain").splitlines() if line.startswith("https://"))
    assert urlsplit(link)[:3] == ("https", "kamp.kaprijke.example", "/enter")
    who = tokens.read(parse_qs(urlsplit(link).query)["token"][0])
    assert (who.family_id, set(who.children)) == (PEETERS.family_id, {LOTTE.child_id, WOUT.child_id})
    assert families.is_mailed(PEETERS.family_id, PEETERS.pass_id)
    assert city.deliver([message.to_json()]) == []
    assert len(city.mailbox) == 1


def test_the_link_of_whoever_only_swims_leads_to_the_hours(city: City):
    families.put(PEETERS.__class__(**{**vars(PEETERS), "pass_id": "swimmingpass", "children": ()}))
    (mail,) = city.run()
    link = next(line for line in part(mail, "plain").splitlines() if line.startswith("https://"))
    assert urlsplit(link).path == "/enter"
    assert parse_qs(urlsplit(link).query)["to"] == ["/swimming"]


def test_a_new_pass_is_mailed_without_anybody_asking(city: City):
    families.put(PEETERS.__class__(**{**vars(PEETERS), "pass_id": "anotherpass2"}))
    (mail,) = city.run()
    assert mail["To"] == PEETERS.email


def test_a_pass_that_expired_meanwhile_is_not_mailed(city: City):
    assert city.deliver([{"kind": "pass", "id": "nobody23456/gone"}]) == []
    assert city.mailbox == []
