"""Charges for a registration beside the stay: extras that the family took, and fines. Plain rules."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from chalicelib.city.work.rules import Worker
from chalicelib.money.tariffs.families import FineEvent

# On these days of the session; None: on each of its days, or once for the registration, as the tariff says.
ExtraDays = tuple[date, ...] | None
# By the name that the tariff has for it.
ChildExtras = Mapping[str, ExtraDays]


@dataclass(frozen=True)
class Undone:
    """Who took a fine back, and why."""

    by: Worker
    at: datetime
    why: str


@dataclass(frozen=True)
class Fine:
    """`name`: of the tariff. `minutes`: too late, where its price counts them. It is never deleted: it is undone."""

    fine_id: str
    child_id: str
    name: str
    day: date
    minutes: int
    why: str
    by: Worker
    at: datetime
    undone: Undone | None = None


@dataclass(frozen=True)
class Beside:
    """Of one registration. `taken`: by child_id. `edition`: counts each change; 0: nothing is stored."""

    registration_id: str
    taken: Mapping[str, ChildExtras] = field(default_factory=dict, hash=False)
    fines: tuple[Fine, ...] = ()
    edition: int = 0

    def extras(self, child_id: str) -> ChildExtras:
        return self.taken.get(child_id, {})

    def events(self) -> Iterator[tuple[str, tuple[FineEvent, ...]]]:
        """child_id and what it is fined for; what was undone counts no more."""
        stand = [one for one in self.fines if one.undone is None]
        for child_id in dict.fromkeys(one.child_id for one in stand):
            yield (
                child_id,
                tuple(FineEvent(one.name, one.day, one.minutes) for one in stand if one.child_id == child_id),
            )

    def with_extras(self, taken: Mapping[str, ChildExtras]) -> "Beside":
        """These instead. Of a child about whom they say nothing, what it has stays."""
        after = {child: named for child, named in {**self.taken, **taken}.items() if named}
        return self if after == dict(self.taken) else replace(self, taken=after, edition=self.edition + 1)

    def with_fine(self, fine: Fine) -> "Beside":
        return replace(self, fines=(*self.fines, fine), edition=self.edition + 1)

    def without_fine(self, fine_id: str, undone: Undone) -> "Beside":
        fines = tuple(replace(one, undone=undone) if one.fine_id == fine_id else one for one in self.fines)
        return replace(self, fines=fines, edition=self.edition + 1)

    def renamed(self, old: str, new: str) -> "Beside":
        taken = {new if child == old else child: named for child, named in self.taken.items()}
        fines = tuple(replace(one, child_id=new) if one.child_id == old else one for one in self.fines)
        return replace(self, taken=taken, fines=fines, edition=self.edition + 1)

    def is_about(self, child_id: str) -> bool:
        return child_id in self.taken or any(one.child_id == child_id for one in self.fines)
