"""Reports that anybody may see, on a list, a map and as open data: what staff let be seen, and nothing of a person."""
