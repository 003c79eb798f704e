"""The whole story of a family in Chromium, against the packaged system as `make run` starts it: preparing, registering,
the receipt, cancelling, an offer, accepting it. In Dutch with scripts, in French without any."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from chalicelib.core.languages import translate
from chalicelib.people.staff import sessions
from infra.local.stack import Aws, outputs
from tests.browser.conftest import patient
from tests.infra.conftest import emulator, packaged, today
from tests.infra.test_run import System, born, running, take_all_seats, two_open_sessions

# Fixtures: the package is made once, and the emulator goes by the real clock.
__all__ = ["emulator", "packaged", "today"]


@pytest.fixture(scope="module")
def system(emulator: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    with running(tmp_path_factory.mktemp("story") / "home") as system:
        yield system


@dataclass
class Family:
    """Somebody with a browser, who reads what is on the page in their language and nothing else."""

    page: Page
    system: System
    language: str
    email: str

    def says(self, text: str, **values: object) -> str:
        return translate(text, self.language, **values)

    def press(self, label: str) -> None:
        self.page.get_by_role("button", name=self.says(label), exact=True).click()

    def follow(self, label: str) -> None:
        self.page.get_by_role("link", name=self.says(label), exact=True).click()

    def reads(self, heading: str) -> None:
        expect(self.page.locator("h1")).to_have_text(self.says(heading))

    def prepare(self, birth_date: str) -> None:
        """Asks for a pass as on a phone, follows the link in the mail, and says that it is hers."""
        self.page.goto(f"{self.system.pages}/prepare?language={self.language}")
        for label, typed in (
            ("Mail address", self.email),
            ("Postcode", "9970"),
            ("First name", "Lou"),
            ("Last name", f"Claeys {self.email[0]}"),
            ("Birth date", birth_date),
        ):
            self.page.get_by_label(self.says(label), exact=True).fill(typed)
        self.page.get_by_label(self.says("Language of your mails")).select_option(self.language)
        self.press("Send me the link")
        self.page.wait_for_url("**/prepare/sent*")
        self.open_link(1, "enter")
        self.press("Yes, these are my children")
        self.page.wait_for_url("**/family*")
        assert "token" not in self.page.url

    def open_link(self, mail: int, path: str) -> None:
        body = self.system.mail(self.email, mail)["BodyText"]
        link = re.search(rf"{re.escape(self.system.pages)}/{path}\?token=\S+", body)
        assert link, body
        self.page.goto(link[0])

    def register(self, session_id: str, button: str) -> None:
        self.page.goto(f"{self.system.pages}/sessions/{session_id}")
        self.page.get_by_role("checkbox", name=f"Lou Claeys {self.email[0]}").check()
        self.press(button)
        self.page.wait_for_url("**/registrations/*")


def families(chromium: Browser, system: System, language: str, **options: Any) -> Iterator[Family]:
    for name in ("anna", "bram"):
        context = patient(chromium.new_context(viewport={"width": 360, "height": 740}, **options))
        yield Family(context.new_page(), system, language, f"{name}.{language}@example.org")


@pytest.mark.parametrize(
    ("language", "scripts", "number"), [("nl", True, 0), ("fr", False, 1)], ids=["nl", "fr-without-scripts"]
)
def test_from_preparing_to_an_offer_that_is_accepted(
    chromium: Browser, system: System, language: str, scripts: bool, number: int
) -> None:
    session = two_open_sessions(system)[number]
    first, second = families(chromium, system, language, java_script_enabled=scripts)

    first.prepare(born(session))
    first.register(session["session_id"], "Register now")
    first.reads("The registration is confirmed")
    expect(first.page.get_by_role("img", name=re.compile("QR"))).to_be_visible()
    first.system.mail(first.email, 2)

    # Reload and back change nothing.
    address = first.page.url
    first.page.reload()
    first.page.go_back()
    first.page.goto(address)
    first.reads("The registration is confirmed")

    take_all_seats(system, session["session_id"])
    second.prepare(born(session))
    second.register(session["session_id"], "Join the waiting list")
    second.reads("You are on the waiting list")

    first.follow("Cancel this registration")
    first.press("Yes, cancel")
    first.reads("This registration is cancelled")

    second.system.mail(second.email, 3)
    second.open_link(3, "offer")
    assert "token" not in second.page.url
    second.reads("A seat is held for you")
    second.press("Yes, I accept the seat")
    second.reads("The seat is yours")
    second.follow("My registration")
    second.reads("The registration is confirmed")


def test_staff_sign_in_at_the_citys_page_and_find_the_family(chromium: Browser, system: System, tmp_path: Path) -> None:
    password = dict(line.split(" ", 1) for line in (system.home / "staff").read_text().splitlines())
    page = patient(chromium.new_context(locale="nl-BE")).new_page()

    page.goto(f"{system.pages}/office/desk")
    page.fill("[name=username]", "desk@example.org")
    page.fill("[name=password]", password["desk@example.org"])
    page.press("[name=password]", "Enter")

    page.wait_for_url("**/office/desk")
    expect(page.locator("h1")).to_be_visible()
    cookies = page.context.cookies(system.pages)
    assert not [one for one in cookies if not one["httpOnly"]]

    # The city's pool is asked anew, and says the same of them.
    some_minutes_pass(system)
    page.reload()
    expect(page.get_by_role("button", name=re.compile("Afmelden"))).to_be_visible()
    expect(page.locator("h1")).to_have_text("Loket")

    page.get_by_role("button", name=re.compile("Afmelden")).click()
    page.wait_for_url("**/programme")
    page.context.add_cookies(cookies)
    page.goto(f"{system.pages}/office/desk")
    expect(page.locator("[name=password]")).to_be_visible()


def some_minutes_pass(system: System) -> None:
    """For every session of staff."""
    aws = Aws(system.emulator)
    table = {"TableName": (outputs(aws) or {})["TableName"]}
    dynamodb = aws.client("dynamodb")
    for item in dynamodb.scan(**table)["Items"]:
        if item["sk"]["S"] == sessions.SK:
            dynamodb.update_item(
                **table,
                Key={name: item[name] for name in ("pk", "sk")},
                UpdateExpression="ADD checked_at :seconds",
                ExpressionAttributeValues={":seconds": {"N": str(-sessions.FRESH_SECONDS - 1)}},
            )
