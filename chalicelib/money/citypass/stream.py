"""What the table's stream shows of an application for a city pass; it imports nothing: the outbox starts often."""

# The kind of its sort key.
APPLICATION = "CITYPASS"
