"""Every page in every state, as (who looks, address, what must be read on it): test_every_page.py looks at each.

The summer is that of tests/api/summer.py, served by tests/web/serve.py.
"""

from dataclasses import dataclass

from chalicelib.staff.rules import Role
from tests.api import summer as summers

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
    # A session, a registration, an offer
    # Openings, status, ledger, figures
    Look(ANYBODY, "/openings", "Op komst of bezig"),
    Look(ANYBODY, f"/openings/{summers.LATER}", "geheim zolang iemand er iets aan zou hebben"),
    Look(ANYBODY, f"/openings/{summers.PAUSED}", "De inschrijving is even onderbroken"),
    Look(ANYBODY, f"/openings/{summers.WISHED}", "Laatste moment voor wensen"),
    Look(ANYBODY, f"/openings/{summers.DRAWN}", "Controleer de lijst"),
    Look(FAMILY, f"/openings/{summers.HELD}", "Controleer mijn plaats"),
    Look(ANYBODY, "/openings/2027-nobody", "Niet gevonden"),
    Look(ANYBODY, "/status", "Er werkt iets niet zoals het hoort."),
    Look(ANYBODY, "/ledger", "Register van uitzonderingen"),
    Look(ANYBODY, "/ledger?opening=2027-nobody", "0 regels"),
    # Help and legal texts
    # Swimming
    Look(EVERY_ROLE, "/office", "Dag, Wim Willems"),
    # The office: programme and openings
    # The office: desk and attendance
    # The office: council, auditor, finance
    Look("auditor", "/office/ledger", "Register van uitzonderingen"),
    Look("desk", "/office/ledger", "auditor"),
    Look("finance", "/office/statistics", "Plaatsen per weg"),
    Look("auditor", f"/office/statistics?opening={summers.HELD}", "Weigeringen per reden"),
    # The office: texts
    # The office: swimming
)
ENTER = f"/enter?token={summers.OWN.token}"
