"""The staff of the city, and their roles."""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from chalicelib.core.languages import N_


class Role(StrEnum):
    """The groups of the user pool; somebody may be in several."""

    DESK = "desk"
    MANAGER = "programme-manager"
    APPROVER = "approver"
    FINANCE = "finance"
    AUDITOR = "auditor"
    LEADER = "camp-leader"
    HANDLER = "case-handler"


# What people call them.
ROLE_NAMES = {
    Role.DESK: N_("desk"),
    Role.MANAGER: N_("programme manager"),
    Role.APPROVER: N_("approver"),
    Role.FINANCE: N_("finance"),
    Role.AUDITOR: N_("auditor"),
    Role.LEADER: N_("camp leader"),
    Role.HANDLER: N_("case handler"),
}


# In `municipalities`: somebody works for all of them, those to come too.
EVERYWHERE = "*"


def scope_name(municipality: str) -> str:
    """A municipality as a group of the user pool can be called, which takes no spaces: `De Panne` is `de-panne`."""
    folded = unicodedata.normalize("NFKC", municipality).casefold()
    return "-".join(unicodedata.normalize("NFKC", folded).replace(",", " ").split())


@dataclass(frozen=True)
class Staff:
    """`staff_id`: what the sign-in calls them, and never calls anybody else (OpenID Connect's `sub`). `name`: for the
    ledger's readers. `email`: in small letters; by it a session names its leaders. `municipalities`: those that they
    work for, as `scope_name` writes them, or EVERYWHERE; none: nobody said it (office/scope.py)."""

    staff_id: str
    name: str
    roles: frozenset[Role]
    email: str = ""
    municipalities: frozenset[str] = frozenset()

    def works_for(self, municipality: str) -> bool:
        return not self.municipalities.isdisjoint((EVERYWHERE, scope_name(municipality)))


@dataclass(frozen=True)
class StaffAddress:
    """Where a mail to somebody of the city goes. `language`: OpenID Connect's `locale` of their account, if it is one
    of ours."""

    staff: Staff
    email: str
    language: str
