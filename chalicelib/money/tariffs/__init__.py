"""Tariffs: a council's prices as data, what a family pays by them and why, and what is wrong with a tariff."""
