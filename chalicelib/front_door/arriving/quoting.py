"""What somebody wrote above the mail that they answered. Plain rules."""

import re

# The line before a quotation: "Op ma 8 mrt 2027 om 10:12 schreef Kaprijke <…>:"
INTRODUCES = re.compile(r"^(?:op|le|on|am)\b.{0,300}(?:schreef|écrit|wrote|schrieb).{0,200}:$", re.IGNORECASE)
OUTLOOK = re.compile(
    r"^(?:-{2,}\s*(?:original message|oorspronkelijk bericht|message d.origine)\s*-{2,}|_{20,})$", re.I
)


def written_now(text: str) -> str:
    """Without the quotation at its end; all of it if nothing would be left."""
    lines = text.split("\n")
    end = next((at for at, line in enumerate(lines) if _begins_quotation(line)), len(lines))
    while end and (lines[end - 1].startswith(">") or not lines[end - 1].strip()):
        end -= 1
    own = "\n".join(lines[:end]).strip()
    return own or text.strip()


def _begins_quotation(line: str) -> bool:
    plain = line.strip("> ").strip()
    return INTRODUCES.match(plain[:600]) is not None or OUTLOOK.match(plain[:80]) is not None
