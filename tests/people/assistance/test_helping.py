"""Attacks on helping: guesses, twenty families at once, a former partner, two who use one code, an end in a race."""

from datetime import timedelta

import pytest
import time_machine

from chalicelib.core import table as stormloop_table
from chalicelib.core.http.problems import Problem
from chalicelib.people.assistance import helping, naming, table
from chalicelib.people.assistance.helping import begin_by_code, begin_by_word
from chalicelib.people.assistance.naming import Person
from chalicelib.people.assistance.rules import MOST_CODES_AN_HOUR, Consent, HelpEndedBy, LetIn
from chalicelib.people.families import changes, namings, sharing
from chalicelib.people.families.identity import family_id
from tests.camps import JEF, LOU, NOOR, Family, family
from tests.people.assistance.given import LOOKS, code, named, now

pytestmark = pytest.mark.usefixtures("table")
SAID = Consent("An Claeys", "0470 12 34 56", "Geen telefoon met internet.")
TOM = Person("Tom Baert", "tom@example.be")


@pytest.fixture
def claeys(table: None) -> Family:
    return family(LOU, JEF)


def refused(why: str) -> "pytest.RaisesContext[Problem]":
    return pytest.raises(Problem, match="not-now", check=lambda one: why in str(one.document("en")["detail"]))


def test_a_thousand_guesses_are_stopped_after_ten_and_the_right_one_too(claeys: Family) -> None:
    helper, right = named(), code(claeys)
    for number in range(MOST_CODES_AN_HOUR):
        with refused("This code does not work"):
            begin_by_code(helper, f"ACEF-HJ{'ACEFHJKMNP'[number]}9", now())

    for guess in ("ACEFHJKA", right):
        with refused("Too many codes were tried"):
            begin_by_code(helper, guess, now())
    with time_machine.travel(now() + timedelta(hours=1)):
        assert begin_by_code(helper, code(claeys), now()).help.family_id == claeys.pass_.family_id


def test_a_code_lets_one_helper_in_once_and_for_a_short_time(claeys: Family) -> None:
    jan, tom = named(), named(TOM)
    once, late = code(claeys), code(claeys)

    begin_by_code(jan, once, now())
    with refused("This code does not work"):
        begin_by_code(tom, once, now())
    with time_machine.travel(now() + timedelta(minutes=11)), refused("This code does not work"):
        begin_by_code(tom, late, now())


def test_two_who_read_the_same_code_before_either_used_it(claeys: Family) -> None:
    """Given the check of both before the write of either: the write of the second is refused."""
    jan, tom, said = named(), named(TOM), code(claeys)
    begun = begin_by_code(jan, said, now()).help

    assert not table.begin(_like(begun, tom.helper_id), "x", now().date(), now(), said)


def _like(begun: "helping.Help", helper_id: str) -> "helping.Help":
    from dataclasses import replace

    return replace(begun, help_id="another001", helper_id=helper_id)


def test_a_helper_helps_one_family_at_a_time(claeys: Family) -> None:
    """So that nobody sits with twenty open families in twenty tabs."""
    jan, other = named(), family(NOOR, email="fatima@example.be")
    first = begin_by_code(jan, code(claeys), now()).help

    with refused("End the help that you give now first"):
        begin_by_code(jan, code(other), now())
    helping.end(first, HelpEndedBy.FAMILY, now())
    assert begin_by_code(jan, code(other), now()).help.family_id == other.pass_.family_id


def test_a_former_partner_does_not_help_the_other_one(claeys: Family) -> None:
    """Given a neighbour who names a child of the family himself: by a code that he saw, or with an organisation."""
    tom = named(TOM, organisation="")
    namings.name([LOU.child_id], family_id(TOM.email), now(), int((now() + timedelta(days=1)).timestamp()))

    with refused("You name a child of this family yourself"):
        begin_by_code(tom, code(claeys), now())


def test_a_word_is_for_organisations_is_counted_and_never_reaches_who_is_protected(claeys: Family) -> None:
    jan, address, born = named(), claeys.pass_.email, LOU.birth_date
    with refused("Without an organisation"):
        begin_by_word(named(TOM, organisation=""), address, born, SAID, now())
    stormloop_table.transact_write([sharing.confiding(claeys.pass_.family_id, now(), is_on=True)])

    for _ in range(5):
        with refused("We know no family by this"):
            begin_by_word(jan, address, born, SAID, now())
    with refused("Five consents were written down"):
        begin_by_word(jan, address, born, SAID, now())


def test_a_letter_that_was_lost_stops_with_the_links_of_the_family(claeys: Family) -> None:
    of = claeys.pass_
    letter = helping.make_code(of.family_id, of.pass_id, LOOKS, 30, LetIn.LETTER, now())

    with time_machine.travel(now() + timedelta(days=13)):
        changes.revoke(of.family_id)
        with refused("This code does not work"):
            begin_by_code(named(), letter, now())


def test_nobody_helps_longer_than_they_are_a_helper(claeys: Family) -> None:
    helper = named(days=0)
    with time_machine.travel(
        now().replace(hour=22, minute=50, second=0, microsecond=0), tick=False
    ):  # ten minutes before midnight in Brussels
        begun = begin_by_code(helper, code(claeys), now()).help
        assert begun.ends_at - begun.begun_at == timedelta(minutes=10)
        with time_machine.travel(now() + timedelta(minutes=11)), refused("did not begin"):
            begin_by_code(helper, code(claeys), now())


def test_an_end_between_the_look_and_the_write_refuses_the_write(claeys: Family) -> None:
    begun = begin_by_code(named(), code(claeys), now())
    helping.end(begun.help, HelpEndedBy.FAMILY, now())

    with pytest.raises(Problem, match="help-over"):
        helping.acting(begun.cookie, "POST", "/sessions/{session_id}", {}, now(), is_for_families=True)
    assert table.acts(claeys.pass_.family_id, begun.help.help_id) == []


def test_another_browser_with_the_ids_alone_is_nobody(claeys: Family) -> None:
    begun = begin_by_code(named(), code(claeys), now())
    guessed = begun.cookie.rpartition(".")[0] + ".guessed"

    for cookie in (guessed, "", "a.b", "x.y.z"):
        assert helping.present(cookie, now()) is None


def test_an_end_that_broke_off_is_ended_by_doing_it_again(claeys: Family) -> None:
    helper = named()
    begun = begin_by_code(helper, code(claeys), now())
    table.end_helper(helper.helper_id, now().date() - timedelta(days=1))  # and here the container died

    naming.end(helper.helper_id, now())

    assert helping.present(begun.cookie, now()) is None


def test_who_is_ended_while_helping_is_out_and_may_be_named_again(claeys: Family) -> None:
    helper = named()
    begun = begin_by_code(helper, code(claeys), now())
    naming.end(helper.helper_id, now())

    assert helping.present(begun.cookie, now()) is None
    with refused("did not begin"):
        begin_by_code(helper, code(claeys), now())
    assert begin_by_code(named(), code(claeys), now()).help.helper_id == helper.helper_id
