"""The link in the mail with a pass: a mail's scanner follows it and proves nothing, a family presses the button."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from chalicelib.people.families import namings, proving, tokens
from chalicelib.people.families import table as families
from chalicelib.people.families.rules import Child, Pass, child
from tests.camps import JEF, NOOR, family, request
from tests.core.http import summer as summers
from tests.pages.frame.browsing import Browser, family_browser

FATIMA = "fatima@example.be"


@pytest.fixture(scope="module", autouse=True)
def _summer() -> Iterator[None]:
    with summers.summer():
        yield


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    yield
    summers.again()


def asked(*children: Child) -> Pass:
    """Given a pass for Noor that was asked for, whose mail is on its way."""
    new = replace(family(*(children or (NOOR,)), email=FATIMA).pass_, language="en", namings={})
    families.put(new)
    return new


def link(pass_: Pass) -> str:
    return f"/enter?token={tokens.sign(pass_)}"


def test_a_scanner_that_follows_every_link_of_the_mail_proves_nothing() -> None:
    pass_ = asked()
    before = summers.stored()

    for _ in range(2):
        answer = request("GET", link(pass_))
        assert answer.status_code == 200
        assert "pass=" not in str(answer.headers.get("Set-Cookie", ""))

    assert summers.stored() == before


def test_the_page_says_who_it_is_for_and_its_button_proves_the_mailbox() -> None:
    pass_, browser = asked(), Browser("en")

    shown = browser.get(link(pass_) + "&to=/leave")
    assert shown.heading == "Are these your children?"
    assert FATIMA in shown.html
    assert "Noor El Amrani" in shown.html
    shown = browser.submit(button="Yes, these are my children")

    assert shown.path == "/leave"
    assert [one.family_id for one in namings.namers(NOOR.child_id)] == [pass_.family_id]
    assert tokens.read(browser.cookies["pass"]).is_proven
    # From then on the link goes on at once.
    assert Browser("en").get(link(pass_) + "&to=/leave").path == "/leave"


def test_where_another_family_is_signed_in_one_button_answers_both_questions() -> None:
    pass_, browser = asked(), family_browser(summers.OWN.token, "en")

    shown = browser.get(link(pass_))
    assert shown.heading == "Another family uses this browser"
    assert "Noor El Amrani" in shown.html
    browser.submit(button=f"Go on as {FATIMA}")

    assert namings.namers(NOOR.child_id)
    assert tokens.read(browser.cookies["pass"]).family_id == pass_.family_id


def test_a_link_that_was_cut_off_in_the_mail_shuts_nobody_out_whose_browser_has_a_pass() -> None:
    pass_, browser = asked(), family_browser(summers.OWN.token, "en")
    cut_off = link(pass_)[:-9]

    shown = browser.get(cut_off + "&to=/leave")

    assert (shown.status, shown.path) == (200, "/leave")
    assert browser.cookies["pass"] == summers.OWN.token
    assert Browser("en").get(cut_off).status == 401
    assert family_browser("an-old-pass", "en").get(cut_off).status == 401
    assert namings.namers(NOOR.child_id) == []


def test_the_same_family_confirms_the_children_of_each_pass() -> None:
    """Whoever knows an address can ask for a pass in its name, with whatever children."""
    first, browser = asked(), Browser("en")
    browser.get(link(first))
    browser.submit(button="Yes, these are my children")

    assert browser.get(link(asked(NOOR, JEF))).heading == "Are these your children?"
    assert namings.namers(JEF.child_id) == []


@pytest.mark.parametrize(
    ("language", "title"), [("nl", "Te veel kinderen"), ("fr", "Trop d’enfants"), ("en", "Too many children")]
)
def test_one_child_too_many_is_refused_in_the_readers_language(language: str, title: str) -> None:
    letters = "abcdefghij"
    proving.prove(asked(*(child(f"Lou {letter}", "Maes", NOOR.birth_date) for letter in letters)), summers.PREPARED)
    browser = Browser(language)
    browser.get(link(asked()))

    shown = browser.submit()

    assert (shown.status, shown.heading.startswith(title)) == (403, True)
    assert namings.namers(NOOR.child_id) == []


@pytest.mark.parametrize(
    ("language", "told"),
    [("nl", "een ander mailadres"), ("fr", "autre adresse e-mail"), ("en", "another mail address")],
)
def test_a_family_is_told_that_its_child_is_named_elsewhere_and_what_to_do(language: str, told: str) -> None:
    pass_, browser = asked(), Browser(language)
    browser.get(link(pass_))
    shown = browser.submit()
    assert told not in shown.html

    proving.prove(replace(family(NOOR, email="other@example.be").pass_, namings={}), summers.PREPARED)

    shown = browser.get(f"/family?language={language}")
    assert told in shown.html
    assert "other@example.be" not in shown.html
