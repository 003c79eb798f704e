"""Deploys a package through CloudFormation, as `aws cloudformation package` and `deploy` do."""

import json
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3
import yaml
from botocore.exceptions import ClientError

from infra.local import alone
from infra.local.alone import Machine
from infra.local.emulator import CREDENTIALS, EmulatorFailed
from infra.local.package import Package

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudformation.type_defs import StackTypeDef

STACK = "stormloop"
BUCKET = "stormloop-packages"
DEPLOY_SECONDS = 120


@dataclass(frozen=True)
class Aws:
    """The services behind one address."""

    endpoint: str

    def client(self, service: str) -> Any:
        return boto3.client(  # type: ignore[call-overload]
            service,
            endpoint_url=self.endpoint,
            region_name=CREDENTIALS["AWS_DEFAULT_REGION"],
            aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
        )


def outputs(aws: Aws) -> dict[str, str] | None:
    """The outputs of the stack as it stands; None if there is none that works."""
    stack = _stack(aws.client("cloudformation"))
    if not stack or not stack["StackStatus"].endswith(("CREATE_COMPLETE", "UPDATE_COMPLETE")):
        return None
    return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}


def physical_id(aws: Aws, logical_id: str) -> str:
    found = aws.client("cloudformation").describe_stack_resource(StackName=STACK, LogicalResourceId=logical_id)
    return str(found["StackResourceDetail"]["PhysicalResourceId"])


def deploy(aws: Aws, package: Package, parameters: Mapping[str, str]) -> dict[str, str]:
    """Creates the stack, or brings it to this package and these parameters; answers its outputs."""
    cloudformation: CloudFormationClient = aws.client("cloudformation")
    codes = {"deployment.zip": _upload(aws, f"{package.fingerprint}.zip", package.code.read_bytes())}
    for name in alone.names():
        content = package.alone(name, Machine.HERE).read_bytes()
        codes[f"{name}.zip"] = _upload(aws, f"{package.fingerprint}-{name}.zip", content)
    template = _for_ministack(package, codes)
    place = _upload(aws, f"{package.fingerprint}.json", json.dumps(template).encode())
    request: Any = {
        "StackName": STACK,
        "TemplateURL": f"{aws.endpoint}/{place}",
        "Parameters": [{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
        "Capabilities": ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
    }
    if _stack(cloudformation):
        try:
            cloudformation.update_stack(**request)
        except ClientError as error:
            if "No updates are to be performed" not in str(error):
                raise
    else:
        cloudformation.create_stack(**request)
    _wait(cloudformation)
    found = outputs(aws)
    if not found:
        raise EmulatorFailed(f"The template could not be deployed: {_reason(cloudformation)}")
    _put_gateway_responses(aws, found["RestAPIId"], template)
    return found


def _upload(aws: Aws, key: str, content: bytes) -> str:
    s3 = aws.client("s3")
    with suppress(s3.exceptions.BucketAlreadyOwnedByYou):
        s3.create_bucket(
            Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": CREDENTIALS["AWS_DEFAULT_REGION"]}
        )
    s3.put_object(Bucket=BUCKET, Key=key, Body=content)
    return f"{BUCKET}/{key}"


def _for_ministack(package: Package, codes: Mapping[str, str]) -> Any:
    """The template with its code where it was uploaded, by the archive's name. MiniStack 1.5.33 reads which bodies are
    bytes from the API's property, not from its definition; AWS reads both. It speaks no TLS, without which the buckets'
    policies let nobody in."""
    template = yaml.safe_load(package.template.read_text())
    for policy in [name for name, one in template["Resources"].items() if one["Type"] == "AWS::S3::BucketPolicy"]:
        del template["Resources"][policy]
    api = template["Resources"]["RestAPI"]["Properties"]
    api["BinaryMediaTypes"] = api["DefinitionBody"]["x-amazon-apigateway-binary-media-types"]
    for resource in template["Resources"].values():
        if "CodeUri" in resource.get("Properties", {}):
            archive = resource["Properties"]["CodeUri"].removeprefix("./")
            resource["Properties"]["CodeUri"] = f"s3://{codes[archive]}"
    return template


def _stack(cloudformation: "CloudFormationClient") -> "StackTypeDef | None":
    try:
        return cloudformation.describe_stacks(StackName=STACK)["Stacks"][0]
    except ClientError as error:
        if "does not exist" in str(error):
            return None
        raise


def _wait(cloudformation: "CloudFormationClient") -> None:
    deadline = time.monotonic() + DEPLOY_SECONDS
    while time.monotonic() < deadline:
        stack = _stack(cloudformation)
        if not stack or not stack["StackStatus"].endswith("_IN_PROGRESS"):
            return
        time.sleep(0.2)


def _reason(cloudformation: "CloudFormationClient") -> str:
    events = cloudformation.describe_stack_events(StackName=STACK)["StackEvents"]
    failed = [event for event in events if event.get("ResourceStatus", "").endswith("_FAILED")]
    return "; ".join(f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason')}" for event in failed[-3:])


def _put_gateway_responses(aws: Aws, api_id: str, template: Any) -> None:
    """MiniStack 1.5.33 passes over the gateway responses that SAM writes into the API's definition; AWS does not."""
    api = template["Resources"]["RestAPI"]["Properties"]
    gateway = aws.client("apigateway")
    for kind, response in api["GatewayResponses"].items():
        headers = response["ResponseParameters"]["Headers"]
        gateway.put_gateway_response(
            restApiId=api_id,
            responseType=kind,
            statusCode=response["StatusCode"],
            responseTemplates=response["ResponseTemplates"],
            responseParameters={f"gatewayresponse.header.{name}": value for name, value in headers.items()},
        )
    gateway.create_deployment(restApiId=api_id, stageName=api["StageName"])
