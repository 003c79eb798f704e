"""Changes of a draw in the table's stream: that its list is closed, and that somebody entered the public value."""

FROZEN, BEACON = "DRAW", "BEACON"
