"""Given: helpers whom the city named, families that let them in, and their browsers."""

from datetime import UTC, datetime, timedelta

from chalicelib.core.moments import today
from chalicelib.people.assistance import helping, naming, table
from chalicelib.people.assistance.naming import Person
from chalicelib.people.assistance.rules import Helper, LetIn, Scope
from chalicelib.people.staff.rules import Role, Staff
from tests.camps import Family
from tests.pages.frame.browsing import Browser

MANAGER = Staff("sub-Els Maes", "Els Maes", frozenset({Role.MANAGER}), "els@kaprijke.example")
JAN = Person("Jan Maes", "jan@bib.example")
LOOKS = frozenset({Scope.REGISTRATIONS})


def now() -> datetime:
    return datetime.now(UTC)


def named(person: Person = JAN, organisation: str = "Bibliotheek Kaprijke", days: int = 30) -> Helper:
    """Given a helper of the library, until a month from now."""
    naming.name(MANAGER, organisation, [person], today(now()) + timedelta(days=days), "nl", now())
    found = table.get(naming.helper_id(person.email))
    assert found
    return found


def link(helper: Helper) -> str:
    """The token in the mail that the helper got last."""
    found = table.link_of(helper.helper_id)
    assert found
    return naming.link_token(found)


def signed_in(helper: Helper) -> str:
    """Given a helper who asked for a link and followed it: the cookie of the browser."""
    table.ask_link(helper.helper_id, today(now()), now() + timedelta(hours=1), now() + timedelta(hours=2))
    return naming.come(link(helper), now())


def let_in(helper: Helper, family: Family, scope: frozenset[Scope] = LOOKS) -> str:
    """Whom this family let in: the cookie of the help."""
    return helping.begin_by_code(helper, code(family, scope), now()).cookie


def code(family: Family, scope: frozenset[Scope] = LOOKS, minutes: int = 30) -> str:
    """Given a family that asked for a code on its phone."""
    of = family.pass_
    return helping.make_code(of.family_id, of.pass_id, scope, minutes, LetIn.CODE, now())


def helper_browser(helper: Helper, language: str = "en") -> Browser:
    """Given a helper who followed the link of their mail."""
    browser = Browser(language)
    browser.cookies["helper"] = signed_in(helper)
    return browser


def helping_browser(helper: Helper, family: Family, scope: frozenset[Scope] = LOOKS) -> Browser:
    """And whom this family let in."""
    browser = helper_browser(helper)
    browser.cookies["help"] = let_in(helper, family, scope)
    return browser
