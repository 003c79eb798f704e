"""From a case in the stream to a line in the daybook, and to the mails of whoever sent it."""

from contextlib import suppress
from dataclasses import dataclass, field, replace
from email.message import EmailMessage
from typing import Any

import pytest

from chalicelib.core import table as items
from chalicelib.core.languages import translate
from chalicelib.front_door.cases import acting, following, sending
from chalicelib.front_door.cases import table as cases
from chalicelib.front_door.cases.acting import BY_CITIZEN, Deed, actor
from chalicelib.front_door.cases.rules import (
    CITIZEN,
    LEFT_ALONE,
    LIMITED,
    MAILED,
    RETURNED,
    Act,
    Case,
    CaseStatus,
    Contact,
    Way,
)
from chalicelib.front_door.cases.sending import CaseRequest
from chalicelib.front_door.daybook import table as daybook
from chalicelib.front_door.handling import handling
from chalicelib.front_door.units import table as units
from chalicelib.mail import case_limits, of_cases, outbox, returning
from chalicelib.mail.case_mails import HEADLINES
from chalicelib.mail.rules import MailKind, Message, messages
from chalicelib.mail.sending import MailRefused
from tests.booking.registrations.callers import Crash
from tests.front_door import city
from tests.front_door.city import NADIA, NOW
from tests.interrupting import as_it_is, before_write, crash
from tests.mail.conftest import part

KEYS = {"pk": "CASE#ACEFGHJKMNPRA", "sk": "CASE"}


@pytest.mark.parametrize(
    ("change", "keys", "due"),
    [
        ("INSERT", KEYS, [Message(MailKind.CASE, "ACEFGHJKMNPRA")]),
        ("MODIFY", KEYS, [Message(MailKind.CASE, "ACEFGHJKMNPRA")]),
        ("REMOVE", KEYS, []),
        ("INSERT", {**KEYS, "sk": "H#000002"}, []),
        ("INSERT", {"pk": "INBOX#streets", "sk": "2027-03-22#ACEFGHJKMNPRA"}, []),
    ],
)
def test_a_case_that_came_or_changed_is_told(change: str, keys: dict[str, str], due: list[Message]) -> None:
    image: dict[str, Any] = {"form_id": "street"}
    assert messages(change, keys, image, image) == due
    assert [Message.from_json(one.to_json()) for one in due] == due


def test_a_case_is_written_into_the_daybook(table: None) -> None:
    city.a_city()
    case = sending.send(replace(city.report(), contact=Contact()), NOW).case

    of_cases.changed(Message(MailKind.CASE, case.case_id))
    of_cases.changed(Message(MailKind.CASE, case.case_id))

    assert [line.case_id for line in daybook.of_day(city.day("2027-03-08"))] == [case.case_id]


FAR = "De tegel ligt vast."


@dataclass
class Post:
    """The mails of cases, as SES got them, and what comes of each message of the stream."""

    sent: list[tuple[str, EmailMessage, dict[str, str]]] = field(default_factory=list)
    refusal: Exception | None = None

    def take(self, kind: MailKind, mail: EmailMessage, to: str, tags: list[Any]) -> None:
        if self.refusal:
            raise self.refusal
        self.sent.append((to, mail, {tag["Name"]: tag["Value"] for tag in tags}))

    def run(self, case: Case) -> list[str]:
        """Everything that is due for a case; the subjects of the mails that it brought."""
        before = len(self.sent)
        of_cases.changed(Message(MailKind.CASE, case.case_id))
        return [mail["Subject"] for _, mail, _ in self.sent[before:]]


@pytest.fixture
def post(table: None, monkeypatch: pytest.MonkeyPatch) -> Post:
    made = Post()
    monkeypatch.setattr(of_cases, "post", made.take)
    monkeypatch.setenv("PUBLIC_URL", "https://kamp.kaprijke.example")
    city.a_city()
    return made


def now(case: Case) -> Case:
    found = cases.get(case.case_id)
    assert found
    return found


def act(case: Case, deed: Act, status: CaseStatus | None = None, text: str = "", **changes: Any) -> Case:
    return acting.change(now(case), Deed(deed, actor(NADIA), NOW, status, text=text, changes=changes))


def answer(case: Case) -> Case:
    return act(case, Act.ANSWERED, CaseStatus.ANSWERED, FAR, answered_on=city.day("2027-03-08"))


def marks(case: Case) -> list[tuple[Act, tuple[str, ...]]]:
    return [(entry.act, entry.told) for entry in cases.history(now(case))]


def test_a_case_is_named_in_the_quotation_marks_of_its_language(post: Post) -> None:
    named = {
        "nl": "“Iets op straat” (",
        "fr": "«\u00a0Un problème dans la rue\u00a0» (",
        "en": "“Something in the street” (",
    }
    for language, name in named.items():
        request = replace(city.report(language), contact=replace(city.AN, language=language))
        case = sending.send(request, NOW).case
        post.run(case)
        answer(case)
        post.run(case)
        body = post.sent[-1][1].get_body(("plain",))
        assert body is not None
        assert name in body.get_content()


