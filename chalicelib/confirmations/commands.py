"""What the command line offers about mails; chalicelib/__main__.py adds it."""

import click

from chalicelib.confirmations.undelivered import every


@click.command()
def undelivered() -> None:
    """List the mails that SES refused, the oldest first."""
    found = every()
    if not found:
        click.echo("Every mail was accepted.")
    for one in found:
        click.echo(f"{one.at:%Y-%m-%d %H:%M} UTC  {one.kind:<10}  {one.id}  {one.reason}")
