"""What was given never changes: what is not right is replaced or cancelled."""

from dataclasses import replace
from datetime import date

from chalicelib.money.certificates.papers import carried_out, plan
from chalicelib.money.certificates.rules import Change
from tests.money.certificates.samples import FARM, FATHER, MOTHER, certificate

ON = date(2025, 3, 1)


def wanted(**more):
    return replace(certificate(0, **more), issued_on=None)


def test_a_family_without_any_gets_new_ones_in_their_order():
    changes = plan([], [wanted(payer=FATHER, place=1), wanted()])

    new, old = carried_out(changes, 7, ON)

    assert [(one.number, one.payer, one.issued_on) for one in new] == [
        ("2024-000007", MOTHER, ON),
        ("2024-000008", FATHER, ON),
    ]
    assert old == []


def test_what_is_right_is_left_as_it_is():
    assert plan([certificate(1)], [wanted()]) == []


def test_other_days_are_a_new_certificate_that_replaces_the_one_before():
    (change,) = plan([certificate(1)], [wanted(periods=(FARM,))])

    (new,), (old,) = carried_out([change], 9, ON)

    assert change.kind is Change.CORRECTED
    assert (new.serial, new.replaces, new.periods) == (9, 1, (FARM,))
    assert (old.serial, old.replaced_by, old.periods, old.is_valid) == (1, 9, certificate(1).periods, False)


def test_another_national_number_is_a_correction_too():
    (change,) = plan([certificate(1)], [replace(wanted(), proof="another")])

    assert change.kind is Change.CORRECTED


def test_nothing_left_to_certify_is_a_cancellation():
    (change,) = plan([certificate(1)], [])

    new, (old,) = carried_out([change], 9, ON)

    assert (change.kind, new, old.cancelled_on) == (Change.CANCELLED, [], ON)


def test_what_was_replaced_is_looked_at_no_more():
    given = [replace(certificate(1), replaced_by=2), certificate(2, replaces=1)]

    assert plan(given, [wanted()]) == []
