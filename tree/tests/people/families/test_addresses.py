"""Mail addresses, names, and postcodes as families write them: taken and kept, or told what is wrong."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.core.http.fields import Unexpected
from chalicelib.people.child_info.entering import Phone
from chalicelib.people.families.addresses import DID_YOU_MEAN, DOTS, NO_DOMAIN, NO_ENDING, Address
from chalicelib.people.families.handlers import CHILD, NOT_IN_A_NAME, PASS
from chalicelib.people.families.identity import child_id, family_id
from chalicelib.programme.openings.rules import Window


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("An.Claeys+kamp@Example.be", "An.Claeys+kamp@Example.be"),
        ("info@müller.be", "info@xn--mller-kva.be"),
        ("info@xn--mller-kva.be", "info@xn--mller-kva.be"),
        ("o'brien@example.museum", "o'brien@example.museum"),
        ("an@mail.com", "an@mail.com"),  # a letter off gmail.com, and a provider
    ],
)
def test_an_address_is_stored_as_it_is_delivered(typed, stored):
    assert Address().parse(typed) == stored


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        (".jan@example.be", DOTS),
        ("jan.@example.be", DOTS),
        ("jan..piet@example.be", DOTS),
        ("jan@example.b", NO_ENDING),
        ("jan@gmial.com", DID_YOU_MEAN),
        ("jan@telenet.b", DID_YOU_MEAN),
        ("jan@straße.be", NO_DOMAIN),  # once `ss`: somebody else's domain
    ],
)
def test_a_slip_is_named(typed, why):
    with pytest.raises(Unexpected) as wrong:
        Address().parse(typed)

    assert wrong.value.message == why


def test_what_was_meant_is_said():
    with pytest.raises(Unexpected) as wrong:
        Address().parse("jan@gmial.com")

    assert wrong.value.values == {"address": "jan@gmail.com"}


def test_a_mailbox_is_one_family_however_its_domain_is_written():
    assert family_id("info@müller.be") == family_id("Info@xn--mller-kva.be")


@pytest.mark.parametrize(
    ("first_name", "last_name"),
    [
        ("B", "Strand"),
        ("Luc(as)", "de Groot"),
        ("Seán", "'ac Dhonncha"),
        ("Georg", "J:son Karlin"),
        ("Pat", "O´Brien"),
        ("Jeanne", "d`Arc"),
        ("Suharto", "-"),
        ("Jan", "Jr., Peeters"),
        ("Łukasz", "Wójcik"),
        ("İpek", "Işık"),
        ("Søren", "Þórsson"),
        ("Đặng Ngọc", "Ánh"),
        ("An", "D" + "e" * 78 + "n"),
    ],
)
def test_a_name_is_kept_as_it_is_written(first_name, last_name):
    assert (CHILD.fields["first_name"].parse(first_name), CHILD.fields["last_name"].parse(last_name)) == (
        first_name,
        last_name,
    )


@pytest.mark.parametrize(
    ("typed", "character"), [("Jan3", "3"), ("Олена", "О"), ("Lou!", "!"), ("Lou\u202e", "U+202E")]
)
def test_what_cannot_stand_in_a_name_is_named(typed, character):
    with pytest.raises(Unexpected) as wrong:
        CHILD.fields["first_name"].parse(typed)

    assert (wrong.value.message, wrong.value.values) == (NOT_IN_A_NAME, {"character": character})


def test_marks_make_no_other_child():
    assert child_id("Luc(as)", "O´Brien", "2020-01-01") == child_id("Lucas", "O'Brien", "2020-01-01")
    assert child_id("An", "Jansen", "2020-01-01") != child_id("An", "Janssen", "2020-01-01")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("9970", "9970"),
        ("1234 AB", "1234 AB"),
        ("1111aa", "1111AA"),
        ("59000", "59000"),
        ("L-1234", "L-1234"),
        ("50667", "50667"),
        ("b-9970", "9970"),
    ],
)
def test_a_postcode_of_whichever_neighbour_is_kept(typed, stored):
    assert PASS.fields["postcode"].parse(typed) == stored


def test_a_postcode_of_another_country_opens_no_window_of_ours():
    window = Window(datetime(2027, 3, 6, 18, tzinfo=UTC), timedelta(minutes=10), ("9970",))

    assert [window.is_for(one) for one in ("9970", "99700", "L-9970", "9970 AB")] == [True, False, False, True]


@pytest.mark.parametrize(
    "typed",
    [
        "+32 (0)470/12.34.56",
        "0470–12–34–56",
        "0470\u00a012\u00a034\u00a056",
        "0031 6 12345678",
        "06-12345678",
        "+380 67 123 4567",
    ],
)
def test_a_phone_number_is_kept_as_it_is_written(typed):
    assert Phone().parse(typed) == typed


def test_what_is_no_part_of_a_phone_number_is_named():
    with pytest.raises(Unexpected) as wrong:
        Phone().parse("0470 12 34 56 (mama)")

    assert wrong.value.values == {"character": "m"}
