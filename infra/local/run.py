"""`make run`: the system on this machine, until Ctrl-C. Registrations are still there the next time."""

import argparse
import fcntl
import hashlib
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from urllib.error import URLError
from urllib.parse import urlsplit

from botocore.exceptions import BotoCoreError, ClientError

from infra.local import identity, payments, register, seal, uitpas
from infra.local.api import Refused
from infra.local.emulator import (
    CREDENTIALS,
    HOST,
    MAILS,
    UNPACKED,
    EmulatorFailed,
    PortTaken,
    check_port,
    emulator,
    endpoint,
    fetch,
)
from infra.local.example import import_example
from infra.local.example_desk import fill_a_waiting_list, hold_the_draw
from infra.local.example_map import put_map
from infra.local.example_opening import publish_example_opening
from infra.local.mailbox import serving
from infra.local.package import ROOT, STAGE, Package, PackagingFailed, package, short
from infra.local.stack import STACK, Aws, deploy, outputs, physical_id
from infra.local.staff import DOMAIN, EXAMPLES, employ

SENDER = "stormloop@example.org"
MAILS_A_SECOND = "200"  # the emulator's SES takes any number
READY_SECONDS = 60
END_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class AlreadyRunning(EmulatorFailed):
    pass


def main(arguments: list[str] | None = None) -> int:
    asked = _read(arguments)
    _keep_to_this_machine()
    for signal_number in END_SIGNALS:
        if signal_number != signal.SIGHUP or signal.getsignal(signal_number) != signal.SIG_IGN:  # nohup
            signal.signal(signal_number, _end)
    try:
        serve(asked.port, asked.home.resolve(), fresh=asked.fresh)
    except (PortTaken, AlreadyRunning) as refusal:
        print(refusal, file=sys.stderr)
        return 2
    except (EmulatorFailed, PackagingFailed) as failure:
        print(failure, file=sys.stderr)
        return 1
    except Refused as failure:
        print(f"The examples could not be made: {failure}. Try again: make run FRESH=1", file=sys.stderr)
        return 1
    except (BotoCoreError, ClientError) as failure:
        print(f"The emulator refuses: {failure}. If it stays so: make run FRESH=1", file=sys.stderr)
        return 1
    except KeyboardInterrupt:  # before it served
        return 130
    return 0


def _keep_to_this_machine() -> None:
    """Nothing of an account at AWS that whoever types this may have, and no way round by a proxy."""
    for name in list(os.environ):
        if name.startswith(("AWS_", "LAMBDA_", "MINISTACK_")):
            del os.environ[name]
    for name in ("NO_PROXY", "no_proxy"):
        os.environ[name] = ",".join(filter(None, (os.environ.get(name), HOST)))


def serve(port: int, home: Path, *, fresh: bool) -> None:
    """Until a signal, or until the emulator ends by itself, which raises EmulatorFailed."""
    check_port(port)
    with _alone(home, fresh=fresh):
        made = package()
        _say("Starting the emulator of AWS ...")
        with (
            emulator(port, home) as process,
            serving(home / MAILS) as mailbox,
            _provider(home) as provider,
            _uitpas(home) as of_uitpas,
            _identity(home) as of_identity,
            _register(home) as of_register,
        ):
            base, pages = _set_up(port, home, made, provider, of_uitpas, of_identity, of_register)
            addresses = {
                home / "url": base,
                home / "pages": pages,
                home / "mailbox": mailbox,
                home / "provider": provider,
            }
            for file, address in addresses.items():
                file.write_text(f"{address}\n")
            try:
                _show(base, pages, mailbox, provider, of_uitpas, home)
                _stay(process, home)
            except KeyboardInterrupt:
                _say("\nStopping; what was registered is kept ...")
            finally:
                for file in addresses:
                    file.unlink()


