"""What somebody answers by mail becomes a word in the history of their case, and the case goes on. Plain rules of it in
`after`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.front_door.cases import acting, following
from chalicelib.front_door.cases.acting import BY_CITIZEN, Deed
from chalicelib.front_door.cases.rules import Act, Case, CaseStatus
from chalicelib.front_door.files import table as files
from chalicelib.front_door.files.rules import FileBatch

Write = Mapping[str, Any]


@dataclass(frozen=True)
class Reply:
    """`note`: for staff. `files`: that came with it; None: none did."""

    text: str
    note: str = ""
    files: FileBatch | None = None


def after(case: Case) -> CaseStatus:
    """How a case stands once its citizen wrote again: what waited for them goes on, what was over is open again."""
    match case.status:
        case CaseStatus.WAITING_FOR_CITIZEN:
            return CaseStatus.IN_PROGRESS
        case CaseStatus.ANSWERED | CaseStatus.CLOSED:
            return CaseStatus.REOPENED
    return case.status


def add(case: Case, reply: Reply, mark: Write, now: datetime) -> Case:
    """`mark`: a write that says that it was added, in the same transaction. Raises Interfered, Busy."""
    status = after(case)
    is_opened = status is CaseStatus.REOPENED and case.status is not status
    changes = following.reopening(case, now) if is_opened else {}
    also = [mark]
    if reply.files:
        changes = {**changes, "files": case.files + len(reply.files.files)}
        also.append(files.putting(case.case_id, reply.files))
    return acting.change(case, Deed(Act.REPLIED, BY_CITIZEN, now, status, reply.text, reply.note, changes, also))


def continue_with(case: Case, text: str, mark: Write, now: datetime) -> Case:
    """What did not fit into the first words of a case; it changes nothing else. Raises Interfered, Busy."""
    return acting.change(case, Deed(Act.REPLIED, BY_CITIZEN, now, text=text, also=[mark]))


def cut(text: str, most: int) -> tuple[str, str]:
    """The first characters of a text, cut between words, and what follows."""
    if len(text) <= most:
        return text, ""
    found = max(text.rfind(" ", 0, most), text.rfind("\n", 0, most))
    at = found if found > most // 2 else most
    return text[:at].rstrip(), text[at:].lstrip()
