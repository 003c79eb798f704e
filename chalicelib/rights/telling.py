"""Everything that is kept about a family, as one file that it may have.

The family's partition is read whole: what no part here knows stands in the file as it is stored, so that nothing is
left out because somebody forgot to add it. Of other families it says nothing, and no name of staff.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any

from chalicelib.booking.answers import table as answers
from chalicelib.booking.draw import table as draws
from chalicelib.booking.presence import table as presence
from chalicelib.booking.presence.rules import Mark
from chalicelib.booking.registrations import register
from chalicelib.booking.registrations import table as registrations
from chalicelib.booking.registrations.rules import EndedBy, RegistrationStatus, family_of, reference_of
from chalicelib.booking.wishes import table as wishes
from chalicelib.city.ledger import table as ledger
from chalicelib.city.work import table as works
from chalicelib.city.work.rules import ListedWork, WorkKind
from chalicelib.core.http.answers import Count, FromOne
from chalicelib.core.languages import DEFAULT
from chalicelib.mail import undelivered
from chalicelib.mail.rules import MailKind
from chalicelib.money.certificates import national
from chalicelib.money.certificates import table as certificates
from chalicelib.money.certificates.numbers import masked
from chalicelib.money.certificates.papers import Certificate
from chalicelib.money.citypass import table as city_passes
from chalicelib.money.citypass import voucher_table
from chalicelib.money.citypass.applications import PassStatus
from chalicelib.money.citypass.vouchers import VoucherStatus
from chalicelib.money.entitlements import table as entitlements
from chalicelib.money.entitlements.rules import ProofStatus
from chalicelib.money.extras import table as extras
from chalicelib.money.online import table as online
from chalicelib.money.orders import table as orders
from chalicelib.money.orders.references import spoken
from chalicelib.money.orders.rules import Order
from chalicelib.money.refunds import table as refunds
from chalicelib.money.refunds.rules import RefundState
from chalicelib.money.statements import table as statements
from chalicelib.money.uitpas import table as uitpas
from chalicelib.people.assistance import keys as assistance_keys
from chalicelib.people.assistance import table as assistance
from chalicelib.people.assistance.rules import HelpEndedBy, LetIn, Scope
from chalicelib.people.child_info import table as cares
from chalicelib.people.child_info.rules import Contact
from chalicelib.people.families import addressees, conversations, sharing
from chalicelib.people.families import table as families
from chalicelib.people.families.addressees import Addressee
from chalicelib.people.families.conversations import ConversationWay
from chalicelib.people.families.desk_numbers import number_of
from chalicelib.people.families.rules import Pass, kept_until
from chalicelib.programme.openings import table as openings
from chalicelib.programme.openings.admission import draw_key
from chalicelib.programme.sessions import table as programme
from chalicelib.swimming import table as swimming

Item = Mapping[str, Any]


@dataclass(frozen=True)
class KeptChild:
    child_id: str
    first_name: str
    last_name: str
    birth_date: date
    named_at: Annotated[datetime | None, "Since when you named the child; null if another family did so first."]


@dataclass(frozen=True)
class KeptPass:
    pass_id: str
    asked_at: datetime
    kept_until: datetime
    email: str
    language: str
    postcode: str
    children: Sequence[KeptChild]
    mails: Annotated[Sequence[str], "The mails that were sent about it, by their kinds."]


@dataclass(frozen=True)
class KeptNotes:
    """The notes for the camp about a child."""

    child_id: str
    contacts: Sequence[Contact]
    medical: str
    pick_up: Sequence[str]
    entered_at: datetime


@dataclass(frozen=True)
class KeptAnswers:
    """What was answered about a child to the questions of a camp."""

    registration_id: str
    child_id: str
    answers: Annotated[Mapping[str, object], "By the question's key."]
    versions: Annotated[Mapping[str, FromOne], "By key, the version of the questions under which it was given."]
    answered_at: datetime
    by_desk: bool


@dataclass(frozen=True)
class KeptRegistration:
    registration_id: str
    reference: str
    session_id: str
    session: Annotated[str, "The title of the session; empty if it is no longer in the programme."]
    starts_on: date | None
    child_ids: Sequence[str]
    left: Annotated[Sequence[str], "The children that it was for, and is no more."]
    left_by_other_parent: Annotated[Sequence[str], "Those of them for whom the other parent cancelled."]
    moved_from: Annotated[str | None, "The registration in another session that it continues."]
    moved_to: Annotated[str | None, "The registration in another session that continues it."]
    status: Annotated[RegistrationStatus | None, "Null for an attempt that brought nothing."]
    waitlist_position: FromOne | None
    held_until: datetime | None
    created_at: datetime
    cancelled_at: datetime | None
    cancelled_by: Annotated[
        EndedBy | None, "Null if it is not cancelled, or by none of you, the other parent, the desk and time."
    ]
    cancelled_why: Annotated[str, "The reason that the desk gave."]
    opening_id: str | None
    published_keys: Annotated[Sequence[str], "The codes under which it stands in the opening's published list."]
    mails: Annotated[Sequence[str], "The mails that were sent about it, by their kinds."]


@dataclass(frozen=True)
class KeptDay:
    """How a child was marked at a session on a day."""

    session_id: str
    date: date
    child_id: str
    mark: Mark
    at: datetime | None
    note: str


@dataclass(frozen=True)
class KeptGroup:
    """The group of a session that a child is in."""

    session_id: str
    child_id: str
    group: str


@dataclass(frozen=True)
class KeptWish:
    session_id: str
    child_ids: Sequence[str]


@dataclass(frozen=True)
class KeptWishes:
    """The wishes that you prepared for an opening that is no draw."""

    opening_id: str
    wishes: Sequence[KeptWish]


@dataclass(frozen=True)
class KeptDrawEntry:
    opening_id: str
    published_as: Annotated[str, "The code under which the entry stands in the list of the draw."]
    entered_at: datetime
    wishes: Annotated[Sequence[Sequence[KeptWish]], "The best first; each is granted as a whole or not at all."]
    result: Annotated[Mapping[str, object] | None, "What became of it, as it is stored."]


@dataclass(frozen=True)
class KeptVisit:
    slot_id: str
    people: Count


@dataclass(frozen=True)
class KeptRefusedMail:
    """A mail that could not be delivered, and why."""

    kind: str
    about: str
    reason: str
    at: datetime


@dataclass(frozen=True)
class KeptException:
    """An entry of the ledger of exceptions about one of the family's registrations."""

    number: FromOne
    at: datetime
    what: str
    registration_id: str
    reason: str


