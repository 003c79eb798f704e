"""Two parents at the desk: it invites the other one, ends the sharing and hides the place, each with its entry."""

from datetime import UTC, datetime

import pytest

from chalicelib.city.ledger.rules import LedgerAct
from chalicelib.core.http.problems import Problem
from chalicelib.office.desk import parents
from chalicelib.office.desk.exceptions import Deed
from chalicelib.people.families import proving, sharing
from chalicelib.people.families import table as families
from chalicelib.people.families.identity import family_id
from tests.camps import LOU, family, published
from tests.city.ledger.chains import ELS
from tests.office.desk.counter import EMAIL, REASON, entries

pytestmark = pytest.mark.usefixtures("table")
FATHER = "youssef@example.be"


def deed(reason: str = REASON) -> Deed:
    return Deed(ELS, reason, datetime.now(UTC))


def test_each_act_has_one_entry_that_names_nobody():
    held = family(LOU, email=EMAIL).register(published(), LOU).json_body["registration_id"]
    first, second = family_id(EMAIL), family_id(FATHER)
    with pytest.raises(Problem):
        parents.invite(deed("ja"), held, LOU, {"email": FATHER, "language": "nl"}, "192.0.2.1")

    parents.invite(deed(), held, LOU, {"email": FATHER, "language": "nl"}, "192.0.2.1")
    (invited,) = families.of_family(second)
    proving.prove(invited, datetime.now(UTC))
    assert parents.look(held, LOU.child_id, datetime.now(UTC)).sharing.since
    for _ in range(2):
        parents.hide(deed(), held, LOU.child_id, is_on=True)
    assert sharing.is_confidential(first)
    for _ in range(2):
        parents.end(deed(), held, LOU.child_id)

    assert sharing.with_family(second) == []
    assert [(one.what, one.details["outcome"]) for one in entries()] == [
        (LedgerAct.SHARING_CHANGED, outcome) for outcome in ("invited", "hidden", "ended")
    ]
    assert not any(FATHER in str(vars(one)) or second in str(vars(one)) for one in entries())
