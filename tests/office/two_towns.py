"""Given: a deployment of two municipalities, a family with a child in a camp of each, and who works for one of them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

from chalice.test import HTTPResponse

from chalicelib.core import table as stormloop_table
from chalicelib.people.child_info import entering
from chalicelib.people.families.identity import family_id
from chalicelib.people.families.rules import child
from chalicelib.people.staff.rules import Role
from chalicelib.programme.sessions.rules import Session
from chalicelib.routes import Route
from tests.camps import BOUWKAMP, Family, family, published, request, signed_in
from tests.pages.frame.browsing import Browser
from tests.programme.openings.plans import drafted

MILA = child("Mila", "Zeegers", BOUWKAMP.starts_on.replace(year=2022))
SAM = child("Sam", "Zeegers", BOUWKAMP.starts_on.replace(year=2023))
# Whatever of the other town may stand in no answer.
WORDS = ("Zeekamp", "Zeegers", "Mila", "zeegers@", "Bijenallergie")
# What begins the key of an item about a person.
PERSONAL = ("P#", "CARE#", "D#", "WAS#")
MARKED = "PRESENCE#"
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Town:
    """`registration_id`: of Mila's seat in its camp."""

    session: Session
    registration_id: str
    opening_id: str
    family: Family

    @property
    def path(self) -> Mapping[str, str]:
        return {
            "session_id": self.session.session_id,
            "registration_id": self.registration_id,
            "opening_id": self.opening_id,
            "child_id": MILA.child_id,
            "family_id": self.family.pass_.family_id,
            "number": "1",
            "date": "2027-08-16",
        }


def a_town(municipality: str, title: str, zeegers: Family) -> Town:
    session = published(municipality=municipality, title=title)
    registered = zeegers.register(session, MILA).json_body["registration_id"]
    return Town(session, registered, drafted(session_ids=[session.session_id]), zeegers)


def two_towns() -> tuple[Town, Town]:
    """Kaprijke, where the desk works, and Zelzate, where the family's child has a seat with medical notes."""
    zeegers = family(MILA, email="zeegers@example.be")
    zelzate = a_town("Zelzate", "Zeekamp", zeegers)
    content = {"contacts": [], "medical": "Bijenallergie: EpiPen", "pick_up": []}
    entering.enter(zeegers.pass_.family_id, MILA.child_id, content, datetime.now(UTC))
    other = family(SAM, email="sam@example.be")
    session = published(municipality="Kaprijke")
    registered = other.register(session, SAM).json_body["registration_id"]
    kaprijke = Town(session, registered, drafted(session_ids=[session.session_id]), other)
    return kaprijke, zelzate


def ask(route: Route, path: Mapping[str, str], query: str = "", *roles: Role, **who: Any) -> HTTPResponse:
    """As somebody with the roles of the route; nothing is sent in the body. `who`: the groups or municipalities."""
    known = {"key": "bring", "pattern_id": "2222222222", "place": "zelzate", "child_id": MILA.child_id}
    known |= {"family_id": family_id("zeegers@example.be"), "number": "1", "part": "lines", "item": "0"}
    known |= {"application_id": "1", "declaration_id": "2222222222", "year": "2027", "day": "2027-08-16"}
    known |= {"order_id": "2222222222", "statement_id": "2222222222", "task_id": "2222222222"}
    known |= {"unit_id": "streets", "area_id": "centrum", "form_id": "street", "case_id": "JGN4CMFEXJ6E6"}
    known |= {"help_id": "2222222222", "webhook_id": "2222222222", "answer_id": "2222222222", "left_id": "a" * 64}
    address = route.address.format(**{**known, **path}) + query
    if route.is_api:
        groups = [f"municipality:{one}" for one in who.get("municipalities", ())] or ["all-municipalities"]
        return request(route.method, address, headers=signed_in(*(roles or route.roles), groups=groups))
    browser = Browser("en").sign_in(*(roles or route.roles), **who)
    headers = {"Content-Type": FORM, "Cookie": f"__Host-staff={browser.cookies['staff']}", "Accept-Language": "en"}
    return request(route.method, address, headers=headers)


@contextmanager
def personal_reads() -> Iterator[list[str]]:
    """The sort keys of the items about people that are read meanwhile."""
    client: Any = stormloop_table.Item._get_connection().connection.client
    real, read = client._make_api_call, []

    def watched(operation: str, arguments: Any) -> Any:
        answer = real(operation, arguments)
        items = [answer["Item"]] if "Item" in answer else list(answer.get("Items", ()))
        if operation == "BatchGetItem":
            items += [one for some in answer["Responses"].values() for one in some]
        read.extend(sk for one in items if (sk := one.get("sk", {}).get("S", "")).startswith(PERSONAL))
        read.extend(one["sk"]["S"] for one in items if one.get("pk", {}).get("S", "").startswith(MARKED))
        return answer

    with patch.object(client, "_make_api_call", watched):
        yield read
