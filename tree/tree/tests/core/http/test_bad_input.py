"""Whatever is wrong with a request: its field is named, in the reader's language, and nothing is stored."""

import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from chalice.test import HTTPResponse
from hypothesis import given
from hypothesis import strategies as st

import app
from chalicelib.booking.registrations import handlers as registrations
from chalicelib.booking.registrations.handlers import AS_KEY
from chalicelib.core.http.fields import (
    AS_DATE,
    AS_TRUE_OR_FALSE,
    BODY_NOT_JSON,
    BODY_NOT_OBJECT,
    BODY_TOO_LARGE,
    MAX_BODY_BYTES,
    MISSING,
    UNKNOWN,
)
from chalicelib.core.http.problems import INVALID, NOT_FOUND
from chalicelib.core.languages import LANGUAGES, translate
from chalicelib.people.families import handlers as families
from chalicelib.people.families.addresses import AS_EMAIL
from chalicelib.people.families.handlers import (
    AS_CHILD,
    AS_LANGUAGE,
    AS_LAST_NAME,
    AS_NAME,
    AS_POSTCODE,
    NAMED_TWICE,
    NOT_BORN,
    NOT_IN_A_NAME,
    TOO_OLD,
)
from chalicelib.programme.sessions.handlers import AS_AGE, AS_MUNICIPALITY, FROM_AFTER_TO
from chalicelib.programme.sessions.rules import SESSION_ID
from tests.camps import JEF, NOOR, request
from tests.core.http.conftest import City
from tests.core.http.problems import is_invalid, is_problem

pytestmark = pytest.mark.usefixtures("unchanged")

Place = tuple[str | int, ...]

IN_A_NAME = re.compile("[A-Za-zÀ-ÖØ-öø-ɏḀ-ỿ'’´`.,:() -]")

LOU = {"first_name": "Lou", "last_name": "Claeys", "birth_date": "2022-05-01"}
PASS = {"email": "an.claeys@example.be", "language": "nl", "postcode": "9970", "children": [LOU]}
PASS_FIELDS: dict[Place, str] = {
    ("email",): AS_EMAIL,
    ("language",): AS_LANGUAGE,
    ("postcode",): AS_POSTCODE,
    ("children",): families.AS_CHILDREN,
    ("children", 0): families.AS_CHILDREN,
    ("children", 0, "first_name"): AS_NAME,
    ("children", 0, "last_name"): AS_LAST_NAME,
    ("children", 0, "birth_date"): AS_DATE,
}
REGISTRATION_FIELDS: dict[Place, str] = {
    ("session_id",): SESSION_ID.expects,
    ("child_ids",): registrations.AS_CHILDREN,
    ("child_ids", 0): AS_CHILD,
    ("waitlist",): AS_TRUE_OR_FALSE,
}
# As it stands in the body. None of these is right anywhere, but for what EXCEPT names.
NEVER_RIGHT = {
    "true": "true",
    "false": "false",
    "zero": "0",
    "one": "1",
    "negative": "-1",
    "fraction": "1.5",
    "beyond a double": "1e999",
    "huge": "1" * 400,
    "empty list": "[]",
    "list in a list": "[[]]",
    "list of null": "[null]",
    "deep": "[" * 400 + "]" * 400,
    "object": '{"name": "Lou"}',
    "empty": '""',
    "spaces": '"   "',
    "no-break spaces": '"\\u00a0\\u2003"',
    "far too long": json.dumps("Lou" * 5000),
    "accents without end": json.dumps("e" + "\u0301\u0323" * 5000),
    "emoji": '"🏕️👧🏽"',
    "right to left": '"لو כלייס"',
    "turned round": '"Lou\u202eClaeys"',
    "no width": '"Lou\u200bClaeys"',
    "HTML": '"<b>Lou</b>"',
    "script": '"<script>alert(1)</script>"',
    "template": '"{{ 7*7 }}"',
    "control character": '"Lou\\u0007"',
    "NUL": '"Lou\\u0000Claeys"',
    "NUL alone": '"\\u0000"',
    "line break": '"Lou\\r\\nClaeys"',
    "half a surrogate pair": '"Lou\\ud83c"',
    "number as text": '"-1"',
    "NaN as text": '"NaN?"',
}
EXCEPT = {
    (("waitlist",), "true"),
    (("waitlist",), "false"),
    (("children", 0), "object"),  # lacks each of the three
    (("session_id",), "number as text"),  # could be one: not-found
    *[
        (place, what)  # what is wrong there is their first element
        for place in [("children",), ("child_ids",)]
        for what in ("list of null", "list in a list", "deep")
    ],
}
WRONG_TEXTS: dict[Place, list[str]] = {
    ("email",): [
        "an.claeys",
        "@example.be",
        "an.claeys@",
        "an.claeys@example",
        "an claeys@example.be",
        "an@claeys@example.be",
        "=?utf-8?q?a=0D=0ABcc=3Aevil=40x=2Ebe?=@example.be",
        "an=?@example.be",
        "an.claeys@example.be, other@example.be",
        "An Claeys <an.claeys@example.be>",
        "an.claeys@example.be\r\nBcc: everybody@example.be",
        "an.claeys@-example.be",
        "an.claeys@example..be",
        "an.claeys@example.be.",
        "an.claeys@[127.0.0.1]",
        "an.claeys@straße.be\u0000",
        "än@example.be",
        f"{'a' * 65}@example.be",
        f"an@{'a' * 64}.be",
        f"an@{'kaprijke.' * 30}be",
    ],
    ("language",): ["NL", "nl-BE", "de", "nederlands", "n", "nl,fr"],
    ("postcode",): ["997", "997000", "0970", "9970 A", "9970 ABC", "X-9970", "99 70", "٩٩٧٠", "9970\n9970", "9970-AB"],
    ("children", 0, "first_name"): ["L0u", "Lou!", "-", ".", "'", "Lou;", "Лу", "Λου", "陸", "Lou\tC", "L" * 81],
    ("children", 0, "last_name"): ["Claeys2", "Claeys@", "- Claeys", "Claeys\u0301\u0302\u20dd", "C" * 81],
    ("children", 0, "birth_date"): [
        "2022-02-30",
        "2023-02-29",
        "2022-13-01",
        "2022-00-10",
        "0000-00-00",
        "-0001-01-01",
        "10000-01-01",
        "20220501",
        "2022-W18-7",
        "2022-121",
        "2022-5-1",
        "01/05/2022",
        "1 mei 2022",
        "2022-05-01T00:00:00",
        "2022-05-01Z",
        "２０２２-０５-０１",
        " 2022-05-01",
        "2022-05-01\n",
        "today",
    ],
    ("session_id",): ["../PROGRAMME", "S#k7mxfar3ct", "k7mx far3ct", "k7mxfar3ct\n2", "k" * 65, "é"],
    ("child_ids", 0): ["unknown", "c" * 65, "free", "#c0", JEF.child_id.upper(), NOOR.child_id],
    ("waitlist",): ["true", "yes", "on", "1", "no"],
}


