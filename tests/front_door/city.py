"""A city with a front door: its units, their people, and the forms that it published."""

from datetime import UTC, date, datetime

from chalicelib.core import table as items
from chalicelib.front_door.cases.rules import Contact, Place, Way
from chalicelib.front_door.cases.sending import CaseRequest
from chalicelib.front_door.deadlines import DayCount, DeadlineRule
from chalicelib.front_door.forms import table as forms
from chalicelib.front_door.forms.rules import ContactRule, Form, FormHead, FormKind, PlaceRule, RoutingRule
from chalicelib.front_door.units import table as units
from chalicelib.front_door.units.rules import Unit
from chalicelib.people.staff.rules import EVERYWHERE, Role, Staff
from chalicelib.programme.questions.rules import Choice, Purpose, Question, QuestionKind

NOW = datetime(2027, 3, 8, 9, 30, tzinfo=UTC)  # a Monday


def said(nl: str, fr: str = "", en: str = "") -> dict[str, str]:
    return {"nl": nl, "fr": fr or nl, "en": en or nl}


def handler(name: str, email: str) -> Staff:
    return Staff(
        f"sub-{email.split('@', maxsplit=1)[0]}", name, frozenset({Role.HANDLER}), email, frozenset({EVERYWHERE})
    )


NADIA = handler("Nadia Baert", "nadia.baert@kaprijke.example")
KOEN = handler("Koen De Smet", "koen.desmet@kaprijke.example")
RIA = handler("Ria Goossens", "ria.goossens@kaprijke.example")
STREETS = Unit(
    "streets", said("Straten en groen", "Voirie", "Streets"), (NADIA.email,), NADIA.email, "office", False, 1
)
OFFICE = Unit("office", said("Secretariaat", "Secrétariat", "Town clerk"), (KOEN.email,), KOEN.email, "", False, 1)
YOUTH = Unit("youth", said("Jeugdhulp", "Aide à la jeunesse", "Youth care"), (RIA.email,), RIA.email, "office", True, 1)
UNITS = (STREETS, OFFICE, YOUTH)

WHAT = Question("what", QuestionKind.TEXT, said("Wat is er stuk?", "Qu’est-ce qui est cassé ?", "What is broken?"), True,
                Purpose.CASE)  # fmt: skip
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
    questions=(
        Question(
            "story",
            QuestionKind.TEXT,
            said("Wat is er gebeurd?", "Que s’est-il passé ?", "What happened?"),
            True,
            Purpose.CASE,
        ),  # fmt: skip
    ),
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
