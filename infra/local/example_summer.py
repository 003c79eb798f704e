"""What there is besides a programme, so that every page has something on it: sessions that are open, a draw for which
families entered their wishes, hours in the pool, and a tariff.

`python -m infra.local.example_summer`, which `make run` starts in the environment of its system. The use cases bring it
about, told the moments at which people would have come, because nobody waits three weeks for an example.
"""

import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from holidays import country_holidays

from chalicelib.booking.draw import wishes
from chalicelib.core.http.problems import Problem
from chalicelib.core.moments import brussels
from chalicelib.money.citypass import providers, versions
from chalicelib.money.citypass.rules import Benefit, BudgetRule, BudgetUnit, IncomeRule, PassRule
from chalicelib.money.tariffs.rules import Labels
from chalicelib.office.publication import drafts
from chalicelib.people.assistance import helping, naming
from chalicelib.people.assistance import table as assistance
from chalicelib.people.assistance.rules import MINUTES, LetIn, Scope
from chalicelib.people.families import handlers as passes
from chalicelib.people.families import table as families
from chalicelib.people.families.handlers import WantedPass
from chalicelib.people.families.identity import family_id
from chalicelib.people.families.proving import prove
from chalicelib.people.families.rules import Pass, child
from chalicelib.people.staff.rules import EVERYWHERE, Role, Staff
from chalicelib.programme.openings.rules import OpeningKind, Plan, Window
from chalicelib.programme.sessions import table as programme
from chalicelib.programme.sessions.rules import Session
from chalicelib.swimming import booking, planning, rules, timetable
from infra.local.example import DRAWN
from infra.local.example_certificates import prepare_certificates
from infra.local.example_opening import MUNICIPALITY
from infra.local.example_payee import take_money
from infra.local.example_tariff import accept_a_tariff
from infra.local.staff import EXAMPLES

PUBLISHED, WISHES = timedelta(days=21), timedelta(days=14)  # so long ago; and for so long they were taken
COUNTRY, POSTCODE = "BE", "9255"
TITLES = {"nl": "Sportkampen", "fr": "Stages sportifs", "en": "Sports camps"}
PROMISE = {
    "nl": "Loopt er iets mis, dan loten we later. Wie wensen ingaf, hoeft niets opnieuw te doen.",
    "fr": "En cas de problème, le tirage est reporté. Les souhaits déjà introduits restent valables.",
    "en": "If something goes wrong, we draw later. Wishes that were entered stay.",
}
POOL_DAYS = 180


@dataclass(frozen=True)
class Family:
    """`children`: first names, and how old each is on the first day of its camp."""

    name: str
    language: str
    children: tuple[tuple[str, int], ...]

    @property
    def email(self) -> str:
        return f"{self.name.lower()}@example.org"


FAMILIES = (
    Family("Maes", "nl", (("Nora", 4), ("Finn", 8))),
    Family("Haddad", "fr", (("Lina", 6),)),
    Family("Smets", "nl", (("Wout", 9), ("Fien", 3))),
    Family("Diallo", "fr", (("Idris", 5), ("Awa", 10))),
    Family("Peeters", "nl", (("Jef", 7),)),
    Family("Obi", "en", (("Ada", 11), ("Ben", 4))),
)
# A lane, the days of the week, from, until, places.
POOL = (
    ("Baan 1 en 2", (0, 2, 4, 5, 6), "07:30", "08:30", "24"),
    ("Instructiebad", (2, 5, 6), "10:00", "11:30", "40"),
    ("Baan 1 en 2", (0, 1, 3, 4), "18:00", "19:00", "24"),
)


def main() -> int:
    now = datetime.now(UTC).replace(microsecond=0)
    open_registration(now)
    try:
        collect_wishes(now)
    except Problem as refusal:  # begun again after it broke off: the camps have their opening already
        print(f"There is no new draw for {DRAWN}: {refusal.kind.slug}", file=sys.stderr)
    open_the_pool(now)
    manager, director, finance = (_staff(who) for who in ("programme-manager", "director", "finance"))
    accept_a_tariff(manager, (director, finance), now)
    take_money(finance, now)
    prepare_certificates(now)
    begin_the_city_pass(now)
    name_helpers(manager, now)
    return 0


def open_registration(now: datetime) -> None:
    """Of all sessions but those that the example's two openings give."""
    sessions = [one for one in programme.all_sessions() if one.municipality not in (DRAWN, MUNICIPALITY)]
    programme.set_opening([one.session_id for one in sessions if not one.opening_id], now)
    print(f"Sessions that are open from now on: {len(sessions)}.", flush=True)


def collect_wishes(now: datetime) -> None:
    """An opening by draw is published, families ask for their passes and enter wishes, and the list can be closed."""
    sessions = [one for one in programme.all_sessions() if one.municipality == DRAWN]
    day = _no_holiday(now.date() - PUBLISHED)
    published_at, passes_until, opens_at = (_at(day, hour) for hour in (9, 18, 19))
    plan = Plan(
        kind=OpeningKind.DRAW,
        titles=TITLES,
        country=COUNTRY,
        session_ids=tuple(one.session_id for one in sessions),
        windows=(Window(opens_at, timedelta()),),
        passes_until=passes_until,
        expected_families=500,
        incident_rule=PROMISE,
        wishes_until=_at(day + WISHES, 19),
    )
    manager, *approvers = (_staff(who) for who in ("programme-manager", "approver", "director"))
    opening = drafts.create(plan, manager, published_at)
    for by in approvers:
        drafts.approve(opening.opening_id, opening.version, by, published_at, "en")
    drafts.publish(opening.opening_id, opening.version, manager, published_at, "en")
    for number, family in enumerate(FAMILIES, start=1):
        known = _prepared(family, sessions, published_at + timedelta(minutes=number))
        children = [(one.child_id, _camp(one.birth_date, sessions)) for one in known.children]
        # All of its children, or else the first one.
        wanted = [tuple(children), *([tuple(children[:1])] if len(children) > 1 else [])]
        wishes.enter(known.bearer, opening.opening_id, wanted, opens_at + timedelta(hours=number))


