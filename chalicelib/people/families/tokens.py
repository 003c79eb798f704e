"""The signed token of a pass: who a request is from, without a session store and without a read.

Signed with HMAC-SHA256 by itsdangerous; whoever has it has proved to read the family's mail. It holds ids, birth dates,
since when each child is known, and the postcode, no names and no address, because it stands in a link. Its family can
revoke it (changes.py).
"""

from datetime import date

from itsdangerous import BadData

from chalicelib.core.http.problems import UNAUTHORIZED, Problem
from chalicelib.people.families import changes
from chalicelib.people.families.rules import VALID_DAYS, Bearer, Naming, Pass
from chalicelib.people.families.signing import signer

SECONDS_VALID = VALID_DAYS * 24 * 3600


def sign(pass_: Pass, signed_at: int | None = None) -> str:
    """`signed_at`: of the token that is written anew, epoch seconds; None: it is one for a mail, signed now. Only its
    own mailbox may make a token newer: else whoever has an old one outlives that its family revokes it."""
    children = []
    for child in pass_.children:
        named = pass_.namings[child.child_id]
        other = [] if named.family_id == pass_.family_id else [named.family_id]
        children.append([child.child_id, child.birth_date.isoformat(), named.since, *other])
    content = [pass_.pass_id, pass_.family_id, pass_.language, pass_.postcode, children]
    return str(signer("pass").dumps(content) if signed_at is None else signer("pass").dumps_as_of(content, signed_at))


def read(token: str) -> Bearer:
    """Raises Problem `unauthorized` for a forged, broken, expired or revoked token."""
    bearer = _read(token)
    check_not_revoked(bearer.family_id, bearer.signed_at or 0)
    return bearer


def check_not_revoked(family_id: str, signed_at: int) -> None:
    """Of a token of whatever kind, the family and the epoch second at which it was signed. Raises Problem
    `unauthorized`, and `busy` where nobody can tell."""
    if changes.is_revoked(family_id, signed_at):
        raise Problem(UNAUTHORIZED)


def _read(token: str) -> Bearer:
    try:
        content, signed = signer("pass").loads(token, max_age=SECONDS_VALID, return_timestamp=True)
        pass_id, family_id, language, postcode, children = content
        births, namings = {}, {}
        for child_id, born, since, *other in children:
            births[child_id] = date.fromisoformat(born)
            namings[child_id] = Naming(other[0] if other else family_id, since)
        return Bearer(pass_id, family_id, language, postcode, births, namings, int(signed.timestamp()))
    except (BadData, ValueError, TypeError):
        raise Problem(UNAUTHORIZED) from None
