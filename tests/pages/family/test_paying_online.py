"""A family pays on line, in a browser: before it, on its way, and when it comes back."""

import pytest

from chalicelib.money.orders.rules import OrderStatus
from tests.money.online.given import Paying
from tests.pages.frame.browsing import Browser, family_browser


@pytest.fixture
def browser(paying: Paying) -> Browser:
    return family_browser(paying.an.token, "en")


def page_of(paying: Paying) -> str:
    return f"/account/orders/{paying.order_id}/pay"


def sent(browser: Browser, paying: Paying) -> str:
    """Presses the button; the id of the payment to which the browser goes on."""
    shown = browser.submit({}, button="Pay €45.00")
    assert shown.status == 200, shown.text
    link = shown.page.links["To the payment page"]
    assert link.startswith(paying.standin.address)
    assert f'<meta http-equiv="refresh" content="0; url={link}">' in shown.html
    return link.rpartition("/")[2]


def test_a_family_pays_and_comes_back_before_the_provider_calls(browser: Browser, paying: Paying) -> None:
    shown = browser.get(page_of(paying))
    assert "€45.00" in shown.text
    assert "+++000/0000/00101+++" in shown.text
    assert "Bancontact" in shown.text
    payment = sent(browser, paying)
    assert paying.standin.payments[payment].redirect_url == f"https://kamp.kaprijke.example{page_of(paying)}"

    paying.standin.becomes(payment, "paid", "never")

    assert "This is paid" in browser.get(page_of(paying)).text
    assert paying.order.status is OrderStatus.PAID


@pytest.mark.parametrize(
    ("status", "says", "offers"),
    [
        ("open", "You began to pay", "Go on paying"),
        ("pending", "do not pay a second time", None),
        ("failed", "Your last payment did not come through", "Pay €45.00"),
        ("expired", "Your last payment did not come through", "Pay €45.00"),
    ],
)
def test_what_became_of_it_is_said(
    browser: Browser,
    paying: Paying,
    status: str,
    says: str,
    offers: str | None,
) -> None:
    browser.get(page_of(paying))
    paying.standin.becomes(sent(browser, paying), status, "never")

    shown = browser.get(page_of(paying))

    assert says in shown.text
    assert offers in shown.text if offers else "Pay €45.00" not in shown.text


def test_while_the_provider_is_away_a_family_is_told_not_to_pay_twice(browser: Browser, paying: Paying) -> None:
    browser.get(page_of(paying))
    sent(browser, paying)
    paying.standin.is_away = True

    assert "do not pay a second time" in browser.get(page_of(paying)).text
    shown = browser.submit({}, button="Pay €45.00")

    assert (shown.status, "The payment service does not answer" in shown.text) == (503, True)


def test_where_nothing_is_paid_on_line_there_is_no_such_page(
    browser: Browser,
    paying: Paying,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PAYMENTS_KEY", "")
    assert browser.get(page_of(paying)).status == 404


def test_another_familys_order_is_not_shown(paying: Paying) -> None:
    from tests.camps import JEF, family

    assert family_browser(family(JEF, email="ex@example.be").token).get(page_of(paying)).status == 404


def test_where_it_can_be_paid_online_the_account_leads_there(
    browser: Browser, paying: Paying, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = browser.get("/account").page.links["Pay online"]
    assert link.endswith(page_of(paying).removeprefix("/account"))

    monkeypatch.setenv("PAYMENTS_KEY", "")
    assert "Pay online" not in browser.get("/account").page.links


def test_a_family_is_told_what_it_paid_online(browser: Browser, paying: Paying) -> None:
    browser.get(page_of(paying))
    paying.standin.becomes(sent(browser, paying), "paid")

    (told,) = paying.an.get("/api/family").json_body["payments"]

    assert (told["paid_cents"], told["status"], told["reference"]) == (4500, "paid", "+++000/0000/00101+++")
