"""What browsers send when a file is chosen, and what they do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.http.problems import Problem
from chalicelib.pages.frame.uploads import Upload, parse

BOUNDARY = "----WebKitFormBoundaryA1b2C3"
KIND = f"multipart/form-data; boundary={BOUNDARY}"
MOST = 1_000_000


def part(name: str, content: bytes, filename: str | None = None, *, more: str = "") -> bytes:
    chosen = "" if filename is None else f'; filename="{filename}"\r\nContent-Type: text/csv'
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{chosen}\r\n{more}\r\n'
    return head.encode() + content + b"\r\n"


def body(*parts: bytes) -> bytes:
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def test_fields_are_texts_and_the_file_is_bytes() -> None:
    sent = body(part("csrf", b"abc"), part("note", "één\r\ntwee".encode()), part("file", b"a,b\r\n1,2", "camps.csv"))

    form, files = parse(KIND, sent, MOST)

    assert (form["csrf"], form["note"]) == ("abc", "één\ntwee")
    assert files == {"file": Upload("camps.csv", b"a,b\r\n1,2")}


def test_no_file_was_chosen() -> None:
    assert parse(KIND, body(part("csrf", b"abc"), part("file", b"", "")), MOST)[1] == {}


def test_a_field_may_be_there_more_than_once() -> None:
    form, _ = parse(KIND, body(part("session_ids", b"a"), part("session_ids", b"b")), MOST)

    assert form.all("session_ids") == ["a", "b"]


@given(st.binary(max_size=400))
def test_a_file_comes_as_it_was(content: bytes) -> None:
    assert parse(KIND, body(part("file", content, "camps.xlsx")), MOST)[1] == {"file": Upload("camps.xlsx", content)}


@pytest.mark.parametrize("content", [b"\r\n", b"\n", b"\r", b"\x00\xff\r\n--", b"\r\n\r\n", b"a\x85b\xe2\x80\xa8c"])
def test_line_ends_and_bytes_of_any_kind_stay(content: bytes) -> None:
    assert parse(KIND, body(part("file", content, "camps.xlsx")), MOST)[1] == {"file": Upload("camps.xlsx", content)}


@pytest.mark.parametrize(
    ("kind", "sent"),
    [
        ("application/x-www-form-urlencoded", b"a=b"),
        ("multipart/form-data", body(part("a", b"b"))),
        ("multipart/mixed; boundary=" + BOUNDARY, body(part("a", b"b"))),
        (KIND, b""),
        (KIND, b"nothing of it"),
        (KIND, part("file", b"cut off", "camps.csv")),
        (KIND, body(b"--" + BOUNDARY.encode() + b"\r\nContent-Type: text/plain\r\n\r\nno name\r\n")),
        (KIND, body(part("a", b"YQ==", more="Content-Transfer-Encoding: base64\r\n"))),
        (KIND, body(part("a", b"x", more="Content-Type: message/rfc822\r\n"))),
        (KIND, body(part("a", b"\xff\xfe"))),
        (KIND, body(*(part("a", b"b") for _ in range(51)))),
        (KIND + "\r\nX: y", body(part("a", b"b"))),
        ("multipart/form-data; boundary=é", body(part("a", b"b"))),
    ],
)
def test_what_no_browser_sends_is_refused(kind: str, sent: bytes) -> None:
    with pytest.raises(Problem) as raised:
        parse(kind, sent, MOST)
    assert raised.value.kind.slug == "invalid"


def test_more_than_the_page_takes_is_refused_unread_and_says_how_much_it_is() -> None:
    with pytest.raises(Problem) as raised:
        parse(KIND, body(part("file", b"a" * 2_000_000, "camps.csv")), 1_000_000)
    assert raised.value.kind.slug == "too-large"
    assert "It has 2 MB, and at most 1 MB are possible." in raised.value.document("en")["detail"]


@given(st.binary(max_size=200))
def test_whatever_comes_is_read_or_refused(sent: bytes) -> None:
    for whole in (sent, body(sent), b"--" + BOUNDARY.encode() + b"\r\n" + sent):
        try:
            parse(KIND, whole, MOST)
        except Problem as problem:
            assert problem.kind.slug == "invalid"  # noqa: PT017 either is right
