"""Each item of the table has one home: only there is its key made, and only `seats/` knows what the seats' item holds.

Whoever else wants something of an item asks its home for it: for the thing itself, or for one write of a transaction.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

CODE = Path("chalicelib")

# What a key begins with, or is, by the rooms that make it. Rooms that share a partition each have their own sort keys.
HOMES = {
    "PROGRAMME": "programme/sessions",
    "S#": "seats seats/waiting_list programme/sessions booking/draw",
    "NEWS#": "programme/sessions",
    "SESSION_NAMES": "programme/sessions",
    "SEATS": "seats",
    "PRESENCE#": "booking/presence",
    "GROUPS": "booking/presence",
    "WAITING": "seats/waiting_list",
    "W#": "seats/waiting_list",
    "C#": "people/families booking/registrations",
    "DAYS#": "booking/registrations",
    "NAMED": "people/families",
    "F#": "people/families people/child_info booking/answers booking/registrations booking/wishes swimming city/work "
    "money/entitlements money/extras money/citypass money/uitpas",
    "P#": "people/families",
    "BY#": "people/families",
    "NAMED_TWICE": "people/families",
    "IS": "people/families",
    "IS#": "people/families",
    "CORRECTED": "people/families",
    "NAMES#": "people/families",
    "ASKED#": "people/families",
    "INVITED#": "people/families",
    "SHARED#": "people/families",
    "SHARES#": "people/families",
    "CONFIDENTIAL": "people/families",
    "LINKS#": "people/families",
    "MAILBOX#": "mail",
    "MAILS": "mail",
    "CHANGES": "people/families",
    "ERASING": "people/families mail",
    "CARE#": "people/child_info",
    "WAS#": "people/child_info",
    "ANSWERS#": "booking/answers",
    "R#": "booking/registrations",
    "CONTINUED": "booking/registrations",
    "WISHES#": "booking/wishes",
    "WEEK#": "swimming",
    "OPENINGS": "programme/openings",
    "OWNERS": "programme/openings",
    "O#": "programme/openings booking/draw",
    "LOG#": "programme/openings",
    "D#": "booking/draw",
    "ASKED": "booking/draw",
    "BEACON": "booking/draw",
    "DRAW": "booking/draw",
    "LIST#": "booking/draw",
    "RESULT#": "booking/draw",
    "START#": "booking/draw",
    "UNDELIVERED": "mail",
    "SWIMMING": "swimming",
    "TIMETABLE": "swimming",
    "SWIM#": "swimming",
    "STAFF#": "people/staff",
    "SESSION": "people/staff",
    "CITY": "programme/cancellation city",
    "PARENTS": "city",
    "CANCELLATION": "programme/cancellation",
    "CITYPASS": "money/citypass",
    "RULES": "money/citypass",
    "RULES#": "money/citypass",
    "CITYFIGURES": "money/citypass",
    "CITYPASS#": "money/citypass",
    "CITYCASES": "money/citypass",
    "CITYNUMBER#": "money/citypass",
    "CITYHOLDER#": "money/citypass",
    "BUDGET#": "money/citypass",
    "CITYVOUCHER#": "money/citypass",
    "CITYISSUED#": "money/citypass",
    "CITYPAYOUT#": "money/citypass",
    "CITYPROVIDERS": "money/citypass",
    "CITYTRIES#": "money/citypass",
    "LEADERS": "programme/sessions",
    "COLUMNS": "programme/files",
    "LEDGER": "city/ledger",
    "HELPERS": "people/assistance",
    "HELPER#": "people/assistance",
    "HELPTRIES#": "people/assistance",
    "HELPCODE#": "people/assistance",
    "HELP#": "people/assistance",
    "HELPED#": "people/assistance",
    "HELPDAY#": "people/assistance",
    "QUESTIONS": "programme/questions",
    "TARIFFS": "money/tariffs",
    "TARIFF#": "money/tariffs",
    "TEXTS": "city/texts",
    "FACES": "city/face",
    "LOGOS": "city/face",
    "OF#": "city/face money/payees",
    "WORK#": "city/work",
    "ENTITLED#": "money/entitlements",
    "DESK#": "people/families",
    "ADDRESSEE": "people/families",
    "TALK#": "people/families",
    "ENDED#": "booking/registrations",
    "OFFER#": "seats/waiting_list",
    "PAYEES": "money/payees",
    "ACCOUNT#": "money/orders money/unpaid money/uitpas",
    "UITPAS": "money/uitpas",
    "UITPAS#": "money/uitpas",
    "TICKET#": "money/uitpas",
    "TICKET": "money",
    "REMINDED#": "money/unpaid",
    "ORDER": "money money/orders",
    "ENTITLED": "money",
    "EXTRAS": "money",
    "EXTRAS#": "money/extras",
    "ORDER#": "money/orders",
    "REFERENCE#": "money/orders",
    "REFERENCES": "money/orders",
    "OWED#": "money/orders",
    "OVERPAID#": "money/orders",
    "BOOKS#": "money/books",
    "REFUND#": "money/refunds",
    "REFUNDS": "money/refunds",
    "REFUND-FILES": "money/refunds",
    "REFUND-FILE#": "money/refunds",
    "BOOKS-CLOSED": "money/books",
    "BOOKS-NUMBERS": "money/books",
    "CERTIFICATES#": "money/certificates",
    "CERTIFICATES#ORGANIZERS": "money/certificates",
    "CERTIFIED": "money",
    "CERTIFIED#": "money/certificates",
    "TELL": "money",
    "TELL#": "money/certificates",
    "MAXIMUM": "money/certificates",
    "SERIAL": "money/certificates",
    "NO#": "money/certificates",
    "PLACE#": "money/certificates",
    "YEAR#": "money/certificates",
    "FILE#": "money/certificates",
    "NATIONAL#": "money/certificates",
    "NUMBERS": "money/certificates",
    "MOVEMENTS#": "money/statements",
    "PAID#": "money/statements",
    "STATEMENTS": "money/statements",
    "STATEMENT#": "money/statements",
    "MONEY-TASKS": "money/statements",
    "MONEY-DONE#": "money/statements",
    "UNITS": "front_door front_door/units",
    "FORMS": "front_door/forms",
    "FORM#": "front_door/forms",
    "AREAS": "front_door/routing",
    "CASE": "front_door front_door/cases",
    "CASE#": "front_door/cases",
    "H#": "front_door/cases",
    "FILES#": "front_door/files",
    "INBOX#": "front_door/cases",
    "CASE-TEMPLATES": "front_door/handling",
    "DAYBOOK#": "front_door/daybook",
    "KNOWN": "front_door/arriving",
    "ARRIVED#": "front_door/arriving",
    "ARRIVED-LEFT": "front_door/arriving",
    "HOUR#": "front_door/arriving",
    "MAP": "front_door/mapping",
    "REPORTS#": "front_door/reports",
    "PHOTO": "front_door/photos",
    "PHOTO#": "front_door/photos",
    "UPLOADS#": "front_door/photos",
    "CASEMAILS#": "mail",
    "WATCHING": "front_door/watching",
    "EXPECTED#": "front_door/watching",
    "LINK#": "front_door/watching",
    "RING#": "front_door/watching",
    "LAST#": "front_door/watching",
    "MONTHS": "front_door/watching",
    "LOOKED#": "front_door/watching",
    "WATCHED#": "front_door/watching",
    "CASEDAYS#": "front_door/watching",
    "CASEMONTHS#": "front_door/watching",
    "TALLY#": "core/counters",
    "COST": "insight/cost",
    "COUNTER#": "front_door/counter",
    "COUNTER-CASE#": "front_door/counter",
    "COUNTER-FIGURES": "front_door/counter",
    "COUNTER-RULES": "front_door/counter",
    "PAYMENT#": "money/online",
    "PAYING#": "money/online",
    "PAYMENTS": "money",
    "WEBHOOKS": "links",
    "WEBHOOK#": "links",
    "WEBHOOK-TURN": "links",
    "DUE#": "links",
    "DEAD#": "links",
    "BY-ITSELF#": "insight",
    "CASE-HANDS#": "insight",
    "BY-HAND": "insight",
    # What the item of the seats holds, as DynamoDB knows it.
    "holders": "seats",
    "queued": "seats money/online",  # there as Mollie says it of a refund
    "blocked": "seats",
    "stopped": "seats",
    "kept_for": "seats",
    "asks": "seats",
    "u#": "seats",
    "e#": "seats",
    "c#": "seats",
    "~staff": "seats",
    "~reduced": "seats",
    "~erased": "seats",
    "#holders": "seats",
    "#free": "seats",
}

# What only one module reads, and raises as an exception of our own.
REFUSALS = ["CancellationReasons", "ConditionalCheckFailed", "TransactionCanceledException", "TransactionConflict"]


def strings(module: Path) -> Iterator[str]:
    """The strings of a module that a program goes by: not its docstrings."""
    said = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):  # what says a string comes before it
        if isinstance(node, ast.Expr):
            said.add(id(node.value))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node.value


def is_of(text: str, key: str) -> bool:
    return text == key or ("#" in key and text.startswith(key))


@cache
def every_string() -> dict[str, set[Path]]:
    """And the modules that say it. When a test asks: whoever only collects the tests need not read all of the code."""
    found = defaultdict(set)
    for module in sorted(CODE.rglob("*.py")):
        for text in strings(module):
            found[text].add(module)
    return found


def rooms_that_make(key: str) -> set[str]:
    return {
        module.relative_to(CODE).parent.as_posix()
        for text, modules in every_string().items()
        if is_of(text, key)
        for module in modules
    }


@pytest.mark.parametrize("key", HOMES)
def test_a_key_is_made_in_its_home_alone(key):
    assert rooms_that_make(key) <= set(HOMES[key].split())


@pytest.mark.parametrize("key", [key for key, rooms in HOMES.items() if not key.startswith("~")])
def test_every_home_still_makes_its_keys(key):
    """So that a key that is written otherwise does not go unseen."""
    assert rooms_that_make(key)


@pytest.mark.parametrize("code", REFUSALS)
def test_what_dynamodb_refuses_is_read_in_one_module(code):
    modules = {str(module) for text, modules in every_string().items() if code in text for module in modules}

    assert modules == {"chalicelib/core/refusals.py"}


@pytest.mark.parametrize("operation", ["Query", "Scan"])
def test_what_comes_in_pages_is_asked_for_in_one_place(operation):
    """There each page is followed by the next. `metering` names the operations that it counts, and calls none."""
    modules = {str(module) for module in every_string()[operation]}

    assert modules == {"chalicelib/core/table.py", "chalicelib/core/metering.py"}


def test_no_client_is_asked_past_it():
    """PynamoDB's `Item.query` pages by itself; botocore's `client.query` does not."""
    asked = [
        (str(module), ast.unparse(node.func))
        for module in sorted(CODE.rglob("*.py"))
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("query", "scan")
    ]

    assert [one for one in asked if not re.fullmatch(r"table\.(query|scan)|[A-Z]\w*Item\.query", one[1])] == []
