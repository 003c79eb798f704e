"""Cases in the table.

| pk            | sk                | what                                                                    |
| ------------- | ----------------- | ----------------------------------------------------------------------- |
| CASE#case_id  | CASE              | a case as it is now                                                     |
| CASE#case_id  | H#000002          | what was done to it; never changes, but for the marks of mails          |
| INBOX#unit_id | answer_by#case_id | that a unit has it in hand; gone when it is answered or closed          |

A case and its place in an inbox are written in one transaction, and so is each change of both: no case is in nobody's
hands, whatever breaks off. Only sending.py and acting.py write them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from pynamodb.attributes import (
    BooleanAttribute,
    JSONAttribute,
    NumberAttribute,
    UnicodeAttribute,
    UnicodeSetAttribute,
)
from pynamodb.expressions.update import Action

from chalicelib.core import table
from chalicelib.front_door.cases.keys import PREFIX, SK
from chalicelib.front_door.cases.rules import (
    CITIZEN,
    Act,
    Case,
    CaseStatus,
    Contact,
    HistoryEntry,
    InboxEntry,
    Place,
    Way,
)
from chalicelib.front_door.forms.rules import FormKind

HISTORY, INBOX = "H#", "INBOX#"


class CaseItem(table.Item):
    """`said`: what the citizen sent, as JSON. `content`: digest of that, so that the same key is known to mean the
    same."""

    secret = UnicodeAttribute()
    form_id = UnicodeAttribute()
    form_version = NumberAttribute()
    kind = UnicodeAttribute()
    way = UnicodeAttribute()
    said = JSONAttribute()
    content = UnicodeAttribute()
    unit_id = UnicodeAttribute()
    status = UnicodeAttribute()
    received_at = UnicodeAttribute()
    answer_by = UnicodeAttribute()
    assignee = UnicodeAttribute(null=True)
    more_days = NumberAttribute(null=True)
    first_due = UnicodeAttribute(null=True)
    about = UnicodeAttribute(null=True)
    merged_into = UnicodeAttribute(null=True)
    reopened = NumberAttribute(null=True)
    answered_on = UnicodeAttribute(null=True)
    helped = BooleanAttribute(null=True)
    is_public = BooleanAttribute(null=True)
    is_confidential = BooleanAttribute(null=True)
    is_canary = BooleanAttribute(null=True)
    concerns = UnicodeSetAttribute(null=True)
    concerned = UnicodeSetAttribute(null=True)
    # Only ending.py finds it any more.
    ending = BooleanAttribute(null=True)
    # Mails that came back; written by mail/returning.py alone.
    returned = UnicodeSetAttribute(null=True)
    files = NumberAttribute(null=True)
    edition = NumberAttribute()


class HistoryItem(table.Item):
    at = UnicodeAttribute()
    act = UnicodeAttribute()
    by = UnicodeAttribute()
    by_name = UnicodeAttribute(null=True)
    by_email = UnicodeAttribute(null=True)
    text = UnicodeAttribute(null=True)
    note = UnicodeAttribute(null=True)
    status = UnicodeAttribute()
    # To whom a mail about it went.
    told = UnicodeSetAttribute(null=True)


class InboxItem(table.Item):
    """Nothing of a person. `since`: when the case came."""

    form_id = UnicodeAttribute()
    kind = UnicodeAttribute()
    way = UnicodeAttribute()
    status = UnicodeAttribute()
    since = UnicodeAttribute()
    assignee = UnicodeAttribute(null=True)
    is_canary = BooleanAttribute(null=True)


def get(case_id: str) -> Case | None:
    """The case as it is now; None also for one that is being deleted. One consistent read."""
    item = CaseItem.find(PREFIX + case_id, SK)
    return read(item) if item and not item.ending else None


def several(case_ids: Iterable[str]) -> dict[str, Case]:
    """Those of these that there are, by case_id; batches of consistent reads."""
    return {case_id: case for case_id, case in also_ending(case_ids).items() if not case.is_ending}


def also_ending(case_ids: Iterable[str]) -> dict[str, Case]:
    """The same, with those that are being deleted."""
    keys = [table.key(PREFIX + case_id, SK) for case_id in dict.fromkeys(case_ids)]
    cases = [read(CaseItem.from_raw_data(dict(item))) for item in table.batch_get(keys)]
    return {case.case_id: case for case in cases}


def history(case: Case) -> list[HistoryEntry]:
    """All that was done to it, the oldest first; that it came is the first. One query."""
    items = HistoryItem.query(PREFIX + case.case_id, HistoryItem.sk.startswith(HISTORY), consistent_read=True)
    entries = list(map(_read_entry, items))
    return entries if entries and entries[0].number == 1 else [_arrival(case), *entries]


def inbox(unit_id: str, after: str = "", at_once: int | None = None) -> Iterator[InboxEntry]:
    """The cases that a unit has in hand, the first one due in front; without the canaries. Pages. `after`: the `place`
    behind which to begin; "": from the beginning. `at_once`: how many are read in one request; None: as many as go into
    it."""
    behind = InboxItem.sk > after if after else None
    found = InboxItem.query(INBOX + unit_id, behind, consistent_read=True, page_size=at_once)
    return (entry for entry in map(_read_inbox, found) if not entry.is_canary)


def whole_inbox(unit_id: str) -> Iterator[InboxEntry]:
    """The same with the canaries."""
    return (_read_inbox(item) for item in InboxItem.query(INBOX + unit_id, consistent_read=True))


def entry_of(case: Case) -> InboxEntry:
    """As its unit's inbox shows it, while it is in hand."""
    return _read_inbox(InboxItem.from_raw_data(_inbox_item(case)))


