"""Who somebody is, from the claims that API Gateway hands on."""

import json

import pytest

from chalicelib.people.staff.rules import Role, Staff
from chalicelib.people.staff.signed_in import staff_of
from tests.camps import request, signed_in


def me(headers: dict[str, str]) -> dict[str, object]:
    answer: dict[str, object] = json.loads(request("GET", "/api/staff/me", headers=headers).body)
    return answer


def test_somebody_may_have_several_roles() -> None:
    assert me(signed_in(Role.APPROVER, Role.DESK)) == {"name": "Els Maes", "roles": ["desk", "approver"]}


def test_several_roles_are_told_apart_however_api_gateway_lists_them() -> None:
    for listed in ("desk,approver", "[desk approver]", "[desk, approver]", ["desk", "approver"]):
        who = staff_of({"sub": "7d1f", "name": "Jamila Aerts", "cognito:groups": listed})
        assert who == Staff("7d1f", "Jamila Aerts", frozenset({Role.DESK, Role.APPROVER}))


def test_a_group_that_is_no_role_of_ours_gives_none() -> None:
    headers = signed_in("approver-of-parking", Role.AUDITOR)  # type: ignore[arg-type]
    assert me(headers)["roles"] == ["auditor"]


@pytest.mark.parametrize(
    ("language", "detail"),
    [
        ("en", "Sign in, or sign in again."),
        ("nl", "Meld je aan, of opnieuw aan."),
        ("fr", "Connectez-vous, ou reconnectez-vous."),
    ],
)
def test_who_is_not_signed_in_is_not_sent_for_a_pass(language: str, detail: str) -> None:
    claims_of_nobody = "e30.e30.unsigned"
    answer = me({"authorization": claims_of_nobody, "accept-language": language})
    assert (str(answer["type"]).rpartition("/")[2], answer["detail"]) == ("unauthorized", detail)
