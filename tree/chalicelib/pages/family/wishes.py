"""A family's wishes for one opening, in order: added, moved up and down, taken away, each by a button."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from chalicelib.booking.draw.table import MOST_WISHES as MOST_ENTERED
from chalicelib.booking.registrations import register
from chalicelib.booking.wishes.rules import MOST_WISHES, moved
from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import FieldError, Problem, invalid
from chalicelib.core.languages import N_, translate
from chalicelib.pages.family import wished
from chalicelib.pages.family.family import own
from chalicelib.pages.family.wish_words import Words
from chalicelib.pages.family.wished import WishRow
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import page, redirect
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.families.proving import seen_pass
from chalicelib.people.families.rules import Bearer
from chalicelib.programme.openings.passes import with_moments
from chalicelib.programme.openings.rules import Opening

NOTHING_CHOSEN = N_("Choose a session for at least one child.")
NEW = "new"


def show(visit: Visit, who: Bearer, opening_id: str) -> Answer:
    """`?session=`: the session that somebody came from, chosen already for the children whom it suits."""
    return _page(visit, who, wished.opening_of(visit, opening_id), Form())


def take(visit: Visit, who: Bearer, opening_id: str) -> Answer:
    """One button of the page: `add`, `up`, `down` or `remove` with the key of a wish, or `by_itself`."""
    typed = read_form(visit)
    opening = wished.opening_of(visit, opening_id)
    before = wished.wished(visit, who, opening)
    by_itself = bool(before.prepared and before.prepared.by_itself)
    rows: Sequence[WishRow] = [row for _, row in before.live]
    try:
        if typed.has("add"):
            rows = wished.added(rows, _chosen(who, typed), opening)
        elif typed.has("by_itself"):
            by_itself = typed["by_itself"] == "yes"
        else:
            rows = _arranged(rows, typed)
        wished.keep(visit, who, before, rows, by_itself=by_itself)
    except Problem as problem:
        of_rows, of_new = wished.errors_of(problem, len(before.live))
        return _page(visit, who, opening, _wrong(typed, of_new, visit.language), of_rows)
    return redirect(visit, f"/wishes/{opening_id}#wishes")


def _page(
    visit: Visit,
    who: Bearer,
    opening: Opening,
    form: Form,
    of_rows: Mapping[int, FieldError] | None = None,
) -> Answer:
    known = with_moments(who, visit.now, visit.language, seen_pass)
    # What it registered within this second may be missing among what the page warns of.
    wishes = wished.wished(visit, who, opening, register.all_of(who, visit.now, consistent=False))
    fitting, seats = wished.choices(who, opening, int(visit.now.timestamp()))
    most = MOST_ENTERED if wished.is_open_draw(opening) else MOST_WISHES
    return page(
        visit,
        "pages/family/wishes.html",
        422 if of_rows or form.errors else 200,
        own=own(visit, who, known, opening, wishes),
        wishes=wishes,
        words=Words(visit.language, known.names),
        children=[one for one in known.children if one.child_id in who.children],
        fitting=fitting,
        seats=seats,
        form=_preselected(form, fitting, visit.query.get("session")),
        row_errors={
            number: translate(error.message, visit.language, **error.values)
            for number, error in (of_rows or {}).items()
        },
        may_add=len(wishes.live) < most,
        takes_wishes=wished.takes_wishes(opening, visit.now),
        at=int(visit.now.timestamp()),
    )


def _chosen(who: Bearer, typed: Form) -> list[tuple[str, str]]:
    """Raises Problem `invalid` if no child has a session."""
    pairs = [(child, typed[f"{NEW}.{child}"]) for child in who.children if typed[f"{NEW}.{child}"]]
    if not pairs:
        raise invalid(NEW, NOTHING_CHOSEN)
    return pairs


def _arranged(rows: Sequence[WishRow], typed: Form) -> list[WishRow]:
    keys = [row.key for row in rows]
    if typed.has("up"):
        keys = moved(keys, typed["up"], -1)
    elif typed.has("down"):
        keys = moved(keys, typed["down"], 1)
    elif typed["remove"] in keys:
        keys.remove(typed["remove"])
    by_key = {row.key: row for row in rows}
    return [by_key[key] for key in keys]


def _wrong(typed: Form, error: FieldError | None, language: str) -> Form:
    if error is None:
        return typed
    return replace(typed, errors={NEW: translate(error.message, language, **error.values)})


def _preselected(form: Form, fitting: Mapping[str, Sequence[Any]], session_id: str | None) -> Form:
    if form.values or not session_id:
        return form
    suits = [child for child, sessions in fitting.items() if any(one.session_id == session_id for one in sessions)]
    return Form({f"{NEW}.{child}": session_id for child in suits})
