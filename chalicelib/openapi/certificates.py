from datetime import date

from chalicelib.core.http.problems import CHANGED, NOT_NOW
from chalicelib.core.printing.pdf import PDF
from chalicelib.money.certificates.handlers import XML, YEAR, CertificateStatus, TaxCertificate, TaxCertificates
from chalicelib.openapi.examples import CHILD_ID, IDS
from chalicelib.openapi.operations import Operation, Part, query_parameters

A_CERTIFICATE = TaxCertificate(
    number=IDS["certificate"],
    status=CertificateStatus.VALID,
    child_id=CHILD_ID,
    payer="An Claeys",
    days=5,
    amount_cents=8200,
    issued_on=date(2027, 2, 3),
    replaces=None,
    replaced_by=None,
    pdf=f"/api/tax-certificates/{IDS['certificate']}/certificate.pdf",
)
PART = Part(
    tag="tax certificates",
    about="The Belgian certificate 281.86 for child care: for days attended and paid, by the year of payment.",
    answers={"TaxCertificates": TaxCertificates(2026, [A_CERTIFICATE])},
    operations={
        "GET /api/tax-certificates": Operation(
            "listTaxCertificates",
            "The family's certificates of a year",
            "TaxCertificates",
            [NOT_NOW],
            about="With those that do not hold any more. `not-now` where the year's maximum a day is not set.",
            parameters=query_parameters(YEAR),
        ),
        "GET /api/tax-certificates/{certificate}/certificate.pdf": Operation(
            "getTaxCertificate",
            "A certificate as a PDF",
            about="In Dutch or French. The first copy that is handed out is the original; each further one is marked "
            "as a duplicate.",
            media=PDF,
        ),
        "GET /api/staff/tax-certificates.xml": Operation(
            "getTaxCertificatesFile",
            "The file of a year for Belcotax-on-web",
            refusals=[NOT_NOW, CHANGED],
            about="BCTEST until somebody has said on the page that its test was accepted; then the same as BELCOTAX.",
            parameters=query_parameters(YEAR),
            media=XML,
        ),
    },
)
