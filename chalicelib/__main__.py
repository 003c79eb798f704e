"""The command line: python -m chalicelib.

It works on the table that the environment names, as the functions do. Without one it takes the environment of the
system that `make run` started, from .stormloop/env.
"""

import os
import sys
from pathlib import Path

import click

ENVIRONMENT = Path(".stormloop", "env")
# What works wherever it is, on nothing but the files that it is given.
NEEDS_NO_TABLE = frozenset(
    {"verify-opening", "--help", "verify-ledger", "prices", "estimate", "alternatives", "coupons", "verify-receipt"}
)


@click.group()
def stormloop() -> None:
    """Stormloop: registration for camps."""


def main() -> None:
    is_connected = "TABLE" in os.environ or load_environment(ENVIRONMENT)
    if not is_connected and not NEEDS_NO_TABLE.intersection(sys.argv):
        give_up(f"There is no system to work on: start one with `make run`, which writes {ENVIRONMENT}, or set TABLE.")
    from botocore.exceptions import BotoCoreError, ClientError
    from pynamodb.exceptions import PynamoDBException

    from chalicelib.core.refusals import Busy, Refused

    try:
        add_commands(is_connected)
        stormloop(prog_name="python -m chalicelib")
    except PynamoDBException as error:
        give_up(trouble(error.cause or error))
    except (Busy, Refused) as error:
        give_up(trouble(error.__cause__ or error))
    except (BotoCoreError, ClientError) as error:
        give_up(trouble(error))


def load_environment(file: Path) -> bool:
    """Adds the KEY=VALUE lines of `file` to the environment. False if there is no such file, or it names no table."""
    if not file.is_file():
        return False
    for line in file.read_text(encoding="utf-8").splitlines():
        key, is_assigned, value = line.strip().partition("=")
        if is_assigned and not key.startswith("#"):
            os.environ[key] = value
    return "TABLE" in os.environ


def add_commands(is_connected: bool) -> None:
    from chalicelib.city.ledger.commands import verify_ledger
    from chalicelib.front_door.daybook.commands import verify_receipt
    from chalicelib.insight.cost.commands import compare_alternatives, estimate_opening, refresh_prices
    from chalicelib.money.citypass.commands import city_pass
    from chalicelib.office.publication.commands import verify_opening
    from chalicelib.programme.files.commands import import_programme
    from chalicelib.programme.sessions.commands import open_registration

    stormloop.add_command(import_programme)
    stormloop.add_command(open_registration)
    stormloop.add_command(refresh_prices)
    stormloop.add_command(estimate_opening)
    stormloop.add_command(compare_alternatives)
    stormloop.add_command(verify_ledger)
    stormloop.add_command(verify_opening)
    stormloop.add_command(verify_receipt)
    stormloop.add_command(city_pass)
    if is_connected:  # its import connects
        from chalicelib.city.ledger.moving import move_ledger
        from chalicelib.insight.cost.what_it_cost import what_it_cost
        from chalicelib.mail.commands import undelivered

        stormloop.add_command(what_it_cost)
        stormloop.add_command(undelivered)
        stormloop.add_command(move_ledger)


def trouble(error: BaseException) -> str:
    """One line for what AWS, or the way to it, did not do."""
    from botocore.exceptions import (
        ClientError,
        ConnectionError,
        HTTPClientError,
        NoCredentialsError,
        NoRegionError,
        PartialCredentialsError,
    )

    table = os.environ.get("TABLE")
    if isinstance(error, NoCredentialsError | PartialCredentialsError):
        return "There are no AWS credentials: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
    if isinstance(error, NoRegionError):
        return "There is no AWS region: set AWS_DEFAULT_REGION, for example to eu-west-1."
    if isinstance(error, ConnectionError | HTTPClientError):
        return f"DynamoDB does not answer. Is the system started (`make run`)? {one_line(error)}"
    if isinstance(error, ClientError):
        code, message = error.response["Error"]["Code"], error.response["Error"].get("Message", "")
        if code == "ResourceNotFoundException":
            return f"There is no table {table} in this account and region. Deploy the system first, or set TABLE."
        return f"DynamoDB refused this for the table {table}: {one_line(message)} ({code})."
    return f"AWS cannot be used: {one_line(error)}"


def one_line(text: object) -> str:
    return " ".join(str(text).split())


def give_up(message: str) -> None:
    click.echo(message, err=True)
    sys.exit(2)


if __name__ == "__main__":
    main()
