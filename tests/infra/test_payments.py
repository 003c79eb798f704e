"""The provider of `make run`: a parent pays on its page, and what was paid is still there the next time."""

from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from chalicelib.money.online.mollie import Mollie
from chalicelib.money.online.provider import Charge
from chalicelib.money.online.rules import PaymentStatus
from infra.local.payments import KEY, Standin, serving

BACK = "http://127.0.0.1:4566/account/orders/x/pay"
CHARGE = Charge(4500, "<b>+++000/0000/00101+++</b>", "order1", BACK, "http://127.0.0.1:4566/hook", "nl", "key1")


class _Stays(HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def press(address: str, **form: str) -> str | None:
    """Where the page leads."""
    try:
        build_opener(ProxyHandler({}), _Stays).open(Request(address, urlencode(form).encode()), timeout=10)
    except HTTPError as answer:
        return answer.headers["Location"]
    return None


def page(address: str) -> str:
    with build_opener(ProxyHandler({})).open(address, timeout=10) as answer:
        content: bytes = answer.read()
        return content.decode()


def test_a_parent_pays_and_comes_back_and_the_city_hears_as_was_chosen(tmp_path: Path) -> None:
    told: list[str] = []
    with serving(Standin(tmp_path / "payments", lambda _, one: told.append(one))) as standin:
        made = Mollie(KEY, standin.address).create(CHARGE)
        assert "&lt;b&gt;" in page(made.checkout_url)

        assert press(made.checkout_url, what="pay", told="twice", then="return") == BACK

        assert told == [made.payment_id] * 2
        assert press(made.checkout_url, what="charge-back", told="never", then="here") == "/"
        assert "taken back 45.00" in page(standin.address)

    with serving(Standin(tmp_path / "payments", lambda *_: None)) as again:
        kept = Mollie(KEY, again.address).ask(made.payment_id)
    assert (kept.status, kept.charged_back_cents) == (PaymentStatus.PAID, 4500)


def test_what_failed_is_paid_after_all(tmp_path: Path) -> None:
    told: list[str] = []
    with serving(Standin(deliver=lambda _, one: told.append(one))) as standin:
        made = Mollie(KEY, standin.address).create(CHARGE)
        press(made.checkout_url, what="fail-then-pay", told="once", then="return")
        assert (len(told), standin.payments[made.payment_id].status) == (2, "paid")
