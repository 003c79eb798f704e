"""Files that came with a case, for the people of its unit: each is saved, never shown, and leaves a line in the log of
access."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import existing
from chalicelib.core.languages import N_, translate
from chalicelib.front_door.cases import table as cases
from chalicelib.front_door.cases.rules import Case
from chalicelib.front_door.files import bucket, keeping, table
from chalicelib.front_door.files.rules import FileBatch, ReceivedFile, numbered
from chalicelib.front_door.files.words import why
from chalicelib.pages.frame.visit import Visit
from chalicelib.people import access
from chalicelib.people.staff.rules import Staff

ON_ITS_WAY = N_("still on its way: look again in some minutes")
LOST = N_("did not arrive here: ask the citizen to send it again")


@dataclass(frozen=True)
class ShownFile:
    """`number`: of its address; `why`: in words, why it cannot be saved; "": it can. `kilobytes`: rounded up."""

    number: int
    name: str
    kilobytes: int
    at: datetime
    why: str


def shown(case: Case, language: str, now: datetime) -> Sequence[ShownFile]:
    """One query; none for a case without files."""
    return [
        ShownFile(
            number,
            file.name,
            -(-file.size // 1000),
            batch.at,
            _why(file, batch, language, now),
        )
        for number, batch, place in numbered(table.of_case(case.case_id) if case.files else ())
        for file in (batch.files[place],)
    ]


def _why(file: ReceivedFile, batch: FileBatch, language: str, now: datetime) -> str:
    if file.unkept:
        return why(file.unkept, language)
    if batch.is_stored:
        return ""
    return translate(LOST if now - batch.at > keeping.TRIED else ON_ITS_WAY, language)


def save(visit: Visit, by: Staff, case_id: str, number: str) -> Answer:
    """On to the bucket, which lets the browser save it for some minutes. Raises Problem `not-found`."""
    case = existing(cases.get(case_id))
    every = {str(one): (batch, place) for one, batch, place in numbered(table.of_case(case_id))}
    batch, place = existing(every.get(number))
    file = batch.files[place]
    existing(None if file.unkept or not batch.is_stored else file)
    access.sent(case_id, case.contact.email)
    link = bucket.link(case_id, batch.batch_id, place, file.name)
    return Answer(303, None, {"Location": link, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"})
