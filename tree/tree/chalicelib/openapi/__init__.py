"""The OpenAPI 3.1 document of the API, a module for each of its parts: requests from the models that check them,
answers from schemas that tests hold every answer against (tests/core/http/test_schemathesis.py,
tests/core/http/test_answers.py).
"""

from chalicelib.openapi.assembly import EXAMPLES as EXAMPLES
from chalicelib.openapi.assembly import OPERATIONS as OPERATIONS
from chalicelib.openapi.assembly import REQUESTS as REQUESTS
from chalicelib.openapi.assembly import document as document
from chalicelib.openapi.assembly import openapi as openapi
