"""Finance says to whom families pay, and by when. Another account, or the first one, counts once a second person of
finance has confirmed it; until then everything stays as it is. All of it is in the ledger."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.city.ledger import table as ledger
from chalicelib.city.ledger.rules import REASON, LedgerAct
from chalicelib.core.http.fields import Choice, Model, Text, Whole, check
from chalicelib.core.http.problems import CHANGED, INVALID, NOT_FOUND, FieldError, Problem, not_now
from chalicelib.core.languages import N_
from chalicelib.core.moments import today
from chalicelib.core.refusals import Refused
from chalicelib.money.orders.epc import checked_account, spoken_iban
from chalicelib.money.payees import table
from chalicelib.money.payees.rules import (
    LEAST_BETWEEN,
    DueFrom,
    DueRule,
    Payee,
    PayeeProposal,
    ReferenceScheme,
    UnpaidRule,
    has_same_account,
)
from chalicelib.people.staff.rules import Staff

MOST_DAYS, MOST_REMINDERS = 365, 5
AS_NAME = N_("Give the name of the account, as the bank has it.")
AS_IBAN = N_("Give the account number (IBAN).")
AS_SCHEME = N_("Choose which numbers families write on their transfers.")
AS_DUE = N_("Choose from which day it is counted.")
AS_DAYS = N_("Give a whole number of days, from -365 to 365; below 0 is before that day.")
AS_REMINDERS = N_(
    "Give at most five numbers of days after the due day, parted by commas, each larger than the one before."
)
AS_CANCELS = N_("Give a whole number of days after the due day, from 1 to 365, or leave it empty.")
AFTER_REMINDING = N_("Remind families first: cancel later than the last reminder, at least seven days after it.")
NOT_WITHOUT_REMINDING = N_("Nobody loses a seat without a reminder: give at least one.")
AS_POSTCODES = N_("Give postcodes of four digits, for Dutch ones with two letters, parted by commas or spaces.")
AS_VERSION = N_("This page is not whole. Load it again.")
SAME_PERSON = N_("You asked for this account yourself. Somebody else of finance has to confirm it.")

FORM = Model(
    {
        "version": Whole(AS_VERSION, 0, 10**9),
        "proposal": Text(AS_VERSION, "[0-9a-f]{0,16}", 16),
        "name": Text(AS_NAME, ".*", 1000),
        "iban": Text(AS_IBAN, ".*", 100),
        "scheme": Choice(AS_SCHEME, list(ReferenceScheme)),
        "due_from": Choice(AS_DUE, list(DueFrom)),
        "due_days": Whole(AS_DAYS, -MOST_DAYS, MOST_DAYS),
        "reminders": Text(AS_REMINDERS, "[0-9 ,;]*", 60),
        "cancels_after": Text(AS_CANCELS, "[0-9]{0,3}", 3),
        "postcodes": Text(AS_POSTCODES, "[0-9A-Za-z ,;\\n]*", 4000),
        "reason": REASON,
    }
)


def change(municipality: str, sent: Mapping[str, Any], by: Staff, now: datetime) -> PayeeProposal | None:
    """The proposal that waits for a second person now; None: the change holds at once, because the account is the same.
    `version`, `proposal` in `sent`: those that the sender saw.

    Raises Problem `invalid` that names each field, and `changed` if it is another one meanwhile."""
    given = check(FORM, sent)
    errors: list[FieldError] = []
    current, waiting = table.every().by_municipality.get(municipality), table.proposal(municipality)
    wanted = _payee(municipality, given, errors)
    if errors:
        raise Problem(INVALID, errors=errors)
    edition = current.edition if current else 0
    if (given["version"], given["proposal"]) != (edition, waiting.proposal_id if waiting else ""):
        raise Problem(CHANGED)
    wanted = wanted.follows(current)
    if current and has_same_account(current, wanted):
        if replace(wanted, edition=edition) == current:
            return waiting
        _record(LedgerAct.PAYEE_CHANGED, wanted, by, given["reason"], now, [table.putting(wanted)])
        return waiting
    proposal = PayeeProposal(wanted, secrets.token_hex(8), by.staff_id, by.name, given["reason"], now)
    writes = [table.proposing(proposal, waiting)]
    _record(LedgerAct.PAYEE_PROPOSED, wanted, by, given["reason"], now, writes)
    return proposal


def confirm(municipality: str, proposal_id: str, reason: str, by: Staff, now: datetime) -> Payee:
    """From now on families pay into that account. Both people are conditions of the write, and stand in the ledger.

    Raises Problem `not-found` if nothing waits, `not-now` for who asked for it, `invalid` for a reason that says
    nothing, and `changed` if it is not what was seen or the payee changed since."""
    proposal = _waiting(municipality, proposal_id)
    if proposal.by == by.staff_id:
        raise not_now(SAME_PERSON)
    asked = {"asked_by": {"staff_id": proposal.by, "name": proposal.by_name}, "asked_why": proposal.why}
    payee = replace(proposal.payee, since=today(now) if proposal.payee.edition > 1 else None)
    writes = [table.putting(payee), table.confirming(proposal, by.staff_id)]
    _record(LedgerAct.PAYEE_CHANGED, payee, by, reason, now, writes, asked)
    return payee


def drop(municipality: str, proposal_id: str, reason: str, by: Staff, now: datetime) -> None:
    """Nothing comes of it; anybody of finance may say so. Raises as `confirm`."""
    proposal = _waiting(municipality, proposal_id)
    asked = {"asked_by": {"staff_id": proposal.by, "name": proposal.by_name}}
    _record(LedgerAct.PAYEE_DROPPED, proposal.payee, by, reason, now, [table.dropping(proposal)], asked)


def _waiting(municipality: str, proposal_id: str) -> PayeeProposal:
    proposal = table.proposal(municipality)
    if proposal is None:
        raise Problem(NOT_FOUND)
    if proposal.proposal_id != proposal_id:
        raise Problem(CHANGED)
    return proposal


def _record(
    act: LedgerAct,
    payee: Payee,
    by: Staff,
    reason: str,
    now: datetime,
    writes: list[dict[str, Any]],
    private: Mapping[str, Any] = {},
) -> None:
    details = {
        "municipality": payee.municipality,
        "iban": spoken_iban(payee.iban),
        "due": f"{payee.due.counted_from} {payee.due.days:+}",
        "reminders": list(payee.unpaid.reminders),
        "cancels_after": payee.unpaid.cancels_after,
    }
    try:
        ledger.record(act, by, reason, now, details=details, private=private, together_with=writes)
    except Refused as refused:
        if refused.busy:
            raise refused.busy from refused
        raise Problem(CHANGED) from None
    table.forget()


def _payee(municipality: str, given: Mapping[str, Any], errors: list[FieldError]) -> Payee:
    name, iban = checked_account(given["name"], given["iban"], errors)
    reminders = _reminders(given["reminders"], errors)
    cancels = int(given["cancels_after"]) if given["cancels_after"] else None
    if cancels is not None and not 1 <= cancels <= MOST_DAYS:
        errors.append(FieldError("cancels_after", AS_CANCELS))
    elif cancels is not None and not reminders:
        errors.append(FieldError("reminders", NOT_WITHOUT_REMINDING))
    elif cancels is not None and cancels < reminders[-1] + LEAST_BETWEEN:
        errors.append(FieldError("cancels_after", AFTER_REMINDING))
    return Payee(
        municipality,
        name,
        iban,
        ReferenceScheme(given["scheme"]),
        DueRule(DueFrom(given["due_from"]), given["due_days"]),
        UnpaidRule(reminders, cancels),
        _postcodes(given["postcodes"], errors),
    )


def _reminders(text: str, errors: list[FieldError]) -> tuple[int, ...]:
    days = tuple(map(int, re.findall("[0-9]+", text)))
    if len(days) > MOST_REMINDERS or list(days) != sorted(set(days)) or any(day > MOST_DAYS for day in days):
        errors.append(FieldError("reminders", AS_REMINDERS))
    return days


def _postcodes(text: str, errors: list[FieldError]) -> tuple[str, ...]:
    codes = [one.upper() for one in re.split("[,;\\s]+", text) if one]
    if any(not re.fullmatch("[1-9][0-9]{3}([A-Z]{2})?", one) for one in codes):
        errors.append(FieldError("postcodes", AS_POSTCODES))
    return tuple(dict.fromkeys(codes))
