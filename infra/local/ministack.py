"""MiniStack with what it lacks for us, and an end when whoever started it has ended. Run by emulator.py.

MiniStack keeps its state on disk when it stops, but not all that we promise to keep:

- the table's stream. Its readers' positions are kept, the records are not: after a restart the outbox would wait for as
  many new records as there once were, and what it had not read would be lost;
- the mailbox;
- the queues, if it comes back on another port, because it knows them by an address with its port;
- anything at all, when it is killed: so it saves here while it runs, too.

And it asks a role's leave to send mail without saying from which address, so that only leave to send from any would do;
AWS does say.

This leans on names inside the one version that requirements-dev.txt pins; tests/infra/test_run.py notices if they move.
"""

import asyncio
import json
import os
import signal
import sys
import threading
from copy import deepcopy
from email.utils import parseaddr
from types import ModuleType
from typing import Any

from ministack import app as ministack
from ministack.core.persistence import save_all
from ministack.core.responses import get_account_id
from ministack.core.router import extract_region
from ministack.services import dynamodb, ses, sqs

SAVE_EVERY_SECONDS = 10.0
QUEUE_PORT = "4566"  # in the queues' names, whichever port we listen on


def remember(service: ModuleType, *names: str) -> None:
    """Adds the service's stores of these names to what it saves and restores."""
    state, restore = service.get_state, service.load_persisted_state

    def get_state() -> dict[str, Any]:
        return {**state(), **{name: deepcopy(getattr(service, name)) for name in names}}

    def load_persisted_state(saved: dict[str, Any]) -> None:
        restore(saved)
        for name in names:
            getattr(service, name).update(saved.get(name, {}))

    service.get_state, service.load_persisted_state = get_state, load_persisted_state  # type: ignore[attr-defined]


async def save_now_and_then() -> None:
    """Whenever something was written to the table. In the server's own thread, so never while it saves at its end."""
    saved = dynamodb._stream_seq_counter
    while True:
        await asyncio.sleep(SAVE_EVERY_SECONDS)
        if dynamodb._stream_seq_counter != saved:
            saved = dynamodb._stream_seq_counter
            save_all(ministack._build_persistence_save_dict())


def saving(serve: Any) -> Any:
    """The ASGI app `serve`, saving as long as it lives."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "lifespan":
            await serve(scope, receive, send)
            return
        task = asyncio.create_task(save_now_and_then())
        try:
            await serve(scope, receive, send)
        finally:
            task.cancel()

    return app


def name_sender(enforce: Any) -> Any:
    """`enforce`, MiniStack's question to IAM about SES, with a mail's identity and sender as AWS gives them."""

    def question(method: str, path: str, headers: Any, body: bytes, query: Any, request_id: str) -> Any:
        if not path.endswith("/outbound-emails"):
            return enforce(method, path, headers, body, query, request_id)
        sender = parseaddr(json.loads(body).get("FromEmailAddress", ""))[1]
        identity = f"arn:aws:ses:{extract_region(headers, query)}:{get_account_id()}:identity/{sender}"
        return ministack._enforce_data_plane(
            "sesv2",
            "ses:SendEmail",
            headers,
            query,
            request_id,
            resource_arn=identity,
            service_context={"ses:FromAddress": sender},
            named_resource=identity,
        )

    return question


def end_with_starter() -> None:
    """Our standard input is a pipe that the starter holds: it closes when the starter ends, whatever ended it."""
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    remember(dynamodb, "_stream_records", "_stream_trimmed")
    remember(ses, "_sent_emails")
    sqs.DEFAULT_PORT = QUEUE_PORT
    sqs._CANONICAL_NETLOC = f"{sqs.DEFAULT_HOST}:{QUEUE_PORT}"
    ministack._enforce_ses_v2 = name_sender(ministack._enforce_ses_v2)
    ministack.app = saving(ministack.app)
    threading.Thread(target=end_with_starter, daemon=True).start()
    ministack.main()
