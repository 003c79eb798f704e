"""The packaged template: what AWS will be told. Chalice's part and infra/template.yaml's, merged."""

import ast
import json
import re
from collections.abc import Iterator, Set
from pathlib import Path
from typing import Any

import pytest
import yaml
from cfnlint.api import ManualArgs, lint
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

from chalicelib.core.http import problems
from chalicelib.front_door.photos import rules as photos
from chalicelib.insight.cost import gathering
from chalicelib.insight.cost import table as costs
from chalicelib.mail import keys, sending
from chalicelib.pages.frame import signing_in
from chalicelib.pages.frame.cookies import COOKIES, STAFF
from chalicelib.people.staff import sessions
from chalicelib.people.staff.rules import Role
from chalicelib.people.staff.signed_in import OF_ALL
from chalicelib.programme.openings import limits
from chalicelib.routes import ROUTES
from infra.local import alone
from infra.local.package import REGION, ROOT, Package

FUNCTIONS = {
    "APIHandler": "ApiHandlerRole",
    "Outbox": "OutboxRole",
    "Mails": "MailsRole",
    "Returned": "ReturnedRole",
    "Draw": "DrawRole",
    "Bank": "BankRole",
    "Announce": "AnnounceRole",
    "Cost": "CostRole",
    "Photos": "PhotosRole",
    "Seal": "SealRole",
}
# Which of our modules each function's work begins with. The request's is app.py's routes, which do none of this work.
STARTS_WITH = {
    "OutboxRole": {"chalicelib.mail.outbox"},
    "MailsRole": {"chalicelib.mail.delivery", "chalicelib.rights.erasing", "chalicelib.office.matters"},
    "ReturnedRole": {"chalicelib.mail.returning"},
    "DrawRole": {"chalicelib.booking.draw.drawing"},
    "BankRole": {"chalicelib.money.statements.taking"},
    "AnnounceRole": {
        "chalicelib.office.incidents.announcing",
        "chalicelib.rights.sweeping",
        "chalicelib.front_door.cases.ending",
        "chalicelib.mail.reminding",
        "chalicelib.office.watching",
    },
    "CostRole": {"chalicelib.insight.cost.gathering"},
    "PhotosRole": {"infra.photos.handler"},
    "SealRole": {"infra.seal.handler"},
}
# What stands in a module that others import too, but is the work of these functions alone.
WORK_OF_SOME = {
    "dynamodb:BatchWriteItem": {"DrawRole"},
    # An order that stands as it was read (orders/table.py) is asked for by all of these, and not by who books payments.
    "dynamodb:ConditionCheckItem": {"ApiHandlerRole", "MailsRole", "ReturnedRole", "DrawRole", "AnnounceRole"},
    "s3:DeleteObject": {"ApiHandlerRole", "MailsRole", "AnnounceRole", "PhotosRole"},
    "s3:ListBucket": {"ApiHandlerRole", "MailsRole"},
    **{f"s3:{one}Object": {"ApiHandlerRole", "MailsRole", "PhotosRole"} for one in ("Get", "Put")},
}
# Without the one that only hands on what the others call.
HANDS_ON = "chalicelib.core.table"
# By how our code calls AWS, what IAM calls it.
CALLS = {
    r"Item\.get\(": ["dynamodb:GetItem"],
    r"(?:Item|\btable)\.(?:query|count)\(": ["dynamodb:Query"],
    r"(?:Item|\btable)\.scan\(": ["dynamodb:Scan"],
    r"Item\.batch_write\(": ["dynamodb:BatchWriteItem"],
    r"\.batch_get\(": ["dynamodb:BatchGetItem"],
    r"\.batch_put\(": ["dynamodb:BatchWriteItem"],
    r"\.save\(": ["dynamodb:PutItem"],
    r"\)\.update\(": ["dynamodb:UpdateItem"],
    r"\)\.delete\(": ["dynamodb:DeleteItem"],
    r"\)\.refresh\(": ["dynamodb:GetItem"],
    r'\bcall\(\s*"(\w+)"': ["dynamodb:{}"],
    r'"(Put|Update|Delete|ConditionCheck)": ': ["dynamodb:{}Item"],  # in a transaction
    r"\.put_object\(": ["s3:PutObject"],
    r"\.get_object\(": ["s3:GetObject"],
    r"\.NoSuchKey:": ["s3:ListBucket"],  # without it S3 answers as of what nobody may read
    r"\.copy_object\(": ["s3:GetObject", "s3:PutObject"],
    r"\.generate_presigned_post\(": ["s3:PutObject"],
    r"\.generate_presigned_url\(": ["s3:GetObject"],
    r"\.update_item\(": ["dynamodb:UpdateItem"],
    r"\.delete_object\(": ["s3:DeleteObject"],
    r"\.send_message(?:_batch)?\(": ["sqs:SendMessage"],
    r"\.get_queue_attributes\(": ["sqs:GetQueueAttributes"],
    r"\.change_message_visibility\(": ["sqs:ChangeMessageVisibility"],
    r"\.delete_schedule\(": ["scheduler:DeleteSchedule"],
    r"\.get_account\(": ["ses:GetAccount"],
    r"\.send_email\(": ["ses:SendEmail", "ses:SendRawEmail"],
    r"\.invoke\(": ["lambda:InvokeFunction"],
    r"\.get_parameter\(": ["ssm:GetParameter"],
    r"\.create_schedule\(": ["scheduler:CreateSchedule", "iam:PassRole"],
    r"\.get_metric_data\(": ["cloudwatch:GetMetricData"],
    r"\.filter_log_events\(": ["logs:FilterLogEvents"],
    r"\.get_cost_and_usage\(": ["ce:GetCostAndUsage"],
    r"\.list_user_pool_clients\(": ["cognito-idp:ListUserPoolClients"],
    r"\.describe_user_pool_client\(": ["cognito-idp:DescribeUserPoolClient"],
    r'\.get_paginator\("list_users_in_group"\)': ["cognito-idp:ListUsersInGroup"],
    r'\.get_paginator\("admin_list_groups_for_user"\)': ["cognito-idp:AdminListGroupsForUser"],
}
# What Lambda itself does with a function's role, by AWS's documentation.
LOGS = {"logs:CreateLogStream", "logs:PutLogEvents"}
READS_EVENTS = {
    "DynamoDB": {
        f"dynamodb:{action}" for action in ("DescribeStream", "GetRecords", "GetShardIterator", "ListStreams")
    },
    "SQS": {"sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"},
    "Schedule": set(),
}
GIVES_UP = {"sqs:SendMessage"}  # to the dead letters
# What AWS cannot grant for one resource.
ON_EVERYTHING = {"ce:GetCostAndUsage", "cloudwatch:GetMetricData", "ses:GetAccount"}


