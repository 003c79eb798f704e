"""MiniStack, closer to AWS where it matters to us; run by emulator.py, and ends with it.

MiniStack keeps its state on disk when it stops, but not all that we promise to keep. Here it also keeps

- the table's stream: its readers' positions are kept, the records are not; after a restart the outbox would wait for as
  many new records as there once were, and what it had not read would be lost;
- the mailbox, and beside it each mail as it was sent, a file each, for mailbox.py;
- the queues when it comes back on another port: it knows them by an address with its port in it;
- everything every few seconds, so that a kill loses no more than that.

And it does what AWS does where it does something else: it counts the read units of a batch, as of all other reads,
hands stream records over again that a function reports as failed, asks leave for SendMessage where several messages are
sent at once, for a mail says to IAM who sends it, and takes back a token of Cognito's where OAuth says so, and renews
one with the groups of its user.
It unpacks a function's code once, not for each process: six thousand files take seconds on many a disk. And it lets a
rush wait for a few processes instead of starting hundreds.

All of this leans on names inside the one version that requirements-dev.txt pins; tests/infra/test_run.py notices if
they move.
"""

import asyncio
import base64
import hashlib
import json
import os
import shutil
import signal
import sys
import threading
import time
import zipfile
from collections import defaultdict
from copy import deepcopy
from email.utils import parseaddr
from http import HTTPStatus
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl

from ministack import app as ministack
from ministack.core import iam_actions, lambda_runtime
from ministack.core.persistence import save_all
from ministack.core.responses import get_account_id
from ministack.core.router import extract_region
from ministack.services import cognito, dynamodb, lambda_svc, ses, ses_v2, sqs

from infra.local.mailbox import ENDING

SAVE_EVERY_SECONDS = 10.0
AT_ONCE = 4  # processes for each function
BATCHES = {"sqs:SendMessageBatch": "sqs:SendMessage", "sqs:DeleteMessageBatch": "sqs:DeleteMessage"}
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


def in_turn(run: Any) -> Any:
    """`run` runs a function. AWS would start a process for each request of a rush; here they wait for one of a few."""
    turns: dict[str, threading.Semaphore] = defaultdict(lambda: threading.Semaphore(AT_ONCE))

    def run_in_turn(function: Any, config: Any, event: Any, *more: Any) -> Any:
        with turns[config["FunctionName"]]:
            return run(function, config, event, *more)

    return run_in_turn


def handing_over_again(run: Any) -> Any:
    """`run` runs a function. That a function reports failed stream records counts as its failure: all come again, where
    AWS would begin at the first that failed."""

    def run_and_look(function: Any, config: Any, event: Any, *more: Any) -> Any:
        result = run(function, config, event, *more)
        records = event.get("Records") if isinstance(event, dict) else None
        if records and records[0].get("eventSource") == "aws:dynamodb":
            body = result.get("body")
            answer = json.loads(body) if isinstance(body, str) else body
            if isinstance(answer, dict) and answer.get("batchItemFailures"):
                return {**result, "error": True}
        return result

    return run_and_look


def without_batches(action_of: Any) -> Any:
    """`action_of` names the action that a request needs leave for. AWS knows none for sending or deleting several
    messages."""

    def action(*request: Any) -> Any:
        named = action_of(*request)
        return BATCHES.get(named, named)

    return action


def counting_units(batch_get: Any) -> Any:
    """`batch_get` answers BatchGetItem. AWS counts each of its keys as one read, also of an item that there is not."""

    def counted(asked: Any) -> Any:
        status, headers, body = batch_get(asked)
        if status != HTTPStatus.OK or asked.get("ReturnConsumedCapacity", "NONE") == "NONE":
            return status, headers, body
        answer = json.loads(body)
        answer["ConsumedCapacity"] = [
            {"TableName": name, "CapacityUnits": _units(wanted, answer["Responses"].get(name, []))}
            for name, wanted in asked["RequestItems"].items()
        ]
        return status, headers, json.dumps(answer, ensure_ascii=False).encode()

    return counted


