"""Answers of AWS's Price List API as lines of our list, and their differences from it. Plain rules.

Nothing is believed that looks wrong: an answer that cannot be read, in another currency, negative, from the future, or
more than ten times what it was or less than a tenth, is refused with its reason and the line stays as it is.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from chalicelib.insight.cost.prices import CURRENCY, Meter, Price, PriceList

FARTHEST = 10  # times
SOURCE = re.compile(r"((?:AWS|Amazon)\w+) (\S+)(?: (\S+))?")


@dataclass(frozen=True)
class PriceSource:
    """The place of a line in AWS's price list; its column `source` says it: "AWSELB EU-LCUUsage LoadBalancing"."""

    service_code: str
    usage_type: str
    operation: str | None = None

    def __str__(self) -> str:
        return " ".join(filter(None, (self.service_code, self.usage_type, self.operation)))


@dataclass(frozen=True)
class Difference:
    """`old` or `new` is None: a tier that AWS has no more, or that the list did not have."""

    meter: Meter
    old: Price | None
    new: Price | None


class AnswerRefused(Exception):
    """Its text says why."""


@dataclass(frozen=True)
class Refreshed:
    """`prices`: the list with what AWS says now. `refused`: why a meter's lines stay as they are. `by_hand`: those that
    have no source to ask. `confirmed`: so many meters cost what the list says."""

    prices: PriceList
    differences: tuple[Difference, ...]
    refused: Mapping[Meter, str]
    by_hand: tuple[Price, ...]
    confirmed: int


def source_of(price: Price) -> PriceSource | None:
    """None: nobody can be asked, the line is kept by hand."""
    found = SOURCE.fullmatch(price.source)
    return PriceSource(*found.groups()) if found else None


def refresh(listed: PriceList, ask: Callable[[PriceSource], Sequence[str]], today: date) -> Refreshed:
    """`ask` gives the documents of the API's answer, each of one product."""
    kept: list[Price] = []
    differences: list[Difference] = []
    refused: dict[Meter, str] = {}
    by_hand: list[Price] = []
    confirmed = 0
    for meter in listed.meters:
        old = listed.of(meter)
        source = source_of(old[0])
        if source is None:
            by_hand.append(old[0])
            kept += old
            continue
        try:
            new = answered(ask(source), source, old, today)
        except AnswerRefused as reason:
            refused[meter] = str(reason)
            kept += old
            continue
        found = list(_differences(old, new))
        differences += found
        confirmed += not found
        kept += new
    return Refreshed(replace(listed, prices=tuple(kept)), tuple(differences), refused, tuple(by_hand), confirmed)


def answered(documents: Sequence[str], source: PriceSource, old: Sequence[Price], today: date) -> tuple[Price, ...]:
    """The tiers that AWS answers, in the list's own units and with its notes. Raises AnswerRefused."""
    found = {_tiers(document, source) for document in documents}
    found.discard(None)
    if not found:
        raise AnswerRefused(f"AWS lists nothing for {source}.")
    if len(found) > 1:
        raise AnswerRefused(f"AWS lists {len(found)} different prices for {source}. Name the operation in its source.")
    (product,) = found
    assert product is not None
    if product.published > today:
        raise AnswerRefused(f"Published on {product.published}, which is in the future.")
    new = tuple(_as_listed(product, old))
    _look_at(old, new)
    return new


@dataclass(frozen=True)
class _Product:
    published: date
    tiers: tuple[tuple[Decimal, Decimal], ...]  # from so many on, so many dollars for one


def _tiers(document: str, source: PriceSource) -> _Product | None:
    """None: nothing that is paid on demand."""
    try:
        content: dict[str, Any] = json.loads(document)
        dimensions = [
            dimension
            for term in content["terms"].get("OnDemand", {}).values()
            for dimension in term["priceDimensions"].values()
        ]
        tiers = tuple(sorted((Decimal(one["beginRange"]), _dollars(one["pricePerUnit"], source)) for one in dimensions))
        published = date.fromisoformat(content["publicationDate"][:10])
        usage_type = content["product"]["attributes"]["usagetype"]
    except (ValueError, InvalidOperation, KeyError, TypeError, AttributeError) as error:
        raise AnswerRefused(f"AWS's answer for {source} cannot be read: {type(error).__name__} {error}") from None
    if usage_type != source.usage_type:
        raise AnswerRefused(f"AWS answered {usage_type} when asked for {source}.")
    if len({begins for begins, _ in tiers}) < len(tiers):
        raise AnswerRefused(f"AWS gives two prices for one tier of {source}.")
    return _Product(published, tiers) if tiers else None


def _dollars(price: Mapping[str, str], source: PriceSource) -> Decimal:
    if set(price) != {CURRENCY}:
        raise AnswerRefused(f"{source} is priced in {', '.join(sorted(price)) or 'no currency'}, not in {CURRENCY}.")
    usd = Decimal(price[CURRENCY])
    if not usd.is_finite() or usd < 0:
        raise AnswerRefused(f"{source} costs {usd}, which cannot be.")
    return usd


def _as_listed(product: _Product, old: Sequence[Price]) -> Iterator[Price]:
    """AWS's first tier of some meters is free: that is the first line's free tier here. What is free of others stands
    nowhere in AWS's list, and stays as it was."""
    (begin, usd), *others = product.tiers
    if begin:
        raise AnswerRefused(f"AWS's first tier begins at {begin:f}.")
    free = old[0].free
    if not usd and others:
        (free, usd), *others = others
    for place, (begins, price) in enumerate([(Decimal(0), usd), *others]):
        known = next((one for one in old if one.begins == begins), None)
        yield replace(
            known or replace(old[0], note=""),
            usd=_plain(price * old[0].per),
            free=free if place == 0 else Decimal(0),
            begins=begins,
            published=product.published,
        )


def _look_at(old: Sequence[Price], new: Sequence[Price]) -> None:
    before = {price.begins: price.usd for price in old}
    for price in new:
        was = before.get(price.begins, old[-1].usd)
        if was != price.usd and not was / FARTHEST <= price.usd <= was * FARTHEST:
            raise AnswerRefused(
                f"From {was:f} to {price.usd:f} USD for {price.unit}: more than {FARTHEST} times as much, or less than "
                "a tenth. If it is true, change the line by hand."
            )


def _plain(usd: Decimal) -> Decimal:
    """Without AWS's zeros at the end, with two digits at least."""
    shown = usd.normalize()
    return shown if shown.as_tuple().exponent <= -2 else shown.quantize(Decimal("0.01"))  # type: ignore[operator]


def _differences(old: Sequence[Price], new: Sequence[Price]) -> Iterator[Difference]:
    before = {price.begins: price for price in old}
    after = {price.begins: price for price in new}
    for begins in sorted({*before, *after}):
        was, now = before.get(begins), after.get(begins)
        if was is None or now is None or (was.usd, was.free) != (now.usd, now.free):
            yield Difference(old[0].meter, was, now)
