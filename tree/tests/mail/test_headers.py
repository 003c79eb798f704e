"""What a mail server gets of a subject and of a sender's name: RFC 2047's words, RFC 5322's lines."""

import re
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.headerregistry import Address
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.mail.headers import FOLDED
from chalicelib.mail.rendering import single_line

DUTCH = (
    "Bevestigd: Creatieve kleuterateliers en ontdekkingstochten in de Zwin- en poldervlakte – één week, 19 juli 2027"
)
FRENCH = "Confirmé : Stage d’été « Découverte de la forêt et des créatures étranges » à Wezembeek-Oppem, 19 août 2027"


def sent(subject: str, name: str = "Kaprijke") -> bytes:
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"] = Address(name, addr_spec="sport@kaprijke.example")
    mail["Subject"] = subject
    mail.policy = FOLDED
    return mail.as_bytes()


def raw(mail: bytes, name: str) -> str:
    (found,) = re.findall(rf"(?m)^{name}: ((?:.*\r\n)(?:[ ].*\r\n)*)", mail.decode("ascii"))
    return str(found)


@pytest.mark.parametrize("subject", [DUTCH, FRENCH])
def test_a_long_subject_with_accents_has_words_of_at_most_75_characters(subject: str):
    """They were one word of 190, which some programs show as it is."""
    mail = sent(subject)

    assert all(len(word) <= 75 for word in raw(mail, "Subject").split())
    assert all(len(line) <= 76 for line in mail.decode().splitlines())
    assert message_from_bytes(mail, policy=policy.default)["Subject"] == subject


@pytest.mark.parametrize(
    "name", ["Stad Gent – sport", "Commune de Wezembeek-Oppem – Service de l’enfance, été et écoles"]
)
def test_so_has_the_name_of_a_sender(name: str):
    mail = sent("Je pas", name)

    assert all(len(word) <= 75 for word in raw(mail, "From").split())
    said, address = raw(mail, "From").rsplit(" ", 1)
    assert str(make_header(decode_header(said.replace("\r\n", "")))) == name
    assert address.strip() == "<sport@kaprijke.example>"


@given(st.text(st.characters(codec="utf-8"), max_size=200).map(single_line), st.text(max_size=80).map(single_line))
def test_whatever_is_in_a_header_is_read_as_it_was(subject: str, name: str):
    mail = sent(subject, name)

    assert all(len(word) <= 75 for word in raw(mail, "Subject").replace("\r\n", "").split(" ") if "=?" in word)
    assert all(len(line) <= 76 for line in raw(mail, "Subject").splitlines())
    read = message_from_bytes(mail, policy=policy.default)
    assert " ".join(str(read["Subject"]).split()) == subject
    assert [one.addr_spec for one in read["From"].addresses] == ["sport@kaprijke.example"]
