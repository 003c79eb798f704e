"""A scan of a letter, of which the desk made a case: kept with that case."""

import hashlib
from datetime import datetime

from chalicelib.core import uploads
from chalicelib.core.http.problems import existing, invalid, not_now
from chalicelib.core.languages import DEFAULT, N_, translate
from chalicelib.core.refusals import Interfered
from chalicelib.front_door.cases import acting, following
from chalicelib.front_door.cases import table as cases
from chalicelib.front_door.cases.acting import Deed
from chalicelib.front_door.cases.rules import Act, Case
from chalicelib.front_door.files import bucket, table
from chalicelib.front_door.files.rules import FileBatch, ReceivedFile
from chalicelib.people.staff.rules import Staff

MOST_SCANS, TRIES = 30, 3
NO_SCAN = N_("Choose the scan.")
NOT_A_SCAN = N_("This is no PDF, JPEG or PNG. Scan the letter as one of these.")
TOO_LARGE = N_("The scan has {size} MB, and at most {most} MB are possible. Scan it in grey, or in parts.")
TOO_MANY = N_("There are many scans in this case already. Put the pages together.")
ADDED = N_("The scan {name} was added.")


def add(case: Case, content: bytes, by: Staff, now: datetime) -> Case:
    """The case with the scan; the same scan again changes nothing. Raises Problem `invalid`, `not-now`, and Interfered
    and Busy, after which it is safe to try again."""
    if not content:
        raise invalid("scan", NO_SCAN)
    if len(content) > uploads.MOST_BYTES:
        size = f"{len(content) / 1_000_000:.1f}"
        raise invalid("scan", TOO_LARGE, size=size, most=uploads.MOST_BYTES // 1_000_000)
    kind = uploads.kind_of(content)
    if kind is None:
        raise invalid("scan", NOT_A_SCAN)
    batch_id = hashlib.sha256(content).hexdigest()[:32]
    for _ in range(TRIES):
        before = [one for one in table.of_case(case.case_id) if not one.source] if case.files else []
        batch = next((one for one in before if one.batch_id == batch_id), None)
        if batch is None:
            if len(before) >= MOST_SCANS or case.edition >= following.MOST_EDITIONS:
                raise not_now(TOO_MANY)
            file = ReceivedFile(f"scan-{len(before) + 1}.{kind}", len(content))
            batch = FileBatch(batch_id, now, (file,), entry=case.edition + 1)
            try:
                case = _added(case, batch, by)
            except Interfered:  # its unit has begun with it
                case = existing(cases.get(case.case_id))
                continue
        if not batch.is_stored:  # behind the write: no scan lies in the bucket of which no case knows
            bucket.put(case.case_id, batch_id, 0, content)
            table.note_stored(case.case_id, batch)
        return case
    raise Interfered


def _added(case: Case, batch: FileBatch, by: Staff) -> Case:
    note = translate(ADDED, DEFAULT, name=batch.files[0].name)
    changes = {"files": case.files + len(batch.files)}
    also = [table.putting(case.case_id, batch)]
    return acting.change(case, Deed(Act.NOTED, acting.actor(by), batch.at, note=note, changes=changes, also=also))
