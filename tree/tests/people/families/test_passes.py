"""Asking for a pass and looking at it, through the API."""

import itertools
import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from unittest.mock import Mock
from urllib.parse import quote

import itsdangerous.timed
import pytest
from botocore.exceptions import ClientError

from chalicelib.core import table as stormloop_table
from chalicelib.core.http.fields import MAX_BODY_BYTES
from chalicelib.core.http.problems import UNAUTHORIZED
from chalicelib.core.languages import LANGUAGES
from chalicelib.people.families import table as families
from chalicelib.people.families.identity import derived_key, family_id
from chalicelib.people.families.rules import VALID_DAYS, Pass
from chalicelib.people.families.signing import signer
from tests.camps import JEF, LOU, Family, family, post, request
from tests.core.http.problems import is_problem

pytestmark = pytest.mark.usefixtures("table")

TODAY = datetime.now(UTC).date()
AN = "an.claeys@example.be"
ASKED = {
    "email": AN,
    "language": "nl",
    "postcode": "9970",
    "children": [
        {"first_name": "Lou", "last_name": "Claeys", "birth_date": "2022-05-01"},
        {"first_name": "Jef", "last_name": "Claeys", "birth_date": "2023-09-12"},
    ],
}


def asked_for(**changed: Any) -> Pass:
    """The pass that is stored when it is asked for like this."""
    answer = post("/api/passes", ASKED | changed)
    assert answer.status_code == 202, answer.json_body
    stored = families.get(family_id((ASKED | changed)["email"]), answer.json_body["pass_id"])
    assert stored
    return stored


def named(first_name: str, last_name: str = "Claeys") -> dict[str, str]:
    return {"first_name": first_name, "last_name": last_name, "birth_date": "2022-05-01"}


def test_a_pass_is_stored_as_it_was_asked_for():
    before = datetime.now(UTC)

    stored = asked_for()

    assert (stored.email, stored.language, stored.postcode) == (AN, "nl", "9970")
    assert stored.children == (LOU, JEF)
    assert before <= stored.created_at <= datetime.now(UTC)
    assert not families.is_mailed(stored.family_id, stored.pass_id)


def test_the_answer_tells_nothing_but_the_id():
    answer = post("/api/passes", ASKED)

    assert answer.status_code == 202
    assert list(answer.json_body) == ["pass_id"]
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_known_address_and_an_unknown_one_are_answered_alike(monkeypatch):
    asked_for()
    calls = calls_of_aws(monkeypatch)

    known = post("/api/passes", ASKED)
    of_known = calls.copy()
    unknown = post("/api/passes", ASKED | {"email": "nobody.yet@example.be"})

    assert (known.status_code, known.headers) == (unknown.status_code, unknown.headers)
    assert list(known.json_body) == list(unknown.json_body)
    assert len(known.body) == len(unknown.body)
    # and no call more or less, which would show in the time that it takes
    limits = ["UpdateItem"] * 2  # of all in this minute, of the mailbox; the source's is not counted on this machine
    whose = "GetItem"  # the address may be one that was corrected
    assert calls == of_known * 2 == [limits[0], whose, limits[1], "PutItem"] * 2


def test_the_sixth_pass_within_an_hour_is_answered_alike_and_comes_to_nothing():
    five = [post("/api/passes", ASKED) for _ in range(5)]
    same = (AN.upper(), "an.claeys+2@example.be", "An.Claeys+kamp@example.be")
    beyond = [post("/api/passes", ASKED | {"email": email}) for email in same]

    assert {answer.status_code for answer in five + beyond} == {202}
    assert len({answer.json_body["pass_id"] for answer in five + beyond}) == 8
    assert beyond[0].headers == five[0].headers
    assert len(beyond[0].body) == len(five[0].body)
    stored = [families.get(family_id(AN), answer.json_body["pass_id"]) for answer in five + beyond]
    assert [one is not None for one in stored] == [True] * 5 + [False] * 3
    # and no other family notices
    asked_for(email="nobody.yet@example.be")


def test_the_next_hour_passes_are_sent_again():
    half_past = datetime(2027, 3, 6, 18, 30, tzinfo=UTC)
    counted = [families.count_asked("family12345", half_past, 5) for _ in range(7)]

    assert counted == [True] * 5 + [False] * 2
    assert families.count_asked("family12345", half_past + timedelta(minutes=30), 5)
    item = families.PassRequestsItem.get("F#family12345", "ASKED#2027-03-06T18")
    assert (item.asked, item.expires) == (5, half_past.timestamp() + 2 * 3600)


def test_a_busy_table_is_no_limit(monkeypatch):
    client: Any = stormloop_table.Item._get_connection().connection.client
    busy = ClientError({"Error": {"Code": "ThrottlingException", "Message": ""}}, "UpdateItem")
    monkeypatch.setattr(client, "_make_api_call", Mock(side_effect=busy))

    assert post("/api/passes", ASKED).status_code == 503