def open_the_pool(now: datetime) -> None:
    """Hours for half a year, some of which families have booked."""
    first = now.date()
    for lane, weekdays, starts, ends, places in POOL:
        for weekday in weekdays:
            hours = {"lane": lane, "weekday": str(weekday), "starts": starts, "ends": ends, "places": places}
            days = {"valid_from": first.isoformat(), "valid_until": (first + timedelta(POOL_DAYS)).isoformat()}
            planning.add_pattern(hours | days, now)
    # From tomorrow on: what is on today may be over.
    found = rules.slots(timetable.current(), first + timedelta(days=1), first + timedelta(days=7))
    for number, family in enumerate(FAMILIES):
        booking.book(family_id(family.email), found[number % 4].slot_id, 2 + number % 4, now)


def begin_the_city_pass(now: datetime) -> None:
    """A rule that two people put into force, and a club that takes its vouchers."""
    if versions.every():
        return
    enters, accepts = (_staff(who) for who in ("finance", "programme-manager"))
    rule = PassRule(
        first_day=now.date() - timedelta(days=30),
        article="Reglement stadspas, artikel 4 (voorbeeld)",
        municipality=MUNICIPALITY,
        entitlement="kansenpas",
        postcodes=(),
        income=IncomeRule(150_000, 75_000, 45_000, 10),
        benefits=(Benefit("leefloon", Labels("Leefloon", "Revenu d’intégration", "Living wage")),),
        budgets=(
            BudgetRule("sport", Labels("Sport", "Sport", "Sport"), BudgetUnit.CENTS, 12_000, age_until=17),
            BudgetRule("swimming", Labels("Zwemmen", "Natation", "Swimming"), BudgetUnit.PIECES, 10, piece_cents=250),
        ),
        decide_days=30,
        object_days=30,
        months=12,
    )
    versions.accept(versions.enter(rule, 0, enters), accepts)
    club, key = providers.enter("Zwemclub (voorbeeld)", "BE68539007547034", frozenset({"sport", "swimming"}), enters)
    providers.accept(club, accepts)
    print(f"A city pass, /citypass; a club redeems vouchers at /citypass/redeem?key={key}", flush=True)


def name_helpers(by: Staff, now: datetime) -> None:
    """One of a library, who helped a family yesterday, and a neighbour. Their links are in the mailbox."""
    if assistance.every():
        return
    jan, mia = (naming.Person(f"{name} (voorbeeld)", f"{name.lower()}@example.org") for name in ("Jan", "Mia"))
    naming.name(by, "Bibliotheek (voorbeeld)", [jan], now.date() + timedelta(days=180), "nl", now)
    naming.name(by, "", [mia], now.date() + timedelta(days=30), "nl", now)
    yesterday = now - timedelta(days=1)
    helper, family = assistance.get(naming.helper_id(jan.email)), helping.newest(family_id(FAMILIES[0].email), now)
    if helper and family:
        scope = frozenset({Scope.REGISTRATIONS})
        code = helping.make_code(family.family_id, family.pass_id, scope, MINUTES[1], LetIn.CODE, yesterday)
        helping.begin_by_code(helper, code, yesterday)
    print(f"Helpers: {jan.email} of a library, {mia.email} of the street; they begin at /helping.", flush=True)


def _prepared(family: Family, sessions: list[Session], now: datetime) -> Pass:
    children = tuple(child(name, family.name, _born(age, sessions)) for name, age in family.children)
    pass_id = passes.ask_for(WantedPass(family.email, family.language, POSTCODE, children), now, source="")
    found = families.get(family_id(family.email), pass_id)
    assert found, "MOST_PASSES_AN_HOUR is more than one"
    return prove(found, now)


def _born(age: int, sessions: list[Session]) -> date:
    """Of a child who is that old on the first day of the camp for its age: it had its birthday in spring."""
    (first,) = (one.starts_on for one in sessions if _takes(one, age))
    assert first
    return date(first.year - age, 4, 12)


def _camp(born: date, sessions: list[Session]) -> str:
    (found,) = (one for one in sessions if one.starts_on and _takes(one, one.starts_on.year - born.year))
    return found.session_id


def _takes(session: Session, age: int) -> bool:
    return session.age_min is not None and session.age_max is not None and session.age_min <= age <= session.age_max


def _no_holiday(day: date) -> date:
    """That day or one of those before: no opening begins on a public holiday."""
    holidays = country_holidays(COUNTRY)
    return next(one for one in (day - timedelta(days=number) for number in range(9)) if one not in holidays)


def _at(day: date, hour: int) -> datetime:
    """By the clocks in Brussels."""
    return datetime.combine(day, time(hour), brussels()).astimezone(UTC)


def _staff(who: str) -> Staff:
    found = next(one for one in EXAMPLES if one.who == who)
    return Staff(who, found.name, frozenset[Role](found.roles), found.email, frozenset({EVERYWHERE}))


if __name__ == "__main__":
    sys.exit(main())
