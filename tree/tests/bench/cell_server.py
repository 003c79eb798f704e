"""One cell for `make cell`: the whole app in a process of its own, with a table of its own.

`python -m tests.bench.cell_server`, pinned by whoever starts it; DynamoDB Local, which it starts, is pinned with it. It
says its address and the tokens of a few families on one line of JSON, and serves until its input ends.
"""

import io
import json
import sys
import threading
from datetime import UTC, date, datetime, timedelta
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIServer

from chalicelib.core.observability import log
from chalicelib.swimming import planning
from tests import dynamodb_local
from tests.camps import LOU, family, published
from tests.pages.frame.serve import Quiet, application

FAMILIES = 20
CAMPS = 40
LANES = 12


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 1024


def main() -> None:
    for handler in log.handlers:  # writing the log is part of what is measured; showing it is not
        handler.setStream(io.StringIO())
    with dynamodb_local.running() as url, dynamodb_local.connected(url):
        city = a_city()
        server = Server(("127.0.0.1", 0), Quiet)
        server.set_app(application)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        print(json.dumps({"url": f"http://127.0.0.1:{server.server_port}", **city}), flush=True)
        sys.stdin.read()
        server.shutdown()


def a_city() -> dict[str, Any]:
    """Given a programme of camps, and a pool with hours on each day of the coming weeks."""
    camps = [
        {"session_id": published(title=f"Speelplein {number}").session_id, "child_id": LOU.child_id}
        for number in range(CAMPS)
    ]
    first = date.today()  # noqa: DTZ011 any day does
    for lane in range(LANES):
        for weekday in range(7):
            form = {
                "lane": f"Lane {lane + 1}",
                "weekday": str(weekday),
                "starts": "18:00",
                "ends": "19:00",
                "places": "500",
                "valid_from": first.isoformat(),
                "valid_until": (first + timedelta(60)).isoformat(),
            }
            planning.add_pattern(form, datetime.now(UTC))
    planning.set_terms({"visits_a_week": "50", "cancel_hours": "0"})
    return {
        "tokens": [family(email=f"family{number}@example.be").token for number in range(FAMILIES)],
        "camps": camps,
    }


if __name__ == "__main__":
    main()
