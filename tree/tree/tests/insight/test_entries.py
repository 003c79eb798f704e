from datetime import UTC, datetime

from chalicelib.city.ledger import table as ledger
from chalicelib.city.ledger.rules import LedgerAct
from chalicelib.insight import entries
from chalicelib.insight.statistics import EXCEPTIONS
from chalicelib.office.camps import correcting
from chalicelib.people.staff.rules import Role, Staff
from chalicelib.programme.sessions import editing
from chalicelib.programme.sessions.cells import cells_of
from tests.camps import published

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
ELS = Staff("sub-els", "Els Maes", frozenset({Role.MANAGER}))


def test_whatever_the_ledger_can_say_has_its_words() -> None:
    assert set(EXCEPTIONS) == set(LedgerAct)


def test_a_changed_session_says_what_it_was_and_what_it_is(table: object) -> None:
    session = published()
    sent = {"place": "Sporthal Eeklo", "source": "https://www.kaprijke.be/sportkampen"}
    known, labels = editing.edition(editing.get(session.session_id)), dict.fromkeys(cells_of(session), "")
    reason = "De sporthal wordt die week geverfd."
    correcting.correct(session.session_id, known, sent, labels, by=ELS, reason=reason, tell=False, now=NOW)

    (shown,) = entries.in_words(ledger.entries(), "en", NOW)

    assert (shown.what, shown.details) == ("Session changed", "Place: Lembeke → Sporthal Eeklo")
    (whole,) = entries.in_words(ledger.entries(), "en", NOW, is_private=True)
    assert whole.details.endswith(f"{session.source} → https://www.kaprijke.be/sportkampen")
