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


def test_groups_say_for_which_municipalities_somebody_works() -> None:
    for listed in ("desk,municipality:de-panne", "[desk municipality:De-Panne]", ["desk", "municipality:de-panne"]):
        who = staff_of({"sub": "7d1f", "email": "Jamila@stad.example", "cognito:groups": listed})
        assert who is not None
        assert (who.email, who.municipalities) == ("jamila@stad.example", {"de-panne"})
        assert who.works_for("De Panne")
        assert who.works_for(" de  PANNE")
        assert not who.works_for("Kaprijke")


def test_only_the_group_of_all_works_for_all() -> None:
    everybody = staff_of({"sub": "7d1f", "cognito:groups": "[auditor all-municipalities]"})
    assert everybody is not None
    assert everybody.works_for("Kaprijke")
    for group in ("municipality:*", "municipality:", "all", "*"):
        who = staff_of({"sub": "7d1f", "cognito:groups": ["auditor", group]})
        assert who is not None
        assert who.municipalities == frozenset()
        assert not who.works_for("*")
