"""Payees in the table, all under one key.

| pk     | sk             | what                                                              |
| ------ | -------------- | ----------------------------------------------------------------- |
| PAYEES | OF#place       | a municipality's own payee; OF# alone: the city's                 |
| PAYEES | PROPOSED#place | what it is to be once a second person confirms it; who asked, why |

Whatever has to do with money asks first whether there is a payee: one query for all of them, at most once in
SECONDS_REMEMBERED for a container. A city without one takes no money here, and pays for no read of it.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.core import table
from chalicelib.core.memory import Memory
from chalicelib.money.payees.rules import DueFrom, DueRule, Payee, PayeeProposal, Payees, ReferenceScheme, UnpaidRule

PK, _OF, _PROPOSED = "PAYEES", "OF#", "PROPOSED#"
SECONDS_REMEMBERED = 4.0
_remembered: Memory[str, Payees] = Memory(SECONDS_REMEMBERED)


class PayeeItem(table.Item):
    """`said`: the payee as JSON. `edition` counts its changes."""

    edition = NumberAttribute()
    said = JSONAttribute()


class ProposalItem(table.Item):
    """`edition`: of the payee that it would be; `by`: the staff_id of who asked for it."""

    edition = NumberAttribute()
    proposal_id = UnicodeAttribute()
    by = UnicodeAttribute()
    by_name = UnicodeAttribute()
    why = UnicodeAttribute()
    at = NumberAttribute()
    said = JSONAttribute()


def remembered() -> Payees:
    """All of them, as they were at most SECONDS_REMEMBERED ago. Raises PynamoDB's error if they cannot be read."""
    return _remembered.get(PK, every)


def every() -> Payees:
    """All of them, as they are now."""
    found = [_read(item) for item in PayeeItem.query(PK, PayeeItem.sk.startswith(_OF), consistent_read=True)]
    return Payees({payee.municipality: payee for payee in found})


def of(municipality: str) -> Payee | None:
    """To whom a family pays there, as it was a moment ago; None: the city takes no money there."""
    return remembered().of(municipality)


def putting(payee: Payee) -> dict[str, Any]:
    """One write of a transaction: the payee in the place of the edition before. Refused if that is not as it was
    read. Whoever writes it calls `forget` afterwards."""
    item = PayeeItem(PK, _OF + payee.municipality, edition=payee.edition, said=_said(payee))
    return {"Put": {"Item": item.serialize(), **table.as_read("edition", payee.edition - 1)}}


def proposal(municipality: str) -> PayeeProposal | None:
    item = ProposalItem.find(PK, _PROPOSED + municipality)
    return _read_proposal(item) if item else None


def proposals() -> dict[str, PayeeProposal]:
    """By municipality."""
    found = ProposalItem.query(PK, ProposalItem.sk.startswith(_PROPOSED), consistent_read=True)
    return {one.payee.municipality: one for one in map(_read_proposal, found)}


def proposing(proposal: PayeeProposal, before: PayeeProposal | None) -> dict[str, Any]:
    """One write: it waits, in the place of the one before. Refused if that is not as it was read."""
    item = ProposalItem(
        PK,
        _PROPOSED + proposal.payee.municipality,
        edition=proposal.payee.edition,
        proposal_id=proposal.proposal_id,
        by=proposal.by,
        by_name=proposal.by_name,
        why=proposal.why,
        at=int(proposal.at.timestamp()),
        said=_said(proposal.payee),
    )
    return {"Put": {"Item": item.serialize(), **_as_proposed(before)}}


def confirming(proposal: PayeeProposal, by: str) -> dict[str, Any]:
    """One write: it waits no more, because `by`, a staff_id, confirmed it. Refused if it is another one by now, and if
    the same person asked for it."""
    condition = {
        "ConditionExpression": "proposal_id = :id AND #by = :asked AND #by <> :by",
        "ExpressionAttributeNames": {"#by": "by"},
        "ExpressionAttributeValues": {
            ":id": {"S": proposal.proposal_id},
            ":asked": {"S": proposal.by},
            ":by": {"S": by},
        },
    }
    return {"Delete": {"Key": table.key(PK, _PROPOSED + proposal.payee.municipality), **condition}}


def dropping(proposal: PayeeProposal) -> dict[str, Any]:
    """One write: it waits no more, and nothing comes of it. Refused if it is another one by now."""
    key = table.key(PK, _PROPOSED + proposal.payee.municipality)
    return {"Delete": {"Key": key, **_as_proposed(proposal)}}


def _as_proposed(proposal: PayeeProposal | None) -> dict[str, Any]:
    if proposal is None:
        return {"ConditionExpression": "attribute_not_exists(pk)"}
    values = {":id": {"S": proposal.proposal_id}}
    return {"ConditionExpression": "proposal_id = :id", "ExpressionAttributeValues": values}


def _read_proposal(item: ProposalItem) -> PayeeProposal:
    payee = _payee(item.sk.removeprefix(_PROPOSED), item.said, int(item.edition))
    at = datetime.fromtimestamp(int(item.at), UTC)
    return PayeeProposal(payee, item.proposal_id, item.by, item.by_name, item.why, at)


def forget() -> None:
    _remembered.forget()


def _said(payee: Payee) -> dict[str, Any]:
    return {
        "name": payee.name,
        "iban": payee.iban,
        "scheme": payee.scheme,
        "due": [payee.due.counted_from, payee.due.days],
        "reminders": list(payee.unpaid.reminders),
        "cancels_after": payee.unpaid.cancels_after,
        "postcodes": list(payee.postcodes),
        "since": payee.since.isoformat() if payee.since else None,
        "formerly": list(payee.formerly),
    }


def _read(item: PayeeItem) -> Payee:
    return _payee(item.sk.removeprefix(_OF), item.said, int(item.edition))


def _payee(municipality: str, said: Mapping[str, Any], edition: int) -> Payee:
    return Payee(
        municipality,
        said["name"],
        said["iban"],
        ReferenceScheme(said["scheme"]),
        DueRule(DueFrom(said["due"][0]), said["due"][1]),
        UnpaidRule(tuple(said["reminders"]), said["cancels_after"]),
        tuple(said["postcodes"]),
        edition,
        date.fromisoformat(said["since"]) if said.get("since") else None,
        tuple(said.get("formerly", ())),
    )
