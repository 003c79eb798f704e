"""The draw from the list to the last result, at moto."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from chalicelib.booking.draw import drawing, seating, table
from chalicelib.booking.draw.verification import problems
from chalicelib.booking.registrations import table as registrations
from chalicelib.booking.registrations.rules import Admitted, Registration
from chalicelib.people.families import namings
from chalicelib.people.families.identity import family_id
from chalicelib.people.families.rules import child
from chalicelib.programme.openings import log
from chalicelib.programme.openings import table as openings
from chalicelib.programme.openings.log import LogEntry
from chalicelib.programme.openings.rules import TURN_INTO_DRAW, Bundles, OpeningKind, State
from chalicelib.seats import item as seats_item
from chalicelib.seats import table as seats
from chalicelib.seats.waiting_list import table as waiting_list
from tests import camps, dynamodb_local
from tests.booking.draw.lots import AFTER, UNTIL, changed, drawn_opening, enter, hold, published, result_of
from tests.camps import JEF, LOU, NOOR, family

pytestmark = pytest.mark.usefixtures("table")


def camp(title: str = "Bouwkamp", **more):
    return camps.published(title=title, opens_at=None, **more)


def kookkamp(**more):
    return camp("Kookkamp", starts_on=date(2027, 7, 5), ends_on=date(2027, 7, 9), **more)


def seats_of(session):
    return seats.get([session.session_id])[session.session_id]


def many(number: int, opening, session):
    """So many families, each of which wishes for a seat for one child."""
    found = []
    for one in range(number):
        lou = child(f"Lou {chr(97 + one)}", "Claeys", date(2022, 5, 1))
        found.append(family(lou, email=f"ouder{one}@example.be"))
        assert enter(found[-1], opening, [(lou, session)]).status_code == 200
    return found


def test_whoever_comes_first_in_the_order_has_the_seat_and_the_other_waits():
    bouwkamp = camp(capacity=1)
    opening = drawn_opening(bouwkamp)
    claeys, diallo = family(LOU), family(NOOR, email="fatima@example.be")
    enter(claeys, opening, [(LOU, bouwkamp)])
    enter(diallo, opening, [(NOOR, bouwkamp)])

    assert hold(opening)

    results = sorted((result_of(one, opening) for one in (claeys, diallo)), key=lambda one: one["place"])
    assert [one["wishes"][0]["outcome"] for one in results] == ["granted", "full"]
    assert [one["of"] for one in results] == [2, 2]
    assert results[1]["waiting"][0]["waitlist_position"] == 1
    now = seats_of(bouwkamp)
    assert (now.free, len(now.holders), now.queued) == (0, 1, True)
    assert len(waiting_list.places(bouwkamp.session_id)) == 1


def test_anybody_can_recompute_it_from_what_is_published():
    bouwkamp, kook = camp(capacity=1), kookkamp(capacity=1)
    opening = drawn_opening(bouwkamp, kook, bundles=Bundles.SEVERAL)
    enter(family(LOU, JEF), opening, [(LOU, bouwkamp), (JEF, kook)], [(JEF, bouwkamp)])
    enter(family(NOOR, email="fatima@example.be"), opening, [(NOOR, bouwkamp)], [(NOOR, kook)])

    hold(opening)

    document = published(opening)
    assert problems([document]) == []
    assert document["seed"] == opening.seed.hex()
    everything = str(document)
    for secret in (LOU.child_id, family_id("an.claeys@example.be"), "Claeys", "2022-05-01"):
        assert secret not in everything


def test_a_long_list_is_published_in_parts(monkeypatch):
    monkeypatch.setattr(table, "PART_BYTES", 200)
    monkeypatch.setattr("chalicelib.booking.draw.handlers.MOST_PARTS", 2)
    bouwkamp = camp(capacity=3)
    opening = drawn_opening(bouwkamp)
    many(7, opening, bouwkamp)

    hold(opening)

    parts = [published(opening)]
    while parts[-1]["next"] is not None:
        parts.append(published(opening, parts[-1]["next"]))
    assert len(parts) > 1
    assert problems(parts) == []
    assert camps.request("GET", f"/api/openings/{opening.opening_id}/draw?part=99").status_code == 422


def test_what_there_was_at_the_start_is_kept_in_parts(monkeypatch):
    """With 6,000 who have a seat and 44,000 who wait it is more than one item takes."""
    monkeypatch.setattr(table, "START_BYTES", 40)
    bouwkamp, kook = camp(), kookkamp()
    opening = drawn_opening(bouwkamp, kook)
    many(3, opening, bouwkamp)
    give_away(bouwkamp, LOU.child_id)
    enter(family(LOU), opening, [(LOU, bouwkamp)], [(LOU, kook)])

    assert hold(opening)

    assert table.frozen(opening.opening_id).begun.start_parts > 2
    assert problems([published(opening)]) == []
    assert sum(one["barred"] == [1] for one in published(opening)["results"]) == 1


def test_those_who_have_seats_are_registered_and_those_who_wait_too():
    bouwkamp = camp(capacity=1)
    opening = drawn_opening(bouwkamp)
    one, other = many(2, opening, bouwkamp)

    hold(opening)

    found = [families.get("/api/registrations").json_body["registrations"] for families in (one, other)]
    assert sorted(registration["status"] for (registration,) in found) == ["confirmed", "waitlisted"]
    for (registration,), whose in zip(found, (one, other), strict=True):
        record = registrations.get(registration["registration_id"])
        assert record.admission.opening_id == opening.opening_id
        assert record.admission.keys == (table.entry_of(opening.opening_id, whose.pass_.family_id).entry_name,)
        assert record.pass_id == whose.pass_.pass_id


def test_what_is_left_is_for_whoever_comes_first():
    bouwkamp = camp(capacity=2)
    opening = drawn_opening(bouwkamp)
    many(1, opening, bouwkamp)
    assert family(NOOR, email="fatima@example.be").register(bouwkamp, NOOR).status_code == 425

    hold(opening)
    openings.forget()

    with time_machine.travel(AFTER + timedelta(hours=1)):
        assert family(NOOR, email="fatima@example.be").register(bouwkamp, NOOR).json_body["status"] == "confirmed"


def test_the_waiting_list_goes_on_in_the_order_of_the_draw():
    bouwkamp = camp(capacity=2)
    opening = drawn_opening(bouwkamp)
    families = many(6, opening, bouwkamp)

    hold(opening)

    places = {one.pass_.family_id: result_of(one, opening)["place"] for one in families}
    waiting = [place.registration_id[:11] for place in waiting_list.places(bouwkamp.session_id)]
    assert waiting == sorted(places, key=places.__getitem__)[2:]


def test_whoever_waited_before_stays_ahead_and_the_free_seats_are_theirs():
    bouwkamp = camp(capacity=2)
    opening = drawn_opening(bouwkamp)
    waiting_list.join(bouwkamp.session_id, [JEF.child_id, NOOR.child_id, "third"], "k7mxfar3ct94ghx7r2p")
    seats.queue(bouwkamp.session_id)
    claeys = family(LOU)
    enter(claeys, opening, [(LOU, bouwkamp)])

    hold(opening)

    assert result_of(claeys, opening)["waiting"][0]["waitlist_position"] == 2
    assert waiting_list.position(bouwkamp.session_id, [JEF.child_id], "k7mxfar3ct94ghx7r2p") == 1
    assert seats_of(bouwkamp).free == 2
    assert problems([published(opening)]) == []


def test_a_child_that_has_a_seat_already_gets_no_other_one_there():
    bouwkamp = camp(capacity=5)
    opening = drawn_opening(bouwkamp)
    give_away(bouwkamp, LOU.child_id)
    claeys = family(LOU)
    enter(claeys, opening, [(LOU, bouwkamp)])

    hold(opening)

    wish = result_of(claeys, opening)["wishes"][0]
    assert wish["outcome"] == "overlaps"
    assert wish["explanation"].startswith("Wens 1: niet mogelijk. Een kind heeft al een plaats")
    assert seats_of(bouwkamp).free == 4
    assert problems([published(opening)]) == []


def test_a_family_that_got_nothing_hears_what_is_nearest():
    bouwkamp, kook = camp(capacity=1), kookkamp(capacity=5)
    far = camp("Zeekamp", municipality="Zelzate", starts_on=date(2027, 8, 16), ends_on=date(2027, 8, 18))
    opening = drawn_opening(bouwkamp, kook, far)
    one, other = many(2, opening, bouwkamp)

    hold(opening)

    loser = max((one, other), key=lambda whose: result_of(whose, opening)["place"])
    result = result_of(loser, opening)
    assert result["nearest"] == {"session_id": kook.session_id, "seats_left": 5}
    assert "Kookkamp" in result["nearest_explanation"]


def test_it_speaks_three_languages():
    bouwkamp = camp(capacity=1)
    opening = drawn_opening(bouwkamp)
    claeys = many(1, opening, bouwkamp)[0]
    hold(opening)
    openings.forget()

    said = [
        claeys.get(f"/api/openings/{opening.opening_id}/wishes", **{"Accept-Language": language}).json_body["result"][
            "explanation"
        ]
        for language in ("nl", "fr", "en")
    ]

    assert len(set(said)) == 3
    assert said[0] == "In de loting was je nummer 1 van 1."


def test_nobody_hears_a_result_before_it_stands_for_all():
    bouwkamp = camp(capacity=1)
    opening = drawn_opening(bouwkamp)
    claeys = many(1, opening, bouwkamp)[0]
    hold(opening)
    changed(openings.get(opening.opening_id)[0], state=State.PUBLISHED)

    assert result_of(claeys, opening) is None
    document = published(opening)
    assert (document["seed"], document["entries"], document["results"]) == (None, [], [])
    assert document["list_hash"]


def test_an_opening_that_nobody_wished_for_is_drawn_all_the_same():
    bouwkamp = camp()
    opening = drawn_opening(bouwkamp)

    assert hold(opening)

    assert problems([published(opening)]) == []


@pytest.mark.parametrize("moment", [UNTIL - timedelta(hours=1), UNTIL + timedelta(seconds=59)])
def test_nothing_is_frozen_while_somebody_may_still_enter_wishes(moment):
    bouwkamp = camp()
    opening = drawn_opening(bouwkamp)

    assert not hold(opening, moment)

    assert table.frozen(opening.opening_id) is None


def test_drawn_again_it_is_the_same_result():
    bouwkamp = camp(capacity=2)
    opening = drawn_opening(bouwkamp)
    families = many(5, opening, bouwkamp)
    hold(opening)
    before = everything()
    drawn, edition = openings.get(opening.opening_id)
    openings.OpeningItem.of(replace(drawn, state=State.PUBLISHED), edition - 1).save()  # as before its last write

    assert hold(opening, AFTER + timedelta(hours=1))

    after = everything()
    for items in (before, after):
        del items[("OPENINGS", opening.opening_id)]
    assert after == before
    assert len({result_of(one, opening)["place"] for one in families}) == 5


def test_a_list_that_was_changed_by_hand_is_not_drawn_from():
    bouwkamp = camp(capacity=1)
    opening = drawn_opening(bouwkamp, beacon="Lotto")
    many(2, opening, bouwkamp)
    hold(opening)  # the list is frozen; the beacon is awaited
    table.enter_beacon(opening.opening_id, "1 2 3", "els", "Els", AFTER, AFTER)
    dynamodb_local.client().update_item(
        TableName="stormloop",
        Key={"pk": {"S": f"O#{opening.opening_id}"}, "sk": {"S": "BEACON"}},
        UpdateExpression="SET confirmed_by = :who, confirmed_at = :at",
        ExpressionAttributeValues={":who": {"S": "jan"}, ":at": {"S": AFTER.isoformat()}},
    )
    late = next(iter(table.entries(opening.opening_id)))
    table.put_entry(replace(late, wishes=()))

    with pytest.raises(drawing.ListChanged):
        hold(opening)

    assert seats_of(bouwkamp).free == 1


def test_seats_that_somebody_gave_away_meanwhile_are_not_given_twice():
    bouwkamp, kook = camp(capacity=1), kookkamp(capacity=1)
    opening = drawn_opening(bouwkamp, kook)
    many(1, opening, bouwkamp)
    noor = family(NOOR, email="fatima@example.be")
    enter(noor, opening, [(NOOR, kook)])
    frozen = began(opening)
    give_away(bouwkamp, "another")

    with pytest.raises(drawing.ShortOfSeats):
        hold(opening)

    assert table.frozen(opening.opening_id).short == [bouwkamp.session_id]
    assert seats_of(bouwkamp).holders == {"another": "by the desk"}
    assert list(seats_of(kook).holders) == [NOOR.child_id]
    assert openings.get(opening.opening_id)[0].state is State.PUBLISHED

    seats.release(bouwkamp.session_id, ["another"], "by the desk")
    assert hold(opening)

    assert len(seats_of(bouwkamp).holders) == 1
    assert table.frozen(opening.opening_id).short == ()
    assert table.frozen(opening.opening_id).list_hash == frozen.list_hash
    assert problems([published(opening)]) == []


def test_a_child_that_got_a_seat_meanwhile_keeps_that_one():
    bouwkamp = camp(capacity=3)
    opening = drawn_opening(bouwkamp)
    claeys = family(LOU, JEF)
    enter(claeys, opening, [(LOU, bouwkamp), (JEF, bouwkamp)])
    began(opening)
    give_away(bouwkamp, LOU.child_id)

    assert hold(opening)

    holders = seats_of(bouwkamp).holders
    assert holders[LOU.child_id] == "by the desk"
    assert holders[JEF.child_id].startswith(claeys.pass_.family_id)


def test_a_large_session_is_written_in_several_goes(monkeypatch):
    monkeypatch.setattr(seating, "MOST_AT_ONCE", 2)
    bouwkamp = camp(capacity=5)
    opening = drawn_opening(bouwkamp)
    many(7, opening, bouwkamp)

    hold(opening)

    assert (seats_of(bouwkamp).free, len(seats_of(bouwkamp).holders)) == (0, 5)
    assert len(waiting_list.places(bouwkamp.session_id)) == 2


def test_an_attempt_that_failed_through_us_becomes_a_wish():
    bouwkamp, kook = camp(), kookkamp()
    opening = drawn_opening(bouwkamp, kook, kind=OpeningKind.FIRST_COME, wishes_until=None)
    opening = changed(opening, drawn_instead=UNTIL)
    claeys = family(LOU, JEF)
    first, second = (attempt(opening, claeys, session, minute, LOU) for session, minute in ((kook, 1), (bouwkamp, 2)))

    for one in (second, first, second):
        table.enter_attempt(opening, one)

    entered = table.entry_of(opening.opening_id, claeys.pass_.family_id)
    assert entered.all_wishes == (((LOU.child_id, kook.session_id),), ((LOU.child_id, bouwkamp.session_id),))
    assert hold(opening)
    assert [wish["outcome"] for wish in result_of(claeys, opening)["wishes"]] == ["granted", "not-needed"]


def test_an_attempt_comes_behind_what_the_family_entered_itself_and_never_twice():
    bouwkamp, kook = camp(), kookkamp()
    opening = changed(
        drawn_opening(bouwkamp, kook, kind=OpeningKind.FIRST_COME, wishes_until=None), drawn_instead=UNTIL
    )
    claeys = family(LOU, JEF)
    enter(claeys, opening, [(JEF, bouwkamp)])

    table.enter_attempt(opening, attempt(opening, claeys, kook, 1, LOU))
    table.enter_attempt(opening, attempt(opening, claeys, bouwkamp, 2, JEF))

    entered = table.entry_of(opening.opening_id, claeys.pass_.family_id)
    assert entered.all_wishes == (((JEF.child_id, bouwkamp.session_id),), ((LOU.child_id, kook.session_id),))


def test_what_the_family_enters_afterwards_replaces_its_attempts():
    bouwkamp, kook = camp(), kookkamp()
    opening = changed(
        drawn_opening(bouwkamp, kook, kind=OpeningKind.FIRST_COME, wishes_until=None), drawn_instead=UNTIL
    )
    claeys = family(LOU)
    table.enter_attempt(opening, attempt(opening, claeys, kook, 1, LOU))

    enter(claeys, opening, [(LOU, bouwkamp)])

    entered = table.entry_of(opening.opening_id, claeys.pass_.family_id)
    assert entered.all_wishes == (((LOU.child_id, bouwkamp.session_id),),)


def test_nobody_spoils_the_wish_of_a_child_whom_its_own_family_named_first():
    bouwkamp, dull = camp(capacity=5), kookkamp()
    opening = drawn_opening(bouwkamp, dull)
    claeys = family(LOU)
    enter(claeys, opening, [(LOU, bouwkamp)])
    names(claeys, LOU)
    for number in range(8):
        assert enter(family(LOU, email=f"rival{number}@example.be"), opening, [(LOU, dull)]).status_code == 200

    assert hold(opening)

    assert result_of(claeys, opening)["wishes"][0]["outcome"] == "granted"


def test_each_seat_is_of_the_pass_that_knows_its_child():
    bouwkamp, kook = camp(), kookkamp()
    opening = changed(
        drawn_opening(bouwkamp, kook, kind=OpeningKind.FIRST_COME, wishes_until=None), drawn_instead=UNTIL
    )
    with_lou, with_jef = family(LOU), family(JEF)  # of one family
    enter(with_lou, opening, [(LOU, bouwkamp)])
    table.enter_attempt(opening, attempt(opening, with_jef, kook, 1, JEF))
    changed(opening, plan=replace(opening.plan, bundles=Bundles.SEVERAL))

    assert hold(opening)

    found = {one.session_id: one.pass_id for one in registrations.of_family(with_lou.pass_.family_id)}
    assert found == {bouwkamp.session_id: with_lou.pass_.pass_id, kook.session_id: with_jef.pass_.pass_id}


def test_the_list_is_not_frozen_before_the_attempts_are_in_that_count_as_wishes():
    bouwkamp = camp()
    opening = changed(drawn_opening(bouwkamp, kind=OpeningKind.FIRST_COME, wishes_until=None), drawn_instead=UNTIL)
    turned = LogEntry(
        opening_id=opening.opening_id, number=1, action=TURN_INTO_DRAW, cause={}, why={}, asked={}, at=UNTIL
    )
    log.propose(turned)

    assert not hold(opening)
    assert table.frozen(opening.opening_id) is None

    log.note_progress(turned, {"is_over": True})
    assert hold(opening)


def names(whose, *children) -> None:
    """Given that this family named the children first."""
    now = UNTIL - timedelta(days=1)
    namings.name([one.child_id for one in children], whose.pass_.family_id, now, int(now.timestamp()))


def test_whoever_names_a_child_first_and_enters_nothing_changes_nothing():
    bouwkamp = camp(capacity=5)
    opening = drawn_opening(bouwkamp)
    claeys = family(LOU, JEF)
    enter(claeys, opening, [(LOU, bouwkamp), (JEF, bouwkamp)])
    names(family(LOU, email="stranger1@example.be"), LOU)
    names(family(JEF, email="stranger2@example.be"), JEF)

    assert hold(opening)

    (entry,) = published(opening)["entries"]
    assert entry["keys"] == [entry["entry"]]


def test_a_naming_that_the_desk_moves_after_the_list_is_frozen_does_not_change_it():
    bouwkamp = camp(capacity=5)
    opening = drawn_opening(bouwkamp)
    mother, father = family(LOU), family(LOU, email="papa@example.be")
    for parent in (mother, father):
        enter(parent, opening, [(LOU, bouwkamp)])
    names(mother, LOU)
    began(opening)
    namings.FirstNamingItem(f"C#{LOU.child_id}", "NAMED").delete()
    names(father, LOU)

    assert hold(opening)

    keys = {entry["entry"]: entry["keys"] for entry in published(opening)["entries"]}
    assert sorted(map(len, keys.values())) == [1, 8]
    assert len(keys[table.entry_of(opening.opening_id, mother.pass_.family_id).entry_name]) == 1


@pytest.mark.parametrize("bundles", Bundles)
def test_of_two_parents_who_enter_the_same_child_neither_finds_anything_of_the_other(bundles):
    """Each knows its own answers, its own row and the whole public list. The mother's seat is told to nobody else."""
    bouwkamp, kook, zee = camp(capacity=5), kookkamp(capacity=5), camp("Zeekamp", capacity=5)
    opening = drawn_opening(bouwkamp, kook, zee, bundles=bundles)
    mother, father = family(LOU, JEF), family(LOU, email="papa@example.be")
    enter(mother, opening, [(LOU, zee), (JEF, kook)])
    enter(father, opening, [(LOU, bouwkamp)])
    names(mother, LOU, JEF)
    many(3, opening, kook)

    assert hold(opening)

    document = published(opening)
    assert problems([document]) == []
    hers, his = (table.entry_of(opening.opening_id, one.pass_.family_id).entry_name for one in (mother, father))
    rows = {row["entry"]: strings(row) for row in document["entries"]}
    programme = set(opening.plan.session_ids)
    assert not (rows[his] & rows[hers]) - programme
    told = strings(result_of(father, opening)) | strings(
        father.get(f"/api/openings/{opening.opening_id}/wishes").json_body
    )
    assert not (told & rows[hers]) - {bouwkamp.session_id}
    assert zee.session_id not in told
    assert not any("Zeekamp" in text for text in told)
    result = next(one for one in document["results"] if one["entry"] == his)
    assert result == {
        "entry": his,
        "place": result["place"],
        "granted": [],
        "waiting": [],
        "barred": [1],
        "not_waiting": [],
    }