def as_field(place: Place) -> str:
    """children, 0, first_name: children[0].first_name"""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place).removeprefix(".")


def with_value(content: Any, place: Place, text: str | None) -> bytes:
    """`content` as JSON, in which `text` stands at `place`, or nothing."""
    content = json.loads(json.dumps(content))
    at = content
    for step in place[:-1]:
        at = at[step]
    if text is None:
        del at[place[-1]]
    else:
        at[place[-1]] = "here"
    return json.dumps(content).replace('"here"', text or "").encode()


def ask_pass(body: bytes, **headers: str) -> Callable[[str], HTTPResponse]:
    return lambda language: request("POST", "/api/passes", body, {"Accept-Language": language, **headers})


def ask_registration(city: City, body: bytes, **headers: str) -> Callable[[str], HTTPResponse]:
    with_key = {**city.claeys.authorization, "Idempotency-Key": "key-of-bad-input", **headers}
    return lambda language: request("POST", "/api/registrations", body, {"Accept-Language": language, **with_key})


def wish(city: City) -> dict[str, Any]:
    return {"session_id": city.session.session_id, "child_ids": [JEF.child_id], "waitlist": True}


def is_refused(ask: Callable[[str], HTTPResponse], field: str, message: str) -> None:
    """In each language, for this field and no other."""
    for language in LANGUAGES:
        is_invalid(ask(language), field, message, language)


def never_right(fields: dict[Place, str]) -> Iterator[Any]:
    for place in fields:
        for name, text in NEVER_RIGHT.items():
            if (place, name) not in EXCEPT:
                yield pytest.param(place, text, id=f"{as_field(place)}: {name}")


def wrong_texts(fields: dict[Place, str]) -> Iterator[Any]:
    for place in fields:
        for text in WRONG_TEXTS.get(place, ()):
            yield pytest.param(place, json.dumps(text, ensure_ascii=False), id=f"{as_field(place)}: {text[:30]!r}")


