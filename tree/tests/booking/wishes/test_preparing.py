"""A family prepares its wishes: what is stored, what is refused, and that a wish is registered at most once."""

from collections import Counter
from dataclasses import replace
from datetime import date
from itertools import product
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.booking.registrations import table as registrations
from chalicelib.booking.registrations.rules import registration_id
from chalicelib.booking.wishes import table
from chalicelib.booking.wishes.rules import MOST_WISHES
from chalicelib.core.http.problems import Problem
from chalicelib.programme.openings import table as openings
from chalicelib.programme.openings.rules import State
from tests.booking.draw.lots import changed, drawn_opening
from tests.booking.wishes.opened import look_up, opened, save, wanted
from tests.camps import JEF, LOU, NOOR, family, post, published

pytestmark = pytest.mark.usefixtures("table")


def camp(title: str = "Bouwkamp", **more):
    return published(title=title, **more)


def kookkamp():
    return camp("Kookkamp", starts_on=date(2027, 7, 5), ends_on=date(2027, 7, 9))


def register(by, wish):
    body = {"session_id": wish.session_id, "child_ids": list(wish.child_ids)}
    return post("/api/registrations", body, {**by.authorization, "Idempotency-Key": wish.key})


def test_a_family_finds_what_it_saved_in_its_order():
    bouwkamp, kook = camp(), kookkamp()
    opening, claeys = opened(bouwkamp, kook), family(LOU, JEF)

    saved = save(claeys, opening, wanted(kook, LOU), wanted(bouwkamp, LOU, JEF), by_itself=True)

    assert look_up(claeys, opening) == saved
    assert [one.wanted for one in saved.wishes] == [wanted(kook, LOU), wanted(bouwkamp, LOU, JEF)]
    assert saved.by_itself
    assert table.of_family(claeys.pass_.family_id) == {opening.opening_id: saved}


def test_nothing_is_prepared_at_first_and_others_wishes_are_nobodys():
    bouwkamp = camp()
    opening = opened(bouwkamp)
    save(family(LOU), opening, wanted(bouwkamp, LOU))

    assert look_up(family(NOOR, email="fatima@example.be"), opening).wishes == ()


@pytest.mark.parametrize(
    ("title", "children", "field"),
    [
        ("Kookkamp", [LOU], "wishes[0].session_id"),
        ("Bouwkamp", [NOOR], "wishes[0].child_ids"),
        ("Bouwkamp", [], "wishes[0].child_ids"),
    ],
)
def test_a_session_of_another_opening_and_a_child_of_others_are_named(title, children, field):
    sessions = {one.title: one for one in (camp(), kookkamp())}
    opening, claeys = opened(sessions["Bouwkamp"]), family(LOU)

    with pytest.raises(Problem) as refused:
        save(claeys, opening, wanted(sessions[title], *children))

    assert [error.field for error in refused.value.errors] == [field]
    assert look_up(claeys, opening).edition == 0


def test_a_wish_whose_session_left_the_opening_is_in_nobodys_way():
    bouwkamp, kook = camp(), kookkamp()
    opening, claeys = opened(bouwkamp, kook), family(LOU)
    save(claeys, opening, wanted(bouwkamp, LOU), wanted(kook, LOU))
    changed(opening, plan=replace(opening.plan, session_ids=(kook.session_id,)))
    openings.forget()

    assert save(claeys, opening, wanted(bouwkamp, LOU)).wishes[0].wanted == wanted(bouwkamp, LOU)


def test_more_wishes_than_anybody_can_oversee_are_refused():
    bouwkamp = camp()
    opening, claeys = opened(bouwkamp), family(LOU)

    with pytest.raises(Problem) as refused:
        save(claeys, opening, *[wanted(bouwkamp, LOU)] * (MOST_WISHES + 1))

    assert [error.field for error in refused.value.errors] == ["wishes"]


def test_a_draw_has_its_own_wishes_until_it_is_over():
    bouwkamp = camp()
    opening, claeys = drawn_opening(bouwkamp), family(LOU)

    with pytest.raises(Problem) as refused:
        save(claeys, opening, wanted(bouwkamp, LOU))
    assert refused.value.kind.slug == "not-now"

    changed(opening, state=State.DRAWN)
    assert save(claeys, opening, wanted(bouwkamp, LOU)).edition == 1


