"""How many passes can be asked for: by one source address, by all together, and for one mailbox (table.count_asked).

A pass costs its asker nothing and us a mail, so whoever asks for many would use up the mails that families wait for.
Each limit is a counter whose increment is refused at its end: no read, one write unit each.
"""

from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from random import shuffle

from chalicelib.core import settings
from chalicelib.core.http.problems import LINKS_BUSY, TOO_MANY_LINKS, Problem
from chalicelib.core.memory import Memory
from chalicelib.people.families import table
from chalicelib.people.families.identity import keyed_id

# A pass in each half a minute: the parents of a school who ask for theirs on its network one evening, or the flats
# behind one address. Belgium's providers put at most sixteen customers behind one.
MOST_BY_SOURCE_AN_HOUR = 120
# A home has a network of this length, and can send from any address in it (RIPE-690, 4.2).
HOME_OF_IPV6 = 56
# Passes may take this share of the rate of mails, so that confirmations and offers have the others.
SHARE_OF_PASSES = 0.25
# The counter of all is this many items: DynamoDB takes 1,000 writes a second of one.
SHARDS = 8
SOURCE_LENGTH = 12

# Counters that are at their end, until the hour or the minute is over: what is refused from memory writes nothing.
_full: Memory[str, bool] = Memory(3600)


def admit(source: str, now: datetime) -> None:
    """Counts a pass that is asked for from this address. Raises Problem `too-many` or `busy`, which tell nothing about
    the mail address; nothing was stored then."""
    _admit_source(source, now)
    _admit_one_of_all(now)


def most_in_a_minute() -> int:
    """Passes that all together may ask for."""
    return max(SHARDS, int(settings.mails_a_second() * 60 * SHARE_OF_PASSES))


def network_of(source: str) -> str | None:
    """Whose passes are counted together. None: no public address, so no stranger's (the machine itself, a test)."""
    try:
        address: IPv4Address | IPv6Address = ip_address(source)
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if not address.is_global:
        return None
    if isinstance(address, IPv6Address):
        return str(ip_network((address, HOME_OF_IPV6), strict=False))
    return str(address)


def _admit_source(source: str, now: datetime) -> None:
    network = network_of(source)
    if network is None:
        return
    hour = f"{now:%Y-%m-%dT%H}"
    # With the hour in it, so that one hour's digest says nothing about another's.
    counter = keyed_id("source", f"{hour} {network}", SOURCE_LENGTH)
    if not _counted(counter, now, MOST_BY_SOURCE_AN_HOUR):
        raise Problem(TOO_MANY_LINKS, retry_after=3600 - now.minute * 60 - now.second)


def _admit_one_of_all(now: datetime) -> None:
    """At the end of one shard another may have room left."""
    minute, most = f"{now:%Y-%m-%dT%H:%M}", most_in_a_minute() // SHARDS
    shards = list(range(SHARDS))
    shuffle(shards)
    if not any(_counted(f"{minute}#{shard}", now, most) for shard in shards):
        raise Problem(LINKS_BUSY, retry_after=60 - now.second)


def _counted(counter: str, now: datetime, most: int) -> bool:
    if _full.fresh(counter):
        return False
    if table.count_links(counter, now + timedelta(hours=1), most):
        return True
    _full.put(counter, value=True)
    return False
