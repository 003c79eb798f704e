"""The public API as `make run`'s examples and `make demo` call it."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

SECONDS = 30


def ask(
    base: str,
    method: str,
    path: str,
    token: str = "",
    content: Mapping[str, Any] | None = None,
    *,
    key: str = "",
) -> tuple[int, Any]:
    """Status and document of the answer, also of a refusal. `token`: a pass's or a staff member's; `key`: the
    Idempotency-Key."""
    headers = {"Content-Type": "application/json", "Accept-Language": "en"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    if key:
        headers["Idempotency-Key"] = key
    body = json.dumps(content).encode() if content is not None else None
    try:
        answer = build_opener(ProxyHandler({})).open(
            Request(base + path, body, headers, method=method), timeout=SECONDS
        )
    except HTTPError as refusal:
        answer = refusal
    with answer:
        text = answer.read()
        return answer.status, json.loads(text) if text else None


class Refused(Exception):
    """`document`: RFC 9457's, of an answer that was none of those that were expected."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        super().__init__(document.get("detail", document.get("title")))
        self.document = document


def must(answer: tuple[int, Any]) -> Any:
    """The document of an answer that is no refusal; raises Refused."""
    status, document = answer
    if status >= 300:
        raise Refused(document or {})
    return document
