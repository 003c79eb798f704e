"""Which IP addresses a name may lead to, where people of the city say what we call. Plain rules."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

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
    if isinstance(found, IPv6Address) and (found.is_site_local or any(found in network for network in _DISGUISED)):
        return False
    return found.is_global and not found.is_multicast and not found.is_reserved
