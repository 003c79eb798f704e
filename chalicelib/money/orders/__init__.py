"""What a family owes for what it registered, how it pays, and what is told of it."""
