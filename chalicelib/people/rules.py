"""Who may ask a route: what the table of routes says beside each."""

from enum import Enum

from chalicelib.people.staff.rules import Role


class Caller(Enum):
    """Who may ask, where it is nobody of the city."""

    ANYONE = "anyone"
    FAMILY = "a family with its pass"
    # The token may also stand in the address, as in the link of a mail.
    FAMILY_BY_LINK = "a family with its pass or the link of its mail"
    # The registration's family, or whoever followed the link of a mail about it: its page finds out which.
    HOLDER = "who holds the registration"


# Or one of these roles.
Who = Caller | tuple[Role, ...]
