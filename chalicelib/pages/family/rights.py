"""A family looks at all that is kept about it, takes it along, forgets its links, or has everything deleted."""

import json
from typing import cast

from chalicelib.booking.answers.as_asked import as_asked
from chalicelib.booking.answers.rules import Answers, AnswerValue, ChildAnswers, GivenAnswer, in_text
from chalicelib.core.http.answering import Answer, File
from chalicelib.core.http.answers import plain
from chalicelib.pages.frame.cookies import LINK, PASS
from chalicelib.pages.frame.forms import read_form
from chalicelib.pages.frame.pages import page
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.families import changes, leaving
from chalicelib.people.families.rules import Bearer
from chalicelib.programme.questions import table as questions
from chalicelib.programme.questions.rules import Asked, said
from chalicelib.rights import telling
from chalicelib.rights.telling import KeptAnswers


def show(visit: Visit, who: Bearer) -> Answer:
    kept = telling.everything(who.family_id, visit.now)
    names = {child.child_id: child.first_name for one in kept.passes for child in one.children}
    sessions = {one.registration_id: one.session_id for one in kept.registrations}

    def answers_of(one: KeptAnswers) -> list[tuple[str, str]]:
        """The questions and the answers as they were given. A question that the camp lost is called by its key."""
        session_id = sessions.get(one.registration_id)
        asked = questions.questions_of(session_id, visit.now) if session_id else Asked()
        given = {key: GivenAnswer(cast(AnswerValue, value), one.versions[key]) for key, value in one.answers.items()}
        known = as_asked(asked, [Answers("", {one.child_id: ChildAnswers(given, one.answered_at)})])
        return [
            (said(found.label, visit.language), in_text(found, answer.value, visit.language))
            if (found := known.get((key, answer.version)))
            else (key, str(answer.value))
            for key, answer in given.items()
        ]

    return page(visit, "pages/family/kept.html", kept=kept, first_names=names, answers_of=answers_of)


def download(visit: Visit, who: Bearer) -> Answer:
    """The same as the API answers, to keep."""
    kept = telling.everything(who.family_id, visit.now)
    content = json.dumps(kept, ensure_ascii=False, indent=1, default=plain).encode()
    return Answer(200, File(content, "application/json", "stormloop.json"))


def forget_links(visit: Visit, who: Bearer) -> Answer:
    """Every link and cookie of the family, this browser's too."""
    read_form(visit)
    changes.revoke(who.family_id)
    return _gone(visit, "pages/family/links_forgotten.html")


def ask_to_erase(visit: Visit, who: Bearer) -> Answer:
    return page(visit, "pages/family/erase.html")


def erase(visit: Visit, who: Bearer) -> Answer:
    read_form(visit)
    leaving.ask(who.family_id, visit.now)
    return _gone(visit, "pages/family/erased.html")


def _gone(visit: Visit, template: str) -> Answer:
    for cookie in (PASS, LINK):
        visit.forget_cookie(cookie)
    return page(visit, template)