@dataclass(frozen=True)
class KeptConversation:
    """A note that the city made when you called, wrote or came by, or one of its own."""

    at: datetime
    way: ConversationWay
    text: str


@dataclass(frozen=True)
class KeptWork:
    """A task that somebody of the city has to do for you, or has done."""

    kind: WorkKind
    since: datetime
    due: date | None
    note: str
    done_at: datetime | None


@dataclass(frozen=True)
class KeptDeclaration:
    """What you declared because a price depends on it, and what the city decided."""

    name: Annotated[str, "As the tariff calls it, `income` or `level:` with a kind of school."]
    municipality: Annotated[str, "With which it counts; empty: with all."]
    child_id: Annotated[str | None, "null: of the household."]
    since: date
    until: date
    income_cents: int | None
    declared_at: datetime
    status: ProofStatus
    proof_uploaded_at: Annotated[datetime | None, "Of a proof that is kept until somebody of the city decides."]
    decided_at: datetime | None
    seen: Annotated[str, "What was shown as proof."]
    reason: Annotated[str, "Why it was refused."]


@dataclass(frozen=True)
class KeptExtra:
    """What you took for a child beside its stay."""

    registration_id: str
    child_id: str
    name: Annotated[str, "As the tariff calls it."]
    days: Annotated[Sequence[date] | None, "null: on each day, or once for the registration."]


@dataclass(frozen=True)
class KeptFine:
    """What you were fined for."""

    registration_id: str
    child_id: str
    name: Annotated[str, "As the tariff calls it."]
    day: date
    minutes: Annotated[int, "Too late, where the price counts them."]
    reason: str
    entered_at: datetime
    undone_at: datetime | None
    undone_why: str


