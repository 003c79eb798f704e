"""Given: camps as Kaprijke published them, families with a pass, and requests as they arrive at the API."""

import base64
import itertools
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from chalice.test import Client, HTTPResponse

import app
from chalicelib.core import table
from chalicelib.people.families import changes, tokens
from chalicelib.people.families import table as families
from chalicelib.people.families.identity import family_id
from chalicelib.people.families.rules import Child, Naming, Pass, child
from chalicelib.people.staff.rules import Role
from chalicelib.people.staff.signed_in import OF_ALL
from chalicelib.programme.openings import table as openings
from chalicelib.programme.sessions import handlers as programme_handlers
from chalicelib.programme.sessions import table as programme
from chalicelib.programme.sessions.changes import ProgrammeRow
from chalicelib.programme.sessions.rules import Session, identify
from chalicelib.seats.rules import outgrows

BOUWKAMP = Session(
    session_id=identify("Kaprijke", "Bouwkamp (Lembeke)", date(2027, 8, 16)),
    municipality="Kaprijke",
    title="Bouwkamp (Lembeke)",
    starts_on=date(2027, 8, 16),
    ends_on=date(2027, 8, 18),
    age_min=3,
    age_max=6,
    price_cents=4500,
    capacity=20,
    place="Lembeke",
    daily_from=None,
    daily_until=None,
    opens_at=None,
    note="",
    source="https://www.kaprijke.be/kleutersportkamp",
)
LOU = child("Lou", "Claeys", date(2022, 5, 1))
JEF = child("Jef", "Claeys", date(2023, 9, 12))
NOOR = child("Noor", "El Amrani", date(2022, 1, 30))
TOO_OLD = child("Robbe", "Claeys", date(2015, 2, 2))

_numbers = itertools.count(1)


def published(
    session: Session = BOUWKAMP, *, opens_at: datetime | None = datetime(2026, 3, 1, 18, tzinfo=UTC), **changed: Any
) -> Session:
    """Given a session that is in the programme, by default open since a while."""
    session = replace(session, **changed)
    if {"title", "starts_on", "municipality"} & set(changed):
        session = replace(session, session_id=identify(session.municipality, session.title, session.starts_on))
    if outgrows(session.capacity or 0):
        table.transact_write(programme.writes_of(session, None))  # from a time when a session could have as many
    else:
        programme.save_import([ProgrammeRow(2, session)])
    if opens_at:
        programme.set_opening([session.session_id], opens_at)
    programme_handlers.forget()
    openings.forget()
    return replace(session, opens_at=opens_at)


@dataclass(frozen=True)
class Family:
    """Given a family that asked for a pass and has its token."""

    pass_: Pass
    token: str

    @property
    def authorization(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def register(self, session: Session, *children: Child, key: str | None = None, **more: Any) -> HTTPResponse:
        wish = {"session_id": session.session_id, "child_ids": [c.child_id for c in children], **more}
        return post(
            "/api/registrations", wish, {**self.authorization, "Idempotency-Key": key or f"key-{next(_numbers)}"}
        )

    def get(self, path: str, **headers: str) -> HTTPResponse:
        return request("GET", path, headers={**self.authorization, **headers})

    def cancel(self, registration_id: str) -> HTTPResponse:
        return request("DELETE", f"/api/registrations/{registration_id}", headers=self.authorization)


def family(*children: Child, email: str = "an.claeys@example.be", language: str = "nl") -> Family:
    new = Pass(
        pass_id=f"pass{next(_numbers):08d}",
        family_id=family_id(email),
        email=email,
        language=language,
        postcode="9970",
        children=children or (LOU,),
        created_at=datetime.now(UTC) - timedelta(days=3),
        namings=named_by(family_id(email), *(one.child_id for one in children or (LOU,))),
    )
    families.put(new)
    return Family(new, tokens.sign(new))


def without_openings() -> None:
    """Given a container that has just read that there is no opening, and that no token was revoked: it registers
    without any read."""
    openings._remembered._keep(openings.PK, {}, math.inf)
    changes.hear_nothing()


def named_by(family: str, *children: str, at: datetime | None = None) -> dict[str, Naming]:
    """Given children whom this family named first, by default three days ago."""
    since = at or datetime.now(UTC) - timedelta(days=3)
    return {child_id: Naming(family, int(since.timestamp())) for child_id in children}


def signed_in(
    *roles: Role, name: str = "Els Maes", groups: Sequence[str] = (OF_ALL,), email: str = ""
) -> dict[str, str]:
    """The headers of somebody who signed in. `groups`: of the user pool, which say for whom they work. Chalice's test
    client believes a token's claims, as API Gateway does after it has verified them."""
    claims = {
        "sub": f"sub-{name}",
        "cognito:username": name,
        "name": name,
        "email": email,
        "cognito:groups": "[" + " ".join([*roles, *groups]) + "]",
    }
    payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return {"authorization": f"e30.{payload}.unsigned"}


def request(method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> HTTPResponse:
    with Client(app.app) as client:
        return client.http.request(method, path, headers or {}, body)


def post(path: str, content: Any, headers: dict[str, str] | None = None) -> HTTPResponse:
    return request("POST", path, json.dumps(content).encode(), {"Content-Type": "application/json", **(headers or {})})
