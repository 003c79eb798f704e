"""Forms of a tariff: what they are filled with is what is read from them."""

from decimal import Decimal

import pytest

from chalicelib.core.http.problems import Problem
from chalicelib.money.tariffs.rules import Kept, Labels, Tariff
from chalicelib.pages.frame.forms import Form
from chalicelib.pages.staff import tariff_form
from chalicelib.pages.staff.tariff_form import Typed
from tests.money.tariffs import test_others, test_published
from tests.money.tariffs.council import line, tariff, words

EVERY = [found for module in (test_published, test_others) for found in vars(module).values() if type(found) is Tariff]


@pytest.mark.parametrize("of", EVERY, ids=range(len(EVERY)))
def test_each_part_of_the_tariffs_of_the_tests_comes_back_from_its_form(of):
    version = of.versions[0]

    for one in version.lines:
        assert tariff_form.line(tariff_form.of_line(one), one, version) == one
        cells = [each for each in version.published if each.line == one.code]
        sets = tariff_form.sets_of(version, one.code)
        assert tariff_form.cells(tariff_form.of_cells(cells, sets), one.code, sets) == tuple(cells)
    for one in version.surcharges:
        assert tariff_form.surcharge(tariff_form.of_step(one), one, version) == one
    for one in version.discounts:
        assert tariff_form.discount(tariff_form.of_step(one), one, version) == one
    assert tariff_form.basics(tariff_form.of_basics(of.name, version, ["social"]), version) == (of.name, version)


def test_a_rule_for_cancelling_comes_back_from_its_form():
    one = Kept("note", words("note"), "art. 9", Decimal("12.5"), 500, 7, None, 14, ("doctor’s note", "death"), 3)

    assert tariff_form.kept(tariff_form.of_kept(one), one, tariff(line("day", 1)).versions[0]) == one


@pytest.mark.parametrize("text", ["-1", "16,505", "16.5", "1.650,00", "1e3", "٣", "100000,01"])
def test_an_amount_that_is_none_is_no_amount(text):
    typed = Typed(Form({"cents": text}))

    assert typed.cents("cents") is None
    with pytest.raises(Problem):
        typed.finish()


@pytest.mark.parametrize(("text", "cents"), [("16,50", 1650), (" 16.50 ", 1650), ("16", 1600), ("0", 0), ("", None)])
def test_an_amount_as_people_write_it(text, cents):
    assert Typed(Form({"cents": text})).cents("cents") == cents


def test_names_of_the_citys_own_are_typed_beside_the_checkboxes():
    form = Form({"any_of.others": " Kansenpas  Zuid, , social"}, {"any_of": ["social"]})

    assert Typed(form).names("any_of") == ("social", "Kansenpas Zuid")
    too_long = Typed(Form({"any_of.others": "w" * 61}))
    too_long.names("any_of")
    assert [each.field for each in too_long.errors] == ["any_of.others"]


def test_codes_are_made_of_labels_and_never_twice():
    version = tariff(line("dag-kamp", 1), line("dag-kamp-2", 1)).versions[0]

    assert tariff_form.code_of(Labels("Dag, kamp!", "", ""), version, "lines") == "dag-kamp-3"
    assert tariff_form.code_of(Labels("日", "", ""), version, "lines") == "lines"
