"""Numbers by which a transfer is known again, with the examples that those who made the rules give."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.money.orders.references import MOST_BELGIAN, MOST_DUTCH, belgian, dutch, is_reference, spoken


@pytest.mark.parametrize(
    ("number", "reference"),
    [
        (108068171, "+++010/8068/17183+++"),  # python-stdnum
        (1234567890, "+++123/4567/89002+++"),
        (1, "+++000/0000/00101+++"),
        (97, "+++000/0000/09797+++"),  # nothing is left by 97: its check is 97, and no reference ends in 00
    ],
)
def test_a_structured_communication(number, reference):
    assert spoken(belgian(number)) == reference


@pytest.mark.parametrize(
    ("number", "reference"),
    [
        (56789012345, "5000 0567 8901 2345"),  # Betaalvereniging Nederland
        (123456788, "0000 0001 2345 6788"),  # 11 is written 0 (odoo/odoo#199735)
        (23456789107, "1000 0234 5678 9107"),  # 10 is written 1 (the same)
    ],
)
def test_a_betalingskenmerk(number, reference):
    assert spoken(dutch(number)) == reference


@given(st.integers(1, MOST_BELGIAN), st.integers(1, MOST_DUTCH))
def test_each_number_has_its_own_that_is_valid(one, other):
    assert is_reference(belgian(one)), one
    assert is_reference(dutch(other)), other
    assert (int(belgian(one)[:10]), int(dutch(other)[1:])) == (one, other)


@given(st.integers(1, MOST_BELGIAN), st.integers(0, 11), st.integers(1, 9))
def test_one_wrong_digit_is_no_structured_communication(number, place, more):
    right = belgian(number)
    wrong = right[:place] + str((int(right[place]) + more) % 10) + right[place + 1 :]

    assert not is_reference(wrong)


@given(st.integers(1, MOST_DUTCH), st.integers(1, 9))
def test_another_check_digit_is_no_betalingskenmerk(number, more):
    right = dutch(number)

    assert not is_reference(str((int(right[0]) + more) % 10) + right[1:])


@pytest.mark.parametrize("number", [0, -1, 10**10])
def test_a_counter_that_ran_out_makes_no_structured_communication(number):
    with pytest.raises(ValueError, match="no structured communication"):
        belgian(number)


@pytest.mark.parametrize("number", [0, -1, 10**15])
def test_a_counter_that_ran_out_makes_no_betalingskenmerk(number):
    with pytest.raises(ValueError, match="no betalingskenmerk"):
        dutch(number)


@pytest.mark.parametrize("text", ["", "000000000000", "0" * 16, "12345678900", "١٢٣٤٥٦٧٨٩٠٠٢", "+++123/4567/89002+++"])
def test_what_is_none_is_not_spoken(text):
    with pytest.raises(ValueError, match="not a reference"):
        spoken(text)
