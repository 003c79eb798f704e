"""To whom families pay, and by when."""
