"""The status page: what works now, and the history of outages, as far as it was measured."""

from chalicelib.core.http.answering import Answer
from chalicelib.core.languages import N_, translate
from chalicelib.insight.status import MANY_WAITING, SHOWN, Condition, status
from chalicelib.pages.family.openings import incident
from chalicelib.pages.frame.pages import page
from chalicelib.pages.frame.visit import Visit
from chalicelib.programme.openings.rules import title

CACHE_SECONDS = 5
PARTS = {
    "requests": N_("Pages and registrations"),
    "table": N_("The store of all registrations"),
    "mails": N_("Mails"),
}
CONDITIONS = {
    Condition.WORKS: (N_("Works"), "safe"),
    Condition.DISTURBED: (N_("Disturbed"), "warning"),
    Condition.FAILS: (N_("Does not work"), "danger"),
    Condition.UNKNOWN: (N_("No figures"), "neutral"),
}


def show(visit: Visit) -> Answer:
    found = status(visit.now)
    worst = [one.condition for one in found.parts]
    return page(
        visit,
        "pages/family/status.html",
        cache_seconds=CACHE_SECONDS,
        found=found,
        is_well=all(one in (Condition.WORKS, Condition.UNKNOWN) for one in worst) and not found.paused,
        parts_shown=[
            (
                translate(PARTS[one.name], visit.language),
                translate(CONDITIONS[one.condition][0], visit.language),
                CONDITIONS[one.condition][1],
                one,
            )
            for one in found.parts
        ],
        paused=[
            (one.opening_id, title(one.plan, visit.language), one.why.get(visit.language, "")) for one in found.paused
        ],
        reported=[
            (one.opening.opening_id, title(one.opening.plan, visit.language), incident(one.entry, visit.language))
            for one in found.reported
        ],
        days=SHOWN.days,
        many=MANY_WAITING,
    )
