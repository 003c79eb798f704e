"""A paper that somebody uploads through us, or is given: how large it may be, and what it may be. Plain rules."""

# API Gateway hands a request on in Base64, and Lambda takes 6 MB; so does an answer.
MOST_BYTES = 4_000_000
_BEGINNINGS = {"pdf": b"%PDF-", "jpeg": b"\xff\xd8\xff", "png": b"\x89PNG\r\n\x1a\n"}


def kind_of(content: bytes) -> str | None:
    """`pdf`, `jpeg` or `png`, by what it begins with, whatever it is called; None for everything else."""
    return next((kind for kind, beginning in _BEGINNINGS.items() if content.startswith(beginning)), None)
