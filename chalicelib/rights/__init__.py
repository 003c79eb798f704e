"""A family's rights over the data we keep about it: all of it, and its end."""
