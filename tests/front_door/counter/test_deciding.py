"""A rule issues behind the stream, once; what does not hold lies in the inbox, with the reason."""

import random
import threading
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from unittest import mock

import boto3
import pytest

from chalicelib.core import bucket, settings
from chalicelib.core.http.problems import BUSY, Problem
from chalicelib.core.refusals import Interfered
from chalicelib.front_door.cases import acting, following, sending
from chalicelib.front_door.cases import table as cases
from chalicelib.front_door.cases.acting import Deed
from chalicelib.front_door.cases.rules import STORMLOOP, Act, Case, CaseStatus, Contact, Way
from chalicelib.front_door.cases.sending import CaseRequest
from chalicelib.front_door.counter import automatic, deciding, issuing, kinds, rule_table, sealing, table
from chalicelib.front_door.counter.automatic import Facts, IssuingRule, NoFacts, RegisterAnswer, Signatory
from chalicelib.front_door.counter.issuing import Issue
from chalicelib.front_door.counter.register import RegisterAway, RegisterOverHttp
from chalicelib.front_door.counter.rules import BY_RULE, Content, Identity, IdentityWay
from chalicelib.front_door.daybook import table as daybook
from chalicelib.front_door.daybook.rules import handling_of
from chalicelib.mail.rules import MailKind, Message, messages
from infra.local import register as standin
from tests.front_door.city import KOEN, NADIA, NOW, a_city, publish

HIGH = "http://eidas.europa.eu/LoA/high"
ANSWERS = {"whom": "self", "name": "An Claeys", "born": "1985-04-12"}
PROVEN = Identity(IdentityWay.SIGN_IN, "An Claeys", date(1985, 4, 12), f"eid.example {HIGH}", NOW, level=HIGH)
FACTS = Facts("An Claeys", date(1985, 4, 12), "Veld 1, 9970 Kaprijke", {"members": ("An Claeys", "Bo Peeters")})
CLERKS = Content("An Claeys", date(1985, 4, 12), "Veld 1", "Het gezin bestaat uit An Claeys.", "nl")
PIET, RIK = Signatory("sub-piet", "Piet de Boer", NOW), Signatory("sub-rik", "Rik Maes", NOW)


class Register:
    """Says what it is told; `asked`: whom it was asked about."""

    def __init__(self, answer: RegisterAnswer | None = FACTS) -> None:
        self.answer = answer
        self.asked: list[tuple[str, str]] = []

    def says(self, form_id: str, identity: Identity) -> RegisterAnswer:
        self.asked.append((form_id, identity.name))
        if self.answer is None:
            raise RegisterAway
        return self.answer


def rule(number: int = 1) -> IssuingRule:
    """In force: entered by one, accepted by another."""
    new = IssuingRule("household", number, False, (HIGH,), 90, PIET)
    rule_table.enter(new)
    rule_table.accept(new, RIK)
    return rule_table.in_force("household") or new


def asked(answers: dict[str, str] = ANSWERS, key: str = "gezin-1") -> Case:
    contact = Contact(email="an.claeys@example.org", name="An Claeys", language="nl")
    return sending.send(CaseRequest("household", answers, Way.PAGE, key, contact=contact), NOW).case


def proven(identity: Identity = PROVEN, key: str = "gezin-1") -> Case:
    return issuing.prove_by_sign_in(asked(key=key), identity)


def a_counter() -> None:
    a_city()
    publish(kinds.form_of(kinds.BY_FORM["household"], "streets"))


@pytest.fixture
def city(table: None) -> None:
    bucket.client.cache_clear()
    location = {"LocationConstraint": "eu-west-1"}
    boto3.client("s3").create_bucket(Bucket=settings.papers(), CreateBucketConfiguration=location)
    a_counter()


def again(case: Case) -> Case:
    found = cases.get(case.case_id)
    assert found
    return found


def why_not(case: Case) -> str:
    """As the last note says it, of a case that is still in its unit's hands."""
    after = again(case)
    assert after.is_in_hand
    assert cases.in_inbox(after)
    assert table.of_case(case.case_id) is None
    return cases.history(after)[-1].note


