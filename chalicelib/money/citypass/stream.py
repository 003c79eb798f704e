"""What the table's stream shows of an application for a city pass; nothing is imported, because the outbox starts often."""

# The kind of its sort key.
APPLICATION = "CITYPASS"
