"""What it costs, what happens, what happened."""
