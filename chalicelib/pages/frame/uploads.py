"""A form with a file: multipart/form-data (RFC 7578), read by the standard library's parser for mails.

A browser sends a part for each field, and the file as it is. Whatever else comes is no form of ours.
"""

from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP

from chalicelib.core.http.problems import INVALID, Problem
from chalicelib.pages.frame.forms import Form, of_ours
from chalicelib.pages.frame.visit import Visit

MOST_PARTS = 50


def read_upload(visit: Visit, most_bytes: int) -> tuple[Form, dict[str, bytes]]:
    """The fields, and the files by the name of their field; a field whose file was not chosen has none.

    `most_bytes`: of the whole body. Raises Problem `stale-form` if the browser was not shown the form by us, `invalid`
    for what no browser sends.
    """
    form, files = parse(visit.headers.get("content-type", ""), visit.body, most_bytes)
    return of_ours(visit, form), files


def parse(content_type: str, body: bytes, most_bytes: int) -> tuple[Form, dict[str, bytes]]:
    if len(body) > most_bytes or not content_type.isascii() or not content_type.isprintable():
        raise Problem(INVALID)
    message = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body)
    if message.get_content_type() != "multipart/form-data" or not message.is_multipart() or message.defects:
        raise Problem(INVALID)
    values: dict[str, str] = {}
    several: dict[str, list[str]] = {}
    files: dict[str, bytes] = {}
    parts = [part for part in message.get_payload() if isinstance(part, Message)]
    if len(parts) > MOST_PARTS:
        raise Problem(INVALID)
    for part in parts:
        name, content = _content(part)
        filename = part.get_filename()
        if filename is not None:
            if filename or content:
                files[name] = content
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
