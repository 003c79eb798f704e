"""Requests of a staff member about themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from chalicelib.core.http.answering import Answer, Call
from chalicelib.core.http.answers import Schema
from chalicelib.people.staff.rules import Role, Staff


@dataclass(frozen=True)
class Me:
    name: str
    roles: Annotated[Sequence[Role], Schema(minItems=1)]


def me(call: Call, who: Staff) -> Answer:
    """Their name, as the ledger will show it, and the roles that they have."""
    return Answer(200, Me(who.name, [role for role in Role if role in who.roles]))
