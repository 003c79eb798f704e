"""The city's map: what draws it (npm, pinned in package-lock.json), and one of an example city."""
