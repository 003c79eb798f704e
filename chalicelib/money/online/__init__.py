"""Paying on line: a payment at the city's provider, from its beginning to what comes back of it."""
