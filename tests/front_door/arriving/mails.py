"""Given: mails, as they come."""

from email.message import EmailMessage

DOMAIN = "in.kaprijke.example"
AN = "an.claeys@example.org"
WORDS = "De lamp voor nummer 3 brandt al een week niet meer."


def mail(
    text: str = WORDS, to: str = f"complaint@{DOMAIN}", sender: str = f"An Claeys <{AN}>", **headers: str
) -> bytes:
    """`headers`: with `_` for `-`."""
    made = EmailMessage()
    given = {"From": sender, "To": to, "Subject": "Lamp stuk", "Message-ID": "<1@example.org>"}
    for name, value in {**given, **{name.replace("_", "-"): value for name, value in headers.items()}}.items():
        made[name] = value
    made.set_content(text)
    return made.as_bytes()


def parts(boundary: str, *inner: bytes, kind: str = "multipart/mixed", head: bytes = b"") -> bytes:
    line = f'Content-Type: {kind}; boundary="{boundary}"\r\n'.encode()
    body = b"".join(b"--" + boundary.encode() + b"\r\n" + part + b"\r\n" for part in inner)
    return head + line + b"\r\n" + body + b"--" + boundary.encode() + b"--\r\n"


def part(kind: str, content: bytes, more: bytes = b"") -> bytes:
    return b"Content-Type: " + kind.encode() + b"\r\n" + more + b"\r\n" + content


HEAD = f"From: {AN}\r\nTo: complaint@{DOMAIN}\r\nSubject: Lamp stuk\r\nMIME-Version: 1.0\r\n".encode()
