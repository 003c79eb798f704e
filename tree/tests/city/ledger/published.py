"""Entries as `GET /api/ledger` and the ledger of staff answer them."""

import json
from typing import Any

from chalicelib.city.ledger.handlers import public_entry, whole_entry
from chalicelib.city.ledger.rules import LedgerEntry
from chalicelib.core.http.answers import plain


def as_public(entry: LedgerEntry) -> dict[str, Any]:
    return dict(json.loads(json.dumps(public_entry(entry), default=plain)))


def as_whole(entry: LedgerEntry) -> dict[str, Any]:
    return dict(json.loads(json.dumps(whole_entry(entry), default=plain)))
