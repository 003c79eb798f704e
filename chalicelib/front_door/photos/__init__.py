"""Photos of reports: uploaded straight to our bucket, developed by a function of its own, kept with their case."""
