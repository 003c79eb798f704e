"""Figures: costs, an opening while it runs, a year, outages."""
