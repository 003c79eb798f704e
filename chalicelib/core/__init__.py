"""What every room uses, and which knows no room."""
