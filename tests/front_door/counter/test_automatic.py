"""When a rule issues a certificate, and why it leaves one to a clerk: plain rules."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.front_door.cases.rules import Act, Case, CaseStatus, Contact, HistoryEntry, Way
from chalicelib.front_door.counter import automatic, kinds
from chalicelib.front_door.counter.automatic import Facts, IssuingRule, NoFacts, Signatory
from chalicelib.front_door.counter.requests import DOCUMENTS
from chalicelib.front_door.counter.rules import Identity, IdentityWay
from chalicelib.front_door.forms.rules import FormKind

NOW = datetime(2027, 3, 8, 9, 30, tzinfo=UTC)
HIGH = "http://eidas.europa.eu/LoA/high"
PIET = Signatory("sub-piet", "Piet de Boer", NOW)
RULE = IssuingRule("household", 1, False, (HIGH,), 90, PIET)
AN = Identity(IdentityWay.SIGN_IN, "Claeys An", date(1985, 4, 12), f"eid.example {HIGH}", NOW, level=HIGH)
CASE = Case(
    case_id="ACDEFGHJKMNPR",
    secret="C" * 16,
    form_id="household",
    form_version=1,
    kind=FormKind.CERTIFICATE,
    way=Way.PAGE,
    answers={"whom": "self", "name": "An Claeys", "born": "1985-04-12"},
    contact=Contact(),
    place=None,
    photos=(),
    unit_id="office",
    status=CaseStatus.RECEIVED,
    received_at=NOW,
    answer_by=date(2027, 3, 11),
)
FACTS = Facts("Claeys, An", date(1985, 4, 12), "Veld 1, 9970 Kaprijke", {"members": ("An Claeys", "Bo Peeters")})


def test_who_asks_for_themself_and_is_proven_as_the_rule_says_is_left_to_nobody():
    assert automatic.of_request(RULE, CASE, AN) == ""
    assert automatic.of_state(CASE, [], AN) == ""
    assert automatic.of_answer("household", FACTS, AN) == ""


@pytest.mark.parametrize(
    ("answers", "identity", "why"),
    [
        ({"whom": "child"}, AN, automatic.FOR_ANOTHER),
        ({"whom": "other"}, AN, automatic.FOR_ANOTHER),
        ({}, replace(AN, level="http://eidas.europa.eu/LoA/low"), automatic.WEAK),
        ({}, replace(AN, level=""), automatic.WEAK),
        ({}, replace(AN, way=IdentityWay.DESK, what="identity-card"), automatic.WEAK),
        ({}, replace(AN, born=None), automatic.ANOTHER),
        ({}, replace(AN, name="Bo Claeys"), automatic.ANOTHER),
        ({"born": "1985-04-13"}, AN, automatic.ANOTHER),
        ({"name": "Bo Peeters"}, AN, automatic.ANOTHER),  # an ex-partner, who is proven to be An
    ],
)
def test_what_does_not_hold_is_said(answers, identity, why):
    assert automatic.of_request(RULE, replace(CASE, answers={**CASE.answers, **answers}), identity) == why


@pytest.mark.parametrize("document", DOCUMENTS)
def test_at_the_desk_only_ones_own_document_is_enough(document):
    seen = replace(AN, way=IdentityWay.DESK, what=document, level="")
    is_own = document not in ("mandate", "kids-id")
    assert (automatic.of_request(replace(RULE, desk=True), CASE, seen) == "") is is_own


def test_what_a_person_is_at_or_has_not_read_stays_theirs():
    for status in set(CaseStatus) - {CaseStatus.RECEIVED}:
        assert automatic.of_state(replace(CASE, status=status), [], AN) == automatic.AT_IT
    assert automatic.of_state(replace(CASE, reopened=1), [], AN) == automatic.AT_IT
    wrote = HistoryEntry(2, NOW, Act.REPLIED, "citizen", CaseStatus.RECEIVED, text="Toch niet meer nodig.")
    assert automatic.of_state(CASE, [wrote], AN) == automatic.WROTE
    doubts = HistoryEntry(2, NOW, Act.NOTED, "sub-nadia", CaseStatus.RECEIVED, note="Niet geven: vraag de politie.")
    assert automatic.of_state(CASE, [replace(doubts, at=AN.at + timedelta(minutes=1))], AN) == automatic.AT_IT
    assert automatic.of_state(CASE, [replace(doubts, at=AN.at)], AN) == ""  # the desk wrote down who asks


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (NoFacts.NONE, automatic.UNKNOWN),
        (NoFacts.UNCERTAIN, automatic.UNCERTAIN),
        (replace(FACTS, name="An Claes"), automatic.ANOTHER_IN_REGISTER),
        (replace(FACTS, born=date(1985, 4, 13)), automatic.ANOTHER_IN_REGISTER),
        (replace(FACTS, address=" "), automatic.INCOMPLETE),
        *(
            (replace(FACTS, fields=fields), automatic.INCOMPLETE)
            for fields in (
                {},
                {"members": ()},
                {"members": "An"},
                {"members": ("An", "")},
                {"members": ("सर्वोच्च",)},
                {"members": ("An\nBo",)},
                {"members": ("A",) * 41},
                {"members": ("A" * 301,)},
            )
        ),
    ],
)
def test_what_the_register_says_must_be_whole_and_of_that_person(answer, why):
    assert automatic.of_answer("household", answer, AN) == why


@pytest.mark.parametrize("since", ["1 september 2014", "2014-02-30", ""])
def test_a_day_that_is_none_is_not_printed(since):
    assert automatic.of_answer("residence", replace(FACTS, fields={"since": since}), AN) == automatic.INCOMPLETE


def test_it_says_what_the_register_says_in_the_citizens_language():
    assert automatic.content("household", FACTS, "fr").lines == (
        "Le ménage se compose de\u00a0:\n1. An Claeys\n2. Bo Peeters"
    )
    said = automatic.content("residence", replace(FACTS, fields={"since": "2014-09-01"}), "nl")
    assert (said.name, said.lines) == ("Claeys, An", "Op dit adres sinds: 1 september 2014")


def test_a_rule_is_only_for_what_the_register_knows_of_the_person_themself():
    can = {form_id for form_id in automatic.STATED if kinds.SELF in kinds.BY_FORM[form_id].whom}
    assert can == {"household", "residence", "residence-history", "nationality", "cohabitation"}
    assert all(set(one.label) == {"nl", "fr", "en"} for form_id in can for one in automatic.STATED[form_id])
    assert RULE.valid_until(date(2027, 3, 8)) == date(2027, 6, 6)
    assert replace(RULE, days=0).valid_until(date(2027, 3, 8)) is None
