"""The front door: whatever somebody asks of the city, until it is answered."""
