"""`make run` from outside, as a parent and as whoever starts it meets it: a process, HTTP, a mailbox."""

import base64
import fcntl
import hashlib
import json
import re
import signal
import socket
import subprocess
import sys
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from infra.local.emulator import fetch
from infra.local.package import ROOT, package
from infra.local.sign_in import token
from infra.local.stack import Aws, outputs, physical_id
from infra.local.staff import passwords
from tests import PATIENCE

# What was used, every night; what was kept for long enough, every week.
SCHEDULES = ["cron(0 8 * * ? *)", "cron(20 3 * * ? *)", "rate(7 days)"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def start(port: int | str, home: Path) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "infra.local.run", "--port", str(port), "--home", str(home)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def wait_for(look: Callable[[], Any], what: str) -> Any:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(0.1)
    pytest.fail(f"no {what} within {PATIENCE} seconds")


@dataclass(frozen=True)
class System:
    """One that serves: its API at `base`, its pages at `pages`, the mails that it sent at `mailbox`."""

    base: str
    pages: str
    mailbox: str
    home: Path

    @property
    def emulator(self) -> str:
        return self.base.split("/restapis")[0]

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any, Message]:
        request = Request(
            self.base + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json", **{k.replace("_", "-"): v for k, v in headers.items()}},
        )
        try:
            answer = build_opener(ProxyHandler({})).open(request, timeout=PATIENCE)
        except HTTPError as error:
            answer = error
        content = answer.read()
        return answer.status, json.loads(content) if content else None, answer.headers

    def mails(self, to: str) -> list[Any]:
        with build_opener(ProxyHandler({})).open(
            f"{self.emulator}/_ministack/ses/messages", timeout=PATIENCE
        ) as answer:
            accounts = json.load(answer)["messages"]
        return [mail for mails in accounts.values() for mail in mails if to in mail["To"]]

    def mail(self, to: str, number: int) -> Any:
        """The mail of this number to an address, the first being 1; waits for it."""
        return wait_for(lambda: self.mails(to)[number - 1 :], f"mail {number} to {to}")[0]


@contextmanager
def running(home: Path) -> Iterator[System]:
    """The system, and at its end that SIGTERM leaves nothing of it running."""
    process = start(free_port(), home)
    url, pages, mailbox = (home / name for name in ("url", "pages", "mailbox"))
    try:
        wait_for(
            lambda: (url.exists() and pages.exists() and mailbox.exists()) or process.poll() is not None, "address"
        )
        if process.poll() is not None:
            pytest.fail(f"it ended by itself: {process.communicate()[0]}")
        yield System(url.read_text().strip(), pages.read_text().strip(), mailbox.read_text().strip(), home)
    finally:
        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, said
    assert not url.exists()
    assert not pages.exists()
    assert not mailbox.exists()
    assert not processes_of(home)


