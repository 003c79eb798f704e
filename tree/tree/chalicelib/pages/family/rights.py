"""A family looks at all that is kept about it, takes it along, forgets its links, or has everything deleted."""

import json

from chalicelib.core.http.answering import Answer, File
from chalicelib.core.http.answers import plain
from chalicelib.pages.frame.cookies import LINK, PASS
from chalicelib.pages.frame.forms import read_form
from chalicelib.pages.frame.pages import page
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.families import changes, leaving
from chalicelib.people.families.rules import Bearer
from chalicelib.rights import telling


def show(visit: Visit, who: Bearer) -> Answer:
    kept = telling.everything(who.family_id, visit.now)
    names = {child.child_id: child.first_name for one in kept.passes for child in one.children}
    return page(visit, "pages/family/kept.html", kept=kept, first_names=names)


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