def get_att(*path: str) -> dict[str, Any]:
    return {"Fn::GetAtt": list(path)}


def statements(role: Any) -> list[dict[str, Any]]:
    """What a role allows."""
    return [one for one in every_statement(role) if one["Effect"] == "Allow"]


def every_statement(role: Any) -> list[dict[str, Any]]:
    return [one for policy in role["Properties"]["Policies"] for one in policy["PolicyDocument"]["Statement"]]


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def test_cfn_lint_has_nothing_to_say(packaged: Package) -> None:
    assert lint(packaged.template.read_text(), ManualArgs(regions=[REGION])) == []


def test_each_function_has_a_role_of_its_own(functions: dict[str, Any]) -> None:
    assert {name: function["Role"] for name, function in functions.items()} == {
        name: get_att(role, "Arn") for name, role in FUNCTIONS.items()
    }


@pytest.mark.parametrize("role", [*FUNCTIONS.values(), "TimerRole"])
def test_roles_name_actions_and_resources(resources: dict[str, Any], role: str) -> None:
    for statement in statements(resources[role]):
        assert not [action for action in listed(statement["Action"]) if "*" in action]
        assert ("*" in listed(statement["Resource"])) == (set(listed(statement["Action"])) <= ON_EVERYTHING)
        assert "ManagedPolicyArns" not in resources[role]["Properties"]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_role_may_what_its_code_calls_and_no_more(
    resources: dict[str, Any], functions: dict[str, Any], function: str
) -> None:
    role = FUNCTIONS[function]
    may = {action for statement in statements(resources[role]) for action in listed(statement["Action"])}
    sources = {source["Type"] for source in functions[function].get("Events", {}).values()}
    gives_up = GIVES_UP if "EventInvokeConfig" in functions[function] else set()
    others_work = {action for action, whose in WORK_OF_SOME.items() if role not in whose}
    called = calls(work(role)) - others_work
    assert may == called.union(LOGS, gives_up, *(READS_EVENTS[source] for source in sources))


def work(role: str) -> set[str]:
    """The modules whose code runs in the name of this role."""
    if role in STARTS_WITH:
        return reached(STARTS_WITH[role])
    return reached(set(of_routes()), without=set.union(*STARTS_WITH.values()))


def calls(modules: set[str]) -> set[str]:
    """What IAM must allow for the calls that stand in these of our modules."""
    found = set()
    for module in modules - {HANDS_ON}:
        text = file_of(module).read_text(encoding="utf-8")
        for pattern, actions in CALLS.items():
            for match in re.finditer(pattern, text):
                found |= {action.format(*match.groups()) for action in actions}
    return found


def reached(modules: set[str], without: Set[str] = frozenset()) -> set[str]:
    """Of our modules these, and what they import anywhere, also inside a function."""
    known: set[str] = set()
    while modules:
        known |= modules
        found = {one for module in modules for one in imports(ast.parse(file_of(module).read_bytes()))}
        modules = found - known - without
    return known


def of_routes() -> Iterator[str]:
    """What app.py imports at its start, and what the table of routes names."""
    for statement in ast.parse((ROOT / "app.py").read_bytes()).body:
        if not getattr(statement, "decorator_list", []):
            yield from imports(statement)
    yield "chalicelib.pages.frame.edge"
    yield from {f"chalicelib.{route.use_case.partition(':')[0]}" for route in ROUTES}


def imports(code: ast.AST) -> Iterator[str]:
    """Our modules that are imported in it."""
    for one in ast.walk(code):
        if isinstance(one, ast.Import):
            named = [alias.name for alias in one.names]
        elif isinstance(one, ast.ImportFrom) and one.module:
            named = [one.module, *(f"{one.module}.{alias.name}" for alias in one.names)]
        else:
            continue
        yield from (name for name in named if name.startswith("chalicelib.") and file_of(name).exists())


def file_of(module: str) -> Path:
    place = ROOT.joinpath(*module.split("."))
    return place / "__init__.py" if place.is_dir() else place.with_suffix(".py")


def test_mail_only_as_the_sender(resources: dict[str, Any]) -> None:
    mail = [one for one in statements(resources["MailsRole"]) if "ses:SendEmail" in listed(one["Action"])]
    assert [one["Condition"] for one in mail] == [{"StringEquals": {"ses:FromAddress": {"Ref": "Sender"}}}]


