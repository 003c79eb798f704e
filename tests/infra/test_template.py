"""The packaged template: what AWS will be told. Chalice's part and infra/template.yaml's, merged."""

import json
from typing import Any

import pytest
from cfnlint.api import ManualArgs, lint

from chalicelib.api import problems
from infra.local.package import REGION, Package

FUNCTIONS = {"APIHandler": "ApiHandlerRole", "Outbox": "OutboxRole", "Mails": "MailsRole"}


def get_att(*path: str) -> dict[str, Any]:
    return {"Fn::GetAtt": list(path)}


def statements(role: Any) -> list[dict[str, Any]]:
    return [
        statement for policy in role["Properties"]["Policies"] for statement in policy["PolicyDocument"]["Statement"]
    ]


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def test_cfn_lint_has_nothing_to_say(packaged: Package) -> None:
    assert lint(packaged.template.read_text(), ManualArgs(regions=[REGION])) == []


def test_each_function_has_a_role_of_its_own(functions: dict[str, Any]) -> None:
    assert {name: function["Role"] for name, function in functions.items()} == {
        name: get_att(role, "Arn") for name, role in FUNCTIONS.items()
    }


@pytest.mark.parametrize("role", FUNCTIONS.values())
def test_roles_name_actions_and_resources(resources: dict[str, Any], role: str) -> None:
    for statement in statements(resources[role]):
        assert not [action for action in listed(statement["Action"]) if "*" in action]
        assert "*" not in listed(statement["Resource"])
        assert "ManagedPolicyArns" not in resources[role]["Properties"]


def test_roles_may_nothing_but_this(resources: dict[str, Any]) -> None:
    may = {
        role: sorted({action for statement in statements(resources[role]) for action in listed(statement["Action"])})
        for role in FUNCTIONS.values()
    }
    items = ["BatchGetItem", "DeleteItem", "GetItem", "PutItem", "Query", "UpdateItem"]
    log = ["logs:CreateLogStream", "logs:PutLogEvents"]
    assert may == {
        "ApiHandlerRole": [f"dynamodb:{item}" for item in items] + log,
        "OutboxRole": [
            *(f"dynamodb:{action}" for action in ("DescribeStream", "GetRecords", "GetShardIterator", "ListStreams")),
            *log,
            "sqs:SendMessage",
        ],
        "MailsRole": [
            *(f"dynamodb:{item}" for item in items),
            *log,
            *("ses:SendEmail", "ses:SendRawEmail"),
            *("sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"),
        ],
    }


def test_mail_only_as_the_sender(resources: dict[str, Any]) -> None:
    mail = [one for one in statements(resources["MailsRole"]) if "ses:SendEmail" in listed(one["Action"])]
    assert [one["Condition"] for one in mail] == [{"StringEquals": {"ses:FromAddress": {"Ref": "Sender"}}}]


def test_each_function_logs_to_a_group_that_forgets_and_to_no_other(
    resources: dict[str, Any], functions: dict[str, Any]
) -> None:
    groups = {name: function["LoggingConfig"]["LogGroup"]["Ref"] for name, function in functions.items()}
    assert len(set(groups.values())) == len(FUNCTIONS)
    for function, group in groups.items():
        assert resources[group]["Properties"]["RetentionInDays"] == 30
        logging = [
            one for one in statements(resources[FUNCTIONS[function]]) if listed(one["Action"])[0].startswith("logs:")
        ]
        assert [one["Resource"] for one in logging] == [get_att(group, "Arn")]
    every = [one for one in resources.values() if one["Type"] == "AWS::Logs::LogGroup"]
    assert all("RetentionInDays" in one["Properties"] for one in every)


def test_functions_run_on_arm64_with_limits(functions: dict[str, Any]) -> None:
    for function in functions.values():
        assert function["Architectures"] == ["arm64"]
        assert function["Runtime"] == "python3.11"
        assert function["MemorySize"] == 512
    assert {name: function["Timeout"] for name, function in functions.items()} == {
        "APIHandler": 10,
        "Outbox": 60,
        "Mails": 60,
    }


def test_functions_are_told_what_they_use(functions: dict[str, Any]) -> None:
    """The names of chalicelib/settings.py; the request's function must not depend on the API, which depends on it."""
    told = {name: set(function["Environment"]["Variables"]) for name, function in functions.items()}
    assert told == {
        "APIHandler": {"TABLE", "SECRET", "POWERTOOLS_LOG_LEVEL"},
        "Outbox": {"QUEUE_URL", "POWERTOOLS_LOG_LEVEL"},
        "Mails": {"TABLE", "SECRET", "SENDER", "PUBLIC_URL", "POWERTOOLS_LOG_LEVEL"},
    }
    assert "RestAPI" not in json.dumps(functions["APIHandler"])


