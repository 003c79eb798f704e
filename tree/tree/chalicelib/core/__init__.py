"""The ground: every room uses it, and it knows no room."""
