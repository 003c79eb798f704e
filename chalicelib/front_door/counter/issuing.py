"""The desk behind the home counter: writing down how identity was proven, issuing, refusing, withdrawing.

Guarantee: a request has one certificate that holds, whoever presses twice; it was issued by somebody of its unit, not
about themself, after identity was proven as it stands in the table. All of that is one transaction: the case, its
history, the certificate, the mark of the request and the count. The file is made, sealed and stored before it: what
breaks off in between leaves a file that nothing leads to, and that is gone after ninety days. Whoever tries again gives
the certificate the same number.
"""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from chalicelib.city.face import table as faces
from chalicelib.city.face.rules import ALL
from chalicelib.city.texts import table as texts
from chalicelib.core import settings
from chalicelib.core import table as items
from chalicelib.core.http.problems import existing, not_now
from chalicelib.core.ids import SPOKEN, spelled
from chalicelib.core.languages import DEFAULT, N_, translate
from chalicelib.core.moments import today
from chalicelib.core.refusals import Busy, Interfered, unless_interfered
from chalicelib.core.spoken import with_check
from chalicelib.front_door.cases import acting, following
from chalicelib.front_door.cases import table as cases
from chalicelib.front_door.cases.acting import BY_CITIZEN, BY_STORMLOOP, Actor, Deed, actor
from chalicelib.front_door.cases.rules import Act, Case, CaseStatus
from chalicelib.front_door.counter import files, rule_table, sealing, table
from chalicelib.front_door.counter.automatic import IssuingRule
from chalicelib.front_door.counter.kinds import BY_FORM
from chalicelib.front_door.counter.paper import Paper, paper
from chalicelib.front_door.counter.requests import DOCUMENTS
from chalicelib.front_door.counter.rules import (
    NUMBER_LENGTH,
    Certificate,
    Content,
    Identity,
    IdentityWay,
    Standing,
    is_own,
    spoken,
)
from chalicelib.front_door.counter.sealing import Sealer
from chalicelib.front_door.forms import table as forms
from chalicelib.people.families.identity import derived_key
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.questions.rules import said

VERIFY = "/certificates/verify"
# What is counted, each by form.
BY_DESK, BY_SIGN_IN = f"issued-{IdentityWay.DESK}", f"issued-{IdentityWay.SIGN_IN}"
REFUSED, WITHDRAWN, BY_RULES = "refused", "withdrawn", "issued-by-rule"

OWN = N_("This is about yourself, or about somebody with your name. A colleague decides.")
NOT_PROVEN = N_("Write down first how this person proved who they are.")
PROVEN_BEFORE = N_("It is known already who asks. If that is not right, come by with your identity card.")
NOT_IN_HAND = N_("This request is answered or closed. Reopen it, if there is more to do.")
HAS_ONE = N_("This request has a certificate that holds: {number}. Withdraw it first.")
GONE = N_("This certificate was withdrawn already.")

BY_VERSION = N_("Issued by the rule, version {number}, which {name} accepted.")
READY = N_("Your certificate is ready: number {number}. Download it by the link of your receipt, within 90 days.")
TAKEN_BACK = N_(
    "The certificate with the number {number} does not hold any more: {why}. Do not use it. We look into your request "
    "again."
)


@dataclass(frozen=True)
class Issue:
    """What a clerk decided that a certificate says. `valid_until`: None: it has no end."""

    content: Content
    valid_until: date | None = None


def prove(case: Case, identity: Identity, by: Staff) -> Case:
    """Writes down how identity was proven, in the place of what was written before. Raises Problem `not-now`, and
    Interfered if somebody changed the case meanwhile."""
    _must_be_in_hand(case)
    if is_own(by, case, identity):
        raise not_now(OWN)
    document = translate(DOCUMENTS.get(identity.what, identity.what), DEFAULT)
    note = translate(N_("Identity proven at the desk: {what}."), DEFAULT, what=document)
    return acting.change(
        case,
        Deed(Act.NOTED, actor(by), identity.at, note=note, also=[table.putting_identity(case.case_id, identity)]),
    )


def prove_by_sign_in(case: Case, identity: Identity) -> Case:
    """Writes down who signed in, once: what was proven before stays, and the desk can write something else. Raises
    Problem `not-now`, and Interfered if somebody changed the case or proved something meanwhile."""
    _must_be_in_hand(case)
    if table.identity(case.case_id):
        raise not_now(PROVEN_BEFORE)
    note = translate(N_("Identity proven by signing in: {what}."), DEFAULT, what=identity.what)
    deed = Deed(Act.NOTED, BY_CITIZEN, identity.at, note=note, also=[table.putting_identity(case.case_id, identity)])
    return acting.change(case, deed)


def issue(case: Case, wanted: Issue, by: Staff, now: datetime) -> Certificate:
    """Raises Problem `not-now`, and `busy` if the seal does not answer; Interfered if somebody changed the case, its
    identity or its certificate meanwhile."""
    _must_be_in_hand(case)
    identity = table.identity(case.case_id)
    if identity is None:
        raise not_now(NOT_PROVEN)
    if is_own(by, case, identity, wanted.content):
        raise not_now(OWN)
    if there := table.of_case(case.case_id):
        raise not_now(HAS_ONE, number=there.spoken)
    return _issue(case, wanted, _Issued(actor(by), identity), now)


def issue_by_rule(case: Case, wanted: Issue, identity: Identity, rule: IssuingRule, now: datetime) -> Certificate:
    """The same in the name of a rule, which is in force in the moment of the write. Raises as `issue`."""
    assert rule.accepted is not None, "a rule in force was accepted"
    note = translate(BY_VERSION, DEFAULT, number=rule.number, name=rule.accepted.name)
    by = _Issued(BY_STORMLOOP, identity, [rule_table.relied_on(rule)], [BY_RULES], note, str(rule.number))
    return _issue(case, wanted, by, now)


