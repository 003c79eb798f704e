"""Statements that the law asks of a public body: how accessible its pages are, and what it knows of people.

Accessibility: Directive (EU) 2016/2102, by the model statement of Implementing Decision (EU) 2018/1523: status, what
does not comply and why, how and when the statement was made, feedback, enforcement.

- Flanders: the Bestuursdecreet of 7 December 2018 asks for it. How the government itself does it:
  https://www.vlaanderen.be/over-vlaanderenbe/toegankelijkheidsverklaring-vlaanderenbe
  Complaints: https://www.vlaanderen.be/vlaamse-ombudsdienst/contacteer-de-vlaamse-ombudsdienst
- Netherlands: the (Tijdelijk) besluit digitale toegankelijkheid overheid asks for EN 301 549:
  https://zoek.officielebekendmakingen.nl/stb-2018-141.html
  A status from A to E stands in the register at https://www.toegankelijkheidsverklaring.nl, where the municipality
  enters it: we claim none for it here.

Privacy: GDPR, articles 13 and 14. Complaints about a Flemish municipality, after one has written to it:
https://www.vlaanderen.be/vlaamse-toezichtcommissie/rechten-van-betrokkenen/klachtenprocedure-vtc

What changes from city to city stands in texts that staff may change (chalicelib/city/texts).
"""

from datetime import date

from chalicelib.city.texts import table
from chalicelib.city.texts.rules import KEYS
from chalicelib.core import settings
from chalicelib.core.http.answering import Answer
from chalicelib.pages.frame import cookies
from chalicelib.pages.frame.pages import page
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.child_info.rules import NOTES_KEPT
from chalicelib.people.families.rules import KEPT_DAYS, VALID_DAYS

CACHE_SECONDS = 5
DAY = KEYS["accessibility_day"]
# How long the log groups of infra/template.yaml keep what happened.
LOG_DAYS = 30


def accessibility(visit: Visit) -> Answer:
    reviewed = date.fromisoformat(table.remembered()[DAY.name].texts[visit.language])
    return page(visit, "pages/family/accessibility.html", cache_seconds=CACHE_SECONDS, reviewed=reviewed)


def privacy(visit: Visit) -> Answer:
    return page(
        visit,
        "pages/family/privacy.html",
        cache_seconds=CACHE_SECONDS,
        valid_days=VALID_DAYS,
        kept_months=round(KEPT_DAYS / 30.4),
        cookies=[
            (cookies.name_of(name, visit.is_local), name == cookies.PASS, one.purpose, one.seconds)
            for name, one in cookies.COOKIES.items()
        ],
        log_days=LOG_DAYS,
        registrations_kept=settings.registrations_kept_months(),
        notes_weeks=NOTES_KEPT.days // 7,
    )
