"""What DynamoDB answers when it does not do what it was asked, as our own code learns it."""

from typing import Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from pynamodb.attributes import UnicodeAttribute
from pynamodb.exceptions import GetError

from chalicelib.core import refusals, table
from chalicelib.core.refusals import NOT_NOW, Busy, Refused

ITEM = {"pk": {"S": "TEXTS"}, "sk": {"S": "one"}, "text": {"S": "Hello"}}
UNLESS_THERE = {"ConditionExpression": "attribute_not_exists(pk)", "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
CONFLICT, CONDITION = "TransactionConflict", "ConditionalCheckFailed"


class Text(table.Item):
    text = UnicodeAttribute()


def answer(code: str, *reasons: str) -> ClientError:
    more: Any = {"CancellationReasons": [{"Code": reason} for reason in reasons]} if reasons else {}
    return ClientError({"Error": {"Code": code, "Message": ""}, **more}, "AnyOperation")


def cancelled(*reasons: str) -> ClientError:
    return answer("TransactionCanceledException", *reasons)


def raised(error: Exception) -> Exception:
    with pytest.raises(Exception) as caught, refusals.read():  # noqa: PT011 whichever it becomes
        raise error
    return caught.value


@pytest.mark.usefixtures("table")
def test_a_single_write_that_is_refused_says_how_its_item_stands():
    table.call("PutItem", Item=ITEM)

    with pytest.raises(Refused) as refused:
        table.call("PutItem", Item=ITEM, **UNLESS_THERE)

    assert refused.value.items == {0: ITEM}


@pytest.mark.usefixtures("table")
def test_so_does_a_write_of_pynamodb_but_without_its_item():
    one = Text("TEXTS", "one", text="Hello")
    one.save()

    for write in (
        lambda: one.save(condition=Text.pk.does_not_exist()),
        lambda: one.update([Text.text.set("Bye")], condition=Text.pk.does_not_exist()),
        lambda: one.delete(condition=Text.pk.does_not_exist()),
    ):
        with pytest.raises(Refused) as refused:
            write()
        assert refused.value.items == {0: {}}


@pytest.mark.usefixtures("table")
def test_a_transaction_says_which_of_its_writes_were_refused():
    table.call("PutItem", Item=ITEM)
    other = {**ITEM, "sk": {"S": "two"}}

    with pytest.raises(Refused) as refused:
        table.transact_write([{"Put": {"Item": other, **UNLESS_THERE}}, {"Put": {"Item": ITEM, **UNLESS_THERE}}])

    assert refused.value.items == {1: ITEM}
    assert refused.value.busy is None


def test_what_was_refused_while_another_transaction_was_in_the_way_says_both():
    error = raised(cancelled("None", CONDITION, CONFLICT))

    assert isinstance(error, Refused)
    assert list(error.items) == [1]
    assert error.busy
    assert error.busy.is_conflict
    assert not error.busy.is_throttled


@pytest.mark.parametrize("code", sorted(NOT_NOW))
def test_whatever_is_not_served_now_is_busy(code):
    for error in (answer(code), cancelled("None", code)):
        assert isinstance(raised(error), Busy)
        assert refusals.is_busy(error)


def test_busy_says_why():
    whys = {
        reason: [name for name, holds in sorted(vars(raised(answer(reason))).items()) if holds]
        for reason in ("InternalServerError", "ThrottlingException", "ServiceUnavailable", CONFLICT)
    }

    assert whys == {
        "InternalServerError": ["may_be_written"],
        "ThrottlingException": ["is_throttled"],
        "ServiceUnavailable": [],
        CONFLICT: ["is_conflict"],
    }


@pytest.mark.parametrize("error", [answer("AccessDeniedException"), cancelled("None", "ValidationError")])
def test_a_mistake_of_ours_stays_what_it_is(error):
    assert raised(error) is error
    assert not refusals.is_busy(error)


def test_a_read_of_pynamodb_that_is_not_answered_is_busy_too():
    late = ReadTimeoutError(endpoint_url="https://dynamodb.eu-west-1.amazonaws.com")

    assert refusals.is_busy(late)
    assert refusals.is_busy(GetError("", late))
    assert refusals.is_busy(GetError("", answer("ThrottlingException")))
    assert not refusals.is_busy(GetError("", answer("AccessDeniedException")))


def test_a_condition_that_did_not_hold_is_not_busy_unless_others_were_in_the_way_too():
    assert not refusals.is_busy(raised(cancelled(CONDITION)))
    assert refusals.is_busy(raised(cancelled(CONDITION, CONFLICT)))
    assert not refusals.is_busy(ValueError())
