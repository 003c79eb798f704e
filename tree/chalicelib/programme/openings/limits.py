"""The limits of an AWS account, and the share that one family takes: plain numbers, each with its source.

All but the throttle of our own stage are AWS's defaults, which it changes and raises on request; an account's own stand
in AWS's "Service Quotas". The documents were read in stored copies of 2025 and 2026.
"""

# Of our own stage: MethodSettings in infra/template.yaml (tests/infra holds it). A bucket of so many requests, which
# fills again at so many a second.
STAGE_REQUESTS_PER_SECOND = 1_000
STAGE_BUCKET = 2_000

# API Gateway, an account in one region. "10,000 requests per second with an additional burst capacity", at most 5,000:
# https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
# https://repost.aws/knowledge-center/api-gateway-throttling
ACCOUNT_REQUESTS_PER_SECOND = 10_000
ACCOUNT_BUCKET = 5_000

# Lambda, one function: 1,000 more environments in 10 seconds at most, given back continuously and not saved up:
# https://docs.aws.amazon.com/lambda/latest/dg/scaling-behavior.html
ENVIRONMENTS_PER_STEP = 1_000
STEP_SECONDS = 10
# Lambda, all functions of an account in one region at once. New accounts may have fewer until AWS raises it:
# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
ENVIRONMENTS_AT_ONCE = 1_000

# DynamoDB, one partition, so one item at most, and here all of a session's: seats and waiting list.
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html
ITEM_WRITE_UNITS_PER_SECOND = 1_000
ITEM_READ_UNITS_PER_SECOND = 3_000
# DynamoDB, a new on-demand table. It takes twice its highest peak so far, as long as that is not outgrown within 30
# minutes; an opening must not count on that:
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/warm-throughput-scenarios.html
TABLE_WRITE_UNITS_PER_SECOND = 4_000
TABLE_READ_UNITS_PER_SECOND = 12_000
