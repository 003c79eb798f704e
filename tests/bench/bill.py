"""`make bill`: what one registration costs, from the first page to the receipt, on the emulator's real requests.

Families go through the pages as a browser with a script does: the programme with all that it loads, preparing, the link
in the mail, a wish, the opening, the registration, the receipt. Others take the shorter way through the API. What each
step used is read from the logs by the code that counts a day (chalicelib/insight/cost/lines.py), and priced at list
price, without any free tier. In the end the city takes money: an order for each registration, and its payment by a
transfer that is in the bank's file. Four minutes. `--write` also fills chalicelib/insight/cost/steps.csv.

Once the families are prepared, the example's opening is moved into the past, so that nobody waits for it.
"""

import csv
import gzip
import json
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urljoin
from urllib.request import HTTPCookieProcessor, ProxyHandler, Request, build_opener

import boto3
import time_machine

from chalicelib.__main__ import load_environment
from chalicelib.booking.registrations.rules import family_of
from chalicelib.core import table
from chalicelib.insight.cost import estimate, gathering, usage
from chalicelib.insight.cost.figures import CostFigure, dollars, exact_sum, figure
from chalicelib.insight.cost.lines import Counting
from chalicelib.insight.cost.prices import Meter, shipped
from chalicelib.insight.cost.usage import added, billed
from chalicelib.money.orders import table as orders_table
from chalicelib.money.orders.rules import Order
from chalicelib.money.payees import table as payees
from chalicelib.money.payees.rules import Payee
from infra.local.banks import ACCOUNT, Book, Entry
from infra.local.sign_in import token
from tests.infra.test_run import System, running
from tests.pages.frame.browsing import Parsed

FAMILIES = 6  # in a party; each party takes a step together
BORN = "2022-05-01"  # for the camps of the example's opening
BESIDES_MAILS, WITH_MAILS = Decimal("0.00005"), Decimal("0.00037")
ORDER_AND_TRANSFER = Decimal("0.00002")
# At 512 MB Lambda has so much less than a processor, of which the emulator has a whole one.
BILL = "make bill"
SLOWER = Decimal(1769) / 512
ASSETS = re.compile(r'(?:src|href)="([^"]*/assets/[^"]+)"')
SETTLES = 5.5  # seconds until the mails of a step are out; containers remember an opening for five

Use = dict[Meter, Decimal]
DOORS = (usage.API_REQUEST, usage.PAGES_REQUEST)
Step = Callable[["Family"], None]


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
    token: str = ""
    child_id: str = ""
    receipt: str = ""
    registration_id: str = ""

    @property
    def child(self) -> str:
        return "Lou" + "abcdefghijklmnopqrstuvwxyz"[self.number]

    @property
    def mail(self) -> str:
        return f"ouder{self.number}@example.org"


def look(family: Family) -> None:
    family.browser.get("/programme")


def ask_for_a_pass(family: Family) -> None:
    family.browser.get("/prepare")
    child = {"first_name": family.child, "last_name": "Peeters", "birth_date": BORN}
    typed = {"email": family.mail, "postcode": "2980", "language": "nl"}
    family.browser.submit(typed | {f"children[0].{name}": value for name, value in child.items()}, "email")


def follow_the_link(family: Family) -> None:
    family.browser.get(link_of(family))
    family.browser.submit({}, "token")


def link_of(family: Family) -> str:
    text = family.system.mail(family.mail, 1)["BodyText"]
    link = re.search(r"https?://\S+/enter\?token=([\w.~%-]+)", text)
    assert link, text
    family.token = link[1]
    return link[0]


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


def look_at_the_pass(family: Family) -> None:
    link_of(family)
    known = family.system.call("GET", "/api/pass", Authorization=f"Bearer {family.token}")[1]
    family.child_id = known["children"][0]["child_id"]


def try_again(family: Family) -> None:
    """Refused: the child has its seat already."""
    status, _ = through_the_api(family, "another key")
    assert status >= 400, status


def through_the_api(family: Family, key: str) -> tuple[int, Any]:
    wanted = {"session_id": family.session_id, "child_ids": [family.child_id], "waitlist": False}
    status, made, _ = family.system.call(
        "POST", "/api/registrations", wanted, Authorization=f"Bearer {family.token}", Idempotency_Key=key
    )
    return status, made


def ask_the_api(family: Family) -> None:
    family.system.call("GET", "/api/sessions")
    child = {"first_name": family.child, "last_name": "Peeters", "birth_date": BORN}
    wanted = {"email": family.mail, "postcode": "2980", "language": "nl", "children": [child]}
    assert family.system.call("POST", "/api/passes", wanted)[0] == 202


def register_by_the_api(family: Family) -> None:
    status, made = through_the_api(family, "a key")
    assert status == 201, made
    family.registration_id = made["registration_id"]
    bearer = f"Bearer {family.token}"
    family.system.call("GET", f"/api/registrations/{made['registration_id']}", Authorization=bearer)


