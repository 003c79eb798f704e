"""What a change in the table means for a family: which mails are due."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

Image = Mapping[str, Any]


class Kind(StrEnum):
    """CANCELLED: lost a seat. LEFT: left the waiting list. EXPIRED: a record's time to live was over."""

    PASS = "pass"  # noqa: S105 not a password
    CONFIRMED = "confirmed"
    WAITLISTED = "waitlisted"
    CANCELLED = "cancelled"
    LEFT = "left"
    EXPIRED = "expired"


@dataclass(frozen=True)
class Message:
    """One mail that is due, without personal data. `id`: `family_id/pass_id` of a pass, `registration_id/pass_id` of a
    record that expired, else a registration_id."""

    kind: Kind
    id: str
    session_id: str | None = None

    def to_json(self) -> str:
        return json.dumps({name: value for name, value in asdict(self).items() if value is not None})

    @classmethod
    def from_json(cls, text: str) -> "Message":
        """Raises ValueError for anything that `to_json` does not write."""
        match json.loads(text):
            case {"kind": "pass", "id": str(id_), **rest} if not rest and id_.count("/") == 1:
                return cls(Kind.PASS, id_)
            case {"kind": str(kind), "id": str(id_), "session_id": str(session_id), **rest} if not rest:
                if kind != Kind.PASS:
                    return cls(Kind(kind), id_, session_id)
        raise ValueError("not a message of the outbox")


def messages(change: str, keys: Mapping[str, str], old: Image, new: Image) -> list[Message]:
    """The mails that one record of the table's stream calls for; `change` is INSERT, MODIFY or REMOVE.

    `old` and `new` are the item before and after, empty where there was none. Whatever is not about a pass, a seat or
    a place on the waiting list calls for none: a record that raised here would block every mail behind it.
    """
    partition, _, owner = keys["pk"].partition("#")
    kind, _, rest = keys["sk"].partition("#")
    match partition, kind, change:
        # Only MODIFY: an item that appears whole, with its holders, was restored from a backup and not registered now.
        case "S", "SEATS", "MODIFY":
            return _seats(owner, old.get("holders", {}), new.get("holders", {}))
        case "S", "W", "INSERT":
            return _place(Kind.WAITLISTED, owner, new)
        case "S", "W", "REMOVE":
            return _place(Kind.LEFT, owner, old)
        # By time to live: the template lets no other removal through. Ours, of refused tries, would do no harm.
        case "F", "R", "REMOVE" if "pass_id" in old and "session_id" in old:
            return [Message(Kind.EXPIRED, f"{owner}{rest}/{old['pass_id']}", old["session_id"])]
        case "F", "P", "INSERT":
            return [Message(Kind.PASS, f"{owner}/{rest}")]
    return []


def _seats(session_id: str, old: Mapping[str, str], new: Mapping[str, str]) -> list[Message]:
    """One message for each registration, however many siblings it seats."""
    before, after = dict.fromkeys(old.values()), dict.fromkeys(new.values())
    return [
        *(Message(Kind.CONFIRMED, registration, session_id) for registration in after if registration not in before),
        *(Message(Kind.CANCELLED, registration, session_id) for registration in before if registration not in after),
    ]


def _place(kind: Kind, session_id: str, place: Image) -> list[Message]:
    registration = place.get("registration_id")
    return [Message(kind, registration, session_id)] if registration else []
