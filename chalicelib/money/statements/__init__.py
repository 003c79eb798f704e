"""The bank's statements: money that came in and went out, and its owners."""
