"""Where a family goes on, and when: its own moment in an opening, as its page says it, and the links of its mails."""

from datetime import datetime
from urllib.parse import urlencode

from chalicelib.booking.wishes import table as wishes
from chalicelib.core import settings
from chalicelib.people.families import tokens
from chalicelib.people.families.rules import Pass
from chalicelib.programme.openings.passes import first_moment, moments_in
from chalicelib.programme.openings.rules import Opening

# Where the link of a pass leads by itself.
START = "/family"


def own_moment(family: Pass, opening: Opening, now: datetime) -> datetime | None:
    """From when on the family may register one of its wishes, or a child where it has none; None: it is not told yet,
    there is none (a draw, another postcode), or nobody proved the mailbox. One read unit, and one more for a child whom
    another family named first."""
    if not (family.children and family.is_proven):
        return None
    admitted = moments_in(opening, family.bearer, now, family.language)
    if not any(one.at for one in admitted):
        return None
    wanted = wishes.get(family.family_id, opening.opening_id).wishes
    return first_moment(admitted, [one.child_ids for one in wanted])


def by_pass(family: Pass, path: str) -> str:
    """A page of ours, for whoever reads the family's mail."""
    to = {} if path == START else {"to": path}
    return f"{settings.public_url()}/enter?{urlencode({'token': tokens.sign(family), **to}, safe='/')}"


def for_everybody(path: str) -> str:
    return settings.public_url() + path
