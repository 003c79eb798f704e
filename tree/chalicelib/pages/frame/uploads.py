"""A form with a file: multipart/form-data (RFC 7578), read by the standard library's parser for mails.

A browser sends a part for each field, and the file as it is. Whatever else comes is no form of ours.
"""

from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP

from chalicelib.core.http.problems import INVALID, Problem, ProblemKind
from chalicelib.core.languages import N_
from chalicelib.pages.frame.forms import Form, of_ours
from chalicelib.pages.frame.visit import Visit

MOST_PARTS = 50
TOO_LARGE = ProblemKind(
    "too-large",
    413,
    N_("The file is too large"),
    N_(
        "It has {size} MB, and at most {most} MB are possible. Take the pictures out of it, or copy the rows into a "
        "new workbook, and send that. Nothing was stored."
    ),
)


@dataclass(frozen=True)
class Upload:
    """A file that somebody chose. `name`: what they call it; it may be empty."""

    name: str
    content: bytes


def read_upload(visit: Visit, most_bytes: int, most_parts: int = MOST_PARTS) -> tuple[Form, dict[str, Upload]]:
    """The fields, and the files by the name of their field; a field whose file was not chosen has none.

    `most_bytes`: of the whole body. Raises Problem `stale-form` if the browser was not shown the form by us,
    `too-large` for more than that, `invalid` for what no browser sends.
    """
    form, files = parse(visit.headers.get("content-type", ""), visit.body, most_bytes, most_parts)
    return of_ours(visit, form), files


def parse(
    content_type: str, body: bytes, most_bytes: int, most_parts: int = MOST_PARTS
) -> tuple[Form, dict[str, Upload]]:
    if len(body) > most_bytes:
        raise Problem(TOO_LARGE, {"size": _megabytes(len(body)), "most": _megabytes(most_bytes)})
    if not content_type.isascii() or not content_type.isprintable():
        raise Problem(INVALID)
    message = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body)
    if message.get_content_type() != "multipart/form-data" or not message.is_multipart() or message.defects:
        raise Problem(INVALID)
    values: dict[str, str] = {}
    several: dict[str, list[str]] = {}
    files: dict[str, Upload] = {}
    parts = [part for part in message.get_payload() if isinstance(part, Message)]
    if len(parts) > most_parts:
        raise Problem(INVALID)
    for part in parts:
        name, content = _content(part)
        filename = part.get_filename()
        if filename is not None:
            if filename or content:
                files[name] = Upload(filename, content)
            continue
        try:
            value = content.decode().replace("\r\n", "\n")
        except UnicodeDecodeError:
            raise Problem(INVALID) from None
        values[name] = value
        several.setdefault(name, []).append(value)
    return Form(values, several), files


def _content(part: Message) -> tuple[str, bytes]:
    """Browsers neither nest parts nor encode them."""
    name = part.get_param("name", header="content-disposition")
    content = None if part.is_multipart() or part.get("Content-Transfer-Encoding") else part.get_payload(decode=True)
    if not isinstance(name, str) or not isinstance(content, bytes):
        raise Problem(INVALID)
    return name, content


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.1f}".removesuffix(".0")
