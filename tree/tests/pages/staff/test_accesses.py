"""The auditor sees who saw what, by day and by family, page by page; and nobody else does."""

from collections.abc import Iterator

import boto3
import pytest

from chalicelib.core import settings
from chalicelib.insight import accesses
from chalicelib.people import access
from chalicelib.people.families.identity import family_id
from chalicelib.people.staff.rules import Role, Staff
from tests.pages.frame.browsing import Browser

JAMILA = Staff("7d0c-42", "Jamila Aerts", frozenset({Role.DESK}))
KEEP = access._keep
CLAEYS = "an.claeys@example.be"


@pytest.fixture(autouse=True)
def some_were_seen(table: None, accesses: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Given the desk, which looked at a family and at another one."""
    boto3.client("logs").create_log_group(logGroupName=settings.access_log())
    monkeypatch.setattr(access, "_keep", KEEP)
    access._stream.cache_clear()
    for address in (CLAEYS, "fatima@example.be"):
        with access.watched(JAMILA, "GET /office/desk"):
            access.about(family_id(address), ["child00001"])
    yield
    access._stream.cache_clear()


def test_a_day_has_a_line_for_each_look() -> None:
    shown = Browser("en").sign_in(Role.AUDITOR).get("/office/accesses")

    assert shown.text.count("7d0c-42") == 2
    assert shown.text.count("GET /office/desk") == 2


def test_a_family_is_found_by_its_mail_address() -> None:
    auditor = Browser("en").sign_in(Role.AUDITOR)

    auditor.get("/office/accesses")
    assert auditor.submit({"family": CLAEYS}, button="Show").text.count("7d0c-42") == 1
    assert auditor.submit({"family": family_id(CLAEYS)}, button="Show").text.count("7d0c-42") == 1
    assert "Nothing was found" in auditor.submit({"family": "nobody@example.be"}, button="Show").text
    assert "Nothing was found" in auditor.get("/office/accesses?day=2027-03-01").text


def test_what_does_not_fit_on_a_page_is_on_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accesses, "ON_A_PAGE", 1)
    auditor = Browser("en").sign_in(Role.AUDITOR)

    first = auditor.get("/office/accesses").text
    second = auditor.follow("Later ones").text

    assert (first.count("7d0c-42"), second.count("7d0c-42")) == (1, 1)


def test_an_auditor_of_one_town_does_not_see_who_looked_in_another() -> None:
    from tests.camps import published

    published()
    published(municipality="Zelzate")

    assert Browser("en").sign_in(Role.AUDITOR, municipalities=("kaprijke",)).get("/office/accesses").status == 403