@dataclass(frozen=True)
class KeptUitpas:
    child_id: str
    number: Annotated[str, "Of the UiTPAS that you entered for it."]


@dataclass(frozen=True)
class KeptTicket:
    """A ticket that was sold at UiTPAS for a child of yours. It stays without a name when you are erased."""

    order_id: str
    session_id: str
    child_id: str
    status: Annotated[str, "`asked`, `sold`, or `stuck`: somebody of the city looks at it."]
    tariff: Annotated[str, "As UiTPAS calls it."]
    cents: Count
    asked_at: datetime


@dataclass(frozen=True)
class KeptOrder:
    """What a registration costs, and what was paid. Bookkeeping keeps it, without a name, when you are erased."""

    order_id: Annotated[str, "The registration that it began with."]
    municipality: str
    reference: Annotated[str, "What to write on the transfer."]
    made_at: datetime
    due_on: date
    amount_cents: int
    received_cents: int
    returned_cents: int
    lines: Annotated[Sequence[str], "What it is made of, each with its cents."]
    adjustments: Annotated[
        Sequence[str], "What the city changed by hand or UiTPAS took off, with its cents and the reason."
    ]


@dataclass(frozen=True)
class KeptTransfer:
    """What came in for you by the bank, or went back. Bookkeeping keeps it when you are erased."""

    booked_on: date
    cents: Annotated[int, "Below 0: it went out, or the bank took it back."]
    name: Annotated[str, "Of who paid, as the bank says it."]
    account: str
    message: str
    reference: Annotated[str, "Of your order that it is for."]


@dataclass(frozen=True)
class KeptPayment:
    """What you paid, or began to pay, at the city's payment provider. Bookkeeping keeps it when you are erased."""

    begun_at: datetime
    cents: int
    status: Annotated[str, "As the provider says it."]
    paid_cents: int
    returned_cents: Annotated[int, "Of it, what went back to you."]
    charged_back_cents: Annotated[int, "Of it, what your bank took back."]
    reference: Annotated[str, "Of your order that it is for."]


@dataclass(frozen=True)
class KeptRefund:
    """What goes back to you, or went, as the city released it. Bookkeeping keeps it when you are erased."""

    changed_at: datetime
    cents: int
    name: Annotated[str, "Of the account's holder."]
    account: Annotated[str, "Empty where it goes back through the provider of payments on line."]
    state: RefundState
    reference: Annotated[str, "Of your order that it is of."]


@dataclass(frozen=True)
class KeptSharing:
    """Of the other parent it says nothing."""

    child_id: str
    how: Annotated[str, "`invited`, `shared` with another parent, or `shares`: another parent shares it with you."]
    since: datetime
    mails: Annotated[Sequence[str], "The mails that you got about it as the other parent, by how it stood."]


@dataclass(frozen=True)
class KeptCertificate:
    """A tax certificate as it was given."""

    number: str
    child_id: str
    payer: Annotated[str, "Name and address of who pays."]
    periods: Annotated[Sequence[str], "First and last day, how many days, and cents a day."]
    amount_cents: Count
    issued_on: date | None
    replaced_by: str | None
    cancelled_on: date | None


@dataclass(frozen=True)
class KeptNationalNumber:
    """A national number that you gave for tax certificates; of the number itself the last two digits."""

    whose: Annotated[str, "The name of who pays, or the code of the child."]
    number: str
    address: Annotated[str, "Of who pays; empty for a child."]
    kept_until: date | None


@dataclass(frozen=True)
class KeptMember:
    """Somebody of the household in an application for a city pass."""

    first_name: str
    last_name: str
    birth_date: date


@dataclass(frozen=True)
class KeptCityPass:
    """An application for a city pass, and the pass that it became. Amounts are net, of a year."""

    made_at: datetime
    status: PassStatus
    postcode: str
    members: Sequence[KeptMember]
    declared_income_cents: int | None
    declared_benefits: Sequence[str]
    seen: Annotated[Sequence[str], "The kinds of proof that somebody of the city has seen."]
    proven_income_cents: int | None
    proven_benefits: Sequence[str]
    reason: Annotated[str, "Why it was refused or ended."]
    objection: str
    number: Annotated[str, "Of the pass; empty without one."]
    until: date | None
    mails: Annotated[Sequence[str], "The mails or letters that were made about it."]


