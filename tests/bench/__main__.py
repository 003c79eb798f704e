"""`make bench`: what a registration costs, in calls, units, processor time and memory. About a minute.

Counts come from DynamoDB Local itself (ReturnConsumedCapacity); times are ratios of two things measured in turns in one
run, because machines are noisy. Prints a table and writes .build/bench.json. No test depends on it: each row shows its
limit, and whoever changes the hot path looks.
"""

import io
import json

from chalicelib.core.observability import log
from tests import dynamodb_local
from tests.bench import admission, cases, draw, pages, quotes, registration, starting
from tests.bench.table import Row, shown


def main() -> None:
    rows: list[Row] = []
    for handler in log.handlers:  # writing the log is part of what is measured; showing it is not
        handler.setStream(io.StringIO())
    with dynamodb_local.running() as url, dynamodb_local.connected(url):
        for measure in (
            registration.units,
            registration.processor_time,
            admission.admission_checks,
            admission.units_of_early_attempts,
            admission.units_of_sold_out_attempts,
            pages.pages,
            registration.rush,
            draw.function,
            draw.allocation,
            quotes.quotes,
            cases.units,
        ):
            print(f"measuring {measure.__name__.replace('_', ' ')} ...", flush=True)
            rows += measure()
    print("measuring imports ...", flush=True)
    rows += starting.import_time() + starting.cold_start()
    target = starting.ROOT / ".build" / "bench.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps([row.as_json() for row in rows], indent=1) + "\n")
    print(f"\n{shown(rows)}\n\nwritten: {target.relative_to(starting.ROOT)}")


main()
