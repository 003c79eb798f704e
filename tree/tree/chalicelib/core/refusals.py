"""DynamoDB's answers when it does not do what it was asked: read here and nowhere else.

Two of its answers are no mistake of ours. A condition did not hold: `Refused`, which says of which write, and how its
item stands. Or it does not serve the call now, and the same call is safe to repeat: `Busy`. `table.call`,
`table.transact_write` and the writes of every `table.Item` raise these two; all else stays botocore's or PynamoDB's
error, and so does what a read of PynamoDB raises (`is_busy` knows it).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as NotConnected
from pynamodb.exceptions import PynamoDBException

# DynamoDB names each thing twice: as the error of a single call, and as the reason of one write of a transaction.
CONDITION = "ConditionalCheckFailedException"
CANCELLED = "TransactionCanceledException"
CONDITION_IN_A_TRANSACTION = "ConditionalCheckFailed"
CONFLICT_IN_A_TRANSACTION = "TransactionConflict"
TOO_MUCH = frozenset(
    {
        "ProvisionedThroughputExceededException",
        "ThrottlingException",
        # Of one write of a transaction:
        "ProvisionedThroughputExceeded",
        "ThrottlingError",
    }
)
# That it failed itself: the write may have been carried out.
FAILED = "InternalServerError"
NOT_NOW = TOO_MUCH | {
    FAILED,
    "LimitExceededException",
    "RequestLimitExceeded",
    "ServiceUnavailable",
    "TransactionConflictException",
    "TransactionInProgressException",
    CONFLICT_IN_A_TRANSACTION,
}

Item = Mapping[str, Any]


class Busy(Exception):
    """DynamoDB does not serve a call now; the same call is safe to repeat. `is_throttled`: it is asked for too much.
    `is_conflict`: another transaction was at an item of this one. `may_be_written`: it failed itself, so the write may
    have been carried out."""

    def __init__(self, *, is_throttled: bool = False, is_conflict: bool = False, may_be_written: bool = False) -> None:
        super().__init__("DynamoDB does not serve this now. Try again in a while.")
        self.is_throttled = is_throttled
        self.is_conflict = is_conflict
        self.may_be_written = may_be_written


class Refused(Exception):
    """A condition did not hold; nothing was written.

    `items`: for each write that was refused, by its place in the transaction (0: the first, or the only write), its
    item as DynamoDB writes it; empty if there is none, or if the write did not ask for ALL_OLD. `busy`: what kept other
    writes of the transaction at the same time.
    """

    def __init__(self, items: Mapping[int, Item], busy: Busy | None = None) -> None:
        super().__init__()
        self.items = items
        self.busy = busy


class Interfered(Exception):
    """Somebody else changed the item between the read and the write."""


@contextmanager
def unless_interfered() -> Iterator[None]:
    """Around a write whose condition is that its item is as it was read; raises Interfered in the place of Refused."""
    try:
        yield
    except Refused as refused:
        raise Interfered from refused


def went_through(write: Callable[[], object]) -> bool:
    """Does the write. False: its condition did not hold, and nothing was written."""
    try:
        write()
    except Refused:
        return False
    return True


@contextmanager
def read() -> Iterator[None]:
    """Raises Refused and Busy in the place of botocore's and PynamoDB's errors."""
    try:
        yield
    except (ClientError, PynamoDBException) as error:
        known = _known(error)
        if known is None:
            raise
        raise known from error


def is_busy(error: BaseException) -> bool:
    """Whether DynamoDB did not serve a call, or did not answer in time, rather than us being wrong."""
    cause = error.cause if isinstance(error, PynamoDBException) else error
    known = _known(cause) if isinstance(cause, ClientError) else cause
    if isinstance(known, Refused):
        return known.busy is not None
    return isinstance(known, Busy | HTTPClientError | NotConnected)


def in_the_way(answer: Mapping[str, Any]) -> Sequence[Item]:
    """Of a call that was refused or cancelled, for each of its writes the item that came along, or an empty one.
    Nothing if it was neither. `answer`: as botocore parsed it."""
    if answer.get("Error", {}).get("Code") not in (CONDITION, CANCELLED):
        return ()
    return [one.get("Item", {}) for one in answer.get("CancellationReasons") or (answer,)]


def _known(error: ClientError | PynamoDBException) -> Refused | Busy | None:
    cause = error.cause if isinstance(error, PynamoDBException) else error
    if not isinstance(cause, ClientError):
        return None
    answer: Mapping[str, Any] = cause.response
    code = answer["Error"]["Code"]
    if code == CONDITION:
        return Refused({0: answer.get("Item", {})})
    reasons = answer.get("CancellationReasons", ())
    codes = {code, *(reason["Code"] for reason in reasons)}
    busy = None
    if codes & NOT_NOW:
        busy = Busy(
            is_throttled=bool(codes & TOO_MUCH),
            is_conflict=CONFLICT_IN_A_TRANSACTION in codes,
            may_be_written=FAILED in codes,
        )
    refused = {
        place: reason.get("Item", {})
        for place, reason in enumerate(reasons)
        if reason["Code"] == CONDITION_IN_A_TRANSACTION
    }
    return Refused(refused, busy) if refused else busy
