"""The addresses by which mails come: one for each form, and one for each case.

`klacht@in.kortrijk.example` is the form `klacht`: a city lets its own addresses forward to these. A case's mails are
answered to `case+ACDEFGHJKMNPR.HJKMNPRTVWXY@…`: the token shows that whoever writes had a mail of it. It lets them add
words, and nothing else: it is not the case's secret, and nothing can be worked out from it.
"""

import hmac
import re

from chalicelib.core.ids import SPOKEN, spelled
from chalicelib.front_door.cases.rules import case_id_of
from chalicelib.people.families.signing import keys_of

# 52 bits: whoever guesses sends a mail for each.
TOKEN_LENGTH = 12
OF_CASE = re.compile(r"case\+([a-z0-9]{13})\.([a-z0-9]{12})")


def reply_address(case_id: str, domain: str) -> str:
    return f"case+{case_id}.{_tokens(case_id)[0]}@{domain}"


def case_of(address: str, domain: str) -> str | None:
    """The case_id of an address of a case, in whatever letters; None for any other, and for one whose token is not
    that case's."""
    local, _, host = address.lower().partition("@")
    match = OF_CASE.fullmatch(local)
    case_id = case_id_of(match[1]) if match and host == domain else None
    if match is None or case_id is None:
        return None
    given = match[2].upper().encode()
    return case_id if any(hmac.compare_digest(token.encode(), given) for token in _tokens(case_id)) else None


def form_of(address: str, domain: str) -> str | None:
    """What stands before the @ of an address of ours; whether there is such a form is not asked."""
    local, _, host = address.lower().partition("@")
    return local if host == domain and "+" not in local else None


def _tokens(case_id: str) -> list[str]:
    """The token by each key; the first is the one that is given out."""
    return [spelled(hmac.digest(key, case_id.encode(), "sha256"), TOKEN_LENGTH, SPOKEN) for key in keys_of("case-mail")]