def came_back(case: Case, post: Post, kind: str = "Permanent") -> None:
    """The last mail that went out."""
    *_, tags = post.sent[-1]
    detail = {
        "eventType": "Bounce",
        "bounce": {"bounceType": kind},
        "mail": {"tags": {name: [value] for name, value in tags.items()}},
    }
    returning.take({"detail": detail})
    post.run(case)


def test_a_receipt_is_mailed_once_with_its_link_and_without_what_was_sent(post: Post) -> None:
    case = sending.send(city.report(), NOW).case

    assert post.run(case) == [f"We hebben het ontvangen: Iets op straat ({case.receipt})"]
    assert post.run(case) == []
    to, mail, _ = post.sent[0]
    text = part(mail, "plain")
    assert to == city.AN.email
    assert f"https://kamp.kaprijke.example/cases/{case.receipt}?secret={case.secret}" in text
    assert "maandag 22 maart 2027" in text
    assert "Bel 0800 1777." in text
    assert "stoeptegel" not in text + part(mail, "html")


def test_the_day_on_which_it_came_is_the_one_in_brussels(post: Post) -> None:
    post.run(sending.send(city.report(), NOW.replace(hour=23, minute=30)).case)

    assert "dinsdag 9 maart 2027" in part(post.sent[0][1], "plain")


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_each_thing_that_the_city_does_is_told_in_the_citizens_language(post: Post, language: str) -> None:
    request = replace(city.report(), contact=replace(city.AN, language=language))
    case = sending.send(request, NOW).case
    act(case, Act.ASKED, CaseStatus.WAITING_FOR_CITIZEN, "Welke <b>tegel</b>?")
    acting.change(now(case), Deed(Act.REPLIED, BY_CITIZEN, NOW, CaseStatus.IN_PROGRESS, text="Nummer 1."))
    act(case, Act.NOTED)
    act(case, Act.FORWARDED, unit_id="office")
    act(case, Act.LENGTHENED, text="De aannemer komt later.", answer_by=city.day("2027-04-01"), more_days=8)
    answer(case)
    act(case, Act.REOPENED, CaseStatus.REOPENED)
    act(case, Act.MERGED, CaseStatus.CLOSED)

    said = post.run(case)

    headlines = [translate(HEADLINES[each], language) for each, _ in marks(case) if each in HEADLINES]
    assert [subject.partition(":")[0].strip() for subject in said] == headlines
    assert len(said) == 7
    text = "\n".join(part(mail, "html") for _, mail, _ in post.sent)
    assert "Welke &lt;b&gt;tegel&lt;/b&gt;?" in text
    assert NADIA.name not in text


def test_of_a_confidential_form_a_mail_says_neither_its_name_nor_the_answer(post: Post) -> None:
    case = sending.send(
        CaseRequest("youth-care", {"ask": "Wie kan ik spreken?"}, Way.PAGE, "k", contact=city.AN), NOW
    ).case
    act(case, Act.ANSWERED, CaseStatus.ANSWERED, FAR)

    subjects = post.run(case)

    text = "\n".join(part(mail, kind) for _, mail, _ in post.sent for kind in ("plain", "html")) + "\n".join(subjects)
    assert len(subjects) == 2
    assert case.receipt in text
    for unsaid in ("jeugdhulp", "Jeugdhulp", FAR, "Wie kan ik", "We bellen je.", "09 376"):
        assert unsaid not in text


def test_who_gave_no_mail_address_is_mailed_nothing(post: Post) -> None:
    assert post.run(sending.send(replace(city.report(), contact=Contact()), NOW).case) == []


def test_a_mailbox_that_strangers_type_gets_five_an_hour_and_the_others_stand_all_the_same(post: Post) -> None:
    for number in range(8):
        contact = replace(city.AN, email=f"an.claeys+{number}@example.org")
        post.run(sending.send(replace(city.report(f"k{number}"), contact=contact), NOW).case)

    assert len(post.sent) == case_limits.MOST_AN_HOUR
    last = sending.send(replace(city.report("k9"), contact=city.AN), NOW).case
    assert post.run(last) == []
    assert marks(last) == [(Act.RECEIVED, (LIMITED,))]
    answer(last)
    assert len(post.run(last)) == 1, "what the city writes is not counted"


def test_a_mail_that_is_tried_again_counts_once(table: None) -> None:
    for _ in range(2 * case_limits.MOST_AN_HOUR):
        assert case_limits.has_room("an@example.org", "case#1", NOW)
    assert case_limits.has_room("an@example.org", "case#2", NOW)


def test_opening_and_closing_again_and_again_floods_nobody(post: Post) -> None:
    case = sending.send(city.report(), NOW).case
    for _ in range(10):
        following.close(now(case), "", NOW)
        following.reopen(now(case), "Toch niet.", NOW)
        post.run(case)

    assert len(post.sent) == case_limits.MOST_AN_HOUR


