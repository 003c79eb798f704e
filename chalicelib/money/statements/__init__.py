"""What the bank says came in and went out, and whose it is."""
