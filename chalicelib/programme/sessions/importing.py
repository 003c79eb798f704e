"""A file that staff upload: first what it would do, then, if they want that, the same."""

from chalicelib.core.http.problems import CHANGED, Problem, not_now
from chalicelib.core.languages import N_
from chalicelib.core.refusals import Interfered
from chalicelib.programme.sessions import handlers, table
from chalicelib.programme.sessions.changes import Broken
from chalicelib.programme.sessions.preview import Preview, preview
from chalicelib.programme.sessions.table import Imported

STILL_WRONG = N_("Something in this file is wrong. Nothing was imported.")


def look(data: bytes) -> Preview:
    """The effect that the file would have on the programme as it is now. Writes nothing."""
    return preview(data, table.all_sessions(consistent_read=True))


def confirm(data: bytes, digest: str) -> Imported:
    """Imports the file that was looked at, if it still does what was shown then.

    Raises Problem `changed` if it is another file, or would do something else by now; Problem `not-now` for a file that
    has something wrong in it. What `table.save_import` says about long files holds here too.
    """
    looked_at = look(data)
    if not looked_at.is_right:
        raise not_now(STILL_WRONG)
    if looked_at.digest != digest:
        raise Problem(CHANGED)
    try:
        imported = table.save_import(looked_at.rows)
    except (Broken, Interfered):
        raise Problem(CHANGED) from None
    handlers.forget()
    return imported
