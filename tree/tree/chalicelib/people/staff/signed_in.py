"""Staff, as the sign-in knows them: the claims of a token that the city's user pool gave (OpenID Connect), verified by
API Gateway or received from the pool itself."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chalicelib.core.http.problems import NOT_ALLOWED, NOT_SIGNED_IN, Problem
from chalicelib.people.staff.rules import EVERYWHERE, Role, Staff, scope_name

# Groups of the pool that say for whom somebody works: `municipality:de-panne`, or this one for all of them.
OF_ALL, OF_ONE = "all-municipalities", "municipality:"


def staff_of(claims: Mapping[str, Any]) -> Staff | None:
    """The staff member whom these claims are about; None if they are about nobody. Groups that are neither a role nor a
    scope of ours do not count."""
    staff_id = claims.get("sub")
    if not staff_id:
        return None
    groups, email = _groups(claims), str(claims.get("email") or "").lower()
    return Staff(
        staff_id,
        claims.get("name") or email or staff_id,
        frozenset(role for role in Role if role in groups),
        email,
        frozenset(_scopes(groups)),
    )


def with_role(sender: object, roles: Sequence[Role]) -> Staff:
    """`sender`, who has one of these roles; raises Problem `unauthorized` for whoever is not signed in as staff,
    `not-allowed` without one of the roles."""
    if not isinstance(sender, Staff):
        raise Problem(NOT_SIGNED_IN)
    if not sender.roles.intersection(roles):
        raise Problem(NOT_ALLOWED, {"roles": ", ".join(role.value for role in roles)})
    return sender


def _groups(claims: Mapping[str, Any]) -> Sequence[str]:
    """API Gateway writes the list of groups as one text: `desk,approver`, a REST API's; `[desk approver]`, an HTTP
    API's and the emulator's. In the token itself they are a list."""
    groups = claims.get("cognito:groups", "")
    return groups if isinstance(groups, list) else str(groups).strip("[]").replace(",", " ").split()


def _scopes(groups: Sequence[str]) -> Iterator[str]:
    for one in groups:
        if one == OF_ALL:
            yield EVERYWHERE
        elif one.startswith(OF_ONE) and (named := scope_name(one.removeprefix(OF_ONE))) not in ("", EVERYWHERE):
            yield named
