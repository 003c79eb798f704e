"""`make cell`: what a camp opening does to swimming, in a cell of its own and in the same one. Two minutes.

Two cells on this machine: each the whole app in a process of its own, with a DynamoDB Local of its own, on a processor
core of its own. The core stands for what a cell has for itself at AWS: its table, its gateway's limits, its reserved
concurrency. Families book swimming, one after the other, while the camps' cell is quiet and while it is flooded; then
the same in the camps' own cell. Each is measured in turns in one run, and told as a ratio, because machines are noisy.

While the camps' cell is quiet, plain loops keep its core as busy as the flood would: else whatever else this machine
does would move to that core, and back when the flood comes, and we would measure that. For the same reason each cell
is a session of its own: Linux gives each session its share of a busy machine.
Prints a table and writes .build/cell.json.
"""

import http.client
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count
from statistics import quantiles
from urllib.parse import urlsplit

from tests.bench.starting import ROOT
from tests.bench.table import Row, shown
from tests.pages.frame.browsing import Browser, Shown

ROUNDS = 3
SECONDS = 6.0
# The flood: so many at once, each asking again at once. Bounded in number too, whatever the machine does with them.
THREADS = 8
MOST_ASKED = 20_000
TIMEOUT = 20
# Of the flood itself, the cell's app and its DynamoDB Local.
LOOPS = 3


@dataclass(frozen=True)
class Cell:
    url: str
    tokens: Sequence[str]
    camps: Sequence[Mapping[str, str]]


@dataclass
class Measured:
    """`took`: seconds of each request of a family; `failed`: how many went wrong; `flood`: how many the flood asked."""

    took: list[float] = field(default_factory=list)
    failed: int = 0
    flood: int = 0

    def percentile(self, which: int) -> float:
        """In milliseconds."""
        return 1000 * quantiles(self.took, n=100, method="inclusive")[which - 1]


class TimeIsUp(Exception):
    """The turn is over, in the middle of a family's visit."""


