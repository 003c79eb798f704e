"""Who works for the city, as the user pool says it now: for whoever writes to them. No address is stored by us.

Somebody who lost a role, or whose account was disabled, is told nothing from then on; somebody who never signed in yet
is. A few calls of Cognito, which are free.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import boto3
from botocore.config import Config

from chalicelib.core import settings
from chalicelib.core.languages import DEFAULT, LANGUAGES
from chalicelib.people.staff.rules import Role, StaffAddress
from chalicelib.people.staff.signed_in import staff_of


def with_role(role: Role) -> Iterator[StaffAddress]:
    """Everybody who has this role and an account that works."""
    pages = (
        _pool().get_paginator("list_users_in_group").paginate(UserPoolId=settings.staff_pool(), GroupName=role.value)
    )
    for page in pages:
        for user in page["Users"]:
            if user.get("Enabled") and (found := _address(user)):
                yield found


def _address(user: Any) -> StaffAddress | None:
    said = {one["Name"]: one["Value"] for one in user["Attributes"]}
    staff = staff_of({**said, "cognito:groups": list(_groups(user["Username"]))})
    if staff is None or not staff.email:
        return None
    spoken = said.get("locale", "")[:2].lower()
    return StaffAddress(staff, said["email"], spoken if spoken in LANGUAGES else DEFAULT)


def _groups(username: str) -> Iterator[str]:
    pages = (
        _pool()
        .get_paginator("admin_list_groups_for_user")
        .paginate(UserPoolId=settings.staff_pool(), Username=username)
    )
    for page in pages:
        for group in page["Groups"]:
            yield group["GroupName"]


@lru_cache
def _pool() -> Any:
    # The queue has patience: what fails comes again.
    config = Config(connect_timeout=3, read_timeout=5, retries={"total_max_attempts": 2})
    return boto3.client("cognito-idp", config=config)  # asking costs nothing
