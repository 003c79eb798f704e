"""Who helped a family and what was done, as the family, the desk and whoever looks at it are shown it."""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.booking import assisted
from chalicelib.booking.assisted import Done
from chalicelib.core.http.answering import Answer, File
from chalicelib.core.printing.pdf import PDF
from chalicelib.mail import help_mails
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.assistance.rules import Help

# Of the last ones a page says all.
SHOWN = 5


@dataclass(frozen=True)
class HelpShown:
    help: Help
    done: list[Done]
    is_over: bool


def shown(helps: Sequence[Help], visit: Visit) -> list[HelpShown]:
    """The last ones, each with what was done."""
    return [HelpShown(one, assisted.of_help(one), one.is_over(visit.now)) for one in helps[:SHOWN]]


def receipt_of(found: Help, visit: Visit) -> Answer:
    """All that was done, to keep or to print; while it goes on, that it does."""
    content = help_mails.receipt(found, visit.language, visit.now)
    return Answer(200, File(content, PDF, f"help-{found.help_id}.pdf"))