@dataclass(frozen=True)
class _Issued:
    """By whom, to somebody whose identity was proven so. `also`: writes of the same transaction. `counted`: names
    besides. `note`: for staff. `version`: of the rule."""

    by: Actor
    identity: Identity
    also: Sequence[Mapping[str, Any]] = ()
    counted: Sequence[str] = ()
    note: str = ""
    version: str = ""


def _issue(case: Case, wanted: Issue, how: _Issued, now: datetime) -> Certificate:
    new, file = _made(case, wanted, how, now)
    files.put(new, file)
    counted = BY_DESK if how.identity.way is IdentityWay.DESK else BY_SIGN_IN
    deed = Deed(
        Act.ANSWERED,
        how.by,
        now,
        status=CaseStatus.ANSWERED,
        text=translate(READY, case.contact.language, number=new.spoken),
        note=how.note,
        changes={"answered_on": today(now)},
        also=[
            *table.putting(new),
            table.proven(case.case_id, how.identity),
            table.counting(now, case.form_id, [counted, *how.counted]),
            *how.also,
        ],
    )
    try:
        acting.change(case, deed)
    except Interfered:
        _forget_unless_it_holds(new)
        raise
    return new


def _forget_unless_it_holds(lost: Certificate) -> None:
    """Where somebody else was first with another file. Where nobody was yet, somebody may be about to, with this very
    one."""
    with suppress(Busy):
        there = table.of_case(lost.case_id)
        if there and there.digest != lost.digest:
            files.forget(lost)


def refuse(case: Case, why: str, by: Staff, now: datetime) -> Case:
    """The citizen reads why. Raises as `issue`."""
    _must_be_in_hand(case)
    if is_own(by, case, table.identity(case.case_id)):
        raise not_now(OWN)
    deed = Deed(
        Act.ANSWERED,
        actor(by),
        now,
        status=CaseStatus.ANSWERED,
        text=why,
        changes={"answered_on": today(now)},
        also=[table.counting(now, case.form_id, [REFUSED])],
    )
    return acting.change(case, deed)


def withdraw(number: str, why: str, by: Staff, now: datetime) -> None:
    """It does not hold from now on, whatever was printed; its request is in hand again. `why`: the citizen reads it
    too. Raises Problem `not-found`, `not-now`, and Interfered."""
    one = existing(table.get(number))
    if one.standing(today(now)) is Standing.WITHDRAWN:
        raise not_now(GONE)
    case = cases.get(one.case_id)
    writes = [*table.withdrawing(one, today(now), by.staff_id, why), table.counting(now, one.form_id, [WITHDRAWN])]
    if case is None:  # it is past the time for which a request is kept
        with unless_interfered():
            items.transact_write(writes)
    else:
        if is_own(by, case, table.identity(case.case_id)):
            raise not_now(OWN)
        acting.change(case, _reopening(case, one, why, by, now, writes))
    with suppress(Busy):
        files.forget(one)


def _reopening(
    case: Case, one: Certificate, why: str, by: Staff, now: datetime, writes: Sequence[dict[str, object]]
) -> Deed:
    text = translate(TAKEN_BACK, case.contact.language, number=one.spoken, why=why.rstrip("."))
    if case.is_in_hand:
        return Deed(Act.REOPENED, actor(by), now, text=text, also=writes)
    rule = existing(forms.version(case.form_id, case.form_version)).deadline
    changes = following.resuming(case, rule, now)
    return Deed(Act.REOPENED, actor(by), now, CaseStatus.REOPENED, text, changes=changes, also=writes)


def _must_be_in_hand(case: Case) -> None:
    if not case.is_in_hand:
        raise not_now(NOT_IN_HAND)


def number_for(case: Case) -> str:
    """The number of the certificate that this request gets: the same one whoever tries again, and another one after
    each reopening, without which none is issued again. Nobody works it out without the city's key. 1 in 25,000 that two
    of a million are the same: then the write is refused, and so is each until the request was reopened."""
    text = f"{case.case_id}\n{case.reopened}".encode()
    return with_check(spelled(hmac.digest(derived_key("certificate"), text, hashlib.sha256), NUMBER_LENGTH, SPOKEN))


def _made(case: Case, wanted: Issue, how: _Issued, now: datetime) -> tuple[Certificate, bytes]:
    """The certificate, and its file as it is given out."""
    form = existing(forms.version(case.form_id, case.form_version))
    kind, number, language = BY_FORM.get(case.form_id), number_for(case), wanted.content.language

    def made(sealer: Sealer) -> bytes:
        return paper(
            Paper(
                number=number,
                city=faces.remembered().letterhead(ALL, texts.remembered(), language),
                title=said(form.title, language),
                content=wanted.content,
                issued_on=today(now),
                valid_until=wanted.valid_until,
                law=kind.law if kind else "",
                verify=settings.public_url() + VERIFY,
                sealer=sealer,
            )
        )

    file, sealer = sealing.sealed(made, spoken(number))
    new = Certificate(
        number=number,
        case_id=case.case_id,
        form_id=case.form_id,
        title=form.title,
        unit_id=case.unit_id,
        issued_on=today(now),
        valid_until=wanted.valid_until,
        digest=hashlib.sha256(file).hexdigest(),
        seal=sealer.kind,
        identity=how.identity.way,
        by=how.by.by,
        by_name=how.by.name or how.version,
    )
    return new, file
