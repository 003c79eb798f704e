from chalicelib.core.http.problems import NOT_FOUND, NOT_NOW
from chalicelib.money.refunds.handlers import REFUNDS_QUERY
from chalicelib.money.refunds.pain import CONTENT_TYPE
from chalicelib.openapi.operations import Operation, Part, query_parameters

PART = Part(
    tag="refunds",
    about="Money that goes back to families.",
    operations={
        "GET /api/staff/refunds.xml": Operation(
            "getRefundsFile",
            "The bank's file of refunds: ISO 20022 pain.001.001.09",
            refusals=[NOT_FOUND, NOT_NOW],
            about="A file of what two people released and no file has yet; made once. Where there is nothing new, the "
            "last file again, byte by byte. `not-now` while nothing was ever released.",
            parameters=query_parameters(REFUNDS_QUERY),
            media=CONTENT_TYPE,
        ),
    },
)
