"""`.venv/bin/python -m infra.local.sign_in approver`: a token of an example staff member, while `make run` serves.

By the account that owns the user pool, here the emulator's. A browser signs in at the pool's own page.
"""

import argparse
import sys
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit
from urllib.request import HTTPCookieProcessor, OpenerDirector, ProxyHandler, build_opener

from botocore.exceptions import BotoCoreError, ClientError

from infra.local.package import ROOT, short
from infra.local.stack import Aws, outputs
from infra.local.staff import EXAMPLES, passwords

SECONDS = 30


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="sign_in", description=__doc__)
    parser.add_argument("who", choices=[one.who for one in EXAMPLES])
    parser.add_argument("--home", type=Path, default=ROOT / ".stormloop", help="where make run keeps everything")
    asked = parser.parse_args(arguments)
    try:
        print(token(asked.who, asked.home))
    except (FileNotFoundError, BotoCoreError, ClientError) as failure:
        print(f"Is it running, with its data in {short(asked.home)}? make run. ({failure})", file=sys.stderr)
        return 1
    return 0


def token(who: str, home: Path) -> str:
    """Good for a quarter of an hour, as `Authorization: Bearer TOKEN`."""
    environment = dict(line.split("=", 1) for line in (home / "env").read_text().splitlines())
    aws = Aws(environment["AWS_ENDPOINT_URL"])
    stack = outputs(aws) or {}
    email = next(one.email for one in EXAMPLES if one.who == who)
    signed_in = aws.client("cognito-idp").admin_initiate_auth(
        UserPoolId=stack["StaffPoolId"],
        ClientId=stack["StaffClientId"],
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": email, "PASSWORD": passwords(home)[email]},
    )
    return str(signed_in["AuthenticationResult"]["IdToken"])


def browser(who: str, home: Path, pages: str) -> OpenerDirector:
    """One that is signed in at the office, as somebody who typed the password at the pool's own page."""
    opener = build_opener(ProxyHandler({}), HTTPCookieProcessor())
    email = next(one.email for one in EXAMPLES if one.who == who)
    with opener.open(f"{pages}/office/sign-in", timeout=SECONDS) as form:
        asked = dict(parse_qsl(urlsplit(form.url).query))
        page = urljoin(form.url, "/login")
    typed = asked | {"username": email, "password": passwords(home)[email]}
    opener.open(page, urlencode(typed).encode(), timeout=SECONDS).close()
    return opener


if __name__ == "__main__":
    sys.exit(main())
