"""Who may look at a registration: its family by its pass, or who followed the link in a mail about just this one."""

from chalicelib.booking.offers import links
from chalicelib.booking.offers.links import Link
from chalicelib.booking.registrations.rules import belongs_to, family_of
from chalicelib.core.http.problems import UNAUTHORIZED, Problem
from chalicelib.pages.frame.cookies import LANGUAGE, LINK
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.families import table as families
from chalicelib.people.families.handlers import known_bearer
from chalicelib.people.families.rules import Bearer


def keep(visit: Visit, token: str) -> Link:
    """A visitor with the link of a mail goes on at an address without it, and in the family's language unless another
    one was chosen. Raises Problem `unauthorized`."""
    link = links.read(token)
    who = by_link(link)
    visit.set_cookie(LINK, token)
    if LANGUAGE not in visit.cookies:
        visit.set_cookie(LANGUAGE, who.language)
    return link


def link_of(visit: Visit) -> Link:
    """Raises Problem `unauthorized`."""
    return links.read(visit.cookies.get(LINK, ""))


def by_link(link: Link) -> Bearer:
    """The bearer that the link stands for, and only for its registration. Raises Problem `unauthorized`."""
    family = families.get(family_of(link.registration_id), link.pass_id)
    if family is None:
        raise Problem(UNAUTHORIZED)
    return family.bearer


def visitor(visit: Visit, registration_id: str) -> Bearer:
    """The bearer that this browser is for this registration. Raises Problem `unauthorized`; the use case refuses
    another family's registration."""
    who = known_bearer(visit)  # None for an old pass too, which keeps nobody from using a link
    if who and belongs_to(registration_id, who.family_id):
        return who
    if LINK in visit.cookies:
        link = link_of(visit)
        if link.registration_id == registration_id:
            return by_link(link)
    if who:
        return who
    raise Problem(UNAUTHORIZED)