def test_the_mails_function_keeps_to_the_rate_that_ses_grants(
    template: dict[str, Any], functions: dict[str, Any]
) -> None:
    """With so many processes as it takes; one alone sends some four mails a second."""
    told = functions["Mails"]["Environment"]["Variables"]
    at_once = {"Fn::FindInMap": ["MailRates", {"Ref": "MailsASecond"}, "AtOnce"]}
    assert told["MAILS_A_SECOND"] == {"Ref": "MailsASecond"}
    assert told["MAILS_AT_ONCE"] == {"Fn::Sub": ["${AtOnce}", {"AtOnce": at_once}]}
    source = functions["Mails"]["Events"]["MailsSqsEventSource"]["Properties"]
    assert source["ScalingConfig"] == {"MaximumConcurrency": at_once}
    rates = {int(rate): one["AtOnce"] for rate, one in template["Mappings"]["MailRates"].items()}
    assert sorted(map(str, rates)) == sorted(template["Parameters"]["MailsASecond"]["AllowedValues"])
    assert all(processes >= 2 and rate / processes <= 3.6 for rate, processes in rates.items())


def test_what_ses_tells_of_our_mails_and_of_no_others_reaches_its_function(resources: dict[str, Any]) -> None:
    assert resources["ConfigurationSet"]["Properties"]["SuppressionOptions"] == {"SuppressedReasons": []}
    to = resources["ReturnedMails"]["Properties"]["EventDestination"]
    assert (to["Enabled"], sorted(to["MatchingEventTypes"])) == (True, ["bounce", "complaint"])
    assert to["EventBridgeDestination"]["EventBusArn"]["Fn::Sub"].endswith(":event-bus/default")
    rule = resources["ReturnedRule"]["Properties"]
    assert rule["EventPattern"] == {
        "source": ["aws.ses"],
        "detail": {
            "eventType": ["Bounce", "Complaint"],
            "mail": {"tags": {"ses:configuration-set": [resources["ConfigurationSet"]["Properties"]["Name"]]}},
        },
    }
    assert [one["Arn"] for one in rule["Targets"]] == [get_att("Returned", "Arn")]
    asks = resources["ReturnedPermission"]["Properties"]
    assert (asks["Principal"], asks["SourceArn"]) == ("events.amazonaws.com", get_att("ReturnedRule", "Arn"))


def test_who_hears_of_returned_mails_writes_to_families_and_to_the_list_of_them(resources: dict[str, Any]) -> None:
    (writes,) = [one for one in statements(resources["ReturnedRole"]) if "dynamodb:PutItem" in listed(one["Action"])]
    assert writes["Condition"] == {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["F#*", keys.UNDELIVERED]}}


def test_nobody_polls_the_queue_of_mails_to_many(functions: dict[str, Any]) -> None:
    """It would cost more than the free tier; a timer calls while it holds some."""
    sources = [one["Properties"] for function in functions.values() for one in function.get("Events", {}).values()]
    assert [source["Queue"] for source in sources if "Queue" in source] == [get_att("Queue", "Arn")]


# A city without a seal has no such function.
HAS_SEAL = {"Fn::If": ["HasSeal", get_att("Seal", "Arn"), {"Ref": "AWS::NoValue"}]}


def test_what_seals_is_not_there_without_a_key_and_reads_that_key_alone(resources: dict[str, Any]) -> None:
    assert {resources[name]["Condition"] for name in ("Seal", "SealRole", "SealLog")} == {"HasSeal"}
    (reads,) = [one for one in statements(resources["SealRole"]) if one["Action"] == "ssm:GetParameter"]
    assert reads["Resource"]["Fn::Sub"].endswith(":parameter${SealFrom}/*")


def test_the_request_starts_only_what_staff_may_start(resources: dict[str, Any]) -> None:
    starts = [
        one for one in statements(resources["ApiHandlerRole"]) if "lambda:InvokeFunction" in listed(one["Action"])
    ]
    assert [one["Resource"] for one in starts] == [
        [get_att("Draw", "Arn"), get_att("Announce", "Arn"), get_att("Bank", "Arn"), HAS_SEAL]
    ]


def test_mails_make_timers_of_our_own_alone(resources: dict[str, Any]) -> None:
    by_action = {listed(one["Action"])[0]: one for one in statements(resources["MailsRole"])}
    place = by_action["scheduler:CreateSchedule"]["Resource"]["Fn::Sub"]
    assert place.endswith(":schedule/default/${AWS::StackName}-*")
    assert by_action["iam:PassRole"]["Resource"] == get_att("TimerRole", "Arn")
    assert by_action["iam:PassRole"]["Condition"] == {
        "StringEquals": {"iam:PassedToService": "scheduler.amazonaws.com"}
    }


