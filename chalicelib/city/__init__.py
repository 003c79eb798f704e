"""What the city says, and what it did out of the ordinary."""
