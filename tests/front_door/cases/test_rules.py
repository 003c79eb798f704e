import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.ids import SPOKEN
from chalicelib.front_door.cases.rules import (
    ID_LENGTH,
    IN_HAND,
    TRANSITIONS,
    CaseStatus,
    case_id_of,
    digest_of,
    id_of,
    receipt_of,
)

A_CASE = id_of("ACEFGHJKMNPR")


def test_a_receipt_is_typed_in_any_way() -> None:
    assert receipt_of(A_CASE) == f"ACEF-GHJK-MNPR{A_CASE[-1]}"
    assert case_id_of(f" acef ghjk-mnpr{A_CASE[-1].lower()} ") == A_CASE


@given(st.text(SPOKEN, min_size=ID_LENGTH, max_size=ID_LENGTH), st.integers(0, ID_LENGTH - 1), st.sampled_from(SPOKEN))
def test_one_wrong_character_is_no_receipt(characters: str, place: int, other: str) -> None:
    case_id = id_of(characters)

    typed = case_id[:place] + other + case_id[place + 1 :]

    assert case_id_of(typed) == (case_id if typed == case_id else None)


@pytest.mark.parametrize("typed", ["", "ACEF", "O" * 13, "ACEF-GHJK-MNPR", "ａｃｅｆ-ghjk-mnprx", "x" * 5000])
def test_what_reads_like_no_receipt_is_none(typed: str) -> None:
    assert case_id_of(typed) is None


def test_every_status_can_be_reached_and_left() -> None:
    reached = {CaseStatus.RECEIVED} | {after for every in TRANSITIONS.values() for after in every}

    assert reached == set(CaseStatus) == set(TRANSITIONS)
    assert all(TRANSITIONS[status] for status in CaseStatus)
    assert all(TRANSITIONS[status] & {CaseStatus.ANSWERED, CaseStatus.CLOSED} for status in IN_HAND)


def test_the_public_list_names_a_case_by_what_its_citizen_alone_knows() -> None:
    assert digest_of(A_CASE, "34679ACEFGHJKMNP") != digest_of(A_CASE, "34679ACEFGHJKMNR")