def test_each_act_that_is_mailed_has_its_words() -> None:
    assert set(HEADLINES) == MAILED


def test_wherever_a_container_dies_a_mail_goes_out_once_and_at_most_twice(post: Post) -> None:
    """It dies before each of its writes in turn; then the message comes again, and again."""
    case = answer(sending.send(city.report(), NOW).case)
    again, twice = as_it_is(), 0
    with before_write(99, crash) as writes:
        post.run(case)
    for number in range(len(writes)):
        again()
        post.sent.clear()
        with before_write(number, crash), suppress(Crash):
            post.run(case)
        post.run(case)
        post.run(case)
        subjects = [mail["Subject"] for _, mail, _ in post.sent]
        assert len(set(subjects)) == 2, "the receipt and the answer"
        assert len(subjects) <= 3
        twice += len(subjects) - 2
    assert len(writes) > 3
    assert twice == 2, "before each of the two marks"


def test_a_mail_that_ses_does_not_take_now_is_tried_again(post: Post) -> None:
    case = sending.send(city.report(), NOW).case
    post.refusal = MailRefused("Throttling", is_for_now=True)
    with pytest.raises(MailRefused):
        post.run(case)

    post.refusal = None
    assert len(post.run(case)) == 1


def test_a_receipt_that_came_back_is_noted_for_the_unit_and_no_more_goes_there(post: Post) -> None:
    case = sending.send(city.report(), NOW).case
    post.run(case)

    came_back(case, post)
    came_back(case, post)

    assert marks(case) == [(Act.RECEIVED, (CITIZEN, RETURNED)), (Act.NOTED, ())]
    assert "kwam terug (gone)" in cases.history(now(case))[-1].note
    answer(case)
    assert post.run(case) == []
    assert marks(case)[-1] == (Act.ANSWERED, (LEFT_ALONE,))


def test_an_answer_that_came_back_is_in_the_inbox_again(post: Post) -> None:
    case = answer(sending.send(city.report(), NOW).case)
    post.run(case)

    came_back(case, post, "Transient")

    assert now(case).status is CaseStatus.REOPENED
    assert [entry.case_id for entry in cases.inbox("streets")] == [case.case_id]
    assert now(case).reopened == 1
    assert marks(case)[-1] == (Act.REOPENED, ())
    assert post.run(case) == []


def test_a_question_that_came_back_waits_for_nobody(post: Post) -> None:
    case = act(sending.send(city.report(), NOW).case, Act.ASKED, CaseStatus.WAITING_FOR_CITIZEN, "Welke?")
    post.run(case)

    came_back(case, post)

    assert now(case).status is CaseStatus.IN_PROGRESS


def test_a_mail_that_ses_refuses_for_good_is_noted_for_the_unit(post: Post) -> None:
    case = sending.send(city.report(), NOW).case
    post.refusal = MailRefused("MessageRejected", is_for_now=False)

    post.run(case)
    post.run(case)

    assert [each for each, _ in marks(case)] == [Act.RECEIVED, Act.NOTED]


def test_a_mail_about_a_case_that_is_gone_brings_nothing_back(post: Post) -> None:
    case = sending.send(city.report(), NOW).case
    post.run(case)
    items.transact_write(cases.removing(case, cases.history(case)))

    came_back(case, post)

    assert cases.get(case.case_id) is None


def concerned(queued: list[Message]) -> list[str]:
    assert [Message.from_json(one.to_json()) for one in queued] == queued
    return [one.id for one in queued if one.kind is MailKind.CONCERNED]


def test_a_head_hears_whom_a_complaint_concerns_and_that_nobody_may_answer_it(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    queued: list[Message] = []
    monkeypatch.setattr(outbox, "queue", lambda messages: queued.extend(messages) or 0)
    case = sending.send(city.complaint(), NOW).case
    post.run(case)
    handling.say_concerned(city.KOEN, case.case_id, 1, ["streets"], "", NOW)

    post.run(case)
    post.run(case)
    assert concerned(queued) == [f"{case.case_id}/2"]

    items.transact_write([units.putting(replace(city.OFFICE, people=(NADIA.email,), edition=2))])
    units.forget()
    post.run(case)
    assert concerned(queued) == [f"{case.case_id}/2", f"{case.case_id}/0"]


def test_what_sqs_does_not_take_is_told_when_the_message_comes_again(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = sending.send(city.complaint(), NOW).case
    handling.say_concerned(city.KOEN, case.case_id, 1, ["streets"], "", NOW)
    monkeypatch.setattr(outbox, "queue", len)
    with pytest.raises(of_cases.NotQueued):
        post.run(case)

    queued: list[Message] = []
    monkeypatch.setattr(outbox, "queue", lambda messages: queued.extend(messages) or 0)
    post.run(case)

    assert concerned(queued) == [f"{case.case_id}/2"]
