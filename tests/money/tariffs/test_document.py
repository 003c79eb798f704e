"""A tariff as JSON: one text for each tariff, which reads as the same tariff; and where it is wrong."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.money.tariffs.conditions import (
    All,
    Among,
    Between,
    By,
    Either,
    HalfDay,
    Has,
    Kind,
    Level,
    Measure,
    Not,
    Order,
    Registered,
    Starts,
    Together,
    WholeSession,
)
from chalicelib.money.tariffs.document import NotAnAmount, NotATariff, cents_of, of_document, read, to_document, written
from chalicelib.money.tariffs.faults import faults
from chalicelib.money.tariffs.rules import (
    CareHours,
    Discount,
    Formula,
    Labels,
    Line,
    Mode,
    Of,
    Per,
    PriceRole,
    PublishedPrice,
    Rounding,
    Surcharge,
    Tariff,
    Unit,
    Version,
)
from tests.money.tariffs import test_published
from tests.money.tariffs.council import discount, line, tariff

PUBLISHED = {name: value for name, value in vars(test_published).items() if isinstance(value, Tariff)}

# Any tariff without faults.
TEXT = st.text(st.sampled_from("abcdefgé ’€"), min_size=1, max_size=8).map(lambda text: f"x{text}")
WORDS = st.builds(Labels, TEXT, TEXT, TEXT)
NAMES = st.lists(TEXT, min_size=1, max_size=2).map(tuple)
CENTS = st.integers(0, 1_000_000)
PERCENT = st.decimals(Decimal("0.0001"), 100, places=4)
DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds
WIDE = st.sampled_from([Among.WEEK, Among.CAMP, Among.SEASON])
LEAVES = st.one_of(
    st.builds(Has, NAMES),
    st.builds(Kind, NAMES),
    st.builds(Level, NAMES),
    st.builds(Between, st.sampled_from(Measure), st.none() | st.integers(0, 9), st.none() | st.integers(10, 99)),
    st.builds(Order, st.integers(1, 3), st.none() | st.integers(3, 5), WIDE, st.sampled_from(By), st.just(("camp",))),
    st.builds(Together, st.integers(1, 4), st.sampled_from(Among)),
    st.builds(Registered, MOMENTS, st.none()),
    st.builds(Starts, st.none(), DAYS),
    st.just(HalfDay()),
    st.just(WholeSession()),
)
CONDITIONS = st.recursive(
    LEAVES,
    lambda inner: (
        st.builds(All, st.lists(inner, max_size=2).map(tuple))
        | st.builds(Either, st.lists(inner, min_size=1, max_size=2).map(tuple))
        | st.builds(Not, inner)
    ),
    max_leaves=4,
)


@st.composite
def versions(draw):
    lines = [
        Line("day", draw(WORDS), draw(TEXT), cents=draw(CENTS), when=draw(CONDITIONS)),
        Line(
            "slice",
            draw(WORDS),
            draw(TEXT),
            Unit.SLICE,
            size=draw(st.integers(1, 60)),
            formula=Formula("day", draw(PERCENT), draw(CENTS)),
            windows=(CareHours(time(7, 30), time(8, draw(st.integers(0, 59)))),),
            role=PriceRole.EXTRA,
            name=draw(TEXT),
            most_cents=draw(st.none() | CENTS),
            is_discountable=draw(st.booleans()),
        ),
    ]
    percent = draw(PERCENT)
    return Version(
        date(2020, 1, 1),
        draw(TEXT),
        tuple(lines),
        last_day=draw(st.none() | DAYS),
        surcharges=(Surcharge("more", draw(WORDS), draw(TEXT), cents=draw(st.integers(1, 99)), per=Per.ITEM),),
        discounts=(
            Discount("less", draw(WORDS), draw(TEXT), percent=percent, when=draw(CONDITIONS), on=("day",)),
            Discount("other", draw(WORDS), draw(TEXT), cents=5, adds_up_with=("less",), of_price=True),
        ),
        published=(PublishedPrice("day", draw(CENTS), draw(st.none() | st.integers(1, 20)), ("less",)),),
        rounding=Rounding(draw(st.sampled_from(Mode)), draw(st.integers(1, 100)), draw(st.sampled_from(Of))),
        most_percent=draw(PERCENT),
        least_cents=draw(CENTS),
        unproven=draw(NAMES),
    )


TARIFFS = st.builds(Tariff, WORDS, versions().map(lambda version: (version,)))


@given(TARIFFS)
@settings(max_examples=20)
def test_a_tariff_reads_as_it_was_written_and_has_one_text(given_tariff):
    assert faults(given_tariff) == ()

    text = written(given_tariff)

    assert read(text) == given_tariff
    assert written(read(text)) == text


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_tariffs_have_no_faults_and_read_as_they_were_written(name):
    assert read(written(PUBLISHED[name])) == PUBLISHED[name]


def test_what_has_its_default_is_left_out():
    assert to_document(line("day", 1650, when=Not(Has(("social",))))) == {
        "code": "day",
        "label": {"nl": "day", "fr": "day", "en": "day"},
        "article": "art. day",
        "cents": 1650,
        "when": {"not": {"of": {"has": {"any_of": ["social"]}}}},
    }


SIMPLE = {
    "name": {"nl": "Kampen", "fr": "Stages", "en": "Camps"},
    "versions": [
        {
            "first_day": "2027-01-01",
            "decision": "council, 14 December 2026",
            "lines": [
                {"code": "day", "label": {"nl": "Dag", "fr": "Jour", "en": "Day"}, "article": "2", "cents": 1650}
            ],
        }
    ],
}


def places(document):
    with pytest.raises(NotATariff) as refused:
        of_document(document)
    return [fault.place for fault in refused.value.faults]


def changed(path, value):
    document = json.loads(json.dumps(SIMPLE))
    at = document
    *way, last = path
    for step in way:
        at = at[step]
    at[last] = value
    return document


LINE = ("versions", 0, "lines", 0)
BACKWARDS = {"between": {"measure": "age", "least": 9, "most": 3}}


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        ((*LINE, "cents"), -1, "versions[0].lines[0].cents"),
        ((*LINE, "cents"), 16.505, "versions[0].lines[0].cents"),
        ((*LINE, "cents"), "16.50", "versions[0].lines[0].cents"),
        ((*LINE, "cents"), True, "versions[0].lines[0].cents"),
        ((*LINE, "cents"), None, "versions[0].lines[0].cents"),
        ((*LINE, "cents"), 10**9, "versions[0].lines[0].cents"),
        ((*LINE, "pony"), 1, "versions[0].lines[0].pony"),
        ((*LINE, "unit"), "fortnight", "versions[0].lines[0].unit"),
        ((*LINE, "size"), 0, "versions[0].lines[0].size"),
        ((*LINE, "size"), 30, "versions[0].lines[0].size"),
        ((*LINE, "name"), "meal", "versions[0].lines[0].name"),
        ((*LINE, "label", "fr"), " ", "versions[0].lines[0].label.fr"),
        ((*LINE, "article"), "two\nlines", "versions[0].lines[0].article"),
        ((*LINE, "article"), "\ud800", "versions[0].lines[0].article"),
        ((*LINE, "when"), {"has": {"any_of": []}}, "versions[0].lines[0].when"),
        ((*LINE, "when"), {"moon": {}}, "versions[0].lines[0].when"),
        ((*LINE, "when"), {"order": {"least": 0}}, "versions[0].lines[0].when"),
        ((*LINE, "when"), {"not": {"of": BACKWARDS}}, "versions[0].lines[0].when.not.of"),
        ((*LINE, "when"), {"registered": {"since": "2027-01-01T00:00"}}, "versions[0].lines[0].when.registered.since"),
        ((*LINE, "formula"), {"line": "day"}, "versions[0].lines[0].formula.line"),
        ((*LINE, "formula"), {"line": "week"}, "versions[0].lines[0].formula.line"),
        ((*LINE, "formula"), {"line": "week", "percent": "1.23456"}, "versions[0].lines[0].formula.percent"),
        (("versions", 0, "first_day"), "2027-02-30", "versions[0].first_day"),
        (("versions", 0, "last_day"), "2026-12-31", "versions[0].last_day"),
        (("versions", 0, "decision"), "", "versions[0].decision"),
        (("versions", 0, "lines"), [], "versions[0].lines"),
        (("versions", 0, "lines"), {}, "versions[0].lines"),
        (("versions", 0, "published"), [{"line": "week", "cents": 5}], "versions[0].published[0].line"),
        (("versions", 0, "rounding"), {"step": 0}, "versions[0].rounding.step"),
        (("versions", 0, "most_percent"), "100.5", "versions[0].most_percent"),
        (("versions",), [], "versions"),
        (("name",), "Kampen", "name"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_where_it_stands(path, value, place):
    assert places(changed(path, value)) == [place]


def test_a_simple_tariff_is_read():
    assert of_document(SIMPLE).versions[0].lines[0].cents == 1650


def test_a_week_cannot_ask_for_the_order_within_a_day_and_a_card_for_none():
    for unit, within, is_wrong in (
        (Unit.WEEK, Among.DAY, True),
        (Unit.CAMP, Among.AT_ONCE, True),
        (Unit.WEEK, Among.WEEK, False),
        (Unit.DAY, Among.DAY, False),
        (Unit.CARD, Among.SEASON, True),
    ):
        found = faults(tariff(line("day", 1), line("x", 100, unit=unit, when=Not(Order(2, None, within)))))
        assert [fault.place for fault in found] == (["versions[0].lines[1].when"] if is_wrong else [])


def two(first_last_day, second_first_day):
    (first,) = tariff(line("day", 100), first_day=date(2026, 1, 1), last_day=first_last_day).versions
    second = replace(first, first_day=second_first_day, last_day=None)
    return [fault.text for fault in faults(replace(tariff(), versions=(first, second)))]


def test_versions_that_overlap_leave_a_gap_or_stand_in_no_order_are_refused():
    new_year = date(2027, 1, 1)

    assert two(new_year - timedelta(days=1), new_year) == []
    assert two(None, new_year) == []  # the first ends when the second begins
    assert two(new_year, new_year) == ["The version before this one holds until {until}: on this day both would."]
    assert two(date(2026, 12, 30), new_year) == [
        "The version before this one holds until {until}: between them there is no price."
    ]
    assert two(None, date(2026, 1, 1)) == [
        "Versions stand in the order of their first days: this one begins no later than the one before it."
    ]


def test_no_discount_adds_up_with_so_many_that_each_set_of_them_cannot_be_tried():
    names = [str(number) for number in range(8)]
    others = tuple(discount(name, 5) for name in names)
    all_with_the_first = tariff(line("day", 1000), discounts=(discount("x", 5, adds_up_with=tuple(names)), *others))

    assert [fault.place for fault in faults(all_with_the_first)] == ["versions[0].discounts[0].adds_up_with"]


def test_formulas_that_lead_in_a_circle_are_refused():
    circle = tariff(line("a", formula=Formula("b")), line("b", formula=Formula("a")), line("c", 100))

    assert [fault.place for fault in faults(circle)] == [
        "versions[0].lines[0].formula.line",
        "versions[0].lines[1].formula.line",
    ]


def test_a_published_price_ends_a_chain_of_formulas():
    assert faults(tariff(line("a", 100, formula=Formula("b")), line("b", formula=Formula("a")))) == ()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"name": 1, "name": 2}', "NaN", "[" * 100_000, "1" * 5000])
def test_what_is_no_tariff_at_all_is_refused(text):
    with pytest.raises(NotATariff):
        read(text)


def test_conditions_in_conditions_end_somewhere():
    when = {"whole": {}}
    for _ in range(60):
        when = {"not": {"of": when}}

    assert places(changed((*LINE, "when"), when))[0].startswith("versions[0].lines[0].when.not.of.not")


@pytest.mark.parametrize(("text", "cents"), [("16,50", 1650), ("16.50", 1650), (" 16 ", 1600), ("0", 0)])
def test_an_amount_as_people_write_it(text, cents):
    assert cents_of(text) == cents


@pytest.mark.parametrize("text", ["16,505", "16.5", "-1", "1.650,00", "€ 5", "", "1e3", "999999999", "²"])
def test_what_is_no_amount(text):
    with pytest.raises(NotAnAmount):
        cents_of(text)
