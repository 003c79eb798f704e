"""What a family declared about itself that a price depends on, its proofs, and who looked at them."""
