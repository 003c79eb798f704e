"""Example staff, to try with: one for each role, one with two, and a desk of one municipality. Their password is this
machine's own."""

import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from chalicelib.people.staff.rules import Role
from chalicelib.people.staff.signed_in import OF_ALL, OF_ONE
from infra.local.stack import Aws

DOMAIN = "example.org"


@dataclass(frozen=True)
class Example:
    """Signs in as `who`@example.org. `municipalities`: the group that says for whom they work."""

    who: str
    name: str
    roles: tuple[Role, ...]
    municipalities: str = OF_ALL

    @property
    def email(self) -> str:
        return f"{self.who}@{DOMAIN}"


EXAMPLES = (
    Example("desk", "Jamila Aerts", (Role.DESK,)),
    Example("desk-kaprijke", "Mia Pauwels", (Role.DESK,), f"{OF_ONE}kaprijke"),
    Example("programme-manager", "Piet de Boer", (Role.MANAGER,)),
    Example("approver", "Griet Claes", (Role.APPROVER,)),
    Example("finance", "Luc Dubois", (Role.FINANCE,)),
    # So that there are two who release what a third one typed.
    Example("treasurer", "Noor Peeters", (Role.FINANCE,)),
    Example("bookkeeper", "Daan Smets", (Role.FINANCE,)),
    Example("auditor", "Ineke Visser", (Role.AUDITOR,)),
    Example("camp-leader", "Yusuf Demir", (Role.LEADER,)),
    # The people of three units of the front door (example_forms.py).
    Example("clerk", "Lotte Jacobs", (Role.HANDLER,)),
    Example("streets", "Bram Wuyts", (Role.HANDLER,)),
    Example("youth", "Sofie Martens", (Role.HANDLER,)),
    # So that there are two who may approve.
    Example("director", "Tom Wouters", (Role.MANAGER, Role.APPROVER)),
)


def employ(aws: Aws, pool: str, home: Path) -> None:
    """Accounts for all of them, with these roles and the password of `passwords`. The second time changes nothing."""
    cognito = aws.client("cognito-idp")
    known = passwords(home)
    for one in EXAMPLES:
        with suppress(cognito.exceptions.UsernameExistsException):
            cognito.admin_create_user(
                UserPoolId=pool,
                Username=one.email,
                MessageAction="SUPPRESS",
                UserAttributes=[
                    {"Name": "email", "Value": one.email},
                    {"Name": "email_verified", "Value": "true"},
                    {"Name": "name", "Value": one.name},
                ],
            )
        cognito.admin_set_user_password(UserPoolId=pool, Username=one.email, Password=known[one.email], Permanent=True)
        if one.municipalities != OF_ALL:
            with suppress(cognito.exceptions.GroupExistsException):
                cognito.create_group(UserPoolId=pool, GroupName=one.municipalities)
        for group in (*one.roles, one.municipalities):
            cognito.admin_add_user_to_group(UserPoolId=pool, Username=one.email, GroupName=group)


def passwords(home: Path) -> Mapping[str, str]:
    """By mail address, from the file `staff`, which only its owner can read. Made once; delete it for another one."""
    file = home / "staff"
    file.touch(0o600)
    known = dict(line.split() for line in file.read_text().splitlines())
    if any(one.email not in known for one in EXAMPLES):
        # As the pool wants it: a capital, a small letter, a digit.
        password = next(iter(known.values()), f"{secrets.token_urlsafe(12)}-Aa1")
        known |= {one.email: password for one in EXAMPLES if one.email not in known}
        file.write_text("".join(f"{email} {its}\n" for email, its in known.items()))
    return known
