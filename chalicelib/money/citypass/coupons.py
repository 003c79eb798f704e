"""Paper coupons, for when all else fails: sheets of codes that are redeemed once the system is back.

They are made without the table if need be: the file beside the sheets says which codes there are and under which
version of the rule, and is entered later. Whatever is entered is checked against that version.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from chalicelib.core.ids import by_chance
from chalicelib.core.printing.pdf import A4, PdfPage, document, lines
from chalicelib.core.printing.qr import drawn, runs
from chalicelib.money.citypass.applications import spoken
from chalicelib.money.citypass.rules import BudgetRule
from chalicelib.money.citypass.vouchers import Voucher

CODE, BATCH = 12, 8
ACROSS, DOWN = 2, 5
MARGIN, PAD = 36.0, 10.0
WIDTH, HEIGHT = (A4[0] - 2 * MARGIN) / ACROSS, (A4[1] - 2 * MARGIN) / DOWN
QR = 92.0
# As much as one sheet of paper money is worth printing: more is another batch.
MOST = 1_000


class NotCoupons(ValueError):
    """A file is not what `written` writes, or not what the rule gives."""


@dataclass(frozen=True)
class Batch:
    """Coupons of one kind. `rule`: the number of the version; `amount`: of the budget each is worth, in its unit;
    `cents`: what a provider is paid for one."""

    batch: str
    rule: int
    budget: str
    amount: int
    cents: int
    until: date
    made_at: datetime
    codes: tuple[str, ...]

    def vouchers(self) -> list[Voucher]:
        return [
            Voucher(
                code=code,
                budget=self.budget,
                rule=self.rule,
                amount=self.amount,
                cents=self.cents,
                issued_at=self.made_at,
                valid_until=self.until,
                batch=self.batch,
            )
            for code in self.codes
        ]


def made(rule: int, budget: str, amount: int, cents: int, until: date, count: int, now: datetime) -> Batch:
    codes = tuple(by_chance(CODE) for _ in range(count))
    return Batch(by_chance(BATCH), rule, budget, amount, cents, until, now.replace(microsecond=0), codes)


def must_follow(batch: Batch, budget: BudgetRule | None) -> None:
    """Raises NotCoupons for coupons that the budget of their version does not give. `budget`: None: it has none."""
    if budget is None:
        raise NotCoupons(f"version {batch.rule} of the rule is not accepted, or has no budget {batch.budget!r}")
    if not 0 < batch.amount <= budget.amount or batch.cents != budget.worth(batch.amount):
        raise NotCoupons(f"version {batch.rule} of the rule gives no such coupon for {batch.budget!r}")


def written(batch: Batch) -> str:
    return json.dumps({**vars(batch), "until": batch.until.isoformat(), "made_at": batch.made_at.isoformat()}, indent=1)


def read(text: str) -> Batch:
    """Raises NotCoupons."""
    try:
        found: Mapping[str, Any] = json.loads(text)
        batch = Batch(
            **{
                **found,
                "until": date.fromisoformat(found["until"]),
                "made_at": datetime.fromisoformat(found["made_at"]),
                "codes": tuple(found["codes"]),
            }
        )
    except (ValueError, TypeError, KeyError) as wrong:
        raise NotCoupons("this is not a file of coupons") from wrong
    is_whole = all(isinstance(one, int) for one in (batch.rule, batch.amount, batch.cents))
    codes = batch.codes
    if not is_whole or not codes or len(set(codes)) < len(codes) or not all(_is_code(one) for one in codes):
        raise NotCoupons("this is not a file of coupons")
    return batch


def sheets(batch: Batch, title: str, worth: str, small: Sequence[str], address: str, language: str) -> bytes:
    """The PDF: ten coupons on a page of A4, to be cut. `title`: what for; `worth`; `small`: lines in small letters;
    `address`: where a code is redeemed, before the code itself; empty: nobody knows it."""
    pages: list[PdfPage] = []
    for place, code in enumerate(batch.codes):
        on_page = place % (ACROSS * DOWN)
        if not on_page:
            pages.append(PdfPage(A4))
        left = MARGIN + on_page % ACROSS * WIDTH
        top = MARGIN + on_page // ACROSS * HEIGHT
        _coupon(pages[-1], left, top, code, (title, worth, *small, f"{batch.batch} · {place + 1}"), address)
    return document(pages, title, language)


def _coupon(page: PdfPage, left: float, top: float, code: str, said: Sequence[str], address: str) -> None:
    page.box(left, top, WIDTH, HEIGHT)
    title, worth, *small = said
    room, at = WIDTH - QR - 3 * PAD, top + PAD + 12
    for line in lines(title, room, 13):
        page.text(line, left + PAD, at, 13, bold=True)
        at += 16
    page.text(worth, left + PAD, at + 4, 15, bold=True)
    at += 24
    for text in small:
        for line in lines(text, room, 7.5):
            page.text(line, left + PAD, at, 7.5)
            at += 10
    page.text(spoken(code), left + PAD, top + HEIGHT - PAD, 14, bold=True)
    rows = runs(drawn(address + code))
    step = QR / len(rows)
    for down, row in enumerate(rows):
        across = 0
        for is_dark, modules in row:
            if is_dark:
                at_left = left + WIDTH - PAD - QR + across * step
                page.box(at_left, top + PAD + down * step, modules * step, step, grey=0.0)
            across += modules


def _is_code(text: object) -> bool:
    return isinstance(text, str) and len(text) == CODE and text.isalnum() and text == text.lower()
