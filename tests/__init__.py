"""The environment of every test and benchmark, set before anything connects: no test can reach a real account."""

import os
from datetime import UTC, datetime

import moto.core  # noqa: F401 before any client is made: then moto is asked by those too that are made outside of it
import time_machine
from moto.sesv2.responses import SESV2Response

# Seconds until a test gives up a state that does not come. It measures nothing: the machine may be busy.
PATIENCE = 300

# Nor the DynamoDB Local of a test that started us as a process of its own.
for endpoint in [name for name in os.environ if name.startswith("AWS_ENDPOINT_URL")]:
    del os.environ[endpoint]
os.environ.update(
    AWS_ACCESS_KEY_ID="testing",
    AWS_SECRET_ACCESS_KEY="testing",
    AWS_DEFAULT_REGION="eu-west-1",
    AWS_EC2_METADATA_DISABLED="true",
    TABLE="stormloop",
    LEDGER_TABLE="stormloop-ledger",
    PAPERS="stormloop-papers",
    PHOTOS="stormloop-photos",
    TAKES_PHOTOS="yes",
    CITY_MAP="stormloop-map",
    IDS_KEY="tests:a secret for the ids of tests",
    LINK_KEYS="tests:a secret for the links of tests",
    FORM_KEYS="tests:a secret for the forms of tests",
    SENDER="sport@kaprijke.example",
    MAILS_A_SECOND="100000",  # no test waits for its turn; the pace has tests of its own
    MAILS_AT_ONCE="4",
    CONFIGURATION_SET="stormloop",
    MAIL_DOMAIN="",
    ARRIVED="arrived",
    PUBLIC_URL="https://kamp.kaprijke.example",
    QUEUE_URL="https://sqs.eu-west-1.amazonaws.com/123456789012/confirmations",
    LATER_URL="https://sqs.eu-west-1.amazonaws.com/123456789012/later",
    DEAD_LETTERS_URL="https://sqs.eu-west-1.amazonaws.com/123456789012/dead-letters",
    QUEUE_ARN="arn:aws:sqs:eu-west-1:123456789012:confirmations",
    TIMER_ROLE="arn:aws:iam::123456789012:role/timers",
    TIMER_PREFIX="stormloop",
    DRAW_FUNCTION="draw",
    SEAL_FUNCTION="",
    IDENTITY_ISSUER="",
    IDENTITY_CLIENT_ID="",
    IDENTITY_CLIENT_SECRET="",
    REGISTER_ADDRESS="",
    REGISTER_KEY="",
    ANNOUNCE_FUNCTION="announce",
    API_NAME="stormloop",
    PAGES_ID="k3x9mz71ab",
    LOGS="/stormloop",
    ACCESS_LOG="/stormloop-access",
    REGISTRATIONS_KEPT_MONTHS="24",
    STAFF_POOL="eu-west-1_kaprijke",
    STAFF_SIGN_IN="https://sign-in.kaprijke.example",
    PAYMENTS_KEY="",
    PAYMENTS_ADDRESS="",
    UITPAS_CLIENT_ID="",
    UITPAS_CLIENT_SECRET="",
    UITPAS_ADDRESS="",
    UITPAS_ACCOUNTS="",
    POWERTOOLS_LOG_LEVEL="INFO",
)
# It is this evening in all tests and benchmarks, also ten years from now: the camps of tests/camps.py are open.
time_machine.travel(datetime(2027, 3, 6, 18, 0, tzinfo=UTC), tick=True).start()

# moto knows no GetAccount: one that has sent nothing today.
ACCOUNT = '{"SendQuota": {"Max24HourSend": 50000.0, "MaxSendRate": 14.0, "SentLast24Hours": 0.0}}'
SESV2Response.get_account = lambda _: ACCOUNT

for name in ("AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL", "AWS_PROFILE"):
    os.environ.pop(name, None)