@dataclass(frozen=True)
class KeptVoucher:
    """A voucher of a city pass. `rule`: the version of the city's rule under which it was issued."""

    code: str
    budget: str
    rule: FromOne
    cents: Count
    issued_at: datetime
    valid_until: date
    status: VoucherStatus
    redeemed_at: datetime | None


@dataclass(frozen=True)
class KeptAct:
    at: datetime
    method: str
    address: Annotated[str, "Of the page, as our table of addresses has it."]
    about: Annotated[Mapping[str, str], "What stood in the address."]
    status: Annotated[int | None, "How it was answered; null: nobody wrote that down."]


@dataclass(frozen=True)
class KeptHelp:
    helper: str
    organisation: str
    let_in: LetIn
    scope: Sequence[Scope]
    begun_at: datetime
    ends_at: datetime
    ended_at: datetime | None
    ended_by: HelpEndedBy | None
    said_by: Annotated[str, "Who let the helper in by word; empty: it was by a code."]
    said_on: str
    said_why: str
    acts: Sequence[KeptAct]
    mails: Sequence[str]


@dataclass(frozen=True)
class KeptBudget:
    """What somebody of the household has spent of a budget; `ends`: the first day on which it is whole again."""

    first_name: str
    budget: str
    spent: Annotated[Count, "Cents, or pieces."]
    ends: date


@dataclass(frozen=True)
class FamilyFile:
    family_id: Annotated[str, "The code of your mail address in everything that is stored."]
    made_at: datetime
    passes: Sequence[KeptPass]
    notes: Sequence[KeptNotes]
    answers: Sequence[KeptAnswers]
    registrations: Sequence[KeptRegistration]
    attendance: Sequence[KeptDay]
    groups: Sequence[KeptGroup]
    wishes: Sequence[KeptWishes]
    draws: Sequence[KeptDrawEntry]
    swimming: Sequence[KeptVisit]
    conversations: Sequence[KeptConversation]
    work: Sequence[KeptWork]
    declarations: Sequence[KeptDeclaration]
    extras: Sequence[KeptExtra]
    fines: Sequence[KeptFine]
    tax_certificates: Sequence[KeptCertificate]
    national_numbers: Sequence[KeptNationalNumber]
    uitpas: Sequence[KeptUitpas]
    uitpas_tickets: Sequence[KeptTicket]
    orders: Sequence[KeptOrder]
    transfers: Sequence[KeptTransfer]
    payments: Sequence[KeptPayment]
    refunds: Sequence[KeptRefund]
    addressee: Annotated[Addressee | None, "Whom letters are for, and which phone you said, without a mail address."]
    desk_number: Annotated[str | None, "Your number at the desk; null for a family with a mail address."]
    refused_mails: Sequence[KeptRefusedMail]
    exceptions: Sequence[KeptException]
    shared: Annotated[Sequence[KeptSharing], "Children about whose camps two parents hear."]
    city_passes: Sequence[KeptCityPass]
    vouchers: Sequence[KeptVoucher]
    city_budgets: Annotated[Sequence[KeptBudget], "What is spent of the budgets of a city pass."]
    helps: Annotated[Sequence[KeptHelp], "Who helped you to register, and all that they did."]
    other: Annotated[Mapping[str, object], "Whatever else is stored under your code, by its key: counters and marks."]


