"""The only truth about who has a seat and who waits for one."""