PAGES = (look, ask_for_a_pass, follow_the_link, wish, look_at_the_opening, register, read_the_receipt)
API = (ask_the_api, look_at_the_pass, register_by_the_api)
# Which of them a step of chalicelib/insight/cost/steps.csv is, and by whom: the function that answers, or those behind
# it.
MEASURED = {
    "page": ((look_at_the_opening, read_the_receipt), "front", 2),
    "pass": ((ask_for_a_pass, follow_the_link), "front", 1),
    "registration": ((register,), "front", 1),
    "refusal": ((try_again,), "front", 1),
    "mail": ((ask_for_a_pass, register), "behind", 2),
}


@dataclass(frozen=True)
class Spent:
    """Of one step, for each family: by the function that answers requests, and by those behind it."""

    front: Use
    behind: Use

    @property
    def all(self) -> Use:
        return added([self.front, self.behind])


Party = dict[Callable[..., None], Spent]


def main(arguments: list[str]) -> int:
    with tempfile.TemporaryDirectory() as scratch, running(Path(scratch, "home")) as system:
        connect(system)
        opening_id, sessions = opening()

        def families(*numbers: int) -> list[Family]:
            ids = (opening_id, sessions[numbers[0] % len(sessions)])
            return [Family(number, system, *ids, Browser(system.pages)) for number in numbers]

        # The first family goes alone: what it uses starts containers and fills them.
        parties = []
        for party in (families(0), families(*range(1, 1 + FAMILIES)), families(*range(8, 8 + FAMILIES))):
            begin(opening_id, sessions, back=True)
            parties.append(walked(party, PAGES, lambda: begin(opening_id, sessions)))
            parties[-1] |= walked(party, (look_at_the_pass, try_again))
        party = families(*range(16, 16 + FAMILIES))
        by_api = walked(party, API)
        paid = paying(party)
    pages = {step: parties[-1][step] for step in PAGES}
    print(f"Through the pages\n{shown(pages)}\n{lines(whole(pages))}")
    print(f"\nThrough the API\n{shown(by_api)}\n{lines(whole(by_api))}")
    print(f"\nAn order, and its payment by transfer\n{shown(paid)}\n{itemised(whole(paid))}")
    of_order = cost(whole(paid))
    print(
        f"  all of it         ${of_order:.10f}, at most ${ORDER_AND_TRANSFER}: {verdict(of_order, ORDER_AND_TRANSFER)}"
    )
    if "--write" in arguments:
        write(parties)
    return 0 if is_cheap(whole(pages)) and of_order <= ORDER_AND_TRANSFER else 1


def walked(party: list[Family], steps: Sequence[Step], opens: Callable[[], None] = lambda: None) -> Party:
    found: Party = {}
    for step in steps:
        if step is look_at_the_opening:
            opens()
        started = now()
        for family in party:
            step(family)
        time.sleep(SETTLES)
        found[step] = used(started, len(party))
    return found


def paying(party: list[Family]) -> Party:
    """The city takes money from now on. One file of the bank has the payments of the whole party."""
    table.transact_write([payees.putting(Payee("", "Stad Stormloop", ACCOUNT, edition=1))])
    time.sleep(SETTLES)  # what a container remembers of payees
    started = now()
    for family in party:
        follow_orders(family)
    time.sleep(SETTLES)
    found: Party = {follow_orders: used(started, len(party))}
    orders = [order for family in party for order in orders_table.of_family(family_of(family.registration_id))]
    assert [order.received_cents for order in orders] == [0] * len(party), orders
    started = now()
    hand_in(party[0].system, orders)
    time.sleep(SETTLES)
    found[hand_in] = used(started, len(party))
    assert all(not order.balance_cents for order in orders_table.several(one.order_id for one in orders).values())
    return found


def follow_orders(family: Family) -> None:
    """As the message about its registration does: from the queue."""
    message = json.dumps({"kind": "account", "id": family_of(family.registration_id)})
    boto3.client("sqs", endpoint_url=os.environ["AWS_ENDPOINT_URL"]).send_message(
        QueueUrl=os.environ["QUEUE_URL"], MessageBody=message
    )


def hand_in(system: System, orders: Sequence[Order]) -> None:
    today = now().date()
    entries = [Entry(order.amount_cents, order.reference, day=today, bank=order.order_id) for order in orders]
    request = Request(
        system.base + "/api/staff/statements",
        Book(entries, opened_on=today, closed_on=today).coda(),
        {"Authorization": f"Bearer {token('finance', system.home)}", "Content-Type": "application/octet-stream"},
    )
    with build_opener(ProxyHandler({})).open(request, timeout=60) as answer:
        told = json.loads(answer.read())
    assert told["matched"] == len(orders), told


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
    plans = {one["sk"]["S"]: json.loads(one["plan"]["S"]) for one in answer["Items"]}
    opening_id, plan = next((key, plan) for key, plan in plans.items() if plan["kind"] == "first-come")
    return opening_id, plan["session_ids"]


