"""Mails, read as they come: from people, from machines, and from whoever wants to break it."""

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from chalicelib.front_door.arriving.html_text import text_of
from chalicelib.front_door.arriving.loops import Sender, sender_of
from chalicelib.front_door.arriving.quoting import written_now
from chalicelib.front_door.arriving.reading import MOST_BYTES, read
from tests.front_door.arriving.mails import AN, DOMAIN, HEAD, WORDS, mail, part, parts

PDF = b"%PDF-1.7 ..."


def attached(name: str, content: bytes) -> bytes:
    head = f"Content-Disposition: attachment; filename={name}\r\nContent-Transfer-Encoding: base64\r\n"
    return part("application/octet-stream", base64.b64encode(content), head.encode())


def test_a_mail_has_a_sender_words_and_a_subject() -> None:
    found = read(mail(sender='"Claeys, An" <An.Claeys@Example.org>'))

    assert (found.sender, found.sender_name) == (AN, "Claeys, An")
    assert (found.subject, found.text) == ("Lamp stuk", WORDS)
    assert found.recipients == (f"complaint@{DOMAIN}",)
    assert found.is_whole


@pytest.mark.parametrize("charset", ["idna", "punycode", "unicode_escape", "undefined", "zlib", "nonsense"])
def test_words_in_an_encoding_that_mails_are_not_written_in_are_read_all_the_same(charset: str) -> None:
    """Some fail whatever one asks of them, and punycode takes an hour for 16 MB."""
    found = read(
        HEAD + part(f"text/plain; charset={charset}", "De lamp is kapot, één week al. ".encode() + b"a-b" * 100_000)
    )

    assert found.text.startswith("De lamp is kapot, één week al.")


def test_of_two_forms_the_plain_one_is_read_unless_it_is_empty() -> None:
    both = parts("a", part("text/plain", b"Plat"), part("text/html", b"<b>Mooi</b>"), kind="multipart/alternative")
    empty = parts("a", part("text/plain", b" \r\n"), part("text/html", b"<b>Mooi</b>"), kind="multipart/alternative")

    assert read(HEAD + both).text == "Plat"
    assert read(HEAD + empty).text == "Mooi"


@pytest.mark.parametrize(
    ("charset", "content"),
    [
        ("iso-8859-1", "Één café".encode("latin-1")),
        ("utf-8", "Één café".encode()),
        ("windows-1252", "Één café".encode("cp1252")),
        ("no-such-thing", "Één café".encode()),
        ("utf-8", "Één café".encode("latin-1")),
        ("rot13", "Één café".encode()),
    ],
)
def test_letters_are_what_the_sender_wrote(charset: str, content: bytes) -> None:
    assert read(HEAD + part(f"text/plain; charset={charset}", content)).text == "Één café"


def test_whatever_hangs_on_a_mail_is_there_under_a_name_without_a_path() -> None:
    pdf, tnef = attached("../../brief.pdf", PDF), attached("winmail.dat", b"\x78\x9f\x3e\x22...")
    found = read(HEAD + parts("a", part("text/plain", b"Zie bijlage."), pdf, tnef, part("image/png", b"\x89PNG")))

    assert [one.name for one in found.attachments] == ["brief.pdf", "winmail.dat", "image.png"]
    assert found.attachments[0].content == PDF
    assert found.is_whole


def test_what_hangs_within_the_form_that_is_not_read_out_is_there_too() -> None:
    """Apple's Mail puts papers beside the HTML, and everybody's pictures are there."""
    html = parts("b", part("text/html", b"<b>Dag</b>"), attached("foto.jpg", b"\xff\xd8\xff"), kind="multipart/related")
    both = parts("a", part("text/plain", b"Dag"), html, kind="multipart/alternative")
    found = read(HEAD + both)

    assert (found.text, [one.name for one in found.attachments]) == ("Dag", ["foto.jpg"])


