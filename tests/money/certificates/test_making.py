"""From orders, money and marks to certificates, and to the file for the administration."""

from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest

from chalicelib.booking.presence import table as presence
from chalicelib.booking.presence.rules import Mark, Marker, Tap
from chalicelib.core.refusals import Refused
from chalicelib.money.certificates import filing, making, national
from chalicelib.money.certificates import table as certificates
from chalicelib.money.certificates.filing import NothingToFile, NotTheTested, NumbersMissing, Stage
from chalicelib.money.certificates.making import Lacking
from chalicelib.money.certificates.payers import FamilyNumbers, NumberedPayer
from chalicelib.money.certificates.rules import Change, Period
from chalicelib.money.certificates.years import Maximum, SamePerson, accepted_by
from infra.local.example_certificates import prepare_certificates
from tests.camps import LOU
from tests.money.certificates.given import (
    CAMP,
    DAYS,
    ELS,
    NOW,
    a_family,
    a_year,
    gives,
    marks,
    pays,
    quick_books,
)
from tests.money.certificates.samples import CITY, FATHER, MOTHER, OTHER_NUMBER, PAYER_NUMBER


def state(family_id, year=2026):
    return making.of_family(family_id, making.money_of(year, NOW), NOW)


@pytest.fixture
def an(table, monkeypatch):
    quick_books(monkeypatch)
    a_year()
    return a_family().pass_.family_id


def test_who_entered_a_maximum_does_not_accept_it(table):
    entered = Maximum(2026, 18_00, "Staatsblad", ELS, edition=1)
    certificates.put_maximum(entered)

    with pytest.raises(SamePerson):
        accepted_by(entered, ELS)
    assert not certificates.maximum(2026).counts
    assert certificates.maximum(2024).counts
    assert certificates.maximum(2027) is None


def test_a_year_without_a_maximum_gives_nothing(an):
    pays(an, 100, date(2027, 1, 1), 2)

    assert making.of_family(an, making.YearMoney(2027), NOW).changes == ()


def test_a_family_that_gave_no_number_is_named_with_what_is_missing(an):
    found = state(an)

    assert found.lacking == (Lacking.CHILD, Lacking.PAYER)
    assert (found.changes, found.cents, found.children) == ((), 3000, {LOU.child_id: "Lou"})
    assert making.money_of(2026, NOW).families == [an]


def test_certificates_are_made_once_and_only_what_changed_is_made_anew(an):
    gives(an)

    assert making.make(state(an), 2026, NOW) == 1
    (given,) = certificates.of_family(an, 2026)
    assert (given.number, given.payer, given.child.first_name) == ("2026-000001", MOTHER, "Lou")
    assert given.periods == (Period(DAYS[0], DAYS[2], 2, 15_00),)
    assert making.make(state(an), 2026, NOW) == 0


def test_a_day_that_was_marked_wrong_is_a_correction_that_names_the_one_before(an):
    gives(an)
    making.make(state(an), 2026, NOW)
    marked = presence.of_day(CAMP.session_id, DAYS[1])[LOU.child_id]
    tap = Tap(LOU.child_id, "registration", Mark.PRESENT, marked.edition, NOW, Marker("sub-jan", "Jan Maes"))
    presence.mark(CAMP.session_id, DAYS[1], tap)

    found = state(an)
    making.make(found, 2026, NOW)

    assert [one.kind for one in found.changes] == [Change.CORRECTED]
    old, new = certificates.of_family(an, 2026)
    assert (old.replaced_by, old.cents, new.replaces, new.cents) == (2, 3000, 1, 4500)


def test_two_people_who_make_them_at_once_make_them_once(an):
    gives(an)
    first, second = state(an), state(an)

    making.make(first, 2026, NOW)
    with pytest.raises(Refused):
        making.make(second, 2026, NOW)

    assert len(certificates.of_family(an, 2026)) == 1


def test_money_counts_in_the_year_in_which_it_moved_not_in_which_it_was_booked(an):
    pays(an, -4500, date(2026, 6, 1), 2)  # the bank took it back
    pays(an, 4500, date(2025, 12, 30), 3)

    a_year(2025)

    assert (state(an, 2025).cents, state(an, 2026).cents) == (3000, 0)


def test_money_that_a_clerk_moved_from_another_order_counts_on_the_banks_day(an, monkeypatch):
    order_id = f"{an}REGISTR1"
    entry = SimpleNamespace(movement=SimpleNamespace(booked_on=date(2026, 8, 1)), cents=4500)
    monkeypatch.setattr(making.statements, "of_order", lambda asked: [entry] if asked == order_id else [])

    found = making.of_family(an, making.YearMoney(2026), NOW)  # the books have nothing of it

    assert found.cents == 3000