class Remote(Browser):
    """A browser that speaks to a server, and takes the time of each request."""

    def __init__(self, base: str, token: str, measured: Measured, end: float) -> None:
        super().__init__("en")
        self.end = end
        self.connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=TIMEOUT)
        self.cookies["pass"] = token
        self.measured = measured

    def _request(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Shown:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        begun = time.perf_counter()
        if begun >= self.end:
            raise TimeIsUp
        self.connection.request(method, path, body, {"Cookie": cookies, "Accept-Language": self.language, **headers})
        answer = self.connection.getresponse()
        content = answer.read()
        self.measured.took.append(time.perf_counter() - begun)
        if answer.status >= 400:
            self.measured.failed += 1
        self._keep({"Set-Cookie": answer.headers.get_all("Set-Cookie") or []})
        self.shown = Shown(path, answer.status, dict(answer.headers), content)
        if answer.status == 303:
            return self._request("GET", self._absolute(answer.headers["Location"]), b"", {})
        return self.shown


def main() -> None:
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        raise SystemExit("Two processor cores are needed, one for each cell.")
    for_swimming, for_camps = cores[0], cores[1]
    print("starting two cells ...", flush=True)
    with ExitStack() as cells:
        swimming = cells.enter_context(cell(for_swimming))
        camps = cells.enter_context(cell(for_camps))
        cells.enter_context(pinned(for_swimming))
        kinds = {
            "own, quiet": (swimming, burning),
            "own, flooded": (swimming, flood),
            "same, quiet": (camps, nothing),
            "same, flooded": (camps, flood),
        }
        found = {kind: Measured() for kind in kinds}
        for where, _ in kinds.values():
            visits(where, 1.0, Measured())  # warm
        for turn in range(ROUNDS):
            for kind, (where, beside) in kinds.items():
                print(f"round {turn + 1} of {ROUNDS}: {kind} ...", flush=True)
                with beside(camps, for_camps, found[kind]):
                    visits(where, SECONDS, found[kind])
    rows = list(told(found))
    target = ROOT / ".build" / "cell.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps([row.as_json() for row in rows], indent=1) + "\n")
    print(f"\n{shown(rows)}\n\nwritten: {target.relative_to(ROOT)}")


def told(found: Mapping[str, Measured]) -> Iterator[Row]:
    for name, words in (("own", "in a cell of its own"), ("same", "in the camps' cell")):
        quiet, flooded = found[f"{name}, quiet"], found[f"{name}, flooded"]
        for which, most in ((50, 1.5), (99, 3.0)):
            before, after = quiet.percentile(which), flooded.percentile(which)
            yield Row(
                f"swimming {words}: p{which}, camps flooded / quiet",
                round(after / before, 2),
                "x",
                most if name == "own" else None,
                f"{after:.0f} ms and {before:.0f} ms; {len(flooded.took)} and {len(quiet.took)} requests",
            )
        remark = f"beside {flooded.flood:,} requests of the flood"
        limit = 0 if name == "own" else None
        yield Row(f"swimming {words}: errors while the camps are flooded", flooded.failed, "", limit, remark)


_slots = count()


def visits(where: Cell, seconds: float, measured: Measured) -> None:
    """Families come back and book: the week, an hour, the confirmation."""
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        number = next(_slots)
        browser = Remote(where.url, where.tokens[number % len(where.tokens)], measured, end)
        try:
            week = browser.get(f"/swimming?week={WEEKS[number % len(WEEKS)]}")
            hours = [link for link in week.page.links.values() if "swimming/20" in link]
            browser.get(browser._absolute(hours[number % len(hours)]))
            browser.submit(button="Confirm")
        except (OSError, http.client.HTTPException):
            measured.failed += 1
        except TimeIsUp:
            return
        finally:
            browser.connection.close()


WEEKS = [f"2027-03-{day:02}" for day in (8, 15, 22)] + [f"2027-04-{day:02}" for day in (5, 12, 19)]


@contextmanager
def cell(core: int) -> Iterator[Cell]:
    """The app, its DynamoDB Local and what they start, on that core alone."""
    with pinned(core):
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.cell_server"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
    assert process.stdin
    assert process.stdout
    try:
        line = process.stdout.readline()
        if not line:
            raise SystemExit("A cell did not start; see above.")
        yield Cell(**json.loads(line))
    finally:
        process.stdin.close()
        process.wait(30)


@contextmanager
def pinned(core: int) -> Iterator[None]:
    """What is started meanwhile runs on that core, and so does this thread."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@contextmanager
def flood(camps: Cell, core: int, measured: Measured) -> Iterator[None]:
    """A camp opening, from a process on the camps' core, so that it takes nothing from whoever measures."""
    with pinned(core):
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.cell", "flood"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
    assert process.stdin
    assert process.stdout
    try:
        process.stdin.write(json.dumps(vars(camps)) + "\n")
        process.stdin.flush()
        assert process.stdout.readline() == "begun\n"
        yield
    finally:
        process.stdin.close()
        measured.flood += int(process.stdout.read() or 0)
        process.wait(TIMEOUT + 5)


@contextmanager
def burning(_camps: Cell, core: int, _measured: Measured) -> Iterator[None]:
    """That core has as much to do as in a flood, which is nothing of ours."""
    with pinned(core):
        loops = [
            subprocess.Popen([sys.executable, "-c", "while True: pass"], start_new_session=True) for _ in range(LOOPS)
        ]
    try:
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()


@contextmanager
def nothing(_camps: Cell, _core: int, _measured: Measured) -> Iterator[None]:
    yield


def be_the_flood() -> None:
    """Looks at the programme and registers, over and over, until the input ends."""
    camps = Cell(**json.loads(sys.stdin.readline()))
    asked, is_over = count(1), threading.Event()
    total = [0]

    def family(token: str, number: int) -> None:
        while not is_over.is_set() and total[0] < MOST_ASKED:
            total[0] = turn = next(asked)
            connection = http.client.HTTPConnection(urlsplit(camps.url).netloc, timeout=TIMEOUT)
            try:
                if turn % 3:
                    connection.request("GET", "/programme")
                else:
                    camp = camps.camps[turn % len(camps.camps)]
                    wish = {"session_id": camp["session_id"], "child_ids": [camp["child_id"]], "waitlist": False}
                    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": f"{number}-{turn}"}
                    connection.request("POST", "/api/registrations", json.dumps(wish), headers)
                connection.getresponse().read()
            except (OSError, http.client.HTTPException):
                pass  # it is a flood: some of it is turned away
            finally:
                connection.close()

    for number in range(THREADS):
        token = camps.tokens[number % len(camps.tokens)]
        threading.Thread(target=family, args=(token, number), daemon=True).start()
    print("begun", flush=True)
    sys.stdin.read()
    is_over.set()
    print(total[0], flush=True)


if __name__ == "__main__":
    be_the_flood() if sys.argv[1:] == ["flood"] else main()
