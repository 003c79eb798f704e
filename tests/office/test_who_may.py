"""Every page of the desk, of attendance lists and of seats, with every role."""

import itertools
from collections.abc import Iterator

import pytest

from chalicelib.staff.rules import Role
from tests.api import summer as summers
from tests.camps import BOUWKAMP, LOU
from tests.web.browsing import Browser

REGISTRATION = f"/office/desk/registrations/{summers.CONFIRMED_ID}"
LIST = f"/office/attendance/{summers.OPEN}"
DAY = f"?day={BOUWKAMP.starts_on}"
LISTS = {Role.DESK, Role.LEADER, Role.MANAGER}
ADMITS = {
    "/office/desk": {Role.DESK},
    "/office/desk?q=claeys": {Role.DESK},
    "/office/desk/register": {Role.DESK},
    REGISTRATION: {Role.DESK},
    f"{REGISTRATION}/letter.pdf": {Role.DESK},
    f"{REGISTRATION}/children/{LOU.child_id}": {Role.DESK},
    f"/office/sessions/{summers.OPEN}/seats": {Role.MANAGER},
    "/office/attendance": LISTS,
    "/office/attendance/tomorrow.pdf": LISTS,
    f"{LIST}{DAY}": LISTS,
    f"{LIST}/list.csv{DAY}": LISTS,
    f"{LIST}/list.xlsx{DAY}": LISTS,
}


@pytest.fixture(scope="module", autouse=True)
def _summer() -> Iterator[None]:
    with summers.summer():
        yield


@pytest.mark.parametrize(("path", "role"), list(itertools.product(ADMITS, Role)))
def test_a_page_is_for_its_roles_and_for_no_other(path: str, role: Role) -> None:
    assert Browser().sign_in(role).get(path).status == (200 if role in ADMITS[path] else 403)
