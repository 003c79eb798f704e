"""The record of a registration, in the family's own partition.

It is put before the seat is claimed, with a time to live: a crash in between leaves a record that a retry completes or
that DynamoDB removes, never a seat without a record. The time to live is longer than the stream (1 day) and the queue
and its dead letters (14 days) can hold back the mail that ends it.
"""

from datetime import UTC, datetime, timedelta

from pynamodb.attributes import ListAttribute, NumberAttribute, UnicodeAttribute, UnicodeSetAttribute
from pynamodb.exceptions import DeleteError, PutError

from chalicelib import table
from chalicelib.families.identity import FAMILY_LENGTH
from chalicelib.registrations.rules import Registration

UNSETTLED_FOR = timedelta(days=30)


class RegistrationItem(table.Item):
    session_id = UnicodeAttribute()
    child_ids: ListAttribute[str] = ListAttribute(of=UnicodeAttribute)
    pass_id = UnicodeAttribute()
    created_at = UnicodeAttribute()
    attempt = UnicodeAttribute()
    expires = NumberAttribute(null=True)
    cancelled_at = NumberAttribute(null=True)
    mailed = UnicodeSetAttribute(null=True)


def begin(new: Registration) -> Registration | None:
    """Puts the record. None: it is new; else the record that the same key made before."""
    try:
        _item(new).save(condition=RegistrationItem.pk.does_not_exist())
    except PutError as error:
        if not table.is_refusal(error):
            raise
        return get(new.registration_id)
    return None


def take_over(earlier: Registration, new: Registration) -> bool:
    """Makes an unfinished try ours, so that the earlier one cannot delete its record any more. False: somebody did."""
    try:
        _item(new).save(condition=RegistrationItem.attempt == earlier.attempt)
    except PutError as error:
        if not table.is_refusal(error):
            raise
        return False
    return True


def withdraw(refused: Registration) -> None:
    """Deletes the record of a refused try, unless a later try has taken it over."""
    try:
        _key(refused.registration_id).delete(
            condition=(RegistrationItem.attempt == refused.attempt) & RegistrationItem.cancelled_at.does_not_exist())
    except DeleteError as error:
        if not table.is_refusal(error):
            raise


def get(registration_id: str) -> Registration | None:
    key = _key(registration_id)
    try:
        return _read(RegistrationItem.get(key.pk, key.sk, consistent_read=True))
    except RegistrationItem.DoesNotExist:
        return None


def of_family(family_id: str) -> list[Registration]:
    """The newest last."""
    items = RegistrationItem.query(f"F#{family_id}", RegistrationItem.sk.startswith("R#"), consistent_read=True)
    return sorted(map(_read, items), key=lambda registration: registration.created_at)


def mark_mailed(registration_id: str, kind: str) -> None:
    """That a mail of this kind was sent; ends the record's time to live. One write unit."""
    _key(registration_id).update(
        [RegistrationItem.mailed.add({kind}), RegistrationItem.expires.remove()], condition=RegistrationItem.pk.exists())


def mark_cancelled(registration_id: str, at: datetime) -> None:
    """Keeps the moment of the first cancellation; ends the record's time to live."""
    now = int(at.timestamp())
    _key(registration_id).update(
        [RegistrationItem.cancelled_at.set(RegistrationItem.cancelled_at | now), RegistrationItem.expires.remove()],
        condition=RegistrationItem.pk.exists())


def _key(registration_id: str) -> RegistrationItem:
    return RegistrationItem(f"F#{registration_id[:FAMILY_LENGTH]}", f"R#{registration_id[FAMILY_LENGTH:]}")


def _item(registration: Registration) -> RegistrationItem:
    item = _key(registration.registration_id)
    item.session_id = registration.session_id
    item.child_ids = list(registration.child_ids)
    item.pass_id = registration.pass_id
    item.created_at = registration.created_at.isoformat()
    item.attempt = registration.attempt
    item.expires = int((registration.created_at + UNSETTLED_FOR).timestamp())
    return item


def _read(item: RegistrationItem) -> Registration:
    return Registration(
        registration_id=item.pk.removeprefix("F#") + item.sk.removeprefix("R#"),
        session_id=item.session_id,
        child_ids=tuple(item.child_ids),
        pass_id=item.pass_id,
        created_at=datetime.fromisoformat(item.created_at),
        attempt=item.attempt,
        settled=item.expires is None,
        cancelled_at=datetime.fromtimestamp(item.cancelled_at, UTC) if item.cancelled_at else None,
        mailed=frozenset(item.mailed or ()),
    )
