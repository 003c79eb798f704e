"""Behind each change of a case: it is in the daybook, its duplicates get its answer, its photos are kept, whoever looks
at the public list sees how far it is, and whoever sent it is told by mail. A complaint is in nobody's hands whom it is
about, and a head hears so.

Guarantee: an entry of the history that is to be told is mailed, and once: the mark on it is read before a mail and
written after it. Only a crash between SES's yes and the mark, or two copies of a message at the very same moment, mail
it twice; none is lost. A message that ends in the dead letters leaves the entry without its mark: the look of the
morning sees that and queues it again (front_door/watching), and so does any change of the case. A mail that came
back, or that SES does not take, is work of the unit: a note in the case, which is in its inbox again if
what came back was the answer. So no case is answered whose answer arrived nowhere, as far as anybody can know.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from chalicelib.core import table as items
from chalicelib.core.http.problems import existing
from chalicelib.core.languages import DEFAULT, N_, translate
from chalicelib.core.observability import log
from chalicelib.core.refusals import Interfered
from chalicelib.front_door.cases import table
from chalicelib.front_door.cases.acting import BY_STORMLOOP, Deed, change
from chalicelib.front_door.cases.following import resuming
from chalicelib.front_door.cases.keys import marking_returned
from chalicelib.front_door.cases.rules import (
    CITIZEN,
    HEAD,
    LEFT_ALONE,
    LIMITED,
    MARKS,
    RETURNED,
    Act,
    Case,
    CaseStatus,
    HistoryEntry,
    unsent,
)
from chalicelib.front_door.daybook import table as daybook
from chalicelib.front_door.files import keeping as files
from chalicelib.front_door.files import table as files_table
from chalicelib.front_door.forms import table as forms
from chalicelib.front_door.forms.rules import FormKind
from chalicelib.front_door.handling import handling
from chalicelib.front_door.photos import keeping
from chalicelib.front_door.reports import table as reports
from chalicelib.mail import arrived, case_limits, outbox
from chalicelib.mail.camps import NotQueued
from chalicelib.mail.case_mails import mail_of
from chalicelib.mail.rules import FOR_GOOD, MailKind, MailReturn, Message
from chalicelib.mail.sending import MailRefused, by_us, post

if TYPE_CHECKING:
    from mypy_boto3_sesv2.type_defs import MessageTagTypeDef

# In the place of why a mail came back: SES did not take it.
REFUSED = "refused"
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
    if case.kind is FormKind.COMPLAINT:  # in nobody's hands whom it is about, whether S3 and SES answer or not
        _tell_heads(case)
    try:
        keeping.keep(case.photos, case.received_at, datetime.now(UTC))
    finally:
        try:
            files.keep(case, arrived.get)
        finally:  # whoever sent it is told, whether S3 answers or not
            _mail(case)


def _tell_heads(case: Case) -> None:
    """Raises Interfered and NotQueued; then its message comes again. A head is told once of each (mail/staff.py)."""
    settled = handling.settle(case_now(case), datetime.now(UTC))
    written = [one for one in table.history(settled.case) if one.act is Act.CONCERNS and HEAD not in one.told]
    due = [*(one.number for one in written), *([0] if settled.is_stuck else [])]
    if due and outbox.queue([Message(MailKind.CONCERNED, f"{case.case_id}/{number}") for number in due]):
        raise NotQueued
    for one in written:
        table.mark_told(settled.case, one.number, HEAD)


def _mail(case: Case) -> None:
    """Raises Waits, and MailRefused for now."""
    if case.contact.email:
        _came_back(case)
        _tell(case)


def _tell(case: Case) -> None:
    """Raises Waits, and MailRefused for now."""
    history = table.history(case)
    due = {entry.number for entry in unsent(case, history)} | _lacking(case, history)
    for entry in history:
        if entry.number in due:
            table.mark_told(case, entry.number, _told(case, entry))


def _lacking(case: Case, history: Sequence[HistoryEntry]) -> set[int]:
    """What a citizen wrote is told by a mail only where a file that came with it is not kept. (The look of the morning
    does not know these: one whose message ended in the dead letters goes with the next change of the case.)"""
    if not case.files or not case.contact.email:
        return set()
    unkept = {batch.entry for batch in files_table.of_case(case.case_id) if batch.unkept}
    replied = (one for one in history if one.act is Act.REPLIED and not MARKS & set(one.told))
    return {one.number for one in replied} & unkept


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
        rule = existing(forms.version(case.form_id, case.form_version)).deadline
        return Deed(Act.REOPENED, BY_STORMLOOP, now, CaseStatus.REOPENED, note=note, changes=resuming(case, rule, now))
    is_waiting = entry.act is Act.ASKED and case.status is CaseStatus.WAITING_FOR_CITIZEN
    return Deed(Act.NOTED, BY_STORMLOOP, now, CaseStatus.IN_PROGRESS if is_waiting else None, note=note)
