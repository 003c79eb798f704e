"""Behind each change of a case: it is in the daybook, its duplicates get its answer, its photos are kept, whoever looks
at the public list sees how far it is, and whoever sent it is told by mail.

An entry of the history that is to be told is mailed once: the mark on it is read before a mail and written after it. A
mail that came back, or that SES does not take, is work of the unit: a note in the case, which is in its inbox again if
what came back was the answer. So no case is answered whose answer arrived nowhere, as far as anybody can know.
"""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from chalicelib.core import table as items
from chalicelib.core.languages import DEFAULT, N_, translate
from chalicelib.core.observability import log
from chalicelib.core.refusals import Interfered
from chalicelib.front_door.cases import table
from chalicelib.front_door.cases.acting import BY_STORMLOOP, Deed, change
from chalicelib.front_door.cases.following import reopening
from chalicelib.front_door.cases.keys import marking_returned
from chalicelib.front_door.cases.rules import (
    CITIZEN,
    LEFT_ALONE,
    LIMITED,
    RETURNED,
    STORMLOOP,
    Act,
    Case,
    CaseStatus,
    HistoryEntry,
)
from chalicelib.front_door.daybook import table as daybook
from chalicelib.front_door.handling import handling
from chalicelib.front_door.photos import keeping
from chalicelib.front_door.reports import table as reports
from chalicelib.mail import case_limits
from chalicelib.mail.case_mails import HEADLINES, mail_of
from chalicelib.mail.returning import FOR_GOOD
from chalicelib.mail.rules import MailKind, MailReturn, Message
from chalicelib.mail.sending import MailRefused, by_us, post

if TYPE_CHECKING:
    from mypy_boto3_sesv2.type_defs import MessageTagTypeDef

# In the place of why a mail came back: SES did not take it.
REFUSED = "refused"
# With one of these, what became of a mail about an entry is known.
MARKS = frozenset({CITIZEN, LIMITED, LEFT_ALONE, RETURNED})
CAME_BACK = N_("The mail about this came back ({why}). Call, or write on paper: the citizen has not read it.")
UNWANTED = N_("The citizen reported our mail as unwanted, so no more goes to that address. Call, or write on paper.")


def changed(message: Message) -> None:
    """As the case stands now: what came before it needs nothing any more."""
    case = table.get(message.id)
    if case is None or case.is_canary:
        return
    daybook.note(case)
    handling.answer_duplicates(case, datetime.now(UTC))
    reports.follow(case)
    try:
        keeping.keep(case.photos, case.received_at, datetime.now(UTC))
    finally:  # whoever sent it is told, whether S3 answers or not
        _mail(case)


def _mail(case: Case) -> None:
    """Raises Waits, and MailRefused for now."""
    if case.contact.email:
        _came_back(case)
        _tell(case)


def _tell(case: Case) -> None:
    """Raises Waits, and MailRefused for now."""
    for entry in table.history(case):
        if _is_to_be_told(entry):
            table.mark_told(case, entry.number, _told(case, entry))


def _is_to_be_told(entry: HistoryEntry) -> bool:
    """What was opened again because a mail came back is told by no mail."""
    is_own_reopening = entry.act is Act.REOPENED and entry.by == STORMLOOP
    return entry.act in HEADLINES and not is_own_reopening and not MARKS & set(entry.told)


def _told(case: Case, entry: HistoryEntry) -> str:
    """Mails an entry; the mark that says what became of it."""
    now = datetime.now(UTC)
    if any(mark.partition("#")[2] in FOR_GOOD for mark in case.returned):
        return LEFT_ALONE
    is_ours = entry.by != CITIZEN
    if not is_ours and not case_limits.has_room(case.contact.email, f"{case.case_id}#{entry.number}", now):
        log.info("case_mail_limited")
        return LIMITED
    tags: list[MessageTagTypeDef] = [
        {"Name": "kind", "Value": MailKind.CASE.value},
        {"Name": "message", "Value": f"{case.case_id}_{entry.number}"},
    ]
    try:
        post(MailKind.CASE, mail_of(case, entry, by_us()), case.contact.email, tags)
    except MailRefused as refusal:
        if refusal.is_for_now:
            raise
        log.error("case_mail_refused", code=refusal.code)
        items.transact_write([marking_returned(case.case_id, f"{entry.number}#{REFUSED}")])
    return CITIZEN


def _came_back(case: Case) -> None:
    """Notes in the case each mail that came back, once. Raises Interfered, Busy; then its message comes again."""
    entries = {entry.number: entry for entry in table.history(case)} if case.returned else {}
    for mark in sorted(case.returned):
        number, _, why = mark.partition("#")
        entry = entries.get(int(number))
        if entry is None or RETURNED in entry.told:
            continue
        now = case_now(case)
        change(now, _deed(now, entry, why))
        table.mark_told(case, entry.number, RETURNED)


def case_now(case: Case) -> Case:
    found = table.get(case.case_id)
    if found is None:
        raise Interfered
    return found


def _deed(case: Case, entry: HistoryEntry, why: str) -> Deed:
    now = datetime.now(UTC)
    if why == MailReturn.COMPLAINT:
        return Deed(Act.NOTED, BY_STORMLOOP, now, note=translate(UNWANTED, DEFAULT))
    note = translate(CAME_BACK, DEFAULT, why=why)
    if entry.act in (Act.ANSWERED, Act.CLOSED) and entry.by != CITIZEN and not case.is_in_hand:
        return Deed(Act.REOPENED, BY_STORMLOOP, now, CaseStatus.REOPENED, note=note, changes=reopening(case, now))
    is_waiting = entry.act is Act.ASKED and case.status is CaseStatus.WAITING_FOR_CITIZEN
    return Deed(Act.NOTED, BY_STORMLOOP, now, CaseStatus.IN_PROGRESS if is_waiting else None, note=note)
