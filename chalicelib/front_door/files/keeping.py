"""Files of a case are kept as long as the case, and no longer."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from chalicelib.core.observability import log
from chalicelib.core.refusals import Busy
from chalicelib.front_door.arriving import reading, taking
from chalicelib.front_door.cases.rules import Case
from chalicelib.front_door.files import bucket, table
from chalicelib.front_door.photos.rules import LOOSE_DAYS

# As long as a mail that the desk handed in is there.
TRIED = timedelta(days=LOOSE_DAYS)


def keep(case: Case, mail: Callable[[str], bytes | None]) -> None:
    """Behind the stream: the files of each mail of the case come into the bucket. Again is the same, and nothing is
    read for a case with which none came. `mail`: what is kept under a name. Raises Busy."""
    is_left = False
    for batch in table.of_case(case.case_id) if case.files else ():
        if batch.is_stored or not batch.source:  # a scan comes with who adds it
            continue
        raw = bucket.get_mail(batch.source) or mail(batch.source)
        if raw is None:
            log.error("files_mail_gone")
            is_left |= datetime.now(UTC) - batch.at < TRIED
            continue
        contents = taking.contents(reading.read(raw))
        for place, file in enumerate(batch.files):
            if not file.unkept:
                bucket.put(case.case_id, batch.batch_id, place, contents[place])
        if not table.note_stored(case.case_id, batch):  # the case ended meanwhile
            bucket.forget(case.case_id, batch.batch_id, len(batch.files))
    if is_left:
        raise Busy  # where S3 says so of what is there: the message comes again, and then rings


def forget(case: Case) -> None:
    """Of a case that ends. Again is the same. Raises Busy."""
    batches = table.of_case(case.case_id) if case.files else []
    for batch in batches:
        bucket.forget(case.case_id, batch.batch_id, len(batch.files))
    table.forget(case.case_id, batches)
