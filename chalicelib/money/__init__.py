"""Money: what a city asks for what a family books."""
