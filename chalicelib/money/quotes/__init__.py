"""What a family has registered, and what it pays for that."""
