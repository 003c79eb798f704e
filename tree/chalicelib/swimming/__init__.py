"""Hours in the pool."""
