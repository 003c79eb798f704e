"""Links for the city's other systems: what happened is posted to addresses that the city entered (webhooks)."""
