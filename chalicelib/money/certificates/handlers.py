"""Certificates by the API: a family's own, and the file for Belcotax-on-web for finance."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated

from chalicelib.core.http.answering import Answer, Call, File
from chalicelib.core.http.answers import Count, FromOne
from chalicelib.core.http.fields import Model, WholeInQuery, queried
from chalicelib.core.http.problems import CHANGED, Problem, existing, not_now
from chalicelib.core.languages import N_
from chalicelib.core.moments import today
from chalicelib.core.printing.pdf import PDF
from chalicelib.core.refusals import Refused
from chalicelib.money.certificates import filing, national, table
from chalicelib.money.certificates.filing import NoOrganizer, NothingToFile, NotTheTested, NumbersMissing
from chalicelib.money.certificates.numbers import proof
from chalicelib.money.certificates.paper import PaperNumbers, paper
from chalicelib.money.certificates.papers import Certificate
from chalicelib.money.certificates.words import WORDS
from chalicelib.money.certificates.years import FIRST_YEAR, LAST_YEAR, Said
from chalicelib.people import access
from chalicelib.people.families.rules import Bearer
from chalicelib.people.staff.rules import Staff

AS_YEAR = N_("Give a year of payment, for example 2026.")
YEAR = Model({"year": WholeInQuery(AS_YEAR, FIRST_YEAR, LAST_YEAR)})
NO_MAXIMUM = N_(
    "The maximum a day of {year} is not known yet. Certificates of {year} come once finance has entered it."
)
NOTHING = N_("There is nothing to declare: every certificate of {year} that holds is declared already.")
MISSING = N_(
    "National numbers are missing, or were changed after the certificate was made. Certificates of which this is so: "
    "{certificates}. Nothing was made. Was the test fetched already? Then begin the file anew: it leaves these out."
)
NOT_TESTED = N_(
    "What the file says has changed since its test was accepted. Begin the file anew: fetch the test once more."
)
NO_ORGANIZER = N_("Say first who organises the care, with its number in the register of enterprises.")
XML = "application/xml"


class CertificateStatus(StrEnum):
    VALID = "valid"
    REPLACED = "replaced"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class TaxCertificate:
    number: Annotated[str, "As it stands on the certificate."]
    status: CertificateStatus
    child_id: str
    payer: Annotated[str, "First and last name of who pays."]
    days: FromOne
    amount_cents: Count
    issued_on: date
    replaces: Annotated[str | None, "The number of the certificate that it corrects."]
    replaced_by: str | None
    pdf: Annotated[str, "The address of the PDF, below that of the API, for the same pass."]


@dataclass(frozen=True)
class TaxCertificates:
    year: Annotated[int, "The year of payment."]
    certificates: Sequence[TaxCertificate]


def list_certificates(call: Call, who: Bearer) -> Answer:
    """Those of a family of a year of payment; those too that were replaced or cancelled."""
    year = the_year(queried(YEAR, call.query)["year"])
    found = table.of_family(who.family_id, year)
    return Answer(200, TaxCertificates(year, [_told(one) for one in found]))


def the_year(year: int) -> int:
    """Raises Problem `not-now` where no maximum of that year counts."""
    most = table.maximum(year)
    if most is None or not most.counts:
        raise not_now(NO_MAXIMUM, year=year)
    return year


def _told(one: Certificate) -> TaxCertificate:
    assert one.issued_on
    status = (
        CertificateStatus.VALID
        if one.is_valid
        else CertificateStatus.REPLACED
        if one.replaced_by
        else CertificateStatus.CANCELLED
    )
    return TaxCertificate(
        one.number,
        status,
        one.child.child_id,
        f"{one.payer.first_name} {one.payer.last_name}",
        one.days,
        one.cents,
        one.issued_on,
        one.number_of(one.replaces),
        one.number_of(one.replaced_by),
        f"/api/tax-certificates/{one.number}/certificate.pdf",
    )


def get_pdf(call: Call, who: Bearer, certificate: str) -> Answer:
    return Answer(200, printed(call, who, certificate))


def printed(call: Call, who: Bearer, number: str) -> File:
    """The PDF of a certificate of the family: the first copy that is handed out is the original, each further one a
    duplicate. In Dutch or French; in the organizer's language for who reads English."""
    one = existing(_find(who.family_id, number))
    organizer = existing(table.organizers().get(one.organizer))
    most = existing(table.maximum(one.year))
    language = call.language if call.language in WORDS else organizer.language
    is_duplicate = not table.first_handed_out(one, call.now)
    content = paper(one, organizer, _numbers(one), language, most.cents, is_duplicate=is_duplicate)
    return File(content, PDF, f"281-86-{one.number}.pdf")


def _find(family_id: str, number: str) -> Certificate | None:
    year, _, serial = number.partition("-")
    if not (year.isascii() and year.isdigit() and serial.isascii() and serial.isdigit() and len(number) < 20):
        return None
    return table.get(family_id, int(year), int(serial))


def _numbers(one: Certificate) -> PaperNumbers:
    """Those with which it was made; none if they are erased or others stand in their place."""
    given = national.of_family(one.family_id)
    payer = given.payers[one.place].number if one.place < len(given.payers) else ""
    child = given.children.get(one.child.child_id, "")
    return PaperNumbers(payer, child) if payer and child and proof(payer, child) == one.proof else PaperNumbers()


def get_file(call: Call, by: Staff) -> Answer:
    """The file that is due: BCTEST until somebody has said that its test was accepted, then BELCOTAX."""
    year = the_year(queried(YEAR, call.query)["year"])
    return Answer(200, file_of(call, by, year))


def file_of(call: Call, by: Staff, year: int) -> File:
    """Raises Problem `not-now`, and `changed` if somebody else was faster."""
    try:
        found = filing.give(year, said_by(by, call))
    except NothingToFile:
        raise not_now(NOTHING, year=year) from None
    except NumbersMissing as missing:
        raise not_now(MISSING, certificates=missing.certificates) from None
    except NotTheTested:
        raise not_now(NOT_TESTED) from None
    except NoOrganizer:
        raise not_now(NO_ORGANIZER) from None
    except Refused:
        raise Problem(CHANGED) from None
    for family_id in found.family_ids:
        access.about(family_id)
    kind = "test" if found.is_test else "real"
    return File(found.content, XML, f"belcotax-{year}-{found.filed.number}-{kind}-{today(call.now).isoformat()}.xml")


def said_by(by: Staff, call: Call) -> Said:
    return Said(by.staff_id, by.name, call.now.replace(microsecond=0))
