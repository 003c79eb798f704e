"""Orders: the debt of a family for its registrations, its ways to pay, and the news about both."""
