"""Every page in every state, as (who looks, address, what must be read on it): test_every_page.py looks at each.

The summer is that of tests/api/summer.py, served by tests/web/serve.py.
"""

from dataclasses import dataclass

from chalicelib.staff.rules import Role
from tests.api import summer as summers
from tests.swimming import pool

ANYBODY, FAMILY = "anybody", "family"


@dataclass(frozen=True)
class Look:
    """`who`: ANYBODY, FAMILY (the summer's own) or roles, "desk,auditor". `says`: in Dutch, on the page."""

    who: str
    path: str
    says: str

    def __str__(self) -> str:
        return f"{self.who} {self.path}"


EVERY_ROLE = ",".join(Role)

LOOKS = (
    Look(ANYBODY, "/programme", "Aanbod"),
    Look(ANYBODY, "/programme?age=18", "Niets past bij deze keuze."),
    Look(FAMILY, "/programme?mine=yes", "Alleen wat bij een van mijn kinderen past"),
    Look(ANYBODY, "/enter?token=forged", "Vraag je link"),
    Look(FAMILY, "/leave", "Dit toestel verlaten"),
    # Preparing, and the opening
    Look(ANYBODY, "/prepare", "Stuur me de link"),
    Look(FAMILY, "/prepare", "Je gegevens wijzigen"),
    Look(ANYBODY, "/prepare/sent", "Kijk in je mail"),
    Look(ANYBODY, "/family", "Vraag je link"),
    Look(FAMILY, "/family", "Mijn inschrijvingen"),
    Look(FAMILY, f"/wishes/{summers.LATER}", "Je hebt nog geen wensen."),
    Look(FAMILY, f"/wishes/{summers.PAUSED}", "Wat ik wil, het liefste eerst"),
    Look(FAMILY, f"/wishes/{summers.HELD}", "Staat in de weg"),
    Look(FAMILY, f"/wishes/{summers.ELSEWHERE}", "De jouwe is 9970"),
    Look(FAMILY, f"/wishes/{summers.WISHED}", "De plaatsen worden verloot"),
    Look(FAMILY, f"/opening/{summers.LATER}", "Je hebt nog geen wensen."),
    Look(FAMILY, f"/opening/{summers.HELD}", "Mijn wensen inschrijven"),
    Look(FAMILY, f"/opening/{summers.PAUSED}", "De inschrijving is even onderbroken"),
    Look(FAMILY, f"/opening/{summers.DRAWN}", "De uitslag van de loting"),
    # A session, a registration, an offer
    # Openings, status, ledger, figures
    # Help and legal texts
    Look(ANYBODY, "/help", "Een gezin loot één keer."),
    Look(ANYBODY, "/accessibility", "EN 301 549"),
    Look(ANYBODY, "/privacy", "Wat we bewaren, waarom en hoelang"),
    # Swimming
    Look(ANYBODY, "/swimming?week=2027-03-10", "Onderhoud van de pompen."),
    Look(ANYBODY, f"/swimming/{pool.FREE}", "Om te reserveren heb je een link nodig."),
    Look(ANYBODY, f"/swimming/{pool.FULL}", "Volzet"),
    Look(ANYBODY, f"/swimming/{pool.OWN_CLOSED}", "Onderhoud van de pompen."),
    Look(ANYBODY, "/swimming?week=2028-01-01", "Er zijn geen zwemuren in deze week."),
    Look(ANYBODY, "/swimming/pass", "Eén mailadres is één gezin."),
    Look(ANYBODY, "/swimming/pass?asked=yes", "Kijk in je mailbox"),
    Look(FAMILY, "/swimming", "Gereserveerd: 3 personen"),
    Look(FAMILY, f"/swimming?instead={pool.OWN}", "Houden wat ik heb"),
    Look(FAMILY, f"/swimming/{pool.FREE}", "Aantal personen"),
    Look(FAMILY, f"/swimming/{pool.FREE}?instead={pool.OWN}", "In plaats van"),
    Look(FAMILY, f"/swimming/bookings?done={pool.OWN}", "Dit is je bevestiging"),
    Look(FAMILY, f"/swimming/bookings/{pool.OWN}", "Deze reservatie annuleren"),
    Look(FAMILY, f"/swimming/bookings/{pool.OWN_CLOSED}", "Gaat niet door"),
    Look(EVERY_ROLE, "/office", "Dag, Wim Willems"),
    # The office: programme and openings
    # The office: desk and attendance
    # The office: council, auditor, finance
    # The office: texts
    Look("programme-manager", "/office/texts", "Wat gezinnen lezen in jullie woorden."),
    Look("programme-manager", "/office/texts/bring", "Zoals het bij het systeem hoort"),
    Look("programme-manager", "/office/texts/city_phone?saved=yes", "Bewaard"),
    Look("auditor", "/office/texts/faq", "Versies"),
    # The office: swimming
    Look(EVERY_ROLE, "/office/swimming?week=2027-03-10", "Te verwittigen: 1 gezin, 3 personen"),
    Look(EVERY_ROLE, "/office/swimming/patterns", "Een nieuw vast uur"),
    Look(EVERY_ROLE, f"/office/swimming/patterns/{pool.EARLY[0].pattern_id}", "Laatste dag"),
    Look(EVERY_ROLE, f"/office/swimming/closed?closed={pool.CLOSED}", "Te verwittigen: 1 gezin, 3 personen"),
    Look(EVERY_ROLE, "/office/swimming/terms", "Bezoeken van een gezin per week"),
)
ENTER = f"/enter?token={summers.OWN.token}"