def test_what_holds_is_issued_in_the_name_of_the_rule_without_a_hand(city):
    case, version = proven(), rule()

    issued = deciding.decide(case.case_id, Register(), NOW)

    assert issued == table.of_case(case.case_id)
    assert (issued.by, issued.by_name, issued.identity) == (BY_RULE, "1", IdentityWay.SIGN_IN)
    assert issued.valid_until == date(2027, 6, 6)
    assert version.number == 1
    after = again(case)
    entry = cases.history(after)[-1]
    assert (after.status, entry.by, entry.by_name) == (CaseStatus.ANSWERED, STORMLOOP, "")
    assert issued.spoken in entry.text
    assert "versie 1" in entry.note
    assert "Rik Maes" in entry.note
    assert handling_of(after, cases.history(after)).hands == 0
    figures = table.figures(2027)
    assert (figures["issued-sign-in", "household"], figures["issued-by-rule", "household"]) == (1, 1)


def test_without_a_register_or_a_rule_nothing_changes(city):
    case = proven()
    assert deciding.decide(case.case_id, Register(), NOW) is None
    rule()
    assert deciding.decide(case.case_id, None, NOW) is None
    assert again(case) == case


def test_nobody_is_asked_about_before_they_proved_who_they_are(city):
    case, register = asked(), Register()
    rule()
    assert deciding.decide(case.case_id, register, NOW) is None
    assert register.asked == []
    assert again(case) == case


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (NoFacts.NONE, "kent niemand"),
        (NoFacts.UNCERTAIN, "niet zeker"),
        (None, "antwoordde niet"),
        (replace(FACTS, fields={}), "niet alles"),
        (replace(FACTS, name="An Claes"), "andere naam"),
    ],
)
def test_what_does_not_hold_lies_in_the_inbox_with_the_reason_once(city, answer, why):
    case, register = proven(), Register(answer)
    rule()

    for _ in range(3):  # however often the message comes
        assert deciding.decide(case.case_id, register, NOW) is None

    assert why in why_not(case)
    assert again(case).edition == case.edition + 1
    assert len(register.asked) == 1


def test_a_weak_sign_in_asks_no_register(city):
    case, register = proven(replace(PROVEN, level="low")), Register()
    rule()
    deciding.decide(case.case_id, register, NOW)
    assert "niet genoeg" in why_not(case)
    assert register.asked == []


def test_a_seal_that_does_not_answer_leaves_it_to_a_clerk(city, monkeypatch):
    case = proven()
    rule()
    monkeypatch.setattr(sealing, "sealed", mock.Mock(side_effect=Problem(BUSY)))
    assert deciding.decide(case.case_id, Register(), NOW) is None
    assert "niet gemaakt" in why_not(case)


def test_a_rule_that_was_ended_meanwhile_issues_nothing(city):
    """Given a rule that is ended while the register is asked: that it is in force is a condition of the write."""
    case, version = proven(), rule()
    ending = Register()
    ending.says = lambda *_: rule_table.end(version, PIET) or FACTS  # type: ignore[method-assign]

    with pytest.raises(Interfered):
        deciding.decide(case.case_id, ending, NOW)

    assert deciding.decide(case.case_id, Register(), NOW) is None
    assert again(case) == case


def test_whoever_entered_a_version_does_not_accept_it_and_only_the_newest_counts(city):
    first = IssuingRule("household", 1, False, (HIGH,), 90, PIET)
    rule_table.enter(first)
    with pytest.raises(Interfered):
        rule_table.accept(first, PIET)
    assert rule_table.in_force("household") is None
    rule_table.enter(replace(first, number=2))
    with pytest.raises(Interfered):
        rule_table.enter(replace(first, number=2))
    for wrong in (first, replace(first, number=3)):
        with pytest.raises(Interfered):
            rule_table.accept(wrong, RIK)

    rule_table.accept(replace(first, number=2), RIK)

    assert (rule_table.in_force("household") or first).number == 2
    with pytest.raises(Interfered):
        rule_table.accept(replace(first, number=2), RIK)
    rule_table.end(replace(first, number=2), PIET)
    assert rule_table.in_force("household") is None
    assert [bool(one.ended) for one in rule_table.every()["household"]] == [False, True]


def test_what_was_withdrawn_is_not_issued_by_the_rule_again(city):
    case = proven()
    rule()
    issued = deciding.decide(case.case_id, Register(), NOW)
    assert issued
    issuing.withdraw(issued.number, "Er stond een verkeerd adres op.", NADIA, NOW)

    assert deciding.decide(case.case_id, Register(), NOW) is None

    assert "heropend" in why_not(case)


