"""From a change in the table to a mail."""
