"""Declarations and the list of those that wait, in DynamoDB."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.city.work.rules import Worker
from chalicelib.core import table as stormloop
from chalicelib.core.refusals import Interfered
from chalicelib.money.entitlements import table as entitlements
from chalicelib.money.entitlements.rules import Decision, Declaration, Declared, Paper, ProofStatus

pytestmark = pytest.mark.usefixtures("table")

MARCH = datetime(2027, 3, 1, 9, tzinfo=UTC)
FAMILY = "abcdefghjkm"


def declaration(declaration_id: str = "d1", *, municipality: str = "De Panne", minutes: int = 0) -> Declaration:
    declared = Declared("social", municipality, None, date(2027, 3, 1), date(2028, 2, 29))
    return Declaration(declaration_id, FAMILY, declared, MARCH + timedelta(minutes=minutes))


def proven(before: Declaration) -> Declaration:
    decision = Decision(Worker("roos", "Roos"), MARCH, seen="attestation of the mutuality")
    return replace(before, status=ProofStatus.PROVEN, decision=decision, edition=before.edition + 1)


def lines() -> list[str]:
    values = {":list": {"S": "ENTITLED#de-panne"}}
    return [item["sk"]["S"] for item in stormloop.query("pk = :list", values)]


def test_a_declaration_is_read_as_it_was_written():
    full = replace(
        proven(declaration()),
        declared=Declared("income", "", "lou", date(2027, 1, 1), date(2027, 12, 31), 31_000_00),
        declared_by=Worker("an", "An"),
        paper=Paper("pdf", 123_456, MARCH),
        edition=1,
    )
    entitlements.put(full)

    assert entitlements.get(FAMILY, "d1") == full
    assert entitlements.of_family(FAMILY) == [full]


def test_what_waits_is_listed_oldest_first_in_parts_and_no_other_municipality_sees_it():
    for number in (3, 1, 2):
        entitlements.put(declaration(f"d{number}", minutes=number))
    entitlements.put(declaration("d4", municipality="Veurne"))

    some, behind = entitlements.waiting(["De Panne"], most=2)
    rest, end = entitlements.waiting(["De Panne"], after=behind or "", most=2)

    assert [[each.declaration_id for each in part] for part in (some, rest)] == [["d1", "d2"], ["d3"]]
    assert end is None


def test_what_is_decided_is_on_the_list_no_more_and_of_two_clerks_one_decides():
    entitlements.put(declaration())
    entitlements.replace(declaration(), proven(declaration()))

    with pytest.raises(Interfered):
        entitlements.replace(declaration(), replace(proven(declaration()), status=ProofStatus.REFUSED))

    assert lines() == []
    assert entitlements.get(FAMILY, "d1") == proven(declaration())


def test_a_family_takes_back_what_nobody_decided_and_not_what_somebody_did():
    entitlements.put(declaration())
    entitlements.put(declaration("d2"))
    entitlements.replace(declaration("d2"), proven(declaration("d2")))

    entitlements.delete(declaration())
    with pytest.raises(Interfered):
        entitlements.delete(declaration("d2"))

    assert [each.declaration_id for each in entitlements.of_family(FAMILY)] == ["d2"]
    assert lines() == []


def test_the_same_declaration_twice_is_one():
    entitlements.put(declaration())

    with pytest.raises(Interfered):
        entitlements.put(declaration())


def test_a_line_that_leads_to_nothing_that_waits_goes():
    entitlements.put(declaration())
    stormloop.call("DeleteItem", Key=stormloop.key(f"F#{FAMILY}", "ENTITLED#d1"))

    assert entitlements.waiting(["De Panne"]) == ([], None)
    assert lines() == []


def test_that_a_paper_is_deleted_is_written_down_and_brings_nothing_back():
    entitlements.put(replace(declaration(), paper=Paper("png", 9, MARCH)))

    entitlements.forget_paper(declaration())

    assert entitlements.of_family(FAMILY) == [declaration()]


def test_what_was_declared_for_a_child_follows_it_to_another_id():
    for_lou = replace(declaration(), declared=replace(declaration().declared, child_id="lou"))
    entitlements.put(for_lou)
    entitlements.put(declaration("d2"))

    stormloop.transact_write(entitlements.renaming(FAMILY, "lou", "lou2"))

    assert [each.declared.child_id for each in entitlements.of_family(FAMILY)] == ["lou2", None]
    assert len(lines()) == 2


def test_the_lines_of_a_family_that_leaves_go():
    entitlements.put(declaration())

    entitlements.erase_lines(FAMILY)

    assert lines() == []