@pytest.mark.parametrize(("place", "text"), [*never_right(PASS_FIELDS), *wrong_texts(PASS_FIELDS)])
def test_a_wrong_value_in_a_pass(place, text):
    if place[-1] in ("first_name", "last_name") and (character := no_letter(text)):
        ask, message = ask_pass(with_value(PASS, place, text)), NOT_IN_A_NAME
        for language in LANGUAGES:
            [error] = ask(language).json_body["errors"]
            assert error == {"field": as_field(place), "message": translate(message, language, character=character)}
        return
    is_refused(ask_pass(with_value(PASS, place, text)), as_field(place), PASS_FIELDS[place])


def no_letter(text: str) -> str | None:
    """The first character of a typed name that no name has; None: that is not what is wrong with it."""
    typed = json.loads(text) if text != "1e999" else 0
    if not isinstance(typed, str) or len(typed) > 80:
        return None
    found = next((one for one in unicodedata.normalize("NFC", typed.strip()) if not IN_A_NAME.fullmatch(one)), None)
    return found if found is None or found.isprintable() else f"U+{ord(found):04X}"


@pytest.mark.parametrize(("place", "text"), [*never_right(REGISTRATION_FIELDS), *wrong_texts(REGISTRATION_FIELDS)])
def test_a_wrong_value_in_a_registration(city, place, text):
    body = with_value(wish(city), place, text)
    is_refused(ask_registration(city, body), as_field(place), REGISTRATION_FIELDS[place])


@pytest.mark.parametrize("place", [place for place in PASS_FIELDS if place != ("children", 0)], ids=as_field)
@pytest.mark.parametrize("text", [None, "null"], ids=["missing", "null"])
def test_what_is_missing_in_a_pass(place, text):
    is_refused(ask_pass(with_value(PASS, place, text)), as_field(place), MISSING)


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (("session_id",), None),
        (("session_id",), "null"),
        (("child_ids",), None),
        (("child_ids",), "null"),
        (("child_ids", 0), "null"),
        (("waitlist",), "null"),
    ],
    ids=str,
)
def test_what_is_missing_in_a_registration(city, place, text):
    is_refused(ask_registration(city, with_value(wish(city), place, text)), as_field(place), MISSING)


@pytest.mark.parametrize(
    ("birth_date", "message"),
    [
        ("0001-01-01", TOO_OLD),
        ("1899-12-31", TOO_OLD),
        ("9999-12-31", NOT_BORN),
        ((datetime.now(UTC) + timedelta(days=2)).date().isoformat(), NOT_BORN),
    ],
)
def test_a_birth_date_that_nobody_has(birth_date, message):
    body = with_value(PASS, ("children", 0, "birth_date"), f'"{birth_date}"')
    is_refused(ask_pass(body), "children[0].birth_date", message)


@pytest.mark.parametrize(
    "again", [LOU, LOU | {"first_name": " LOU "}, LOU | {"last_name": "Cláeys"}], ids=["same", "capitals", "accent"]
)
def test_a_child_that_is_named_twice(again):
    body = json.dumps(PASS | {"children": [LOU, LOU | {"first_name": "Jef"}, again]}).encode()
    is_refused(ask_pass(body), "children[2]", NAMED_TWICE)


def test_a_child_id_that_is_named_twice(city):
    body = json.dumps(wish(city) | {"child_ids": [JEF.child_id, JEF.child_id]}).encode()
    is_refused(ask_registration(city, body), "child_ids[1]", NAMED_TWICE)


def test_a_child_of_another_pass(city):
    body = json.dumps(wish(city) | {"child_ids": [JEF.child_id, NOOR.child_id]}).encode()
    is_refused(ask_registration(city, body), "child_ids[1]", AS_CHILD)


@pytest.mark.parametrize("count", [11, 4000])
def test_too_many_children_are_one_error_however_many(city, count):
    is_refused(ask_pass(with_value(PASS, ("children",), f"[{'{},' * count}{{}}]")), "children", families.AS_CHILDREN)
    body = with_value(wish(city), ("child_ids",), f"[{'0,' * count}0]")
    is_refused(ask_registration(city, body), "child_ids", registrations.AS_CHILDREN)


@pytest.mark.parametrize(
    ("children", "message"),
    [("[null]", MISSING), ('["Lou"]', families.AS_CHILDREN), ("[[]]", families.AS_CHILDREN)],
)
def test_a_child_that_is_none(children, message):
    is_refused(ask_pass(with_value(PASS, ("children",), children)), "children[0]", message)


