"""Debian's Chromium, and a server of ours for it to look at; each one for all tests of a process."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen
from wsgiref.simple_server import WSGIServer, make_server

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from infra.local.package import ROOT
from tests import PATIENCE
from tests.browser.pages import ANYBODY, ENTER, FAMILY, HELPERS
from tests.core.http import summer as summers
from tests.infra.test_run import free_port, wait_for
from tests.pages.frame.serve import HOST, Quiet, application

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
PATIENCE_MS = PATIENCE * 1000
# What a page shall show it may show late: Playwright's own five seconds are a quick machine's.
expect.set_options(timeout=PATIENCE_MS)


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
        [sys.executable, "-m", "tests.pages.frame.serve", "--port", str(port)], cwd=ROOT, stdout=subprocess.DEVNULL
    )
    try:
        wait_for(lambda: process.poll() is not None or serves(base), "server")
        assert process.poll() is None, "the server ended by itself"
        yield base
    finally:
        process.kill()
        process.wait()


class Server(ThreadingMixIn, WSGIServer):
    """Browsers open lines that they do not use: one that waits must not hold up the others."""

    daemon_threads = True


@pytest.fixture
def here() -> Iterator[str]:
    """The summer served by this process, so that a test can change what happens in it."""
    one_at_a_time = threading.Lock()

    def serve(environ: dict[str, Any], start_response: Any) -> Any:
        with one_at_a_time:  # Chalice has one current request
            return application(environ, start_response)

    with summers.summer(), make_server(HOST, 0, serve, server_class=Server, handler_class=Quiet) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://{HOST}:{server.server_port}"
        server.shutdown()


def serves(base: str) -> bool:
    try:
        with urlopen(f"{base}/api/health", timeout=PATIENCE) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def patient(context: BrowserContext) -> BrowserContext:
    """It waits for a page and for what is on it as long as that takes."""
    context.set_default_timeout(PATIENCE_MS)
    return context


def context_of(browser: Browser, site: str, who: str, **options: object) -> BrowserContext:
    """A browser of their own, for who they are: a family that followed its link, or staff with these roles."""
    context = patient(browser.new_context(locale="nl-BE", **options))  # type: ignore[arg-type]
    if who != ANYBODY:
        page = context.new_page()
        page.goto(site + (ENTER if who == FAMILY else f"/test/{who}" if who in HELPERS else f"/test/staff?{who}"))
        page.close()
    return context


@pytest.fixture(scope="module")
def looking(chromium: Browser, site: str) -> Iterator[Any]:
    """What looks at pages (tests/browser/looking.py)."""
    from tests.browser.looking import Looking

    one = Looking(chromium, site)
    yield one
    for who in list(one.pages):
        one.close(who)
