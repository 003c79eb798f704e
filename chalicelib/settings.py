"""What the template tells the code, read from the environment; a missing name fails at the first use, by name."""

import os


def table_name() -> str:
    return os.environ["TABLE"]


def queue_url() -> str:
    """The queue of confirmations."""
    return os.environ["QUEUE_URL"]


def sender() -> str:
    """The address that mails come from; SES must have verified it."""
    return os.environ["SENDER"]


def public_url() -> str:
    """Where parents reach the system, without a slash at the end."""
    return os.environ["PUBLIC_URL"].rstrip("/")


def secret() -> str:
    """The one secret of a deployment; see families/identity.py for what is derived from it."""
    return os.environ["SECRET"]
