"""Before a new mail address gets its link, the old one is told: nobody takes a family away unseen."""

from dataclasses import replace

from chalicelib.people.families import table as families
from tests.mail.conftest import NOW, PEETERS, City, part

NEW = "an.peeters@example.org"


def asked() -> None:
    """Given a family that asked for another address."""
    families.put(replace(PEETERS, pass_id="pass00000001", email=NEW, namings={}, created_at=NOW, moves=True))


def test_the_old_address_is_told_first_and_can_let_the_links_stop(city: City) -> None:
    asked()

    told, link = city.run()

    assert (told["To"], link["To"]) == (PEETERS.email, NEW)
    assert told["Subject"] == "Je mailadres wordt gewijzigd"
    text = part(told, "plain")
    assert "a…@example.org" in text
    assert NEW not in text
    assert "&to=/family/data" in text
    assert "/enter?token=" in part(link, "plain")


def test_two_messages_tell_it_once(city: City) -> None:
    asked()
    city.outbox()
    [message] = city.queued()
    mailed = city.deliver([message, message])

    assert mailed == []
    assert [mail["To"] for mail in city.mailbox][-2:] == [PEETERS.email, NEW]
