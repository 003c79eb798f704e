"""The staff of the city, and their roles."""

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


# What people call them.
ROLE_NAMES = {
    Role.DESK: N_("desk"),
    Role.MANAGER: N_("programme manager"),
    Role.APPROVER: N_("approver"),
    Role.FINANCE: N_("finance"),
    Role.AUDITOR: N_("auditor"),
    Role.LEADER: N_("camp leader"),
}


@dataclass(frozen=True)
class Staff:
    """`staff_id`: what the sign-in calls them, and never calls anybody else (OpenID Connect's `sub`). `name`: for the
    ledger's readers."""

    staff_id: str
    name: str
    roles: frozenset[Role]
