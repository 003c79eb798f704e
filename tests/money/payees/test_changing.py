"""Finance says to whom families pay; another account counts once a second person has confirmed it."""

from datetime import UTC, date, datetime

import pytest

from chalicelib.city.ledger import table as ledger
from chalicelib.core.http.problems import Problem
from chalicelib.money.payees import changing, table
from chalicelib.money.payees.rules import DueFrom, DueRule, ReferenceScheme, UnpaidRule
from chalicelib.people.staff.rules import Role, Staff
from tests.money.payees.given import KAPRIJKE, pays_to

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
TOM, ELS = (Staff(one, name, frozenset({Role.FINANCE})) for one, name in (("tom", "Tom Maes"), ("els", "Els Claeys")))
OTHER = "BE72 0000 0000 1616"
SENT = {
    "version": 0,
    "proposal": "",
    "name": "Gemeente Kaprijke",
    "iban": "BE68 5390 0754 7034",
    "scheme": "be",
    "due_from": "first-day",
    "due_days": -10,
    "reminders": "3, 10",
    "cancels_after": "21",
    "postcodes": "9970, 9971",
    "reason": "Reglement van de gemeenteraad, 12 februari 2027",
}

pytestmark = pytest.mark.usefixtures("table")


def change(by=TOM, **more):
    return changing.change("Kaprijke", {**SENT, **more}, by, NOW)


def confirm(proposal, by=ELS):
    return changing.confirm("Kaprijke", proposal.proposal_id, "Vergeleken met het uittreksel", by, NOW)


def acts():
    return [(entry.what, entry.staff_id, entry.private) for entry in ledger.entries()]


def test_the_first_account_counts_when_a_second_person_confirmed_it():
    proposal = change()
    assert table.of("Kaprijke") is None

    confirm(proposal)

    payee = table.of("Kaprijke")
    assert (payee.name, payee.iban, payee.scheme) == ("Gemeente Kaprijke", "BE68539007547034", ReferenceScheme.BE)
    assert (payee.due, payee.unpaid) == (DueRule(DueFrom.FIRST_DAY, -10), UnpaidRule((3, 10), 21))
    assert payee.postcodes == ("9970", "9971")
    assert table.proposals() == {}
    assert acts() == [
        ("payee-proposed", "tom", {}),
        (
            "payee-changed",
            "els",
            {"asked_by": {"staff_id": "tom", "name": "Tom Maes"}, "asked_why": SENT["reason"]},
        ),
    ]


def test_until_then_families_pay_into_the_old_one():
    pays_to()

    proposal = change(version=1, iban=OTHER)

    assert table.of("Kaprijke").iban == KAPRIJKE.iban
    confirm(proposal)
    assert table.of("Kaprijke").iban == "BE72000000001616"
    assert table.of("Kaprijke").since == date(2027, 3, 1)


def test_what_families_still_pay_into_the_old_one_counts():
    pays_to()
    confirm(change(version=1, iban=OTHER))
    assert table.every().accounts == {KAPRIJKE.iban, "BE72000000001616"}

    assert change(version=2, iban=OTHER, due_days=-9) is None
    confirm(change(version=3))  # and back

    assert table.of("Kaprijke").iban == KAPRIJKE.iban
    assert table.of("Kaprijke").formerly == ("BE72000000001616",)


def test_nobody_confirms_their_own():
    proposal = change()

    with pytest.raises(Problem) as refused:
        confirm(proposal, by=TOM)

    assert refused.value.kind.slug == "not-now"
    assert table.of("Kaprijke") is None


def test_that_is_a_condition_of_the_write_too():
    """Whatever stands before it: the write itself refuses who asked."""
    from chalicelib.core.refusals import Refused
    from chalicelib.core.table import transact_write

    proposal = change()

    with pytest.raises(Refused):
        transact_write([table.putting(proposal.payee), table.confirming(proposal, "tom")])

    assert table.proposal("Kaprijke") == proposal


def test_nobody_confirms_what_they_did_not_see():
    seen = change()
    changing.drop("Kaprijke", seen.proposal_id, "Verkeerde rekening ingevuld", TOM, NOW)
    change(iban=OTHER)

    with pytest.raises(Problem) as refused:
        confirm(seen)

    assert refused.value.kind.slug == "changed"
    assert table.of("Kaprijke") is None


def test_what_waits_is_not_confirmed_over_a_change_that_came_in_between():
    pays_to()
    proposal = change(version=1, iban=OTHER)
    change(version=1, proposal=proposal.proposal_id, scheme="be", due_days=-5, by=ELS)

    with pytest.raises(Problem) as refused:
        confirm(proposal)

    assert refused.value.kind.slug == "changed"
    assert table.of("Kaprijke").due.days == -5


def test_what_is_no_account_holds_at_once_and_the_same_again_is_no_change():
    pays_to()

    assert change(version=1) is None
    assert table.of("Kaprijke").unpaid == UnpaidRule((3, 10), 21)
    assert change(version=2) is None
    assert [act for act, *_ in acts()] == ["payee-changed"]


def test_somebody_who_saw_an_older_one_changes_nothing():
    pays_to()
    change(version=1)

    with pytest.raises(Problem) as refused:
        change(version=1, due_days=-3)

    assert refused.value.kind.slug == "changed"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 71}, "name"),
        ({"iban": "BE68 5390 0754 7035"}, "iban"),
        ({"scheme": "lu"}, "scheme"),
        ({"due_from": "never"}, "due_from"),
        ({"due_days": "many"}, "due_days"),
        ({"due_days": 1000}, "due_days"),
        ({"reminders": "10, 3"}, "reminders"),
        ({"reminders": "1 2 3 4 5 6"}, "reminders"),
        ({"reminders": "soon"}, "reminders"),
        ({"reminders": ""}, "reminders"),
        ({"cancels_after": "0"}, "cancels_after"),
        ({"cancels_after": "12"}, "cancels_after"),
        ({"postcodes": "99700"}, "postcodes"),
        ({"reason": "zomaar"}, "reason"),
    ],
)
def test_what_is_wrong_is_named_where_it_stands(wrong, field):
    with pytest.raises(Problem) as refused:
        change(**wrong)

    assert [error.field for error in refused.value.errors] == [field]
    assert table.proposals() == {}


def test_accounts_before_are_known_for_families_that_pay_by_an_old_slip():
    confirm(change())
    confirm(change(version=1, iban=OTHER))
    assert table.every().accounts == {"BE68539007547034", "BE72000000001616"}
    change(version=2, iban=OTHER, due_days=-20)
    assert table.of("Kaprijke").formerly == ("BE68539007547034",)

    confirm(change(version=3))

    payee = table.of("Kaprijke")
    assert (payee.iban, payee.formerly) == ("BE68539007547034", ("BE72000000001616",))
