"""Vouchers and what is spent by them, in the table.

| pk                   | sk                        | what                                                       |
| -------------------- | ------------------------- | ---------------------------------------------------------- |
| CITYVOUCHER#code     | VOUCHER                   | a voucher                                                  |
| F#family_id          | CITYVOUCHER#code          | that it is this family's                                   |
| CITYISSUED#yyyy-mm   | code                      | that it was issued in that month, under which rule         |
| CITYHOLDER#person_id | BUDGET#name               | what a person has spent of a budget, and until when        |
| CITYPAYOUT#yyyy-mm   | provider_id#redemption_id | what a provider is owed for one voucher; undone: less that |

Lines of CITYISSUED and CITYPAYOUT say nothing of a person, and never change: what is undone is a line of its own.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

from chalicelib.core import table
from chalicelib.core.moments import today
from chalicelib.core.refusals import unless_interfered, went_through
from chalicelib.money.books import table as books
from chalicelib.money.books.rules import BookAccount, BookAct, BookEntry, moved
from chalicelib.money.citypass import figures, providers
from chalicelib.money.citypass import table as applications
from chalicelib.money.citypass.applications import Application
from chalicelib.money.citypass.budgets import BudgetState, ends_of, running
from chalicelib.money.citypass.rules import BudgetRule
from chalicelib.money.citypass.vouchers import Redemption, Voucher, VoucherStatus

VOUCHER, SK, BUDGET = "CITYVOUCHER#", "VOUCHER", "BUDGET#"
ISSUED, PAYOUT = "CITYISSUED#", "CITYPAYOUT#"
MOST_CODE = 64
# As the city's bookkeeping is kept.
KEPT = timedelta(days=10 * 365)

Item = Mapping[str, Any]


@dataclass(frozen=True)
class IssuedLine:
    code: str
    budget: str
    rule: int
    cents: int
    at: datetime
    batch: str


@dataclass(frozen=True)
class PayoutLine:
    """`cents`: below nought where a redemption was undone; then `why` and `by` say why and by whom."""

    provider_id: str
    redemption_id: str
    code: str
    budget: str
    rule: int
    cents: int
    at: datetime
    why: str = ""
    by: str = ""


def get(code: str) -> Voucher | None:
    """None also for what an address may have and no key of the table can."""
    if len(code) > MOST_CODE:
        return None
    item = table.call("GetItem", Key=key(code), ConsistentRead=True).get("Item")
    return _read(item) if item else None


def of_family(family_id: str) -> list[Voucher]:
    """The newest first."""
    values = {":family": {"S": applications.FAMILY + family_id}, ":sk": {"S": VOUCHER}}
    codes = [
        item["sk"]["S"].removeprefix(VOUCHER)
        for item in table.query("pk = :family AND begins_with(sk, :sk)", values, ConsistentRead=True)
    ]
    items = table.batch_get([key(one) for one in codes]) if codes else []
    return sorted(map(_read, items), key=lambda one: (one.issued_at, one.code), reverse=True)


def states(person_ids: Iterable[str], budgets: Iterable[str]) -> dict[tuple[str, str], BudgetState]:
    """By person and budget, of those of which something was ever spent."""
    names = list(budgets)
    wanted = [_budget(person, name) for person in dict.fromkeys(person_ids) for name in names]
    items = table.batch_get(wanted) if wanted else []
    return {
        (item["pk"]["S"].removeprefix(applications.HOLDER), item["sk"]["S"].removeprefix(BUDGET)): _state(item)
        for item in items
    }


def spent_by(person_id: str) -> list[tuple[str, str, BudgetState]]:
    """Person, budget and state of everything that this person has spent."""
    values = {":pk": {"S": applications.HOLDER + person_id}, ":sk": {"S": BUDGET}}
    found = table.query("pk = :pk AND begins_with(sk, :sk)", values)
    return [(person_id, item["sk"]["S"].removeprefix(BUDGET), _state(item)) for item in found]


def issue(
    of: Application,
    rule: BudgetRule,
    new: Sequence[Voucher],
    spending: Mapping[str, int],
    known: Mapping[str, BudgetState],
    now: datetime,
) -> None:
    """All of these vouchers or none, with what they take of each person's budget (`spending`), as far as it was read
    (`known`). Raises Refused if the pass does not count any more, a budget has changed since, or one was issued before.
    """
    day = today(now)
    spent = [_spending(person, rule, amount, known.get(person), day) for person, amount in spending.items()]
    table.transact_write_patiently(
        [
            applications.still_counts(of, day),
            *spent,
            *[write for one in new for write in _puts(one)],
            figures.counting(now, {figures.ISSUED + rule.name: len(new)}),
        ]
    )


def give_back(voucher: Voucher, known: Mapping[str, BudgetState], now: datetime) -> None:
    """The amount that the voucher took goes back to those budgets that still run. Raises Refused if it was redeemed
    meanwhile, or a budget has changed since it was read (`known`)."""
    backs = [
        _returning(person, voucher.budget, voucher.amount, ends)
        for person, ends in voucher.drawn.items()
        if (state := known.get(person)) and state.ends == ends
    ]
    used = {
        "Key": key(voucher.code),
        "UpdateExpression": "SET #status = :given_back",
        "ConditionExpression": "#status = :issued",
        "ExpressionAttributeNames": {"#status": "status"},
        "ExpressionAttributeValues": {
            ":given_back": {"S": VoucherStatus.GIVEN_BACK},
            ":issued": {"S": VoucherStatus.ISSUED},
        },
    }
    table.transact_write_patiently([{"Update": used}, *backs])


def enter_coupons(coupons: Sequence[Voucher], now: datetime) -> int:
    """Coupons, 25 at a time, with their lines; answers how many were new. Again is the same."""
    entered = 0
    for start in range(0, len(coupons), 25):
        some = coupons[start : start + 25]
        writes = [write for one in some for write in _puts(one)]
        counted = figures.counting(now, {figures.COUPONS: len(some)})
        if went_through(partial(table.transact_write_patiently, [*writes, counted])):
            entered += len(some)
    return entered


def redeem(voucher: Voucher, provider_id: str, redemption_id: str, of: Application | None, now: datetime) -> None:
    """Once, whoever else does so at the same moment. `of`: its pass, of what is no coupon. Raises Refused."""
    day = today(now)
    used = {
        "Key": key(voucher.code),
        "UpdateExpression": "SET #status = :redeemed, provider_id = :provider, redemption_id = :id, redeemed_at = :at",
        "ConditionExpression": "#status = :issued AND valid_until >= :day",
        "ExpressionAttributeNames": {"#status": "status"},
        "ExpressionAttributeValues": {
            ":redeemed": {"S": VoucherStatus.REDEEMED},
            ":issued": {"S": VoucherStatus.ISSUED},
            ":provider": {"S": provider_id},
            ":id": {"S": redemption_id},
            ":at": {"N": str(int(now.timestamp()))},
            ":day": {"S": day.isoformat()},
        },
    }
    line = PayoutLine(
        provider_id, redemption_id, voucher.code, voucher.budget, voucher.rule, voucher.cents, now.astimezone(UTC)
    )
    checks = [providers.still_takes(provider_id, voucher.budget)]
    if of is not None:
        checks.append(applications.still_counts(of, day))
    table.transact_write_patiently([{"Update": used}, *checks, _paying(line), _booking(line, BookAct.VOUCHER)])


def undo(voucher: Voucher, now: datetime, since: datetime | None, why: str, by: str) -> None:
    """The voucher may be redeemed again, and its provider is owed so much less in this month. `since`: only if it was
    redeemed at that moment or later. Raises Interfered if it was undone already, or longer ago."""
    done = voucher.redemption
    assert done, "what is undone was redeemed"
    reopened = {
        "Key": key(voucher.code),
        "UpdateExpression": "SET #status = :issued REMOVE provider_id, redemption_id, redeemed_at",
        "ConditionExpression": "#status = :redeemed AND redemption_id = :id AND redeemed_at >= :since",
        "ExpressionAttributeNames": {"#status": "status"},
        "ExpressionAttributeValues": {
            ":redeemed": {"S": VoucherStatus.REDEEMED},
            ":issued": {"S": VoucherStatus.ISSUED},
            ":id": {"S": done.redemption_id},
            ":since": {"N": str(int(since.timestamp()) if since else 0)},
        },
    }
    line = PayoutLine(
        done.provider_id,
        f"{done.redemption_id}-undone",
        voucher.code,
        voucher.budget,
        voucher.rule,
        -voucher.cents,
        now.astimezone(UTC),
        why,
        by,
    )
    with unless_interfered():
        table.transact_write_patiently([{"Update": reopened}, _paying(line), _booking(line, BookAct.REVERSED)])


def issued_in(month: str) -> Iterator[IssuedLine]:
    """`month`: yyyy-mm. It pages."""
    for item in table.query("pk = :pk", {":pk": {"S": ISSUED + month}}):
        yield IssuedLine(
            item["sk"]["S"],
            item["budget"]["S"],
            int(item["rule"]["N"]),
            int(item["cents"]["N"]),
            _moment(item["at"]),
            item["batch"]["S"] if "batch" in item else "",
        )


def payouts_of(month: str, provider_id: str = "") -> Iterator[PayoutLine]:
    """Of all providers, or of one. It pages."""
    values = {":pk": {"S": PAYOUT + month}, **({":sk": {"S": f"{provider_id}#"}} if provider_id else {})}
    condition = "pk = :pk AND begins_with(sk, :sk)" if provider_id else "pk = :pk"
    for item in table.query(condition, values, ConsistentRead=True):
        whose, _, redemption = item["sk"]["S"].partition("#")
        yield PayoutLine(
            whose,
            redemption,
            item["code"]["S"],
            item["budget"]["S"],
            int(item["rule"]["N"]),
            int(item["cents"]["N"]),
            _moment(item["at"]),
            item["why"]["S"] if "why" in item else "",
            item["by"]["S"] if "by" in item else "",
        )


def erase(family_id: str) -> None:
    """Deletes the vouchers that were not redeemed. Of the others, two things stay: what the city paid for which
    purpose, without whom it was for; and what each person has spent, by a code, until their budget is whole again.
    Again is the same."""
    for one in of_family(family_id):
        if not went_through(partial(_forget_unused, one)):
            table.call(
                "UpdateItem",
                Key=key(one.code),
                UpdateExpression="REMOVE family_id, application_id, person_id, initial, drawn",
            )


def _forget_unused(voucher: Voucher) -> None:
    """Raises Refused if it is redeemed, also at this moment: then a shop is paid for it, and it can be undone."""
    table.call(
        "DeleteItem",
        Key=key(voucher.code),
        ConditionExpression="#status <> :redeemed",
        ExpressionAttributeNames={"#status": "status"},
        ExpressionAttributeValues={":redeemed": {"S": VoucherStatus.REDEEMED}},
    )


def key(code: str) -> dict[str, Any]:
    return table.key(VOUCHER + code, SK)


def _puts(new: Voucher) -> list[dict[str, Any]]:
    line = {
        **table.key(f"{ISSUED}{today(new.issued_at):%Y-%m}", new.code),
        "budget": {"S": new.budget},
        "rule": {"N": str(new.rule)},
        "cents": {"N": str(new.cents)},
        "at": {"N": str(int(new.issued_at.timestamp()))},
        "expires": _ends(new.issued_at + KEPT),
        **({"batch": {"S": new.batch}} if new.batch else {}),
    }
    puts = [{"Item": _written(new), "ConditionExpression": "attribute_not_exists(pk)"}, {"Item": line}]
    if new.family_id:
        pointer = table.key(applications.FAMILY + new.family_id, VOUCHER + new.code)
        puts.append({"Item": {**pointer, "expires": _ends(new.issued_at + KEPT)}})
    return [{"Put": one} for one in puts]


def _spending(person: str, rule: BudgetRule, amount: int, state: BudgetState | None, day: date) -> dict[str, Any]:
    """One write: so much is spent of a person's budget. Where it is whole, on the condition that it still is; else,
    that enough is left."""
    now = running(state, day)
    values = {":amount": {"N": str(amount)}, ":ends": {"S": (now.ends if now else ends_of(rule, day)).isoformat()}}
    if now is None:
        update = "SET spent = :amount, #ends = :ends, expires = :expires"
        condition = "attribute_not_exists(pk) OR #ends <= :day"
        end = ends_of(rule, day) + timedelta(days=31)
        values |= {
            ":day": {"S": day.isoformat()},
            ":expires": _ends(datetime(end.year, end.month, end.day, tzinfo=UTC)),
        }
    else:
        update, condition = "SET spent = spent + :amount", "#ends = :ends AND spent <= :most"
        values[":most"] = {"N": str(rule.amount - amount)}
    return {
        "Update": {
            "Key": _budget(person, rule.name),
            "UpdateExpression": update,
            "ConditionExpression": condition,
            "ExpressionAttributeNames": {"#ends": "ends"},
            "ExpressionAttributeValues": values,
        }
    }


def _returning(person: str, budget: str, amount: int, ends: date) -> dict[str, Any]:
    return {
        "Update": {
            "Key": _budget(person, budget),
            "UpdateExpression": "SET spent = spent - :amount",
            "ConditionExpression": "#ends = :ends AND spent >= :amount",
            "ExpressionAttributeNames": {"#ends": "ends"},
            "ExpressionAttributeValues": {":amount": {"N": str(amount)}, ":ends": {"S": ends.isoformat()}},
        }
    }


def _paying(line: PayoutLine) -> dict[str, Any]:
    item = {
        **table.key(f"{PAYOUT}{today(line.at):%Y-%m}", f"{line.provider_id}#{line.redemption_id}"),
        "code": {"S": line.code},
        "budget": {"S": line.budget},
        "rule": {"N": str(line.rule)},
        "cents": {"N": str(line.cents)},
        "at": {"N": str(int(line.at.timestamp()))},
        "expires": _ends(line.at + KEPT),
        **{name: {"S": text} for name, text in (("why", line.why), ("by", line.by)) if text},
    }
    return {"Put": {"Item": item, "ConditionExpression": "attribute_not_exists(pk)"}}


def _booking(line: PayoutLine, act: BookAct) -> dict[str, Any]:
    """In the city's books: what it gives for a purpose, and owes to a shop or club."""
    to, source = (BookAccount.VOUCHERS, line.budget), (BookAccount.PAYABLE_PROVIDERS, line.provider_id)
    about = {"provider_id": line.provider_id, "redemption_id": line.redemption_id}
    return books.putting(BookEntry(f"voucher-{line.redemption_id}", line.at, act, moved(to, source, line.cents), about))


