"""A mail as it came, read: who says that they sent it, to which of our addresses, its words, what hangs on it. Plain
rules.

Nothing that it says of itself is believed here; arriving/taking.py says what each may do. Whatever a stranger sends is
read in a time that grows with its size alone: what would not be is not read at all, and says so.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from email.policy import compat32

from chalicelib.front_door.arriving.html_text import text_of

MOST_BYTES = 16_000_000
# A mail of that size has a fifth of these lines; one within another has a boundary each.
MOST_LINES, MOST_BOUNDARIES = 400_000, 20
MOST_PARTS, MOST_DEPTH = 100, 10
MOST_KEPT, MOST_NAME, MOST_SUBJECT = 5, 80, 200
# Of one header; with thousands of recipients it is longer.
MOST_HEADER = 100_000
MOST_TEXT = 20_000

BOUNDARY = re.compile(rb"boundary[*0-9]{0,4}\s{0,9}=", re.IGNORECASE)
MOST_FROM = 1_000
_SENDER = r"[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]{1,64}@[A-Za-z0-9.-]{1,190}"
SENDER, NAMED = re.compile(_SENDER), re.compile(rf"([^<]*)<({_SENDER})>")
# Headers with parameters, with the lines that continue them.
MOST_PARAMETERS = 2_000
PARAMETERS = re.compile(rb"^content-(?:type|disposition)[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*", re.IGNORECASE | re.MULTILINE)
ADDRESS = re.compile(r"[A-Za-z0-9.+_-]{1,64}@[A-Za-z0-9.-]{1,190}")
# Where the address that it was sent to may stand: what our own receiver wrote first.
RECIPIENTS = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Forwarded-To", "To", "Cc")
FOR = re.compile(r"\bfor <?([A-Za-z0-9.+_-]{1,64}@[A-Za-z0-9.-]{1,190})")
# Text encodings that mails come in. Others of Python's are no encodings of text, or take far longer than they should.
CHARSETS = ("utf-8", "utf-16", "ascii", "iso8859", "cp125", "cp85", "cp437", "koi8", "gb", "big5", "shift_jis", "euc_")
# Control characters, and those that make a line read otherwise than it is written.
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
# A link of our own mails that came back in a quotation opens the case: nobody else reads it.
SECRET = re.compile(r"(secret=)[A-Za-z0-9-]+")
# By what a file begins with, whatever it is called.
KINDS = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}


@dataclass(frozen=True)
class Attachment:
    """A file that is kept. `kind`: its media type, by what it begins with."""

    name: str
    kind: str
    content: bytes


@dataclass(frozen=True)
class ArrivedMail:
    """`sender`: the address in From, in small letters; "": none. `recipients`: addresses in small letters, what our
    receiver says first. `left_out`: names of files that are not kept. `is_whole`: False if it was cut, or could not be
    read. `headers`: names in small letters to their first value, on one line."""

    message_id: str
    sender: str
    sender_name: str
    recipients: tuple[str, ...]
    subject: str
    text: str
    attachments: tuple[Attachment, ...]
    left_out: tuple[str, ...]
    is_whole: bool
    headers: dict[str, str]
    kind: str


def read(raw: bytes) -> ArrivedMail:
    """Never raises: of what cannot be read, there is the beginning that could be."""
    if _is_readable(raw):
        try:
            message: Message = BytesParser(policy=compat32).parsebytes(raw)
            return _read(message, is_whole=True)
        except RecursionError:
            pass
    head = raw[:MOST_HEADER].partition(b"\r\n\r\n")[0].partition(b"\n\n")[0]
    return _read(BytesHeaderParser(policy=compat32).parsebytes(head), is_whole=False)


def _is_readable(raw: bytes) -> bool:
    """Whether the standard library's parser reads it in seconds: it looks for each boundary in each line, and through
    a header once for each of its parameters."""
    return (
        len(raw) <= MOST_BYTES
        and raw.count(b"\n") <= MOST_LINES
        and sum(1 for _ in BOUNDARY.finditer(raw)) <= MOST_BOUNDARIES
        and all(len(header[0]) <= MOST_PARAMETERS for header in PARAMETERS.finditer(raw))
    )


def _read(message: Message, *, is_whole: bool) -> ArrivedMail:
    name, sender = _from(_header(message, "From"))
    parts = list(_parts(message)) if is_whole else []
    text = _body(parts)
    files = [part for part in parts if not _is_body(part)]
    kept = [found for part in files if (found := _attachment(part))][:MOST_KEPT]
    names = [_name(part) for part in files]
    for one in kept:
        names.remove(one.name)
    return ArrivedMail(
        message_id=_header(message, "Message-ID")[:MOST_SUBJECT],
        sender=sender,
        sender_name=_clean(name).replace("\n", " ")[:MOST_NAME],
        recipients=_recipients(message),
        subject=_clean(_header(message, "Subject"))[:MOST_SUBJECT],
        text=text[:MOST_TEXT],
        attachments=tuple(kept),
        left_out=tuple(names[:MOST_PARTS]),
        is_whole=is_whole and len(text) <= MOST_TEXT and len(parts) < MOST_PARTS,
        headers=_first_of_each(message),
        kind=message.get_content_type(),
    )


def _parts(message: Message, depth: int = 0) -> Iterator[Message]:
    """What is no container, in order: of the mail, and of a mail that hangs on it."""
    if depth > MOST_DEPTH:
        return
    if not message.is_multipart():  # asked for its payload, it would decode it by whatever its sender names
        yield message
        return
    inner = [part for part in message.get_payload() if isinstance(part, Message)]
    if message.get_content_type() == "multipart/alternative":
        inner = _preferred(inner)
    count = 0
    for part in inner:
        for found in _parts(part, depth + 1):
            count += 1
            if count > MOST_PARTS:
                return
            yield found


def _preferred(alternatives: list[Message]) -> list[Message]:
    """The same in several forms: the plain one, unless it says nothing."""
    plain = [part for part in alternatives if part.get_content_type() == "text/plain" and _text(part).strip()]
    return plain[:1] or alternatives[-1:]


def _is_body(part: Message) -> bool:
    return part.get_content_type() in ("text/plain", "text/html") and not part.get_filename()


def _body(parts: list[Message]) -> str:
    return "\n\n".join(filter(None, (_clean(_text(part)).strip() for part in parts if _is_body(part))))


def _text(part: Message) -> str:
    content = part.get_payload(decode=True)
    text = _decoded(content if isinstance(content, bytes) else b"", part.get_content_charset("utf-8"))
    return text_of(text) if part.get_content_type() == "text/html" else text


def _decoded(content: bytes, charset: str) -> str:
    """As its sender says that it is written, or else as it most probably is."""
    for each in (charset, "utf-8"):
        try:
            name = codecs.lookup(each).name
            if name.startswith(CHARSETS):
                return content.decode(name)
        except (LookupError, ValueError):
            continue
    return content.decode("cp1252", errors="replace")


def _attachment(part: Message) -> Attachment | None:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return None
    kind = kind_of(content)
    return Attachment(_name(part), kind, content) if kind else None


def kind_of(content: bytes) -> str:
    """PDF, JPEG or PNG, by what it begins with; "": none of them."""
    return next((kind for begins, kind in KINDS.items() if content.startswith(begins)), "")


def _name(part: Message) -> str:
    """As people may read it: no path, nothing that is not printed."""
    name = _clean(_words(str(part.get_filename() or ""))).replace("\n", " ")
    return re.split(r"[/\\]", name)[-1].strip()[:MOST_NAME] or part.get_content_type()


def _from(header: str) -> tuple[str, str]:
    """Name and address of the first who is named, the address in small letters. By ourselves: the standard library's
    reader of addresses calls itself for each bracket."""
    short = header[:MOST_FROM]
    named = NAMED.match(short)
    alone = SENDER.search(short)
    if named:
        return named[1].strip(' "'), named[2].lower()
    return "", alone[0].lower() if alone else ""


def _recipients(message: Message) -> tuple[str, ...]:
    found = [match[1] for match in FOR.finditer(_header(message, "Received"))]
    for name in RECIPIENTS:
        for value in message.get_all(name, []):
            found += ADDRESS.findall(str(value)[:MOST_HEADER])
    return tuple(dict.fromkeys(address.lower() for address in found))


def _first_of_each(message: Message) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in message.items()[:1000]:
        found.setdefault(str(name).lower(), " ".join(str(value)[:1000].split()))
    return found


def _header(message: Message, name: str) -> str:
    """The first of that name, decoded, on one line; "": there is none."""
    return " ".join(_words(str(message.get(name, ""))[:MOST_HEADER]).split())


def _words(value: str) -> str:
    """An encoded header (RFC 2047) as text; as it stands if it is none."""
    try:
        found = decode_header(value)
    except (HeaderParseError, ValueError):
        return value
    return "".join(text if isinstance(text, str) else _decoded(text, charset or "utf-8") for text, charset in found)


def _clean(text: str) -> str:
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return SECRET.sub(r"\1…", UNSEEN.sub("", plain)).encode("utf-8", "replace").decode()
