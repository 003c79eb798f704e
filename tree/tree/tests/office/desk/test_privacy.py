"""Neither the log nor the public ledger says whom an exception was about, who made it, or why."""

import json
import re
from datetime import date
from unittest.mock import patch

from chalicelib.city.ledger import table as ledger
from chalicelib.people.families.rules import child
from tests.camps import published, request
from tests.office.desk.counter import find, grant, register, reserve
from tests.test_privacy import EMAIL, FIRST, LAST, POSTCODE, SAID, Bug

ZEB = child(FIRST, LAST, date(2022, 5, 17))
WHY = f"{FIRST} {LAST} belde met de burgemeester"
OF_STAFF = re.compile("De Wilde|Els Maes|burgemeester")


def exceptions_are_made() -> list[str]:
    """Answers what else may be written nowhere: ids of registrations and families."""
    session, full = published(), published(title="Danskamp", capacity=1)
    about = {"email": EMAIL, "postcode": POSTCODE, "reason": WHY, "language": "fr"}
    reserve(session, 2, reason=WHY)
    ids = [
        register(session, ZEB, **about).json_body["registration_id"],
        grant(full, ZEB, **about).json_body["registration_id"],
    ]
    letters = register(session, child("Jan", LAST, ZEB.birth_date), **{**about, "email": None}).json_body
    ids += [letters["registration_id"], letters["desk_number"]]
    assert grant(full, ZEB, **about).status_code == 409
    assert register(session, ZEB, **about, **{FIRST: LAST}).status_code == 422
    assert find(email=EMAIL).status_code == 200
    with patch.object(ledger, "record", side_effect=Bug(f"{EMAIL} {WHY}")):
        assert reserve(session, 1, reason=WHY).status_code == 500
    return ids


def test_the_log_names_nobody(table, logged):
    ids = exceptions_are_made()

    written = logged.getvalue()
    assert written.count('"answered"') >= 8
    assert not SAID.findall(written)
    assert not OF_STAFF.findall(written)
    assert [one for one in ids if one in written] == []


def test_the_public_ledger_names_nobody(table):
    ids = exceptions_are_made()

    shown = request("GET", "/api/ledger").body.decode()
    assert len(json.loads(shown)["entries"]) == 4
    assert not SAID.findall(shown)
    assert not OF_STAFF.findall(shown)
    assert [one for one in ids if one in shown] == []
