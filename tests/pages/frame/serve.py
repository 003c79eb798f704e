"""A quick server to look at pages, on this machine: moto in memory and the summer of tests/core/http/summer.py, or with
`--empty` nothing. `make run` is the real thing. Runs until Ctrl-C; it is the evening of 6 March 2027 in it."""

import argparse
import itertools
import os
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

from chalice.test import Client

import app
from chalicelib.people.assistance.naming import Person
from chalicelib.people.staff import sessions
from chalicelib.people.staff.rules import Role
from chalicelib.people.staff.signed_in import OF_ALL
from tests.core.http import summer as summers
from tests.front_door import city
from tests.people.assistance import given
from tests.swimming import pool

HOST = "127.0.0.1"
_numbers = itertools.count(1)


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    headers = {
        name.removeprefix("HTTP_").replace("_", "-"): value
        for name, value in environ.items()
        if name.startswith("HTTP_") or name == "CONTENT_TYPE"
    }
    path, query = environ["PATH_INFO"].encode("latin-1").decode(), environ["QUERY_STRING"]
    if path == "/test/staff":  # signs in with ?desk,auditor
        groups = [*(query.split(",") if query else Role), OF_ALL]
        claims = {"sub": "sub-Wim", "name": "Wim Willems", "email": city.WIM, "cognito:groups": groups}
        cookie = f"staff={sessions.begin(claims, '', datetime.now(UTC))}; Path=/; HttpOnly; SameSite=Lax"
        start_response("303 See Other", [("Location", "/office"), ("Set-Cookie", cookie)])
        return []
    if path in ("/test/helper", "/test/helping"):  # signs in as a helper, whom the summer's family has let in
        helper = given.named(Person("Jan Maes", f"jan{next(_numbers)}@bib.example"))
        cookies = {"helper": given.signed_in(helper)}
        if path == "/test/helping":
            cookies["help"] = given.let_in(helper, summers.OWN)
        lines = [("Set-Cookie", f"{name}={value}; Path=/; HttpOnly; SameSite=Lax") for name, value in cookies.items()]
        start_response("303 See Other", [("Location", "/helping"), *lines])
        return []
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    with Client(app.app) as client:
        answer = client.http.request(environ["REQUEST_METHOD"], f"{path}?{query}" if query else path, headers, body)
    status = HTTPStatus(answer.status_code)
    lines = [
        (name, one) for name, value in answer.headers.items() for one in (value if isinstance(value, list) else [value])
    ]
    start_response(f"{status.value} {status.phrase}", [*lines, ("Content-Length", str(len(answer.body)))])
    return [answer.body]


class Quiet(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8123)
    parser.add_argument("--empty", action="store_true")
    asked = parser.parse_args()
    base = f"http://{HOST}:{asked.port}"
    os.environ["PUBLIC_URL"] = base
    # No pool is there to be asked, however long somebody looks, or another page takes on a busy machine.
    sessions.FRESH_SECONDS = sessions.IDLE_SECONDS = sessions.LONGEST_SECONDS
    with summers.summer():
        if asked.empty:
            summers.nothing()
        else:
            pool.a_season(summers.CLAEYS.family_id)
        with make_server(HOST, asked.port, application, handler_class=Quiet) as server:
            print(f"{base}/programme\n{base}/enter?token={summers.OWN.token}\n{base}/test/staff?desk,programme-manager")
            sys.stdout.flush()
            try:
                server.serve_forever()
            except KeyboardInterrupt:
                return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
