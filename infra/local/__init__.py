"""`make run`: the packaged app on an emulator of AWS, on this machine only."""

import os

# The app's modules want a region when they are imported, and whoever packages or runs it here need not have set one.
os.environ.setdefault("AWS_DEFAULT_REGION", "eu-west-1")
