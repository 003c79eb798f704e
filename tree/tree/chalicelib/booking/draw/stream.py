"""What of a draw the table's stream shows: that its list is closed, and that somebody entered the public value."""

FROZEN, BEACON = "DRAW", "BEACON"
