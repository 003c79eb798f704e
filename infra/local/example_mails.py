"""Two mails to the example city: one is a case with the paper that hung on it, one was sent to no form and waits for
the desk. They lie where mails lie that the desk hands in: without a domain there is no bucket for mails that come.

`python -m infra.local.example_mails`, which `make run` starts in the environment of its system."""

import os
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP

from chalicelib.front_door.arriving import reading, table, taking
from chalicelib.front_door.files import bucket

DOMAIN = "in.stormloop.example"
PAPER = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 420 595]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


def send_example_mails(now: datetime) -> None:
    question = _mail(
        "question", "Attest van de turnclub", "Dag, hierbij het attest dat jullie vroegen. Is het zo in orde?"
    )
    question.add_attachment(PAPER, maintype="application", subtype="pdf", filename="attest.pdf")
    question.add_attachment(b"MZ", maintype="application", subtype="octet-stream", filename="bekijk.exe")
    astray = _mail("burgemeester", "Ons plein", "Geachte burgemeester, de bank op ons plein is al een maand stuk.")
    for mail in (question, astray):
        raw = mail.as_bytes(policy=SMTP)
        read = reading.read(raw)
        name = bucket.put_mail(taking.digest(read), raw)
        taken = taking.take(read, DOMAIN, now, name)
        if taken.why:
            table.leave(name, taken.why, taking.digest(read), now)
    print("Two mails came: one is a case with a paper, one was sent to no form and waits at the desk.", flush=True)


def _mail(to: str, subject: str, text: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = "Lotte De Wilde <lotte.dewilde@example.org>"
    mail["To"] = f"{to}@{DOMAIN}"
    mail["Subject"] = subject
    mail["Message-ID"] = f"<{to}@example.org>"
    mail.set_content(text)
    return mail


if __name__ == "__main__":
    assert os.environ.get("AWS_ENDPOINT_URL"), "only for the emulator"
    send_example_mails(datetime.now(UTC))