def test_an_unknown_opening_is_not_found():
    opening = opened(camp())
    changed(opening, state=State.DRAFT)
    openings.forget()

    with pytest.raises(Problem) as refused:
        look_up(family(LOU), opening)

    assert refused.value.kind.slug == "not-found"


def test_two_tabs_that_save_the_same_at_once_have_one_key():
    bouwkamp = camp()
    opening, claeys = opened(bouwkamp), family(LOU)
    read = table.get

    def and_the_other_tab_saves(*key):
        found = read(*key)
        if found.edition == 0:
            with mock.patch.object(table, "get", read):
                first.append(save(claeys, opening, wanted(bouwkamp, LOU)))
        return found

    first = []
    with mock.patch.object(table, "get", and_the_other_tab_saves):
        second = save(claeys, opening, wanted(bouwkamp, LOU))

    assert second.wishes == first[0].wishes
    assert second.edition == 2


def test_what_an_incident_took_back_is_registered_anew_without_being_saved_again():
    bouwkamp = camp()
    opening, claeys = opened(bouwkamp), family(LOU)
    wish = save(claeys, opening, wanted(bouwkamp, LOU)).wishes[0]
    assert register(claeys, wish).json_body["status"] == "confirmed"

    claeys.cancel(registration_id(claeys.pass_.family_id, wish.key))
    registrations.RegistrationItem(
        f"F#{claeys.pass_.family_id}", "R#" + registration_id(claeys.pass_.family_id, wish.key)[11:]
    ).update([registrations.RegistrationItem.taken_back.set(f"{opening.opening_id}#1")])

    anew = look_up(claeys, opening).wishes[0]
    assert anew.key != wish.key
    assert register(claeys, anew).json_body["status"] == "confirmed"
    assert look_up(claeys, opening).wishes == (anew,)


BOTH = (LOU, JEF)
CHOICES = st.lists(st.tuples(st.integers(0, 1), st.sampled_from([(0,), (1,), (0, 1)])), max_size=3)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("save"), CHOICES),
        # From a page as it was at some time: another tab, another phone, the back button.
        st.tuples(st.just("register"), st.tuples(st.integers(0, 5), st.integers(0, 2))),
        st.tuples(st.just("cancel"), st.integers(0, 5)),
    ),
    max_size=10,
)


@settings(max_examples=40)
@given(STEPS, st.uuids())
def test_whatever_tabs_and_phones_do_a_child_is_registered_once_for_a_session(a_summer, steps, number):
    opening, sessions = a_summer
    claeys = family(LOU, JEF, email=f"{number}@example.be")
    pages = [look_up(claeys, opening)]
    for what, how in steps:
        if what == "save":
            before, cancelled = look_up(claeys, opening), cancelled_keys(claeys)
            pages.append(save(claeys, opening, *[wanted(sessions[s], *(BOTH[c] for c in each)) for s, each in how]))
            for old, new in product(before.wishes, pages[-1].wishes):
                assert (old.key == new.key) is (old.wanted.is_same(new.wanted) and old.key not in cancelled)
        elif what == "register":
            page = pages[how[0] % len(pages)]
            for wish in page.wishes[how[1] : how[1] + 1]:
                first, again = register(claeys, wish), register(claeys, wish)
                if first.status_code < 300:
                    assert again.status_code == 200
                    assert again.json_body["registration_id"] == first.json_body["registration_id"]
        elif live := live_ones(claeys):
            claeys.cancel(live[how % len(live)]["registration_id"])

        seats = Counter((one["session_id"], child) for one in live_ones(claeys) for child in one["child_ids"])
        assert all(held == 1 for held in seats.values())
    for one in live_ones(claeys):  # the next family has the same children
        claeys.cancel(one["registration_id"])


@pytest.fixture
def a_summer(table):
    sessions = [camp(), kookkamp()]
    return opened(*sessions), sessions


def registered(by):
    return by.get("/api/registrations").json_body["registrations"]


def live_ones(by):
    return [one for one in registered(by) if one["status"] != "cancelled"]


def cancelled_keys(by):
    ids = {one["registration_id"] for one in registered(by) if one["status"] == "cancelled"}
    return {
        wish.key
        for prepared in table.of_family(by.pass_.family_id).values()
        for wish in prepared.wishes
        if registration_id(by.pass_.family_id, wish.key) in ids
    }