def processes_of(home: Path) -> list[str]:
    """What still runs with our folder in its command, its functions' processes included."""
    commands = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            commands.append(file.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
        except OSError:  # it has ended meanwhile
            continue
    return [command for command in commands if str(home) in command]


@pytest.mark.usefixtures("emulator")
def test_from_a_pass_to_a_seat_and_over_a_restart(tmp_path: Path) -> None:
    home, address = tmp_path / "home", "an@example.org"
    with running(home) as system:
        assert_iam_is_enforced(system)
        assert_the_ledger_is_only_added_to(system)
        assert_who_saw_whom_is_kept(system)
        status, _, headers = system.call("GET", "/api/nothing", Authorization="Bearer none")
        assert (status, headers["Content-Type"]) == (404, "application/problem+json")

        assert_staff_come_in_by_their_role_alone(system)
        session, full = two_open_sessions(system)
        bearer = f"Bearer {token_for(system, address, born(session))}"
        siblings = [child["child_id"] for child in system.call("GET", "/api/pass", Authorization=bearer)[1]["children"]]
        wish = {"session_id": session["session_id"], "child_ids": siblings[:1], "waitlist": False}
        status, registration, _ = system.call(
            "POST", "/api/registrations", wish, Authorization=bearer, Idempotency_Key="first"
        )
        assert (status, registration["status"]) == (201, "confirmed")
        assert system.mail(address, 2)["Source"]
        assert_the_mail_can_be_looked_at(system, address)
        assert_there_is_something_to_see_on_every_page(system)
        assert_what_was_used_is_counted(system)
        openings = published(system)

        # Siblings on a waiting list and off it again: what their functions need of IAM for that too.
        take_all_seats(system, full["session_id"])
        wish_to_wait = {"session_id": full["session_id"], "child_ids": siblings, "waitlist": True}
        status, waiting, _ = system.call(
            "POST", "/api/registrations", wish_to_wait, Authorization=bearer, Idempotency_Key="second"
        )
        assert (status, waiting["status"]) == (201, "waitlisted")
        system.mail(address, 3)
        path = f"/api/registrations/{waiting['registration_id']}"
        assert system.call("DELETE", path, Authorization=bearer)[0] == 204
        system.mail(address, 4)

    # On another port, as it may well be: the address of the API changes, what was registered does not.
    with running(home) as system:
        assert published(system) == openings  # no example is made a second time
        assert system.call("GET", "/api/staff/me", Authorization=f"Bearer {token('desk', home)}")[0] == 200
        path = f"/api/registrations/{registration['registration_id']}"
        assert system.call("GET", path, Authorization=bearer)[:2] == (200, registration)
        assert system.call("POST", "/api/registrations", wish, Authorization=bearer, Idempotency_Key="first")[0] == 200
        assert (
            system.call("GET", f"/api/sessions/{session['session_id']}")[1]["seats_left"] == session["seats_left"] - 1
        )

        # The stream goes on where it was: one mail more, and none of the earlier ones again.
        assert system.call("DELETE", path, Authorization=bearer)[0] == 204
        subjects = wait_for(
            lambda: len(found := Counter(mail["Subject"] for mail in system.mails(address))) == 5 and found,
            "five different mails",
        )
        # Two siblings leave a list: two messages, whose mails may cross (delivery.py says when). All others come once.
        assert [number for subject, number in subjects.items() if "wachtlijst" not in subject] == [1, 1, 1]
        assert_the_demo_can_be_played_again_and_again(system)


def published(system: System) -> list[str]:
    """The openings that everybody sees."""
    return [one["opening_id"] for one in system.call("GET", "/api/openings")[1]["openings"]]


def assert_the_mail_can_be_looked_at(system: System, address: str) -> None:
    """As its reader sees it, with its calendar file."""
    listed = fetch(system.mailbox).decode()
    (mail_id,) = re.findall(rf'<a href="/(\d+)">Bevestigd: [^<]*</a> \+ 1 attached<br><span>{address} ', listed)
    assert f'src="/{mail_id}/html"' in fetch(f"{system.mailbox}/{mail_id}").decode()
    assert fetch(f"{system.mailbox}/{mail_id}/1").startswith(b"BEGIN:VCALENDAR")


def assert_there_is_something_to_see_on_every_page(system: System) -> None:
    """The examples: a draw with its result, a waiting list with an offer, hours in the pool."""
    kinds = {one["kind"]: one["opening_id"] for one in system.call("GET", "/api/openings")[1]["openings"]}
    assert set(kinds) == {"first-come", "draw"}
    path = f"/api/openings/{kinds['draw']}"
    wait_for(lambda: system.call("GET", path)[1]["state"] == "drawn", "result of the draw")
    assert {one["place"] for one in system.call("GET", f"{path}/draw")[1]["results"]} == {*range(1, 7)}
    karim = f"Bearer {token('desk', system.home)}"
    path = "/api/staff/registrations?email=karim@example.org"
    wait_for(
        lambda: (
            [one["status"] for one in system.call("GET", path, Authorization=karim)[1]["registrations"]] == ["offered"]
        ),
        "offer to the next family",
    )
    assert b"10:00" in fetch(f"{system.pages}/swimming?language=en")


def assert_the_demo_can_be_played_again_and_again(system: System) -> None:
    for _ in range(2):
        played = demo("--home", str(system.home))
        assert played.returncode == 0, played.stderr
        assert "the same registration" in played.stdout
        assert re.search(r"accepts: confirmed, reference \w{3}-\w{3}-\w{4}", played.stdout)
        assert "The family has no mail address and came by." in played.stdout
        # Of today, which no night has counted.
        assert re.search(r"finance  looks at the bill so far: \$0\.0[0-9]*[1-9][0-9]* at list price", played.stdout)
        assert "\033" not in played.stdout  # coloured on a terminal only


def demo(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "infra.local.demo", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=180, check=False)


def assert_what_was_used_is_counted(system: System) -> None:
    """As every night: by the function, with the leave that its role has, from the logs of the others."""
    aws = Aws(system.emulator)
    function = physical_id(aws, "Cost")
    counted = aws.client("lambda").invoke(FunctionName=function, Payload=b"{}")
    assert "FunctionError" not in counted, counted["Payload"].read()
    (day,) = json.load(counted["Payload"])["days"]
    item = aws.client("dynamodb").get_item(
        TableName=(outputs(aws) or {})["TableName"], Key={"pk": {"S": "COST"}, "sk": {"S": day}}
    )["Item"]
    used = {row[0] for row in json.loads(zlib.decompress(item["used"]["B"])) if "stormloop/registration" in row[3]}
    assert used == {"registering", "desk", "draw"}  # ours, and the examples'
    rules = aws.client("events").list_rules()["Rules"]
    assert sorted(rule["ScheduleExpression"] for rule in rules if rule.get("ScheduleExpression")) == SCHEDULES


def two_open_sessions(system: System) -> list[Any]:
    """For children of the same age."""
    sessions = system.call("GET", "/api/sessions")[1]["sessions"]
    assert len(sessions) == 17  # every row of the example, completed
    made_up = [one for one in sessions if one["status"] == "open" and (one["age_min"], one["age_max"]) == (6, 12)]
    return made_up[:2]


def take_all_seats(system: System, session_id: str) -> None:
    environment = dict(line.split("=", 1) for line in (system.home / "env").read_text().splitlines())
    dynamodb = boto3.client(
        "dynamodb",
        endpoint_url=system.emulator,
        region_name=environment["AWS_DEFAULT_REGION"],
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
        config=Config(proxies={}),
    )
    dynamodb.update_item(
        TableName=environment["TABLE"],
        Key={"pk": {"S": f"S#{session_id}"}, "sk": {"S": "SEATS"}},
        UpdateExpression="SET #free = :none",
        ExpressionAttributeNames={"#free": "free"},
        ExpressionAttributeValues={":none": {"N": "0"}},
    )


def born(session: Any) -> str:
    year, rest = session["starts_on"].split("-", 1)
    return f"{int(year) - session['age_min']}-{rest}"


def token_for(system: System, address: str, birth_date: str) -> str:
    """As a family gets it: from the mail."""
    children = [{"first_name": name, "last_name": "Peeters", "birth_date": birth_date} for name in ("An", "Lou")]
    wanted = {"email": address, "language": "nl", "postcode": "9970", "children": children}
    assert system.call("POST", "/api/passes", wanted)[0] == 202
    link = re.search(r"[?&]token=([\w.~%-]+)", system.mail(address, 1)["BodyText"])
    assert link
    return link[1]


def assert_iam_is_enforced(system: System) -> None:
    with build_opener(ProxyHandler({})).open(f"{system.emulator}/_ministack/health", timeout=PATIENCE) as answer:
        assert json.load(answer)["auth"] == "enabled"
    stranger = boto3.client(
        "dynamodb",
        endpoint_url=system.emulator,
        region_name="eu-west-1",
        aws_access_key_id="AKIAAAAAAAAAAAAAAAAA",
        aws_secret_access_key="none",
        config=Config(proxies={}),
    )
    with pytest.raises(ClientError, match="security token"):
        stranger.list_tables()


def assert_the_ledger_is_only_added_to(system: System) -> None:
    """By the one function that records, and by no other: IAM says so of the table, whatever the code is."""
    environment = dict(line.split("=", 1) for line in (system.home / "env").read_text().splitlines())
    ledger, key = environment["LEDGER_TABLE"], {"pk": {"S": "LEDGER"}, "sk": {"S": "00000001"}}
    changes: dict[str, dict[str, Any]] = {
        "delete_item": {"TableName": ledger, "Key": key},
        "update_item": {"TableName": ledger, "Key": key, "UpdateExpression": "REMOVE seal"},
        "batch_write_item": {"RequestItems": {ledger: [{"DeleteRequest": {"Key": key}}]}},
        "transact_write_items": {"TransactItems": [{"Delete": {"TableName": ledger, "Key": key}}]},
    }
    wanted = {"KeyConditionExpression": "pk = :ledger", "ExpressionAttributeValues": {":ledger": key["pk"]}}
    records, mails = as_role(system, "ApiHandlerRole"), as_role(system, "MailsRole")
    for dynamodb in (records, mails):
        for operation, arguments in changes.items():
            with pytest.raises(ClientError, match="AccessDenied"):
                getattr(dynamodb, operation)(**arguments)
    assert records.query(TableName=ledger, **wanted)["Items"][0]["sk"] == key["sk"]
    with pytest.raises(ClientError, match="AccessDenied"):
        mails.query(TableName=ledger, **wanted)


def as_role(system: System, role: str) -> Any:
    """A client of DynamoDB with what a function may."""
    aws = Aws(system.emulator)
    arn = aws.client("iam").get_role(RoleName=physical_id(aws, role))["Role"]["Arn"]
    known = aws.client("sts").assume_role(RoleArn=arn, RoleSessionName="test")["Credentials"]
    return boto3.client(
        "dynamodb",
        endpoint_url=system.emulator,
        region_name="eu-west-1",
        aws_access_key_id=known["AccessKeyId"],
        aws_secret_access_key=known["SecretAccessKey"],
        aws_session_token=known["SessionToken"],
        config=Config(proxies={}),
    )


def assert_who_saw_whom_is_kept(system: System) -> None:
    """The examples have been registered and cancelled by the desk."""
    environment = dict(line.split("=", 1) for line in (system.home / "env").read_text().splitlines())
    logs = Aws(system.emulator).client("logs")
    events = logs.filter_log_events(logGroupName=environment["ACCESS_LOG"])["events"]
    kept = [json.loads(one["message"]) for one in events]
    assert "POST /api/staff/registrations" in {one["route"] for one in kept}


def assert_staff_come_in_by_their_role_alone(system: System) -> None:
    def me(bearer: str) -> tuple[int, Any]:
        status, body, headers = system.call("GET", "/api/staff/me", **({"Authorization": bearer} if bearer else {}))
        if status != 200:
            assert headers["Content-Type"] == "application/problem+json"
        return status, body.get("roles") or body["type"].rpartition("/")[2]

    desk = token("desk", system.home)
    assert me(f"Bearer {desk}") == (200, ["desk"])
    assert me(f"Bearer {token_of_the_sign_in_page(system, 'director')}") == (200, ["programme-manager", "approver"])

    header, claims, signature = desk.split(".")
    promoted = {**json.loads(base64.urlsafe_b64decode(claims + "==")), "cognito:groups": ["approver"]}
    forged = f"{header}.{base64.urlsafe_b64encode(json.dumps(promoted).encode()).decode().rstrip('=')}.{signature}"
    for nobody in ("", "Bearer none", f"Bearer {forged}"):
        assert me(nobody) == (401, "unauthorized")


class NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


def token_of_the_sign_in_page(system: System, who: str) -> str:
    """As a browser gets it: by OpenID Connect's authorization code, with its proof (PKCE)."""
    address = f"{who}@example.org"
    proof = "a-proof-that-only-this-browser-has-0123456789"
    challenge = base64.urlsafe_b64encode(hashlib.sha256(proof.encode()).digest()).decode().rstrip("=")
    stack = outputs(Aws(system.emulator)) or {}
    asked = {"client_id": stack["StaffClientId"], "redirect_uri": f"{system.pages}/office/signed-in"}
    opener = build_opener(ProxyHandler({}), NoRedirects())

    login = {
        **asked,
        **{"username": address, "password": passwords(system.home)[address], "scope": "openid email profile"},
        **{"response_type": "code", "code_challenge": challenge, "code_challenge_method": "S256"},
    }
    with pytest.raises(HTTPError) as sent_back:
        opener.open(f"{system.emulator}/login", urlencode(login).encode(), timeout=PATIENCE)
    assert sent_back.value.status == 302
    code = parse_qs(urlsplit(sent_back.value.headers["Location"]).query)["code"][0]

    change = {**asked, "grant_type": "authorization_code", "code": code, "code_verifier": proof}
    with opener.open(f"{system.emulator}/oauth2/token", urlencode(change).encode(), timeout=PATIENCE) as answer:
        return str(json.load(answer)["id_token"])


def test_the_demo_says_in_one_line_that_nothing_serves(tmp_path: Path) -> None:
    (tmp_path / "url").write_text(f"http://127.0.0.1:{free_port()}\n")

    for home in (tmp_path / "never", tmp_path):
        played = demo("--home", str(home))
        assert (played.returncode, played.stdout) == (1, "")
        assert played.stderr == "Nothing serves here. Start it with `make run` in another terminal, then `make demo`.\n"


def test_a_taken_port_is_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process = start(port, tmp_path / "home")
        said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 2
    assert re.fullmatch(rf"Port {port} is taken\. Choose another one: make run PORT=\d+\n", said)


def test_a_second_one_on_the_same_data_is_one_line(tmp_path: Path) -> None:
    with (tmp_path / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        process = start(free_port(), tmp_path)
        said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 2
    assert said == f"Already running, with its data in {tmp_path}: stop that one first.\n"


@pytest.mark.parametrize("port", ["0", "65536", "-1", "http", "4566.0", "٤٥٦٦", ""])
def test_what_is_no_port_is_named(tmp_path: Path, port: str) -> None:
    process = start(port, tmp_path / "home")
    said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 2
    assert "is no port; give a number from 1 to 65535" in said
    assert "Traceback" not in said


def test_the_package_is_made_once() -> None:
    first = package()
    made_at = first.code.stat().st_mtime_ns
    assert package() == first
    assert first.code.stat().st_mtime_ns == made_at
