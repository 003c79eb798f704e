"""Nothing that concerns others happens before the link in a mail was used; then a family names its children."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from chalice.test import HTTPResponse

from chalicelib.core import memory
from chalicelib.core import table as stormloop_table
from chalicelib.core.http.problems import TOO_MANY_CHILDREN, Problem
from chalicelib.core.refusals import Refused
from chalicelib.people.families import namings, proving, tokens
from chalicelib.people.families import table as families
from chalicelib.people.families.identity import family_id
from chalicelib.people.families.rules import UNREAD, Child, Naming, Pass, child
from tests.camps import BOUWKAMP, JEF, LOU, NOOR, post, published, request
from tests.core.http.problems import is_problem

pytestmark = pytest.mark.usefixtures("table")

NOW = datetime.now(UTC).replace(microsecond=0)
AN, PIET = "an.claeys@example.be", "piet.claeys@example.be"


def asked(*children: Child, email: str = AN, at: datetime = NOW) -> Pass:
    """Given a pass that was asked for, and nothing more."""
    new = Pass(f"pass{next(NUMBERS):08d}", family_id(email), email, "nl", "9970", children, at, {})
    families.put(new)
    return new


NUMBERS = iter(range(100_000))


def used(pass_: Pass, now: datetime = NOW) -> Pass:
    """Given that the link in its mail was used."""
    return proving.prove(pass_, now)


def everything() -> list[object]:
    """All that is in the table."""
    return [item for items, _ in stormloop_table.scan() for item in items]


def by_token(token: str) -> HTTPResponse:
    return request("GET", "/api/pass", headers={"Authorization": f"Bearer {token}"})


def test_an_unproven_pass_changes_nothing_in_the_table_but_itself_and_the_count_of_its_mails():
    used(asked(LOU))
    before = everything()

    answer = post(
        "/api/passes",
        {
            "email": "nobody@example.be",
            "language": "nl",
            "postcode": "9970",
            "children": [{"first_name": "Lou", "last_name": "Claeys", "birth_date": "2022-05-01"}],
        },
    )

    assert answer.status_code == 202
    new = [item for item in everything() if item not in before]
    assert all(item in everything() for item in before)
    stranger = family_id("nobody@example.be")
    counted = [item for item in new if item["pk"]["S"].startswith("LINKS#")]  # all passes of this minute
    assert {item["pk"]["S"] for item in new if item not in counted} == {f"F#{stranger}"}
    assert {item["sk"]["S"].partition("#")[0] for item in new if item not in counted} == {"P", "ASKED"}


def test_the_first_call_with_the_token_of_the_mail_proves_the_mailbox_and_later_ones_read_nothing_new():
    token = tokens.sign(asked(LOU, JEF))
    assert not tokens.read(token).is_proven

    assert by_token(token).status_code == 200
    after = everything()
    memory.forget_all()  # as in another container
    assert by_token(token).status_code == 200

    assert everything() == after
    assert [namer.family_id for namer in namings.namers(LOU.child_id)] == [family_id(AN)]


def test_a_family_registers_with_the_token_of_its_first_mail():
    published()
    token = tokens.sign(asked(LOU))

    wish = {"session_id": BOUWKAMP.session_id, "child_ids": [LOU.child_id]}
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "key-1"}

    assert post("/api/registrations", wish, headers).status_code == 201


def test_a_proven_token_says_all_and_nothing_is_read_for_it(monkeypatch):
    token = tokens.sign(used(asked(LOU)))
    monkeypatch.setattr(families, "get", None)

    assert proving.worth(token, NOW).namings == {LOU.child_id: Naming(family_id(AN), int(NOW.timestamp()))}


def test_a_family_names_a_child_since_it_first_used_a_link_and_a_later_pass_keeps_that():
    first = used(asked(LOU, at=NOW - timedelta(days=9)), NOW - timedelta(days=2))
    later = used(asked(LOU))

    assert first.namings[LOU.child_id].since == int((NOW - timedelta(days=2)).timestamp())
    assert later.namings == first.namings


def test_no_pass_can_be_kept_back_until_its_mailbox_is_known_to_come_early():
    """Twenty mailboxes, a pass for Lou in each, and one for another child that is used at once: after the deadline that
    shows which mailbox comes first. Lou is then named too late in all of them."""
    deadline = NOW + timedelta(days=1)
    kept_back = asked(LOU, at=NOW)

    named = used(kept_back, deadline + timedelta(seconds=1))

    assert named.namings[LOU.child_id].since > int(deadline.timestamp())


def test_who_uses_the_link_first_names_the_child_first_whoever_asked_first():
    stranger, mother = asked(LOU, email=PIET, at=NOW - timedelta(days=9)), asked(LOU)

    assert used(mother).namings[LOU.child_id].first is None
    assert used(stranger).namings[LOU.child_id].first == UNREAD
    assert [(one.family_id, one.is_first) for one in namings.namers(LOU.child_id)] == [
        (family_id(AN), True),
        (family_id(PIET), False),
    ]


def test_proving_that_broke_off_goes_on_where_it_was(monkeypatch):
    pass_ = asked(LOU, JEF)
    with monkeypatch.context() as broken:
        broken.setattr(families, "store_namings", lambda _: (_ for _ in ()).throw(RuntimeError))
        with pytest.raises(RuntimeError):
            used(pass_)

    assert families.get(pass_.family_id, pass_.pass_id).is_proven is False
    assert used(pass_).is_proven
    assert families.get(pass_.family_id, pass_.pass_id).namings.keys() == {LOU.child_id, JEF.child_id}


def test_a_pass_that_nobody_proves_is_kept_no_longer_than_its_link_works():
    pass_ = asked(LOU)
    assert families._item(pass_.family_id, pass_.pass_id).expires == int((NOW + timedelta(days=180)).timestamp())

    used(pass_)

    assert families._item(pass_.family_id, pass_.pass_id).expires == int((NOW + timedelta(days=545)).timestamp())


def test_a_pass_that_is_gone_proves_nothing():
    pass_ = asked(LOU)
    families._item(pass_.family_id, pass_.pass_id).delete()

    assert by_token(tokens.sign(pass_)).status_code == 401


def test_a_renewed_token_ends_when_the_one_of_the_mail_does(monkeypatch):
    import itsdangerous.timed

    pass_ = asked(LOU)
    token = tokens.sign(pass_, NOW - timedelta(days=100))
    renewed = tokens.renewed(token, used(pass_))

    assert tokens.read(renewed).is_proven
    later = (NOW + timedelta(days=81)).timestamp()
    monkeypatch.setattr(itsdangerous.timed.time, "time", lambda: later)
    for one in (token, renewed):
        with pytest.raises(Problem):
            tokens.read(one)


# Ten children a season.


def children(number: int, first: str = "Lou") -> Sequence[Child]:
    letters = "abcdefghijklmno"
    return [child(f"{first} {letters[one]}", "Claeys", LOU.birth_date) for one in range(number)]


def test_a_mailbox_names_ten_children_a_season_and_none_of_the_pass_that_would_be_one_too_many():
    used(asked(*children(8)))
    used(asked(*children(8), email="An.Claeys+2@example.be"))  # the same again
    before = everything()

    too_many = asked(*children(3, "Jef"), email="An.Claeys+3@example.be")
    answer = by_token(tokens.sign(too_many))

    is_problem(
        answer,
        TOO_MANY_CHILDREN,
        rule="children",
        most_children=10,
        child_ids=sorted(one.child_id for one in children(3, "Jef")),
    )
    assert [item for item in everything() if item not in before] == [
        item for item in everything() if item["sk"]["S"] == f"P#{too_many.pass_id}"
    ]
    assert used(asked(*children(2, "Jef"))).is_proven


def test_the_next_season_begins_in_september():
    used(asked(*children(10)), datetime(2027, 8, 31, 21, 59, tzinfo=UTC))
    with pytest.raises(Problem):
        used(asked(NOOR), datetime(2027, 8, 31, 21, 59, tzinfo=UTC))

    assert used(asked(NOOR), datetime(2027, 8, 31, 22, tzinfo=UTC)).is_proven


def test_the_desk_lifts_it_for_a_family():
    used(asked(*children(10)))
    expires = int(NOW.timestamp()) + 1000

    stormloop_table.transact_write([namings.lifting(family_id(AN), NOW, 12, expires)])

    assert used(asked(*children(2, "Jef"))).is_proven
    with pytest.raises(Problem):
        used(asked(NOOR))


def test_two_links_used_at_one_moment_do_not_name_eleven(monkeypatch):
    """The number that a write goes by is a condition of it."""
    used(asked(*children(9)))
    find = namings.SeasonItem.find

    def meanwhile(pk: str, sk: str) -> object:
        as_read = find(pk, sk)
        monkeypatch.setattr(namings.SeasonItem, "find", find)
        used(asked(LOU))
        return as_read

    monkeypatch.setattr(namings.SeasonItem, "find", meanwhile)
    with pytest.raises(Problem):
        used(asked(JEF))


# Several families.


def test_both_families_are_told_that_a_child_is_named_elsewhere_and_not_by_whom():
    first, second = tokens.sign(asked(LOU, JEF)), tokens.sign(asked(LOU, NOOR, email=PIET))
    by_token(first)
    assert [one["named_elsewhere"] for one in by_token(first).json_body["children"]] == [False, False]

    told = by_token(second)

    assert [one["named_elsewhere"] for one in told.json_body["children"]] == [True, False]
    assert [one["named_elsewhere"] for one in by_token(first).json_body["children"]] == [True, False]
    assert family_id(AN) not in told.body.decode()
    assert [one.child_id for one in namings.named_by_several()] == [LOU.child_id]


def test_a_naming_moves_to_another_family_as_one_transaction_and_holds_for_its_tokens():
    first, second = used(asked(LOU)), used(asked(LOU, email=PIET), NOW + timedelta(days=1))
    before = namings.namers(LOU.child_id)

    stormloop_table.transact_write(namings.moving(LOU.child_id, *before))

    after = namings.namers(LOU.child_id)
    assert [replace(one, is_first=not one.is_first) for one in after] == before[::-1]
    assert used(asked(LOU)).namings == {LOU.child_id: replace(first.namings[LOU.child_id], first=UNREAD)}
    (naming,) = proving.resolved(proving.worth(tokens.sign(second), NOW), [LOU.child_id])
    assert naming.first is None


def test_a_naming_moves_only_from_who_has_it_and_to_who_names_the_child():
    used(asked(LOU)), used(asked(LOU, email=PIET))
    mother, father = namings.namers(LOU.child_id)
    nobody = replace(father, family_id="x" * 11)

    for first, to in ((father, mother), (mother, nobody), (nobody, father)):
        with pytest.raises(Refused):
            stormloop_table.transact_write(namings.moving(LOU.child_id, first, to))


def test_only_the_first_familys_passes_keep_its_naming_alive():
    used(asked(LOU))
    before = namings.FirstNamingItem.get(f"C#{LOU.child_id}", "NAMED").expires

    used(asked(LOU, email=PIET, at=NOW + timedelta(days=10)))
    assert namings.FirstNamingItem.get(f"C#{LOU.child_id}", "NAMED").expires == before

    used(replace(asked(LOU), created_at=NOW + timedelta(days=20)))
    assert namings.FirstNamingItem.get(f"C#{LOU.child_id}", "NAMED").expires > before