def everything(family_id: str, now: datetime) -> FamilyFile:
    items = {item["sk"]["S"]: item for item in families.partition(family_id)}
    passes, notes, answered, records, prepared, visits, other = _sorted(items)
    return FamilyFile(
        family_id=family_id,
        made_at=now.replace(microsecond=0),
        passes=sorted(map(_pass, passes), key=lambda one: one.asked_at),
        notes=[_notes(item) for item in notes],
        answers=[one for item in answered for one in _answers(item)],
        registrations=_registrations(records, now),
        attendance=[day for item in records for day in _days(item)],
        groups=[group for item in records for group in _groups(item)],
        wishes=[_wishes(item) for item in prepared],
        draws=_draws(family_id),
        swimming=_visits(family_id, visits),
        conversations=[_conversation(item) for sk, item in items.items() if sk.startswith(conversations.PREFIX)],
        work=[_work(one) for one in works.of_family(family_id)],
        declarations=[_declaration(item) for sk, item in items.items() if sk.startswith(entitlements.PREFIX)],
        extras=[one for sk, item in items.items() if sk.startswith(extras.PREFIX) for one in _extras(item)],
        fines=[one for sk, item in items.items() if sk.startswith(extras.PREFIX) for one in _fines(item)],
        tax_certificates=[
            _certificate(one)
            for year in certificates.years_of(family_id)
            for one in certificates.of_family(family_id, year)
        ],
        national_numbers=_national_numbers(family_id),
        uitpas=[KeptUitpas(*one) for one in uitpas.numbers_of(family_id).items()],
        uitpas_tickets=[
            KeptTicket(
                *(one.order_id, one.session_id, one.child_id, one.status.value),
                *(one.tariff.name, one.tariff.cents, one.asked_at),
            )
            for one in uitpas.sales_of(family_id)
        ],
        orders=[_order(one) for one in orders.of_family(family_id)],
        transfers=list(_transfers(family_id)),
        payments=list(_payments(family_id)),
        refunds=list(_refunds(family_id)),
        addressee=addressees.read(items[addressees.SK]) if addressees.SK in items else None,
        desk_number=number_of(family_id) if passes and not families.read(passes[-1]).email else None,
        refused_mails=[
            KeptRefusedMail(one.kind.value, one.id, one.reason, one.at)
            for one in undelivered.every()
            if family_id in one.id and one.kind is not MailKind.OTHER_PARENT
        ],
        exceptions=[
            KeptException(one.number, one.at, one.what.value, one.registration_id, one.reason)
            for one in ledger.entries()
            if one.registration_id and family_of(one.registration_id) == family_id
        ],
        shared=[_shared(sk, item) for sk, item in other.items() if sk.startswith(sharing.KINDS)],
        city_passes=[_city_pass(item) for sk, item in items.items() if sk.startswith(city_passes.PREFIX)],
        vouchers=_vouchers(family_id, items),
        city_budgets=_city_budgets(items),
        helps=[_help(item, items) for sk, item in items.items() if sk.startswith(assistance_keys.HELP)],
        other={sk: _without_staff(_plain(item)) for sk, item in other.items() if not _is_told(sk)},
    )


def _certificate(one: Certificate) -> KeptCertificate:
    payer = one.payer
    return KeptCertificate(
        one.number,
        one.child.child_id,
        f"{payer.first_name} {payer.last_name}, {payer.street}, {payer.postcode} {payer.town}",
        [f"{part.first} {part.last} {part.days} {part.day_cents}" for part in one.periods],
        one.cents,
        one.issued_on,
        one.number_of(one.replaced_by),
        one.cancelled_on,
    )


def _national_numbers(family_id: str) -> list[KeptNationalNumber]:
    """Masked: the file is downloaded, mailed and printed, and its reader knows the numbers."""
    given = national.of_family(family_id)
    payers = [
        KeptNationalNumber(
            f"{one.payer.first_name} {one.payer.last_name}",
            masked(one.number),
            f"{one.payer.street}, {one.payer.postcode} {one.payer.town}",
            given.kept_until,
        )
        for one in given.payers
    ]
    children = sorted(given.children.items())
    return payers + [KeptNationalNumber(child, masked(number), "", given.kept_until) for child, number in children]


def _is_told(sk: str) -> bool:
    kinds = (
        *(
            conversations.PREFIX,
            works.PREFIX,
            entitlements.PREFIX,
            uitpas.PREFIX,
            city_passes.PREFIX,
            voucher_table.VOUCHER,
            assistance_keys.HELP,
            assistance.HELPED,
        ),
        *sharing.KINDS,
    )
    return sk == addressees.SK or sk.startswith(kinds)