def test_every_wrong_field_is_named_at_once():
    answer = ask_pass(b'{"email": 1, "children": [{"first_name": "Lou", "birth_date": "soon"}], "town": "Kaprijke"}')(
        "en"
    )
    assert is_problem(answer, INVALID, "en")["errors"] == [
        {"field": "email", "message": AS_EMAIL},
        {"field": "language", "message": MISSING},
        {"field": "postcode", "message": MISSING},
        {"field": "children[0].last_name", "message": MISSING},
        {"field": "children[0].birth_date", "message": AS_DATE},
        {"field": "town", "message": UNKNOWN},
    ]


@pytest.mark.parametrize("name", ["town", "Email", "email ", "", "__proto__", "<b>", "\x00", "🏕", "x" * 5000])
def test_a_field_that_nobody_knows(city, name):
    is_refused(ask_pass(json.dumps(PASS | {name: 1}).encode()), name, UNKNOWN)
    is_refused(ask_registration(city, json.dumps(wish(city) | {name: 1}).encode()), name, UNKNOWN)


def test_an_answer_names_the_first_twenty_errors():
    unknown = {f"x{number}": 1 for number in range(5000)}
    answer = ask_pass(json.dumps(PASS | unknown).encode())("nl")

    assert [error["field"] for error in is_problem(answer, INVALID)["errors"]] == list(unknown)[:20]
    assert len(answer.body) < 2000


def test_a_field_that_nobody_knows_of_a_child():
    body = json.dumps(PASS | {"children": [LOU | {"allergies": "nuts"}]}).encode()
    is_refused(ask_pass(body), "children[0].allergies", UNKNOWN)


@pytest.mark.parametrize("place", [place for place in PASS_FIELDS if isinstance(place[-1], str)], ids=as_field)
def test_a_name_that_stands_twice_in_an_object(place):
    """Of two programs that read it, one would take the first and one the last."""
    name = f'"{place[-1]}": '
    body = json.dumps(PASS).replace(name, f"{name}null, {name}", 1).encode()
    is_refused(ask_pass(body), as_field(place), PASS_FIELDS[place])


@pytest.mark.parametrize("place", [("session_id",), ("child_ids",), ("waitlist",)], ids=as_field)
def test_a_name_that_stands_twice_in_a_registration(city, place):
    name = f'"{place[-1]}": '
    body = json.dumps(wish(city)).replace(name, f"{name}null, {name}", 1).encode()
    is_refused(ask_registration(city, body), as_field(place), REGISTRATION_FIELDS[place])


NOT_JSON = {
    "nothing": b"",
    "spaces": b"  ",
    "text": b"Lou Claeys",
    "form": b"email=an.claeys%40example.be&postcode=9970",
    "XML": b"<pass/>",
    "broken off": json.dumps(PASS).encode()[:-1],
    "two of them": json.dumps(PASS).encode() * 2,
    "comma at the end": b'{"email": "an.claeys@example.be",}',
    "single quotes": str(PASS).encode(),
    "comment": b"{} // nothing",
    "raw line break in a text": b'{"email": "an\n"}',
    "NaN": with_value(PASS, ("postcode",), "NaN"),
    "Infinity": with_value(PASS, ("postcode",), "Infinity"),
    "minus Infinity": with_value(PASS, ("postcode",), "-Infinity"),
    "number without end": with_value(PASS, ("postcode",), "9" * 20_000),
    "hexadecimal": with_value(PASS, ("postcode",), "0x10"),
    "endless lists": b"[" * 60_000,
    "endless objects": b'{"a":' * 12_000,
    "deep": b"[" * 30_000 + b"]" * 30_000,
    "Latin-1": json.dumps(PASS, ensure_ascii=False).replace("Lou", "Zoë").encode("latin-1"),
    "half a letter": b'{"email": "\xc3"}',
    "overlong": b'{"email": "\xc0\xaf"}',
    "surrogate in UTF-8": b'{"email": "\xed\xa0\xbd"}',
    "UTF-8 with a byte order mark": json.dumps(PASS).encode("utf-8-sig"),
    "UTF-16": json.dumps(PASS).encode("utf-16"),
    "UTF-16 without a mark": json.dumps(PASS).encode("utf-16-le"),
    "UTF-32": json.dumps(PASS).encode("utf-32"),
    "half a surrogate pair as a name": b'{"\\ud83c": 1}',
    "NUL": b"\x00",
}


