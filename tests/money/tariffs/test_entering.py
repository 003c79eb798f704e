"""A version is entered by one, accepted by two others, and never changes then."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from chalicelib.core.http.problems import Problem
from chalicelib.money.tariffs import entering, table
from chalicelib.money.tariffs.document import written
from chalicelib.money.tariffs.entering import Deed, Part
from chalicelib.money.tariffs.rules import Formula, Labels, Line, PublishedPrice
from chalicelib.people.staff.rules import Role, Staff
from tests.money.tariffs.council import discount, line, tariff, words
from tests.money.tariffs.stored import accepted

pytestmark = pytest.mark.usefixtures("table")

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
NEW_YEAR = date(2027, 1, 1)
ELS, JAN, FATIMA, PIET = (
    Staff(name, name.title(), frozenset({Role.FINANCE})) for name in ("els", "jan", "fatima", "piet")
)
GOOD = tariff(line("day", 1650), first_day=NEW_YEAR)


def pasted(of=GOOD, by=ELS):
    return entering.paste("", written(of), by, NOW)


def adding(element, part=Part.LINES, by=ELS, number=1, edition=None):
    before = table.get("", number)
    deed = Deed(by, edition or before.edition, NOW)
    place = len(entering.several(before.version, part))
    return entering.change(
        "", number, lambda version: entering.put(version, part, None, element), f"{part}[{place}]", deed
    )


def accept(by, number=1, now=NOW, seen=None):
    return entering.accept("", number, (seen or entering.look("", number)).digest, by, now)


def refused(attempt):
    with pytest.raises(Problem) as raised:
        attempt()
    problem = raised.value
    return problem.kind.slug, str(problem.extra.get("why", {}).get("en", "")), [each.field for each in problem.errors]


def test_two_people_who_did_not_change_it_accept_it():
    pasted()

    assert accept(JAN).is_accepted is False
    assert table.in_force("") is None
    assert accept(FATIMA).is_accepted is True

    assert table.in_force("").versions == GOOD.versions
    assert [each.name for each in table.get("", 1).acceptances] == ["Jan", "Fatima"]


def test_nobody_accepts_what_they_changed_nor_twice():
    pasted()
    adding(line("week", 6000), by=JAN)
    accept(FATIMA)

    assert refused(lambda: accept(ELS))[:2] == ("not-now", entering.YOURS)
    assert refused(lambda: accept(JAN))[:2] == ("not-now", entering.YOURS)
    assert refused(lambda: accept(FATIMA))[:2] == ("not-now", entering.TWICE)
    assert table.in_force("") is None


def test_who_looked_at_another_version_accepted_nothing():
    pasted()
    seen = entering.look("", 1)
    accept(JAN, seen=seen)
    adding(line("week", 1))

    assert refused(lambda: accept(FATIMA, seen=seen))[0] == "changed"
    assert entering.look("", 1).accepted == ()
    accept(FATIMA)
    assert table.in_force("") is None


def test_findings_are_part_of_what_is_accepted(monkeypatch):
    """Should the check find more one day, nobody has accepted that."""
    pasted(tariff(line("day", 1650), line("half", 800, formula=Formula("day", Decimal(50))), first_day=NEW_YEAR))
    seen = entering.look("", 1)
    assert [(each.cents, each.formula_cents) for each in seen.findings if each.cents] == [(800, 825)]
    accept(JAN)
    monkeypatch.setattr(entering, "check", lambda _: ())

    assert refused(lambda: accept(FATIMA, seen=seen))[0] == "changed"
    assert entering.look("", 1).accepted == ()


def test_a_version_begins_tomorrow_at_the_earliest():
    late = datetime(2026, 12, 31, 23, 0, tzinfo=UTC)  # midnight in Brussels: 1 January has begun
    pasted()
    accept(JAN)

    assert refused(lambda: accept(FATIMA, now=late))[:2] == ("not-now", entering.BEGUN)
    accept(FATIMA, now=datetime(2026, 12, 31, 22, 59, tzinfo=UTC))


def test_what_is_accepted_is_neither_changed_nor_deleted_but_copied():
    accepted(GOOD)
    deed = Deed(ELS, table.get("", 1).edition, NOW)

    assert refused(lambda: adding(line("week", 1)))[:2] == ("not-now", entering.IS_ACCEPTED)
    assert refused(lambda: entering.delete("", 1, deed))[:2] == ("not-now", entering.IS_ACCEPTED)
    new = entering.copy("", 1, ELS, NOW)
    assert (new.number, new.version.lines, new.version.decision) == (2, GOOD.versions[0].lines, "")


def test_whoever_entered_a_draft_cannot_accept_their_prices_in_a_colleagues_copy():
    pasted()
    copied = entering.copy("", 1, JAN, NOW)
    entering.change("", 2, lambda version: replace(version, decision="council"), "", Deed(JAN, copied.edition, NOW))

    assert [each.name for each in table.get("", 2).editors] == ["Els", "Jan"]
    assert refused(lambda: accept(ELS, 2))[:2] == ("not-now", entering.YOURS)


def test_a_version_that_leaves_a_gap_is_not_accepted_and_says_why():
    accepted(replace(GOOD, versions=(replace(GOOD.versions[0], last_day=date(2027, 6, 30)),)))
    pasted(tariff(line("day", 1700), first_day=date(2027, 7, 2)))

    assert [each.place for each in entering.look("", 2).faults] == ["first_day"]
    assert refused(lambda: accept(JAN, 2))[:2] == ("not-now", entering.NOT_WHOLE)


def test_of_two_managers_the_second_is_told():
    edition = pasted().edition
    adding(line("week", 6000), edition=edition)

    assert refused(lambda: adding(line("camp", 7000), by=JAN, edition=edition))[0] == "changed"
    assert [each.code for each in table.get("", 1).version.lines] == ["day", "week"]


@pytest.mark.parametrize(
    ("element", "part", "field"),
    [
        (line("week", -1), Part.LINES, "cents"),
        (Line("week", Labels("w" * 71, "w", "w"), "art. 1", cents=1), Part.LINES, "label.nl"),
        (Line("week", Labels("two\nlines", "w", "w"), "art. 1", cents=1), Part.LINES, "label.nl"),
        (line("week", formula=Formula("week")), Part.LINES, "formula.line"),
        (line("day", 1), Part.LINES, "code"),
        (discount("half", 101), Part.DISCOUNTS, "percent"),
        (PublishedPrice("nothing", 1), Part.PUBLISHED, "line"),
    ],
)
def test_what_is_wrong_is_refused_at_its_field(element, part, field):
    pasted()

    slug, _, fields = refused(lambda: adding(element, part))

    assert slug == "invalid"
    assert field in fields
    assert table.get("", 1).version == GOOD.versions[0]


def test_what_is_missing_elsewhere_may_still_come():
    entering.begin("", ELS, NOW)
    adding(line("meal", 300))

    assert {each.place for each in entering.look("", 1).faults} == {"name.nl", "name.fr", "name.en", "decision"}
    named = entering.change("", 1, lambda version: version, "", Deed(ELS, 2, NOW), words("Kaprijke"))
    assert named.name == words("Kaprijke")


def test_a_circle_of_formulas_is_refused_when_it_closes():
    pasted()
    adding(line("week", formula=Formula("day")))
    circle = line("day", formula=Formula("week"))
    deed = Deed(ELS, 2, NOW)

    def closing():
        entering.change("", 1, lambda version: entering.put(version, Part.LINES, 0, circle), "lines[0]", deed)

    assert refused(closing)[2] == ["formula.line"]


def test_a_file_with_mistakes_names_each():
    text = written(GOOD).replace('"cents":1650', '"cents":16.505')

    slug, _, fields = refused(lambda: entering.paste("", text, ELS, NOW))

    assert (slug, fields) == ("invalid", ["document.versions[0].lines[0].cents"])
    assert refused(lambda: entering.paste("", "{", ELS, NOW))[2] == ["document"]
    assert table.every("") == []
