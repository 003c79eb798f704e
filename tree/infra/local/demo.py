"""`make demo`: a family, the desk and finance, one step after the other, on the system that `make run` serves.

Everything goes through the public API, as docs/api.md has it; the families read their mails in the mailbox, and finance
looks at its page. Each run has new families, and leaves their registrations.
"""

import argparse
import csv
import secrets
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any, TypeVar
from urllib.error import URLError
from zoneinfo import ZoneInfo

from infra.local.api import Refused, ask, must
from infra.local.emulator import MAILS
from infra.local.mailbox import Mail, mails
from infra.local.package import ROOT
from infra.local.sign_in import browser, token

PATIENCE_SECONDS = 60
COLOURS = {"anybody": 36, "family": 32, "second": 32, "manager": 33, "desk": 35, "auditor": 34, "finance": 34}
NOT_SERVING = "Nothing serves here. Start it with `make run` in another terminal, then `make demo`."
Found = TypeVar("Found")


class NotServing(Exception):
    pass


class TookTooLong(Exception):
    pass


@dataclass
class Family:
    """`bearer`, `child_id`: what its pass says, once it has one."""

    first_name: str
    last_name: str
    born: str
    bearer: str = ""
    child_id: str = ""

    @property
    def email(self) -> str:
        return f"{self.first_name}.{self.last_name}@example.org".lower()

    @property
    def children(self) -> list[dict[str, str]]:
        return [{"first_name": self.first_name, "last_name": self.last_name, "birth_date": self.born}]


@dataclass(frozen=True)
class Stage:
    """The system that serves: its addresses, its mails, its staff."""

    base: str
    pages: str
    mailbox: str
    home: Path

    def say(self, who: str, what: str) -> None:
        colour = f"\033[{COLOURS[who]}m{who:>8}\033[0m" if sys.stdout.isatty() else f"{who:>8}"
        print(f"{colour}  {what}", flush=True)

    def ask(self, method: str, path: str, bearer: str = "", content: Any = None, key: str = "") -> Any:
        """The document of the answer; raises Refused."""
        return must(ask(self.base, method, path, bearer, content, key=key))

    def mail(self, to: Family, says: str) -> Mail:
        """The newest to that family with these words in it, once it is there."""
        return self.wait(
            f"mail to {to.email}",
            lambda: next((one for one in mails(self.home / MAILS) if to.email in one.to and says in one.text), None),
        )

    def wait(self, what: str, look: Callable[[], Found | None]) -> Found:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            found = look()
            if found is not None:
                return found
            time.sleep(0.5)
        raise TookTooLong(f"There is no {what} after {PATIENCE_SECONDS} seconds.")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__)
    parser.add_argument("--home", type=Path, default=ROOT / ".stormloop", help="where make run keeps everything")
    try:
        play(stage(parser.parse_args(arguments).home))
    except NotServing:
        print(NOT_SERVING, file=sys.stderr)
        return 1
    except (Refused, TookTooLong) as trouble:
        print(f"The story ends here: {trouble}", file=sys.stderr)
        return 1
    return 0


def stage(home: Path) -> Stage:
    """Raises NotServing."""
    try:
        base, pages, box = ((home / name).read_text().strip() for name in ("url", "pages", "mailbox"))
        must(ask(base, "GET", "/api/health"))
    except (FileNotFoundError, URLError, OSError, Refused):
        raise NotServing from None
    return Stage(base, pages, box, home)


def play(on: Stage) -> None:
    began = time.monotonic()
    session, other = look_around(on)
    first, second = new_family("Lou", session), new_family("Mila", session)
    for who, family in (("family", first), ("second", second)):
        ask_for_a_pass(on, who, family)
    seat = register_twice(on, first, session)
    hand_on_the_seat(on, session, first, seat, second)
    meet_the_desk(on, new_family("Jef", other), other)
    read_the_ledger(on)
    count_the_cost(on)
    print(f"\nThat took {time.monotonic() - began:.0f} seconds. See for yourself:")
    for name, address in (("Programme", "/programme"), ("Openings", "/openings"), ("Office", "/office")):
        print(f"  {name:10}{on.pages}{address}")
    print(f"  {'Mails':10}{on.mailbox}")


def look_around(on: Stage) -> tuple[Any, Any]:
    """Two sessions that are open; the second one for the desk."""
    on.say("anybody", f"asks whether it is there: {on.ask('GET', '/api/health')['status']}")
    sessions = on.ask("GET", "/api/sessions")["sessions"]
    is_open = [one for one in sessions if one["status"] == "open" and not one["opening_id"] and one["seats_left"] > 1]
    on.say("anybody", f"reads the programme: {len(sessions)} sessions, {len(is_open)} to choose from now")
    if len(is_open) < 2:
        raise TookTooLong("too few sessions are open: make run FRESH=1")
    return is_open[0], is_open[1]


def new_family(first_name: str, session: Mapping[str, Any]) -> Family:
    """One that nobody knows, with a child of the right age."""
    name = "".join(secrets.choice("bdgklmnrst") + secrets.choice("aeiou") for _ in range(4)).capitalize()
    return Family(first_name, name, f"{int(session['starts_on'][:4]) - session['age_min'] - 1}-03-02")


