"""City passes at the office: what waits for a decision, a family's applications, and deciding one."""

from collections.abc import Iterator
from itertools import islice

from chalicelib.city.face import table as faces
from chalicelib.city.texts import table as texts
from chalicelib.core.http.answering import Answer, File
from chalicelib.core.http.fields import check
from chalicelib.core.http.problems import CHANGED, NOT_FOUND, Problem, existing
from chalicelib.core.moments import today
from chalicelib.core.printing import letters
from chalicelib.mail import city_pass_mails, undelivered
from chalicelib.mail.rules import MailKind
from chalicelib.money.citypass import applying, requests, table, versions
from chalicelib.money.citypass.applications import Application, ProofKind, Proven, counts_of, plain
from chalicelib.money.citypass.requests import MOST_MEMBERS
from chalicelib.money.citypass.rules import OF_AGE, PassRule, Situation, judge
from chalicelib.money.tariffs.families import age
from chalicelib.office import scope
from chalicelib.pages.frame import city_pass_form
from chalicelib.pages.frame.city_pass_form import WrongApplication
from chalicelib.pages.frame.city_pass_words import why
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import page, redirect, refused
from chalicelib.pages.frame.visit import Visit
from chalicelib.pages.staff.city_pass_rules import euros
from chalicelib.people import access
from chalicelib.people.families import addressees
from chalicelib.people.families import table as families
from chalicelib.people.families.identity import is_family_id
from chalicelib.people.families.rules import Pass
from chalicelib.people.staff.rules import Staff

ADDRESS = "/office/citypass"
# Lines of the list on one page; the oldest due come first, so the rest waits for these.
MOST_LINES = 100


def show(visit: Visit, by: Staff) -> Answer:
    """Applications that wait, the late ones on top; `?number=` of a pass leads to it. A person who decides nothing sees
    no family."""
    decides = visit.may("GET", ADDRESS + "/families/{family_id}")
    form = Form({"number": visit.query.get("number", "")})
    if decides and form["number"]:
        found = table.by_number(plain(form["number"]))
        if found and _is_theirs(by, found):
            return redirect(visit, f"{ADDRESS}/families/{found.family_id}/{found.application_id}")
    lines = list(islice(_waiting(by), MOST_LINES)) if decides else []
    for one in lines:
        access.about(one.family_id)
    return page(
        visit,
        "pages/staff/city_pass.html",
        decides=decides,
        form=form,
        is_unknown=bool(form["number"]),
        lines=lines,
        letters=list(_unheard(by)) if decides else [],
        today=today(visit.now),
        done=visit.query.get("done"),
    )


def told(visit: Visit, by: Staff) -> Answer:
    """The desk told a family what a mail could not."""
    form = read_form(visit)
    family_id, _, application_id = form["id"].partition("/")
    _of(by, family_id, application_id)
    undelivered.forget(MailKind.CITY_PASS, form["id"])
    return redirect(visit, f"{ADDRESS}?done=told")


def show_family(visit: Visit, by: Staff, family_id: str) -> Answer:
    family = _family(by, visit, family_id)
    return _page_of_family(visit, family, city_pass_form.begun(family.postcode, family.children))


def apply(visit: Visit, by: Staff, family_id: str) -> Answer:
    """For a family that stands at the desk."""
    form, family = read_form(visit), _family(by, visit, family_id)
    version = existing(versions.of_today(today(visit.now)))
    _must_be_theirs(by, version.rule)
    try:
        with visit.attempting():
            form, wanted = city_pass_form.wanted(form, family_id, version.rule)
            new = applying.apply(family_id, wanted, visit.now)
    except WrongApplication as wrong:
        return _page_of_family(visit, family, wrong.form.wrong(wrong.problem, visit.language), status=422)
    except Problem as problem:
        again = form.wrong(problem, visit.language) if problem.errors else form
        return _page_of_family(visit, family, again, problem, problem.kind.status)
    return redirect(visit, f"{ADDRESS}/families/{family_id}/{new.application_id}?done=applied")


def show_application(visit: Visit, by: Staff, family_id: str, application_id: str) -> Answer:
    of = _of(by, family_id, application_id)
    return _page(visit, of, _seen_so_far(of))


def decide(visit: Visit, by: Staff, family_id: str, application_id: str) -> Answer:
    """Writes down proofs, grants, refuses, ends, or writes down an objection, by its button."""
    form, of = read_form(visit), _of(by, family_id, application_id)
    try:
        with visit.attempting():
            if form["edition"] != str(of.edition):  # it was changed since this page was shown
                raise Problem(CHANGED)
            after = _done(by, of, form, visit)
    except Problem as problem:
        again = form.wrong(problem, visit.language) if problem.errors else form
        kept = _seen_so_far(of)
        shown = Form({**kept.values, **again.values}, again.several or kept.several, again.errors)
        return _page(visit, of, shown, problem)
    done = "granted" if after.status is not of.status and after.number else form["do"]
    return redirect(visit, f"{ADDRESS}/families/{family_id}/{application_id}?done={done}")