@contextmanager
def _alone(home: Path, *, fresh: bool) -> Iterator[None]:
    """The folder is ours until the end of the `with`; raises AlreadyRunning if it is somebody else's."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / "lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(f"Already running, with its data in {short(home)}: stop that one first.") from None
        for name in ("url", "pages", "mailbox", "provider"):
            (home / name).unlink(missing_ok=True)
        if fresh:
            for old in home.iterdir():
                if old.name in ("lock", UNPACKED):
                    continue
                if old.is_dir():
                    shutil.rmtree(old)
                else:
                    old.unlink()
        yield


@contextmanager
def _provider(home: Path) -> Iterator[str]:
    """The provider of payments, until the end of the `with`; its address, which stays the same if it can: the stack is
    told it."""
    mark = home / "provider-port"
    known = int(mark.read_text()) if mark.exists() else 0
    with payments.serving(payments.Standin(home / "payments"), known) as standin:
        mark.write_text(str(urlsplit(standin.address).port))
        yield standin.address


@contextmanager
def _uitpas(home: Path) -> Iterator[str]:
    """UiTPAS, until the end of the `with`; its address, which stays the same if it can."""
    mark = home / "uitpas-port"
    known = int(mark.read_text()) if mark.exists() else 0
    with uitpas.serving(uitpas.Uitpas(), known) as standin:
        mark.write_text(str(urlsplit(standin.address).port))
        yield standin.address


@contextmanager
def _identity(home: Path) -> Iterator[str]:
    """Who says who people are, until the end of the `with`; its address, which stays the same if it can."""
    mark = home / "identity-port"
    known = int(mark.read_text()) if mark.exists() else 0
    with identity.serving(identity.Provider(), known) as address:
        mark.write_text(str(urlsplit(address).port))
        yield address


@contextmanager
def _register(home: Path) -> Iterator[str]:
    """The population register, until the end of the `with`; its address, which stays the same if it can."""
    mark = home / "register-port"
    known = int(mark.read_text()) if mark.exists() else 0
    with register.serving(known) as address:
        mark.write_text(str(urlsplit(address).port))
        yield address


def _set_up(
    port: int, home: Path, made: Package, provider: str, of_uitpas: str, of_identity: str, of_register: str
) -> tuple[str, str]:
    """Brings the emulator to this package; answers what every route of the API begins with, and every page."""
    aws = Aws(endpoint(port))
    keys = _keys(home)
    # Nobody who only tries it has its code in an authenticator app.
    parameters = {
        **keys,
        "Sender": SENDER,
        "MailsASecond": MAILS_A_SECOND,
        "StaffMfa": "OPTIONAL",
        "StaffSignIn": aws.endpoint,
        "PaymentsKey": payments.KEY,
        "PaymentsAddress": provider,
        "UitpasClientId": uitpas.CLIENT_ID,
        "UitpasClientSecret": uitpas.SECRET,
        "UitpasAddress": of_uitpas,
        "UitpasAccounts": of_uitpas,
        "SealFrom": seal.FROM,
        "IdentityIssuer": of_identity,
        "IdentityClientId": identity.CLIENT_ID,
        "IdentityClientSecret": identity.SECRET,
        "RegisterAddress": of_register,
        "RegisterKey": register.KEY,
        "TakesPhotos": "yes",
    }
    seal.keep(aws, home)
    base, pages, found = _deploy(aws, made, parameters, home / "deployed")
    environment = CREDENTIALS | {
        "AWS_ENDPOINT_URL": aws.endpoint,
        "TABLE": found["TableName"],
        "LEDGER_TABLE": found["LedgerTableName"],
        "ACCESS_LOG": found["AccessLogName"],
        "QUEUE_URL": found["QueueUrl"],
        "IDS_KEY": keys["IdsKey"],
        "LINK_KEYS": keys["LinkKeys"],
        "SENDER": SENDER,
        "PUBLIC_URL": pages,
        "LOGS": f"/{STACK}",
        "MAILS_A_SECOND": MAILS_A_SECOND,
        "PAYMENTS_KEY": payments.KEY,
        "PAYMENTS_ADDRESS": provider,
        "UITPAS_CLIENT_ID": uitpas.CLIENT_ID,
        "UITPAS_CLIENT_SECRET": uitpas.SECRET,
        "UITPAS_ADDRESS": of_uitpas,
        "UITPAS_ACCOUNTS": of_uitpas,
        "PHOTOS": found["PhotoBucketName"],
        "TAKES_PHOTOS": "yes",
        "CITY_MAP": found["CityMapName"],
    }
    _write_environment(home / "env", environment)
    aws.client("ses").verify_email_identity(EmailAddress=SENDER)
    employ(aws, found["StaffPoolId"], home)
    is_filled = _fill(aws, home, environment)
    _wait_until_healthy(base)
    if is_filled:
        publish_example_opening(base, pages, home)
        hold_the_draw(base, home)
        waited_for = fill_a_waiting_list(base, home)
        _say(
            f"\nBesides: a draw that is being held now, a waiting list with an offer, hours in the pool.\n"
            f"  {pages}/openings\n  {pages}/sessions/{waited_for}\n  {pages}/swimming"
        )
    _warm_up(aws, found["QueueUrl"])
    return base, pages


def _deploy(aws: Aws, made: Package, parameters: dict[str, str], mark: Path) -> tuple[str, str, dict[str, str]]:
    """The addresses of its API and of its pages, and the outputs of the stack. Nothing is deployed if `mark` says that
    it stands."""
    found = outputs(aws)
    if not found:
        _say("Deploying the packaged template ...")
        found = deploy(aws, made, parameters)
    # The address of the API is known only once there is one, and MiniStack makes a new one when its routes change.
    # Mails link to it.
    while True:
        base = f"{aws.endpoint}/restapis/{found['RestAPIId']}/{STAGE}/_user_request_"
        pages = f"{aws.endpoint}/_aws/execute-api/{physical_id(aws, 'Pages')}"
        parameters = {**parameters, "PublicUrl": pages}
        wanted = hashlib.sha256(json.dumps([made.fingerprint, parameters]).encode()).hexdigest()
        if mark.exists() and mark.read_text() == wanted:
            return base, pages, found
        _say("Deploying the address and whatever changed ...")
        found = deploy(aws, made, parameters)
        mark.write_text(wanted)


def _fill(aws: Aws, home: Path, environment: Mapping[str, str]) -> bool:
    """The example programme, into an empty table. False: it is there already."""
    begun = home / "example-begun"
    any_session = aws.client("dynamodb").query(
        TableName=environment["TABLE"],
        Limit=1,
        KeyConditionExpression="pk = :programme",
        ExpressionAttributeValues={":programme": {"S": "PROGRAMME"}},
    )
    if any_session["Count"] and not begun.exists():
        return False
    begun.touch()
    import_example(home, environment)
    put_map(environment)
    begun.unlink()
    return True


def _keys(home: Path) -> dict[str, str]:
    """This machine's own, by the template's parameters, made once: passes that were mailed stay good."""
    file = home / "keys"
    if not file.exists():
        made = {name: f"local:{secrets.token_urlsafe(32)}" for name in ("IdsKey", "LinkKeys", "FormKeys")}
        file.touch(0o600)
        file.write_text(json.dumps(made))
    return dict(json.loads(file.read_text()))


def _write_environment(file: Path, environment: Mapping[str, str]) -> None:
    """For the command line, which reads it when its own environment says nothing."""
    file.touch(0o600)
    file.write_text("".join(f"{name}={value}\n" for name, value in environment.items()))


def _wait_until_healthy(base: str) -> None:
    """The first request also starts the function, so that the first parent need not wait for that."""
    deadline = time.monotonic() + READY_SECONDS
    while True:
        try:
            fetch(f"{base}/api/health")
            return
        except (URLError, OSError) as error:
            if time.monotonic() > deadline:
                raise EmulatorFailed(f"{base}/api/health does not answer: {error}") from None
            time.sleep(0.5)


def _warm_up(aws: Aws, queue_url: str) -> None:
    """So that the first mail does not wait for its two functions to start; nobody waits for this here."""
    outbox = physical_id(aws, "Outbox")
    aws.client("lambda").invoke(FunctionName=outbox, InvocationType="Event", Payload=b'{"Records": []}')
    nobody = json.dumps({"kind": "pass", "id": "nobody/nothing"})  # a pass that is no longer there: no mail
    aws.client("sqs").send_message(QueueUrl=queue_url, MessageBody=nobody)


def _show(base: str, pages: str, mailbox: str, provider: str, of_uitpas: str, home: Path) -> None:
    _say(f"""