def ask_for_a_pass(on: Stage, who: str, family: Family) -> None:
    wanted = {"email": family.email, "language": "en", "postcode": "9970", "children": family.children}
    on.ask("POST", "/api/passes", content=wanted)
    on.say(who, f"asks for a pass for {family.first_name} {family.last_name}: accepted, whoever it is; see the mail")
    mail = on.mail(family, "token=")
    family.bearer = mail.text.partition("token=")[2].split()[0]
    on.say(who, f"reads its mail: “{mail.subject}” {on.mailbox}/{mail.mail_id}")
    (child,) = on.ask("GET", "/api/pass", family.bearer)["children"]
    family.child_id = child["child_id"]
    on.say(who, f"opens the link: the pass knows {child['first_name']}, born {child['birth_date']}")


def register(on: Stage, family: Family, session: Mapping[str, Any], key: str) -> Any:
    wanted = {"session_id": session["session_id"], "child_ids": [family.child_id], "waitlist": True}
    return on.ask("POST", "/api/registrations", family.bearer, wanted, key)


def register_twice(on: Stage, family: Family, session: Mapping[str, Any]) -> Any:
    seat = register(on, family, session, "first tap")
    where = f"{session['title']}, {session['municipality']}"
    on.say("family", f"registers for {where}: {seat['status']}, reference {seat['reference']}")
    again = register(on, family, session, "first tap")
    same = "the same registration" if again == seat else f"another one, {again['reference']}"
    on.say("family", f"taps again, because the line dropped: {same}")
    mail = on.mail(family, seat["reference"])
    on.say("family", f"reads its mail: “{mail.subject}”, with {mail.attachments[0].name}")
    return seat


def hand_on_the_seat(
    on: Stage, session: Mapping[str, Any], first: Family, seat: Mapping[str, Any], second: Family
) -> None:
    """Every seat is taken, one family waits, the other cancels."""
    path = f"/api/staff/sessions/{session['session_id']}/capacity"
    now = on.ask("GET", f"/api/sessions/{session['session_id']}")
    manager = token("programme-manager", on.home)
    taken = {"capacity": now["capacity"] - now["seats_left"], "reason": "A leader is ill: no more seats for now."}
    full = on.ask("PUT", path, manager, taken)
    on.say("manager", f"lowers its seats from {now['capacity']} to {full['capacity']}, with a reason: it is full")

    waiting = register(on, second, session, "second")
    on.say("second", f"registers there too: {waiting['status']}, place {waiting['waitlist_position']}")
    on.ask("DELETE", f"/api/registrations/{seat['registration_id']}", first.bearer)
    on.say("family", "cancels its own: the seat is free, and it goes to whoever waits, not to whoever is quick")
    own = f"/api/registrations/{waiting['registration_id']}"

    def offered() -> Any:
        found = on.ask("GET", own, second.bearer)
        return found if found["status"] == "offered" else None

    offer = on.wait("offer to the family that waits", offered)
    until = datetime.fromisoformat(offer["held_until"]).astimezone(ZoneInfo("Europe/Brussels"))
    on.say("second", f"is next: {offer['status']} until {until:%H:%M on %d %B}; a mail says so")
    accepted = on.ask("POST", f"{own}/acceptance", second.bearer)
    on.say("second", f"accepts: {accepted['status']}, reference {accepted['reference']}")
    back = {"capacity": now["capacity"], "reason": "The leader is back."}
    on.say("manager", f"gives the seats back, with a reason: {on.ask('PUT', path, manager, back)['capacity']}")


def meet_the_desk(on: Stage, family: Family, session: Mapping[str, Any]) -> None:
    """A family without mail is registered by the desk, which finds it again."""
    desk = token("desk", on.home)
    wanted = {
        "language": "nl",
        "postcode": "9970",
        "children": family.children,
        "session_id": session["session_id"],
        "waitlist": True,
        "reason": "The family has no mail address and came by.",
    }
    seat = on.ask("POST", "/api/staff/registrations", desk, wanted, secrets.token_hex(8))
    name = f"{family.first_name} {family.last_name}"
    on.say("desk", f"registers {name}, whose parents have no mail: {seat['status']}, with a letter")
    number = seat["desk_number"]
    (found,) = on.ask("GET", f"/api/staff/registrations?desk_number={number}", desk)["registrations"]
    on.say("desk", f"finds it by the letter's number {number}: {found['reference']}, {found['status']}")


def read_the_ledger(on: Stage) -> None:
    auditor = token("auditor", on.home)
    entries: list[Any] = []
    after: int | None = 0
    while after is not None:
        part = on.ask("GET", f"/api/staff/ledger?after={after}", auditor)
        entries += part["entries"]
        after = part["next"]
    what, private = entries[-1]["public"]["what"], entries[-1]["private"]
    said = f"{what}, {private['by']['name']}: “{private['reason']}”"
    on.say("auditor", f"reads the ledger: {len(entries)} entries, each sealed to the one before; the last: {said}")


def count_the_cost(on: Stage) -> None:
    """As finance's page has it, from what the logs say that was used until now."""
    with browser("finance", on.home, on.pages).open(f"{on.pages}/office/cost.csv", timeout=30) as answer:
        rows = list(csv.DictReader(StringIO(answer.read().decode("utf-8-sig")), delimiter=";"))
    usd = {one["item"]: Decimal(0) for one in rows}
    for one in rows:
        usd[one["item"]] += Decimal(one["usd"].replace(",", "."))
    mails = usd.get("mail", Decimal(0))
    on.say("finance", f"looks at the bill so far: ${sum(usd.values()):.4f} at list price, ${mails:.4f} of it mails")


if __name__ == "__main__":
    sys.exit(main())
