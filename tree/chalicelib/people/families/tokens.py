"""The signed token of a pass: who a request is from, without a session store and without a read.

Signed with HMAC-SHA256 by itsdangerous; whoever has it reads the family's mail. It holds ids, birth dates and the
postcode; made after the proof, also since when the family names each child, and whether another family did before. No
names, no address, because it stands in a link, and nothing of any other family.
Its family can revoke it (changes.py).
"""

from datetime import date, datetime

from itsdangerous import BadData

from chalicelib.core.http.problems import UNAUTHORIZED, Problem
from chalicelib.people.families import changes
from chalicelib.people.families.rules import UNREAD, VALID_DAYS, Bearer, Naming, Pass
from chalicelib.people.families.signing import signer

SECONDS_VALID = VALID_DAYS * 24 * 3600


def sign(pass_: Pass, at: datetime | None = None) -> str:
    """`at`: since when it is valid, if not from now on. Only its own mailbox may make a token newer: else whoever has
    an old one outlives that its family revokes it."""
    children = [
        [one.child_id, one.birth_date.isoformat(), *_of_naming(pass_.namings.get(one.child_id))]
        for one in pass_.children
    ]
    content = [pass_.pass_id, pass_.family_id, pass_.language, pass_.postcode, children]
    return signer("pass").dumps_at(content, at)


def _of_naming(naming: Naming | None) -> list[int]:
    if naming is None:
        return []
    return [naming.since] if naming.first is None else [naming.since, 1]


def read(token: str) -> Bearer:
    """Raises Problem `unauthorized` for a forged, broken, expired or revoked token. Which family a request is from, and
    whether its mailbox is proven, says proving.py: `worth`."""
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
        for child_id, born, *named in children:
            births[child_id] = date.fromisoformat(born)
            if named:
                namings[child_id] = Naming(family_id, named[0], UNREAD if named[1:] else None)
        return Bearer(pass_id, family_id, language, postcode, births, namings, int(signed.timestamp()))
    except (BadData, ValueError, TypeError):
        raise Problem(UNAUTHORIZED) from None


def renewed(token: str, proven: Pass) -> str:
    """The token of a pass that was proven with this one; valid as long as it. Raises Problem `unauthorized`."""
    try:
        _, at = signer("pass").loads(token, max_age=SECONDS_VALID, return_timestamp=True)
    except BadData:
        raise Problem(UNAUTHORIZED) from None
    return sign(proven, at)