def _help(item: Item, items: Mapping[str, Item]) -> KeptHelp:
    found = assistance.read_help(item)
    acts = [assistance.read_act(one) for sk, one in items.items() if sk.startswith(assistance.acts_of(found.help_id))]
    said = found.consent
    return KeptHelp(
        helper=found.helper_name,
        organisation=found.organisation,
        let_in=found.let_in,
        scope=sorted(found.scope),
        begun_at=found.begun_at,
        ends_at=found.ends_at,
        ended_at=found.ended_at,
        ended_by=found.ended_by,
        said_by=said.who if said else "",
        said_on=said.number if said else "",
        said_why=said.why if said else "",
        acts=[KeptAct(one.at, one.method, one.address, one.about, one.status) for one in acts],
        mails=sorted(item.get("told", {}).get("SS", ())),
    )


def _city_pass(item: Item) -> KeptCityPass:
    found = city_passes.read(item)
    return KeptCityPass(
        made_at=found.made_at,
        status=found.status,
        postcode=found.postcode,
        members=[KeptMember(one.first_name, one.last_name, one.born) for one in found.members],
        declared_income_cents=found.declared_cents,
        declared_benefits=sorted(found.declared),
        seen=sorted(kind.value for kind in found.proven.seen),
        proven_income_cents=found.proven.income_cents,
        proven_benefits=sorted(found.proven.benefits),
        reason=found.against.why if found.against else "",
        objection=found.objection,
        number=found.number,
        until=found.last_day,
        mails=sorted(one.partition("#")[0] for one in _mails(item)),
    )


def _vouchers(family_id: str, items: Mapping[str, Item]) -> list[KeptVoucher]:
    if not any(sk.startswith(voucher_table.VOUCHER) for sk in items):
        return []
    return [
        KeptVoucher(
            code=one.code,
            budget=one.budget,
            rule=one.rule,
            cents=one.cents,
            issued_at=one.issued_at,
            valid_until=one.valid_until,
            status=one.status,
            redeemed_at=one.redemption.at if one.redemption else None,
        )
        for one in voucher_table.of_family(family_id)
    ]


def _city_budgets(items: Mapping[str, Item]) -> list[KeptBudget]:
    """Of everybody who was ever in a pass of the family."""
    passes = [city_passes.read(item) for sk, item in items.items() if sk.startswith(city_passes.PREFIX)]
    names = {one.person_id: one.first_name for each in passes for one in each.members}
    spent = [state for person in names for state in voucher_table.spent_by(person)]
    return [KeptBudget(names[person], budget, state.spent, state.ends) for person, budget, state in spent]


def _conversation(item: Item) -> KeptConversation:
    read = conversations.read(item)
    return KeptConversation(read.at, read.way, read.text)


def _work(one: ListedWork) -> KeptWork:
    return KeptWork(one.work.kind, one.work.since, one.work.due, one.handling.note, one.handling.done_at)


def _declaration(item: Item) -> KeptDeclaration:
    found = entitlements.read(item)
    declared, paper, decision = found.declared, found.paper, found.decision
    return KeptDeclaration(
        name=declared.name,
        municipality=declared.municipality,
        child_id=declared.child_id,
        since=declared.since,
        until=declared.until,
        income_cents=declared.income_cents,
        declared_at=found.declared_at,
        status=found.status,
        proof_uploaded_at=paper.at if paper else None,
        decided_at=decision.at if decision else None,
        seen=decision.seen if decision else "",
        reason=decision.reason if decision else "",
    )


def _extras(item: Item) -> list[KeptExtra]:
    found = extras.read(item)
    return [
        KeptExtra(found.registration_id, child_id, name, days)
        for child_id, named in found.taken.items()
        for name, days in named.items()
    ]


def _fines(item: Item) -> list[KeptFine]:
    """Without who of the city entered or undid them."""
    found = extras.read(item)
    return [
        KeptFine(
            registration_id=found.registration_id,
            child_id=one.child_id,
            name=one.name,
            day=one.day,
            minutes=one.minutes,
            reason=one.why,
            entered_at=one.at,
            undone_at=one.undone.at if one.undone else None,
            undone_why=one.undone.why if one.undone else "",
        )
        for one in found.fines
    ]


