"""`make bill`: what one registration costs, from the first page to the receipt, on the emulator's real requests.

Families go through the pages as a browser with a script does: the programme with all that it loads, preparing, the link
in the mail, a wish, the opening, the registration, the receipt. What each step used is read from the logs by the code
that counts a day (chalicelib/cost/lines.py), and priced at list price, without any free tier. Three minutes.

Once the families are prepared, the example's opening is moved into the past, so that nobody waits for it.
"""

import gzip
import json
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urljoin
from urllib.request import HTTPCookieProcessor, ProxyHandler, Request, build_opener

import time_machine

from chalicelib import table
from chalicelib.__main__ import load_environment
from chalicelib.cost import gathering, usage
from chalicelib.cost.figures import dollars, exact_sum, figure
from chalicelib.cost.lines import Counting
from chalicelib.cost.prices import Meter, shipped
from chalicelib.cost.usage import added, billed
from tests.infra.test_run import System, running
from tests.web.browsing import Parsed

FAMILIES = 6
BORN = "2022-05-01"  # for the camps of the example's opening
BESIDES_MAILS, WITH_MAILS = Decimal("0.00005"), Decimal("0.00037")
# At 512 MB Lambda has so much less than a processor, of which the emulator has a whole one.
SLOWER = Decimal(1769) / 512
ASSETS = re.compile(r'(?:src|href)="([^"]*/assets/[^"]+)"')
SETTLES = 6.0  # seconds until the mails of a step are out, and their logs written

Use = dict[Meter, Decimal]


@dataclass
class Browser:
    """Keeps cookies, and the files that pages load; takes compressed answers."""

    base: str
    jar: CookieJar = field(default_factory=CookieJar)
    kept: set[str] = field(default_factory=set)
    address: str = ""
    page: str = ""

    def get(self, path: str) -> None:
        self._show(Request(self.base + path if path.startswith("/") else path))

    def submit(self, changed: Mapping[str, str], has: str) -> None:
        """The form that has a field or a button of this name."""
        form = next(
            one for one in Parsed(self.page).forms if has in {name for name, _ in one.fields} | set(one.buttons)
        )
        sent = form.filled(changed, has if has in form.buttons else None)
        self._show(Request(urljoin(self.address, form.action), sent.encode(), FORM))

    def ask(self, path: str, sent: Mapping[str, str]) -> Any:
        """As a page's script does."""
        return json.loads(self._open(Request(self.base + path, urlencode(sent).encode(), FORM), "application/json")[1])

    def _show(self, request: Request) -> None:
        self.address, self.page = self._open(request, "text/html")
        for found in ASSETS.findall(self.page):
            asset = urljoin(self.address, found)
            if asset not in self.kept:
                self.kept.add(asset)
                self._open(Request(asset), "*/*")

    def _open(self, request: Request, accept: str) -> tuple[str, str]:
        for name, value in {"Accept": accept, "Accept-Language": "nl", "Accept-Encoding": "gzip"}.items():
            request.add_header(name, value)
        with build_opener(ProxyHandler({}), HTTPCookieProcessor(self.jar)).open(request, timeout=60) as answer:
            content = answer.read()
            return answer.url, (gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content).decode()


FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass
class Family:
    number: int
    system: System
    opening_id: str
    session_id: str
    browser: Browser
    receipt: str = ""

    @property
    def mail(self) -> str:
        return f"ouder{self.number}@example.org"


def look(family: Family) -> None:
    family.browser.get("/programme")


def ask_for_a_pass(family: Family) -> None:
    family.browser.get("/prepare")
    child = {"first_name": "Lou" + "abcdefghij"[family.number], "last_name": "Peeters", "birth_date": BORN}
    typed = {"email": family.mail, "postcode": "2980", "language": "nl"}
    family.browser.submit(typed | {f"children[0].{name}": value for name, value in child.items()}, "email")


def follow_the_link(family: Family) -> None:
    text = family.system.mail(family.mail, 1)["BodyText"]
    link = re.search(r"https?://\S+/enter\?token=[\w.~%-]+", text)
    assert link, text
    family.browser.get(link[0])


def wish(family: Family) -> None:
    family.browser.get(f"/wishes/{family.opening_id}")
    forms = Parsed(family.browser.page).forms
    field_ = next(name for form in forms for name in form.choices if name.startswith("new."))
    family.browser.submit({field_: family.session_id, "add": "yes"}, field_)


def look_at_the_opening(family: Family) -> None:
    family.browser.get(f"/opening/{family.opening_id}")


def register(family: Family) -> None:
    page = family.browser.page
    keys = re.findall(r'data-wish="([^"]+)"', page)
    csrf = dict(pair for form in Parsed(page).forms for pair in form.fields)["csrf"]
    answer = family.browser.ask(f"/opening/{family.opening_id}", {"csrf": csrf, "wish": keys[0]})
    assert answer["receipt"], answer
    family.receipt = urljoin(family.browser.address, answer["receipt"])


def read_the_receipt(family: Family) -> None:
    family.browser.get(family.receipt)


STEPS: tuple[Callable[[Family], None], ...] = (
    look,
    ask_for_a_pass,
    follow_the_link,
    wish,
    look_at_the_opening,
    register,
    read_the_receipt,
)


