"""The signed token of a pass: who a request is from, without a session store and without a read.

Signed with HMAC-SHA256 by itsdangerous; whoever has it has proved to read the family's mail. It holds ids, birth dates,
since when each child is known, and the postcode, no names and no address, because it stands in a link.
"""

from datetime import date

from itsdangerous import BadData

from chalicelib.core.http.problems import UNAUTHORIZED, Problem
from chalicelib.people.families.rules import VALID_DAYS, Bearer, Naming, Pass
from chalicelib.people.families.signing import signer

SECONDS_VALID = VALID_DAYS * 24 * 3600


def sign(pass_: Pass) -> str:
    children = []
    for child in pass_.children:
        named = pass_.namings[child.child_id]
        other = [] if named.family_id == pass_.family_id else [named.family_id]
        children.append([child.child_id, child.birth_date.isoformat(), named.since, *other])
    return str(signer("pass").dumps([pass_.pass_id, pass_.family_id, pass_.language, pass_.postcode, children]))


def read(token: str) -> Bearer:
    """Raises Problem `unauthorized` for a forged, broken or expired token."""
    try:
        pass_id, family_id, language, postcode, children = signer("pass").loads(token, max_age=SECONDS_VALID)
        births, namings = {}, {}
        for child_id, born, since, *other in children:
            births[child_id] = date.fromisoformat(born)
            namings[child_id] = Naming(other[0] if other else family_id, since)
        return Bearer(pass_id, family_id, language, postcode, births, namings)
    except (BadData, ValueError, TypeError):
        raise Problem(UNAUTHORIZED) from None
