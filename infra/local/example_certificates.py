"""Tax certificates in the example: who organises the care, and the maximum of this year, which a second person of
finance has still to accept. The amount is made up, and says so."""

from datetime import datetime

from chalicelib.core.moments import today
from chalicelib.money.certificates import setting, table
from chalicelib.money.certificates.years import Said
from infra.local.example_payee import COLLEAGUE
from infra.local.example_tariff import MUNICIPALITY

ORGANIZER = {
    "edition": 0,
    "municipality": None,
    "name": f"Stad {MUNICIPALITY}",
    "kbo": "0207.500.123",
    "street": "Grote Markt 1",
    "postcode": "1800",
    "town": MUNICIPALITY,
    "phone": "02 255 45 00",
    "contact": "Dienst Financiën",
    "email": "financien@example.be",
    "signed_by": "Nadia Haddad",
    "signed_as": "financieel directeur",
    "language": "nl",
}


def prepare_certificates(now: datetime) -> None:
    """Sets an organizer and enters a maximum; nothing changes if there is an organizer already."""
    if table.organizers():
        return
    setting.set_organizer(ORGANIZER, now)
    year = today(now).year
    said = {"year": year, "amount": "17,00", "source": "Voorbeeld, geen echt bedrag: zie het Belgisch Staatsblad."}
    setting.enter_maximum(said, Said(COLLEAGUE.staff_id, COLLEAGUE.name, now))
    print(f"Tax certificates of {year}: the maximum waits for a second person of finance.", flush=True)