@pytest.mark.parametrize("body", NOT_JSON.values(), ids=NOT_JSON.keys())
def test_what_is_not_json(city, body):
    is_refused(ask_pass(body), "body", BODY_NOT_JSON)
    is_refused(ask_registration(city, body), "body", BODY_NOT_JSON)


@pytest.mark.parametrize("body", [b"null", b"true", b"7", b"-1.5", b'"Lou"', b"[]", json.dumps([PASS]).encode()])
def test_json_that_is_no_object(city, body):
    is_refused(ask_pass(body), "body", BODY_NOT_OBJECT)
    is_refused(ask_registration(city, body), "body", BODY_NOT_OBJECT)


def test_a_body_over_64_kb(city):
    for content, ask in ((PASS, ask_pass), (wish(city), lambda body: ask_registration(city, body))):
        body = json.dumps(content).encode()
        is_refused(ask(body + b" " * (MAX_BODY_BYTES + 1 - len(body))), "body", BODY_TOO_LARGE)
        is_refused(ask(b"[" * 5_000_000), "body", BODY_TOO_LARGE)


@pytest.mark.parametrize(
    "content_type", ["", "text/plain", "multipart/form-data", "application/json; charset=utf-16", "x"]
)
def test_whatever_a_body_calls_itself_it_is_judged_by_its_content(city, content_type):
    bad = with_value(PASS, ("postcode",), "997")
    is_refused(ask_pass(bad, **{"Content-Type": content_type}), "postcode", AS_POSTCODE)
    bad = with_value(wish(city), ("waitlist",), "1")
    is_refused(ask_registration(city, bad, **{"Content-Type": content_type}), "waitlist", AS_TRUE_OR_FALSE)


def test_as_bytes_through_the_gateway():
    """What is no text reaches us in base64."""
    binary = {"Content-Type": "application/octet-stream"}
    is_refused(ask_pass(b"\xff\xfe\x00", **binary), "body", BODY_NOT_JSON)
    is_refused(ask_pass(with_value(PASS, ("postcode",), "997"), **binary), "postcode", AS_POSTCODE)


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_no_bytes_break_the_reader(body):
    is_problem(ask_pass(body)("nl"), INVALID)


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
JSON = st.recursive(SCALARS, lambda each: st.lists(each) | st.dictionaries(st.text(), each), max_leaves=8)


@given(place=st.sampled_from(list(PASS_FIELDS)), value=JSON)
def test_no_value_breaks_a_pass(place, value):
    """But what happens to be right; none of it is, because the second child never is."""
    content = json.loads(with_value(PASS, place, json.dumps(value).replace("NaN", "0").replace("Infinity", "0")))
    if isinstance(content["children"], list):
        content["children"].append("no child")
    answer = ask_pass(json.dumps(content).encode())("nl")
    assert {"field", "message"} == set(is_problem(answer, INVALID)["errors"][0])


# Headers.


@pytest.mark.parametrize(
    "key",
    [None, "", " ", "   ", "k" * 129, "k" * 9000, "clé", "🔑", "key\n2", "key\t2", "key\x00", "\x7f", "\u00a0"],
    ids=lambda key: repr(key)[:20],
)
def test_an_idempotency_key_that_is_none(city, key):
    given_key = {} if key is None else {"Idempotency-Key": key}
    headers = {**city.claeys.authorization, **given_key}
    body = json.dumps(wish(city)).encode()

    is_refused(
        lambda language: request("POST", "/api/registrations", body, {**headers, "Accept-Language": language}),
        "Idempotency-Key",
        AS_KEY,
    )


# Query strings.


@pytest.mark.parametrize(
    ("query", "field", "message"),
    [
        ("municipality=%20", "municipality", AS_MUNICIPALITY),
        ("municipality=%00", "municipality", AS_MUNICIPALITY),
        ("municipality=Kap%07rijke", "municipality", AS_MUNICIPALITY),
        ("municipality=Kap%0Arijke", "municipality", AS_MUNICIPALITY),
        (f"municipality={'K' * 101}", "municipality", AS_MUNICIPALITY),
        (f"municipality=e{'%CC%81%CC%A3' * 5000}", "municipality", AS_MUNICIPALITY),
        *[
            (f"{name}={quote(text)}", name, AS_DATE)
            for name in ("from", "to")
            for text in [*WRONG_TEXTS[("children", 0, "birth_date")], "null", "NaN", "<b>", "🏕", "\x00", "9" * 5000]
        ],
        *[
            (f"age={quote(text)}", "age", AS_AGE)
            for text in [
                "-1",
                "121",
                "6.5",
                "6.0",
                "6e0",
                "1_0",
                "+6",
                " 6",
                "٦",
                "６",
                "six",
                "NaN",
                "inf",
                "null",
                "0x6",
            ]
        ],
        (f"age={'9' * 5000}", "age", AS_AGE),
        ("from=2027-08-17&to=2027-08-16", "from", FROM_AFTER_TO),
    ],
    ids=lambda value: value[:40],
)
def test_a_wrong_parameter_of_the_list(query, field, message):
    is_refused(
        lambda language: request("GET", f"/api/sessions?{query}", headers={"Accept-Language": language}), field, message
    )