def _order(one: Order) -> KeptOrder:
    """What people of the city wrote, without who they are."""
    return KeptOrder(
        one.order_id,
        one.municipality,
        spoken(one.reference),
        one.made_at,
        one.due_on,
        one.amount_cents,
        one.received_cents,
        one.returned_cents,
        [f"{line.label.said(DEFAULT)} {line.article}".strip() + f": {line.amount_cents}" for line in one.lines],
        [f"{each.cents}: {each.why}" for each in one.adjustments],
    )


def _transfers(family_id: str) -> Iterator[KeptTransfer]:
    """Those that are known to be for an order of the family's: a read unit for each order, and for each of them."""
    for order in orders.of_family(family_id):
        for one in statements.of_order(order.order_id):
            paid = one.movement
            yield KeptTransfer(paid.booked_on, paid.cents, paid.name, paid.iban, paid.text, spoken(order.reference))


def _payments(family_id: str) -> Iterator[KeptPayment]:
    """Those online: a read unit for each order that may have some, and for each of them."""
    for order in orders.of_family(family_id):
        for one in online.of_order(order.order_id):
            amounts = one.paid_cents, one.returned_cents, one.charged_back_cents
            yield KeptPayment(one.made_at, one.cents, one.status.value, *amounts, spoken(order.reference))


def _refunds(family_id: str) -> Iterator[KeptRefund]:
    """Those that somebody released or gave an account: a read unit for each order."""
    for order in orders.of_family(family_id):
        for one in refunds.of_order(order.order_id):
            assert one.changed_at, "it is stored"
            to = one.to
            yield KeptRefund(one.changed_at, one.cents, to.name, to.iban, one.state, spoken(order.reference))


def _sorted(
    items: Mapping[str, Item],
) -> tuple[list[Item], list[Item], list[Item], list[Item], list[Item], list[Item], dict[str, Item]]:
    kinds = (families.PREFIX, cares.PREFIX, answers.PREFIX, registrations.PREFIX, wishes.PREFIX, swimming.WEEK)
    passes, notes, answered, records, prepared, visits = (
        [item for sk, item in items.items() if sk.startswith(kind)] for kind in kinds
    )
    rest = {sk: one for sk, one in items.items() if not sk.startswith(kinds)}
    return passes, notes, answered, records, prepared, visits, rest


def _pass(item: Item) -> KeptPass:
    found = families.read(item)
    return KeptPass(
        pass_id=found.pass_id,
        asked_at=found.created_at,
        kept_until=datetime.fromtimestamp(kept_until(found.created_at), UTC),
        email=found.email,
        language=found.language,
        postcode=found.postcode,
        children=[
            KeptChild(one.child_id, one.first_name, one.last_name, one.birth_date, _named_at(found, one.child_id))
            for one in found.children
        ],
        mails=_mails(item),
    )


def _named_at(found: Pass, child_id: str) -> datetime | None:
    naming = found.namings.get(child_id)
    if naming is None or naming.first is not None:
        return None
    return datetime.fromtimestamp(naming.since, UTC)


def _without_staff(item: dict[str, Any]) -> dict[str, Any]:
    """Who of the city wrote it is not the family's: former versions of a child's information say it."""
    return {name: value for name, value in item.items() if name not in ("entered_by", "until_by")}


def _mails(item: Item) -> list[str]:
    return sorted(item["mailed"]["SS"]) if "mailed" in item else []


def _notes(item: Item) -> KeptNotes:
    _, child_id, care = cares.read(item)
    return KeptNotes(child_id, care.contacts, care.medical, care.pick_up, care.entered_at)


def _answers(item: Item) -> list[KeptAnswers]:
    found = answers.read(item)
    return [
        KeptAnswers(
            found.registration_id,
            child_id,
            {key: given.value for key, given in one.given.items()},
            {key: given.version for key, given in one.given.items()},
            one.at,
            by_desk=one.by is not None,
        )
        for child_id, one in found.of.items()
    ]


