"""What there is, when it opens, and by which rule it is cancelled."""
