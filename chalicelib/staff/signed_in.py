"""Who a staff request is from. API Gateway has verified the token against the user pool before we are asked
(`authorizer=STAFF` in app.py); what it hands on are the token's claims."""

from collections.abc import Mapping
from typing import Any

from chalicelib.api.answering import Call
from chalicelib.api.problems import NOT_ALLOWED, NOT_SIGNED_IN, Problem
from chalicelib.staff.rules import Role, Staff


def staff(call: Call, *roles: Role) -> Staff:
    """Who asks; raises Problem `unauthorized` without a sign-in, `not-allowed` without one of the roles."""
    claims = call.claims
    if not claims.get("sub"):
        raise Problem(NOT_SIGNED_IN)
    who = Staff(claims["sub"], claims.get("name") or claims.get("email") or claims["sub"], _roles(claims))
    if not who.roles.intersection(roles):
        raise Problem(NOT_ALLOWED, {"roles": ", ".join(role.value for role in roles)})
    return who


def _roles(claims: Mapping[str, Any]) -> frozenset[Role]:
    """API Gateway writes the list of groups as one text: `desk,approver`, a REST API's; `[desk approver]`, an HTTP
    API's and the emulator's."""
    named = str(claims.get("cognito:groups", "")).strip("[]").replace(",", " ").split()
    return frozenset(role for role in Role if role in named)
