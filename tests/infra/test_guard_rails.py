"""What bounds a bill that nobody meant, and what says whose it is. The stage's throttle: test_template.py."""

from typing import Any

import pytest

# What CloudFormation can tag, of the kinds that the template has; the value names where its tags stand.
TAGGED = {
    "AWS::ApiGatewayV2::Api": "Tags",
    "AWS::ApiGatewayV2::Stage": "Tags",
    "AWS::Budgets::Budget": "ResourceTags",
    "AWS::Cognito::UserPool": "UserPoolTags",
    "AWS::CloudWatch::Alarm": "Tags",
    "AWS::DynamoDB::Table": "Tags",
    "AWS::Events::Rule": "Tags",
    "AWS::IAM::Role": "Tags",
    "AWS::Logs::LogGroup": "Tags",
    "AWS::S3::Bucket": "Tags",
    "AWS::SES::ConfigurationSet": "Tags",
    "AWS::SNS::Topic": "Tags",
    "AWS::SQS::Queue": "Tags",
    "AWS::Serverless::Api": "Tags",
    "AWS::Serverless::Function": "Tags",
}
WITHOUT_TAGS = {
    "AWS::ApiGatewayV2::Integration",
    "AWS::ApiGatewayV2::Route",
    "AWS::Cognito::UserPoolClient",
    "AWS::Cognito::UserPoolDomain",
    "AWS::Cognito::UserPoolGroup",
    "AWS::Lambda::Permission",
    "AWS::S3::BucketPolicy",
    "AWS::SES::ConfigurationSetEventDestination",
    "AWS::SES::ReceiptRule",
    "AWS::SES::ReceiptRuleSet",
    "AWS::SQS::QueuePolicy",
}


def test_everything_that_can_have_a_tag_says_that_it_is_ours(resources: dict[str, Any]) -> None:
    for name, one in resources.items():
        if one["Type"] in WITHOUT_TAGS:
            continue
        tags = one["Properties"].get(TAGGED[one["Type"]])
        if isinstance(tags, list):
            tags = {tag["Key"]: tag["Value"] for tag in tags}
        assert tags, name
        assert tags["app"] == "stormloop", name
        assert tags["stack"] == {"Ref": "AWS::StackName"}, name  # which of several cells it was


def test_half_and_four_fifths_and_all_of_the_budget_are_told_by_mail(template: dict[str, Any]) -> None:
    budget = template["Resources"]["Budget"]
    assert budget["Condition"] == "HasAlarmMail"  # without an address there is nobody to tell
    told = budget["Properties"]["NotificationsWithSubscribers"]
    assert [one["Notification"]["Threshold"] for one in told] == [50, 80, 100]
    for one in told:
        assert one["Notification"]["NotificationType"] == "ACTUAL"
        assert one["Subscribers"] == [{"SubscriptionType": "EMAIL", "Address": {"Ref": "AlarmMail"}}]


def test_the_budget_is_the_account_s_so_that_no_tag_must_be_activated_first(resources: dict[str, Any]) -> None:
    budget = resources["Budget"]["Properties"]["Budget"]
    assert budget["BudgetLimit"] == {"Amount": {"Ref": "MonthlyBudget"}, "Unit": "USD"}
    assert not {"CostFilters", "FilterExpression"} & budget.keys()


@pytest.mark.parametrize("asynchronous", ["Draw", "Announce", "Cost", "Returned"])
def test_what_is_tried_again_has_a_ceiling_where_the_account_has_room(
    functions: dict[str, Any], asynchronous: str
) -> None:
    ceiling = {"Fn::If": ["HasReservedConcurrency", 5, {"Ref": "AWS::NoValue"}]}
    assert functions[asynchronous]["ReservedConcurrentExecutions"] == ceiling


def test_every_function_has_a_ceiling_of_some_kind(functions: dict[str, Any]) -> None:
    """Reserved executions, or as many as its event source starts at once."""
    for name, one in functions.items():
        sources = [source["Properties"] for source in one.get("Events", {}).values()]
        from_queue = any("ScalingConfig" in source for source in sources)
        from_stream = any("StartingPosition" in source for source in sources)
        assert "ReservedConcurrentExecutions" in one or from_queue or from_stream, name
