"""The public API as `make run`'s examples and `make demo` call it."""

import json
import time
from collections.abc import Mapping
from typing import Any
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

SECONDS = 30
# API Gateway answers so in the place of a function that broke off; each call of ours may be made again.
BROKEN_OFF = (502, 504)
PAUSE_SECONDS = 2


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
    Idempotency-Key. Asks once more where a function broke off, as a browser's user would."""
    answer = _ask(base, method, path, token, content, key)
    if answer[0] in BROKEN_OFF:
        time.sleep(PAUSE_SECONDS)
        answer = _ask(base, method, path, token, content, key)
    return answer


def _ask(base: str, method: str, path: str, token: str, content: Mapping[str, Any] | None, key: str) -> tuple[int, Any]:
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
    """`document`: RFC 9457's, of an answer that was none of those that were expected. What answers in the API's place
    (a gateway whose function broke off) has words of its own: then status and document are named as they are."""

    def __init__(self, status: int, document: Mapping[str, Any]) -> None:
        super().__init__(document.get("detail") or document.get("title") or f"{status} {json.dumps(document)}")
        self.document = document


def must(answer: tuple[int, Any]) -> Any:
    """The document of an answer that is no refusal; raises Refused."""
    status, document = answer
    if status >= 300:
        raise Refused(status, document or {})
    return document