def _units(wanted: Any, found: Any) -> float:
    of_items = sum(max(1, -(-dynamodb._item_size_bytes(item) // 4096)) for item in found)
    units = of_items + len(wanted["Keys"]) - len(found)
    return float(units if wanted.get("ConsistentRead") else units / 2)


def naming_sender(enforce: Any) -> Any:
    """`enforce` asks IAM about a call of SES. About a mail, with the identity and the sender that AWS gives."""

    def asked(method: str, path: str, headers: Any, body: bytes, query: Any, request_id: str) -> Any:
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

    return asked


def keeping_mails(handle: Any) -> Any:
    """`handle` answers requests to SES. Each mail that it takes is kept as it was sent, by the moment at which it was:
    MiniStack itself keeps only its two texts."""
    folder = Path(os.environ.get("MAILS_FOLDER", ""))

    async def handled(method: str, path: str, headers: Any, body: bytes, query: Any) -> Any:
        answer = await handle(method, path, headers, body, query)
        if path.endswith("/outbound-emails") and answer[0] == HTTPStatus.OK:
            begun = folder / "begun"
            begun.write_bytes(base64.b64decode(json.loads(body)["Content"]["Raw"]["Data"]))
            begun.rename(folder / f"{time.time_ns()}{ENDING}")
        return answer

    return handled


def revoking(handle: Any) -> Any:
    """`handle` answers Cognito's endpoints, but for the one by which a token is taken back (RFC 7009): MiniStack has it
    as a call of its API alone."""

    async def handled(method: str, path: str, headers: Any, body: bytes, query: Any) -> Any:
        if (method, path) != ("POST", "/oauth2/revoke"):
            return await handle(method, path, headers, body, query)
        asked = dict(parse_qsl(body.decode()))
        cognito._revoke_token({"Token": asked.get("token", "")})
        return HTTPStatus.OK, {"Content-Type": "application/json"}, b""

    return handled


def with_groups(make: Any) -> Any:
    """`make` makes a token of Cognito's. AWS writes the groups of a user into one that is renewed, too."""

    def made(sub: str, pool_id: str, *more: Any, username: str = "", **named: Any) -> Any:
        if username:
            user = cognito._get_pool_unscoped(pool_id)["_users"].get(username, {})
            named = {"username": username, "groups": user.get("_groups"), **named}
        return make(sub, pool_id, *more, **named)

    return made


class Unpacked(zipfile.ZipFile):
    """A package whose files all processes share, by its content. They are kept from one run to the next."""

    folder = Path(os.environ.get("UNPACKED_FOLDER", ""))
    _one_at_a_time = threading.Lock()

    def extractall(self, path: Any = None, *more: Any, **named: Any) -> None:
        shared = self.folder / hashlib.sha256(Path(str(self.filename)).read_bytes()).hexdigest()
        with self._one_at_a_time:
            if not shared.exists():
                begun = shared.with_suffix(".begun")
                shutil.rmtree(begun, ignore_errors=True)
                super().extractall(begun)
                begun.rename(shared)
        os.rmdir(path)
        os.symlink(shared, path)


def end_with_starter() -> None:
    """Our standard input is a pipe that the starter holds: it closes when the starter ends, whatever ended it."""
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    remember(dynamodb, "_stream_records", "_stream_trimmed")
    remember(ses, "_sent_emails")
    sqs.DEFAULT_PORT = QUEUE_PORT
    sqs._CANONICAL_NETLOC = f"{sqs.DEFAULT_HOST}:{QUEUE_PORT}"
    lambda_svc._execute_function_dispatch = in_turn(handing_over_again(lambda_svc._execute_function_dispatch))
    lambda_runtime.zipfile = SimpleNamespace(**{**vars(zipfile), "ZipFile": Unpacked})
    dynamodb._batch_get_item = counting_units(dynamodb._batch_get_item)
    iam_actions.extract_iam_action = without_batches(iam_actions.extract_iam_action)
    ministack._enforce_ses_v2 = naming_sender(ministack._enforce_ses_v2)
    ses_v2.handle_request = keeping_mails(ses_v2.handle_request)
    cognito._fake_token = with_groups(cognito._fake_token)
    ministack._handle_cognito_body_request = revoking(ministack._handle_cognito_body_request)
    ministack.app = saving(ministack.app)
    threading.Thread(target=end_with_starter, daemon=True).start()
    ministack.main()
