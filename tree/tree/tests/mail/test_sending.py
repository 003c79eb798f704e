"""What SES refuses is kept with its reason and comes again; what it has no time for just comes again."""

import io
import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from click.testing import CliRunner

from chalicelib.booking.registrations import table as registrations
from chalicelib.mail import sending, undelivered
from chalicelib.mail.commands import undelivered as undelivered_command
from chalicelib.mail.rules import MailKind
from tests.mail.conftest import PEETERS, City, has_no_time_to_live


class Postman:
    """SES that answers every mail with `error`, or takes it."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error, self.sent = error, 0

    def send_email(self, **_: Any) -> None:
        if self.error:
            raise self.error
        self.sent += 1


def refusal(code: str, status: int = 400) -> ClientError:
    said = f"Email address is not verified: {PEETERS.email}"  # SES does say it
    response: Any = {"Error": {"Code": code, "Message": said}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(response, "SendEmail")


@pytest.fixture
def ses(monkeypatch: pytest.MonkeyPatch) -> Any:
    def use(error: Exception | None = None) -> Postman:
        postman = Postman(error)
        monkeypatch.setattr(sending, "_ses", lambda: postman)
        return postman

    return use


def test_a_refused_mail_is_kept_and_visible_until_it_is_taken(city: City):
    made = city.register(PEETERS, city.publish()).registration
    city.outbox()
    queued = city.queued()
    boto3.client("sesv2").delete_email_identity(EmailIdentity="sport@kaprijke.example")
    assert city.deliver(queued) == [0]
    assert city.mailbox == []
    (kept,) = undelivered.every()
    assert (kept.kind, kept.id, kept.reason) == (MailKind.CONFIRMED, made.registration_id, "MessageRejected")
    shown = CliRunner().invoke(undelivered_command).output
    assert made.registration_id in shown
    assert "MessageRejected" in shown
    assert city.deliver(queued) == [0]
    assert len(undelivered.every()) == 1
    assert registrations.get(made.registration_id).mailed == frozenset()
    assert has_no_time_to_live(made)  # however long it takes to mend

    boto3.client("sesv2").create_email_identity(EmailIdentity="sport@kaprijke.example")
    assert city.deliver(queued) == []
    assert len(city.mailbox) == 1
    assert undelivered.every() == []
    assert "SES refused no mail" in CliRunner().invoke(undelivered_command).output


def test_nothing_about_anybody_in_the_log_of_a_refusal(city: City, ses, logged: io.StringIO):
    city.register(PEETERS, city.publish())
    city.outbox()
    ses(refusal("MessageRejected"))
    assert city.deliver(city.queued()) == [0]
    said = logged.getvalue()
    (line,) = [json.loads(line) for line in said.splitlines() if '"mail_failed"' in line]
    assert (line["code"], line["error"]) == ("MessageRejected", "MailRefused")
    for word in ("Lotte", "Wout", "Peeters", "an.peeters", "2014-", "@", PEETERS.family_id):
        assert word not in said


@pytest.mark.parametrize(
    "error",
    [
        refusal("TooManyRequestsException", 429),
        refusal("LimitExceededException"),
        refusal("Throttling"),
        refusal("InternalFailure", 500),
        ReadTimeoutError(endpoint_url="https://email.example"),
    ],
    ids=lambda error: error.response["Error"]["Code"] if isinstance(error, ClientError) else type(error).__name__,
)
def test_a_busy_ses_is_asked_again_later_and_nothing_is_wrong(city: City, ses, error: Exception):
    made = city.register(PEETERS, city.publish()).registration
    city.outbox()
    queued = city.queued()
    ses(error)
    assert city.deliver(queued) == [0]
    assert undelivered.every() == []
    postman = ses()
    assert city.deliver(queued) == []
    assert postman.sent == 1
    assert registrations.get(made.registration_id).mailed == {"confirmed"}


@pytest.mark.parametrize(
    "code",
    [
        "MailFromDomainNotVerifiedException",
        "AccountSuspendedException",
        "SendingPausedException",
        "AccessDeniedException",
        "BadRequestException",
    ],
)
def test_every_refusal_has_its_reason(city: City, ses, code: str):
    city.register(PEETERS, city.publish())
    city.outbox()
    ses(refusal(code, 403))
    assert city.deliver(city.queued()) == [0]
    assert [one.reason for one in undelivered.every()] == [code]
