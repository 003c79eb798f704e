from datetime import date, timedelta

from chalicelib.booking.presence.rules import Mark
from chalicelib.booking.registrations.rules import RegistrationStatus, reference
from chalicelib.city.work.rules import WorkKind
from chalicelib.core.http import problems
from chalicelib.money.citypass.applications import PassStatus
from chalicelib.money.citypass.vouchers import VoucherStatus
from chalicelib.money.entitlements.rules import ProofStatus
from chalicelib.money.refunds.rules import RefundState
from chalicelib.openapi.examples import (
    A_CHILD,
    A_FAMILY,
    ADMITTED_AT,
    CHILD_ID,
    IDS,
    KEY,
    OPENING_ID,
    OPENS_AT,
    PASSES_UNTIL,
    REGISTRATION_ID,
    SESSION_ID,
    TEXTS,
    at,
)
from chalicelib.openapi.operations import Operation, Part
from chalicelib.people.assistance.rules import HelpEndedBy, LetIn, Scope
from chalicelib.people.child_info.rules import Contact
from chalicelib.people.families.conversations import ConversationWay
from chalicelib.people.families.handlers import PASS as PASS_REQUEST
from chalicelib.people.families.rules import Child
from chalicelib.programme.openings.passes import OwnChild, OwnMoment, OwnPass
from chalicelib.programme.openings.rules import OpeningKind, State
from chalicelib.rights.correcting import CORRECTIONS
from chalicelib.rights.handlers import CorrectedPass, Erasure, NoLongerFits
from chalicelib.rights.telling import (
    FamilyFile,
    KeptAct,
    KeptAnswers,
    KeptBudget,
    KeptCertificate,
    KeptChild,
    KeptCityPass,
    KeptConversation,
    KeptDay,
    KeptDeclaration,
    KeptDrawEntry,
    KeptException,
    KeptExtra,
    KeptFine,
    KeptGroup,
    KeptHelp,
    KeptMember,
    KeptNationalNumber,
    KeptNotes,
    KeptOrder,
    KeptPass,
    KeptPayment,
    KeptRefund,
    KeptRefusedMail,
    KeptRegistration,
    KeptSharing,
    KeptTicket,
    KeptTransfer,
    KeptUitpas,
    KeptVisit,
    KeptVoucher,
    KeptWish,
    KeptWishes,
    KeptWork,
)