def test_a_timer_puts_messages_on_the_queue_and_nothing_else(resources: dict[str, Any]) -> None:
    timers = resources["TimerRole"]
    assert [(one["Action"], one["Resource"]) for one in every_statement(timers)] == [
        ("sqs:SendMessage", get_att("Queue", "Arn"))
    ]
    (trusts,) = timers["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    assert trusts["Principal"] == {"Service": "scheduler.amazonaws.com"}
    assert trusts["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}


def test_the_ledger_is_read_and_added_to_by_one_function_and_by_none_changed_or_deleted(
    resources: dict[str, Any],
) -> None:
    """That an entry is not put over another one is the condition's of the put, which IAM does not see."""
    ledger = get_att("LedgerTable", "Arn")
    for role in [*FUNCTIONS.values(), "TimerRole"]:
        about = [one for one in statements(resources[role]) if ledger in listed(one["Resource"])]
        may = {action for one in about for action in listed(one["Action"])}
        assert may == ({"dynamodb:PutItem", "dynamodb:Query"} if role == "ApiHandlerRole" else set())


def test_a_draw_an_announcement_or_a_count_that_fails_is_kept(functions: dict[str, Any]) -> None:
    for function in ("Draw", "Announce", "Cost", "Returned"):
        assert functions[function]["EventInvokeConfig"] == {
            "MaximumRetryAttempts": 2,
            "DestinationConfig": {"OnFailure": {"Type": "SQS", "Destination": get_att("DeadLetters", "Arn")}},
        }


def test_who_saw_what_is_kept_for_a_year_and_only_added_to(resources: dict[str, Any]) -> None:
    group, arn = resources["AccessLog"], get_att("AccessLog", "Arn")
    assert group["Properties"]["RetentionInDays"] == 365
    assert (group["DeletionPolicy"], group["UpdateReplacePolicy"]) == ("Retain", "Retain")
    for role in [*FUNCTIONS.values(), "TimerRole"]:
        about = [one for one in statements(resources[role]) if arn in listed(one["Resource"])]
        may = {action for one in about for action in listed(one["Action"])}
        assert may == ({*LOGS, "logs:FilterLogEvents"} if role == "ApiHandlerRole" else set())
    # Nor by a pattern of names: the functions' groups are below the stack's name, this one beside it.
    assert group["Properties"]["LogGroupName"]["Fn::Sub"] == "/${AWS::StackName}-access"


def test_what_was_used_is_counted_from_every_log_and_written_to_one_key_alone(resources: dict[str, Any]) -> None:
    groups = [name for name, one in resources.items() if one["Type"] == "AWS::Logs::LogGroup" and name != "AccessLog"]
    by_action = {listed(one["Action"])[0]: one for one in statements(resources["CostRole"])}
    assert by_action["logs:FilterLogEvents"]["Resource"]["Fn::Sub"].endswith(":log-group:/${AWS::StackName}/*")
    # And by finance's page, when it is asked for: the same leave.
    assert by_action["logs:FilterLogEvents"] in statements(resources["ApiHandlerRole"])
    assert {resources[group]["Properties"]["LogGroupName"]["Fn::Sub"] for group in groups} == {
        f"/${{AWS::StackName}}/{function}" for function in gathering.GROUPS
    }
    assert by_action["dynamodb:PutItem"]["Condition"] == {
        "ForAllValues:StringEquals": {"dynamodb:LeadingKeys": [costs.PK]}
    }


def test_staff_routes_ask_our_pool(resources: dict[str, Any]) -> None:
    api = resources["RestAPI"]["Properties"]["DefinitionBody"]
    guard = api["securityDefinitions"]["staff"]["x-amazon-apigateway-authorizer"]
    assert guard == {"type": "cognito_user_pools", "providerARNs": [get_att("StaffPool", "Arn")]}
    guarded = {path for path, methods in api["paths"].items() for one in methods.values() if one.get("security")}
    assert guarded == {path for path in api["paths"] if path.startswith("/api/staff")}


def test_every_role_is_a_group_of_the_pool(resources: dict[str, Any]) -> None:
    groups = [one["Properties"] for one in resources.values() if one["Type"] == "AWS::Cognito::UserPoolGroup"]
    assert sorted(one["GroupName"] for one in groups) == sorted([*Role, OF_ALL])
    assert all(one["UserPoolId"] == {"Ref": "StaffPool"} for one in groups)


def test_nobody_makes_an_account_for_themselves_and_none_is_lost_by_mistake(resources: dict[str, Any]) -> None:
    pool = resources["StaffPool"]
    assert (pool["DeletionPolicy"], pool["UpdateReplacePolicy"]) == ("Retain", "Retain")
    properties = pool["Properties"]
    assert properties["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": True}
    assert properties["Policies"]["PasswordPolicy"]["MinimumLength"] >= 12
    assert properties["EnabledMfas"] == ["SOFTWARE_TOKEN_MFA"]  # SMS costs money, and can be intercepted
    assert properties["UserPoolTier"] == "LITE"  # the cheapest


def test_staff_sign_in_with_a_code_and_no_stranger_tries_passwords(resources: dict[str, Any], template: Any) -> None:
    client = resources["StaffClient"]["Properties"]
    assert client["AllowedOAuthFlows"] == ["code"]
    assert client["GenerateSecret"] is False
    assert set(client["ExplicitAuthFlows"]) == {"ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"}
    # With this scope a token could change its owner's name, which the ledger shows.
    assert "aws.cognito.signin.user.admin" not in client["AllowedOAuthScopes"]
    assert template["Parameters"]["StaffMfa"]["Default"] == "ON"


def test_the_pages_client_renews_only_with_its_secret_and_ends_what_it_began(resources: dict[str, Any]) -> None:
    client = resources["StaffPagesClient"]["Properties"]
    assert client["ClientName"] == signing_in.CLIENT
    assert (client["GenerateSecret"], client["EnableTokenRevocation"]) == (True, True)
    assert (client["AllowedOAuthFlows"], client["ExplicitAuthFlows"]) == (["code"], ["ALLOW_REFRESH_TOKEN_AUTH"])
    assert client["AllowedOAuthScopes"] == resources["StaffClient"]["Properties"]["AllowedOAuthScopes"]
    addresses = (signing_in.CALLBACK, signing_in.PAGE, signing_in.SIGNED_OUT)
    for told, address in zip([*client["CallbackURLs"], *client["LogoutURLs"]], addresses, strict=True):
        condition, by_name, by_itself = told["Fn::If"]
        assert (condition, by_name) == ("HasPublicUrl", {"Fn::Sub": f"${{PublicUrl}}{address}"})
        assert by_itself["Fn::Sub"].endswith(f"${{AWS::URLSuffix}}{address}")
    assert client["RefreshTokenValidity"] * 3600 == sessions.LONGEST_SECONDS == COOKIES[STAFF].seconds
    assert client["IdTokenValidity"] * 60 <= sessions.FRESH_SECONDS


def test_a_token_of_the_api_is_good_for_a_quarter_of_an_hour(resources: dict[str, Any]) -> None:
    """API Gateway does not ask whether it was revoked."""
    client = resources["StaffClient"]["Properties"]
    assert client["TokenValidityUnits"]["IdToken"] == client["TokenValidityUnits"]["AccessToken"] == "minutes"
    assert (client["IdTokenValidity"], client["AccessTokenValidity"]) == (15, 15)


def test_metrics_are_found_by_the_name_of_the_api(resources: dict[str, Any], functions: dict[str, Any]) -> None:
    named = resources["RestAPI"]["Properties"]["DefinitionBody"]["info"]["title"]
    assert functions["APIHandler"]["Environment"]["Variables"]["API_NAME"] == named == {"Ref": "AWS::StackName"}


def test_each_function_logs_to_a_group_that_forgets_and_to_no_other(
    resources: dict[str, Any], functions: dict[str, Any]
) -> None:
    groups = {name: function["LoggingConfig"]["LogGroup"]["Ref"] for name, function in functions.items()}
    assert len(set(groups.values())) == len(FUNCTIONS)
    for function, group in groups.items():
        assert resources[group]["Properties"]["RetentionInDays"] == 30
        logging = [one for one in statements(resources[FUNCTIONS[function]]) if set(listed(one["Action"])) <= LOGS]
        assert [one["Resource"] for one in logging] == [get_att(group, "Arn")]
    every = [one for one in resources.values() if one["Type"] == "AWS::Logs::LogGroup"]
    assert all("RetentionInDays" in one["Properties"] for one in every)


def test_functions_run_on_arm64_with_limits(functions: dict[str, Any]) -> None:
    for function in functions.values():
        assert function["Architectures"] == ["arm64"]
    assert {name: (function["MemorySize"], function["Timeout"]) for name, function in functions.items()} == {
        "APIHandler": (512, 10),
        "Outbox": (512, 60),
        "Mails": (512, 60),
        "Returned": (256, 60),
        "Draw": (1769, 900),
        "Bank": (512, 60),
        "Announce": (512, 900),
        "Cost": (512, 900),
        "Photos": (1769, 60),
        "Seal": (1769, 30),
    }
    # Compiled libraries want a newer Linux than 3.11 has.
    assert {name for name, one in functions.items() if one["Runtime"] != "python3.11"} == {"Photos"}
    assert functions["Photos"]["Runtime"] == f"python{alone.PYTHONS['photos']}"


def test_functions_are_told_what_they_use(functions: dict[str, Any]) -> None:
    """The names of chalicelib/core/settings.py; the request's function must not depend on the API, which depends on
    it."""
    told = {name: set(function["Environment"]["Variables"]) for name, function in functions.items()}
    assert told == {
        "APIHandler": {
            *(
                "TABLE",
                "LEDGER_TABLE",
                "ACCESS_LOG",
                "PAPERS",
                *("PHOTOS", "TAKES_PHOTOS", "CITY_MAP"),
                "ARRIVED",
                "IDS_KEY",
                "LINK_KEYS",
                "FORM_KEYS",
                "PAYMENTS_KEY",
                "PAYMENTS_ADDRESS",
                *("UITPAS_CLIENT_ID", "UITPAS_CLIENT_SECRET", "UITPAS_ADDRESS", "UITPAS_ACCOUNTS"),
                "DRAW_FUNCTION",
                "ANNOUNCE_FUNCTION",
                "BANK_FUNCTION",
                "SEAL_FUNCTION",
                *("IDENTITY_ISSUER", "IDENTITY_CLIENT_ID", "IDENTITY_CLIENT_SECRET"),
                *("REGISTER_ADDRESS", "REGISTER_KEY"),
                "API_NAME",
                "PAGES_ID",
                "LOGS",
                "REGISTRATIONS_KEPT_MONTHS",
                "POWERTOOLS_LOG_LEVEL",
                "PUBLIC_URL",
                "STAFF_POOL",
                "STAFF_SIGN_IN",
                "QUEUE_URL",
                "DEAD_LETTERS_URL",
                "MAILS_A_SECOND",
            ),
        },
        "Outbox": {
            *("TABLE", "QUEUE_URL", "LATER_URL", "QUEUE_ARN", "TIMER_ROLE", "TIMER_PREFIX", "POWERTOOLS_LOG_LEVEL"),
        },
        "Mails": {
            *(
                "TABLE",
                "IDS_KEY",
                "LINK_KEYS",
                "PAYMENTS_KEY",
                "PAYMENTS_ADDRESS",
                *("UITPAS_CLIENT_ID", "UITPAS_CLIENT_SECRET", "UITPAS_ADDRESS", "UITPAS_ACCOUNTS"),
                *("SEAL_FUNCTION", "REGISTER_ADDRESS", "REGISTER_KEY"),
                "STAFF_POOL",
                "PAPERS",
                "PHOTOS",
                "ARRIVED",
                "SENDER",
                "MAIL_DOMAIN",
                "PUBLIC_URL",
                "QUEUE_ARN",
                "TIMER_ROLE",
                "TIMER_PREFIX",
            ),
            *("QUEUE_URL", "LATER_URL", "MAILS_A_SECOND", "MAILS_AT_ONCE", "CONFIGURATION_SET"),
            "POWERTOOLS_LOG_LEVEL",
        },
        "Returned": {"TABLE", "POWERTOOLS_LOG_LEVEL"},
        "Draw": {"TABLE", "IDS_KEY", "POWERTOOLS_LOG_LEVEL"},
        "Bank": {"TABLE", "POWERTOOLS_LOG_LEVEL"},
        "Announce": {
            *(
                "TABLE",
                "PAPERS",
                "PHOTOS",
                "REGISTRATIONS_KEPT_MONTHS",
                "QUEUE_URL",
                "LATER_URL",
                "QUEUE_ARN",
                "TIMER_ROLE",
                "TIMER_PREFIX",
            ),
            *("IDS_KEY", "PUBLIC_URL", "POWERTOOLS_LOG_LEVEL"),
        },
        "Cost": {"TABLE", "LOGS", "POWERTOOLS_LOG_LEVEL"},
        "Photos": {"TABLE"},
        "Seal": {"SEAL_FROM"},
    }
    assert "RestAPI" not in json.dumps(functions["APIHandler"])


def test_the_tables_forget_nothing_by_mistake(resources: dict[str, Any]) -> None:
    ledger = resources["LedgerTable"]
    assert (ledger["DeletionPolicy"], ledger["UpdateReplacePolicy"]) == ("Retain", "Retain")
    assert ledger["Properties"]["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert ledger["Properties"]["BillingMode"] == "PAY_PER_REQUEST"  # nothing while idle
    assert "TimeToLiveSpecification" not in ledger["Properties"]
    table = resources["Table"]
    assert (table["DeletionPolicy"], table["UpdateReplacePolicy"]) == ("Retain", "Retain")
    properties = table["Properties"]
    assert properties["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert properties["TimeToLiveSpecification"] == {"AttributeName": "expires", "Enabled": True}
    assert properties["StreamSpecification"] == {"StreamViewType": "NEW_AND_OLD_IMAGES"}
    assert properties["BillingMode"] == "PAY_PER_REQUEST"
    assert "GlobalSecondaryIndexes" not in properties  # each would double a write


def may_do_in(resources: dict[str, Any], bucket: str) -> dict[str, list[str]]:
    """By role, what it may do with the objects of a bucket."""
    objects = {"Fn::Sub": f"${{{bucket}.Arn}}/*"}
    may = {
        role: sorted(
            action
            for one in statements(resources[role])
            if objects in listed(one["Resource"])
            for action in listed(one["Action"])
        )
        for role in FUNCTIONS.values()
    }
    return {role: actions for role, actions in may.items() if actions}


def test_photos_are_private_end_by_themselves_and_are_there_only_if_the_city_takes_them(
    template: Any, resources: dict[str, Any], functions: dict[str, Any]
) -> None:
    bucket = resources["PhotoBucket"]["Properties"]
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    ends = {rule["Prefix"]: rule["ExpirationInDays"] for rule in bucket["LifecycleConfiguration"]["Rules"][:2]}
    assert ends == {photos.ARRIVING: 1, photos.LOOSE: photos.LOOSE_DAYS}
    assert "VersioningConfiguration" not in bucket
    assert resources["PhotoRule"]["Properties"]["EventPattern"]["detail"] == {
        "bucket": {"name": [{"Ref": "PhotoBucket"}]},
        "object": {"key": [{"prefix": photos.ARRIVING}]},
    }
    assert {name for name, one in resources.items() if one.get("Condition") == "HasPhotos"} == {
        *("Photos", "PhotosRole", "PhotosLog", "PhotoRule", "PhotoPermission")
    }
    assert template["Parameters"]["TakesPhotos"]["Default"] == "no"
    assert functions["APIHandler"]["Environment"]["Variables"]["TAKES_PHOTOS"] == {"Ref": "TakesPhotos"}
    assert may_do_in(resources, "PhotoBucket") == {
        "ApiHandlerRole": ["s3:GetObject", "s3:PutObject"],
        "MailsRole": ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],  # kept with a case
        "AnnounceRole": ["s3:DeleteObject"],  # of a case that ends
        "PhotosRole": ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
    }
    (writes,) = [one for one in statements(resources["PhotosRole"]) if one["Action"] == "dynamodb:UpdateItem"]
    assert writes["Condition"] == {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": [photos.pk("*")]}}


def test_what_families_upload_is_private_ends_by_itself_and_is_read_by_one_function(resources: dict[str, Any]) -> None:
    papers = resources["Papers"]["Properties"]
    assert set(papers["PublicAccessBlockConfiguration"].values()) == {True}
    assert papers["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert papers["LifecycleConfiguration"]["Rules"][0]["ExpirationInDays"] == 90
    assert "VersioningConfiguration" not in papers  # what is deleted is gone
    assert may_do_in(resources, "Papers") == {
        "ApiHandlerRole": ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
        "MailsRole": ["s3:DeleteObject"],  # of a family that leaves
    }
    # Files of certificates: issued by a rule, and gone with their request.
    certificates = {"Fn::Sub": "${Papers.Arn}/certificates/*"}
    may = {
        (role, action)
        for role in FUNCTIONS.values()
        for one in statements(resources[role])
        if certificates in listed(one["Resource"])
        for action in listed(one["Action"])
    }
    assert may == {("MailsRole", "s3:PutObject"), ("AnnounceRole", "s3:DeleteObject")}


def test_the_api_has_no_stage_but_ours(packaged: Package) -> None:
    """In what SAM makes of the template: another stage is public too, and MethodSettings do not apply to it."""
    template = yaml.safe_load(packaged.template.read_text())
    for resource in template["Resources"].values():
        if "CodeUri" in resource.get("Properties", {}):
            resource["Properties"]["CodeUri"] = "s3://bucket/key"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_DEFAULT_REGION", REGION)
        made = Translator({}, Parser()).translate(template, {})["Resources"].values()
    stages = [one["Properties"]["StageName"] for one in made if "StageName" in one["Properties"]]
    assert sorted(stages) == ["$default", "v1"]  # one for each door


def test_event_sources_report_partial_failures(functions: dict[str, Any]) -> None:
    sources = [source for function in functions.values() for source in function.get("Events", {}).values()]
    in_batches = [source for source in sources if source["Type"] != "Schedule"]
    assert {source["Type"] for source in in_batches} == {"DynamoDB", "SQS"}
    for source in in_batches:
        assert source["Properties"]["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


def test_the_outbox_reads_our_stream_from_its_start_and_gives_up_visibly(functions: dict[str, Any]) -> None:
    source = functions["Outbox"]["Events"]["OutboxDynamodbEventSource"]["Properties"]
    assert source["Stream"] == get_att("Table", "StreamArn")
    assert source["StartingPosition"] == "TRIM_HORIZON"
    assert source["BisectBatchOnFunctionError"] is True
    assert source["MaximumRecordAgeInSeconds"] < 24 * 3600  # after a day the stream forgets, and so would the outbox
    assert source["DestinationConfig"]["OnFailure"]["Destination"] == get_att("DeadLetters", "Arn")


@pytest.mark.parametrize(
    ("event", "sk", "by_time_to_live", "starts"),
    [
        ("MODIFY", "SEATS", False, True),
        ("INSERT", "SEATS", False, False),  # a session that is published, or restored
        ("MODIFY", "WAITING", False, False),
        ("INSERT", "W#child", False, True),
        ("INSERT", "LOG#0001", False, True),
        ("MODIFY", "LOG#0001", False, False),  # how far it is announced
        ("INSERT", "TELL#2026#1", False, True),
        ("INSERT", "NUMBERS", False, False),  # national numbers
        ("MODIFY", "NUMBERS", False, False),
        ("INSERT", "DRAW", False, True),
        ("MODIFY", "BEACON", False, True),
        ("REMOVE", "W#child", False, True),
        ("INSERT", "P#pass", False, True),
        ("MODIFY", "P#pass", False, False),  # marked as mailed
        ("REMOVE", "P#pass", True, False),
        ("INSERT", "ENTITLED#declaration", False, True),
        ("MODIFY", "ENTITLED#declaration", False, True),
        ("REMOVE", "ENTITLED#declaration", True, True),
        ("INSERT", "EXTRAS#suffix", False, True),
        ("MODIFY", "EXTRAS#suffix", False, True),
        ("REMOVE", "EXTRAS#suffix", True, False),  # its order stands as it is
        ("MODIFY", "ORDER#suffix", False, True),
        ("INSERT", "R#suffix", False, False),
        ("MODIFY", "R#suffix", False, False),
        ("REMOVE", "R#suffix", False, False),  # withdrawn by us
        ("REMOVE", "R#suffix", True, True),
        ("INSERT", "confirmed#id", False, False),
        ("INSERT", "PAYMENT#tr_7UhSN1zuXS", False, True),
        ("MODIFY", "PAYMENT#tr_7UhSN1zuXS", False, False),
        ("INSERT", "STATE", False, False),  # the payment itself
        ("INSERT", "CASE", False, True),
        ("MODIFY", "CASE", False, True),
        ("INSERT", "H#000001", False, False),  # a case's history
    ],
)
def test_the_outbox_starts_for_what_becomes_a_mail(
    functions: dict[str, Any], event: str, sk: str, by_time_to_live: bool, starts: bool
) -> None:
    source = functions["Outbox"]["Events"]["OutboxDynamodbEventSource"]["Properties"]
    record: dict[str, Any] = {"eventName": event, "dynamodb": {"Keys": {"pk": {"S": "any"}, "sk": {"S": sk}}}}
    if by_time_to_live:
        record["userIdentity"] = {"type": "Service", "principalId": "dynamodb.amazonaws.com"}
    patterns = [json.loads(one["Pattern"]) for one in source["FilterCriteria"]["Filters"]]
    assert any(lets_through(pattern, record) for pattern in patterns) == starts


@pytest.mark.parametrize(
    ("event", "result", "starts"),
    [("INSERT", None, False), ("MODIFY", None, True), ("MODIFY", {"S": "{}"}, True), ("REMOVE", None, False)],
)
def test_the_outbox_starts_for_the_result_of_a_draw_and_not_for_every_new_wish(
    functions: dict[str, Any], event: str, result: dict[str, str] | None, starts: bool
) -> None:
    source = functions["Outbox"]["Events"]["OutboxDynamodbEventSource"]["Properties"]
    change: dict[str, Any] = {"Keys": {"pk": {"S": "O#2027-k7m2xq"}, "sk": {"S": "D#family"}}, "NewImage": {}}
    if result:
        change["NewImage"]["result"] = result
    patterns = [json.loads(one["Pattern"]) for one in source["FilterCriteria"]["Filters"]]
    assert any(lets_through(pattern, {"eventName": event, "dynamodb": change}) for pattern in patterns) == starts


@pytest.mark.parametrize(("event", "state", "starts"), [("INSERT", "draft", True), ("MODIFY", "draft", True),
                                                        ("MODIFY", "published", False)])  # fmt: skip
def test_the_outbox_starts_for_a_draft_and_not_for_what_happens_in_an_opening(
    functions: dict[str, Any], event: str, state: str, starts: bool
) -> None:
    source = functions["Outbox"]["Events"]["OutboxDynamodbEventSource"]["Properties"]
    keys = {"pk": {"S": "OPENINGS"}, "sk": {"S": "2027-k7m2xq"}}
    record = {"eventName": event, "dynamodb": {"Keys": keys, "NewImage": {"state": {"S": state}}}}
    patterns = [json.loads(one["Pattern"]) for one in source["FilterCriteria"]["Filters"]]
    assert any(lets_through(pattern, record) for pattern in patterns) == starts
    assert len(patterns) <= 5  # more, up to ten, AWS takes only where it was asked


@pytest.mark.parametrize(
    ("pk", "sk", "state", "starts"),
    [
        ("REFUND#order", "0001", "sent", False),
        ("REFUND#order", "0001", "out", True),
        ("WEBHOOKS", "k7m2xq89", "proposed", True),
        ("WEBHOOKS", "k7m2xq89", "on", False),  # after each turn
        ("WEBHOOKS", "k7m2xq89", "again", True),
        ("WEBHOOKS", "k7m2xq89", "halted", True),
        ("UNITS", "youth", "widened", True),
    ],
)
def test_the_outbox_starts_for_a_refund_that_went_out_and_for_a_webhook_that_somebody_must_look_at(
    functions: dict[str, Any], pk: str, sk: str, state: str, starts: bool
) -> None:
    source = functions["Outbox"]["Events"]["OutboxDynamodbEventSource"]["Properties"]
    keys = {"pk": {"S": pk}, "sk": {"S": sk}}
    record = {"eventName": "MODIFY", "dynamodb": {"Keys": keys, "NewImage": {"state": {"S": state}}}}
    patterns = [json.loads(one["Pattern"]) for one in source["FilterCriteria"]["Filters"]]
    assert any(lets_through(pattern, record) for pattern in patterns) == starts


def lets_through(pattern: dict[str, Any], record: dict[str, Any]) -> bool:
    """Lambda's event filtering, as far as the template uses it."""
    for name, wanted in pattern.items():
        found = record.get(name)
        if isinstance(wanted, dict):
            if not isinstance(found, dict) or not lets_through(wanted, found):
                return False
        elif not isinstance(found, str) or not any(_fits(one, found) for one in wanted):
            return False
    return True


def _fits(wanted: str | dict[str, Any], found: str) -> bool:
    match wanted:
        case {"prefix": prefix}:
            return found.startswith(prefix)
    return found == wanted


def test_a_message_is_hidden_long_enough_and_kept_when_given_up(
    resources: dict[str, Any], functions: dict[str, Any]
) -> None:
    queue = resources["Queue"]["Properties"]
    assert queue["VisibilityTimeout"] >= 6 * functions["Mails"]["Timeout"]
    assert queue["RedrivePolicy"] == {"deadLetterTargetArn": get_att("DeadLetters", "Arn"), "maxReceiveCount": 5}
    # Longer than five attempts take, with time to mend what fails: what is too old does not go to the dead letters.
    assert queue["MessageRetentionPeriod"] == resources["DeadLetters"]["Properties"]["MessageRetentionPeriod"]
    assert queue["MessageRetentionPeriod"] == 14 * 24 * 3600


def test_a_batch_of_mails_fits_in_the_time_of_its_function(functions: dict[str, Any]) -> None:
    """When SES makes each of them wait as long as its client allows."""
    source = functions["Mails"]["Events"]["MailsSqsEventSource"]["Properties"]
    ses = sending._ses().meta.config
    slowest = ses.retries["total_max_attempts"] * (ses.connect_timeout + ses.read_timeout)
    assert source["BatchSize"] * slowest < functions["Mails"]["Timeout"]


def test_a_single_retry_is_no_alarm(resources: dict[str, Any]) -> None:
    threshold = resources["MailsLagAlarm"]["Properties"]["Threshold"]
    assert threshold > 2 * resources["Queue"]["Properties"]["VisibilityTimeout"]


def test_alarms_watch_what_is_late_or_lost(resources: dict[str, Any]) -> None:
    alarms = {name: one["Properties"] for name, one in resources.items() if one["Type"] == "AWS::CloudWatch::Alarm"}
    assert {
        name: (one["MetricName"], one["Dimensions"][0]["Value"] if "Dimensions" in one else None, one["Threshold"])
        for name, one in alarms.items()
    } == {
        "DeadLettersAlarm": (
            "ApproximateNumberOfMessagesVisible",
            get_att("DeadLetters", "QueueName"),
            0,
        ),
        "OutboxLagAlarm": ("IteratorAge", {"Ref": "Outbox"}, 60_000),
        "MailsLagAlarm": ("ApproximateAgeOfOldestMessage", get_att("Queue", "QueueName"), 900),
        # Below the 5 % and the 0.1 % at which SES reviews an account.
        "BounceAlarm": ("Reputation.BounceRate", None, 0.03),
        "ComplaintAlarm": ("Reputation.ComplaintRate", None, 0.0006),
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
        assert ("WWW-Authenticate" in answer["ResponseParameters"]["Headers"]) == (slugs[kind] == "unauthorized")
        assert ("Retry-After" in answer["ResponseParameters"]["Headers"]) == (slugs[kind] == "busy")
    assert slugs == {
        "DEFAULT_4XX": "not-found",
        "MISSING_AUTHENTICATION_TOKEN": "not-found",
        "UNAUTHORIZED": "unauthorized",
        "REQUEST_TOO_LARGE": "invalid",
        "THROTTLED": "busy",
        "DEFAULT_5XX": "busy",
    }


def test_the_gateway_has_a_ceiling_and_logs_no_bodies(resources: dict[str, Any]) -> None:
    api = resources["RestAPI"]["Properties"]
    assert api["EndpointConfiguration"] == "REGIONAL"
    (settings,) = api["MethodSettings"]
    assert settings["ThrottlingRateLimit"] == limits.STAGE_REQUESTS_PER_SECOND
    assert settings["ThrottlingBurstLimit"] == limits.STAGE_BUCKET
    assert settings["DataTraceEnabled"] is False


def test_the_door_for_people_has_the_same_ceiling(resources: dict[str, Any]) -> None:
    settings = resources["PagesStage"]["Properties"]["DefaultRouteSettings"]
    assert settings["ThrottlingRateLimit"] == limits.STAGE_REQUESTS_PER_SECOND
    assert settings["ThrottlingBurstLimit"] == limits.STAGE_BUCKET


def test_the_door_for_people_hands_everything_to_the_function_that_answers(resources: dict[str, Any]) -> None:
    integration = resources["PagesIntegration"]["Properties"]
    assert integration["IntegrationUri"] == get_att("APIHandler", "Arn")
    assert integration["PayloadFormatVersion"] == "2.0"  # what chalicelib/pages/frame/front_door.py reads
    assert resources["PagesRoute"]["Properties"]["RouteKey"] == "$default"
    assert resources["PagesPermission"]["Properties"]["FunctionName"] == {"Ref": "APIHandler"}
