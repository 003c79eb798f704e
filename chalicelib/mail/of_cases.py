"""Behind each change of a case: it is written down in the daybook."""

from chalicelib.front_door.cases import table
from chalicelib.front_door.daybook import table as daybook
from chalicelib.mail.rules import Message


def changed(message: Message) -> None:
    """As the case stands now: what came before it needs nothing any more."""
    case = table.get(message.id)
    if case is None or case.is_canary:
        return
    daybook.note(case)
