"""The mailbox of this machine: each mail as its reader sees it, newest first, at an address on loopback.

`ministack.py` keeps each mail as it was sent, a file each; here they are read. A mail may hold anybody's words, so its
HTML is shown in a frame that runs no script, sends no form, and loads nothing from elsewhere.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import quote

from infra.local.loopback import listening

ENDING = ".eml"
# Links of a mail open beside it; the mail itself runs nothing and loads nothing.
SANDBOX = "allow-popups allow-popups-to-escape-sandbox"
FOR_MAILS = f"sandbox {SANDBOX}; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
FOR_OURS = "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'"
HEAD = re.compile("<head[^>]*>|^(?!.*<head)", re.DOTALL)  # or where the mail begins, if it has none
LINK = re.compile(r"https?://[^\s<>]+")
STYLE = """
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 52rem; padding: 1rem; color: #1b1b1b; }
h1 { font-size: 1.4rem; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin-top: 2rem; }
a { color: #0b4f8a; }
ol { list-style: none; padding: 0; }
li { border-top: 1px solid #c4c4c4; padding: .6rem 0; overflow-wrap: anywhere; }
li a { font-weight: 600; }
li span, dt { color: #555; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; }
dd { margin: 0; overflow-wrap: anywhere; }
iframe { width: 100%; height: 34rem; border: 1px solid #c4c4c4; background: #fff; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; border: 1px solid #c4c4c4; padding: 1rem; }
"""


@dataclass(frozen=True)
class Attachment:
    """`kind`: its media type, such as text/calendar."""

    name: str
    kind: str
    content: bytes


@dataclass(frozen=True)
class Mail:
    """As its reader sees it. `mail_id`: digits, a later mail has a higher number. `html`, `text`: empty where it has no
    such part."""

    mail_id: str
    sender: str
    to: str
    subject: str
    date: str
    html: str
    text: str
    attachments: tuple[Attachment, ...]


def mails(folder: Path) -> list[Mail]:
    """All of them, the newest first."""
    found = sorted((file for file in folder.glob(f"*{ENDING}") if file.stem.isdigit()), key=_number, reverse=True)
    return [read(file.stem, file.read_bytes()) for file in found]


def mail(folder: Path, mail_id: str) -> Mail | None:
    file = folder / f"{mail_id}{ENDING}"
    return read(mail_id, file.read_bytes()) if mail_id.isdigit() and file.exists() else None


def read(mail_id: str, content: bytes) -> Mail:
    """From a mail as it was sent (RFC 5322)."""
    message = message_from_bytes(content, policy=default)
    assert isinstance(message, EmailMessage)
    html, text = (message.get_body((kind,)) for kind in ("html", "plain"))
    sender, to, subject, date = (str(message[name] or "") for name in ("From", "To", "Subject", "Date"))
    return Mail(
        mail_id,
        sender,
        to,
        subject,
        date,
        html=str(html.get_content()) if html else "",
        text=str(text.get_content()) if text else "",
        attachments=tuple(_attachments(message)),
    )


def _attachments(message: EmailMessage) -> Iterator[Attachment]:
    for number, part in enumerate(message.iter_attachments(), start=1):
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            yield Attachment(part.get_filename() or f"attachment {number}", part.get_content_type(), content)


def _number(file: Path) -> int:
    return int(file.stem)


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The mailbox of the mails in `folder`, until the end of the `with`; its address."""
    with listening(type("Handler", (_Handler,), {"folder": folder})) as address:
        yield address


@dataclass(frozen=True)
class _Shown:
    """`policy`: what a browser may do with it."""

    content: bytes
    kind: str = "text/html; charset=utf-8"
    policy: str = FOR_OURS
    name: str = ""


class _Handler(BaseHTTPRequestHandler):
    """`/`, `/ID`, `/ID/html`, `/ID/1` for its first attachment; everything else is 404."""

    folder: Path

    def do_GET(self) -> None:
        shown = _shown(self.folder, self.path.partition("?")[0])
        if shown is None:
            self.send_error(HTTPStatus.NOT_FOUND, "There is no such mail")
            return
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", shown.kind)
        self.send_header("Content-Length", str(len(shown.content)))
        self.send_header("Content-Security-Policy", shown.policy)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cache-Control", "no-store")
        if shown.name:
            self.send_header("Content-Disposition", f"attachment; filename*=UTF-8''{quote(shown.name)}")
        self.end_headers()
        self.wfile.write(shown.content)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: what is asked for here is of no use to whoever reads `make run`."""


def _shown(folder: Path, path: str) -> _Shown | None:
    mail_id, _, part = path.removeprefix("/").partition("/")
    if not mail_id:
        return _Shown(_list(mails(folder)).encode())
    found = mail(folder, mail_id)
    if found is None:
        return None
    if not part:
        return _Shown(_page_of(found).encode())
    if part == "html" and found.html:
        return _Shown(HEAD.sub(r'\g<0><base target="_blank">', found.html, count=1).encode(), policy=FOR_MAILS)
    if part.isdigit() and 1 <= int(part) <= len(found.attachments):
        one = found.attachments[int(part) - 1]
        return _Shown(one.content, one.kind, FOR_MAILS, one.name)
    return None


def _list(found: list[Mail]) -> str:
    rows = "".join(
        f'<li><a href="/{one.mail_id}">{escape(one.subject) or "(no subject)"}</a>'
        f"{f' + {len(one.attachments)} attached' if one.attachments else ''}"
        f"<br><span>{escape(one.to)} · {escape(one.date)}</span></li>"
        for one in found
    )
    return _page("Mailbox", f"<p>Mails that were sent: {len(found)}. Reload for newer ones.</p><ol>{rows}</ol>")


def _page_of(one: Mail) -> str:
    headers = (("From", one.sender), ("To", one.to), ("Date", one.date))
    facts = "".join(f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in headers)
    attached = "".join(
        f'<li><a href="/{one.mail_id}/{number}">{escape(each.name)}</a> <span>{escape(each.kind)}, '
        f"{len(each.content):,} bytes</span></li>"
        for number, each in enumerate(one.attachments, start=1)
    )
    parts = [f'<p><a href="/">All mails</a></p><dl>{facts}</dl>']
    if attached:
        parts.append(f"<h2>Attached</h2><ol>{attached}</ol>")
    if one.html:
        frame = f'<iframe sandbox="{SANDBOX}" src="/{one.mail_id}/html" title="The mail"></iframe>'
        parts.append(f"<h2>As most people see it</h2>{frame}")
    if one.text:
        parts.append(f"<h2>As plain text</h2><pre>{_linked(one.text)}</pre>")
    return _page(one.subject or "(no subject)", "".join(parts))


def _linked(text: str) -> str:
    """Escaped, with its links to follow."""
    parts, after = [], 0
    for found in LINK.finditer(text):
        address = escape(found[0])
        link = f'<a href="{address}" target="_blank" rel="noopener">{address}</a>'
        parts += [escape(text[after : found.start()]), link]
        after = found.end()
    return "".join([*parts, escape(text[after:])])


def _page(title: str, content: str) -> str:
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style><main><h1>{escape(title)}</h1>{content}</main></html>"
    )
