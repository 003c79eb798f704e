"""National numbers."""

from datetime import date

import pytest

from chalicelib.money.certificates import numbers
from tests.money.certificates.samples import CHILD_NUMBER, PAYER_NUMBER


@pytest.mark.parametrize("typed", ["85.07.30-033.28", "850730 033 28", "85073003328"])
def test_a_number_is_read_as_people_write_it(typed):
    assert numbers.read(typed) == PAYER_NUMBER
    assert numbers.spoken(PAYER_NUMBER) == "85.07.30-033.28"


def test_a_bis_number_is_one_too():
    assert numbers.read("98.47.28-997.65") == "98472899765"


@pytest.mark.parametrize("typed", ["", "85.07.30-033.29", "850730033", "An Claeys", "85073003328" * 9])
def test_whatever_else_is_none(typed):
    with pytest.raises(numbers.NotANumber):
        numbers.read(typed)


def test_the_number_of_a_child_is_of_its_day_of_birth():
    assert numbers.read_of("16.04.30-998.47", date(2016, 4, 30)) == CHILD_NUMBER
    with pytest.raises(numbers.OfAnotherDay):
        numbers.read_of("16.04.30-998.47", date(2016, 4, 29))


def test_what_is_shown_of_one_says_no_birth_date_and_what_is_kept_says_no_number():
    assert numbers.masked(PAYER_NUMBER) == "••.••.••-•••.28"
    assert numbers.proof(PAYER_NUMBER, CHILD_NUMBER) != numbers.proof(CHILD_NUMBER, PAYER_NUMBER)
    assert PAYER_NUMBER not in numbers.proof(PAYER_NUMBER, CHILD_NUMBER)
