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
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from chalicelib.observability import log
from chalicelib.swimming import planning
from tests import dynamodb_local
from tests.api.wsgi import application
from tests.camps import family, published

FAMILIES = 20
CAMPS = 40
LANES = 6
SECRET = "a secret of both cells, so that a family of one is a family of the other"


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 1024


class Handler(WSGIRequestHandler):
    def get_environ(self) -> dict[str, Any]:
        return {**super().get_environ(), "REQUEST_URI": self.path}

    def log_message(self, *_: object) -> None:
        """Nothing: what is logged is measured with the app, not with its server."""


def main() -> None:
    for handler in log.handlers:  # writing the log is part of what is measured; showing it is not
        handler.setStream(io.StringIO())
    with dynamodb_local.running() as url, dynamodb_local.connected(url):
        tokens = a_city()
        server = Server(("127.0.0.1", 0), Handler)
        server.set_app(application)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        print(json.dumps({"url": f"http://127.0.0.1:{server.server_port}", "tokens": tokens}), flush=True)
        sys.stdin.read()
        server.shutdown()


def a_city() -> list[str]:
    """Given a programme of camps, and a pool with hours on each day of the coming weeks."""
    for number in range(CAMPS):
        published(title=f"Speelplein {number}")
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
    return [family(email=f"family{number}@example.be").token for number in range(FAMILIES)]


if __name__ == "__main__":
    main()
