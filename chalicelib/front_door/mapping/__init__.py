"""Places: the city's border, its streets by name, its map without a third party."""
