"""Money that goes back to families, and the files by which a bank pays it."""
