"""Mail addresses as families type them: what is taken, as it is delivered, and what is a slip of the pen."""

import re

from chalicelib.core.http.fields import Text, Unexpected
from chalicelib.core.languages import N_

AS_EMAIL = N_("Give a mail address, for example an@example.be.")
DOTS = N_("Before the @ no dot stands first or last, and no two stand together. Look at the address again.")
DID_YOU_MEAN = N_("There is no such provider of mail. Did you mean {address}?")
NO_ENDING = N_("An address ends in .be, .com or another ending of two letters or more. Look at the end of it again.")
NO_DOMAIN = N_("Behind the @ stands something that no address can have: {domain}. Look at it again.")

_ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
# With dots as RFC 5321 has them; but not `=?`, which begins an encoded word in a mail's header (RFC 2047) and could
# hide a line break there.
_LOCAL = rf"(?![^@]*=[?])(?![^@]{{65}}){_ATOM}(?:\.{_ATOM})*@"
# The addresses that HTML's own mail field takes (WHATWG), but in a domain with an ending; as they are delivered.
_ASCII = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_PUNYCODE = "[Xx][Nn]--[A-Za-z0-9-]{1,59}"
EMAIL = rf"{_LOCAL}(?:{_ASCII}\.)+(?:{_PUNYCODE}|[A-Za-z]{{2,63}})"
# As they may be typed: a domain in letters of any alphabet.
_LETTER = "[A-Za-z0-9\\u00B7-\\u1FFF\\u2C00-\\uD7FF]"
_LABEL = rf"{_LETTER}(?:(?:{_LETTER}|-){{0,61}}{_LETTER})?"
TYPED = rf"{_LOCAL}(?:{_LABEL}\.)+(?:{_PUNYCODE}|(?![0-9]){_LETTER}{{2,63}})"

# What is typed for a provider that many have: no address is known under any of these names, or only one that waits for
# whoever mistypes.
_SLIPS = {
    "gmail.com": "gmial.com gmai.com gmal.com gmil.com gmail.co gmail.cm gmail.con gmail.om gmaill.com gmaul.com "
    "gmaik.com gnail.com gamil.com gemail.com ggmail.com gmsil.com",
    "hotmail.com": "hotmial.com hotmal.com hotmai.com hotmil.com hotmail.co hotmail.con hotmaill.com hotnail.com "
    "homail.com hormail.com htomail.com",
    "outlook.com": "outlok.com outloo.com outlook.co outlook.con outllook.com otlook.com",
    "telenet.be": "telnet.be telenet.b telent.be tlenet.be telenet.bee telenet.eb",
    "skynet.be": "skynet.b skynt.be skyent.be",
    "yahoo.com": "yaho.com yahooo.com yahoo.co yahoo.con yhaoo.com",
    "icloud.com": "iclod.com icloud.co icloud.con icoud.com",
}
_MEANT = {slip: domain for domain, slips in _SLIPS.items() for slip in slips.split()}


class Address(Text):
    """As it is delivered: `info@müller.be` is `info@xn--mller-kva.be`."""

    def __init__(self, *, is_required: bool = True) -> None:
        super().__init__(AS_EMAIL, TYPED, 254, is_required=is_required)

    def parse(self, value: object) -> str:
        try:
            return delivered(super().parse(value))
        except Unexpected:
            raise
        except ValueError:
            if isinstance(value, str) and len(value) <= self.max_length:
                _say_why(value.strip())
            raise


def delivered(address: str) -> str:
    """Raises Unexpected for a slip, or for a domain that punycode cannot say."""
    local, _, domain = address.rpartition("@")
    meant = _MEANT.get(domain.lower())
    if meant:
        raise Unexpected(DID_YOU_MEAN, address=f"{local}@{meant}")
    return f"{local}@{in_ascii(domain)}"


def in_ascii(domain: str) -> str:
    """Punycode, where it is needed. Raises Unexpected where reading it back gives another domain: `ß` once was `ss`, so
    the mail would go to a stranger."""
    if domain.isascii():
        return domain
    try:
        written = domain.lower().encode("idna").decode()
        is_same = written.encode().decode("idna") == domain.lower()
    except UnicodeError:
        is_same = False
    if not is_same:
        raise Unexpected(NO_DOMAIN, domain=domain)
    return written


def _say_why(address: str) -> None:
    """Raises Unexpected where a slip is plain to see."""
    local, at, domain = address.rpartition("@")
    if at and "@" not in local and (local.startswith(".") or local.endswith(".") or ".." in local):
        raise Unexpected(DOTS)
    if at and local and re.fullmatch(r"[^@ ]+\.[A-Za-z]", domain):
        delivered(address)
        raise Unexpected(NO_ENDING)
