"""A browser that somebody helps a family with, and one that stands in public: what each request of theirs means, and
what is left of it afterwards."""

from collections.abc import Mapping
from dataclasses import replace

from chalicelib import routes
from chalicelib.core.http.problems import Problem
from chalicelib.core.observability import log
from chalicelib.pages.frame.cookies import ASKED, HELP, LINK, PASS, PROVIDER, name_of
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.rules import Caller

# The helper's own pages, on which helps begin and end: nothing there is done for a family.
OWN = ("/helping", "/helping/enter")
# The same for everybody, and of nobody.
FILES = ("/assets/{name}", "/logos/{name}")
# As much of what stands in an address as an id of ours can have.
MOST_OF_A_NAME = 100
# The slug of what is refused to a helper while the help goes on.
OUTSIDE_HELP = "outside-help"
# Whatever of a family a browser may have. (The helper's own sign-in, the language and the word of this browser's
# forms are not.)
OF_FAMILIES = (PASS, LINK, ASKED, PROVIDER, HELP)
# The browser forgets each page of ours that it kept, also for its back button. Not what it stores: reports that are not
# sent yet wait there (assets/later.js), and marks of the gate (assets/gate.js).
FORGET_PAGES = {"Clear-Site-Data": '"cache"'}


def helped(visit: Visit) -> Visit:
    """The visit as the family that is helped, where the page is one of the help; as nobody everywhere else. Raises
    Problem `help-over` and `outside-help`."""
    from chalicelib.people.assistance import helping  # noqa: PLC0415 for helpers only

    own = {name: value for name, value in visit.cookies.items() if name not in (PASS, LINK)}
    if visit.address in FILES:
        return visit
    if visit.address in OWN:
        return replace(visit, help=helping.present(visit.cookies[HELP], visit.now), token=None, cookies=own)
    route = routes.find(visit.method, visit.address)
    is_for_families = route is not None and route.who in (Caller.FAMILY, Caller.FAMILY_BY_LINK, Caller.HOLDER)
    try:
        acting = helping.acting(
            visit.cookies[HELP],
            *(visit.method, visit.address, _about(visit), visit.now),
            is_for_families=is_for_families,
        )
    except Problem as problem:
        if problem.kind is helping.OVER:
            forget_families(visit)
        raise
    if acting is None:
        forget_families(visit)
        return replace(visit, token=None, cookies=own)
    return replace(visit, help=acting.help, token=acting.token, cookies=own, act_id=acting.act_id)


def helping_still(visit: Visit) -> Visit:
    """For the page that refuses something: the help goes on, and is seen there too."""
    from chalicelib.people.assistance import helping  # noqa: PLC0415 for helpers only

    return replace(visit, help=helping.present(visit.cookies[HELP], visit.now), token=None)


def note_answer(visit: Visit, status: int) -> None:
    """How a helper's request was answered. If it cannot be written down the answer goes out all the same, because it is
    done: the receipt says then that it was asked for."""
    from chalicelib.people.assistance import helping  # noqa: PLC0415 for helpers only

    assert visit.help is not None, "only a helper's requests are written down"
    try:
        helping.note(visit.help, visit.act_id, status)
    except Exception as error:  # noqa: BLE001 whatever it was, what was asked for is done
        log.error("act_not_noted", error=type(error).__name__)


def forget_families(visit: Visit) -> None:
    """Nothing of any family stays in this browser."""
    for cookie in OF_FAMILIES:
        visit.forget_cookie(cookie)


def begin_idling_anew(visit: Visit) -> None:
    """Whoever asks for a page is there: a public computer counts from now on. Nothing for who was just signed out."""
    are_set = {name_of(cookie, visit.is_local) for cookie in (PASS, LINK)} & {one.split("=")[0] for one in visit.to_set}
    for cookie in (PASS, LINK):
        if visit.idle_minutes and visit.cookies.get(cookie) and not are_set:
            visit.set_cookie(cookie, visit.cookies[cookie])


def _about(visit: Visit) -> Mapping[str, str]:
    """What stands in the address, by its names in the table of routes."""
    names, values = visit.address.split("/"), visit.path.split("/")
    return {
        name.strip("{}"): value[:MOST_OF_A_NAME]
        for name, value in zip(names, values, strict=False)
        if name.startswith("{") and value
    }
