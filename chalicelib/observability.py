"""What is written down about each request: enough to measure and to mend, never who it was about.

The logger takes named values only. Names, addresses, birth dates, tokens and bodies are never among them
(tests/test_privacy.py reads the log of a whole story and looks for them).
"""

from aws_lambda_powertools.logging import Logger

log = Logger(service="stormloop", use_rfc3339=True, utc=True)
