"""The cost: prices, use, estimates, alternatives."""
