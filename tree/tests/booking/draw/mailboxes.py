"""What more mailboxes than one gain or spoil in a draw: `python -m tests.booking.draw.mailboxes` prints it for
docs/draw.md.

A town of fifty families draws again and again, one wish each, for one camp with seats for a share of them. The family
of Lou and Jef, and a stranger who knows their names and birth dates, try what they can.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.booking.draw.rules import DrawEntry, Pair, Room, Start, allocate, in_order
from chalicelib.programme.openings.rules import Bundles
from tests.booking.draw.allocations import with_keys

FAMILIES = 50
SHARES = (0.3, 0.6, 0.9)
CAMP, DULL, FULL = "camp", "a dull camp on the same days", "a full camp"
OWN = "own"


@dataclass(frozen=True)
class Try:
    """`wishes`: of each mailbox that holds one of the children, its name first. `wanted`: the seats that the family
    hopes for; `one_will_do`: any of them. `named_by`: child to the mailbox that named it first."""

    words: str
    wishes: Sequence[tuple[str, tuple[Pair, ...]]]
    wanted: tuple[Pair, ...]
    named_by: dict[str, str]
    one_will_do: bool = False


LOU, JEF = ("lou", CAMP), ("jef", CAMP)
FIRST = {"lou": OWN, "jef": OWN}
RIVALS = [(f"rival{number:02d}", (("lou", DULL),)) for number in range(20)]
MORE = [(f"own{number:02d}", (LOU,)) for number in range(19)]
APART = [(OWN, (LOU,)), ("own2", (JEF,))], (LOU, JEF), {"lou": OWN, "jef": "own2"}
# The first entry asks for a camp that is full, so that the child is free for the second one's.
SECOND = [("first", (("lou", FULL),)), (OWN, (LOU,))], (LOU,), {"lou": "first"}
TRIES = (
    Try("one child, one mailbox", [(OWN, (LOU,))], (LOU,), FIRST),
    Try("one child, entered from 2 mailboxes", [(OWN, (LOU,)), *MORE[:1]], (LOU,), FIRST),
    Try("one child, entered from 20 mailboxes", [(OWN, (LOU,)), *MORE], (LOU,), FIRST),
    Try("named from one mailbox, entered from 19 others", MORE, (LOU,), FIRST),
    Try("the other parent comes second, and the first entry got nothing", *SECOND),
    Try("two children in one wish: both, or one", [(OWN, (LOU, JEF))], (LOU, JEF), FIRST),
    Try("two children, a mailbox each: both", *APART),
    Try("two children, a mailbox each: at least one", *APART, one_will_do=True),
    Try("a stranger's 20 mailboxes enter the child after its family named it", [(OWN, (LOU,)), *RIVALS], (LOU,), FIRST),
    Try("one of them named it first, and entered nothing", [(OWN, (LOU,))], (LOU,), {"lou": "rival00"}),
    Try("one of them named it first, and entered it", [(OWN, (LOU,)), *RIVALS], (LOU,), {"lou": "rival00"}),
)


def chance(one: Try, share: float, draws: int) -> float:
    """How often the family has all the seats that it hopes for."""
    town = [DrawEntry(f"other{number}", (), ((("child" + str(number), CAMP),),)) for number in range(FAMILIES - 1)]
    mine = [DrawEntry(name, (), (wish,)) for name, wish in one.wishes]
    entries = with_keys([*town, *mine], one.named_by)
    days = "2027-07-05", "2027-07-09"
    start = Start(
        {
            CAMP: Room(int(FAMILIES * share), FAMILIES, 0, *days),
            DULL: Room(FAMILIES, FAMILIES, 0, *days),
            FULL: Room(0, FAMILIES, 0, *days),
        }
    )
    won = 0
    for number in range(draws):
        final = hashlib.sha256(f"{one.words} {number}".encode()).digest()
        seated = allocate(in_order(entries, final), start, Bundles.ONE).seated
        got = [session in seated.get(child, ()) for child, session in one.wanted]
        won += any(got) if one.one_will_do else all(got)
    return won / draws


def main() -> None:
    print("Seats for a share of the families:", *SHARES, sep="\t")
    for one in TRIES:
        print(one.words, *(f"{chance(one, share, 2000):.0%}" for share in SHARES), sep="\t")


if __name__ == "__main__":
    main()