def get_letter(visit: Visit, by: Staff, family_id: str, application_id: str) -> Answer:
    """How it stands, to be printed and given to the family."""
    of = _of(by, family_id, application_id)
    family = existing(city_pass_mails.family_of(family_id))
    every, words = faces.remembered(), texts.remembered()
    municipality = applying.rule_of(of).municipality
    text = city_pass_mails.letter_of(of, family, every.texts_of(municipality, words))
    known = addressees.get(family_id)
    to = [known.name, known.street, f"{family.postcode} {known.town}"] if known.has_address else []
    sender = [every.name_of(municipality, words, family.language)]
    content = letters.letter(text, f"city-pass-{of.application_id}", family.language, to, sender)
    return Answer(200, File(content, "application/pdf", "city-pass.pdf"))


def _done(by: Staff, of: Application, form: Form, visit: Visit) -> Application:
    match form["do"]:
        case "see":
            kinds = [kind for kind in ProofKind if kind.value in form.all("seen")]
            given = check(
                requests.PROVEN, {"income": form["income"].strip() or None, "period": form["period"] or "month"}
            )
            benefits = requests.known_benefits(form.all("benefits"), applying.rule_of(of))
            income = requests.yearly(given["income"], given["period"])
            proven = Proven({}, income, benefits)
            if ProofKind.INCOME in kinds and income is None:
                raise requests.income_missing()
            return applying.see(by, of, kinds, proven, visit.now)
        case "grant":
            return applying.grant(by, of, _reason(form), visit.now)
        case "end":
            return applying.end(by, of, _reason(form), visit.now)
        case "object":
            text = check(requests.OBJECTION, {"text": form["text"].strip() or None})["text"]
            access.about(of.family_id)
            return applying.object_to(of, text, visit.now)
        case _:
            return applying.refuse(by, of, _reason(form), visit.now)


def _reason(form: Form) -> str:
    reason: str = check(requests.REASON, {"reason": form["reason"].strip() or None})["reason"]
    return reason


def _page(visit: Visit, of: Application, form: Form, problem: Problem | None = None) -> Answer:
    rule, family, day = applying.rule_of(of), city_pass_mails.family_of(of.family_id), today(visit.now)
    adults, children = counts_of(of.members, today(of.made_at))
    declared = judge(rule, Situation(of.postcode, adults, children, of.declared_cents, of.declared))
    proven = judge(rule, Situation(of.postcode, adults, children, of.proven.income_cents, of.proven.benefits))
    return page(
        visit,
        "pages/staff/city_pass_application.html",
        problem.kind.status if problem else 200,
        of=of,
        rule=rule,
        family=family,
        form=form,
        problem=refused(visit, problem),
        today=day,
        grown=[one.first_name for one in of.members if age(one.born, today(of.made_at)) >= OF_AGE],
        declared=why(declared, rule, visit.language),
        proven=why(proven, rule, visit.language),
        limit=declared.limit_cents,
        me=visit.staff.staff_id if visit.staff else "",
        benefits=[one for one in rule.benefits if one.name in of.declared],
        done=visit.query.get("done") if problem is None else None,
    )


def _seen_so_far(of: Application) -> Form:
    values = {"period": "year" if of.proven.income_cents is not None else "month"}
    if of.proven.income_cents is not None:
        values["income"] = euros(of.proven.income_cents)
    several = {"seen": [kind.value for kind in of.proven.seen], "benefits": sorted(of.proven.benefits)}
    return Form(values, several)


def _page_of_family(
    visit: Visit, family: Pass, form: Form, problem: Problem | None = None, status: int = 200
) -> Answer:
    version = versions.of_today(today(visit.now))
    return page(
        visit,
        "pages/staff/city_pass_family.html",
        status,
        family=family,
        applications=table.of_family(family.family_id)[::-1],
        form=form,
        problem=refused(visit, problem),
        rule=version.rule if version else None,
        rows=city_pass_form.filled(form),
        most=MOST_MEMBERS,
        today=today(visit.now),
    )


def _waiting(by: Staff) -> Iterator[Application]:
    """Applications that somebody has to decide, the oldest due first: late ones stand on top."""
    ids, is_theirs = table.undecided(), scope.theirs(by)
    while some := list(islice(ids, MOST_LINES)):
        known = table.several(some)
        found = [known[one] for one in some if one in known and known[one].is_undecided]
        yield from (one for one in found if is_theirs(applying.rule_of(one).municipality))


def _unheard(by: Staff) -> Iterator[Application]:
    """Of whom a mail came back, or was refused."""
    ids = [one.id for one in undelivered.every() if one.kind is MailKind.CITY_PASS]
    pairs = [(one.partition("/")[0], one.partition("/")[2]) for one in ids[:MOST_LINES]]
    yield from (one for one in table.several(pairs).values() if _is_theirs(by, one))


def _of(by: Staff, family_id: str, application_id: str) -> Application:
    """Raises Problem `not-found`, also for a family of a municipality that is not theirs."""
    is_one = is_family_id(family_id) and application_id.isdecimal()
    of = existing(table.get(family_id, application_id) if is_one else None)
    if not _is_theirs(by, of):
        raise Problem(NOT_FOUND)
    access.about(family_id)
    return of


def _family(by: Staff, visit: Visit, family_id: str) -> Pass:
    scope.of_family(by, visit.now, family_id)
    family = existing(next(reversed([one for one in families.of_family(family_id) if one.is_proven]), None))
    access.about(family_id, [child.child_id for child in family.children])
    return family


def _is_theirs(by: Staff, of: Application) -> bool:
    return scope.theirs(by)(applying.rule_of(of).municipality)


def _must_be_theirs(by: Staff, rule: PassRule) -> None:
    scope.must_work_for(by, [rule.municipality])