def begin(opening_id: str, sessions: Sequence[str], back: bool = False) -> None:
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
    time.sleep(SETTLES)


def put(key: Mapping[str, Any], name: str, value: Mapping[str, str]) -> None:
    table.call(
        "UpdateItem",
        Key=key,
        UpdateExpression="SET #name = :value",
        ExpressionAttributeNames={"#name": name},
        ExpressionAttributeValues={":value": value},
    )


def used(started: datetime, families: int) -> Spent:
    """Since then."""
    return Spent(
        *(
            {meter: quantity / families for meter, quantity in of_functions(functions, started).items()}
            for functions in (("api",), ("outbox", "mails", "bank"))
        )
    )


def of_functions(functions: Sequence[str], started: datetime) -> Use:
    counting = Counting(started.date(), {})
    counting.start, counting.end = started, now() + timedelta(seconds=1)
    for function in functions:
        for event in gathering.events(function, counting.start, counting.end):
            counting.take(event)
    return billed(added(counting.used().values()))


def whole(party: Party) -> Use:
    return added(spent.all for spent in party.values())


def shown(party: Party) -> str:
    return "\n".join(
        f"  {step.__name__.replace('_', ' '):22} {dollars(cost(spent.all)):>12}  {requests_of(spent.all):g} requests"
        for step, spent in party.items()
    )


def figures(use: Use) -> list[CostFigure]:
    """The dearest first."""
    found = (figure(" ".join(meter), meter, quantity, shipped(), BILL) for meter, quantity in use.items())
    return sorted(found, key=lambda one: -one.usd)


def cost(use: Use, *, mails: bool = True) -> Decimal:
    return exact_sum(one.usd for one in figures(use) if mails or one.meter != usage.MAIL)


def is_cheap(use: Use) -> bool:
    return cost(use, mails=False) <= BESIDES_MAILS and cost(use) <= WITH_MAILS


def itemised(use: Use) -> str:
    return "\n".join(
        f"  {one.what:30} {one.quantity:16.9f} {one.unit:11} "
        f"{f'${one.price.usd:f} / {one.price.unit}':>26} {one.price.published} ${one.usd:.10f}"
        for one in figures(use)
    )


def lines(use: Use) -> str:
    """The bill, line by line, and what it may be."""
    rest, all_ = cost(use, mails=False), cost(use)
    duration = cost({usage.LAMBDA_DURATION: use[usage.LAMBDA_DURATION]})
    other = (
        rest
        - cost({meter: use.get(meter, Decimal(0)) for meter in DOORS})
        + cost({usage.API_REQUEST: requests_of(use)})
    )
    first = next(one for one in figures(use) if one.meter != usage.MAIL)
    return "\n".join(
        [
            itemised(use),
            f"  besides its mails ${rest:.10f}, at most ${BESIDES_MAILS}: {verdict(rest, BESIDES_MAILS)}",
            f"  with them         ${all_:.10f}, at most ${WITH_MAILS}: {verdict(all_, WITH_MAILS)}",
            f"  what dominates besides mails: {first.what}, {100 * first.usd / rest:.0f} %",
            f"  were it all a processor's work, of which 512 MB have 0.29: ${rest + duration * (SLOWER - 1):.10f}",
            f"  all of it through a REST API: ${other:.10f}",
        ]
    )


def requests_of(use: Use) -> Decimal:
    return sum((use.get(meter, Decimal(0)) for meter in DOORS), Decimal(0))


def verdict(is_: Decimal, most: Decimal) -> str:
    return "ok" if is_ <= most else "OVER"


def write(parties: Sequence[Party]) -> None:
    """Low is the less of the two parties that found containers, expected their mean, high the most of all. What another
    command measured stays: units of refusals in a rush, for one, most of which are foreseen and cost none."""
    kept = [one for one in estimate.measured() if one.command != BILL]
    with estimate.FILE.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(("step", "service", "item", "low", "expected", "high", "command"))
        for name, (steps, whose, number) in MEASURED.items():
            uses = [
                {meter: n / number for meter, n in added(getattr(party[step], whose) for step in steps).items()}
                for party in parties
            ]
            known = [one for one in kept if one.name == name]
            for one in known:
                rows.writerow((name, *one.meter, *(f"{one.uses[case]:f}" for case in estimate.Case), one.command))
            for meter in sorted({meter for use in uses for meter in use} - {one.meter for one in known}):
                cold, *warm = (use.get(meter, Decimal(0)) for use in uses)
                low, expected = min(warm), sum(warm) / len(warm)
                high = max(cold, *warm)
                rows.writerow((name, *meter, *(shortest(n) for n in (low, expected, high)), BILL))


def shortest(quantity: Decimal) -> str:
    """Nine digits after the point: a byte, of GB."""
    return f"{quantity.quantize(Decimal('1e-9')).normalize():f}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
