"""Debian's Chromium, and a server of ours for it to look at; each one for all tests of a process."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from infra.local.package import ROOT
from tests.browser.pages import ANYBODY, ENTER, FAMILY
from tests.infra.test_run import free_port, wait_for

CHROMIUM = Path("/usr/bin/chromium")
# As root, and without anything that asks for addresses elsewhere.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
START_SECONDS = 90


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    assert CHROMIUM.exists(), "Chromium is missing: apt-get install chromium (make test does)"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """The address of the summer's own server."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.web.serve", "--port", str(port)], cwd=ROOT, stdout=subprocess.DEVNULL
    )
    try:
        wait_for(lambda: process.poll() is not None or serves(base), START_SECONDS, "server")
        assert process.poll() is None, "the server ended by itself"
        yield base
    finally:
        process.terminate()
        process.wait(timeout=10)


def serves(base: str) -> bool:
    try:
        with urlopen(f"{base}/api/health", timeout=5) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def context_of(browser: Browser, site: str, who: str, **options: object) -> BrowserContext:
    """A browser of their own, for who they are: a family that followed its link, or staff with these roles."""
    context = browser.new_context(locale="nl-BE", **options)  # type: ignore[arg-type]
    if who != ANYBODY:
        page = context.new_page()
        page.goto(site + (ENTER if who == FAMILY else f"/test/staff?{who}"))
        page.close()
    return context