def _registrations(items: Sequence[Item], now: datetime) -> list[KeptRegistration]:
    records = [registrations.read(item) for item in items]
    sessions = programme.several({one.session_id for one in records}) if records else {}
    kept = []
    for item, record, stands in zip(items, records, register.standings(records, now) if records else (), strict=True):
        session = sessions.get(record.session_id)
        kept.append(
            KeptRegistration(
                registration_id=record.registration_id,
                reference=reference_of(record),
                session_id=record.session_id,
                session=session.title if session else "",
                starts_on=session.starts_on if session else None,
                child_ids=record.child_ids,
                left=sorted(record.left),
                left_by_other_parent=sorted(record.left_by_other),
                moved_from=record.moved_from,
                moved_to=record.moved_to,
                status=stands.status if stands else None,
                waitlist_position=stands.waitlist_position if stands else None,
                held_until=stands.held_until if stands else None,
                created_at=record.created_at,
                cancelled_at=record.cancelled_at,
                cancelled_by=record.ended.by if record.ended else None,
                cancelled_why=record.ended.why if record.ended else "",
                opening_id=record.admission.opening_id if record.admission else None,
                published_keys=record.admission.keys if record.admission else (),
                mails=_mails(item),
            )
        )
    return sorted(kept, key=lambda one: one.created_at)


def _days(item: Item) -> list[KeptDay]:
    record = registrations.read(item)
    marked = presence.of_registration(record.session_id, record.registration_id)
    return [KeptDay(record.session_id, day, one.child_id, one.mark, one.at, one.note) for day, one in marked]


def _groups(item: Item) -> list[KeptGroup]:
    record = registrations.read(item)
    groups = presence.groups_of(record.session_id)
    named = {child: groups.name_of(child, record.registration_id) for child in record.every_child}
    return [KeptGroup(record.session_id, child, name) for child, name in named.items() if name]


def _shared(sk: str, item: Item) -> KeptSharing:
    kind, _, child_id = sk.partition("#")
    since = datetime.fromtimestamp(int(item["since"]["N"]), UTC)
    return KeptSharing(child_id, kind.lower(), since, sorted(one.partition("#")[0] for one in _mails(item)))


def _wishes(item: Item) -> KeptWishes:
    prepared = wishes.read(item)
    return KeptWishes(
        prepared.opening_id, [KeptWish(one.wanted.session_id, one.wanted.child_ids) for one in prepared.wishes]
    )


def _draws(family_id: str) -> list[KeptDrawEntry]:
    """One read for each opening there ever was: nobody asks for this file often."""
    kept = []
    for opening in openings.every():
        if opening.is_live and (entered := draws.entry_of(opening.opening_id, family_id)):
            kept.append(
                KeptDrawEntry(
                    opening_id=opening.opening_id,
                    published_as=draw_key(opening.opening_id, family_id),
                    entered_at=entered.updated_at,
                    wishes=[[KeptWish(session, [child]) for child, session in wish] for wish in entered.all_wishes],
                    result=entered.result,
                )
            )
    return kept


def _visits(family_id: str, items: Sequence[Item]) -> list[KeptVisit]:
    slots = sorted(slot for item in items for slot in swimming.entries(item))
    taken = swimming.taken(slots)
    return [KeptVisit(slot, taken[slot].by[family_id]) for slot in slots if family_id in taken[slot].by]


def _plain(item: Item) -> dict[str, object]:
    from boto3.dynamodb.types import TypeDeserializer  # noqa: PLC0415 only here, and a tenth of a second of imports

    read = TypeDeserializer().deserialize
    return {name: _json(read(value)) for name, value in item.items() if name not in ("pk", "sk")}


def _json(value: Any) -> Any:
    """A value that JSON can hold: DynamoDB has exact numbers, sets and bytes too."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, set | frozenset):
        return sorted(map(_json, value))
    if isinstance(value, Mapping):
        return {name: _json(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_json(one) for one in value]
    return value if isinstance(value, str | bool | int | float | None) else str(value)
