"""What is paid back, by the rules that municipalities publish beside their tariffs."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from chalicelib.money.tariffs.cancelling import Cancelling, settle
from chalicelib.money.tariffs.document import read, written
from chalicelib.money.tariffs.faults import faults
from chalicelib.money.tariffs.rules import Kept, Mode, Rounding
from tests.money.tariffs.council import MONDAY, line, tariff, words

FRIDAY = MONDAY + timedelta(days=4)


def kept(code, percent=0, **more):
    return Kept(code, words(code), f"art. {code}", percent=Decimal(percent), **more)


def rules(*several, **more):
    return tariff(line("day", 1000), cancelling=several, **more).versions[0]


def cancelled(before=30, after=0, *proofs, proven_on=None, holidays=frozenset()):
    """So many days before the first day, and after registering."""
    on = MONDAY - timedelta(days=before)
    registered_on = on - timedelta(days=after)
    return Cancelling(registered_on, on, MONDAY, FRIDAY, frozenset(proofs), proven_on, holidays)


def back(version, cents, cancelling):
    settled = settle(version, cents, cancelling)
    assert settled.kept_cents + settled.back_cents == cents
    return settled.back_cents


DESTELBERGEN = rules(
    kept("at once", days_after_registering=13, working_days_before=1),
    kept("later", cents=2000, working_days_before=1),
    kept("sick", proofs=("sick note",)),
)


@pytest.mark.parametrize(
    ("cancelling", "cents"),
    [
        (cancelled(40, 13), 7500),
        (cancelled(40, 14), 5500),
        (cancelled(40, 20), 5500),  # 20 kept
        (cancelled(3, 20), 5500),  # Friday, the last working day before Monday
        (cancelled(2, 20), 0),  # Saturday
        (cancelled(2, 5), 0),
        (cancelled(0, 20, "sick note"), 7500),
    ],
)
def test_destelbergen(cancelling, cents):
    assert back(DESTELBERGEN, 7500, cancelling) == cents


def test_a_holiday_is_no_working_day():
    friday = frozenset({MONDAY - timedelta(days=3)})

    assert back(DESTELBERGEN, 7500, cancelled(3, 20, holidays=friday)) == 0
    assert back(DESTELBERGEN, 7500, cancelled(4, 20, holidays=friday)) == 5500


BUGGENHOUT = rules(kept("in time", 50, days_before=8), kept("sick", proofs=("sick note",)))


def test_buggenhout():
    assert back(BUGGENHOUT, 6000, cancelled(8)) == 3000
    assert back(BUGGENHOUT, 6000, cancelled(7)) == 0
    assert back(BUGGENHOUT, 6000, cancelled(-4)) == 0  # absent
    assert back(BUGGENHOUT, 6000, cancelled(-4, 0, "sick note")) == 6000


def test_sint_katelijne_waver():
    only_with_a_note = rules(kept("note", proofs=("medical note", "economic unemployment")))

    assert back(only_with_a_note, 3500, cancelled(100)) == 0
    assert back(only_with_a_note, 3500, cancelled(0, 0, "economic unemployment")) == 3500


def test_harelbeke():
    sick = rules(kept("sick", cents=200, proofs=("sick note",), proof_days=5))

    for days, cents in ((5, 2300), (6, 0)):
        assert back(sick, 2500, cancelled(0, 0, "sick note", proven_on=FRIDAY + timedelta(days=days))) == cents
    assert back(sick, 2500, cancelled(0, 0, "sick note")) == 0  # on which day, nobody wrote down
    assert back(sick, 150, cancelled(0, 0, "sick note", proven_on=FRIDAY)) == 0


def test_ieper_and_bilzen():
    ieper = rules(kept("within three weeks", cents=1000, days_before=0), kept("earlier", days_before=21))
    assert (back(ieper, 8000, cancelled(21)), back(ieper, 8000, cancelled(20))) == (8000, 7000)

    bilzen = rules(kept("in time", working_days_before=2), kept("note", proofs=("note",)))
    assert (back(bilzen, 8000, cancelled(4)), back(bilzen, 8000, cancelled(3))) == (8000, 0)


def test_what_is_kept_is_rounded_as_the_council_says():
    for mode, cents in ((Mode.HALF_UP, 168), (Mode.DOWN, 169)):
        assert back(rules(kept("half", 50), rounding=Rounding(mode)), 337, cancelled()) == cents


def test_where_no_rule_fits_all_is_kept_and_the_rule_is_named_where_one_does():
    assert settle(rules(), 5000, cancelled()).kept is None
    assert settle(BUGGENHOUT, 6000, cancelled(8)).kept.article == "art. in time"


def test_rules_read_as_they_were_written_and_faults_have_their_place():
    given_tariff = tariff(line("day", 1000), cancelling=DESTELBERGEN.cancelling)
    assert read(written(given_tariff)) == given_tariff

    wrong = tariff(line("day", 1000), cancelling=(kept("day", 101, cents=-1, proof_days=5),))
    assert [fault.place for fault in faults(wrong)] == [
        "versions[0].cancelling[0].code",
        "versions[0].cancelling[0].cents",
        "versions[0].cancelling[0].percent",
        "versions[0].cancelling[0].proofs",
    ]


def test_dates_far_away_are_counted_no_further_than_asked():
    assert Cancelling(date(1, 1, 1), date(1, 1, 1), MONDAY, FRIDAY).working_days_before(3) == 3
