"""Two parents: one shares what it registers for a child with the other, who learns nothing else; either ends it."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from email.message import EmailMessage
from urllib.parse import urlsplit

import pytest
import time_machine

from chalicelib.booking.registrations import register, shared
from chalicelib.booking.registrations import table as registrations
from chalicelib.booking.registrations.rules import Ended, EndedBy
from chalicelib.city import parents
from chalicelib.city.parents import MayCancel
from chalicelib.core import table
from chalicelib.core.http.problems import NOT_FOUND, Problem
from chalicelib.mail import handlers, undelivered
from chalicelib.mail.rules import MailKind, Message
from chalicelib.people.families import corrections, namings, proving, sharing
from chalicelib.people.families import table as families
from chalicelib.people.families.identity import family_id
from chalicelib.people.families.rules import Child, child
from chalicelib.people.staff.rules import Role, Staff
from chalicelib.rights.correcting import ask_to_move
from tests.camps import JEF, LOU, NOOR, Family, family, post, published
from tests.containers import forget
from tests.mail.conftest import City, part
from tests.mail.test_camps import all_of, cancel, correct
from tests.mail.test_returned import event
from tests.pages.frame.browsing import Browser, family_browser

ELS = Staff("sub-els", "Els Maes", frozenset({Role.MANAGER}))
MOTHER, FATHER = "an.claeys@example.be", "youssef@example.be"


@pytest.fixture
def claeys(city: City) -> Family:
    return family(LOU, JEF, email=MOTHER)


def settle(city: City) -> None:
    """Everything that is due, also what a mail itself calls for."""
    assert city.outbox() == {"batchItemFailures": []}
    while messages := city.queued():
        assert city.deliver(messages) == []


def link(mail: EmailMessage) -> str:
    line = next(one for one in part(mail, "plain").splitlines() if one.startswith("https://"))
    url = urlsplit(line)
    return f"{url.path}?{url.query}"


def invite(claeys: Family, email: str = FATHER):
    browser = family_browser(claeys.token)
    browser.get(f"/children/{LOU.child_id}/sharing")
    return browser.submit({"email": email, "language": "fr"}, button="De uitnodiging sturen")


def invited(city: City, claeys: Family) -> str:
    """The link in the mail of the invitation."""
    city.run()
    assert invite(claeys).status == 200
    mail = city.run()[-1]
    assert mail["To"] == FATHER
    return link(mail)


def accepted(city: City, claeys: Family) -> Browser:
    browser = Browser()
    browser.get(invited(city, claeys))
    browser.submit(button="Ja, ik aanvaard de uitnodiging")
    return browser


def to(city: City, address: str) -> Iterator[EmailMessage]:
    return (mail for mail in city.mailbox if mail["To"] == address)


def test_the_invitation_counts_when_its_link_is_used_and_not_before(city: City, claeys: Family):
    first, second = family_id(MOTHER), family_id(FATHER)
    url = invited(city, claeys)
    browser = Browser()
    asked = browser.get(url)  # as a mail's scanner does
    assert "Lou" in asked.text
    assert "Claeys" not in asked.text
    assert MOTHER not in asked.html
    assert sharing.with_family(second) == []

    browser.submit(button="Ja, ik aanvaard de uitnodiging")

    assert [(one.child_id, one.first) for one in sharing.with_family(second)] == [(LOU.child_id, first)]
    assert sharing.with_whom(first, [LOU.child_id, JEF.child_id]) == {LOU.child_id: second}


def test_the_other_parent_sees_the_shared_child_alone_and_nothing_of_the_family(city: City, claeys: Family):
    browser = accepted(city, claeys)
    made = claeys.register(published(), LOU, JEF).json_body
    elsewhere = published(title="Dierenkamp", starts_on=date(2027, 8, 23), ends_on=date(2027, 8, 25))
    claeys.register(elsewhere, JEF)

    seen = browser.get("/family")

    assert "Bouwkamp (Lembeke)" in seen.text
    assert "Lou" in seen.text
    for secret in ("Jef", "Dierenkamp", MOTHER, family_id(MOTHER), made["registration_id"], "9970"):
        assert secret not in seen.html
    assert browser.get(f"/registrations/{made['registration_id']}").status == 404


def test_both_get_the_mails_each_in_its_language_and_without_the_other_s_address(city: City, claeys: Family):
    accepted(city, claeys)
    settle(city)
    made = claeys.register(published(), LOU, JEF).json_body
    settle(city)
    claeys.cancel(made["registration_id"])
    settle(city)

    told = [mail["Subject"] for mail in to(city, FATHER)]
    assert len(told) == 3  # the invitation, the seat, that it is given up
    for mail in list(to(city, FATHER))[1:]:
        everything = mail.as_string() + part(mail, "plain") + part(mail, "html")
        assert "Lou" in everything
        for secret in ("Jef", MOTHER, family_id(MOTHER)):
            assert secret not in everything
    for mail in to(city, MOTHER):
        assert FATHER not in mail.as_string()
    assert (
        city.deliver(
            [
                {
                    "kind": "other-parent",
                    "id": f"{made['registration_id']}/{LOU.child_id}",
                    "session_id": made["session_id"],
                }
            ]
        )
        == []
    )
    assert len(list(to(city, FATHER))) == 3


def test_who_shares_no_more_is_seen_no_more_at_once_also_with_an_old_link(city: City, claeys: Family):
    browser = accepted(city, claeys)
    claeys.register(published(), LOU)
    assert "Bouwkamp" in browser.get("/family").text
    own = family_browser(claeys.token)
    own.get(f"/children/{LOU.child_id}/sharing")

    own.submit(button="Niet meer delen")

    assert "Bouwkamp" not in browser.get("/family").text
    before = len(list(to(city, FATHER)))
    settle(city)
    assert len(list(to(city, FATHER))) == before


def test_a_stranger_who_names_the_child_too_takes_no_parent_away(city: City, claeys: Family):
    father = accepted(city, claeys)
    claeys.register(published(), LOU)
    stranger = family(LOU, email="piet@example.be")
    city.run()
    assert invite(stranger).status == 200

    city.run()
    father.get(link(list(to(city, FATHER))[-1]))
    assert father.submit(button="Oui, j’accepte l’invitation").status == 401

    (share,) = sharing.with_family(family_id(FATHER))
    assert share.first == claeys.pass_.family_id
    assert "Bouwkamp" in father.get("/family").text


def test_a_withdrawn_invitation_opens_nothing(city: City, claeys: Family):
    url = invited(city, claeys)
    own = family_browser(claeys.token)
    own.get(f"/children/{LOU.child_id}/sharing")
    own.submit(button="De uitnodiging intrekken")
    browser = Browser()
    browser.get(url)

    assert browser.submit(button="Ja, ik aanvaard de uitnodiging").status == 401

    assert sharing.with_family(family_id(FATHER)) == []
    assert [one.family_id for one in namings.namers(LOU.child_id)] == []


def test_inviting_says_the_same_of_a_known_address_and_of_an_unknown_one(city: City, claeys: Family):
    family(JEF, email="known@example.be")

    with time_machine.travel(datetime.now(UTC), tick=False):  # the page says until when, to the minute
        assert invite(claeys, "known@example.be").text == invite(claeys, "nobody@example.be").text


def test_who_has_a_pass_goes_on_with_its_own_children(city: City, claeys: Family):
    own = family(JEF, email=FATHER)
    browser = accepted(city, claeys)

    seen = browser.get("/family")

    assert "Jef Claeys" in seen.text
    assert own.pass_.pass_id in {one.pass_id for one in families.of_family(own.pass_.family_id)}


def test_the_link_of_a_mail_about_one_child_opens_the_family_with_all_of_its_children(city: City, claeys: Family):
    family(LOU, JEF, email=FATHER)
    browser = accepted(city, claeys)
    settle(city)
    claeys.register(published(), LOU)
    settle(city)

    seen = browser.get(link(list(to(city, FATHER))[-1]))

    assert seen.status == 200
    for one in (LOU, JEF):
        assert browser.get(f"/children/{one.child_id}").status == 200


def test_who_is_invited_for_a_second_child_goes_on_with_both(city: City, claeys: Family):
    father = accepted(city, claeys)
    mother = family_browser(claeys.token)
    mother.get(f"/children/{JEF.child_id}/sharing")
    mother.submit({"email": FATHER, "language": "fr"}, button="De uitnodiging sturen")
    father.get(link(city.run()[-1]))
    father.submit(button="Oui, j’accepte l’invitation")

    for one in (LOU, JEF):
        assert one.first_name in father.get("/family").text
        assert father.get(f"/children/{one.child_id}").status == 200
    claeys.register(published(), LOU)
    settle(city)
    assert father.get(link(list(to(city, FATHER))[-1])).status == 200
    for one in (LOU, JEF):
        assert father.get(f"/children/{one.child_id}").status == 200


def test_of_a_shared_child_the_desk_hears_only_when_a_third_family_names_it(city: City, claeys: Family):
    families.put(claeys.pass_)
    namings.name([LOU.child_id], family_id(MOTHER), claeys.pass_.created_at, 4_000_000_000)
    accepted(city, claeys)

    assert [one.is_seen for one in namings.named_by_several()] == [True]


def test_a_stranger_with_two_mailboxes_hides_its_naming_from_the_desk_by_no_invitation(city: City, claeys: Family):
    families.put(claeys.pass_)
    namings.name([LOU.child_id], family_id(MOTHER), claeys.pass_.created_at, 4_000_000_000)
    stranger = family(LOU, email="piet@example.be")
    namings.name([LOU.child_id], family_id("piet@example.be"), datetime.now(UTC), 4_000_000_000)

    accepted(city, stranger)

    assert [one.is_seen for one in namings.named_by_several()] == [False]


def test_parents_who_share_a_child_are_not_warned_of_each_other_but_of_a_third_mailbox(city: City, claeys: Family):
    families.put(claeys.pass_)
    namings.name([LOU.child_id], family_id(MOTHER), claeys.pass_.created_at, 4_000_000_000)
    father, mother = accepted(city, claeys), family_browser(claeys.token)
    assert "autre adresse e-mail" not in father.get("/family").text
    assert "een ander mailadres" not in mother.get("/family").text

    namings.name([LOU.child_id], family_id("piet@example.be"), datetime(2099, 1, 1, tzinfo=UTC), 4_000_000_000)

    assert "autre adresse e-mail" in father.get("/family").text
    assert "een ander mailadres" in mother.get("/family").text


def test_what_the_other_parent_writes_of_the_child_is_for_its_own_camps_and_the_page_says_so(
    city: City, claeys: Family
):
    father, mother = accepted(city, claeys), family_browser(claeys.token)
    not_seen = "Les stages auxquels l’autre parent a inscrit l’enfant ne voient pas ceci"

    assert not_seen in father.get(f"/children/{LOU.child_id}").text
    father.submit({"medical": "Allergie aux arachides"}, button="Enregistrer")
    assert not_seen in father.get(f"/children/{LOU.child_id}?saved=yes").text
    assert "Le stage le voit" not in father.get(f"/children/{LOU.child_id}?saved=yes").text
    assert "zien dit niet" not in mother.get(f"/children/{LOU.child_id}").text


def test_the_other_parent_stops_seeing_a_child_s_camps_all_at_once_and_is_told_so_before(city: City, claeys: Family):
    father = accepted(city, claeys)
    assert "Lou : aucun stage pour le moment." in father.get("/family").text
    claeys.register(published(), LOU)
    seen = father.get("/family").text
    assert "Seule une nouvelle invitation" in seen
    assert "Code postal" not in seen
    assert "Nous ne connaissons pas encore votre code postal" in seen

    father.submit(button="Ne plus voir les stages de Lou")

    assert sharing.with_family(family_id(FATHER)) == []


def test_where_the_desk_hides_the_camps_the_other_parent_learns_of_none_and_ends_none(city: City, claeys: Family):
    """Days and ages would do: the programme is public, and few camps are on the same days."""
    browser = accepted(city, claeys)
    parents.change([], MayCancel.BOTH, ELS, "Het reglement van 8 mei 2027.", datetime.now(UTC))
    claeys.register(published(), LOU)
    (before,) = shared.of_family(family_id(FATHER), datetime.now(UTC))
    settle(city)
    told = len(list(to(city, FATHER)))
    table.transact_write([sharing.confiding(family_id(MOTHER), datetime.now(UTC), is_on=True)])
    claeys.register(published(title="Dierenkamp", starts_on=date(2027, 8, 23), ends_on=date(2027, 8, 25)), LOU)
    correct(before.session, tell=True, place="Sporthal Lembeke")
    settle(city)

    seen = browser.get("/family")

    assert "Nous ne pouvons rien vous dire des stages de Lou" in seen.text
    for secret in ("Bouwkamp", "Dierenkamp", "Lembeke", "Kaprijke", "août", before.reference, before.key):
        assert secret not in seen.text
    assert len(list(to(city, FATHER))) == told
    assert browser.get(f"/shared/{before.key}/cancel").status == 404


def test_the_file_of_either_says_nothing_of_the_other(city: City, claeys: Family):
    browser = accepted(city, claeys)

    theirs = json.dumps(claeys.get("/api/family").json_body)
    his = browser.get("/family/data.json").body.decode()

    assert (FATHER in theirs, family_id(FATHER) in theirs) == (False, False)
    assert (MOTHER in his, family_id(MOTHER) in his) == (False, False)
    assert '"shares"' in his


def test_who_is_erased_leaves_nothing_at_the_other_one(city: City, claeys: Family):
    accepted(city, claeys)

    sharing.forget(family_id(MOTHER))

    assert sharing.with_family(family_id(FATHER)) == []


def test_whether_the_other_parent_may_cancel_is_up_to_the_city_and_it_cancels_for_its_child_alone(
    city: City, claeys: Family
):
    browser = accepted(city, claeys)
    session = published()
    made = claeys.register(session, LOU, JEF).json_body["registration_id"]
    key = shared.of_family(family_id(FATHER), datetime.now(UTC))[0].key
    assert browser.get(f"/shared/{key}/cancel").status == 404
    parents.change([], MayCancel.BOTH, ELS, "Het reglement van 8 mei 2027.", datetime.now(UTC))

    browser.get("/family")
    browser.follow("Annuler pour Lou seulement")
    browser.submit(button="Oui, annuler pour Lou")

    assert claeys.get(f"/api/registrations/{made}").json_body["child_ids"] == [JEF.child_id]
    assert browser.get(f"/shared/{key}/cancel").status == 404
    assert family_browser(claeys.token).get(f"/shared/{key}/cancel").status == 404


def test_a_camp_that_changes_and_then_does_not_take_place_is_told_to_the_other_parent_once_each(
    city: City, claeys: Family
):
    accepted(city, claeys)
    settle(city)
    session = published()
    made = claeys.register(session, LOU, JEF).json_body
    settle(city)

    correct(session, tell=True, place="Sporthal Lembeke")
    changed = [mail for mail in all_of(city) if mail["To"] == FATHER]
    cancel(session)
    cancelled = [mail for mail in all_of(city) if mail["To"] == FATHER]

    (about_change,), (about_end,) = changed, cancelled
    assert "Sporthal Lembeke" in part(about_change, "plain")
    assert "a changé" in part(about_change, "plain")
    assert "n’a pas lieu" in part(about_end, "plain").replace("'", "’")
    for mail in (about_change, about_end):
        everything = mail.as_string() + part(mail, "plain") + part(mail, "html")
        for secret in ("Jef", MOTHER, family_id(MOTHER)):
            assert secret not in everything
    again = {"id": f"{made['registration_id']}/{LOU.child_id}", "session_id": made["session_id"]}
    assert city.deliver([{"kind": "other-parent", **again}]) == []
    assert all_of(city) == []


def test_what_the_other_parent_cancelled_says_so(city: City, claeys: Family):
    accepted(city, claeys)
    made = claeys.register(published(), LOU).json_body["registration_id"]
    settle(city)
    parents.change([], MayCancel.BOTH, ELS, "Het reglement van 8 mei 2027.", datetime.now(UTC))
    (one,) = shared.of_family(family_id(FATHER), datetime.now(UTC))

    shared.cancel(family_id(FATHER), one.key, datetime.now(UTC))

    record = registrations.get(made)
    assert record
    assert record.ended == Ended(EndedBy.OTHER_PARENT)
    settle(city)
    said = "De andere ouder, met wie je dit kind deelt, heeft geannuleerd."
    assert said in part(list(to(city, MOTHER))[-1], "plain")
    assert said in family_browser(claeys.token).get(f"/registrations/{made}").text


def test_what_the_other_parent_cancelled_for_one_of_several_says_so_and_what_the_family_did_does_not(
    city: City,
):
    claeys = family(LOU, JEF, NOOR, email=MOTHER)
    accepted(city, claeys)
    made = claeys.register(published(), LOU, JEF, NOOR).json_body["registration_id"]
    settle(city)
    parents.change([], MayCancel.BOTH, ELS, "Het reglement van 8 mei 2027.", datetime.now(UTC))
    (one,) = shared.of_family(family_id(FATHER), datetime.now(UTC))

    shared.cancel(family_id(FATHER), one.key, datetime.now(UTC))
    settle(city)
    by_him = part(list(to(city, MOTHER))[-1], "plain")
    register.cancel_child(claeys.pass_.bearer, made, JEF.child_id, datetime.now(UTC))
    settle(city)
    by_her = part(list(to(city, MOTHER))[-1], "plain")

    assert "De andere ouder heeft geannuleerd voor Lou." in by_him
    assert "Jef komt niet" in by_her
    assert "andere ouder" not in by_her
    record = registrations.get(made)
    assert record
    table.transact_write([registrations.renaming(record, LOU.child_id, "corrected2")])
    record = registrations.get(made)
    assert record
    assert (record.left_by_other, set(record.left)) == ({"corrected2"}, {"corrected2", JEF.child_id})


def test_what_does_not_reach_the_other_parent_is_kept_for_the_desk_each_way_in_which_it_stands(
    city: City, claeys: Family
):
    accepted(city, claeys)
    settle(city)
    session = published()
    made = claeys.register(session, LOU).json_body["registration_id"]
    settle(city)
    father = families.of_family(family_id(FATHER))[-1]

    handlers.returned(event(Message(MailKind.OTHER_PARENT, f"{made}/{LOU.child_id}/confirmed"), father))
    before = len(list(to(city, FATHER)))
    claeys.cancel(made)
    settle(city)

    assert len(list(to(city, FATHER))) == before, "its address does not exist"
    kept = sorted((one.kind, one.id, one.reason) for one in undelivered.every())
    assert kept == [
        (MailKind.OTHER_PARENT, f"{made}/{LOU.child_id}/{stands}", "gone") for stands in ("cancelled", "confirmed")
    ]


def test_a_corrected_child_is_called_so_in_the_other_parent_s_pass_too_unless_it_says_it_otherwise(city: City):
    mistyped = replace(child("Lou", "claeys", date(2022, 1, 5)), child_id=LOU.child_id)
    claeys = family(mistyped, JEF, email=MOTHER)
    father = accepted(city, claeys)
    second = family_id(FATHER)
    own = families.of_family(second)[-1]
    as_typed = replace(mistyped, first_name="Loú")
    families.put(replace(own, pass_id="typeditself1", children=(as_typed,), created_at=own.created_at))
    session = published(starts_on=date(2028, 3, 1), ends_on=date(2028, 3, 2), age_min=4, age_max=5)

    right = {"child_id": LOU.child_id, "first_name": "Lou", "last_name": "Claeys", "birth_date": "2022-05-01"}
    assert post("/api/pass/corrections", {"children": [right]}, claeys.authorization).status_code == 200

    forget()
    said = {one.pass_id: one.children for one in families.of_family(second)}
    assert said == {own.pass_id: (LOU,), "typeditself1": (as_typed,)}
    assert corrections.of_family(second).was[LOU.child_id] == mistyped, "slips are measured from where they began"
    assert "Lou" in father.get("/family").text
    registered = Family(own, father.cookies["pass"]).register(session, LOU)
    assert registered.status_code == 201, registered.body  # its token of before goes by the right birth date


@pytest.mark.parametrize(
    ("capacity", "children", "status"),
    [
        (20, (LOU, JEF), "confirmed"),
        (20, (LOU,), "confirmed"),
        (1, (LOU,), "waitlisted"),
        (2, (LOU, JEF), "waitlisted"),
    ],
)
def test_who_is_no_parent_any_more_by_the_time_of_the_write_cancels_nothing(
    city: City, claeys: Family, monkeypatch: pytest.MonkeyPatch, capacity: int, children: tuple[Child, ...], status: str
):
    accepted(city, claeys)
    session = published(capacity=capacity)
    if status == "waitlisted":
        family(NOOR, email="fatima@example.be").register(session, NOOR)
    made = claeys.register(session, *children, waitlist=True).json_body["registration_id"]
    parents.change([], MayCancel.BOTH, ELS, "Het reglement van 8 mei 2027.", datetime.now(UTC))
    (seen,) = shared.of_family(family_id(FATHER), datetime.now(UTC))
    sharing.end(claeys.pass_.family_id, LOU.child_id)
    monkeypatch.setattr(shared, "by_key", lambda *_: seen)  # as it was when it looked

    with pytest.raises(Problem) as refused:
        shared.cancel(family_id(FATHER), seen.key, datetime.now(UTC))

    assert refused.value.kind is NOT_FOUND
    stands = claeys.get(f"/api/registrations/{made}").json_body
    assert (stands["status"], stands["child_ids"]) == (status, [one.child_id for one in children])


def test_an_address_that_the_desk_mends_for_the_other_parent_asks_for_no_invitation(city: City, claeys: Family):
    accepted(city, claeys)
    (his,) = families.of_family(family_id(FATHER))

    ask_to_move(his, "youssef.elidrissi@example.be", datetime.now(UTC), None)

    items = (one for one in families.partition(family_id(FATHER)) if one["sk"]["S"].startswith(families.PREFIX))
    asked = next(one for one in map(families.read, items) if one.moves)
    assert asked.invited_by is None
    assert proving.prove(asked, datetime.now(UTC)).email == "youssef.elidrissi@example.be"
    reader = sharing.reader(family_id(FATHER), LOU.child_id)
    assert reader
    assert reader[0].email == "youssef.elidrissi@example.be"


def test_the_other_parent_is_reminded_of_the_camp_once_and_not_of_one_that_was_given_up(city: City, claeys: Family):
    accepted(city, claeys)
    settle(city)
    made = claeys.register(published(), LOU).json_body
    settle(city)
    coming = {"kind": "camp-soon", "id": made["registration_id"], "session_id": made["session_id"]}
    with time_machine.travel(datetime(2027, 8, 12, 8, tzinfo=UTC), tick=False):
        for _ in range(2):
            assert city.deliver([coming]) == []
            settle(city)

    (_, _, reminder) = to(city, FATHER)
    assert "commence bientôt" in part(reminder, "plain")
