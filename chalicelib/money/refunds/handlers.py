"""The bank's file of refunds, as a request."""

from chalicelib.core.http.answering import Answer, Call
from chalicelib.core.http.fields import Model, WholeInQuery, queried
from chalicelib.core.http.problems import not_now
from chalicelib.core.languages import N_
from chalicelib.money.refunds import filing
from chalicelib.people.staff.rules import Staff

AS_NUMBER = N_("Give the number of a file, or leave it out for the latest one.")
REFUNDS_QUERY = Model({"number": WholeInQuery(AS_NUMBER, 1, 99_999, is_required=False)})
NOTHING_RELEASED = N_("No refund was released by two people yet.")


def get_file(call: Call, by: Staff) -> Answer:
    """The file of what is released and in none yet, made now; where nothing is, the last one, as it was. `?number=`: an
    earlier one."""
    number = queried(REFUNDS_QUERY, call.query)["number"]
    if number is None:
        file = filing.latest_or_new(call.now)
        if file is None:
            raise not_now(NOTHING_RELEASED)
        number = file.number
    return Answer(200, filing.fetched(number))
