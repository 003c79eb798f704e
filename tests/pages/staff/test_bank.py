"""Finance hands in the bank's file, and says whose an entry is."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.core import table as core_table
from chalicelib.core.moments import today
from chalicelib.money.orders import table as orders_table
from chalicelib.money.orders.following import follow
from chalicelib.money.orders.rules import OrderStatus
from chalicelib.money.statements import handlers, table, tasks, uploading
from chalicelib.money.statements.movements import MoneyTask, MoneyTaskKind
from chalicelib.people.staff.rules import Role
from infra.local.banks import ACCOUNT, Book, Entry
from infra.local.example_bank import statement
from tests.camps import BOUWKAMP, JEF, LOU, Family, family, published, request, signed_in
from tests.money.payees.given import KAPRIJKE, pays_to
from tests.pages.frame.browsing import Browser
from tests.pages.staff.test_programme import upload

pytestmark = pytest.mark.usefixtures("table")
NOW = datetime.now(UTC)
TODAY = today(NOW)


@pytest.fixture(autouse=True)
def the_function(monkeypatch, table) -> None:
    """Called as Lambda calls it."""
    monkeypatch.setattr(uploading, "_ask", handlers.bank)


@pytest.fixture
def an(table) -> Family:
    pays_to(KAPRIJKE, iban=ACCOUNT)
    published()
    an = family(LOU, JEF)
    assert an.register(BOUWKAMP, LOU).status_code == 201
    follow(an.pass_.family_id, NOW)
    return an


def the_order(an: Family):
    (order,) = orders_table.of_family(an.pass_.family_id)
    return order


def book(*entries: Entry, **more: Any) -> Book:
    return Book(entries, opened_on=TODAY, closed_on=TODAY, **more)


def entry(cents: int = 4500, **more: Any) -> Entry:
    return Entry(cents, day=TODAY, **more)


def hands_in(browser: Browser, data: bytes):
    browser.get("/office/statements")
    return upload(browser, data, "/office/statements")


def test_a_program_hands_in_a_file_and_is_told_what_became_of_it(an):
    data = book(entry(reference=the_order(an).reference)).coda()

    answers = [request("POST", "/api/staff/statements", data, signed_in(Role.FINANCE)) for _ in range(2)]

    assert [one.status_code for one in answers] == [200, 200]
    assert answers[0].json_body == {"matched": 1, "tasks": 0, "already_known": 0}
    assert answers[1].json_body == {"matched": 0, "tasks": 0, "already_known": 1}
    assert the_order(an).status is OrderStatus.PAID


def test_a_program_is_told_which_line_is_wrong(an):
    data = book(entry()).coda()[:300]

    answer = request("POST", "/api/staff/statements", data, {**signed_in(Role.FINANCE), "Accept-Language": "en"})

    assert answer.status_code == 422
    assert answer.json_body["errors"] == [
        {"field": "line 3", "message": "The file ends too soon: it is cut off. Download it again."}
    ]
    assert list(table.statements()) == []


def test_what_takes_long_goes_on_by_itself(an, monkeypatch):
    monkeypatch.setattr(uploading, "_ask", lambda _: None)

    assert request("POST", "/api/staff/statements", b"0000", signed_in(Role.FINANCE)).status_code == 202
    assert "Het is een lang bestand" in hands_in(Browser("nl").sign_in(Role.FINANCE), b"0000").text


def test_who_owes_what_is_answered_in_parts(an):
    answer = request("GET", "/api/staff/receivables?municipality=Kaprijke", headers=signed_in(Role.FINANCE))

    (line,) = answer.json_body["receivables"]
    assert (line["owed_cents"], line["paid_cents"], line["days_late"], line["status"]) == (4500, 0, 0, "open")
    assert answer.json_body["next"] is None


def test_parts_follow_each_other(an):
    assert an.register(published(title="Zwemkamp", starts_on=BOUWKAMP.starts_on, ends_on=BOUWKAMP.ends_on), JEF)
    follow(an.pass_.family_id, NOW)
    from chalicelib.money.statements import receivables

    first = receivables.part(None, "", NOW, 1)
    second = receivables.part(None, first.next, NOW, 1)

    assert {one.order_id for one in (*first.receivables, *second.receivables)} == {
        one.order_id for one in orders_table.of_family(an.pass_.family_id)
    }
    assert second.next is None


def test_finance_sees_what_became_of_a_file(an, accesses):
    browser = Browser("en").sign_in(Role.FINANCE)

    shown = hands_in(browser, book(entry(reference=the_order(an).reference), entry(700, text="?", bank="U")).coda())
    assert "The file is counted" in shown.text
    assert "Every cent has an owner" in shown.text

    (statement,) = table.statements()
    shown = browser.get(f"/office/statements/{statement.statement_id}")
    assert "AN CLAEYS" in shown.text
    assert "Nobody knows yet whose it is" in shown.text
    assert accesses[-1]["route"] == "GET /office/statements/{statement_id}"
    assert len(accesses[-1]["families"]) == 1


def test_a_file_that_is_wrong_says_so_beside_its_field(an):
    shown = hands_in(Browser("en").sign_in(Role.FINANCE), book(entry(), closing=1).coda())

    assert shown.status == 422
    assert "Line 7: The entries do not add up" in shown.text


def test_somebody_accepts_a_suggestion(an):
    browser = Browser("en").sign_in(Role.FINANCE)
    hands_in(browser, book(entry(text="kamp", name="M. Claeys")).coda())
    assert the_order(an).status is OrderStatus.OPEN
    (task,) = tasks.every()
    shown = browser.get("/office/money/tasks")
    assert "M. Claeys" in shown.text

    shown = browser.get(f"/office/money/tasks/{task.task_id}")
    assert "Perhaps of one of these" in shown.text
    assert "same name" in shown.text
    browser.submit({}, button="It is this order’s")

    assert the_order(an).status is OrderStatus.PAID
    shown = browser.get(f"/office/money/tasks/{task.task_id}")
    assert "given to an order" in shown.text
    browser.submit({}, button="It is not this order’s")
    assert the_order(an).status is OrderStatus.OPEN
    assert [one.task_id for one in tasks.every()] == [task.task_id]


@pytest.mark.parametrize("by", ["reference", "mail", "child"])
def test_an_order_is_found_by_what_the_family_says(an, by):
    browser = Browser("en").sign_in(Role.FINANCE)
    hands_in(browser, book(entry(1000, text="kamp", name="oma")).coda())
    (task,) = tasks.every()
    typed = {"reference": the_order(an).reference, "mail": an.pass_.email, "child": "lou claeys"}[by]

    browser.get(f"/office/money/tasks/{task.task_id}?find={typed}")
    browser.submit({}, button="It is this order’s")

    assert the_order(an).received_cents == 1000
    (task,) = tasks.every()
    assert task.kind == "too-little"
    shown = browser.get(f"/office/money/tasks/{task.task_id}")
    browser.submit({"why": "the rest was cash"}, button="Done")
    assert list(tasks.every()) == []
    assert shown.status == 200


def test_a_task_is_noted_taken_and_handed_over(an):
    browser = Browser("en").sign_in(Role.FINANCE)
    hands_in(browser, book(entry(1000, text="kamp", name="oma")).coda())
    (task,) = tasks.every()
    where = f"/office/money/tasks/{task.task_id}"
    browser.get(where)
    browser.submit({"why": "belt morgen"}, button="Save the note")
    browser.get(where)
    browser.submit({"colleague": "Tom Maes"}, button="Hand over")
    browser.get(where)
    shown = browser.submit({}, button="It goes back to who paid it")

    (task,) = tasks.every()
    assert (task.note, task.wants_back) == ("belt morgen", True)
    assert "belt morgen" in shown.text


def test_a_camp_without_a_price_is_named(an):
    about = {"session_id": BOUWKAMP.session_id}
    task = MoneyTask(MoneyTaskKind.NO_PRICE, TODAY, BOUWKAMP.session_id, 0, "Kaprijke", about)
    core_table.transact_write(tasks.hand_in(task))
    browser = Browser("nl").sign_in(Role.FINANCE)

    assert BOUWKAMP.title in browser.get("/office/money/tasks").text
    page = browser.get(f"/office/money/tasks/{task.task_id}").text
    assert BOUWKAMP.title in page
    assert "€" not in page
    browser.submit({}, button="Gedaan")
    assert list(tasks.every()) == []


def test_who_comes_second_is_told(an):
    browser = Browser("en").sign_in(Role.FINANCE)
    hands_in(browser, book(entry(1000, text="kamp", name="oma")).coda())
    (task,) = tasks.every()
    browser.get(f"/office/money/tasks/{task.task_id}")
    from chalicelib.money.statements import settling
    from chalicelib.money.statements.movements import MovementState
    from tests.money.statements.test_settling import TOM

    settling.set_aside(task.movement_id, MovementState.ELSEWHERE, settling.Deed(TOM, NOW, 1))

    shown = browser.submit({}, button="No family’s money")

    assert shown.status == 409
    assert "Somebody else changed this meanwhile" in shown.text


def test_who_owes_is_shown_and_downloaded(an):
    browser = Browser("en").sign_in(Role.FINANCE)

    shown = browser.get("/office/receivables")
    assert "Lou Claeys" in shown.text
    downloaded = browser.get("/office/receivables.csv?municipality=Kaprijke")

    assert "Lou Claeys" in downloaded.text
    assert "45,00" in downloaded.text


def test_what_is_not_there_is_not_found(an):
    browser = Browser("en").sign_in(Role.FINANCE)
    for address in (
        "statements/x",
        "money/tasks/x",
        "money/tasks/2027-03-05~x",
        f"money/tasks/{TODAY - timedelta(1)}~x",
    ):
        assert browser.get(f"/office/{address}").status == 404


@pytest.mark.parametrize(
    "asked",
    [
        "money/tasks?after=" + "x" * 3000,
        "receivables?after=Kaprijke%23",
        "receivables?after=" + "x" * 3000,
        "statements?before=" + "x" * 3000 + "&month=2027-99",
        "statements/" + "x" * 2000,
    ],
)
def test_what_nobody_means_breaks_nothing(an, asked):
    assert Browser("en").sign_in(Role.FINANCE).get(f"/office/{asked}").status in (200, 404)


def test_the_example_file_pays_what_is_owed(an):
    data = statement()

    answer = request("POST", "/api/staff/statements", data, signed_in(Role.FINANCE))

    assert answer.json_body == {"matched": 1, "tasks": 0, "already_known": 0}
    assert the_order(an).status is OrderStatus.PAID


def test_a_family_reads_what_it_paid(an):
    request("POST", "/api/staff/statements", statement(), signed_in(Role.FINANCE))

    (told,) = an.get("/api/family").json_body["transfers"]

    assert (told["cents"], told["name"], told["reference"]) == (4500, "FAMILIE 1", "+++000/0000/00101+++")