def test_parents_who_pay_apart_have_one_each(an):
    gives(an, ((MOTHER, PAYER_NUMBER), (FATHER, OTHER_NUMBER)), (70, 30))

    making.make(state(an), 2026, NOW)

    assert [(one.payer, one.cents) for one in certificates.of_family(an, 2026)] == [(MOTHER, 2100), (FATHER, 900)]


def test_the_first_copy_is_the_original_and_each_further_one_a_duplicate(an):
    gives(an)
    making.make(state(an), 2026, NOW)
    (given,) = certificates.of_family(an, 2026)

    assert [certificates.first_handed_out(given, NOW) for _ in range(3)] == [True, False, False]
    assert certificates.get("another", 2026, given.serial) is None


def test_a_file_is_a_test_until_its_test_was_taken_and_then_the_same_for_real(an):
    gives(an)
    making.make(state(an), 2026, NOW)

    test = filing.give(2026, ELS)
    assert filing.give(2026, ELS).is_test
    filing.confirm_test(filing.in_progress(filing.every(2026)), ELS)
    real = filing.give(2026, ELS)

    assert (test.is_test, real.is_test) == (True, False)
    assert test.content.replace(b"BCTEST", b"BELCOTAX") == real.content
    assert real.filed.stage is Stage.FETCHED


def test_the_real_file_is_not_given_for_other_content_than_the_tested(an):
    gives(an)
    making.make(state(an), 2026, NOW)
    filing.give(2026, ELS)
    filing.confirm_test(filing.in_progress(filing.every(2026)), ELS)

    certificates.put_organizer(replace(CITY, street="Grote Markt 2", edition=2))

    with pytest.raises(NotTheTested):
        filing.give(2026, ELS)


def test_once_it_was_taken_the_numbers_are_erased_and_nothing_is_left_to_file(an):
    declared(an)

    assert national.of_family(an) == FamilyNumbers()
    with pytest.raises(NothingToFile):
        filing.give(2026, ELS)


def test_numbers_that_were_given_anew_since_are_for_certificates_to_come_and_stay(an):
    declared(an)
    later = replace(national.of_family(an), payers=(NumberedPayer(MOTHER, PAYER_NUMBER),))
    national.put(an, later, date(2099, 12, 31), NOW + timedelta(days=1))

    assert filing.forget_numbers(filing.every(2026)[0]) == 0
    assert national.of_family(an).payers


def test_a_correction_names_the_sending_and_waits_for_the_numbers(an):
    declared(an)
    pays(an, -3000, date(2026, 8, 30), 2)  # two days went back
    marks(DAYS[0])
    assert state(an).lacking == (Lacking.CHILD, Lacking.PAYER)
    gives(an)
    making.make(state(an), 2026, NOW)
    national.erase(an)
    with pytest.raises(NumbersMissing):
        filing.give(2026, ELS)
    gives(an)

    root = ElementTree.fromstring(filing.give(2026, ELS).content)

    assert (root.findtext(".//v0025_typeenvoi"), root.findtext(".//v0026_referte")) == ("1", "AB12CD")
    assert root.findtext(".//f2028_typetraitement") == "1"
    assert (root.findtext(".//f2009_volgnummer"), root.findtext(".//f2010_referentie")) == ("1", "2026-000002")


def test_a_number_that_was_corrected_after_its_certificate_is_not_sent_with_it(an):
    gives(an)
    making.make(state(an), 2026, NOW)
    gives(an, ((MOTHER, OTHER_NUMBER),), edition=1)

    with pytest.raises(NumbersMissing):
        filing.give(2026, ELS)
    (change,) = state(an).changes
    assert change.kind is Change.CORRECTED


def test_a_certificate_without_its_numbers_waits_and_holds_up_no_other(an):
    gives(an)
    making.make(state(an), 2026, NOW)
    (given,) = certificates.of_family(an, 2026)
    another = replace(given, serial=7, family_id="another1234")
    certificates.give("another1234", 2026, 0, [another], [])

    root = ElementTree.fromstring(filing.give(2026, ELS).content)

    assert [one.text for one in root.iter("f2010_referentie")] == ["2026-000001"]


def declared(an):
    gives(an)
    making.make(state(an), 2026, NOW)
    filing.give(2026, ELS)
    filing.confirm_test(filing.in_progress(filing.every(2026)), ELS)
    filing.give(2026, ELS)
    filing.confirm(filing.in_progress(filing.every(2026)), "AB12CD", ELS)


def test_the_example_has_an_organizer_and_a_maximum_that_waits_for_a_second_person(table):
    for _ in range(2):  # again is the same
        prepare_certificates(NOW)

    assert [one.kbo for one in certificates.organizers().values()] == ["0207500123"]
    assert not certificates.maximum(2026).counts