def test_mail_goes_to_what_was_typed_and_the_family_is_its_mailbox():
    plain, tagged = asked_for(), asked_for(email="An.Claeys+kamp@example.be")

    assert tagged.email == "An.Claeys+kamp@example.be"
    assert tagged.family_id == plain.family_id


def test_each_pass_is_new_and_leaves_the_earlier_ones():
    first, second = asked_for(), asked_for(email="AN.Claeys@Example.BE")

    assert first.pass_id != second.pass_id
    assert first.family_id == second.family_id
    assert families.get(first.family_id, first.pass_id) == first


def test_names_are_kept_as_people_write_them():
    written = {
        "Lou": "Lou",
        "  Lou ": "Lou",
        "Zoe\u0308": "Zoë",
        "d’Artagnan": "d’Artagnan",
        "'t Kint de Roodenbeke": "'t Kint de Roodenbeke",
        "Jan-Karel Jr.": "Jan-Karel Jr.",
        "Łukasz Žižek": "Łukasz Žižek",
        "Nguyễn": "Nguyễn",
        "Ø": "Ø",
        "L" * 80: "L" * 80,
        "e\u0301" * 80: "é" * 80,
    }
    for number, (typed, kept) in enumerate(written.items()):
        (child,) = asked_for(email=f"an{number}@example.be", children=[named(typed, typed)]).children
        assert (child.first_name, child.last_name) == (kept, kept)


def test_postcodes_of_both_sides_of_the_border():
    written = {"9970": "9970", " 1000 ": "1000", "1234 ab": "1234 AB", "1234AB": "1234AB"}
    assert {typed: asked_for(postcode=typed).postcode for typed in written} == written


def test_addresses_as_browsers_take_them():
    for email in (
        "o'neil+kamp@mail.kaprijke.be",
        "A@b.co",
        f"{'a' * 64}@example.be",
        f"an@{'a' * 63}.be",
        "an@xn--kaprijk-hya.be",
    ):
        assert asked_for(email=email).email == email


def test_birth_dates_up_to_today():
    for day in (date(1900, 1, 1), date(2020, 2, 29), TODAY):
        (child,) = asked_for(children=[named("Lou") | {"birth_date": day.isoformat()}]).children
        assert child.birth_date == day


def test_ten_children_have_one_pass():
    names = [f"Lou{'u' * number}" for number in range(10)]
    assert [child.first_name for child in asked_for(children=list(map(named, names))).children] == names


def test_twins_are_two_children():
    assert len(asked_for(children=[named("Lou"), named("Louise")]).children) == 2


def test_a_body_is_judged_by_its_content_whatever_it_calls_itself():
    for content_type in ("", "text/plain", "application/x-www-form-urlencoded", "application/octet-stream"):
        assert post("/api/passes", ASKED, {"Content-Type": content_type}).status_code == 202


def test_a_body_of_exactly_64_kb_is_read():
    body = json.dumps(ASKED).encode()
    body += b" " * (MAX_BODY_BYTES - len(body))

    assert request("POST", "/api/passes", body).status_code == 202


def test_json_may_be_written_as_one_likes():
    spaced = json.dumps(ASKED, indent=3).replace("\n", "\r\n\t")
    escaped = json.dumps(ASKED).replace("Lou", r"\u004c\u006f\u0075").replace("/", r"\/")
    reordered = json.dumps(dict(reversed(ASKED.items())))

    for body in (spaced, f" {escaped} ", reordered):
        assert request("POST", "/api/passes", body.encode()).status_code == 202


# Looking at it.


def test_a_pass_shows_its_children():
    claeys = family(LOU, JEF)

    answer = claeys.get("/api/pass")

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json_body == {
        "pass_id": claeys.pass_.pass_id,
        "children": [
            {"child_id": LOU.child_id, "first_name": "Lou", "last_name": "Claeys", "birth_date": "2022-05-01"}
            | {"named_elsewhere": False},
            {"child_id": JEF.child_id, "first_name": "Jef", "last_name": "Claeys", "birth_date": "2023-09-12"}
            | {"named_elsewhere": False},
        ],
        "admission": [],
    }


def test_the_link_in_the_mail_shows_the_same():
    claeys = family(LOU)
    assert request("GET", f"/api/pass?token={claeys.token}").json_body == claeys.get("/api/pass").json_body


def test_the_scheme_may_be_written_as_one_likes():
    claeys = family(LOU)
    for scheme in ("Bearer ", "bearer ", "BEARER  "):
        assert request("GET", "/api/pass", headers={"Authorization": scheme + claeys.token}).status_code == 200


def test_two_passes_of_a_family_show_each_its_own_children():
    with_lou, with_jef = family(LOU), family(JEF)

    assert [child["child_id"] for child in with_lou.get("/api/pass").json_body["children"]] == [LOU.child_id]
    assert [child["child_id"] for child in with_jef.get("/api/pass").json_body["children"]] == [JEF.child_id]


