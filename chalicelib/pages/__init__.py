"""The pages: templates, each beside the code that fills it from objects."""