ID = "3k9rtgw5mxpa"
A_MOMENT = OwnMoment(
    opening_id=OPENING_ID,
    title=TEXTS["nl"],
    kind=OpeningKind.FIRST_COME,
    state=State.PUBLISHED,
    child_ids=[CHILD_ID],
    keys=[KEY],
    window=0,
    opens_at=OPENS_AT,
    is_late=False,
    known_from=PASSES_UNTIL,
    at=ADMITTED_AT,
    wishes_until=None,
)
AN_OWN_CHILD = OwnChild(**vars(A_CHILD), named_elsewhere=False)
A_FILE = FamilyFile(
    family_id=REGISTRATION_ID[:11],
    made_at=ADMITTED_AT,
    passes=[
        KeptPass(
            ID,
            asked_at=PASSES_UNTIL,
            kept_until=PASSES_UNTIL + timedelta(days=545),
            email=A_FAMILY["email"],
            language="nl",
            postcode="9970",
            children=[KeptChild(CHILD_ID, "Lou", "Claeys", A_CHILD.birth_date, PASSES_UNTIL)],
            mails=["pass"],
        )
    ],
    notes=[KeptNotes(CHILD_ID, [Contact("Oma", "0470 12 34 56")], "", [], PASSES_UNTIL)],
    answers=[KeptAnswers(REGISTRATION_ID, CHILD_ID, {"lunch": "own"}, {"lunch": 1}, PASSES_UNTIL, by_desk=False)],
    registrations=[
        KeptRegistration(
            REGISTRATION_ID,
            reference=reference(REGISTRATION_ID),
            session_id=SESSION_ID,
            session="Bouwkamp",
            starts_on=date(2027, 8, 16),
            child_ids=[CHILD_ID],
            left=[],
            left_by_other_parent=[],
            moved_from=None,
            moved_to=None,
            status=RegistrationStatus.CONFIRMED,
            waitlist_position=None,
            held_until=None,
            created_at=ADMITTED_AT,
            cancelled_at=None,
            cancelled_by=None,
            cancelled_why="",
            opening_id=OPENING_ID,
            published_keys=[KEY],
            mails=["confirmed"],
        )
    ],
    attendance=[KeptDay(SESSION_ID, date(2027, 8, 16), CHILD_ID, Mark.PRESENT, at("2027-08-16T06:55:00+00:00"), "")],
    groups=[KeptGroup(SESSION_ID, CHILD_ID, "Kapoenen")],
    wishes=[KeptWishes(OPENING_ID, [KeptWish(SESSION_ID, [CHILD_ID])])],
    draws=[KeptDrawEntry(OPENING_ID, KEY, PASSES_UNTIL, [[KeptWish(SESSION_ID, [CHILD_ID])]], None)],
    swimming=[KeptVisit("20270605-1000-2b7k", 3)],
    conversations=[KeptConversation(ADMITTED_AT, ConversationWay.PHONE, "Asked whether a brother can come along.")],
    work=[KeptWork(WorkKind.DISSATISFIED, ADMITTED_AT, date(2027, 3, 13), "", None)],
    declarations=[
        KeptDeclaration(
            name="social",
            municipality="",
            child_id=None,
            since=date(2027, 1, 10),
            until=date(2028, 1, 9),
            income_cents=None,
            declared_at=ADMITTED_AT,
            status=ProofStatus.PROVEN,
            proof_uploaded_at=None,
            decided_at=ADMITTED_AT,
            seen="Attestation of the health insurance fund",
            reason="",
        )
    ],
    extras=[KeptExtra(REGISTRATION_ID, CHILD_ID, "meal", None)],
    fines=[
        KeptFine(REGISTRATION_ID, CHILD_ID, "late", date(2027, 8, 17), 20, "Fetched at 18:20.", ADMITTED_AT, None, "")
    ],
    tax_certificates=[
        KeptCertificate(
            IDS["certificate"],
            CHILD_ID,
            "An Claeys, Plein 1, 9970 Kaprijke",
            ["2026-08-17 2026-08-19 3 1500"],
            4500,
            date(2027, 2, 3),
            None,
            None,
        )
    ],
    national_numbers=[KeptNationalNumber("An Claeys", "••.••.••-•••.28", "Plein 1, 9970 Kaprijke", date(2027, 12, 31))],
    payments=[KeptPayment(at("2027-03-05T20:14:00+01:00"), 4500, "paid", 4500, 0, 0, "+++090/9337/55493+++")],
    uitpas=[KeptUitpas(CHILD_ID, "0900000067513")],
    uitpas_tickets=[
        KeptTicket(REGISTRATION_ID, SESSION_ID, CHILD_ID, "sold", "Kansentarief", 900, PASSES_UNTIL),
    ],
    orders=[
        KeptOrder(
            REGISTRATION_ID,
            "Kaprijke",
            "+++090/9337/55493+++",
            at("2027-03-06T18:00:04+00:00"),
            date(2027, 3, 20),
            4500,
            4500,
            0,
            ["Dag, inwoner art. 2: 4500"],
            [],
        )
    ],
    transfers=[
        KeptTransfer(date(2027, 3, 5), 4500, "An Claeys", "BE71096123456769", "090933755493", "+++090/9337/55493+++")
    ],
    refunds=[KeptRefund(ADMITTED_AT, 4500, "An Claeys", "BE71096123456769", RefundState.OUT, "+++090/9337/55493+++")],
    addressee=None,
    desk_number=None,
    refused_mails=[KeptRefusedMail("confirmed", REGISTRATION_ID, "MessageRejected", ADMITTED_AT)],
    shared=[KeptSharing(CHILD_ID, "shared", ADMITTED_AT, [])],
    city_passes=[
        KeptCityPass(
            made_at=ADMITTED_AT,
            status=PassStatus.GRANTED,
            postcode="9970",
            members=[KeptMember("Lou", "Claeys", A_CHILD.birth_date)],
            declared_income_cents=1_800_000,
            declared_benefits=[],
            seen=["household", "income"],
            proven_income_cents=1_812_000,
            proven_benefits=[],
            reason="",
            objection="",
            number="4h7k2m9p3r5t",
            until=date(2028, 3, 9),
            mails=["granted", "open"],
        )
    ],
    vouchers=[
        KeptVoucher("7k2m9p3r5t4h", "sport", 1, 5_000, ADMITTED_AT, date(2028, 3, 9), VoucherStatus.ISSUED, None)
    ],
    city_budgets=[KeptBudget("Lou", "sport", 5_000, date(2028, 1, 1))],
    helps=[
        KeptHelp(
            *("Jan Maes", "Bibliotheek", LetIn.CODE, [Scope.REGISTRATIONS]),
            *(ADMITTED_AT, ADMITTED_AT + timedelta(minutes=30), ADMITTED_AT + timedelta(minutes=9), HelpEndedBy.FAMILY),
            *("", "", ""),
            acts=[KeptAct(ADMITTED_AT, "GET", "/family", {}, 200)],
            mails=["begun", "over"],
        )
    ],
    exceptions=[KeptException(1, ADMITTED_AT, "granted", REGISTRATION_ID, "…")],
    other={"…": {"asked": 1}},
)
PART = Part(
    tag="families",
    about="Passes: a mail address that a link proved, and its children.",
    answers={
        "AskedPass": {"pass_id": ID},
        "Child": Child,
        "OwnChild": AN_OWN_CHILD,
        "Admission": OwnMoment,
        "Pass": OwnPass(ID, [AN_OWN_CHILD], [A_MOMENT]),
        "CorrectedPass": CorrectedPass(
            ID, [AN_OWN_CHILD], [A_MOMENT], no_longer_fits=[NoLongerFits(REGISTRATION_ID, CHILD_ID)]
        ),
        "FamilyFile": A_FILE,
        "Erasure": Erasure(ADMITTED_AT),
    },
    requests={
        "PassRequest": (PASS_REQUEST, A_FAMILY),
        "CorrectionsRequest": (
            CORRECTIONS,
            {"children": [{"child_id": CHILD_ID, **A_FAMILY["children"][0]}], "postcode": "9970", "language": "fr"},
        ),
    },
    operations={
        "POST /api/passes": Operation(
            "askPass",
            "Ask for a pass; its token comes by mail",
            "AskedPass",
            body="PassRequest",
            refusals=(problems.TOO_MANY_LINKS, problems.LINKS_BUSY),
            statuses=(202,),
        ),
        "GET /api/pass": Operation(
            "getPass",
            "Read your pass, and when you may register",
            "Pass",
            about="Like every call with the token of a mail, it proves the mail address: from the first one on the "
            "children are named by your family. Call it before `passes_until` of the opening; until then the pass has "
            "no effect.",
        ),
        "POST /api/pass/corrections": Operation(
            "correctFamily",
            "Correct names, birth dates, the postcode or the language; what the family has follows",
            "CorrectedPass",
            [problems.NOT_NOW, problems.CHANGED, problems.TOO_MANY_LINKS, problems.LINKS_BUSY],
            about="A child keeps its id. By itself a family corrects a slip: a few letters of a name, or one part of a "
            "birth date, five times a season; more is for the desk. Tokens from before go by it within ten seconds. "
            "A new mail address gets a link, and counts once that was used.",
            body="CorrectionsRequest",
        ),
        "DELETE /api/pass": Operation(
            "forgetLinks",
            "Let every link and token of your family stop working; a new pass comes by mail",
            about="Everywhere within ten seconds. What the family has stays.",
            statuses=(204,),
        ),
        "GET /api/family": Operation("getFamily", "Read all that is kept about your family", "FamilyFile"),
        "DELETE /api/family": Operation(
            "deleteFamily",
            "Have all that is kept about your family deleted",
            "Erasure",
            about="Every token is refused everywhere within ten seconds. Registrations, places on waiting lists and "
            "bookings are given up, in a few minutes; one last mail says so. What is published has codes instead of "
            "names, and stays.",
            statuses=(202,),
        ),
    },
)
