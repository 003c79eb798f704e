"""The examples of the document: one family, one session, one opening."""

import hashlib
from datetime import date, datetime
from typing import Any

from chalicelib.people.families.rules import Child

at = datetime.fromisoformat
CHILD_ID = "bvt9rrpxwh"
SESSION_ID = "95ey9cscy3"
REGISTRATION_ID = "k7mxfar3ct94ghx7r2p"
OPENING_ID = "2027-k7m2xq"
# The ids in a path.
IDS = {
    "session_id": SESSION_ID,
    "registration_id": REGISTRATION_ID,
    "order_id": REGISTRATION_ID,
    "opening_id": OPENING_ID,
    "child_id": CHILD_ID,
    "family_id": REGISTRATION_ID[:11],
    "number": "1",
    "certificate": "2026-000123",
    "date": "2027-08-16",
    "form_id": "street",
    "receipt": "ACEF-GHJK-MNPRF",
}
OPENS_AT = at("2027-03-06T19:00:00+01:00")
ADMITTED_AT = at("2027-03-06T19:12:04.117000+01:00")
SPREAD_ENDS_AT = at("2027-03-06T19:30:00+01:00")
PASSES_UNTIL = at("2027-03-05T20:00:00+01:00")
PUBLISHED_AT = at("2027-02-20T10:12:31+01:00")
SEED = "8f0c6d1e3e1b4f0e8a557d3a1d0f3c118f0c6d1e3e1b4f0e8a557d3a1d0f3c11"
COMMITMENT = hashlib.sha256(bytes.fromhex(SEED)).hexdigest()
KEY = "k7mxfar3ct94"
TEXTS: dict[str, str] = {"nl": "Kampen zomer 2027", "fr": "Camps été 2027", "en": "Camps summer 2027"}
A_CHILD = Child(CHILD_ID, "Lou", "Claeys", date(2022, 5, 1))
A_FAMILY: dict[str, Any] = {
    "email": "an.claeys@example.be",
    "language": "nl",
    "postcode": "9970",
    "children": [{"first_name": "Lou", "last_name": "Claeys", "birth_date": "2022-05-01"}],
}
