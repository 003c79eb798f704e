"""What a family says of its child's health is on its own page and on the lists of those who may read them; it is in no
log, message, mail or token.

A whole story, with words that stand nowhere else: whatever is written, sent or queued meanwhile is searched for them.
"""

import json
import re
from typing import Any
from unittest.mock import patch

from chalicelib.office.attendance import reading
from chalicelib.people.child_info import table as care
from chalicelib.people.families import tokens
from chalicelib.people.staff.rules import Role
from tests.camps import LOU, family, published
from tests.office.desk.counter import cancel
from tests.pages.frame.browsing import Browser, family_browser
from tests.test_privacy import Bug, a_city

SAID = {
    "contacts[0].name": "Grootmoeder Zwaantje",
    "contacts[0].phone": "0499 77 66 55",
    "medical": "Coeliakie: geen gluten",
    "pick_up[0]": "Nonkel Quirijn",
}
WORDS = re.compile("Zwaantje|0499|Coeliakie|gluten|Quirijn", re.IGNORECASE)


def a_family_says_it(browser: Browser) -> None:
    page = f"/children/{LOU.child_id}"
    browser.get(page)
    assert browser.submit({**SAID, "contacts[0].phone": "0499"}, button="Save").status == 422
    assert browser.submit(SAID, button="Save").status == 200


def staff_read_it(registration_id: str, session_id: str) -> list[str]:
    """Answers what they saw."""
    desk, other = (Browser("en").sign_in(Role.DESK, name=name) for name in ("Els Maes", "Tom De Wilde"))
    lists = f"/office/attendance/{session_id}"
    shown = [
        desk.get(f"/office/desk/registrations/{registration_id}/children/{LOU.child_id}"),
        other.get(f"{lists}?day=2027-08-16"),
        other.get(f"{lists}/list.csv?day=2027-08-16"),
    ]
    other.get(f"{lists}/list.xlsx?day=2027-08-16")
    other.get("/office/attendance/tomorrow.pdf?day=2027-08-16")
    with patch.object(reading, "of_session", side_effect=Bug(SAID["medical"])):
        assert other.get(f"{lists}?day=2027-08-16").status == 500
    with patch.object(care, "replace", side_effect=Bug(SAID["medical"])):
        desk.get(f"/office/desk/registrations/{registration_id}/children/{LOU.child_id}")
        assert desk.submit(SAID, button="Save").status == 500
    return [one.html for one in shown]


def test_it_is_seen_by_who_may_and_written_down_nowhere(logged: Any, accesses: list[dict[str, Any]]) -> None:
    with a_city() as city:
        zeb, session = family(LOU), published()
        registration_id = zeb.register(session, LOU).json_body["registration_id"]
        a_family_says_it(family_browser(zeb.token, "en"))
        seen = staff_read_it(registration_id, session.session_id)
        assert cancel(registration_id).status_code == 200
        city.outbox()
        queued = city.queued()
        assert city.deliver(queued) == []
        mails = city.mailbox

    assert all(WORDS.search(page) for page in seen)  # it was all there to be written down
    assert len(mails) >= 1
    for written in (
        logged.getvalue(),
        json.dumps(accesses),
        json.dumps(queued),
        *(mail.as_string() for mail in mails),
        tokens.sign(zeb.pass_),
    ):
        assert not WORDS.search(written)
    assert sum(one["notes"] for one in accesses) >= 5