@pytest.mark.parametrize(
    "query",
    ["utm_source=x&fbclid=y", "town=", "Age=-1", "age[]=-1", f"{'x' * 5000}=1", "%F0%9F%8F%95=1", "%FF=1", "%00=1"],
    ids=lambda query: query[:40],
)
def test_a_parameter_of_the_list_that_is_not_ours_is_passed_over(query):
    """People share links with trackers on them."""
    assert request("GET", f"/api/sessions?{query}").json_body == request("GET", "/api/sessions").json_body


# Addresses.

NO_ID = [
    "null",
    "-1",
    "0",
    "NaN",
    "undefined",
    "0001-01-01",
    "SEATS",
    "PROGRAMME",
    "<script>alert(1)</script>",
    "🏕️",
    "لو",
    "Zoë",
    " ",
    "\x00",
    "\x07",
    "\n",
    "\ufffd",
    "\udcff",
    "a/b",
    "../pass",
    "..",
    "{session_id}",
    "' OR 1=1 --",
    "%2F",
    "%",
    "x" * 5000,
    "é" * 5000,
]


def own_prefix(city: City) -> list[str]:
    """What begins as a registration of this family does."""
    own = city.claeys.pass_.family_id
    return [own, own + "x" * 7, own + "x" * 8, own + "🏕" * 8, own + "\x00" * 8, own + "é" * 8, city.own_id + "x"]


@pytest.mark.parametrize("encoded", [True, False], ids=["percent-encoded", "decoded"])
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_an_odd_registration_id_is_not_found(city, method, encoded):
    for odd in [*NO_ID, *own_prefix(city), city.foreign_id, city.own_id.upper()]:
        answer = at_address(method, "registration_id", "/api/registrations/{}", odd, encoded, city.claeys.authorization)
        is_problem(answer, NOT_FOUND, "fr")


@pytest.mark.parametrize("encoded", [True, False], ids=["percent-encoded", "decoded"])
def test_an_odd_session_id_is_not_found(city, encoded):
    for odd in [*NO_ID, city.session.session_id.upper(), city.session.session_id + "2", city.own_id]:
        is_problem(at_address("GET", "session_id", "/api/sessions/{}", odd, encoded, {}), NOT_FOUND, "fr")


def at_address(method: str, name: str, path: str, odd: str, encoded: bool, headers: dict[str, str]) -> HTTPResponse:
    """As API Gateway hands it over; not through Chalice's own router, which has its own idea of what a path is."""
    value = quote(odd, safe="", errors="surrogateescape") if encoded else odd
    event = {
        "requestContext": {"httpMethod": method, "resourcePath": path.format(f"{{{name}}}"), "requestId": "one"},
        "headers": {"accept-language": "fr", **{key.lower(): text for key, text in headers.items()}},
        "pathParameters": {name: value},
        "multiValueQueryStringParameters": None,
        "stageVariables": None,
        "body": None,
        "isBase64Encoded": False,
    }
    return HTTPResponse.create_from_dict(app.app(event, None))


def test_a_bare_event_without_headers_is_answered():
    event = {
        "requestContext": {"httpMethod": "POST", "resourcePath": "/api/passes"},
        "headers": None,
        "pathParameters": None,
        "multiValueQueryStringParameters": None,
        "stageVariables": None,
        "body": None,
    }
    is_invalid(HTTPResponse.create_from_dict(app.app(event, None)), "body", BODY_NOT_JSON)


@pytest.mark.parametrize(("method", "path"), [("GET", "/api/sessions"), ("DELETE", "/api/registrations/unknown")])
def test_whatever_a_request_without_a_body_calls_itself(method, path):
    """Clients name a Content-Type though there is no body: axios does for DELETE."""
    answer = request(method, path, headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert answer.status_code != 415
