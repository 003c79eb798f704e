"""What a staff member asks about themselves."""

from chalicelib.api.answering import Answer, Call
from chalicelib.staff.rules import Role
from chalicelib.staff.signed_in import staff


def me(call: Call) -> Answer:
    """Their name, as the ledger will show it, and the roles that they have."""
    who = staff(call, *Role)
    return Answer(200, {"name": who.name, "roles": [role.value for role in Role if role in who.roles]})
