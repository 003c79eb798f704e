"""The waiting list of a session: who waits and what holds them, and who was offered a seat."""

from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import existing
from chalicelib.office.desk import requests, waiting_lists
from chalicelib.pages.frame.pages import page
from chalicelib.pages.frame.visit import Visit
from chalicelib.pages.staff import words
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.sessions import table as programme


def show(visit: Visit, by: Staff, session_id: str) -> Answer:
    """`?after=`: behind which ticket this part begins."""
    after = requests.behind(visit.query)
    return page(
        visit,
        "pages/staff/waiting_list.html",
        session=existing(programme.get(session_id)),
        list=waiting_lists.of(session_id, after, visit.now),
        begins=not after,
        words=words,
        is_desk=visit.may("GET", "/office/desk/registrations/{registration_id}"),
    )