# Who is refused.

ROUTES = [
    ("GET", "/api/pass"),
    ("POST", "/api/registrations"),
    ("GET", "/api/registrations"),
    ("GET", "/api/registrations/k7mxfar3ct94ghx7r2p"),
    ("DELETE", "/api/registrations/k7mxfar3ct94ghx7r2p"),
]
MALFORMED = ["", "Bearer", "Bearer ", "Basic YW46Y2xhZXlz", "Token x", "Bearer null", "Bearer é", "Bearer \x00", "🔑"]


def is_refused(method: str, path: str, authorization: str | None) -> None:
    """On every language's side."""
    for language in LANGUAGES:
        headers = {"Accept-Language": language, "Idempotency-Key": "key-1"}
        if authorization is not None:
            headers["Authorization"] = authorization
        answer = request(method, path, b"not even JSON", headers)
        is_problem(answer, UNAUTHORIZED, language)
        assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_without_a_pass_nobody_gets_in(method, path):
    for authorization in [None, *MALFORMED, "Bearer " + "x" * 9000, "Bearer a.b.c", "Bearer .eJw.a.b"]:
        is_refused(method, path, authorization)


def test_a_forged_pass_is_refused():
    for (method, path), token in itertools.product(ROUTES, forgeries(family(LOU))):
        is_refused(method, path, f"Bearer {token}")


def test_a_forged_link_is_refused():
    for token in [*forgeries(family(LOU)), "", " ", "null", "x" * 9000, "🔑", "\x00"]:
        answer = request("GET", f"/api/pass?token={quote(token)}")
        is_problem(answer, UNAUTHORIZED)
        assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_bad_header_is_not_mended_by_a_good_link():
    claeys = family(LOU)
    answer = request("GET", f"/api/pass?token={claeys.token}", headers={"Authorization": "Bearer forged"})
    is_problem(answer, UNAUTHORIZED)


def test_a_link_opens_the_pass_and_nothing_else():
    """A link stands in histories and in logs of others; everything else takes the header."""
    token = family(LOU).token
    for method, path in ROUTES[1:]:
        is_problem(request(method, f"{path}?token={token}", headers={"Idempotency-Key": "key-1"}), UNAUTHORIZED)


def test_a_pass_of_another_city_is_refused(monkeypatch):
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("LINK_KEYS", "2027:the key of Buggenhout")
        signer.cache_clear()
        token = family(LOU).token
    signer.cache_clear()

    is_refused("GET", "/api/pass", f"Bearer {token}")


def test_an_expired_pass_is_refused_everywhere(monkeypatch):
    claeys = family(LOU)
    later = (datetime.now(UTC) + timedelta(days=VALID_DAYS, seconds=5)).timestamp()
    monkeypatch.setattr(itsdangerous.timed.time, "time", lambda: later)

    for method, path in ROUTES:
        is_refused(method, path, f"Bearer {claeys.token}")
    is_problem(request("GET", f"/api/pass?token={claeys.token}"), UNAUTHORIZED)


def test_a_pass_that_was_removed_is_no_pass():
    claeys = family(LOU)
    families._item(claeys.pass_.family_id, claeys.pass_.pass_id).delete()

    is_refused("GET", "/api/pass", f"Bearer {claeys.token}")


def forgeries(honest: Family) -> list[str]:
    """Tokens with another payload, another time, another signature or none, and the payloads of two in one."""
    payload, moment, signature = honest.token.rsplit(".", 2)
    other_payload, other_moment, other_signature = family(JEF, email="mallory@example.be").token.rsplit(".", 2)
    assert honest.token.count(".") == 2 + payload.startswith(".")
    mixed = itertools.product((payload, other_payload), (moment, other_moment, "AAAAAA"), (signature, other_signature))
    tokens_ = [".".join(parts) for parts in mixed]
    right = {honest.token, ".".join((other_payload, other_moment, other_signature))}
    return [
        *(token for token in tokens_ if token not in right),
        f"{payload}.{moment}.",
        f"{payload}.{moment}",
        payload,
        f"{payload}.{moment}.{signature[::-1]}",
        f"{payload[:-1]}.{moment}.{signature}",
        f"{payload}A.{moment}.{signature}",
        honest.token.upper(),
    ]


def calls_of_aws(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the calls of DynamoDB from now on."""
    made: list[str] = []
    client: Any = stormloop_table.Item._get_connection().connection.client
    ask = client._make_api_call

    def counted(operation: str, arguments: dict[str, Any]) -> Any:
        made.append(operation)
        return ask(operation, arguments)

    monkeypatch.setattr(client, "_make_api_call", counted)
    return made


def forget_keys() -> None:
    derived_key.cache_clear()
    signer.cache_clear()