def test_the_table_forgets_nothing_by_mistake(resources: dict[str, Any]) -> None:
    table = resources["Table"]
    assert (table["DeletionPolicy"], table["UpdateReplacePolicy"]) == ("Retain", "Retain")
    properties = table["Properties"]
    assert properties["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert properties["TimeToLiveSpecification"] == {"AttributeName": "expires", "Enabled": True}
    assert properties["StreamSpecification"] == {"StreamViewType": "NEW_AND_OLD_IMAGES"}
    assert properties["BillingMode"] == "PAY_PER_REQUEST"
    assert "GlobalSecondaryIndexes" not in properties  # each would double a write


def test_event_sources_report_partial_failures(functions: dict[str, Any]) -> None:
    sources = [source for function in functions.values() for source in function.get("Events", {}).values()]
    assert {source["Type"] for source in sources} == {"DynamoDB", "SQS"}
    for source in sources:
        assert source["Properties"]["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


def test_the_outbox_reads_our_stream_from_its_start_and_gives_up_visibly(functions: dict[str, Any]) -> None:
    source = functions["Outbox"]["Events"]["OutboxDynamodbEventSource"]["Properties"]
    assert source["Stream"] == get_att("Table", "StreamArn")
    assert source["StartingPosition"] == "TRIM_HORIZON"
    assert source["BisectBatchOnFunctionError"] is True
    assert source["MaximumRecordAgeInSeconds"] < 24 * 3600  # after a day the stream forgets, and so would the outbox
    assert source["DestinationConfig"]["OnFailure"]["Destination"] == get_att("DeadLetters", "Arn")


def test_the_outbox_starts_for_what_becomes_a_mail(functions: dict[str, Any]) -> None:
    source = functions["Outbox"]["Events"]["OutboxDynamodbEventSource"]["Properties"]
    patterns = [json.loads(one["Pattern"]) for one in source["FilterCriteria"]["Filters"]]
    assert [(one["eventName"], one["dynamodb"]["Keys"]["sk"]["S"]) for one in patterns] == [
        (["MODIFY"], ["SEATS"]),
        (["INSERT", "REMOVE"], [{"prefix": "W#"}]),
        (["INSERT"], [{"prefix": "P#"}]),
    ]


def test_a_message_is_hidden_long_enough_and_kept_when_given_up(
    resources: dict[str, Any], functions: dict[str, Any]
) -> None:
    queue = resources["Queue"]["Properties"]
    assert queue["VisibilityTimeout"] >= 6 * functions["Mails"]["Timeout"]
    assert queue["RedrivePolicy"] == {"deadLetterTargetArn": get_att("DeadLetters", "Arn"), "maxReceiveCount": 5}
    assert resources["DeadLetters"]["Properties"]["MessageRetentionPeriod"] == 14 * 24 * 3600


def test_alarms_watch_what_is_late_or_lost(resources: dict[str, Any]) -> None:
    alarms = {name: one["Properties"] for name, one in resources.items() if one["Type"] == "AWS::CloudWatch::Alarm"}
    assert {
        name: (one["MetricName"], one["Dimensions"][0]["Value"], one["Threshold"]) for name, one in alarms.items()
    } == {
        "DeadLettersAlarm": (
            "ApproximateNumberOfMessagesVisible",
            get_att("DeadLetters", "QueueName"),
            0,
        ),
        "OutboxLagAlarm": ("IteratorAge", {"Ref": "Outbox"}, 60_000),
        "MailsLagAlarm": ("ApproximateAgeOfOldestMessage", get_att("Queue", "QueueName"), 300),
    }
    for one in alarms.values():
        assert one["AlarmActions"] == {"Fn::If": ["HasAlarmMail", [{"Ref": "AlarmTopic"}], {"Ref": "AWS::NoValue"}]}


def test_the_gateway_answers_in_problem_documents(resources: dict[str, Any]) -> None:
    """What API Gateway answers without asking us has the contract's slugs, statuses and content type."""
    statuses = {kind.slug: kind.status for kind in problems.KINDS}
    answers = resources["RestAPI"]["Properties"]["GatewayResponses"]
    slugs = {}
    for kind, answer in answers.items():
        document = json.loads(answer["ResponseTemplates"]["application/json"])
        slugs[kind] = document["type"].removeprefix(problems.TYPE)
        assert int(answer["StatusCode"]) == document["status"] == statuses[slugs[kind]]
        assert {"title", "detail"} <= document.keys()
        assert answer["ResponseParameters"]["Headers"]["Content-Type"] == "'application/problem+json'"
        assert ("Retry-After" in answer["ResponseParameters"]["Headers"]) == (slugs[kind] == "busy")
    assert slugs == {
        "DEFAULT_4XX": "not-found",
        "MISSING_AUTHENTICATION_TOKEN": "not-found",
        "REQUEST_TOO_LARGE": "invalid",
        "THROTTLED": "busy",
        "DEFAULT_5XX": "busy",
    }


def test_the_gateway_has_a_ceiling_and_logs_no_bodies(resources: dict[str, Any]) -> None:
    api = resources["RestAPI"]["Properties"]
    assert api["EndpointConfiguration"] == "REGIONAL"
    (settings,) = api["MethodSettings"]
    assert settings["ThrottlingRateLimit"] > 0
    assert settings["ThrottlingBurstLimit"] > 0
    assert settings["DataTraceEnabled"] is False
