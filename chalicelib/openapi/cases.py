from datetime import UTC, date, datetime

from chalicelib.core.http.problems import NOT_FOUND, NOT_NOW
from chalicelib.front_door.cases.handlers import CASE, ShownCase, ShownEntry, ShownReceipt
from chalicelib.front_door.cases.handlers import SECRET as QUERY
from chalicelib.front_door.cases.rules import Act, CaseStatus, id_of
from chalicelib.front_door.deadlines import DayCount
from chalicelib.front_door.forms.handlers import ShownForm, ShownForms, ShownUnit
from chalicelib.front_door.forms.rules import ContactRule, FormKind, PlaceRule
from chalicelib.openapi.examples import IDS
from chalicelib.openapi.operations import Operation, Part, query_parameters
from chalicelib.openapi.registrations import KEY_PARAMETER
from chalicelib.programme.questions.rules import DRAFT

CASE_ID = id_of("ACEFGHJKMNPR")
SECRET = "34679ACEFGHJKMNP"  # noqa: S105 an example
IN_THREE = {"nl": "Losse stoeptegel", "fr": "Dalle descellée", "en": "Loose paving stone"}
A_FORM = ShownForm(
    form_id="street",
    version=1,
    kind=FormKind.REPORT,
    title={"nl": "Iets op straat", "fr": "Un problème dans la rue", "en": "Something in the street"},
    intro={"nl": "Meld wat stuk of vuil is.", "fr": "Signalez ce qui est cassé ou sale.", "en": "Tell what is broken."},
    schema={"$schema": DRAFT, "type": "object", "properties": {"what": {"type": "string", "x-label": IN_THREE}}},
    deadline_days=10,
    deadline_counted=DayCount.WORKING,
    owner=ShownUnit("streets", {"nl": "Straten en groen", "fr": "Voirie et espaces verts", "en": "Streets and parks"}),
    contact=ContactRule.OPTIONAL,
    location=PlaceRule.REQUIRED,
    most_photos=5,
    at_once={},
    at_once_link="",
    closes_on=None,
)
PART = Part(
    tag="cases",
    about="What anybody may send the city: complaints, reports, questions. Each gets a receipt, and an answer.",
    answers={
        "Forms": ShownForms([A_FORM]),
        "Form": A_FORM,
        "Receipt": ShownReceipt(
            CASE_ID,
            IDS["receipt"],
            SECRET,
            date(2027, 3, 22),
            {"nl": "Bel 0800 1777.", "fr": "Appelez le 0800 1777.", "en": "Call 0800 1777."},
        ),
        "Case": ShownCase(
            CaseStatus.ANSWERED,
            [
                ShownEntry(datetime(2027, 3, 8, 9, 30, tzinfo=UTC), Act.RECEIVED, CaseStatus.RECEIVED, ""),
                ShownEntry(datetime(2027, 3, 9, 8, 0, tzinfo=UTC), Act.ANSWERED, CaseStatus.ANSWERED, "Gemaakt."),
            ],
            date(2027, 3, 22),
        ),
    },
    requests={
        "CaseRequest": (
            CASE,
            {
                "form_id": "street",
                "version": 1,
                "answers": {"what": "Een losse stoeptegel"},
                "contact": {"email": "an.claeys@example.org", "language": "nl"},
                "location": {"lat": 51.2205, "long": 3.6117, "address": "Veld 1"},
            },
        )
    },
    operations={
        "GET /api/forms": Operation("listForms", "The forms by which anybody can send the city something", "Forms"),
        "GET /api/forms/{form_id}": Operation("getForm", "One of them", "Form"),
        "POST /api/cases": Operation(
            "createCase",
            "Send a case by a form",
            "Receipt",
            refusals=(NOT_FOUND, NOT_NOW),
            about="Answered after it is stored, never before. Send a header `Idempotency-Key`, and the same one when "
            "you try again: then there is one case, and you get its receipt again.",
            body="CaseRequest",
            parameters=[KEY_PARAMETER],
            statuses=(201, 200),
        ),
        "GET /api/cases/{receipt}": Operation(
            "getCase",
            "See how a case stands",
            "Case",
            parameters=query_parameters(QUERY),
        ),
    },
)
