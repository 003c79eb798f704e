"""`make pictures`: what README shows, made anew: a family's phone at its moment, the desk, finance's bill.

In Chromium, of the summer of tests/core/http/summer.py. What differs from one time to the next is held fast: the
openings' seed, and the clock.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from unittest import mock
from wsgiref.simple_server import make_server

import time_machine
from playwright.sync_api import Browser, sync_playwright

from chalicelib.booking.wishes import preparing
from chalicelib.booking.wishes.rules import WantedSession
from chalicelib.insight.cost import so_far
from chalicelib.office.publication import drafts
from infra.local.package import ROOT, short
from tests.browser.conftest import ARGUMENTS, CHROMIUM, context_of, serves
from tests.browser.pages import FAMILY
from tests.camps import JEF
from tests.core.http import summer as summers
from tests.infra.test_run import free_port, wait_for
from tests.pages.frame import serve as server

FOLDER = ROOT / "docs" / "pictures"
MOST_BYTES = 150_000
SERVE = "--serve"


@dataclass(frozen=True)
class Picture:
    """`who`: as of a Look. `size`: width and height of the window, in CSS pixels: so much is shown, from the page's
    element `begins` on (a CSS selector)."""

    name: str
    who: str
    path: str
    size: tuple[int, int]
    begins: str = "body"


PICTURES = (
    Picture("family", FAMILY, f"/opening/{summers.HELD}", (390, 620)),
    Picture("desk", "desk", "/office/desk", (1000, 860)),
    Picture("finance", "finance", "/office/cost?month=2027-03", (1000, 915), ".site-facts"),
)


def main(arguments: list[str]) -> int:
    if arguments[:1] == [SERVE]:
        return serve(arguments[1])
    FOLDER.mkdir(exist_ok=True)
    with site() as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        for picture in PICTURES:
            take(browser, base, picture)
        browser.close()
    return 0


def take(browser: Browser, base: str, picture: Picture) -> None:
    width, height = picture.size
    context = context_of(browser, base, picture.who, viewport={"width": width, "height": height})
    page = context.new_page()
    page.goto(f"{base}{picture.path}{'&' if '?' in picture.path else '?'}language=en")
    page.wait_for_load_state("networkidle")
    page.locator(picture.begins).first.evaluate("it => scrollTo(0, it.getBoundingClientRect().top - 16)")
    file = FOLDER / f"{picture.name}.png"
    page.screenshot(path=file)
    print(f"{short(file)}: {file.stat().st_size / 1000:.0f} KB")
    context.close()
    assert file.stat().st_size < MOST_BYTES, file


@contextmanager
def site() -> Iterator[str]:
    """The address of the summer, whose openings have the same seed each time."""
    port = str(free_port())
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.browser.pictures", SERVE, port],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    base = f"http://127.0.0.1:{port}"
    try:
        wait_for(lambda: process.poll() is not None or serves(base), "server")
        yield base
    finally:
        process.terminate()
        process.wait(timeout=10)


def serve(port: str) -> int:
    """One family is at its moment, with one wish. Nothing was used today; a real log would say how much."""
    sys.argv[1:] = ["--port", port]
    logs = SimpleNamespace(filter_log_events=lambda **_: {"events": []})
    with (
        mock.patch.object(drafts, "secrets", SimpleNamespace(token_bytes=lambda size: bytes(range(size)))),
        mock.patch.object(summers, "_wishes", one_wish),
        mock.patch.object(so_far, "_logs", return_value=logs),
        mock.patch.object(server, "make_server", stopping_the_clock),
    ):
        return server.main()


def one_wish() -> None:
    wishes = [WantedSession(summers.SESSIONS[summers.HELD], (JEF.child_id,))]
    preparing.save(summers.CLAEYS.bearer, summers.HELD, wishes, False, datetime.now(UTC))


def stopping_the_clock(*arguments: Any, **named: Any) -> Any:
    time_machine.travel(summers.NOW + timedelta(minutes=10), tick=False).start()
    return make_server(*arguments, **named)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
