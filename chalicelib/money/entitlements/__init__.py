"""A family's declarations about itself on which a price depends, their proofs, and who looked at them."""