def test_a_mail_within_a_mail_is_read_out_with_who_wrote_it_and_its_files() -> None:
    inside = HEAD + parts("b", part("text/plain", b"Van mijn buurvrouw."), attached("brief.pdf", PDF))
    found = read(HEAD + parts("a", part("text/plain", b"Doorgestuurd."), part("message/rfc822", inside)))

    assert found.text == f"Doorgestuurd.\n\nFrom: {AN}\nSubject: Lamp stuk\n\nVan mijn buurvrouw."
    assert [one.name for one in found.attachments] == ["brief.pdf"]


def test_words_that_are_too_long_for_a_case_come_whole_as_a_file() -> None:
    found = read(mail("Het begon zo. " * 3_000))

    assert (len(found.text), found.is_whole) == (20_000, True)
    assert [(one.name, len(one.content)) for one in found.attachments] == [("mail.txt", 41_999)]


def test_of_a_mail_that_is_too_long_the_words_stay_and_the_file_without_an_end_says_so() -> None:
    big = part("image/png", b"A" * 30_000_000, b"Content-Disposition: inline; filename=scan.png\r\n")
    found = read(HEAD + parts("a", part("text/plain", b"Zie bijlage."), attached("brief.pdf", PDF), big))

    assert (found.text, found.is_whole) == ("Zie bijlage.", False)
    assert [(one.name, one.is_cut) for one in found.attachments] == [("brief.pdf", False), ("scan.png", True)]


def test_a_mail_of_a_thousand_parts_is_read_to_the_hundredth_and_says_so() -> None:
    found = read(HEAD + parts("a", *[attached(f"{number}.txt", b"a") for number in range(1000)]))

    assert (len(found.attachments), found.is_whole) == (100, False)


def test_no_line_becomes_a_header_and_no_control_character_stays() -> None:
    found = read(
        b"From: =?utf-8?q?An=0D=0ABcc=3A_all=40example=2Eorg?= <" + AN.encode() + b">\r\n\r\nA\x00\x1b[2Jb\xe2\x80\xaec"
    )

    assert "\n" not in found.sender_name
    assert found.text == "A[2Jbc"


def test_a_link_of_ours_that_comes_back_opens_nothing() -> None:
    assert read(mail("Zie https://k.example/cases/AB?secret=ACDEFGHJKMNPRTVW.")).text.endswith("?secret=….")


@pytest.mark.parametrize(
    "address", ["(" * 5000, "<" * 5000, "", "a@b@c", "an@example.org\r\n", "@", '"' + "\\" * 5000, "undisclosed:;"]
)
def test_any_sender_is_somebody_or_nobody(address: str) -> None:
    found = read(b"From: " + address.encode() + b"\r\n\r\nHallo")
    assert found.sender in ("", "an@example.org", "a@b")


@given(some.binary(max_size=300))
@settings(max_examples=60)
def test_whatever_comes_is_read(raw: bytes) -> None:
    read(HEAD + raw)
    read(raw)


NESTED = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(300))
ATTACKS = {
    "more than 21 MB": HEAD + b"\r\n" + b"a" * (MOST_BYTES + 1),
    "a line for each byte": HEAD + b"\r\n" + b"a\n" * 500_000,
    "one within another, 300 times": HEAD + NESTED + b"\n" * 100_000,
    "mails within mails": HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 5_000,
    "parameters without end": HEAD + b"Content-Type: text/plain" + b"; a=b" * 200_000 + b"\r\n\r\nHallo",
    "a name in pieces": HEAD
    + b"Content-Disposition: attachment"
    + b"".join(b"; filename*%d=a" % n for n in range(50_000))
    + b"\r\n\r\n%PDF-",
}


@pytest.mark.parametrize("raw", ATTACKS.values(), ids=ATTACKS)
def test_what_would_take_hours_is_not_read_and_says_so(raw: bytes) -> None:
    found = read(raw)

    assert (found.is_whole, found.sender, found.subject) == (False, AN, "Lamp stuk")


def test_ten_thousand_recipients_are_addresses_like_others() -> None:
    many = ", ".join([*(f"p{n}@example.org" for n in range(10_000)), f"complaint@{DOMAIN}"])
    raw = f"From: {AN}\r\nReceived: from x by y for complaint@{DOMAIN}; now\r\nTo: {many}\r\n\r\nHallo".encode()

    found = read(raw)
    assert found.recipients[0] == f"complaint@{DOMAIN}"
    assert found.text == "Hallo"


