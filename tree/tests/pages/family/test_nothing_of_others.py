"""Two families name one child. Nothing that the one is told, in an answer, a page, a cookie or a token, holds anything
of the other, nor anything by which the other's rows in the published list are found.

(What the child itself is, both know; and that a seat of a session is the child's already, whoever tries learns.)
"""

import json
from datetime import timedelta

import pytest

from chalicelib.booking.registrations.rules import reference
from chalicelib.core.moments import local
from chalicelib.people.families import table as families
from chalicelib.people.families import tokens
from chalicelib.people.families.rules import Child, Naming
from chalicelib.people.families.signing import signer
from chalicelib.programme.openings.admission import admission, draw_key
from chalicelib.programme.openings.rules import Opening
from tests.camps import BOUWKAMP, JEF, LOU, NOOR, Family, family, post, published
from tests.office.publication.test_admission import AFTER_PASSES, at
from tests.pages.frame.browsing import Browser
from tests.programme.openings.plans import OPENS_AT, PASSES_UNTIL, SPREAD, published_opening

pytestmark = pytest.mark.usefixtures("table")

MOTHER, STRANGER = "an.claeys@example.be", "stranger@example.net"
AN_HOUR = timedelta(hours=1)


def asked(email: str, *children: Child) -> Family:
    """Given a pass that was asked for through the API, with the token of its first mail."""
    document = {
        "email": email,
        "language": "en",
        "postcode": "9970",
        "children": [
            {name: str(getattr(one, name)) for name in ("first_name", "last_name", "birth_date")} for one in children
        ],
    }
    answer = post("/api/passes", document)
    made = families.get(family(LOU, email=email).pass_.family_id, answer.json_body["pass_id"])
    assert made
    return Family(made, tokens.sign(made))


def told(who: Family, key: str) -> list[str]:
    """All that the API answers this family, with its status line and headers."""
    answers = [
        who.get("/api/pass"),
        who.get("/api/registrations"),
        who.register(BOUWKAMP, LOU, key=key),
        who.register(BOUWKAMP, *(one for one in (LOU, JEF, NOOR) if one in who.pass_.children), key=f"{key}-all"),
        who.get("/api/registrations"),
    ]
    return [f"{answer.headers} {answer.body.decode()}" for answer in answers]


def looked_at(who: Family, opening_id: str) -> list[str]:
    """All pages of this family, and its cookies with what is in the token."""
    browser = Browser("en")
    shown = [browser.get(f"/enter?token={who.token}").html]
    if "Yes, these" in shown[0]:
        shown.append(browser.submit(button="Yes, these are my children").html)
    shown += [browser.get(path).html for path in ("/family", f"/opening/{opening_id}", f"/wishes/{opening_id}")]
    return [*shown, str(browser.cookies), in_token(browser.cookies["pass"])]


def in_token(token: str) -> str:
    return json.dumps(signer("pass").loads(token))


def moment(opening: Opening, who: Family) -> str:
    """When the family is admitted with the children whom it alone names, as the API writes it."""
    found = admission(opening, [Naming(who.pass_.family_id, 0)], "9970")
    assert found
    return local(found.at).isoformat()


def test_no_answer_and_no_token_of_one_family_holds_anything_of_another() -> None:
    published(opens_at=None)
    opening = published_opening()
    with at(PASSES_UNTIL - 5 * AN_HOUR):
        mother = asked(MOTHER, LOU, JEF)
        mothers = [*looked_at(mother, opening.opening_id)]
    with at(PASSES_UNTIL - 2 * AN_HOUR):
        stranger = asked(STRANGER, LOU, NOOR)
        strangers = [*looked_at(stranger, opening.opening_id), *told(stranger, "early")]
    with at(AFTER_PASSES):
        strangers += [*looked_at(stranger, opening.opening_id), *told(stranger, "known")]
        mothers += [*looked_at(mother, opening.opening_id), *told(mother, "known")]
    with at(OPENS_AT + SPREAD):
        mothers += told(mother, "key-1")
        strangers += told(stranger, "key-1")
        (registration, *_) = mother.get("/api/registrations").json_body["registrations"]
        mothers += looked_at(mother, opening.opening_id)
        strangers += looked_at(stranger, opening.opening_id)

    of_mother = {
        mother.pass_.family_id,
        mother.pass_.pass_id,
        MOTHER,
        JEF.child_id,
        draw_key(opening.opening_id, mother.pass_.family_id),
        str(int((PASSES_UNTIL - 5 * AN_HOUR).timestamp())),
        registration["registration_id"],
        reference(registration["registration_id"]),
        moment(opening, mother),
    }
    of_stranger = {
        stranger.pass_.family_id,
        stranger.pass_.pass_id,
        STRANGER,
        NOOR.child_id,
        draw_key(opening.opening_id, stranger.pass_.family_id),
        str(int((PASSES_UNTIL - 2 * AN_HOUR).timestamp())),
        moment(opening, stranger),
    }
    # They do stand in what the own family is told, so that a search that finds nothing says something.
    assert {one for one in of_mother for text in mothers if one in text} == of_mother
    assert {one for one in of_stranger for text in strangers if one in text} == of_stranger

    assert {one for one in of_mother for text in strangers if one in text} == set()
    assert {one for one in of_stranger for text in mothers if one in text} == set()