def _budget(person: str, name: str) -> dict[str, Any]:
    return table.key(applications.HOLDER + person, BUDGET + name)


def _state(item: Item) -> BudgetState:
    return BudgetState(int(item["spent"]["N"]), date.fromisoformat(item["ends"]["S"]))


def _written(of: Voucher) -> dict[str, Any]:
    texts = {
        "family_id": of.family_id,
        "application_id": of.application_id,
        "person_id": of.person_id,
        "initial": of.initial,
        "batch": of.batch,
        "drawn": json.dumps({person: ends.isoformat() for person, ends in of.drawn.items()}) if of.drawn else "",
    }
    return {
        **key(of.code),
        "budget": {"S": of.budget},
        "rule": {"N": str(of.rule)},
        "amount": {"N": str(of.amount)},
        "cents": {"N": str(of.cents)},
        "issued_at": {"N": str(int(of.issued_at.timestamp()))},
        "valid_until": {"S": of.valid_until.isoformat()},
        "status": {"S": of.status.value},
        "expires": _ends(of.issued_at + KEPT),
        **{name: {"S": text} for name, text in texts.items() if text},
    }


def _read(item: Item) -> Voucher:
    text = {name: value["S"] for name, value in item.items() if "S" in value}
    done = None
    if "redemption_id" in text:
        done = Redemption(text["redemption_id"], text["provider_id"], _moment(item["redeemed_at"]))
    drawn = {person: date.fromisoformat(ends) for person, ends in json.loads(text.get("drawn", "{}")).items()}
    return Voucher(
        code=text["pk"].removeprefix(VOUCHER),
        budget=text["budget"],
        rule=int(item["rule"]["N"]),
        amount=int(item["amount"]["N"]),
        cents=int(item["cents"]["N"]),
        issued_at=_moment(item["issued_at"]),
        valid_until=date.fromisoformat(text["valid_until"]),
        status=VoucherStatus(text["status"]),
        family_id=text.get("family_id", ""),
        application_id=text.get("application_id", ""),
        person_id=text.get("person_id", ""),
        initial=text.get("initial", ""),
        drawn=drawn,
        batch=text.get("batch", ""),
        redemption=done,
    )


def _moment(value: Mapping[str, str]) -> datetime:
    return datetime.fromtimestamp(int(value["N"]), UTC)


def _ends(at: datetime) -> dict[str, str]:
    return {"N": str(int(at.timestamp()))}