# HTML


def test_html_is_read_out_as_somebody_would() -> None:
    html = """<html><head><title>x</title><style>p {}</style></head><body><p>Dag,</p><p>De <b>lamp</b> is
    stuk&nbsp;&amp; donker.<br>Groet</p><ul><li>een<li>twee</ul><script>alert(1)</script>
    <img src=http://track.example/1 alt="foto">
    <a href="https://kaprijke.example/lamp">hier</a> <a href="https://a.example/">https://a.example</a>
    <a href="javascript:alert(1)">daar</a></body></html>"""

    assert text_of(html) == (
        "Dag,\n\nDe lamp is stuk & donker.\nGroet\n\n- een\n- twee\n"
        "[foto] hier (https://kaprijke.example/lamp) https://a.example daar"
    )


@pytest.mark.parametrize("again", ["<!--", "<a ", "</", "&#9", "<a b='", "<script>", "<svg>", "<li>", "<", "<![CDATA["])
def test_html_is_gone_over_once(again: str) -> None:
    """Python's own reader takes minutes for some of these."""
    text_of(again * (300_000 // len(again)))


# Machines


@pytest.mark.parametrize(
    ("headers", "who"),
    [
        ({}, Sender.PERSON),
        ({"Auto_Submitted": "no"}, Sender.PERSON),
        ({"Auto_Submitted": "auto-replied"}, Sender.MACHINE),
        ({"Auto_Submitted": "auto-generated; owner=x"}, Sender.MACHINE),
        ({"Return_Path": "<>"}, Sender.NOBODY),
        ({"Return_Path": "<>", "Auto_Submitted": "auto-replied"}, Sender.MACHINE),
        ({"X_Autoreply": "yes"}, Sender.MACHINE),
        ({"X_Loop": f"case@{DOMAIN}"}, Sender.MACHINE),
        ({"Message_ID": f"<9@{DOMAIN}>"}, Sender.MACHINE),
        ({"sender": "MAILER-DAEMON@mx.example.org"}, Sender.MACHINE),
        ({"sender": "noreply@school.example.org"}, Sender.LIST),
        ({"sender": f"complaint@{DOMAIN}"}, Sender.MACHINE),
        ({"Precedence": "bulk"}, Sender.LIST),
        ({"List_Id": "<buren.example.org>"}, Sender.LIST),
        ({"X_Auto_Response_Suppress": "DR, OOF, AutoReply"}, Sender.LIST),
        ({"X_Auto_Response_Suppress": "None"}, Sender.PERSON),
        ({"sender": "nobody"}, Sender.LIST),
    ],
)
def test_who_sent_it(headers: dict[str, str], who: Sender) -> None:
    again = {name: value for name, value in headers.items() if name not in ("sender", "Message_ID")}
    raw = mail(sender=headers.get("sender", AN), **again)
    if "Message_ID" in headers:
        raw = raw.replace(b"<1@example.org>", headers["Message_ID"].encode())
    assert sender_of(read(raw), DOMAIN) is who


def test_a_report_of_a_mail_that_came_back_is_a_machines() -> None:
    report = parts("a", part("text/plain", b"Could not deliver"), kind="multipart/report; report-type=delivery-status")

    assert sender_of(read(HEAD + report), DOMAIN) is Sender.MACHINE


# Answers


@pytest.mark.parametrize(
    "below",
    [
        "\n\nOp ma 8 mrt 2027 om 10:12 schreef Kaprijke <case@in.example>:\n> Voor welk huis?\n> Nadia",
        "\n\nLe lun. 8 mars 2027 à 10:12, Kaprijke a écrit :\n> Pour quelle maison ?",
        "\n\n-----Oorspronkelijk bericht-----\nVan: Kaprijke",
        "\n> Voor welk huis?\n",
    ],
)
def test_only_what_is_new_of_an_answer_counts(below: str) -> None:
    assert written_now("Nummer 3.\nDank je." + below) == "Nummer 3.\nDank je."


def test_an_answer_that_is_all_quotation_stays() -> None:
    assert written_now("> ja\n> nee") == "> ja\n> nee"