def in_inbox(case: Case) -> bool:
    """Whether its unit has it in hand. One consistent read."""
    return InboxItem.find(INBOX + case.unit_id, _place(case)) is not None


def putting_new(case: Case, content: str) -> list[dict[str, Any]]:
    """The two writes of a new case, for one transaction: refused, with the case that has this id already, if there is
    one."""
    put = {
        "Item": _item(case, content),
        "ConditionExpression": "attribute_not_exists(pk)",
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    return [{"Put": put}, {"Put": {"Item": _inbox_item(case)}}]


def changing(before: Case, after: Case, entry: HistoryEntry) -> list[dict[str, Any]]:
    """The writes of a change, for one transaction: the case, the entry of its history, and its place in an inbox.
    Refused if the case is not as it was read."""
    key = table.key(PREFIX + after.case_id, SK)
    item = _item(after, "")
    names = {f"#{name}": name for name in item if name not in ("pk", "sk", "content", "said")}
    gone = [name for name in _OPTIONAL if name not in item]
    update = {
        "Key": key,
        "UpdateExpression": "SET "
        + ", ".join(f"{short} = :{name}" for short, name in names.items())
        + (" REMOVE " + ", ".join(f"#{name}" for name in gone) if gone else ""),
        "ConditionExpression": "#edition = :before",
        "ExpressionAttributeNames": names | {f"#{name}": name for name in gone},
        "ExpressionAttributeValues": {f":{name}": item[name] for name in names.values()}
        | {":before": {"N": str(before.edition)}},
    }
    writes: list[dict[str, Any]] = [{"Update": update}, {"Put": {"Item": _history_item(after, entry)}}]
    old, new = _inbox_key(before), _inbox_key(after)
    if before.is_in_hand and (not after.is_in_hand or old != new):
        writes.append({"Delete": {"Key": old}})
    if after.is_in_hand:
        writes.append({"Put": {"Item": _inbox_item(after)}})
    return writes


def putting_back(case: Case) -> dict[str, Any]:
    """One write: the place in an inbox that a case in hand must have; refused if it has it."""
    return {"Put": {"Item": _inbox_item(case), "ConditionExpression": "attribute_not_exists(pk)"}}


def taking_away(entry: InboxEntry) -> dict[str, Any]:
    """One write: a place in an inbox is gone."""
    return {"Delete": {"Key": table.key(INBOX + entry.unit_id, f"{entry.answer_by.isoformat()}#{entry.case_id}")}}


def as_read(case: Case) -> dict[str, Any]:
    """One part of a transaction, which changes nothing: the case is still as it was read."""
    return {
        "ConditionCheck": {
            "Key": table.key(PREFIX + case.case_id, SK),
            "ConditionExpression": "edition = :edition",
            "ExpressionAttributeValues": {":edition": {"N": str(case.edition)}},
        }
    }


def beginning_to_end(case: Case) -> tuple[Case, dict[str, Any]]:
    """The case from which nobody reads or changes anything any more, and the write that makes it so. Refused if it is
    not as it was read."""
    after = replace(case, edition=case.edition + 1, is_ending=True)
    update = {
        "Key": table.key(PREFIX + case.case_id, SK),
        "UpdateExpression": "SET edition = :after, ending = :true",
        "ConditionExpression": "edition = :edition",
        "ExpressionAttributeValues": {
            ":edition": {"N": str(case.edition)},
            ":after": {"N": str(after.edition)},
            ":true": {"BOOL": True},
        },
    }
    return after, {"Update": update}


def mark_told(case: Case, number: int, who: str) -> None:
    """That a mail about an entry of its history went to `who`. The first entry, that it came, is no item until then."""
    marks: list[Action] = [HistoryItem.told.add({who})]
    if number == 1:
        came = _arrival(case)
        marks += [
            HistoryItem.at.set(came.at.astimezone(UTC).isoformat()),
            HistoryItem.act.set(came.act.value),
            HistoryItem.by.set(came.by),
            HistoryItem.status.set(came.status.value),
        ]
    HistoryItem(PREFIX + case.case_id, _number(number)).update(marks)


def removing(case: Case, entries: Sequence[HistoryEntry]) -> list[dict[str, Any]]:
    """The writes that remove a case, its history and its place in an inbox."""
    numbers = [entry.number for entry in entries]
    keys = [table.key(PREFIX + case.case_id, SK), *(table.key(PREFIX + case.case_id, _number(one)) for one in numbers)]
    return [{"Delete": {"Key": key}} for key in (*keys, _inbox_key(case))]


def read(item: CaseItem) -> Case:
    said: dict[str, Any] = item.said
    place = said["place"]
    return Case(
        case_id=item.pk.removeprefix(PREFIX),
        secret=item.secret,
        form_id=item.form_id,
        form_version=int(item.form_version),
        kind=FormKind(item.kind),
        way=Way(item.way),
        answers=said["answers"],
        contact=Contact(**said["contact"]),
        place=_place_of(place) if place else None,
        photos=tuple(said["photos"]),
        unit_id=item.unit_id,
        status=CaseStatus(item.status),
        received_at=datetime.fromisoformat(item.received_at),
        answer_by=date.fromisoformat(item.answer_by),
        assignee=item.assignee or "",
        more_days=int(item.more_days or 0),
        first_due=date.fromisoformat(item.first_due) if item.first_due else None,
        about=item.about or "",
        merged_into=item.merged_into or "",
        reopened=int(item.reopened or 0),
        answered_on=date.fromisoformat(item.answered_on) if item.answered_on else None,
        helped=item.helped,
        is_public=bool(item.is_public),
        is_confidential=bool(item.is_confidential),
        is_canary=bool(item.is_canary),
        concerns=tuple(sorted(item.concerns or ())),
        concerned=tuple(sorted(item.concerned or ())),
        returned=frozenset(item.returned or ()),
        files=int(item.files or 0),
        is_ending=bool(item.ending),
        edition=int(item.edition),
    )


def said_of(case: Case) -> dict[str, Any]:
    """Answers, contact, place and photos as the citizen sent them, as JSON."""
    contact, place = case.contact, case.place
    return {
        "answers": dict(case.answers),
        "contact": {
            "email": contact.email,
            "phone": contact.phone,
            "name": contact.name,
            "address": contact.address,
            "language": contact.language,
        },
        "place": {"lat": place.lat, "long": place.long, "address": place.address} if place else None,
        "photos": list(case.photos),
    }


# Attributes that an item has only where there is something to say.
_OPTIONAL = ("assignee", "first_due", "about", "merged_into", "answered_on", "helped", "concerns", "concerned")


def _place_of(said: Mapping[str, Any]) -> Place:
    lat, long = said["lat"], said["long"]
    return Place(None if lat is None else float(lat), None if long is None else float(long), said["address"])


def _arrival(case: Case) -> HistoryEntry:
    return HistoryEntry(1, case.received_at, Act.RECEIVED, CITIZEN, CaseStatus.RECEIVED)


def _item(case: Case, content: str) -> dict[str, Any]:
    item = CaseItem(
        PREFIX + case.case_id,
        SK,
        secret=case.secret,
        form_id=case.form_id,
        form_version=case.form_version,
        kind=case.kind.value,
        way=case.way.value,
        said=said_of(case),
        content=content,
        unit_id=case.unit_id,
        status=case.status.value,
        received_at=case.received_at.astimezone(UTC).isoformat(),
        answer_by=case.answer_by.isoformat(),
        assignee=case.assignee or None,
        more_days=case.more_days,
        first_due=case.first_due.isoformat() if case.first_due else None,
        about=case.about or None,
        merged_into=case.merged_into or None,
        reopened=case.reopened,
        answered_on=case.answered_on.isoformat() if case.answered_on else None,
        helped=case.helped,
        is_public=case.is_public,
        is_confidential=case.is_confidential,
        is_canary=case.is_canary,
        concerns=set(case.concerns) or None,
        files=case.files or None,
        concerned=set(case.concerned) or None,
        edition=case.edition,
    )
    return dict(item.serialize())


def _history_item(case: Case, entry: HistoryEntry) -> dict[str, Any]:
    item = HistoryItem(
        PREFIX + case.case_id,
        _number(entry.number),
        at=entry.at.astimezone(UTC).isoformat(),
        act=entry.act.value,
        by=entry.by,
        by_name=entry.by_name or None,
        by_email=entry.by_email or None,
        text=entry.text or None,
        note=entry.note or None,
        status=entry.status.value,
    )
    return dict(item.serialize())


def _inbox_item(case: Case) -> dict[str, Any]:
    item = InboxItem(
        INBOX + case.unit_id,
        _place(case),
        form_id=case.form_id,
        kind=case.kind.value,
        way=case.way.value,
        status=case.status.value,
        since=case.received_at.astimezone(UTC).isoformat(),
        assignee=case.assignee or None,
        is_canary=case.is_canary or None,
    )
    return dict(item.serialize())


def _inbox_key(case: Case) -> dict[str, Any]:
    return table.key(INBOX + case.unit_id, _place(case))


def _place(case: Case) -> str:
    return f"{case.answer_by.isoformat()}#{case.case_id}"


def _number(number: int) -> str:
    return f"{HISTORY}{number:06}"


def _read_entry(item: HistoryItem) -> HistoryEntry:
    return HistoryEntry(
        number=int(item.sk.removeprefix(HISTORY)),
        at=datetime.fromisoformat(item.at),
        act=Act(item.act),
        by=item.by,
        status=CaseStatus(item.status),
        by_name=item.by_name or "",
        by_email=item.by_email or "",
        text=item.text or "",
        note=item.note or "",
        told=tuple(sorted(item.told or ())),
    )


def _read_inbox(item: InboxItem) -> InboxEntry:
    answer_by, _, case_id = item.sk.partition("#")
    return InboxEntry(
        unit_id=item.pk.removeprefix(INBOX),
        case_id=case_id,
        answer_by=date.fromisoformat(answer_by),
        form_id=item.form_id,
        kind=FormKind(item.kind),
        way=Way(item.way),
        status=CaseStatus(item.status),
        since=datetime.fromisoformat(item.since),
        assignee=item.assignee or "",
        is_canary=bool(item.is_canary),
    )
