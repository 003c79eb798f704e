"""What it costs: prices, what was used, what it will be, what else it could have been."""
