"""What families read of each action, in three languages."""

from dataclasses import replace
from datetime import UTC, timedelta

import pytest

from chalicelib.core.http import fields
from chalicelib.core.languages import LANGUAGES
from chalicelib.mail import opening_mails
from chalicelib.mail.announcements import REGISTER as TO_DO
from chalicelib.mail.opening_mails import News
from chalicelib.mail.rendering import Sending
from chalicelib.office.incidents.rules import Action, ProposedIncident, applied
from chalicelib.office.incidents.words import worded
from chalicelib.programme.openings import plans
from chalicelib.programme.openings.log import LogEntry
from chalicelib.programme.openings.rules import Opening, State
from tests.mail.conftest import PEETERS, part
from tests.office.incidents.conftest import TEXTS
from tests.programme.openings.plans import DRAW, OPENS_AT, PLAN

NOW = OPENS_AT.astimezone(UTC) + timedelta(minutes=4)
SENDING = Sending("sport@kaprijke.example", NOW)
NEXT_WEEK = OPENS_AT + timedelta(days=7)
FIRST_COME = Opening("2027-abcdef", 1, plans.plan_of(fields.check(plans.PLAN, PLAN)), State.PUBLISHED, bytes(32))
BY_LOT = replace(FIRST_COME, plan=plans.plan_of(fields.check(plans.PLAN, PLAN | DRAW)))
PAUSED = applied(FIRST_COME, ProposedIncident(Action.PAUSE, TEXTS), NOW - timedelta(minutes=3))
CASES = {
    "pause": (FIRST_COME, ProposedIncident(Action.PAUSE, TEXTS)),
    "resume": (PAUSED, ProposedIncident(Action.RESUME, TEXTS)),
    "extend": (FIRST_COME, ProposedIncident(Action.EXTEND, TEXTS, minutes=15)),
    "extend a draw": (BY_LOT, ProposedIncident(Action.EXTEND, TEXTS, minutes=15)),
    "restart": (FIRST_COME, ProposedIncident(Action.RESTART, TEXTS, moment=NEXT_WEEK)),
    "restart a draw": (BY_LOT, ProposedIncident(Action.RESTART, TEXTS, moment=NEXT_WEEK)),
    "keep": (FIRST_COME, ProposedIncident(Action.TURN_INTO_DRAW, TEXTS, moment=NEXT_WEEK)),
    "take back": (FIRST_COME, ProposedIncident(Action.TURN_INTO_DRAW, TEXTS, moment=NEXT_WEEK, keep_given=False)),
}


def entry(case: str) -> LogEntry:
    before, asked = CASES[case]
    new = LogEntry("2027-abcdef", 1, asked.action.value, TEXTS, asked.why, {}, at=NOW)
    return worded(new, asked, before, applied(before, asked, NOW))


def mail(case: str, language: str):
    one, plan = entry(case), FIRST_COME.plan
    why, done, rule = one.why[language], one.done[language], plan.incident_rule[language]
    news = News(
        one.action, plan.titles[language], why, done, rule, one.moments, None, TO_DO, "https://kamp.example/opening/1"
    )
    return opening_mails.announcement("f/p/2027-abcdef/1", news, replace(PEETERS, language=language), SENDING)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", CASES)
def test_each_mail_says_what_happened_what_was_done_and_what_was_promised(case, language):
    one = entry(case)
    sent = mail(case, language)
    assert FIRST_COME.plan.titles[language] in sent["Subject"]
    for text in (part(sent, "plain"), part(sent, "html")):
        for said in (TEXTS[language], one.done[language], FIRST_COME.plan.incident_rule[language]):
            assert said in text
        assert "{" not in text.partition("</title>")[2]


@pytest.mark.parametrize("case", CASES)
def test_no_two_languages_say_it_in_the_same_words(case):
    assert len(set(entry(case).done.values())) == len(LANGUAGES)


def test_every_action_has_a_headline():
    assert set(opening_mails.HEADLINES) == {action.value for action in Action}


@pytest.mark.parametrize(
    ("case", "names"),
    [("restart", ["opens_at"]), ("restart a draw", ["opens_at", "wishes_until"]), ("keep", ["wishes_until"])],
)
def test_the_moments_that_hold_now_are_named(case, names):
    assert list(entry(case).moments) == names


def test_what_staff_write_cannot_break_the_page_nor_the_headers():
    news = News(
        "pause",
        "Kampen\r\nBcc: x@example.be",
        "<script>\nTwee",
        "x",
        "y",
        {},
        None,
        TO_DO,
        "https://kamp.example/opening/1",
    )
    sent = opening_mails.announcement("f/p/o/1", news, PEETERS, SENDING)
    assert sent["Bcc"] is None
    assert "<script>" not in part(sent, "html")
    assert "&lt;script&gt;</p>" in part(sent, "html")