def strings(document) -> set[str]:
    """Every text in what was answered."""
    if isinstance(document, str):
        return {document}
    inner = document.values() if isinstance(document, dict) else document if isinstance(document, list) else ()
    return {text for one in inner for text in strings(one)}


def test_where_a_child_had_a_seat_before_the_draw_is_not_published():
    """Whoever enters a child would learn from the list in which of the sessions it has a seat."""
    bouwkamp, kook = camp(capacity=5), kookkamp()
    opening = drawn_opening(bouwkamp, kook)
    give_away(bouwkamp, LOU.child_id)
    enter(family(LOU, email="stranger@example.be"), opening, [(LOU, kook)])

    assert hold(opening)

    document = published(opening)
    assert "seated" not in document
    assert problems([document]) == []


def attempt(opening, whose, session, minute, *children):
    return Registration(
        registration_id=f"{whose.pass_.family_id}4ghx7r2{minute}",
        session_id=session.session_id,
        child_ids=tuple(one.child_id for one in children),
        pass_id=whose.pass_.pass_id,
        created_at=datetime(2027, 3, 6, 17, minute, tzinfo=UTC),
        admission=Admitted(opening.opening_id, 0, ("key",), is_late=False),
    )


def began(opening):
    """Given a draw that broke off right after it began."""
    with pytest.MonkeyPatch.context() as broken:
        broken.setattr(drawing, "_drawn", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            hold(opening)
    return table.frozen(opening.opening_id)


def give_away(session, child_id: str) -> None:
    """Given that the desk gives a seat out of order."""
    dynamodb_local.client().update_item(
        TableName="stormloop",
        Key=seats_item.key(session.session_id),
        UpdateExpression="SET #free = #free - :one, holders.#child = :by",
        ExpressionAttributeNames={"#free": "free", "#child": child_id},
        ExpressionAttributeValues={":one": {"N": "1"}, ":by": {"S": "by the desk"}},
    )


def everything() -> dict[tuple[str, str], dict]:
    items = dynamodb_local.client().scan(TableName="stormloop", ConsistentRead=True)["Items"]
    return {(item["pk"]["S"], item["sk"]["S"]): item for item in items}
