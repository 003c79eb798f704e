"""Orders: what a family owes for what it booked, how it pays, and what is told of it."""