def main() -> int:
    with tempfile.TemporaryDirectory() as scratch, running(Path(scratch, "home")) as system:
        connect(system)
        opening_id, sessions = opening()
        spent: dict[str, Use] = {}
        # The first family goes through it alone, so that nothing is counted that starts a container or fills it.
        for number, families in ((0, 1), (1, FAMILIES)):
            party = [
                Family(one, system, opening_id, sessions[one % 2], Browser(system.base))
                for one in range(number, number + families)
            ]
            for step in STEPS:
                if step is look_at_the_opening:
                    begin(opening_id, sessions)
                started = now()
                for family in party:
                    step(family)
                time.sleep(SETTLES)
                spent[step.__name__] = {meter: n / families for meter, n in used(started).items()}
            if number == 0:
                begin(opening_id, sessions, back=True)
    print(shown(spent))
    return report(spent)


def connect(system: System) -> None:
    load_environment(system.home / "env")
    table.Item.Meta.table_name = os.environ["TABLE"]
    table.connect()


def now() -> datetime:
    """Of the emulator, which lives today: tests/__init__.py does not."""
    return datetime.fromtimestamp(time_machine.escape_hatch.time.time(), UTC)


def opening() -> tuple[str, list[str]]:
    answer = table.call(
        "Query", KeyConditionExpression="pk = :pk", ExpressionAttributeValues={":pk": {"S": "OPENINGS"}}
    )
    item = next(one for one in answer["Items"] if one["state"]["S"] == "published")
    return item["sk"]["S"], json.loads(item["plan"]["S"])["session_ids"]


def begin(opening_id: str, sessions: list[str], back: bool = False) -> None:
    """The opening was half an hour ago; or is in an hour, and passes can be asked for."""
    opens_at = (now() + timedelta(minutes=60 if back else -30)).replace(microsecond=0)
    key = {"pk": {"S": "OPENINGS"}, "sk": {"S": opening_id}}
    plan = json.loads(table.call("GetItem", Key=key)["Item"]["plan"]["S"])
    plan["windows"][0]["opens_at"] = opens_at.isoformat()
    plan["passes_until"] = (opens_at if back else now().replace(microsecond=0)).isoformat()
    put(key, "plan", {"S": json.dumps(plan)})
    opens = {"N": str(int(opens_at.timestamp()))}
    for session_id in sessions:
        put({"pk": {"S": "PROGRAMME"}, "sk": {"S": session_id}}, "opens_at", opens)
        put({"pk": {"S": f"S#{session_id}"}, "sk": {"S": "SEATS"}}, "opens", opens)
    time.sleep(SETTLES)  # containers remember an opening for five seconds


def put(key: Mapping[str, Any], name: str, value: Mapping[str, str]) -> None:
    table.call(
        "UpdateItem",
        Key=key,
        UpdateExpression="SET #name = :value",
        ExpressionAttributeNames={"#name": name},
        ExpressionAttributeValues={":value": value},
    )


def used(started: datetime) -> Use:
    """By all functions since then."""
    counting = Counting(started.date(), {})
    counting.start, counting.end = started, now() + timedelta(seconds=1)
    for function in gathering.GROUPS:
        for event in gathering.events(function, counting.start, counting.end):
            counting.take(event)
    return billed(added(counting.used().values()))


def shown(spent: Mapping[str, Use]) -> str:
    lines = []
    for step, use in spent.items():
        requests = use.get(usage.API_REQUEST, 0)
        lines.append(f"{step.replace('_', ' '):22} {dollars(cost(use)):>12}   {requests:g} requests")
    return "\n".join(lines)


def cost(use: Use) -> Decimal:
    prices = shipped()
    return exact_sum(figure("", meter, quantity, prices, "").usd for meter, quantity in use.items())


def report(spent: Mapping[str, Use]) -> int:
    """Every line of the bill, the dearest first; 1 if it is too dear."""
    prices = shipped()
    whole = added(spent.values())
    figures = sorted(
        (figure(" ".join(meter), meter, quantity, prices, "make bill") for meter, quantity in whole.items()),
        key=lambda one: -one.usd,
    )
    print(f"\n{'a registration used':32} {'quantity':>16}  {'':12} {'price':>24} {'dollars':>14}")
    for one in figures:
        price = f"{one.price.usd:f} / {one.price.unit}"
        print(f"{one.what:32} {one.quantity:16.9f}  {one.unit:12} {price:>24} {one.usd:14.10f}")
    mails = exact_sum(one.usd for one in figures if one.meter == usage.MAIL)
    all_ = exact_sum(one.usd for one in figures)
    duration = exact_sum(one.usd for one in figures if one.meter == usage.LAMBDA_DURATION)
    rest = all_ - mails
    print(f"\nbesides its mails  ${rest:.10f}   at most ${BESIDES_MAILS}   {verdict(rest, BESIDES_MAILS)}")
    print(f"with them          ${all_:.10f}   at most ${WITH_MAILS}   {verdict(all_, WITH_MAILS)}")
    slower = rest + duration * (SLOWER - 1)
    print(f"were it all a processor's work, of which 512 MB have 0.29: ${slower:.10f}")
    print(f"what dominates: {figures[0].what}; besides mails {next(f for f in figures if f.meter != usage.MAIL).what}")
    return 0 if rest <= BESIDES_MAILS and all_ <= WITH_MAILS else 1


def verdict(is_: Decimal, most: Decimal) -> str:
    return "ok" if is_ <= most else "OVER"


if __name__ == "__main__":
    sys.exit(main())
