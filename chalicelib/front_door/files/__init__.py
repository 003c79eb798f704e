"""Files that came with a mail, and scans of letters: kept with their case, opened by its unit alone."""
