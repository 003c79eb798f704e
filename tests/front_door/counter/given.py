"""What a summer has of the home counter (tests/core/http/summer.py): requests for a household's composition of the unit
`streets`, in each state that pages show."""

from datetime import date, datetime, timedelta
from unittest import mock

from chalicelib.core.ids import SPOKEN
from chalicelib.core.spoken import with_check
from chalicelib.front_door.cases import sending
from chalicelib.front_door.cases.rules import Case, Contact, Way, case_id_of
from chalicelib.front_door.cases.sending import CaseRequest
from chalicelib.front_door.counter import files, issuing, kinds, rule_table
from chalicelib.front_door.counter.automatic import IssuingRule, Signatory
from chalicelib.front_door.counter.issuing import Issue
from chalicelib.front_door.counter.rules import Content, Identity, IdentityWay
from tests.front_door import city

# NEW: nobody has seen who asks; SEEN: at the desk; DONE: issued, and so is the one that was withdrawn.
NEW, SEEN, DONE = (case_id_of(city.receipt_by("household", key)) or "" for key in ("new", "seen", "done"))
ISSUED, OVER, WITHDRAWN = (with_check(letter * issuing.NUMBER_LENGTH) for letter in SPOKEN[:3])
ANSWERS = {"whom": "self", "name": "An Claeys", "born": "1985-04-12", "purpose": "Een studietoelage"}
SAYS = Content(
    "An Claeys", date(1985, 4, 12), "Veld 1, 9970 Kaprijke", "Het gezin bestaat vandaag uit:\n1. An Claeys", "nl"
)


def a_summer(now: datetime) -> None:
    city.publish(kinds.form_of(kinds.BY_FORM["household"], "streets"))
    came = now - timedelta(days=1)
    piet = Signatory("sub-piet", "Piet de Boer", came)
    rule_table.enter(IssuingRule("household", 1, False, ("http://eidas.europa.eu/LoA/high",), 90, piet))
    _asked("new", now - timedelta(minutes=20))
    _seen(_asked("seen", came), came)
    done = _seen(_asked("done", came), came)
    with mock.patch.object(files, "put"), mock.patch.object(files, "forget"):
        _issued(done, ISSUED, None, now)
        _issued(_seen(_asked("over", came), came), OVER, now.date() - timedelta(days=1), now)
        _issued(_seen(_asked("withdrawn", came), came), WITHDRAWN, None, now)
        issuing.withdraw(WITHDRAWN, "Er stond een verkeerde geboortedatum op.", city.KOEN, now)


def _asked(key: str, at: datetime) -> Case:
    contact = Contact(email="an.claeys@example.org", name="An Claeys", address="Veld 1, 9970 Kaprijke")
    with mock.patch.object(sending.secrets, "choice", return_value="C"):
        return sending.send(CaseRequest("household", ANSWERS, Way.PAGE, key, contact=contact), at).case


def _seen(case: Case, at: datetime) -> Case:
    by = city.NADIA
    what = "identity-card"
    seen = Identity(IdentityWay.DESK, "An Claeys", date(1985, 4, 12), what, at, by.staff_id, by.name)
    return issuing.prove(case, seen, by)


def _issued(case: Case, number: str, until: date | None, now: datetime) -> None:
    with mock.patch.object(issuing, "number_for", return_value=number):
        issuing.issue(case, Issue(SAYS, until), city.NADIA, now)
