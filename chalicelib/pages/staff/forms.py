"""The forms by which anybody sends the city something: which there are, one with what is missing, its preview, what a
draft changes, and its publication. Its parts are on pages of their own (form_parts.py, questions.py, form_routing.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from markupsafe import Markup

from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import INVALID, NOT_FOUND, Problem, existing
from chalicelib.core.languages import LANGUAGES, N_, translate
from chalicelib.core.moments import today
from chalicelib.front_door.forms import editing, publishing, table
from chalicelib.front_door.forms.rules import Form as CityForm
from chalicelib.front_door.forms.rules import FormHead
from chalicelib.front_door.forms.table import StoredVersion
from chalicelib.front_door.mapping.places import border
from chalicelib.front_door.routing import areas
from chalicelib.front_door.routing.branches import branches
from chalicelib.front_door.units import table as units
from chalicelib.front_door.units.rules import Unit
from chalicelib.pages.frame.answers_form import WORDING
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import page, redirect, refused, rendered
from chalicelib.pages.frame.visit import Visit
from chalicelib.pages.staff import words
from chalicelib.pages.staff.form_words import COUNTS, KINDS, PARTS, SHIPPED, certificates, lines, unit_name
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.questions.rules import said

ADDRESS = "/office/forms"
MOST_DIGITS = 9
DONE = {
    "begun": N_("The draft is there. Nobody sees it until you publish it."),
    "saved": N_("It is saved in the draft."),
    "published": N_("The form is published. A trial case went each of its ways and was answered."),
    "withdrawn": N_("The form is dark: its page says what else people can do."),
    "relit": N_("The form is there again. A trial case went each of its ways and was answered."),
}
AS_WHY = N_("Say why, in at most 300 characters: colleagues read it.")
STATES = {
    "draft": N_("never published"),
    "there": N_("published"),
    "dark": N_("dark: takes nothing"),
    "later": N_("published, not open today"),
}
BADGES = {"draft": "neutral", "there": "safe", "dark": "danger", "later": "warning"}


@dataclass(frozen=True)
class ListedForm:
    head: FormHead
    title: str
    owner: str
    state: str

    @property
    def has_draft(self) -> bool:
        return self.head.newest != self.head.published


@dataclass(frozen=True)
class Shown:
    """A form as its pages show it. `latest`: the draft, or what is published if there is none."""

    head: FormHead
    versions: Mapping[int, StoredVersion]
    title: str
    state: str

    @property
    def address(self) -> str:
        return f"{ADDRESS}/{self.head.form_id}"

    @property
    def latest(self) -> StoredVersion:
        return self.versions[self.head.newest]

    @property
    def has_draft(self) -> bool:
        return self.head.newest != self.head.published


def show_all(visit: Visit, by: Staff) -> Answer:
    return _list_page(visit, Form())


def begin(visit: Visit, by: Staff) -> Answer:
    form = read_form(visit)
    try:
        with visit.attempting():
            editing.begin(form["form_id"].strip(), form["example"], by)
    except Problem as problem:
        return _list_page(visit, form.wrong(problem, visit.language), problem)
    return redirect(visit, f"{ADDRESS}/{form['form_id'].strip()}?done=begun")


def show(visit: Visit, by: Staff, form_id: str) -> Answer:
    return _page(visit, shown(visit, form_id), Form())


def act(visit: Visit, by: Staff, form_id: str) -> Answer:
    """`do`: version, withdraw or relight. `edition`: of the head that the page showed."""
    form = read_form(visit)
    found = shown(visit, form_id)
    try:
        with visit.attempting():
            if form["do"] == "version":
                editing.begin_version(form_id, by)
                done = "begun"
            elif form["do"] == "withdraw":
                why = form["why"].strip()[: publishing.MOST_WHY]
                if not why:
                    return _page(
                        visit, found, Form(form.values, {}, {"why": translate(AS_WHY, visit.language)}), None, 422
                    )
                publishing.withdraw(form_id, number(form["edition"]), f"{why} ({by.name})", visit.now)
                done = "withdrawn"
            elif form["do"] == "relight":
                publishing.relight(form_id, number(form["edition"]), visit.now)
                done = "relit"
            else:
                raise Problem(INVALID)
    except Problem as problem:
        return _page(visit, shown(visit, form_id), Form({"why": form["why"]}), problem)
    return redirect(visit, f"{found.address}?done={done}")


def preview(visit: Visit, by: Staff, form_id: str) -> Answer:
    """As a citizen sees it, in each language. `?version=`: that one; else the latest."""
    found = shown(visit, form_id)
    wanted = visit.query.get("version", "")
    version = found.versions.get(number(wanted)) if wanted else found.latest
    form = existing(version).form
    asked = visit.query.get("in", "")
    language = asked if asked in LANGUAGES else visit.language
    content = rendered(
        replace(visit, language=language),
        "pages/staff/form_as_seen.html",
        city_form=form,
        owner=unit_name(form.owner, units.every(), language),
        counted=translate(COUNTS[form.deadline.counted], language),
        by_field={f"answers.{one.key}": one for one in form.questions},
        form=Form(),
        wording=WORDING,
        said=partial(said, language=language),
    )
    return page(
        visit,
        "pages/staff/form_preview.html",
        found=found,
        version=form.version,
        in_language=language,
        content=Markup(content),  # noqa: S704 a template of ours made it, and escaped what staff typed
    )


def compare(visit: Visit, by: Staff, form_id: str) -> Answer:
    return _publication_page(visit, shown(visit, form_id))


def publish(visit: Visit, by: Staff, form_id: str) -> Answer:
    form = read_form(visit)
    try:
        with visit.attempting():
            publishing.publish(form_id, number(form["edition"]), visit.now)
    except Problem as problem:
        return _publication_page(visit, shown(visit, form_id), problem)
    return redirect(visit, f"{ADDRESS}/{form_id}?done=published")


def shown(visit: Visit, form_id: str) -> Shown:
    """Raises Problem `not-found`."""
    head = existing(table.head(form_id))
    versions = table.stored(form_id)
    if head.newest not in versions:
        raise Problem(NOT_FOUND)
    published = versions.get(head.published)
    state = _state(head, published.form if published else None, visit.now)
    return Shown(head, versions, said(versions[head.newest].form.title, visit.language) or form_id, state)


def number(text: str) -> int:
    """Of an edition or a version; raises Problem `invalid` for what no page of ours says."""
    if not text.isascii() or not text.isdigit() or len(text) > MOST_DIGITS:
        raise Problem(INVALID)
    return int(text)


def _state(head: FormHead, published: CityForm | None, now: datetime) -> str:
    if published is None:
        return "draft"
    if head.dark_since:
        return "dark"
    return "there" if published.is_open(today(now)) else "later"


def _listed(visit: Visit, head: FormHead, known: Mapping[str, Unit]) -> ListedForm:
    latest, _ = existing(table.draft(head.form_id, head.newest))
    published = table.version(head.form_id, head.published) if head.published else None
    return ListedForm(
        head,
        said(latest.title, visit.language) or head.form_id,
        unit_name(latest.owner, known, visit.language),
        _state(head, published, visit.now),
    )


def _list_page(visit: Visit, form: Form, problem: Problem | None = None) -> Answer:
    known = units.every()
    listed = [_listed(visit, head, known) for head in table.heads().values()]
    return page(
        visit,
        "pages/staff/forms.html",
        problem.kind.status if problem else 200,
        forms=sorted(listed, key=lambda one: one.title.lower()),
        form=form,
        examples=[
            ("", translate(N_("Nothing: an empty form"), visit.language)),
            *_named(SHIPPED, visit).items(),
            *certificates(visit.language).items(),
        ],
        has_units=bool(known),
        states=_named(STATES, visit),
        badges=BADGES,
    )


def _page(visit: Visit, found: Shown, form: Form, problem: Problem | None = None, status: int | None = None) -> Answer:
    latest = found.latest.form
    known, places = units.every(), areas.every()
    faults = publishing.missing(latest, known, places, visit.now)
    return page(
        visit,
        "pages/staff/form.html",
        status or (problem.kind.status if problem else 200),
        found=found,
        version=latest,
        form=form,
        problem=refused(visit, problem),
        errors=[translate(one.message, visit.language, **one.values) for one in (problem.errors if problem else ())],
        missing={
            part: [translate(one.message, visit.language, **one.values) for one in faults if one.part == part]
            for part in PARTS
        },
        parts_of_form=_named(PARTS, visit),
        kind=translate(KINDS[latest.kind], visit.language),
        owner=unit_name(latest.owner, known, visit.language),
        counted=translate(COUNTS[latest.deadline.counted], visit.language),
        states=_named(STATES, visit),
        badges=BADGES,
        done=_named(DONE, visit).get(visit.query.get("done", "")) if problem is None and status is None else None,
    )


def _publication_page(visit: Visit, found: Shown, problem: Problem | None = None) -> Answer:
    known, places = units.every(), areas.every()
    draft = found.latest.form
    ways, _ = branches(draft, places, border())
    before = found.versions[found.head.published].form if found.head.published else None
    new = dict(lines(draft, known, places, visit.language))
    old = dict(lines(before, known, places, visit.language)) if before else {}
    return page(
        visit,
        "pages/staff/form_publication.html",
        problem.kind.status if problem else 200,
        found=found,
        problem=refused(visit, problem),
        faults=[
            (one.part, translate(one.message, visit.language, **one.values))
            for one in publishing.missing(draft, known, places, visit.now)
        ],
        parts_of_form=_named(PARTS, visit),
        differences=[
            (label, old.get(label, ""), new.get(label, ""))
            for label in dict.fromkeys([*new, *old])
            if old.get(label, "") != new.get(label, "")
        ],
        ways=list(dict.fromkeys(unit_name(one.unit_id, known, visit.language) for one in ways)),
        is_first=before is None,
    )


def _named(texts: Mapping[str, str], visit: Visit) -> dict[str, str]:
    return words.in_language(texts, visit.language)
