"""What a family owes for what it registered, and what came in."""
