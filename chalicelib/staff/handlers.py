"""What a staff member asks about themselves."""

from chalicelib.api.answering import Answer, Call
from chalicelib.staff.rules import Role, Staff


def me(call: Call, who: Staff) -> Answer:
    """Their name, as the ledger will show it, and the roles that they have."""
    return Answer(200, {"name": who.name, "roles": [role.value for role in Role if role in who.roles]})
