"""Addresses of the internet, and calls there that hold nobody up. What people of the city enter leads wherever somebody
else's name server says."""

from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from threading import Thread
from time import monotonic
from typing import TypeVar

Found = TypeVar("Found")

# IPv6 addresses by which an IPv4 address is reached: what is behind them is not seen in them by everybody.
_DISGUISED = tuple(
    map(IPv6Network, ("::ffff:0:0/96", "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"))
)


def is_public(address: str) -> bool:
    """Whether an IP address is one of the internet's own, and no other one in disguise."""
    try:
        found: IPv4Address | IPv6Address = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and any(found in network for network in _DISGUISED):
        return False
    return found.is_global and not found.is_multicast and not found.is_reserved


def within(seconds: float, calls: Sequence[Callable[[], Found]], late: Found) -> list[Found]:
    """Makes the calls at the same time; answers in their order, after so many seconds at the latest. What is not done
    by then is `late`, and left behind."""
    found, until = [late] * len(calls), monotonic() + seconds

    def make(place: int) -> None:
        answer = calls[place]()
        if monotonic() < until:  # the list is another's by then
            found[place] = answer

    threads = [Thread(target=make, args=(place,), daemon=True) for place in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, until - monotonic()))
    return list(found)