def test_a_request_that_a_clerk_is_at_is_theirs(city):
    case = proven()
    rule()
    acting.change(case, Deed(Act.TAKEN, acting.actor(NADIA), NOW, CaseStatus.IN_PROGRESS))
    assert deciding.decide(case.case_id, Register(), NOW) is None
    assert "bezig" in why_not(case)


def test_words_that_nobody_has_read_are_read_by_a_person(city):
    case = proven()
    rule()
    following.say(case, "Mijn zoon woont er niet meer.", NOW)
    assert deciding.decide(case.case_id, Register(), NOW) is None
    assert "schreef" in why_not(case)


def test_the_stream_says_when_identity_was_proven():
    keys = {"pk": "COUNTER-CASE#ACDEFGHJKMNPR", "sk": "IDENTITY"}
    for change in ("INSERT", "MODIFY"):
        assert messages(change, keys, {}, {}) == [Message(MailKind.COUNTER, "ACDEFGHJKMNPR")]
    assert messages("REMOVE", keys, {}, {}) == []
    assert messages("INSERT", {**keys, "sk": "ISSUED"}, {}, {}) == []


def test_a_dry_run_says_what_it_would_have_done_and_does_nothing(city, monkeypatch):
    version = rule()
    before = [proven(key="1"), asked(key="2"), proven(replace(PROVEN, level="low"), key="3")]
    for case in before:
        daybook.note(case)

    run = deciding.dry_run(version, NOW + timedelta(days=30))

    assert (run.asked, run.issued, run.not_proven) == (3, 1, 1)
    assert run.since == date(2026, 11, 1)
    assert run.left == {automatic.WEAK: 1}
    assert [again(case) for case in before] == before
    assert deciding.dry_run(version, NOW + timedelta(days=400)).asked == 0
    monkeypatch.setattr(deciding, "SECONDS", 0)
    assert deciding.dry_run(version, NOW).since == NOW.date()  # a page ends in time, and says how far it came


def test_the_register_of_this_machine_answers_by_the_contract():
    with standin.serving() as address:
        ours = RegisterOverHttp(address, standin.KEY)
        an = ours.says("household", PROVEN)
        assert isinstance(an, Facts)
        assert an.fields["members"][0] == "An Claeys (1985)"
        assert ours.says("household", replace(PROVEN, name="Niemand")) is NoFacts.NONE
        jan = replace(PROVEN, name="Jan Janssens", born=date(1970, 1, 1))
        assert ours.says("household", jan) is NoFacts.UNCERTAIN
        with pytest.raises(RegisterAway):
            RegisterOverHttp(address, "wrong").says("household", PROVEN)
    with pytest.raises(RegisterAway):
        ours.says("household", PROVEN)


def test_a_rule_twice_and_two_clerks_at_once_issue_one(real_table):
    """On Amazon's own engine: each of them saw the request as it was before any of them wrote."""
    a_counter()
    rule()
    chance = random.Random(14)
    for number in range(6):
        case = proven(key=f"race-{number}")
        start, lock, issued = threading.Barrier(4), threading.Lock(), []

        def do(act, case=case, start=start, lock=lock, issued=issued):
            start.wait()
            with suppress(Interfered, Problem):
                found = act(case)
                with lock:
                    issued.append(found)

        acts = [
            *([lambda case: deciding.decide(case.case_id, Register(), NOW)] * 2),
            lambda case: issuing.issue(case, Issue(CLERKS), NADIA, NOW),
            lambda case: issuing.issue(case, Issue(CLERKS), KOEN, NOW),
        ]
        chance.shuffle(acts)
        with mock.patch.object(issuing.files, "put"), mock.patch.object(issuing.files, "forget"):
            threads = [threading.Thread(target=do, args=(act,)) for act in acts]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            while deciding.decide(case.case_id, Register(), NOW):  # a message that failed comes again
                pass

        held = table.of_case(case.case_id)
        assert held
        assert [one for one in issued if one] == [held]
        assert again(case).status is CaseStatus.ANSWERED
    assert sum(table.figures(2027)[name, "household"] for name in ("issued-desk", "issued-sign-in")) == 6
