"""A mail as it came, read: who says that they sent it, to which of our addresses, its words, what hangs on it. Plain
rules.

Nothing that it says of itself is believed here; arriving/taking.py says what each may do. Whatever a stranger sends is
read in a time that grows with its size alone: what would not be is not read at all, and says so.
"""

import codecs
import re
from dataclasses import dataclass, replace
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from email.policy import compat32

from chalicelib.front_door.arriving.html_text import text_of
from chalicelib.front_door.files.rules import UNSEEN, CameFile, plain_name
from chalicelib.front_door.photos.rules import MOST_BYTES as MOST_FILE_BYTES

# Files of that size as Base64, in lines of 76 characters, and words beside them.
MOST_BYTES = MOST_FILE_BYTES * 4 * 78 // (3 * 76) + 1_000_000
# A mail of that size has a fifth of these lines; one within another has a boundary each.
MOST_LINES, MOST_BOUNDARIES = 400_000, 20
MOST_PARTS, MOST_DEPTH = 100, 10
MOST_NAME, MOST_SUBJECT = 80, 200
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
# A link of our own mails that came back in a quotation opens the case: nobody else reads it.
SECRET = re.compile(r"(secret=)[A-Za-z0-9-]+")
# Of a file without a name, by its media type.
ENDINGS = {"image/jpeg": "jpg", "text/plain": "txt", "message/rfc822": "eml", "application/octet-stream": "bin"}


@dataclass(frozen=True)
class ArrivedMail:
    """`sender`: the address in From, in small letters; "": none. `recipients`: addresses in small letters, what our
    receiver says first. `attachments`: whatever is no words, and words that are longer than `text` takes. `is_whole`:
    False if a part of it is neither there nor among them. `headers`: names in small letters to their first value, on
    one line."""

    message_id: str
    sender: str
    sender_name: str
    recipients: tuple[str, ...]
    subject: str
    text: str
    attachments: tuple[CameFile, ...]
    is_whole: bool
    headers: dict[str, str]
    kind: str


@dataclass
class _Parts:
    """The parts found so far. `count`: of parts. `is_whole`: whether all of them were looked at. `ends_in_file`:
    whether the last one is a file."""

    texts: list[str]
    files: list[CameFile]
    count: int = 0
    is_whole: bool = True
    ends_in_file: bool = False


def read(raw: bytes) -> ArrivedMail:
    """Never raises: of what cannot be read, there is the beginning that could be."""
    beginning = raw[:MOST_BYTES]
    if _is_readable(beginning):
        try:
            message: Message = BytesParser(policy=compat32).parsebytes(beginning)
            return _read(message, is_read=True, is_cut=len(raw) > MOST_BYTES)
        except RecursionError:
            pass
    head = raw[:MOST_HEADER].partition(b"\r\n\r\n")[0].partition(b"\n\n")[0]
    return _read(BytesHeaderParser(policy=compat32).parsebytes(head), is_read=False)


def _is_readable(raw: bytes) -> bool:
    """Whether the standard library's parser reads it in seconds: it looks for each boundary in each line, and through
    a header once for each of its parameters."""
    return (
        raw.count(b"\n") <= MOST_LINES
        and sum(1 for _ in BOUNDARY.finditer(raw)) <= MOST_BOUNDARIES
        and all(len(header[0]) <= MOST_PARAMETERS for header in PARAMETERS.finditer(raw))
    )


def _read(message: Message, *, is_read: bool, is_cut: bool = False) -> ArrivedMail:
    name, sender = _from(_header(message, "From"))
    parts = _Parts([], [], is_whole=is_read)
    if is_read:
        _collect(message, parts)
    if is_cut:  # whatever stands last has no end
        parts.is_whole = False
        if parts.ends_in_file:
            parts.files[-1] = replace(parts.files[-1], is_cut=True)
    return ArrivedMail(
        message_id=_header(message, "Message-ID")[:MOST_SUBJECT],
        sender=sender,
        sender_name=_clean(name).replace("\n", " ")[:MOST_NAME],
        recipients=_recipients(message),
        subject=_clean(_header(message, "Subject"))[:MOST_SUBJECT],
        text="\n\n".join(filter(None, parts.texts))[:MOST_TEXT],
        attachments=tuple(parts.files),
        is_whole=parts.is_whole,
        headers=_first_of_each(message),
        kind=message.get_content_type(),
    )


def _collect(message: Message, into: _Parts, depth: int = 0, *, is_said: bool = True) -> None:
    """The parts that are no container, in order: of the mail, and of a mail that hangs on it. `is_said`: False for
    what says the same in another form, of which the files count alone."""
    if depth > MOST_DEPTH or into.count == MOST_PARTS:
        into.is_whole = False
        return
    if not message.is_multipart():  # asked for its payload, it would decode it by whatever its sender names
        into.count += 1
        into.ends_in_file = not _is_body(message)
        if into.ends_in_file:
            into.files.append(CameFile(_name(message), _content(message)))
        elif is_said:
            _say(message, into)
        return
    inner = [part for part in message.get_payload() if isinstance(part, Message)]
    is_choice = message.get_content_type() == "multipart/alternative"
    chosen = _preferred(inner) if is_choice else inner
    for part in inner:
        is_said_here = is_said and any(part is one for one in chosen)
        if is_said_here and message.get_content_type() == "message/rfc822":
            into.texts.append(_heading(part))
        _collect(part, into, depth + 1, is_said=is_said_here)


def _preferred(alternatives: list[Message]) -> list[Message]:
    """The same in several forms: the plain one, unless it says nothing."""
    plain = [part for part in alternatives if part.get_content_type() == "text/plain" and _text(part).strip()]
    return plain[:1] or alternatives[-1:]


def _say(part: Message, into: _Parts) -> None:
    """Its words; and all of it as a file where they are too long to be words of a case."""
    text = _clean(_text(part)).strip()
    into.texts.append(text[:MOST_TEXT])
    if len(text) + sum(map(len, into.texts[:-1])) > MOST_TEXT:
        into.files.append(CameFile("mail.txt", text.encode()))


def _heading(message: Message) -> str:
    """Of a mail within a mail: who wrote it, when and about what."""
    said = [(name, _clean(_header(message, name))[:MOST_SUBJECT]) for name in ("From", "Date", "Subject")]
    return "\n".join(f"{name}: {text}" for name, text in said if text)


def _is_body(part: Message) -> bool:
    return part.get_content_type() in ("text/plain", "text/html") and not part.get_filename()


def _content(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _text(part: Message) -> str:
    text = _decoded(_content(part), part.get_content_charset("utf-8"))
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


def _name(part: Message) -> str:
    kind = part.get_content_type()
    ending = ENDINGS.get(kind) or kind.partition("/")[2]
    otherwise = plain_name(f"{part.get_content_maintype()}.{ending}", "file")
    return plain_name(_words(str(part.get_filename() or "")), otherwise)


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
