"""Commands about mails; chalicelib/__main__.py adds it."""

import click

from chalicelib.core.languages import N_, translate
from chalicelib.mail.undelivered import every

LANGUAGE = "en"

NONE_REFUSED = N_("SES refused no mail; mails that still wait, or were given up, are not listed here.")


@click.command()
def undelivered() -> None:
    """List the mails that SES refused, the oldest first."""
    found = every()
    if not found:
        click.echo(translate(NONE_REFUSED, LANGUAGE))
    for one in found:
        click.echo(f"{one.at:%Y-%m-%d %H:%M} UTC  {one.kind:<10}  {one.id}  {one.reason}")