Stormloop serves, on this machine only.

  Parents   {pages}/programme
  Staff     {pages}/office
            {" ".join(one.who for one in EXAMPLES)}
            each @{DOMAIN}, password in {short(home / "staff")}; a token for one:
            .venv/bin/python -m infra.local.sign_in approver
  Mailbox   {mailbox}
  Payments  {provider}
  UiTPAS    {of_uitpas}
  API       {base}
            also in {short(home / "url")}; try: curl {base}/api/sessions
  Commands  .venv/bin/python -m chalicelib --help
  Stop      Ctrl-C; what was registered is kept. Start afresh: make run FRESH=1
""")


def _stay(process: "subprocess.Popen[bytes]", home: Path) -> None:
    code = process.wait()
    raise EmulatorFailed(f"The emulator ended by itself (code {code}); {short(home / 'ministack.log')} may say why.")


def _end(signal_number: int, frame: FrameType | None) -> None:
    for again in END_SIGNALS:  # a second Ctrl-C must not keep the emulator from saving
        signal.signal(again, signal.SIG_IGN)
    raise KeyboardInterrupt


def _say(line: str) -> None:
    print(line, flush=True)


def _read(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make run", usage="make run [PORT=4566] [FRESH=1]", description=__doc__)
    parser.add_argument("--port", type=_port, default=4566, help="4566 unless told")
    parser.add_argument("--fresh", action="store_true", help="forget what was registered before")
    parser.add_argument("--home", type=Path, default=ROOT / ".stormloop", help="where everything is kept")
    return parser.parse_args(arguments)


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise argparse.ArgumentTypeError(f"{text!r} is no port; give a number from 1 to 65535")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
