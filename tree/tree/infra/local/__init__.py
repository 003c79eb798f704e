"""`make run`: the packaged app on an emulator of AWS, on this machine only."""
