"""The words for a case's status, way and history."""

from collections.abc import Mapping

from chalicelib.core.languages import N_
from chalicelib.front_door.cases.rules import Act, CaseStatus, Way

# And how its badge looks: pages/frame/parts.html.
STATUS: Mapping[CaseStatus, tuple[str, str]] = {
    CaseStatus.RECEIVED: (N_("Received"), "neutral"),
    CaseStatus.ASSIGNED: (N_("Assigned"), "neutral"),
    CaseStatus.IN_PROGRESS: (N_("Being worked on"), "neutral"),
    CaseStatus.WAITING_FOR_CITIZEN: (N_("Waits for the citizen"), "warning"),
    CaseStatus.ANSWERED: (N_("Answered"), "safe"),
    CaseStatus.REOPENED: (N_("Reopened"), "warning"),
    CaseStatus.CLOSED: (N_("Closed"), "safe"),
}
WAYS: Mapping[Way, str] = {
    Way.PAGE: N_("Website"),
    Way.API: N_("Another program"),
    Way.OPEN311: N_("Open311"),
    Way.PHONE: N_("Phone"),
    Way.DESK: N_("Desk"),
    Way.MAIL: N_("Mail"),
    Way.POST: N_("Post"),
}
# For staff.
ACTS: Mapping[Act, str] = {
    Act.RECEIVED: N_("Received"),
    Act.TAKEN: N_("Taken"),
    Act.ASSIGNED: N_("Assigned"),
    Act.ASKED: N_("Asked the citizen"),
    Act.REPLIED: N_("The citizen replied"),
    Act.ANSWERED: N_("Answered"),
    Act.FORWARDED: N_("Forwarded"),
    Act.LENGTHENED: N_("Deadline lengthened"),
    Act.MERGED: N_("Merged with a duplicate"),
    Act.REOPENED: N_("Reopened"),
    Act.CLOSED: N_("Closed"),
    Act.HELPED: N_("The citizen says whether it helped"),
    Act.NOTED: N_("Note"),
    Act.CONCERNS: N_("Units that it is about"),
    Act.SHOWN: N_("Shown in public, or no more"),
}
NONE_OF_THEM = N_("None of them")
