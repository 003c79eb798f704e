"""What people look at: templates, each beside the code that fills it from objects."""
