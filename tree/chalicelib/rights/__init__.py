"""What a family may ask of what we keep about it: all of it, and its end."""
