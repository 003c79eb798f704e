"""The seats' item as the table's stream shows it, before and after a change. Plain rules, as it writes no mails."""

import math
from collections import Counter
from collections.abc import KeysView, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.seats.rules import Channel, is_held_back

SK = "SEATS"
# Attributes of the item beside `holders`, one for each registration that is held for a time, had more time already, or
# came by another way than the opening: `u#registration_id` … At the top level: no map need be there before them.
UNTIL = "u#"
EXTENDED = "e#"
CHANNEL = "c#"
# Since when the camp is cancelled, and the number of the last news of it that its families are told.
CALLED_OFF = "called_off"
NEWS = "news"


@dataclass(frozen=True)
class Glimpse:
    """Fields of the seats in an image, none of which need be in it. `registrations`: those that have seats, each once.
    `children`: how many seats each of them has.
    `until`: epoch seconds, also of those whose seats lapsed. `from_list`: those that waited. `moments`: from when and
    until when it is open. `news`: the number of the last news of the camp; 0: there was none."""

    registrations: KeysView[str]
    until: Mapping[str, Any]
    from_list: frozenset[str]
    free: int
    is_queued: bool
    moments: tuple[object, object]
    children: Mapping[str, int]
    news: int = 0

    @property
    def first_end(self) -> float:
        """Until when the seats are held that are the first to be held no longer; infinity if none are."""
        return min((float(self.until[one]) for one in self.registrations if one in self.until), default=math.inf)


def glimpse(image: Mapping[str, Any]) -> Glimpse:
    """`image`: an item in plain Python, or an empty one where there was none."""
    waited = Channel.WAITING_LIST.value
    return Glimpse(
        registrations={one: None for one in image.get("holders", {}).values() if not is_held_back(one)}.keys(),
        until={name.removeprefix(UNTIL): end for name, end in image.items() if name.startswith(UNTIL)},
        from_list=frozenset(
            name.removeprefix(CHANNEL) for name, way in image.items() if name.startswith(CHANNEL) and way == waited
        ),
        free=int(image.get("free", 0)),
        is_queued="queued" in image,
        moments=(image.get("opens"), image.get("closes")),
        news=int(image.get(NEWS, 0)),
        children=Counter(one for one in image.get("holders", {}).values() if not is_held_back(one)),
    )
