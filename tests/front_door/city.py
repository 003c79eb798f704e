"""A city with a front door: its units, their people, and the forms that it published."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from unittest import mock

from chalicelib.core import table as items
from chalicelib.front_door.cases import acting, sending
from chalicelib.front_door.cases.acting import Deed
from chalicelib.front_door.cases.rules import (
    SECRET_LENGTH,
    Act,
    Case,
    CaseStatus,
    Contact,
    Place,
    Way,
    receipt_of,
)
from chalicelib.front_door.cases.sending import CaseRequest
from chalicelib.front_door.deadlines import DayCount, DeadlineRule
from chalicelib.front_door.files.rules import FileBatch, ReceivedFile, Unkept
from chalicelib.front_door.forms import table as forms
from chalicelib.front_door.forms.rules import ContactRule, Form, FormHead, FormKind, PlaceRule, RoutingRule
from chalicelib.front_door.routing import areas
from chalicelib.front_door.routing.areas import Area
from chalicelib.front_door.routing.geometry import point
from chalicelib.front_door.units import table as units
from chalicelib.front_door.units.rules import Unit
from chalicelib.people.staff.rules import EVERYWHERE, Role, Staff
from chalicelib.programme.questions.rules import Choice, Purpose, Question, QuestionKind

NOW = datetime(2027, 3, 8, 9, 30, tzinfo=UTC)  # a Monday


def said(nl: str, fr: str = "", en: str = "") -> dict[str, str]:
    return {"nl": nl, "fr": fr or nl, "en": en or nl}


def handler(name: str, email: str) -> Staff:
    return Staff(f"sub-{email.partition('@')[0]}", name, frozenset({Role.HANDLER}), email, frozenset({EVERYWHERE}))


def in_words(key: str, *label: str) -> Question:
    return Question(key, QuestionKind.TEXT, said(*label), True, Purpose.CASE)


NADIA = handler("Nadia Baert", "nadia.baert@kaprijke.example")
KOEN = handler("Koen De Smet", "koen.desmet@kaprijke.example")
RIA = handler("Ria Goossens", "ria.goossens@kaprijke.example")
STREETS = Unit(
    "streets", said("Straten en groen", "Voirie", "Streets"), (NADIA.email,), NADIA.email, "office", False, 1
)
OFFICE = Unit("office", said("Secretariaat", "Secrétariat", "Town clerk"), (KOEN.email,), KOEN.email, "", False, 1)
YOUTH = Unit("youth", said("Jeugdhulp", "Aide à la jeunesse", "Youth care"), (RIA.email,), RIA.email, "office", True, 1)
UNITS = (STREETS, OFFICE, YOUTH)

WHAT = in_words("what", "Wat is er stuk?", "Qu’est-ce qui est cassé ?", "What is broken?")
SORT = Question(
    "sort",
    QuestionKind.CHOICE,
    said("Wat is het?", "De quoi s’agit-il ?", "What is it?"),
    False,
    Purpose.CASE,
    choices=(Choice("paving", said("Stoep", "Trottoir", "Pavement")), Choice("lamp", said("Lamp", "Lampe", "Lamp"))),
)
STREET = Form(
    form_id="street",
    version=1,
    kind=FormKind.REPORT,
    title=said("Iets op straat", "Un problème dans la rue", "Something in the street"),
    intro=said("Meld wat stuk of vuil is.", "Signalez ce qui est cassé.", "Tell what is broken."),
    questions=(SORT, WHAT),
    owner="streets",
    deadline=DeadlineRule(10, DayCount.WORKING, "BE"),
    receipt=said("We kijken ernaar.", "Nous regardons.", "We look at it."),
    if_not=said("Bel 0800 1777.", "Appelez le 0800 1777.", "Call 0800 1777."),
    routing=(RoutingRule("office", {"sort": ("lamp",)}),),
    contact=ContactRule.OPTIONAL,
    place=PlaceRule.REQUIRED,
    most_photos=3,
)
COMPLAINT = Form(
    form_id="complaint",
    version=1,
    kind=FormKind.COMPLAINT,
    title=said("Een klacht", "Une plainte", "A complaint"),
    intro=said("Zeg wat misging.", "Dites ce qui n’a pas été.", "Say what went wrong."),
    questions=(in_words("story", "Wat is er gebeurd?", "Que s’est-il passé ?", "What happened?"),),
    owner="office",
    deadline=DeadlineRule(45, DayCount.CALENDAR, "BE", 30, "reglement klachtenbehandeling, art. 6"),
    receipt=said("We onderzoeken je klacht.", "Nous examinons votre plainte.", "We look into your complaint."),
    if_not=said("Schrijf naar de ombudsman.", "Écrivez au médiateur.", "Write to the ombudsman."),
)
CARE = Form(
    form_id="youth-care",
    version=1,
    kind=FormKind.QUESTION,
    title=said("Een vraag over jeugdhulp", "Une question sur l’aide à la jeunesse", "A question about youth care"),
    intro=said("Stel je vraag.", "Posez votre question.", "Ask your question."),
    questions=(
        Question("ask", QuestionKind.TEXT, said("Je vraag", "Votre question", "Your question"), True, Purpose.CASE),
    ),
    owner="youth",
    deadline=DeadlineRule(5, DayCount.WORKING, "BE"),
    receipt=said("We bellen je.", "Nous vous appelons.", "We call you."),
    if_not=said("Bel 09 376 00 00.", "Appelez le 09 376 00 00.", "Call 09 376 00 00."),
    is_confidential=True,
)
FORMS = (STREET, COMPLAINT, CARE)
VELD = Place(51.2205, 3.6117, "Veld 1, Kaprijke")
AN = Contact(email="an.claeys@example.org", name="An Claeys", language="nl")


def a_city() -> None:
    """Stores them all, published."""
    for unit in UNITS:
        items.transact_write([units.putting(unit)])
    for form in FORMS:
        publish(form)
    units.forget()


def publish(
    form: Form, *, edition: int = 1, before: int = 0, at: datetime = datetime(2027, 1, 4, 8, tzinfo=UTC)
) -> None:
    """As it stands once it is published; `edition` of its head."""
    head = FormHead(form.form_id, form.version, at, before, form.version, None, "", edition)
    items.transact_write([forms.putting(form, 1, is_published=True), forms.putting_head(head)])
    forms.forget()


def report(key: str = "stoep-1", sort: str = "paving", way: Way = Way.PAGE) -> CaseRequest:
    return CaseRequest(
        "street", {"sort": sort, "what": "Een losse stoeptegel voor nummer 1."}, way, key, contact=AN, place=VELD
    )


def complaint(key: str = "klacht-1", about: str = "") -> CaseRequest:
    story = {"story": "Om 19.00 uur stond alles meteen op volzet."}
    return CaseRequest("complaint", story, Way.PAGE, key, contact=AN, about=about)


def day(text: str) -> date:
    return date.fromisoformat(text)


# What a summer has besides (tests/core/http/summer.py): WIM, who has every role there, is one of each unit's people.
WIM = "wim.willems@kaprijke.example"
# Each case of the summer has this secret.
SECRET = "C" * SECRET_LENGTH
DARK = replace(COMPLAINT, form_id="market", title=said("De markt", "Le marché", "The market"))
CENTRE = Area(
    "centrum",
    said("Centrum", "Centre", "Centre"),
    ((tuple(point(*corner) for corner in ((3.6, 51.2), (3.7, 51.2), (3.7, 51.3), (3.6, 51.3), (3.6, 51.2))),),),
    1,
)
DRAFTED = replace(
    STREET,
    form_id="playground",
    title=said("Een speelplein", "Une plaine", "A playground"),
    routing=(RoutingRule("office", {"sort": ("lamp",)}), RoutingRule("youth", {}, ("centrum",))),
)


FILES = FileBatch(
    "b1", NOW, (ReceivedFile("attest.pdf", 120_000), ReceivedFile("bekijk.exe", 2, Unkept.PROGRAM)), is_stored=True
)


def receipt_by(form_id: str, key: str) -> str:
    """Of the case that a key makes: the same in every process of the tests."""
    return receipt_of(sending.case_id_by(form_id, key))


NEW, ASKED, SAID, ABOUT, CARED = (
    receipt_by(form_id, key)
    for form_id, key in (
        *(("street", "new"), ("street", "asked"), ("street", "answered")),
        *(("complaint", "about"), ("youth-care", "cared")),
    )
)


def a_summer(now: datetime, registration_id: str) -> None:
    """The city, a form that is dark, one that is a draft, and a case in each state that pages show: NEW came five
    minutes ago, ASKED waits for the citizen, SAID was answered, ABOUT is a complaint about a registration, CARED is
    confidential."""
    a_city()
    for unit in UNITS:
        items.transact_write([units.putting(replace(unit, people=(*unit.people, WIM), edition=2))])
    units.forget()
    publish(DARK)
    dark = FormHead("market", 1, now, 0, 1, now - timedelta(days=2), "De dienst bestaat niet meer.", 2)
    drafted = FormHead("playground", 0, None, 0, 1, None, "", 1)
    items.transact_write([forms.putting_head(dark), forms.putting(DRAFTED, 1), forms.putting_head(drafted)])
    items.transact_write([areas.putting(CENTRE)])
    areas.forget()
    forms.forget()
    came, later = now - timedelta(days=2), now - timedelta(days=1)
    by = acting.actor(NADIA)
    with mock.patch("chalicelib.front_door.cases.sending.secrets.choice", return_value="C"):
        _came(replace(report("new"), files=FILES), now - timedelta(minutes=5))
        asked = _came(report("asked"), came)
        answered = _came(report("answered", "lamp"), came)
        _came(complaint("about", registration_id), came)
        _came(CaseRequest("youth-care", {"ask": "Met wie kan ik praten?"}, Way.DESK, "cared", contact=AN), came)
    why = "Voor welk huisnummer ligt de tegel?"
    acting.change(asked, Deed(Act.ASKED, by, later, CaseStatus.WAITING_FOR_CITIZEN, text=why))
    taken = acting.change(answered, Deed(Act.TAKEN, by, later, CaseStatus.IN_PROGRESS, changes={"assignee": WIM}))
    on = {"answered_on": later.date()}
    acting.change(taken, Deed(Act.ANSWERED, by, later, CaseStatus.ANSWERED, text="De lamp brandt weer.", changes=on))


def _came(request: CaseRequest, at: datetime) -> Case:
    return sending.send(request, at).case
