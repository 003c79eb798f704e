"""What a family gets, and how."""
