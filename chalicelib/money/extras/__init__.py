"""Extras that a family takes, and fines that staff enter: priced by the tariff, on the registration's order."""
